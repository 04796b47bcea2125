"""The start page and the search."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from graph.namespaces import TYPE, term
from server.context import Context
from server.pages.battles import battles_of
from server.pages.figures import Figure, Figures, concept_number
from server.pages.language import language_of
from server.pages.names import Link, address, names_of
from server.pages.respond import respond
from server.pages.text import title
from server.pages.texts import texts_of
from server.publication import Publication
from server.search import Search
from server.versions import once_a_version
from server.wikibase.entities import documents

A_PAGE = 40
"""Results on one page of the search."""


@dataclass(frozen=True)
class Found:
    """One result: the item, the other name by which it was found, its description, its class."""

    link: Link
    by: Link | None
    description: str
    number: str


def routes(context: Context) -> list[BaseRoute]:
    """`/` and `/search?q=`."""

    def home(request: Request) -> Response:
        return respond(context, request, "home.html", **_start(context.publication, language_of(request)))

    def search(request: Request) -> Response:
        words = request.query_params.get("q", "").strip()
        kind = request.query_params.get("kind", "")
        found = _search(context.publication, words, kind, language_of(request)) if words else []
        if len(found) == 1 and found[0].number == words.upper():
            return RedirectResponse(request.scope.get("root_path", "") + address(found[0].number), status_code=302)
        return respond(
            context,
            request,
            "search.html",
            words=words,
            found=found[:A_PAGE],
            kind=kind,
            kinds=KINDS,
            has_more=len(found) > A_PAGE,
        )

    return [Route("/", home), Route("/search", search)]


KINDS = ("Formation", "Person", "Place", "Battle", "Event", "Loss")
"""The classes by which results can be narrowed."""


def _search(publication: Publication, words: str, kind: str, language: str) -> list[Found]:
    kinds = (concept_number(publication, term(f"z:{kind}")),) if kind in KINDS else ()
    hits = Search.of(publication).find(words, kinds=kinds, limit=A_PAGE + 1, fuzzy=True)
    names = names_of(publication)
    return [
        _found(publication, names.link(hit.id, language), hit.id, Link(hit.label, language=hit.language), language)
        for hit in hits
    ]


def _found(publication: Publication, link: Link, number: str, by: Link, language: str) -> Found:
    descriptions = names_of(publication).texts(number, "schema:description")
    other = by if by.text != link.text and by.language != "mul" else None
    return Found(link, other, descriptions.get(language) or descriptions.get("en", ""), number)


def _start(publication: Publication, language: str) -> dict[str, Any]:
    figures = Figures(publication, language)
    contested = most_contested(publication)
    return {
        "example": next(iter(documents(publication).numbers("item")), "Q1"),
        "texts": [Link(*title(publication, text, language)) for text in texts_of(publication)],
        "battles": sorted(battles_of(publication, language), key=lambda b: -b.count)[:8],
        "rivals": [figures.figure(number) for number in contested],
        "battle": names_of(publication).link(figures.figure(contested[0]).battle, language) if contested else None,
    }


@once_a_version
def most_contested(publication: Publication) -> tuple[str, ...]:
    """The numbers of the figures for one loss that lie farthest apart, the largest first; none where all agree."""
    figures = Figures(publication, "en")
    found: dict[Any, list[Figure]] = defaultdict(list)
    for quad in publication.store.quads_for_pattern(None, TYPE, term("z:Loss"), None):
        figure = figures.figure(names_of(publication).number(quad.subject))
        if figure.claimed_by and figure.battle and figure.size:
            found[figure.of_numbers, figure.battle, figure.what, figure.unit].append(figure)
    groups = [group for group in found.values() if len({figure.claimed_by for figure in group}) > 1]
    widest = max(groups, key=lambda g: (_spread(g), g[0].number), default=[])
    return tuple(figure.number for figure in sorted(widest, key=lambda f: (-f.size, f.number)))


def _spread(group: list[Figure]) -> float:
    sizes = [figure.size for figure in group]
    return max(sizes) - min(sizes)
