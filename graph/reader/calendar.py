"""The dates of a document in order -> their EDTF, with the year and month that the context gives.

Two lines of time are kept: the narrative's, and a digression's. A date without year or month belongs to the line
that it continues with the smaller leap; quotations and brackets move neither line.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from graph.model import Span
from graph.periods import Period
from graph.reader.beginnings import Anchor, battle_days, beginning, flashback, inside
from graph.reader.dates import Moment
from graph.reader.document import Document

# A leap back weighs more than one forward of as many days; another month than the line's costs as many days again.
BACK = 3
OTHER_MONTH = 6
# A day outside the battles that the text tells of costs as many days more than one inside, another year as many.
OUTSIDE = 15
OTHER_YEAR = 60
# More days than these back, with the year printed, begin a digression.
DIGRESSION = 120
# A year printed of a day so far from every battle told of is told in passing.
STRAY = 200
# A date opens a paragraph within so many characters.
_HEAD = 4
# How far the third day lies from the first.
_THIRD = 2
# The shift of 次日.
_NEXT = ("day", 1)


@dataclass(slots=True)
class _Lines:
    """The narrative's anchor, and the digression's (None outside one) with its paragraph.

    `today` is the day of whoever speaks, `first` that from which days are counted: 第三天.
    """

    main: Anchor | None = None
    aside: Anchor | None = None
    paragraph: int = -1
    today: date | None = None
    first: date | None = None
    periods: Sequence[Period] = ()

    def live(self) -> list[Anchor]:
        return [anchor for anchor in (self.aside, self.main) if anchor is not None]


def resolve(moments: Sequence[Moment], document: Document, battles: Iterable[tuple[Span, str]]) -> list[str]:
    """Give the EDTF of each date, '' where the year cannot be told."""
    named = sorted(battles)
    periods = battle_days(document, named)
    lines = _Lines(main=beginning(moments, document, named, periods), periods=periods)
    resolved, here = [], -1
    for moment in moments:
        enclosed = document.quote_at(moment.span.start) or document.aside_at(moment.span.start)
        paragraph = document.paragraph_at(moment.span.start)
        if paragraph != here:
            here, lines.today = paragraph, None
        if lines.aside and lines.paragraph != paragraph and lines.main is None:
            lines.aside = None
        edtf, anchor = _spoken(moment, lines) or _counted(moment, lines) or _resolved(moment, lines, paragraph)
        _count(moment, lines, anchor)
        if anchor and moment.shift and moment.shift[0] == "today" and moment.day is not None:
            lines.today = anchor.day - timedelta(days=moment.shift[1])
        resolved.append(edtf)
        if anchor and flashback(moment, document) and not enclosed:
            lines.aside, lines.paragraph = anchor, paragraph
        elif anchor and not enclosed and not _looks_back(moment):
            start = document.paragraphs[paragraph].start
            _move(lines, anchor, paragraph, moment, opens=moment.span.start <= start + _HEAD)
    return resolved


def _looks_back(moment: Moment) -> bool:
    """Tell whether a date is the day before whoever tells: 昨夜 of a diary leaves its day in force."""
    return moment.shift is not None and moment.shift[0] == "today" and moment.shift[1] < 0 and moment.day is None


def _spoken(moment: Moment, lines: _Lines) -> tuple[str, Anchor] | None:
    """Give the day that 今晨 means where the speaker has told his own: 昨9日."""
    if lines.today is None or moment.day is not None or not moment.shift or moment.shift[0] != "today":
        return None
    anchor = Anchor(lines.today + timedelta(days=moment.shift[1]))
    return _edtf(moment, anchor), anchor


def _counted(moment: Moment, lines: _Lines) -> tuple[str, Anchor] | None:
    """Give the day that 第三天 means where 第二天 or 次日 has been told before it."""
    if lines.first is None or not moment.shift or moment.shift[0] != "count" or moment.shift[1] < _THIRD:
        return None
    anchor = Anchor(lines.first + timedelta(days=moment.shift[1]))
    return _edtf(moment, anchor), anchor


def _count(moment: Moment, lines: _Lines, anchor: Anchor | None) -> None:
    """Remember from which day days are counted, 次日 being the second; a date that is printed ends the count."""
    if anchor is None:
        return
    if moment.day is not None or moment.month is not None:
        lines.first = None
    elif moment.shift == _NEXT and lines.first is None:
        lines.first = anchor.day - timedelta(days=1)
    elif moment.shift and moment.shift[0] == "count" and (lines.first is None or moment.shift[1] < _THIRD):
        lines.first = anchor.day - timedelta(days=moment.shift[1])


def _meant(anchor: Anchor, lines: _Lines) -> Anchor | None:
    """Give the day of the campaign's year that a date with another year means by mistake; None where it is none."""
    if lines.main is None or not anchor.month_known or inside(anchor.day, lines.periods):
        return None
    year, month, day = lines.main.day.year, anchor.day.month, anchor.day.day
    if year == anchor.day.year or day > monthrange(year, month)[1]:
        return None
    return replace(anchor, day=date(year, month, day)) if inside(date(year, month, day), lines.periods) else None


