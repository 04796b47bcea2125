"""A query as it was asked -> the query that the engine runs: through the gate, rewritten, its dataset settled."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from server import rewriting
from server.engine.query import Asked
from server.errors import QuerySyntaxError
from server.formats import GRAPHS, RESULTS, not_acceptable
from server.gate import Checked, Limits, check
from server.prefixes import prefixes
from server.rewriting import Rewritten
from server.rewriting.subqueries import Assembled, assemble


class Prepared(NamedTuple):
    """A query that may run: how it was rewritten for the engine, what the gate saw, the name of its answer's format."""

    rewritten: Rewritten
    checked: Checked
    format: str

    @property
    def text(self) -> str:
        """The query as the engine reads it."""
        return self.rewritten.text


def prepare(asked: Asked, *, limits: Limits, services: tuple[str, ...], base: str) -> Prepared:
    """The query that may run.

    Raises QuerySyntaxError, BadRequest, Refused, LimitReached or NotAcceptable.
    """
    assembled = assemble(asked.text)
    try:
        return _prepare(asked, assembled, limits, _allowed(services), base)
    except QuerySyntaxError as error:
        raise assembled.told(error) if assembled else error from None


@cache
def _allowed(services: tuple[str, ...]) -> frozenset[str]:
    return rewriting.SERVICES.union(services)


def _prepare(asked: Asked, assembled: Assembled | None, limits: Limits, allowed: frozenset[str], base: str) -> Prepared:
    text = assembled.text if assembled else asked.text
    checked = check(text, limits=limits, services=allowed, prefixes=prefixes(base))
    is_table = checked.form in ("SELECT", "ASK")
    name = asked.results if is_table else asked.graph or asked.results
    if name is None:
        raise not_acceptable(RESULTS if is_table else GRAPHS)
    rewritten = rewriting.rewrite(text, base=base, languages=asked.languages)
    if assembled:
        rewritten = rewritten._replace(assembled=assembled)
    if checked.services:
        outside = tuple(iri for iri in checked.services if iri not in rewriting.SERVICES)
        checked = checked._replace(services=outside, volatile=checked.volatile or bool(outside))
    return Prepared(rewritten, checked, name)
