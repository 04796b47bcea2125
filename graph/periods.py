"""EDTF dates -> their bounds as days, and what of a date a text prints."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from graph.model import Authority, Entry

# The months of EDTF's seasons; winter ends with its year, as the edtf library has it.
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}
# How far "about" reaches on either side: a day by two days, a month by five.
_WIDER = {11: timedelta(days=2), 10: timedelta(days=5)}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; `precision` is 11 for days, 10 months, 9 years, 8 seasons."""

    earliest: date
    latest: date
    precision: int
    approximate: bool
    interval: bool

    @property
    def stated_days(self) -> bool:
        """Tell whether the ends are days that were stated, not the edges of a month or of an `about`."""
        return self.precision == 11 and not self.approximate


_SIDE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%])?")


@cache
def bounds(edtf: str) -> Period:
    """Give the bounds of an EDTF date or closed interval; anything else is a ValueError.

    >>> bounds("1941-10-10~").earliest, bounds("1941-09/1941-10-03").latest
    (datetime.date(1941, 10, 8), datetime.date(1941, 10, 3))
    """
    first, slash, last = edtf.partition("/")
    start = _side(first)
    if not slash:
        return start
    end = _side(last)
    if end.latest < start.earliest:
        raise ValueError("the interval ends before it begins")
    precision = min(start.precision, end.precision)
    return Period(start.earliest, end.latest, precision, start.approximate or end.approximate, True)


def of_battle(battle: Entry, authority: Authority) -> Period | None:
    """Give the bounds of a battle; an end that nobody tells is no later than that of the battle above it.

    None where no start is known, or no end at all.
    """
    above = battle
    while "end" not in above.facts and "parent" in above.facts:
        above = authority.by_name["Battle", above.facts["parent"]]
    start, end = battle.facts.get("start"), above.facts.get("end")
    return bounds(f"{start}/{end}" if start != end else start) if start and end else None


def _side(edtf: str) -> Period:
    match = _SIDE.fullmatch(edtf)
    if not match:
        raise ValueError(f"{edtf!r} is not YYYY, YYYY-MM, YYYY-MM-DD or a season, perhaps with ~")
    month, day = (int(part) if part else None for part in (match[2], match[3]))
    approximate = bool(match[4])
    precision = 11 if day is not None else 9 if month is None else 8 if month in _SEASONS else 10
    wider = _WIDER.get(precision, timedelta(0)) if approximate else timedelta(0)
    try:
        earliest, latest = _days(int(match[1]), month, day)
        return Period(earliest - wider, latest + wider, precision, approximate, False)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{edtf!r} is no EDTF date") from error


def _days(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is not None:
        return date(year, month, day), date(year, month, day)
    first, last = _SEASONS.get(month, (month, month))
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
