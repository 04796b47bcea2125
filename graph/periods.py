"""EDTF dates -> their bounds as days, and what of a date a text prints."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

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


_SIDE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%])?")


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


def _side(edtf: str) -> Period:
    match = _SIDE.fullmatch(edtf)
    if not match:
        raise ValueError(f"{edtf!r} is not YYYY, YYYY-MM, YYYY-MM-DD or a season, perhaps with ~")
    try:
        parsed = parse_edtf(edtf.rstrip("~?%"))
    except EDTFParseException as error:
        raise ValueError(f"{edtf!r} is no EDTF date") from error
    low, high = parsed.lower_strict(), parsed.upper_strict()
    earliest, latest = date(*low[:3]), date(*high[:3])
    precision = 11 if match[3] else 9 if not match[2] else 10 if int(match[2]) <= 12 else 8
    approximate = bool(match[4])
    if approximate:
        wider = _WIDER.get(precision, timedelta(0))
        earliest, latest = earliest - wider, latest + wider
    return Period(earliest, latest, precision, approximate, False)
