"""Text and its normalised characters -> Document: paragraphs, sentences, clauses, quotations, brackets, battles."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graph.model import Span, Text
from graph.periods import Period, bounds

# A sentence longer than this many characters is cut at a comma or, where there is none, anywhere: rules stay linear.
LONGEST_SENTENCE = 1200

_SENTENCE_END = re.compile(r"[。!?！？;；\n]+[”」』\"）)]*")
_CLAUSE_END = re.compile(r"(?<!\d)[,，:：](?!\d)|(?<=\d)[,，:：](?!\d)|(?<!\d)[,，:：](?=\d)|—{2}|……")
_PAIRS = {"“": "”", "「": "」", "『": "』", "(": ")", "（": "）", "〔": "〕", "[": "]", "《": "》"}
_QUOTES = frozenset('“「『"')
_BRACKETS = frozenset("(（〔[")
# A heading has no more characters, one that closes with a bracket no more than the second figure.
_HEADING, _TITLE = 24, 60
_STOPS = re.compile("[。;!?,]")
# What has so many days is a war.
_WAR = 200


@dataclass(frozen=True, slots=True)
class KnownBattle:
    """A battle with its other names, its dates as EDTF and as days, and the battle that it is part of (or None)."""

    name: str
    aliases: tuple[str, ...]
    dates: str
    period: Period
    within: str | None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.period.latest - self.period.earliest).days + 1

    @property
    def is_war(self) -> bool:
        """Whether it is a war rather than a battle: its days tell little of what happens in it."""
        return self.days >= _WAR


@dataclass(frozen=True, slots=True)
class Document:
    """A text as the reader sees it. All spans are sorted; `normal` has one character for each of the original."""

    text: Text
    normal: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    clauses: tuple[Span, ...]
    quotes: tuple[Span, ...]
    brackets: tuple[Span, ...]
    battles: tuple[KnownBattle, ...]
    years: tuple[int, ...]

    def sentence_at(self, offset: int) -> int:
        """Give the index of the sentence that holds a character (or of the last one before it)."""
        return index_at(self.sentences, offset)

    def clause_at(self, offset: int) -> int:
        """Give the index of the clause that holds a character (or of the last one before it)."""
        return index_at(self.clauses, offset)

    def paragraph_at(self, offset: int) -> int:
        """Give the index of the paragraph that holds a character (or of the last one before it)."""
        return index_at(self.paragraphs, offset)

    def in_heading(self, offset: int) -> bool:
        """Tell whether a character stands in a short line without a stop, or in the bracket that ends a longer one."""
        paragraph = self.paragraphs[self.paragraph_at(offset)]
        words = self.normal[paragraph.start : paragraph.end].strip()
        if len(words) <= _HEADING and not _STOPS.search(words):
            return True
        bracket = self.bracket_at(offset)
        closes = bracket is not None and words.endswith(self.normal[bracket.start : bracket.end])
        return closes and len(words) <= _TITLE and not _STOPS.search(words.replace(",", ""))

    def quote_at(self, offset: int) -> Span | None:
        """Give the innermost quotation that holds a character, its marks included."""
        return innermost(self.quotes, offset)

    def bracket_at(self, offset: int) -> Span | None:
        """Give the innermost bracket that holds a character, its marks included."""
        return innermost(self.brackets, offset)

    def aside_at(self, offset: int) -> Span | None:
        """Give the bracket that sets a character apart from what is told; None in a heading, whose brackets do not."""
        return None if self.in_heading(offset) else self.bracket_at(offset)


def index_at(spans: Sequence[Span], offset: int) -> int:
    """Give the index of the last span that begins at or before `offset`; 0 where none does.

    >>> index_at([Span(0, 4), Span(4, 9)], 5)
    1
    """
    return max(0, bisect_right(spans, offset, key=lambda span: span.start) - 1)


def innermost(spans: Sequence[Span], offset: int) -> Span | None:
    """Give the last span in order that holds `offset`: the innermost one where they nest."""
    position = bisect_right(spans, offset, key=lambda span: span.start)
    for span in reversed(spans[max(0, position - 8) : position]):
        if span.start <= offset < span.end:
            return span
    return None


def within(spans: Sequence[Span], whole: Span) -> Sequence[Span]:
    """Give the spans of a sorted sequence that lie wholly inside another."""
    low = bisect_left(spans, whole.start, key=lambda span: span.start)
    high = bisect_left(spans, whole.end, key=lambda span: span.start)
    return [span for span in spans[low:high] if span.end <= whole.end]


def document(text: Text, normal: str) -> Document:
    """Give the Document of a text; normalised characters of another length are a ValueError."""
    if len(normal) != len(text.characters):
        raise ValueError(f"{len(normal)} normalised characters for {len(text.characters)} of the text")
    paragraphs = tuple(_paragraphs(normal))
    enclosed = tuple(sorted(span for paragraph in paragraphs for span in _enclosed(normal, paragraph)))
    quotes = tuple(span for span in enclosed if normal[span.start] in _QUOTES)
    brackets = tuple(span for span in enclosed if normal[span.start] in _BRACKETS)
    sentences = tuple(s for paragraph in paragraphs for s in _sentences(normal, paragraph))
    clauses = tuple(c for sentence in sentences for c in _clauses(normal, sentence, brackets))
    years = tuple(supplied.year for supplied in text.supplied)
    return Document(text, normal, paragraphs, sentences, clauses, quotes, brackets, known_battles(), years)


def _paragraphs(normal: str) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]+", normal):
        yield Span(match.start(), match.end())


def _enclosed(normal: str, paragraph: Span) -> Iterator[Span]:
    """Give quotations and brackets that open and close within the paragraph, with their marks."""
    stack: list[tuple[str, int]] = []
    for match in re.finditer(r"[“”「」『』()（）〔〕\[\]《》\"]", normal[paragraph.start : paragraph.end]):
        mark, at = match[0], paragraph.start + match.start()
        closes = [i for i, (closing, _) in enumerate(stack[-8:], max(0, len(stack) - 8)) if closing == mark]
        if closes:
            start = stack[closes[-1]][1]
            del stack[closes[-1] :]
            yield Span(start, at + 1)
        elif mark in _PAIRS or mark == '"':
            stack.append((_PAIRS.get(mark, mark), at))


def _sentences(normal: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    for match in _SENTENCE_END.finditer(normal, paragraph.start, paragraph.end):
        yield from _pieces(normal, start, match.end())
        start = match.end()
    if start < paragraph.end:
        yield from _pieces(normal, start, paragraph.end)


def _pieces(normal: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST_SENTENCE:
        comma = max(normal.rfind(mark, start, start + LONGEST_SENTENCE) for mark in ",，、")
        cut = comma + 1 if comma > start else start + LONGEST_SENTENCE
        yield Span(start, cut)
        start = cut
    yield Span(start, end)


def _clauses(normal: str, sentence: Span, brackets: Sequence[Span]) -> Iterator[Span]:
    """Give the parts of a sentence between commas and colons that stand outside brackets."""
    start = sentence.start
    for match in _CLAUSE_END.finditer(normal, sentence.start, sentence.end):
        if innermost(brackets, match.start()) is None:
            yield Span(start, match.end())
            start = match.end()
    if start < sentence.end:
        yield Span(start, sentence.end)


@cache
def known_battles() -> tuple[KnownBattle, ...]:
    """Give the battles of `battles.tsv`, in the order of their first day."""
    lines = Path(__file__).with_name("battles.tsv").read_text(encoding="utf-8").splitlines()[1:]
    battles = []
    for line in lines:
        name, aliases, edtf, within = line.split("\t")
        others = tuple(part for part in aliases.split("|") if part)
        battles.append(KnownBattle(name, others, edtf, bounds(edtf), within or None))
    return tuple(sorted(battles, key=lambda battle: (battle.period.earliest, battle.name)))
