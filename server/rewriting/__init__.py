"""A query as its writer meant it -> the query that the engine can run.

What only Wikibase's own endpoint knows becomes standard SPARQL: `SERVICE wikibase:label`, `wikibase:around`,
`wikibase:box`, the age of the data, names in a kind of Chinese that falls back to another, and the hints to that
endpoint's optimizer, which are left out. Named subqueries are written out before that, in `subqueries`.
"""

from __future__ import annotations

from functools import cache

from server.rewriting.edits import Edit, Rewritten
from server.rewriting.languages import read_as
from server.rewriting.rewriter import Rewriter
from server.rewriting.services import SERVICES

__all__ = ["SERVICES", "Edit", "Rewritten", "rewrite"]
MARKS = ("service", "hint:", "bd:", "bigdata.com", "<http://www.wikidata.org>")
"""One of these stands in every query that is rewritten, or the code of a language behind a quotation mark."""


def rewrite(query: str, *, base: str, languages: str = "") -> Rewritten:
    """The query with all that only Wikibase's endpoint knows replaced; it has passed the gate.

    `languages` is the reader's Accept-Language header. Raises QuerySyntaxError with a place in the query as written.

    >>> rewrite("SELECT * { ?s ?p ?o . hint:Query hint:optimizer 'None' . }", base="https://example.org/").text
    'SELECT * { ?s ?p ?o .  }'
    """
    if not any(map(query.lower().__contains__, _marks())):
        return Rewritten(query)
    return Rewritten.of(query, Rewriter(query, base=base, languages=languages).edits())


@cache
def _marks() -> tuple[str, ...]:
    """MARKS, and how strings with the codes of languages begin that are read as others: `zh-tw` as `zh` does."""
    roots = {code for code in read_as() if not any(code.startswith(f"{other}-") for other in read_as())}
    return *MARKS, *(f"{quote}{root}" for root in sorted(roots) for quote in "'\"")
