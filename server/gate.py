"""What a query must pass before the engine reads it: it only reads, stays within its limits, and calls nobody unasked.

Oxigraph's parser needs no blank between words (`SERVICESILENT<…>`, `trueSERVICE<…>`, `service:x{…}` all call out), so a
word counts as SERVICE wherever it is part of one; what cannot be told apart is refused.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from server.errors import BadRequest, LimitReached, Problem, QuerySyntaxError, Refused
from server.size import Outline, measure, outline_of
from server.template import Template, example, template
from server.tokens import IRI, PREFIXED_NAME, STRING, VARIABLE, WORD, Token, position, tokens

TABLE = Path(__file__).resolve().parent / "refused_services.tsv"
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
LONGEST_KEPT = 8_192
"""Characters of the longest query whose template is remembered."""
READ_ONLY = (
    "This endpoint is read-only by design: every statement has its evidence, and the graph changes only by building it"
    " anew from the texts. Queries are answered; updates are not."
)


class Checked(NamedTuple):
    """What the gate saw of a query that it let pass."""

    form: str
    volatile: bool
    dataset: bool
    graphs: bool
    services: tuple[str, ...] = ()


class Limits(NamedTuple):
    """The limits on a query's text."""

    nesting: int
    patterns: int


def check(query: str, *, limits: Limits, services: frozenset[str], prefixes: Mapping[str, str]) -> Checked:
    """What the query is, once it has passed.

    Raises QuerySyntaxError, BadRequest, Refused or LimitReached.
    """
    calls = "service" in query.lower()
    if not calls and len(query) <= LONGEST_KEPT and "\\" not in query:
        passed = _passed(template(query), limits)
        if passed is not None:
            return passed
    found = tokens(query)
    checked = _checked(query, found, limits)
    return checked._replace(services=_services(query, found, services, prefixes)) if calls else checked


@lru_cache(maxsize=512)
def _passed(of: Template, limits: Limits) -> Checked | None:
    """What a query of that template is, where it passes and calls no service; the tokens of others tell why not."""
    text = example(of)
    try:
        return None if text is None else _checked(text, tokens(text), limits)
    except Problem:
        return None


def _checked(query: str, found: list[Token], limits: Limits) -> Checked:
    form = _form(query, found)
    outline = outline_of(found)
    _check_size(outline, limits)
    words = {text.upper() for text in outline}
    return Checked(form, not words.isdisjoint(VOLATILE), "FROM" in words, "GRAPH" in words)


def _form(query: str, found: list[Token]) -> str:
    place = 0
    while place < len(found) and found[place].keyword in ("PREFIX", "BASE", "VERSION"):
        place += 3 if found[place].keyword == "PREFIX" else 2
        if place <= len(found) and found[place - 1].kind not in (IRI, STRING):
            raise _wrong(query, found[place - 1], "an IRI between < and > stands here")
    word = found[place].keyword if place < len(found) else ""
    if word in FORMS:
        return word
    if word in UPDATES:
        raise Refused(READ_ONLY)
    if not found:
        raise BadRequest("The query is empty.")
    begins = "a query begins, after its PREFIX and BASE lines, with SELECT, ASK, CONSTRUCT or DESCRIBE"
    raise _wrong(query, found[min(place, len(found) - 1)], begins)


def _wrong(query: str, token: Token, what: str) -> QuerySyntaxError:
    line, column = position(query, token.start)
    return QuerySyntaxError(f"Line {line}, column {column}, at “{token.text[:40]}”: {what}.", line=line, column=column)


def _check_size(outline: Outline, limits: Limits) -> None:
    depth, patterns = measure(outline)
    if depth <= limits.nesting and patterns <= limits.patterns:
        return
    if depth > limits.nesting:
        raise LimitReached(
            f"The query nests {depth} brackets deep; the limit (nesting) is {limits.nesting}. Write it flatter.",
            limit="nesting",
            value=limits.nesting,
        )
    raise LimitReached(
        f"The query has about {patterns} triple patterns; the limit (patterns) is {limits.patterns}."
        " Ask in several queries, or use VALUES for lists of terms.",
        limit="patterns",
        value=limits.patterns,
    )


def _services(query: str, found: list[Token], allowed: frozenset[str], prefixes: Mapping[str, str]) -> tuple[str, ...]:
    names = {**prefixes, **_declared(found)}
    called = []
    for place, token in enumerate(found):
        if _calls_by_name(found, place):
            raise _unclear(token.text)
        if token.kind == WORD and "SERVICE" in token.keyword:
            called.append(_target(found, place, names))
    if any(token.kind == IRI and "'" in token.text for token in found) and re.search("service", query, re.IGNORECASE):
        raise _unclear("an IRI with an apostrophe beside SERVICE")
    for iri in called:
        if iri not in allowed:
            raise _not_allowed(iri, allowed)
    return tuple(called)


def _declared(found: list[Token]) -> dict[str, str]:
    declared = {}
    for word, name, iri in zip(found, found[1:], found[2:], strict=False):
        if word.keyword == "PREFIX" and name.kind == PREFIXED_NAME and iri.kind == IRI:
            declared[name.text.partition(":")[0]] = iri.text[1:-1]
    return declared


def _calls_by_name(found: list[Token], place: int) -> bool:
    """Whether a prefixed name is SERVICE run together with one: only those, and GRAPH names, stand before a brace."""
    token = found[place]
    return (
        token.kind == PREFIXED_NAME
        and "service" in token.text.partition(":")[0].lower()
        and place + 1 < len(found)
        and found[place + 1].text == "{"
        and found[place - 1].keyword != "GRAPH"
    )


def _target(found: list[Token], place: int, names: Mapping[str, str]) -> str:
    if found[place].keyword != "SERVICE":
        raise _unclear(found[place].text)
    after = [token for token in found[place + 1 : place + 3] if token.keyword != "SILENT"]
    target = after[0] if after else found[place]
    if target.kind == IRI:
        return target.text[1:-1]
    prefix, _, local = target.text.partition(":")
    if (
        target.kind == PREFIXED_NAME
        and prefix in names
        and not prefix.lower().startswith("silent")
        and "\\" not in local
    ):
        return names[prefix] + local
    if target.kind == VARIABLE:
        raise Refused("SERVICE is refused where its IRI is a variable; write the IRI itself.")
    raise _unclear(target.text if target.kind != STRING else "a string")


def _unclear(text: str) -> Refused:
    return Refused(
        f"SERVICE is refused because what it calls cannot be told here: {text[:80]}. Write SERVICE <IRI> plainly."
    )


@cache
def _elsewhere() -> Mapping[str, str]:
    """The services that Wikidata's endpoint has and this one has not -> why not, and what does the same here."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", strict=True, quoting=csv.QUOTE_NONE)
        return {row["iri"]: row["reason"] for row in rows}


def _not_allowed(iri: str, allowed: frozenset[str]) -> Refused:
    if iri in _elsewhere():
        return Refused(f"SERVICE <{iri}> is refused: {_elsewhere()[iri]}.")
    offered = [name for name in sorted(allowed) if "wikiba.se" not in name]
    hint = f"It may call: {', '.join(offered)}." if offered else "Its allow-list is empty (setting: service)."
    return Refused(
        f"SERVICE <{iri}> is refused: this server calls no other server unless it is on its allow-list. {hint}"
    )
