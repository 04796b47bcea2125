"""Battles: what happened in each, where and when, by which side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.namespaces import TYPE, term
from server.pages.figures import pointing, sides
from server.pages.names import REALITIES, Link, address, names_of
from server.publication import Publication

_UNDATED = re.compile(r"(?:, [^,]*\d{4}|\([^()]*\d{4}[^()]*\))$")
"""The date at the end of a label, in English or Chinese: on a line of time it stands above."""
_POINT = re.compile(r"Point\((-?[\d.]+) (-?[\d.]+)\)")
_OCCURRENCES = frozenset({"Event", *REALITIES})
_STARTS = ("z:from",)
_GOALS = ("z:to", "z:toward", "z:place", "z:target")
_SEEN = ("z:to", "z:place", "z:from")
_ROLES = ("z:agent", "z:plannedAgent", "z:person")
_PLACES = ("z:place", "z:to", "z:toward", "z:from", "z:via", "z:target")
DEEPEST = 3
"""How many steps up a place is looked for that has coordinates."""
LONGEST = 62
"""Days between the bounds of a date above which it says no more than the battle's own."""


@dataclass(frozen=True)
class Battle:
    """A battle with the bounds of its days and the count of what is told of it."""

    number: str
    link: Link
    earliest: str
    latest: str
    count: int


@dataclass(frozen=True)
class Occurrence:
    """What is told of a battle: when (bounds as YYYY-MM-DD), whether it happened, whose act it is."""

    number: str
    link: Link
    earliest: str
    latest: str
    edtf: str
    reality: str
    side: str
    order: int


def battles_of(publication: Publication, language: str) -> list[Battle]:
    """The battles of which something is told, by date."""
    quads = publication.store.quads_for_pattern(None, TYPE, term("z:Battle"), None)
    names = names_of(publication)
    numbers = {number for quad in quads if (number := names.number(quad.subject))}
    found = [battle(publication, number, language) for number in numbers]
    return sorted((b for b in found if b.count), key=lambda b: (b.earliest, b.number))


def battle(publication: Publication, number: str, language: str) -> Battle:
    """One battle."""
    names = names_of(publication)
    return Battle(
        number=number,
        link=names.link(number, language),
        earliest=names.value(number, "z:earliest"),
        latest=names.value(number, "z:latest"),
        count=len(pointing(publication, number, "z:partOf")),
    )


def parts(publication: Publication, number: str) -> list[str]:
    """A battle and the battles that are parts of it, at any depth."""
    names = names_of(publication)
    found = [number]
    for each in found:
        smaller = {part for part in pointing(publication, each, "z:partOf") if "Battle" in names.types(part)}
        found.extend(sorted(smaller - set(found)))
    return found


def occurrences(publication: Publication, battles: Iterable[str], language: str) -> list[Occurrence]:
    """What is told of those battles, by day and then by the order of telling."""
    names = names_of(publication)
    numbers = {each for battle in battles for each in pointing(publication, battle, "z:partOf")}
    found = [_occurrence(publication, each, language) for each in numbers if names.types(each) & _OCCURRENCES]
    return sorted(found, key=lambda o: (o.earliest, o.latest, o.order, o.number))


def _occurrence(publication: Publication, number: str, language: str) -> Occurrence:
    names = names_of(publication)
    types = names.types(number)
    return Occurrence(
        number=number,
        link=names.link(number, language),
        earliest=names.value(number, "z:earliest"),
        latest=names.value(number, "z:latest"),
        edtf=names.value(number, "z:edtf"),
        reality=next((reality for name, reality in REALITIES.items() if name in types), "event"),
        side=_side(publication, number),
        order=int(names.value(number, "z:order") or 0),
    )


def _side(publication: Publication, number: str) -> str:
    names = names_of(publication)
    agents = [names.number(value) for role in _ROLES for value in names.values(number, role)]
    return next((side for agent in agents if agent for side in sides(names, agent)), "")


