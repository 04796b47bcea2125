"""The words that date what happens: parts of a day, lengths of time, ties and breaks of the narrative."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from graph.reader import stretches
from graph.reader.numerals import value
from graph.reader.rules import FOLDER, toml

# What is said of a date stands within so many characters before it.
_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time printed at characters `start` up to `end`: so many days or months, perhaps about."""

    start: int
    end: int
    days: int
    months: int
    about: bool

    @property
    def iso(self) -> str:
        """Give the length as ISO 8601: P6D, P1M."""
        return f"P{self.months}M" if self.months else f"P{self.days}D"


@dataclass(frozen=True, slots=True)
class Words:
    """The words for parts of a day and the patterns of `rules/parts.toml`, compiled."""

    parts: tuple[tuple[str, re.Pattern[str]], ...]
    late: re.Pattern[str]
    clock: re.Pattern[str]
    patterns: Mapping[str, re.Pattern[str]]

    def lasting(self, words: str) -> str | None:
        """Give how long an event lasted by the words after its trigger, as ISO 8601 (6日夜: P6D); else None."""
        match = self.patterns["duration"].match(words)
        return _length(match, 0).iso if match else None

    def lengths(self, words: str, offset: int) -> Iterator[Length]:
        """Give the lengths of time that words print, in their order; `offset` is where the words begin."""
        for match in self.patterns["length"].finditer(words):
            yield _length(match, offset)

    def stands(self, name: str, text: str, at: int) -> bool:
        """Tell whether the words of a pattern stand right before a place in the text."""
        return bool(self.patterns[name].search(text[max(0, at - _BEFORE) : at]))

    def of(self, surface: str) -> str | None:
        """Give the part of the day that a date expression names: `evening`, `16:00`, `19:00~`; else None."""
        clock = self.clock.search(surface)
        if clock:
            hour = value(clock["hour"]) or 0
            hour += 12 if self.late.search(surface) and hour < 12 else 0
            minute = 30 if clock["half"] else value(clock["minute"] or "") or 0
            return f"{hour:02}:{minute:02}{'~' if clock['about'] or surface.startswith('约') else ''}"
        return next((name for name, pattern in self.parts if pattern.search(surface)), None)


def _length(match: re.Match[str], offset: int) -> Length:
    unit, words = match["unit"], match[0]
    count = 15 if match["count"] == "半" else value(match["count"]) or 0
    days = 0 if unit.endswith("月") and match["count"] != "半" else count * (7 if unit[-1] in "周期" else 1)
    days += 1 if match["half"] else 0
    months = 0 if days else count
    about = bool(re.search("近|约|余|多", words))
    return Length(offset + match.start("count"), offset + match.end(), days, months, about)


@cache
def words() -> Words:
    """Give the shipped words, `rules/parts.toml`."""
    content = toml(FOLDER / "parts.toml")
    parts = tuple((name, re.compile(source)) for name, source in content["parts"])
    patterns = {name: re.compile(source) for name, source in content["patterns"].items()}
    return Words(parts, re.compile(content["late"]), re.compile(content["clock"]), patterns)


def on(edtf: str, length: Length) -> str:
    """Give the stretch that begins with a date and lasts so long: three days from 1 January end on the 3rd."""
    last = stretches.month_on(edtf, length.months) if length.months else stretches.days_on(edtf, length.days - 1)
    return f"{stretches.start(edtf)}/{last}{'~' if length.about else ''}" if length.days != 1 else stretches.start(edtf)


def back(edtf: str, length: Length) -> str:
    """Give the day so long before the end of a date."""
    end = stretches.end(edtf)
    first = stretches.month_on(end, -length.months) if length.months else stretches.days_on(end, -length.days)
    return f"{first}{'~' if length.about else ''}"
