"""A name in a column -> what it may stand for: with the side that it names itself, or a short form written out."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from server.publication import Publication
from server.reconciliation.facts import facts, fold
from server.versions import once_a_version

FOLDER = Path(__file__).resolve().parent
SIDE_PROPERTY = "P945"
_NUMBERED = re.compile(r"\d+(\D+)")


@dataclass(frozen=True)
class ShortName:
    """An ending of numbered names that more than one army has: 第6师.

    `long` is what the army of `side` calls such a formation in full; `repeated`: each higher formation has a first,
    a second…, so the number alone tells none of them.
    """

    ending: str
    long: str
    side: str
    repeated: bool


@dataclass(frozen=True)
class Reading:
    """Words to be searched for, the side that the name said before them, and whether they were written out."""

    words: str
    side: str = ""
    written_out: bool = False


@cache
def short_names() -> Mapping[str, ShortName]:
    """The endings that more than one army has."""
    with (FOLDER / "short_names.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", strict=True)
        return {r["ending"]: ShortName(r["ending"], r["long"], r["side"], r["repeated"] == "yes") for r in rows}


@cache
def telling() -> Mapping[str, str]:
    """The properties that tell formations with one short name apart: by `side`, or the very `formation`."""
    with (FOLDER / "telling.tsv").open(encoding="utf-8", newline="") as file:
        return {row["property"]: row["tells"] for row in csv.DictReader(file, delimiter="\t", strict=True)}


def short(words: str) -> ShortName | None:
    """The ending that more than one army has, where the name is just a number with it.

    >>> [found.ending if found else None for found in map(short, ("第六師", "第6师团", "暂编第6师", "6th Division"))]
    ['师', None, None, 'division']
    """
    match = _NUMBERED.fullmatch(fold(words))
    return short_names().get(match[1]) if match else None


@once_a_version
def side_names(publication: Publication) -> dict[str, str]:
    """The folded names of the sides with their numbers, the longest first."""
    known = facts(publication)
    sides = {known.number(v) for n in known.having(SIDE_PROPERTY) for v in known.values(n, SIDE_PROPERTY)} - {""}
    names = {spelling: side for side in sorted(sides) for spelling in known.spellings(side) if len(spelling) > 1}
    return dict(sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def readings(words: str, side_evidence: str, sides: Mapping[str, str]) -> Iterator[Reading]:
    """What the words may stand for; `side_evidence` is the side that the column's evidence names, if it names one."""
    yield Reading(words)
    bare, side = _without_side(words, sides)
    if side:
        yield Reading(bare, side)
    ending = short(bare)
    if ending and ending.long and ending.side in (side, side_evidence):
        yield Reading(fold(bare).removesuffix(ending.ending) + ending.long, side, written_out=True)


def _without_side(words: str, sides: Mapping[str, str]) -> tuple[str, str]:
    form = fold(words)
    for name, side in sides.items():
        if form.startswith(name) and len(form) > len(name):
            return form.removeprefix(name), side
    return words, ""
