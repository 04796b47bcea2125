"""A query as its writer meant it -> the query that the engine can run."""

from __future__ import annotations

from server.engine.query import Asked

SERVICES: frozenset[str] = frozenset()
"""The IRIs of SERVICE blocks that `rewrite` replaces; the gate lets them pass."""


def rewrite(query: str, context: Asked) -> str:
    """The query with all that only Wikibase's endpoint knows replaced by standard SPARQL; it has passed the gate."""
    return query