def _strays(anchor: Anchor, main: Anchor, lines: _Lines) -> bool:
    """Tell whether a date leaves the time of the battles that the text tells of."""
    if not lines.periods:
        return False
    return _apart(anchor.day, lines.periods) > STRAY >= _apart(main.day, lines.periods)


def _move(lines: _Lines, anchor: Anchor, paragraph: int, moment: Moment, *, opens: bool) -> None:
    """Move the line that the date continues; a mistaken year that `opens` a paragraph is set right there."""
    if moment.until is not None and moment.day is None and moment.year is not None:
        return
    if not anchor.month_known and lines.main is not None and lines.main.day.year == anchor.day.year:
        return
    if lines.main is None:
        lines.main = anchor
        return
    leap = (anchor.day - lines.main.day).days
    meant = _meant(anchor, lines)
    if moment.year is not None and meant is not None and opens:
        lines.main, lines.aside = meant, None
    elif moment.year is not None and (leap < -DIGRESSION or meant is not None or _strays(anchor, lines.main, lines)):
        if moment.month is None:
            return
        lines.aside, lines.paragraph = anchor, paragraph
    elif lines.aside is not None and abs((anchor.day - lines.aside.day).days) < abs(leap):
        if paragraph != lines.paragraph:
            lines.main, lines.aside = anchor, None
        else:
            lines.aside = anchor
    else:
        lines.main, lines.aside = anchor, None


def _resolved(moment: Moment, lines: _Lines, paragraph: int) -> tuple[str, Anchor | None]:
    choices = []
    for position, anchor in enumerate(lines.live()):
        start = _fields(moment, anchor, lines.periods)
        if start is None:
            continue
        stale = 40 if position == 0 and lines.aside is not None and lines.paragraph != paragraph else 0
        choices.append((_leap(anchor, start.day) + stale, position, start))
    if not choices:
        start = _fields(moment, None, lines.periods)
        if start is None:
            return "", None
    else:
        start = min(choices, key=lambda choice: choice[:2])[2]
    edtf = _edtf(moment, start)
    if moment.until is not None:
        end = _fields(moment.until, start, lines.periods)
        if end is not None:
            last = _edtf(moment.until, end)
            edtf = _interval(edtf, last)
            return edtf, end if moment.day is not None or moment.month is not None else start
    return edtf, start


def _apart(day: date, periods: Sequence[Period]) -> int:
    """Give how many days a day lies from the nearest of some periods."""
    return min(max((p.earliest - day).days, (day - p.latest).days, 0) for p in periods)


def _interval(first: str, last: str) -> str:
    start, end = first.split("/")[0].rstrip("~"), last.split("/")[-1].rstrip("~")
    return f"{start}/{end}" if start[: len(end)] <= end[: len(start)] else first


def _leap(anchor: Anchor, day: date) -> float:
    if not anchor.month_known:
        return 0 if anchor.day.year == day.year else 400
    days = (day - anchor.day).days
    return days if days >= 0 else -days * BACK