def point(publication: Publication, number: str) -> tuple[float, float] | None:
    """The latitude and longitude of a place in degrees, or None."""
    found = _POINT.fullmatch(names_of(publication).value(number, "z:coordinates"))
    return (float(found[2]), float(found[1])) if found else None


def mapped(publication: Publication, number: str) -> str:
    """The place itself where its coordinates are known, else the nearest that holds it and has some; or nothing."""
    names = names_of(publication)
    for _ in range(DEEPEST):
        if not number or point(publication, number):
            return number
        number = next(filter(None, map(names.number, names.values(number, "z:locatedIn"))), "")
    return ""


def chart(publication: Publication, told: Iterable[Occurrence], language: str, root: str = "") -> dict[str, Any]:
    """The map of what happened: its places with how much is told of each, movements told, and where each was later."""
    names, told = names_of(publication), list(told)
    counts: dict[str, int] = {}
    moves: list[dict[str, Any]] = []
    for each in told:
        for place in {mapped(publication, place) for place in _numbers(publication, each.number, _PLACES)} - {""}:
            counts[place] = counts.get(place, 0) + 1
        moves.extend(_moves(publication, each, root))
    places = [
        {"at": at, "name": names.label(place, language)[0], "count": count, "href": root + address(place)}
        for place, count in sorted(counts.items())
        if (at := point(publication, place))
    ]
    return {"places": places, "moves": moves, "tracks": _tracks(publication, told, language, root)}


def _tracks(publication: Publication, told: Iterable[Occurrence], language: str, root: str) -> list[dict[str, Any]]:
    """From each place where a formation acts to the next one where it does, for acts with days of their own."""
    names = names_of(publication)
    last: dict[str, str] = {}
    tracks = []
    for each in filter(is_dated, told):
        seen = [place for at in _numbers(publication, each.number, _SEEN) if (place := mapped(publication, at))]
        for agent in _numbers(publication, each.number, ("z:agent",)):
            if not seen or "Formation" not in names.types(agent):
                continue
            if last.get(agent, seen[0]) != seen[0]:
                link = names.link(agent, language)
                tracks.append(
                    {
                        "from": point(publication, last[agent]),
                        "to": point(publication, seen[0]),
                        "name": link.text,
                        "side": each.side,
                        "day": each.earliest,
                        "href": root + link.href,
                    }
                )
            last[agent] = seen[0]
    return tracks


def _moves(publication: Publication, each: Occurrence, root: str) -> Iterator[dict[str, Any]]:
    goals, starts = (
        [place for number in _numbers(publication, each.number, roles) if (place := mapped(publication, number))]
        for roles in (_GOALS, _STARTS)
    )
    for start in starts:
        for goal in goals[:1]:
            ends = (point(publication, start), point(publication, goal))
            if start != goal:
                yield {
                    "from": ends[0],
                    "to": ends[1],
                    "name": each.link.text,
                    "side": each.side,
                    "day": each.earliest,
                    "href": root + each.link.href,
                }


def _numbers(publication: Publication, number: str, predicates: Iterable[str]) -> Iterator[str]:
    names = names_of(publication)
    for predicate in predicates:
        yield from filter(None, (names.number(value) for value in names.values(number, predicate)))


def timeline(told: Iterable[Occurrence], root: str = "") -> list[dict[str, str]]:
    """What is told with a day of its own, for the timeline."""
    return [
        {
            "id": each.number,
            "text": _UNDATED.sub("", each.link.text),
            "start": each.earliest,
            "end": each.latest,
            "reality": each.reality,
            "side": each.side,
            "href": root + each.link.href,
        }
        for each in told
        if is_dated(each)
    ]


def is_dated(each: Occurrence) -> bool:
    """Whether the date says more than that it was during the battle."""
    return bool(each.edtf and each.earliest and each.latest) and _days(each) <= LONGEST


def _days(each: Occurrence) -> int:
    return (date.fromisoformat(each.latest) - date.fromisoformat(each.earliest)).days
