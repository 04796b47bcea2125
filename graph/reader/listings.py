"""Orders of battle printed one formation a line, or listed in one breath -> who stands under whom."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.model import Mention, Span
from graph.reader.document import Document
from graph.reader.echelons import echelons
from graph.reader.relations import Tie
from graph.reader.skeleton import MentionIndex, Skeleton, skeleton

# Fewer lines in a row are no list; a line of a list has no more characters besides names and titles.
_LINES = 3
# So many lines above one are looked at, and the first of its list.
_ABOVE = 60
_OTHER = 6
_PLAIN = re.compile(r"\([^()]*\)|[\ue000-\uf8ff]|[^\w]|\d")


@dataclass(frozen=True, slots=True)
class _Line:
    """The formations of a line outside brackets, none where it only names a man; how far it is set in.

    `number` is the form of the number that it has, `一、` or `(1)`, or ''; those of one form stand beside one another.
    """

    units: tuple[Mention, ...]
    indent: int
    number: str = ""


def listed(document: Document, mentions: MentionIndex) -> Iterator[Tie]:
    """Give who stands under whom in the lists of a document."""
    block: list[_Line] = []
    for paragraph in document.paragraphs:
        if not document.normal[paragraph.start : paragraph.end].strip():
            continue
        line = _line(document, mentions, paragraph)
        if line:
            block.append(line)
            continue
        yield from _ties(block)
        block = []
    yield from _ties(block)


def in_one_breath(document: Document, mentions: MentionIndex) -> Iterator[Tie]:
    """Give who stands under whom where a sentence lists troops with their own parts."""
    for sentence in document.sentences:
        view = skeleton(document, sentence, mentions, brackets=True)
        for match in echelons().patterns["inline"].finditer(view.text):
            start, end = match.span("run")
            head = view.mentions[match.start("head")]
            units = [(at, m) for at, m in sorted(view.mentions.items()) if start <= at < end and m.type == "Unit"]
            outside = [(at, m) for at, m in units if not _bracketed(document, m, head)]
            yield from _nested(view, head, outside)


def _bracketed(document: Document, unit: Mention, head: Mention) -> bool:
    return document.bracket_at(unit.span.start) != document.bracket_at(head.span.start)


def _nested(view: Skeleton, head: Mention, units: Sequence[tuple[int, Mention]]) -> Iterator[Tie]:
    """Give each unit under the one right before it, 第94军第5师, or beside it under what that one stands under."""
    above = [head]
    for at, unit in units:
        beside = view.text[at - 1] in "、,及和与以暨并"
        ancestors = above[:-1] if beside and len(above) > 1 else above
        fits = [other for other in ancestors if echelons().stands(unit, other)]
        if fits:
            yield Tie("part.nested", "partOf", unit, fits[-1], unit.span.start, {"kind": echelons().kind(fits[-1])})
        above = [*fits, unit] if fits else [head, unit]


def _line(document: Document, mentions: MentionIndex, paragraph: Span) -> _Line | None:
    """Give a paragraph as a line of a list; None where it tells more than names and titles."""
    view = skeleton(document, paragraph, mentions, brackets=True)
    patterns = echelons().patterns
    rest = _PLAIN.sub("", patterns["titles"].sub("", re.sub(r"\([^()]*\)", "", view.text)))
    if len(rest) > _OTHER or "。" in view.text.strip()[:-1]:
        return None
    found = patterns["line"].match(view.text)
    indent = len(view.text) - len(view.text.lstrip())
    if found:
        return _Line(_heads(view, found.start("first")), indent, _form(found["number"] or ""))
    return _Line((), indent) if any(m.type == "Person" for m in view.mentions.values()) else None


def _form(number: str) -> str:
    """Give the form of a number: (三) and (十二) have one, 3. another."""
    return re.sub(r"\d+", "1", re.sub(r"[^\W\d]+", "一", number))


def _heads(view: Skeleton, start: int) -> tuple[Mention, ...]:
    """Give the formations that a line lists: the first, and those after a mark, outside brackets."""
    heads, depth = [], 0
    for at, character in enumerate(view.text[start:], start):
        depth += {"(": 1, ")": -1}.get(character, 0)
        mention = view.mentions.get(at)
        if mention and mention.type == "Unit" and not depth and (at == start or view.text[at - 1] in "、,及和与 \t"):
            heads.append(mention)
    return tuple(heads)


def _ties(block: Sequence[_Line]) -> Iterator[Tie]:
    if sum(bool(line.units) for line in block) < _LINES:
        return
    set_in = len({line.indent for line in block if line.units}) > 1
    above: list[tuple[_Line, Mention]] = []
    for line in block:
        for unit in line.units:
            fits = [
                (higher, other)
                for higher, other in (*above[:1], *above[1:][-_ABOVE:])
                if echelons().stands(unit, other) and not (line.number and line.number == higher.number)
            ]
            if set_in:
                fits = [pair for pair in fits if pair[0].indent < line.indent] or fits[:1]
            if fits:
                whole = fits[-1][1]
                yield Tie("part.line", "partOf", unit, whole, unit.span.start, {"kind": echelons().kind(whole)})
        above += [(line, unit) for unit in line.units]
