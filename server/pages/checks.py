"""The page of the validation report: what was checked, and every finding in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import NotFound
from server.pages.language import language_of
from server.pages.names import Link, Names, names_of
from server.pages.respond import respond
from server.wikibase.languages import chain
from server.wikibase.negotiation import wants_page

SH = "http://www.w3.org/ns/shacl#"
SEVERITIES = ("Violation", "Warning", "Info")
FEW = 50
"""Findings of one shape that are shown; the file has all."""


@dataclass(frozen=True)
class Finding:
    """One finding: the thing it is about, the message, the value that was found."""

    focus: Link
    message: Link
    value: str


@dataclass(frozen=True)
class Shape:
    """The findings of one shape: its name, its severity, how many there are, the first of them."""

    name: str
    severity: str
    count: int
    findings: tuple[Finding, ...]


def routes(context: Context) -> list[BaseRoute]:
    """`/validation`, the report in words, and the file itself for those who want Turtle."""

    def page(request: Request) -> Response:
        path = context.publication.validation
        if not path.is_file():
            raise NotFound("This version was published without a validation report.")
        if not wants_page(request) or request.query_params.get("format") == "turtle":
            return FileResponse(path, media_type="text/turtle; charset=utf-8", headers={"Vary": "Accept"})
        language = language_of(request)
        conforms, shapes = read(path, names_of(context.publication), language)
        return respond(context, request, "validation.html", conforms=conforms, shapes=shapes, few=FEW)

    return [Route("/validation", page)]


def read(path: Path, names: Names, language: str) -> tuple[bool, list[Shape]]:
    """Whether the report says that the graph conforms, and its findings by shape, the most severe first."""
    said: dict[object, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        said[quad.subject][quad.predicate.value].append(quad.object)
    conforms = any(o.value == "true" for facts in said.values() for o in facts.get(SH + "conforms", ()))
    by_shape: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for facts in said.values():
        if SH + "focusNode" in facts:
            severity = _local(facts[SH + "resultSeverity"])
            by_shape[severity, _local(facts[SH + "sourceShape"])].append(_finding(facts, names, language))
    shapes = [Shape(name, severity, len(found), tuple(found[:FEW])) for (severity, name), found in by_shape.items()]
    return conforms, sorted(shapes, key=lambda s: (SEVERITIES.index(s.severity), -s.count, s.name))


def _finding(facts: dict[str, list[ox.NamedNode | ox.Literal]], names: Names, language: str) -> Finding:
    focus = facts[SH + "focusNode"][0]
    number = names.number(focus)
    messages = {o.language or "": o.value for o in facts.get(SH + "resultMessage", ()) if isinstance(o, ox.Literal)}
    code = next((code for code in (*chain(language), *messages) if code in messages), "")
    return Finding(
        focus=names.link(number, language) if number else Link(focus.value.removeprefix(names.base)),
        message=Link(messages.get(code, ""), language=code),
        value=_words(facts.get(SH + "value", ()), names, language),
    )


def _words(values: Iterable[ox.NamedNode | ox.Literal], names: Names, language: str) -> str:
    words = []
    for value in values:
        number = names.number(value)
        words.append(names.label(number, language)[0] if number else value.value.removeprefix(names.base))
    return ", ".join(words)


def _local(values: list[ox.NamedNode | ox.Literal]) -> str:
    return values[0].value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
