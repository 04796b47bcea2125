"""The page of a battle: map, timeline, order of battle on a day, and losses as each side claims them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import BadRequest, NotFound
from server.pages.battles import Occurrence, battle, battles_of, chart, is_dated, occurrences, parts, timeline
from server.pages.figures import NARRATOR, Figure, Figures
from server.pages.language import language_of
from server.pages.names import Link, Names, names_of
from server.pages.orderofbattle import formations, order_of_battle
from server.pages.respond import respond
from server.publication import Publication
from server.versions import kept_a_version


@dataclass(frozen=True)
class Day:
    """What is told of one day; its name is its ISO date."""

    day: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class Losses:
    """The figures of what one side lost or had, in columns by whose claim they are."""

    victim: Link
    columns: tuple[Link, ...]
    rows: tuple[tuple[tuple[Link, ...], tuple[tuple[Figure, ...], ...]], ...]


def routes(context: Context) -> list[BaseRoute]:
    """`/battles` and `/battle/Q1`."""

    def index(request: Request) -> Response:
        return respond(context, request, "battles.html", battles=battles_of(context.publication, language_of(request)))

    def page(request: Request) -> Response:
        publication, number = context.publication, request.path_params["number"]
        if "Battle" not in names_of(publication).types(number):
            raise NotFound(f"{number} is no battle of this graph; /battles lists those there are.")
        root = request.scope.get("root_path", "")
        given = request.query_params.get("day", "")
        return respond(
            context, request, "battle.html", **_shown(publication, number, given, language_of(request), root)
        )

    return [Route("/battles", index), Route(r"/battle/{number}", page)]


def prepare(publication: Publication) -> None:
    """Read what the pages of the battles are made of."""
    for each in battles_of(publication, "en"):
        _lasting(publication, each.number, "en", "")


def _shown(publication: Publication, number: str, given: str, language: str, root: str) -> dict[str, Any]:
    told = _told(publication, number, language)
    fought = battle(publication, number, language)
    day = _day(given, told, fought.earliest)
    engaged = _engaged(publication, number)
    bounds = (fought.earliest, fought.latest)
    sides = order_of_battle(publication, engaged, day, bounds, language)
    return {**_lasting(publication, number, language, root), "battle": fought, "day": day, "sides": sides}


@kept_a_version(64)
def _told(publication: Publication, number: str, language: str) -> tuple[Occurrence, ...]:
    return tuple(occurrences(publication, parts(publication, number), language))


@kept_a_version(64)
def _engaged(publication: Publication, number: str) -> frozenset[str]:
    return frozenset(formations(publication, (each.number for each in _told(publication, number, "en"))))


@kept_a_version(64)
def _lasting(publication: Publication, number: str, language: str, root: str) -> Mapping[str, Any]:
    """What the page of a battle shows whatever the day."""
    names = names_of(publication)
    fought = battle(publication, number, language)
    within = parts(publication, number)
    told = _told(publication, number, language)
    happened = [each for each in told if each.reality == "event"]
    return {
        "larger": [names.link(each, language) for each in names.classes(number, "P361")],
        "smaller": [battle(publication, each, language) for each in within[1:]],
        "told": len(told),
        "days": _days(told),
        "undated": [each for each in told if not is_dated(each)],
        "losses": _losses(publication, Figures(publication, language).all_of(within), language),
        "drawn": {
            "map": chart(publication, happened, language, root),
            "timeline": timeline(told, root),
            "bounds": [fought.earliest, fought.latest] if fought.earliest else None,
            "sides": {each.side: names.label(each.side, language)[0] for each in told if each.side},
        },
    }


def _day(given: str, told: Iterable[Occurrence], earliest: str) -> str:
    """The day asked for, else the one of which most is told; raises BadRequest for what is no day."""
    if given:
        try:
            return date.fromisoformat(given).isoformat()
        except ValueError as error:
            raise BadRequest(f"{given} is no day; write it as 1941-09-20.") from error
    counts: dict[str, int] = defaultdict(int)
    for each in told:
        if each.earliest == each.latest:
            counts[each.earliest] += 1
    return max(counts, key=lambda day: (counts[day], day), default=earliest) or "1941-01-01"


def _days(told: Iterable[Occurrence]) -> list[Day]:
    found: dict[str, list[Occurrence]] = defaultdict(list)
    for each in told:
        if is_dated(each):
            found[each.earliest].append(each)
    return [Day(day, tuple(found[day])) for day in sorted(found)]


def _losses(publication: Publication, figures: Iterable[Figure], language: str) -> list[Losses]:
    """The figures by whose loss it is and what is counted, in one column for each side that claims."""
    by_victim: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_victim[figure.victim].append(figure)
    names = names_of(publication)
    return [
        _table(
            names.link(victim, language) if victim else Link("?"), found, lambda side: _column(names, side, language)
        )
        for victim, found in sorted(by_victim.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def _column(names: Names, side: str, language: str) -> Link:
    return Link("", kind=NARRATOR) if side == NARRATOR else names.link(side, language)


def _table(victim: Link, figures: list[Figure], column_of: Callable[[str], Link]) -> Losses:
    claimants = {side for figure in figures for side in figure.claimant_sides or (NARRATOR,)}
    columns = tuple(sorted(claimants, key=lambda side: (side == NARRATOR, len(side), side)))
    rows: dict[tuple[Link, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        rows[figure.what].append(figure)
    return Losses(
        victim,
        tuple(column_of(column) for column in columns),
        tuple(
            (what, tuple(tuple(f for f in found if column in (f.claimant_sides or (NARRATOR,))) for column in columns))
            for what, found in rows.items()
        ),
    )
