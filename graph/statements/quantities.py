"""Amounts as quantities with their unit."""

from graph.amounts import Amount
from graph.measures import unit
from graph.model import Authority, QuantityValue


def quantity(amount: Amount, authority: Authority, default: str = "items") -> QuantityValue:
    """Give the quantity of an amount; a measure word that is not in the table counts as `default`."""
    return QuantityValue(amount.value, amount.lower, amount.upper, authority.concepts[unit(amount, default)].id)
