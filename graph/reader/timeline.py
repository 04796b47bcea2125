"""Date mentions -> what date is in force at each character: carried on, listed, until, aside, in passing."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from graph.model import Mention, Modality, Span
from graph.periods import Period, bounds
from graph.reader.document import Document
from graph.reader.drafts import Draft
from graph.reader.rules import FOLDER, toml

# A year of fewer than this share of a text's dates is told in passing.
_FEW = 0.15

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Parts:
    """The words for parts of a day, compiled."""

    words: tuple[tuple[str, re.Pattern[str]], ...]
    late: re.Pattern[str]
    clock: re.Pattern[str]
    aside: re.Pattern[str]
    whole: re.Pattern[str]
    duration: re.Pattern[str]
    lasting: re.Pattern[str]
    until: re.Pattern[str]
    tied: re.Pattern[str]
    disposition: re.Pattern[str]

    def length(self, words: str) -> str | None:
        """Give how long an event lasted by the words after its trigger, as ISO 8601 (6日夜: P6D); else None."""
        match = self.duration.match(words)
        return f"P{number(match['count'])}{'M' if '月' in match['unit'] else 'D'}" if match else None

    def of(self, surface: str) -> str | None:
        """Give the part of the day that a date expression names: `evening`, `16:00`, `19:00~`; else None."""
        clock = self.clock.search(surface)
        if clock:
            hour = number(clock["hour"]) + (12 if self.late.search(surface) and number(clock["hour"]) < 12 else 0)
            minute = 30 if clock["half"] else number(clock["minute"] or "0")
            return f"{hour:02}:{minute:02}{'~' if clock['about'] or surface.startswith('约') else ''}"
        return next((name for name, pattern in self.words if pattern.search(surface)), None)


def number(figure: str) -> int:
    """Give a whole number below a hundred, in Arabic or Chinese figures."""
    if figure.isdigit():
        return int(figure)
    tens, ten, ones = figure.rpartition("十")
    if not ten:
        return _DIGITS.get(figure[-1], 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


@cache
def parts() -> Parts:
    """Give the shipped words, `rules/parts.toml`."""
    content = toml(FOLDER / "parts.toml")
    words = tuple((name, re.compile(source)) for name, source in content["parts"])
    names = ("late", "clock", "aside", "whole", "duration", "lasting", "until", "tied", "disposition")
    return Parts(words, *(re.compile(content[name]) for name in names))


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in force: its EDTF, its part of the day, and where it stands."""

    edtf: str
    part: str | None
    at: int
    carried: bool = False


