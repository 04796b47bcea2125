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
from server.search import Hit, Search
from server.versions import once_a_version
from server.wikibase.entities import documents

A_PAGE, A_BLOCK = 40, 6
"""Results on one page of the search of one kind, and of each kind where all are looked for."""
MOST = 2_000
"""Results among which the blocks are made."""


@dataclass(frozen=True)
class Found:
    """One result: the item, the other name by which it was found, its description, its class."""

    link: Link
    by: Link | None
    description: str
    number: str


@dataclass(frozen=True)
class Block:
    """The results of one kind: its name among KINDS (or nothing), how many there are, the first of them."""

    kind: str
    count: int
    found: tuple[Found, ...]


def routes(context: Context) -> list[BaseRoute]:
    """`/` and `/search?q=`."""

    def home(request: Request) -> Response:
        return respond(context, request, "home.html", **_start(context.publication, language_of(request)))

    def search(request: Request) -> Response:
        words = request.query_params.get("q", "").strip()
        kind = request.query_params.get("kind", "")
        blocks = _search(context.publication, words, kind, language_of(request)) if words else []
        found = [each for block in blocks for each in block.found]
        if len(found) == 1 and found[0].number == words.upper():
            return RedirectResponse(request.scope.get("root_path", "") + address(found[0].number), status_code=302)
        return respond(context, request, "search.html", words=words, blocks=blocks, kind=kind, kinds=KINDS)

    return [Route("/", home), Route("/search", search)]


KINDS = ("Formation", "Person", "Place", "Battle", "Organization", "Occurrence", "Claim")
"""The classes by which results can be narrowed."""
TOLD = ("Occurrence", "Claim")
"""Those whose names are made of the names of others: they come last."""


def _search(publication: Publication, words: str, kind: str, language: str) -> list[Block]:
    """What has a name like the words, by kinds, the best found first; what is told of things comes after the things.

    Names that are only alike are looked for where no name holds the words.
    """
    kinds = (concept_number(publication, term(f"z:{kind}")),) if kind in KINDS else ()
    search = Search.of(publication)
    hits = search.find(words, kinds=kinds, limit=MOST) or search.find(words, kinds=kinds, limit=A_PAGE, fuzzy=True)
    by_kind: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        types = names_of(publication).types(hit.id)
        by_kind[kind or next((each for each in KINDS if each in types), "")].append(hit)
    order = sorted(by_kind, key=lambda each: TOLD.index(each) + 1 if each in TOLD else 0)
    shown = A_PAGE if kind else A_BLOCK
    return [
        Block(each, len(by_kind[each]), tuple(_found(publication, hit, language) for hit in by_kind[each][:shown]))
        for each in order
    ]


def _found(publication: Publication, hit: Hit, language: str) -> Found:
    names = names_of(publication)
    link, by = names.link(hit.id, language), Link(hit.label, language=hit.language)
    descriptions = names.texts(hit.id, "schema:description")
    other = by if by.text != link.text and by.language != "mul" else None
    return Found(link, other, descriptions.get(language) or descriptions.get("en", ""), hit.id)


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
