"""The dates and battles of a document -> the time before its first date, and the days that its battles span."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from graph.model import Span
from graph.periods import Period
from graph.reader import datewords
from graph.reader.dates import Moment
from graph.reader.document import Document, KnownBattle

# A day so much lower than the one before it is of the next month.
_ROLLED = 10


@dataclass(frozen=True, slots=True)
class Anchor:
    """The time that the text has reached: its day, and whether month and day are known."""

    day: date
    month_known: bool = True
    day_known: bool = True


def battle_days(document: Document, named: Sequence[tuple[Span, str]]) -> Sequence[Period]:
    """Give the days of the battles that a text is said to tell of, or names; a war's that it names tell nothing."""
    names = {name for _, name in named}
    told = [battle.period for battle in document.battles if battle.name in names and not battle.is_war]
    return told + [battle.period for battle in _campaign(document)]


def _campaign(document: Document) -> Sequence[KnownBattle]:
    """Give the battles that the text is said to tell of."""
    names = document.text.campaign
    return [battle for battle in document.battles if any(n in names for n in (battle.name, *battle.aliases))]


def beginning(
    moments: Sequence[Moment], document: Document, named: Sequence[tuple[Span, str]], periods: Sequence[Period]
) -> Anchor | None:
    """Give the time before the first date: the year supplied, or that of the battles named, with the first month."""
    first = next((m for m in moments if m.month is not None or m.year is not None), None)
    dated = next((m for m in moments if m.year is not None and not document.bracket_at(m.span.start)), None)
    month = _first_month(moments, document, periods)
    if document.years:
        year = document.years[0]
        month = month or _month_of_battle(moments, year, periods)
    elif dated is not None and not _campaign(document) and (first is dated or not named):
        year = dated.year or 0
        if first is not dated and first is not None and first.month and dated.month and first.month > dated.month + 6:
            year -= 1
    else:
        battle = _battle(document, named, month)
        if battle is None:
            return None
        year = _year_within(battle, month)
        month = month or battle.period.earliest.month
    return Anchor(date(year, month or 1, 1), month_known=month is not None, day_known=False)


def _year_within(battle: KnownBattle, month: int | None) -> int:
    """Give the first year in which a month lies inside a battle, or just before it."""
    years = range(battle.period.earliest.year, battle.period.latest.year + 1)
    soon = battle.period.earliest - timedelta(days=92)
    fits = [year for year in years if month is None or date(year, month, 1) >= soon]
    return fits[0] if fits else battle.period.latest.year


def _first_month(moments: Sequence[Moment], document: Document, periods: Sequence[Period]) -> int | None:
    """Give the month of the first date, told from the first one that prints it and from the battles' days."""
    told = [m for m in moments if not document.quote_at(m.span.start) and not document.bracket_at(m.span.start)]
    narrated = [m for m in told if not flashback(m, document)]
    printed = next((m for m in narrated if m.month is not None), None)
    looked_back = next(
        (m for m in told if m.month is not None), next((m for m in moments if m.month is not None), None)
    )
    last = printed or looked_back
    if last is None or last.month is None:
        return None
    days = [m.day for m in narrated if m.day is not None and m.month is None and m.span < last.span]
    if not days or last.day is None:
        return last.month
    if printed is None:
        return last.month if days[0] >= last.day else last.month % 12 + 1
    rolled = sum(after < before - _ROLLED for before, after in pairwise([*days, last.day]))
    month = (last.month - 1 - rolled) % 12 + 1
    return last.month if _held(last.month, days[0], periods) and not _held(month, days[0], periods) else month


def _month_of_battle(moments: Sequence[Moment], year: int, periods: Sequence[Period]) -> int | None:
    """Give the month of the first day that is printed without one: the first in which it lies inside a battle."""
    day = next((m.day for m in moments if m.day is not None), None)
    ours = [period for period in periods if period.earliest.year == year]
    return next((month for month in range(1, 13) if day and _held(month, day, ours)), None)


def flashback(moment: Moment, document: Document) -> bool:
    """Tell whether the words before a date say that it goes back: 早在5月6日."""
    return datewords.words().stands("flashback", document.normal, moment.span.start)


def _held(month: int, day: int, periods: Sequence[Period]) -> bool:
    """Tell whether a day of the year lies inside a battle."""
    years = {year for period in periods for year in (period.earliest.year, period.latest.year)}
    days = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
    return any(inside(day, periods) for day in days)


def inside(day: date, periods: Sequence[Period]) -> bool:
    """Tell whether a day lies in one of some periods."""
    return any(period.earliest <= day <= period.latest for period in periods)


def _battle(document: Document, named: Sequence[tuple[Span, str]], month: int | None) -> KnownBattle | None:
    """Give the battle that the text is most about: named most often, lasting under a year, and holding the month."""
    known = {battle.name: battle for battle in document.battles}
    counts: dict[str, float] = {}
    campaign = document.text.campaign
    for battle in document.battles:
        if campaign and battle.name in campaign:
            counts[battle.name] = counts.get(battle.name, 0) + 100
    for position, (_, name) in enumerate(named):
        if name in known:
            counts[name] = counts.get(name, 0) + 1 + 1 / (1 + position)
    best = None
    for name, count in counts.items():
        battle = known[name]
        days = (battle.period.latest - battle.period.earliest).days
        fits = month is None or _holds(battle, month)
        weight = count * (1 if fits else 0.1) * (1 if days < 400 else 0.05)
        if best is None or weight > best[0]:
            best = (weight, battle)
    return best[1] if best else None


def _holds(battle: KnownBattle, month: int) -> bool:
    first, last = battle.period.earliest - timedelta(days=31), battle.period.latest + timedelta(days=31)
    return any(first <= date(year, month, 15) <= last for year in range(first.year, last.year + 1))