def _fields(moment: Moment, anchor: Anchor | None, periods: Sequence[Period]) -> Anchor | None:
    """Give the day that a date means when the text has reached `anchor`."""
    printed = moment.day or moment.month or moment.year
    if moment.shift and moment.shift[0] in {"day", "today", "count"} and not printed:
        return _shifted(anchor, moment.shift[1])
    year = moment.year
    if year is None:
        if anchor is None:
            return None
        if moment.shift and moment.shift[0] == "year":
            year = anchor.day.year + moment.shift[1]
    if moment.shift and moment.shift[0] == "month" and moment.month is None and anchor is not None:
        moved = _add_months(anchor.day, moment.shift[1])
        return _at(moved.year, moved.month, moment.day, anchor)
    if moment.month is None and moment.day is not None and anchor is not None and year is None:
        return _nearest_month(moment.day, anchor, periods)
    if moment.month is None:
        known = year if year is not None else anchor.day.year if anchor else None
        return None if known is None else Anchor(date(known, 1, 1), month_known=False, day_known=False)
    if year is None and anchor is not None:
        return _nearest_year(moment.month, moment.day, anchor)
    return None if year is None else _at(year, moment.month, moment.day, anchor)


def _shifted(anchor: Anchor | None, days: int) -> Anchor | None:
    if anchor is None:
        return None
    return replace(anchor, day=anchor.day + timedelta(days=days))


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _at(year: int, month: int, day: int | None, anchor: Anchor | None) -> Anchor | None:
    if day is None:
        same = anchor is not None and (anchor.day.year, anchor.day.month) == (year, month)
        return Anchor(anchor.day if same and anchor else date(year, month, 1), day_known=False)
    if day > monthrange(year, month)[1]:
        return None
    return Anchor(date(year, month, day))


def _nearest_month(day: int, anchor: Anchor, periods: Sequence[Period]) -> Anchor | None:
    candidates = []
    for months in (0, 1, -1):
        first = _add_months(anchor.day, months)
        if day <= monthrange(first.year, first.month)[1]:
            candidate = first.replace(day=day)
            there = anchor if anchor.day_known else replace(anchor, day=anchor.day.replace(day=1))
            outside = 0 if inside(candidate, periods) else OUTSIDE
            cost = _leap(there, candidate) + (OTHER_MONTH if months else 0) + outside
            candidates.append((cost, abs(months), candidate))
    return Anchor(min(candidates)[2]) if candidates else None


def _nearest_year(month: int, day: int | None, anchor: Anchor) -> Anchor | None:
    candidates = []
    for year in (anchor.day.year, anchor.day.year + 1, anchor.day.year - 1):
        found = _at(year, month, day, anchor)
        if found is not None:
            other = 0 if year == anchor.day.year else OTHER_YEAR
            middle = found.day if found.day_known else date(year, month, 15)
            cost = _leap(anchor, middle) + other
            candidates.append((cost, abs(year - anchor.day.year), found.day, found))
    return min(candidates, key=lambda choice: choice[:3])[3] if candidates else None


def _edtf(moment: Moment, anchor: Anchor) -> str:
    day = anchor.day
    tilde = "~" if moment.about else ""
    year, month = f"{day.year:04d}", f"{day.year:04d}-{day.month:02d}"
    if moment.season:
        return _season(year, moment.season) + tilde
    if not anchor.month_known:
        return {"start": f"{year}-01", "end": f"{year}-12", "first half": f"{year}-01/{year}-06",
                "second half": f"{year}-07/{year}-12"}.get(moment.bound, year) + tilde  # fmt: skip
    if not anchor.day_known:
        return _within_month(moment.bound, month, monthrange(day.year, day.month)[1]) + tilde
    return day.isoformat() + tilde


def _season(year: str, season: str) -> str:
    if "/" not in season:
        return f"{year}-{season}"
    first, last = season.split("/")[0], season.split("/")[-1]
    return f"{year}-{first}/{year}-{last}"


def _within_month(bound: str, month: str, last: int) -> str:
    table = {
        "first": f"{month}-01/{month}-10",
        "second": f"{month}-11/{month}-20",
        "third": f"{month}-21/{month}-{last}",
        "first two": f"{month}-01/{month}-20",
        "last two": f"{month}-11/{month}-{last}",
        "start": f"{month}-01/{month}-10",
        "end": f"{month}-21/{month}-{last}",
    }
    return table.get(bound, month)
