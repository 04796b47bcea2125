"""EDTF dates put together: from one to another, the months that hold one, a date so many days away."""

from calendar import monthrange
from datetime import date, timedelta

from graph.periods import bounds

_DAY = 10


def valid(edtf: str) -> bool:
    """Tell whether a name is a date that the graph can bound, or only words."""
    try:
        bounds(edtf)
    except ValueError:
        return False
    return True


def start(edtf: str) -> str:
    """Give the first end of a date, without `~`."""
    return edtf.partition("/")[0].rstrip("~")


def end(edtf: str) -> str:
    """Give the last end of a date, without `~`."""
    return edtf.rpartition("/")[2].rstrip("~")


def stretch(first: str, last: str) -> str | None:
    """Give the dates from the beginning of one to the end of another; None where they are out of order.

    >>> stretch("1941-09-27/1941-09-28", "1941-09-29"), stretch("1941-10", "1941-10"), stretch("1941-10", "1941-09")
    ('1941-09-27/1941-09-29', '1941-10', None)
    """
    one, other = start(first), end(last)
    if one == other:
        return one
    return f"{one}/{other}" if valid(f"{one}/{other}") else None


def later(edtf: str, than: str) -> bool:
    """Tell whether a date ends after another has ended."""
    return bounds(end(edtf)).latest > bounds(end(than)).latest


def months(edtf: str) -> str:
    """Give the month or months of a date of days; a month, season or year is given as it is.

    >>> months("1941-10-07"), months("1941-09-30/1941-10-02"), months("1941-21")
    ('1941-10', '1941-09/1941-10', '1941-21')
    """
    first, last = start(edtf), end(edtf)
    one, other = (side[:7] if len(side) == _DAY else side for side in (first, last))
    return one if one == other else f"{one}/{other}"


def days_on(edtf: str, days: int) -> str:
    """Give the day that lies some days after the end of a date, or before its beginning."""
    period = bounds(edtf)
    return ((period.latest if days >= 0 else period.earliest) + timedelta(days=days)).isoformat()


def month_on(edtf: str, count: int) -> str:
    """Give the same day some months later, the last one of a shorter month."""
    first = bounds(edtf).earliest
    index = first.year * 12 + first.month - 1 + count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1])).isoformat()


def single_day(edtf: str) -> bool:
    """Tell whether a date is one day."""
    return "/" not in edtf and len(edtf.rstrip("~")) == _DAY
