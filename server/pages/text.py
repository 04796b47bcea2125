"""The pages of the texts: the list with each one's state of reading, and a text with all that is marked on it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graph.namespaces import term
from server.context import Context
from server.errors import BadRequest, NotFound
from server.pages.figures import CLAIMS, concept_number
from server.pages.language import language_of
from server.pages.marking import paragraphs
from server.pages.names import Link, address, names_of
from server.pages.respond import respond
from server.pages.texts import Text, mentions, tellings, texts_of
from server.publication import Publication

_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")
REALITY = ("Event", "PlannedAction", "NegatedAction", "ReportedAction")
"""The classes that say whether an occurrence happened; the others say what it is."""


def routes(context: Context) -> list[BaseRoute]:
    """`/texts`, and `/text/NAME?span=12-34`."""

    def index(request: Request) -> Response:
        publication = context.publication
        shown = [_summary(publication, text, language_of(request)) for text in texts_of(publication)]
        return respond(context, request, "texts.html", texts=shown)

    def page(request: Request) -> Response:
        publication = context.publication
        text = _named(publication, request.path_params["name"])
        span = _span(request.query_params.get("span", ""), text)
        return respond(context, request, "text.html", **_shown(publication, text, span, language_of(request)))

    return [Route("/texts", index), Route("/text/{name}", page)]


def prepare(publication: Publication) -> None:
    """Read what is marked on the texts."""
    for text in texts_of(publication):
        _summary(publication, text, "en")


def _named(publication: Publication, name: str) -> Text:
    found = next((text for text in texts_of(publication) if text.name == name), None)
    if found is None:
        raise NotFound(f"There is no text {name} in this graph; /texts lists those there are.")
    return found


def _span(given: str, text: Text) -> tuple[int, int] | None:
    if not given:
        return None
    parts = _SPAN.fullmatch(given)
    start, end = (int(parts[1]), int(parts[2])) if parts else (1, 0)
    if not 0 <= start < end <= len(text.characters):
        raise BadRequest(f"{given} is no span of {text.name}, which has {len(text.characters)} characters: use 12-34.")
    return start, end


def _summary(publication: Publication, text: Text, language: str) -> dict[str, Any]:
    names = names_of(publication)
    told = tellings(publication, text.name)
    battles = Counter(battle for mark in told for battle in names.classes(mark.number, "P361"))
    return {
        "name": text.name,
        "title": Link(*title(publication, text, language)),
        "state": text.state,
        "characters": len(text.characters),
        "mentions": len(mentions(publication, text.name)),
        "occurrences": sum(1 for mark in told if not names.types(mark.number) & CLAIMS),
        "claims": sum(1 for mark in told if names.types(mark.number) & CLAIMS),
        "battles": [names.link(battle, language) for battle, _ in battles.most_common(4)],
    }


def title(publication: Publication, text: Text, language: str) -> tuple[str, str, str]:
    """The title of a text, its page's path, and the title's language."""
    label, found = names_of(publication).label(text.source, language) if text.source else (text.name, "")
    return label, f"/text/{text.name}", found


def _shown(publication: Publication, text: Text, span: tuple[int, int] | None, language: str) -> dict[str, Any]:
    names = names_of(publication)
    marked = mentions(publication, text.name)
    told = tellings(publication, text.name)
    links = {mark.number: names.link(mark.number, language) for mark in (*marked, *told)}
    return {
        "text": text,
        "title": Link(*title(publication, text, language)),
        "source": address(text.source) if text.source else "",
        "paragraphs": list(paragraphs(text.characters, marked, told, span)),
        "links": links,
        "chips": {mark.number: _chip(publication, mark.number, language) for mark in told},
        "claims": {mark.number for mark in told if names.types(mark.number) & CLAIMS},
        "span": span,
    }


def _chip(publication: Publication, number: str, language: str) -> str:
    """The word that marks an occurrence in the text: what kind of act it is."""
    names = names_of(publication)
    general = {concept_number(publication, term(f"z:{name}")) for name in REALITY}
    kinds = [kind for kind in names.classes(number, "P50026", "P31") if kind not in general]
    return names.label(kinds[0], language)[0] if kinds else ""
