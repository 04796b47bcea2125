"""A query as its writer meant it -> the query that the engine can run.

What only Wikibase's own endpoint knows becomes standard SPARQL: `SERVICE wikibase:label`, `wikibase:around`,
`wikibase:box`, and the hints to that endpoint's optimizer, which are left out.
"""

from __future__ import annotations

from server.rewriting.edits import Edit, Rewritten
from server.rewriting.rewriter import Rewriter
from server.rewriting.services import SERVICES

__all__ = ["SERVICES", "Edit", "Rewritten", "rewrite"]
MARKS = ("service", "hint:", "bd:", "bigdata.com")
"""One of these stands in every query that is rewritten."""


def rewrite(query: str, *, base: str, languages: str = "") -> Rewritten:
    """The query with all that only Wikibase's endpoint knows replaced; it has passed the gate.

    `languages` is the reader's Accept-Language header. Raises QuerySyntaxError with a place in the query as written.

    >>> rewrite("SELECT * { ?s ?p ?o . hint:Query hint:optimizer 'None' . }", base="https://example.org/").text
    'SELECT * { ?s ?p ?o .  }'
    """
    lower = query.lower()
    if not any(mark in lower for mark in MARKS):
        return Rewritten(query)
    return Rewritten.of(query, Rewriter(query, base=base, languages=languages).edits())
