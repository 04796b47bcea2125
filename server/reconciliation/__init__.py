"""Reconciliation: columns of names, in OpenRefine and its like, become items of this graph."""