class Timeline:
    """The dates of a document in order, with what is in force at each character."""

    def __init__(self, document: Document, mentions: Iterable[Mention]) -> None:
        self.document = document
        dates = sorted((m for m in mentions if m.type == "Date" and _valid(m.canonical)), key=lambda m: m.span)
        self.dates = tuple(dates)
        self.starts = tuple(m.span.start for m in dates)
        self.moving = tuple(self._moving())
        self.digressing = tuple(self._digressing())
        # Dates inside what is ordered or planned, by the trigger that says it.
        self.said: dict[str, int] = {}

    def moment(self, draft: Draft) -> Moment | None:
        """Give the date of an event: the nearest one before it in its sentence, one it lasts until, or the carried.

        What a command, plan or report says has that one's date where it tells none of its own.
        """
        sentence = self.document.sentences[self.document.sentence_at(draft.trigger.start)]
        until = self._until(draft.trigger, sentence)
        last = self._own(draft.trigger, draft.said_by)
        if draft.said_by is not None and (last is None or last.span.start < draft.said_by):
            return _joined(self._said(draft.said_by, draft.modality), until)
        if last is None:
            carried = self._carried(draft.trigger)
            return until if until and carried is None else _joined(carried, until)
        if draft.said_by is not None and draft.modality is Modality.PLANNED:
            self.said.setdefault(last.id, draft.said_by)
        part = parts().of(self.document.normal[last.span.start : last.span.end])
        near = self.document.clause_at(last.span.start) >= self.document.clause_at(draft.trigger.start) - 1
        return _joined(Moment(self._listed(last), part if near else None, last.span.start), until)

    def _said(self, at: int, modality: Modality) -> Moment | None:
        """Give the date of what a command, plan or report says: its own, the month where it hands out tasks."""
        trigger = Span(at, at + 1)
        last = self._own(trigger, None)
        moment = Moment(self._listed(last), None, last.span.start) if last else self._carried(trigger)
        tasks = modality is Modality.PLANNED and parts().disposition.search(self.document.normal, at, at + 6)
        return replace(moment, edtf=_month(moment.edtf)) if moment and tasks else moment

    def at(self, span: Span) -> str | None:
        """Give the EDTF date of a state told at some characters, or None."""
        sentence = self.document.sentences[self.document.sentence_at(span.start)]
        before = [m for m in self._between(sentence.start, span.end) if self._visible(m, span)]
        if before:
            return self._listed(before[-1])
        carried = self._carried(span)
        return carried.edtf if carried else None

    def _own(self, trigger: Span, said_by: int | None) -> Mention | None:
        sentence = self.document.sentences[self.document.sentence_at(trigger.start)]
        for mention in reversed(self._between(sentence.start, trigger.start)):
            told = self.said.get(mention.id)
            if told is not None and told != said_by:
                continue
            same = self.document.clause_at(mention.span.start) == self.document.clause_at(trigger.start)
            if self._visible(mention, trigger) and (same or not self._aside(mention)):
                return mention
        return None

    def _listed(self, last: Mention) -> str:
        """Give the stretch that a list of dates covers: 27日、28日."""
        position = bisect_left(self.starts, last.span.start)
        if position:
            before = self.dates[position - 1]
            gap = self.document.normal[before.span.end : last.span.start]
            listed = gap in {"、", "和", "及", "至", "到", "与", "~", "-", "—"}
            if listed and "/" not in before.canonical + last.canonical:
                stretch = f"{before.canonical.rstrip('~')}/{last.canonical.rstrip('~')}"
                return stretch if _valid(stretch) else last.canonical
        return last.canonical

    def _until(self, trigger: Span, sentence: Span) -> Moment | None:
        after = self._between(trigger.end, min(sentence.end, trigger.end + 4))
        if after and self.document.normal[after[0].span.start - 1] in "至到":
            surface = self.document.normal[after[0].span.start : after[0].span.end]
            return Moment(after[0].canonical, parts().of(surface), after[0].span.start)
        return None

    def _between(self, start: int, end: int) -> Sequence[Mention]:
        return self.dates[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def _visible(self, mention: Mention, trigger: Span) -> bool:
        """Tell whether a date inside a quotation or bracket is seen from a trigger."""
        at = mention.span.start
        for span in (self.document.quote_at(at), self.document.bracket_at(at)):
            if span and not span.start <= trigger.start < span.end:
                return False
        return True

    def _aside(self, mention: Mention) -> bool:
        """Tell whether a date holds for its own words only: 18日晚的命令, 已于25日攻占."""
        normal = self.document.normal
        before = normal[max(0, mention.span.start - 3) : mention.span.start]
        return normal[mention.span.end : mention.span.end + 1] in {"的", "之"} or bool(parts().aside.search(before))

    def _moving(self) -> Iterator[bool]:
        """Tell for each date whether it is carried on: no aside, no quotation, no bare day that goes back."""
        carried: Period | None = None
        for mention in self.dates:
            at, period = mention.span.start, bounds(mention.canonical)
            outside = not self.document.quote_at(at) and not self.document.bracket_at(at)
            surface = self.document.normal[at : mention.span.end]
            back = carried is not None and period.latest < carried.earliest and not re.search("[年月]", surface)
            moves = outside and not back and not self._aside(mention)
            if moves:
                carried = period
            yield moves

    def _digressing(self) -> Iterator[bool]:
        """Tell for each date whether its year goes back to a time of which the text tells little."""
        years = [bounds(mention.canonical).earliest.year for mention in self.dates]
        counts = Counter(years)
        latest = 0
        for year in years:
            yield year < latest and counts[year] < _FEW * len(years)
            latest = max(latest, year)

    def _carried(self, trigger: Span) -> Moment | None:
        """Give the date in force: the one carried on from before, or the stretch from it to the next.

        A new paragraph takes it up again after a digression; before the first date it is that one's month.
        """
        sentence = self.document.sentences[self.document.sentence_at(trigger.start)]
        position = bisect_left(self.starts, sentence.start)
        paragraph = self.document.paragraph_at(sentence.start)
        for index in range(position - 1, max(-1, position - 60), -1):
            mention = self.dates[index]
            if not self.moving[index] or mention.id in self.said:
                continue
            if self.digressing[index] and self.document.paragraph_at(mention.span.start) != paragraph:
                continue
            edtf = self._listed(mention)
            if self._lasts(index, trigger):
                edtf = self._stretch(index, edtf, position)
            return Moment(edtf, None, mention.span.start, carried=True)
        return None

    def _lasts(self, index: int, trigger: Span) -> bool:
        """Tell whether at a trigger the telling no longer keeps to a carried day: a word may say so right after it."""
        return self._since[index] < trigger.end + 2

    @cached_property
    def _since(self) -> tuple[int, ...]:
        """Where the telling no longer keeps to each date: a new paragraph, a word that says so, a date it runs to."""
        return tuple(self._left(index) for index in range(len(self.dates)))

    def _left(self, index: int) -> int:
        normal, end = self.document.normal, self.dates[index].span.end
        after = self.starts[index + 1] if index + 1 < len(self.starts) else len(normal)
        told = normal[end:after].rpartition("\n")
        if after < len(normal) and not told[1] and parts().until.search(told[2]):
            return self.document.sentences[self.document.sentence_at(end)].end
        return next((at for at in self._leaving(end, after) if not self._tied(at)), after)

    def _leaving(self, start: int, end: int) -> Iterator[int]:
        for match in parts().lasting.finditer(self.document.normal, start, end):
            yield match.start()

    def _tied(self, at: int) -> bool:
        """Tell whether a word ties a sentence to the date in force, before a place or, in a new paragraph, after it."""
        normal = self.document.normal
        if normal[at] == "\n":
            return bool(parts().tied.search(normal, at, at + 8))
        return bool(parts().tied.search(normal, self.document.sentences[self.document.sentence_at(at)].start, at))

    def _stretch(self, index: int, edtf: str, position: int) -> str:
        """Give the stretch from a date to the next that is printed; the date where that is the same, else its month."""
        later = next((i for i in range(position, len(self.dates)) if self.moving[i]), None)
        if later is None or not re.match(r"\d{4}-\d{2}-\d{2}", edtf):
            return _month(edtf)
        told, then = bounds(edtf), bounds(self.dates[later].canonical)
        if then.latest == told.latest:
            return edtf
        start = edtf.partition("/")[0].rstrip("~")
        return f"{start}/{then.latest.isoformat()}" if told.latest < then.latest else _month(edtf)


def _valid(edtf: str) -> bool:
    try:
        bounds(edtf)
    except ValueError:
        return False
    return True


def _month(edtf: str) -> str:
    """Give the month, or the months, of a date told as days; other dates as they are."""
    months = list(dict.fromkeys(re.findall(r"(\d{4}-\d{2})-\d{2}", edtf)))
    return "/".join(months) or edtf


def _joined(first: Moment | None, until: Moment | None) -> Moment | None:
    """Give the stretch from one date until another, where both are there and in order."""
    if first is None or until is None:
        return first or until
    start, end = first.edtf.partition("/")[0].rstrip("~"), until.edtf.rpartition("/")[2]
    if start == end or not _valid(f"{start}/{end}"):
        return until
    return Moment(f"{start}/{end}", None, until.at)
