"""What of a date the text prints: the year, the month and the day each printed, carried or supplied."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph import telegraph
from graph.model import Mention, Reading, Span, Text
from graph.periods import bounds

_PARTS = {
    "year": re.compile(r"[\do〇○零一二三四五六七八九十]{2,4}年"),
    "month": re.compile(r"[\do〇○零一二三四五六七八九十]+[月]|元旦"),
    "day": re.compile(
        r"[\do〇○零一二三四五六七八九十]+[日号號]|元旦|[初廿][一二三四五六七八九十]|月[初底末]|[上中下初]旬"
    ),
}
_FIELD = {"year": 0, "month": 1, "day": 2}


@dataclass(frozen=True, slots=True)
class Basis:
    """How one part of a date is known; `carried` with the mention that prints it."""

    part: str
    how: str
    source: Mention | None


def dates(reading: Reading) -> tuple[Mention, ...]:
    """Give the reading's dates in the order of the text."""
    found = (m for m in reading.mentions.values() if m.type == "Date")
    return tuple(sorted(found, key=lambda m: m.span))


def of_date(text: Text, when: str, at: Span, known: Sequence[Mention], *, counted: bool = True) -> tuple[Basis, ...]:
    """Give the basis of a date told at `at`, looking at the dates printed in its sentence and before.

    With `counted`, a part that no date prints may be counted on from an earlier one; a table's date is not.
    """
    sentence = next((s for s in text.sentences if s.start <= at.start < s.end), at)
    here = [m for m in known if m.span in sentence and _same_days(m.canonical, when)]
    before = [m for m in known if m.span.start < at.start and m not in here]
    return tuple(_basis(part, when, here, before, counted=counted) for part in _parts_of(when))


def _parts_of(when: str) -> tuple[str, ...]:
    precision = bounds(when.partition("/")[0]).precision
    return {11: ("year", "month", "day"), 10: ("year", "month")}.get(precision, ("year",))


def _same_days(canonical: str, when: str) -> bool:
    try:
        one, two = bounds(canonical), bounds(when)
    except ValueError:
        return False
    return one.earliest <= two.latest and two.earliest <= one.latest


def _basis(part: str, when: str, here: Iterable[Mention], before: Sequence[Mention], *, counted: bool) -> Basis:
    if any(_prints(mention, part, when) for mention in here):
        return Basis(part, "printed", None)
    same = (mention for mention in reversed(before) if _prints(mention, part, when))
    # 次日 and 当晚 count on from the last date that prints a day; a year is carried only as it stands.
    counts = (m for m in reversed(before) if counted and part != "year" and _has(part, m.surface))
    source = next(same, None) or next(counts, None)
    return Basis(part, "carried" if source else "supplied", source)


def _has(part: str, surface: str) -> bool:
    """Tell whether a date's characters give a part, in figures, in words, or as telegrams name days."""
    return bool(_PARTS[part].search(surface)) or (part == "day" and surface[:1] in telegraph.days())


def _prints(mention: Mention, part: str, when: str) -> bool:
    """Tell whether a date's own characters give this part, with the value that `when` has."""
    if not _has(part, mention.surface):
        return False
    wanted = when.split("/")[0].rstrip("~").split("-")[: _FIELD[part] + 1]
    ends = (end.rstrip("~").split("-")[: _FIELD[part] + 1] for end in mention.canonical.split("/"))
    return any(end == wanted for end in ends)
