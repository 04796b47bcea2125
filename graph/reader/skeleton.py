"""Document + mentions -> Skeleton: a stretch of text with each mention as one private-use character of its type."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.model import Mention, Span
from graph.reader.document import Document, within

LETTERS: Mapping[str, str] = {
    "Unit": "U",
    "Force": "F",
    "Organization": "O",
    "Person": "P",
    "Place": "L",
    "Battle": "B",
    "Date": "D",
    "Number": "N",
    "Materiel": "M",
    "Award": "A",
}
CODES: Mapping[str, str] = {kind: chr(0xE000 + ord(letter)) for kind, letter in LETTERS.items()}
_QUOTE_MARKS = '“”「」『』"'


@dataclass(frozen=True, slots=True)
class Skeleton:
    """`text` with `starts[i]`, the original offset of its character i (one more at the end); `mentions` by index."""

    text: str
    starts: tuple[int, ...]
    mentions: Mapping[int, Mention]

    def span(self, start: int, end: int) -> Span:
        """Give the original characters of the skeleton's characters `start` up to `end`."""
        last = self.mentions.get(end - 1)
        return Span(self.starts[start], last.span.end if last else self.starts[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class MentionIndex:
    """The mentions of a document in order, the outermost of nested ones, and those inside each."""

    outer: tuple[Mention, ...]
    inner: Mapping[str, tuple[Mention, ...]]

    def within(self, span: Span) -> Sequence[Mention]:
        """Give the outer mentions that begin inside `span`."""
        low = bisect_left(self.outer, span.start, key=lambda m: m.span.start)
        high = bisect_left(self.outer, span.end, key=lambda m: m.span.start)
        return self.outer[low:high]


def index(mentions: Sequence[Mention]) -> MentionIndex:
    """Give the index of mentions in any order; of overlapping ones the earlier and longer stands outside."""
    outer: list[Mention] = []
    inner: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda m: (m.span.start, -m.span.end, m.id)):
        if outer and mention.span.start < outer[-1].span.end:
            inner.setdefault(outer[-1].id, []).append(mention)
        else:
            outer.append(mention)
    return MentionIndex(tuple(outer), {key: tuple(found) for key, found in inner.items()})


def pattern(source: str) -> re.Pattern[str]:
    """Give the compiled pattern in which `<UF>` stands for one mention of the types with these letters.

    >>> pattern("攻占<L>").pattern == "攻占[" + CODES["Place"] + "]"
    True
    """
    return re.compile(expand(source))


_TYPES = re.compile(r"\\.|(?<!\?P)<([A-Z]+)>|[\[\]]")


def expand(source: str) -> str:
    """Give the source of a regular expression with `<UF>` replaced by the class of those mentions' characters."""
    inside = False

    def replacement(match: re.Match[str]) -> str:
        nonlocal inside
        if match[1]:
            letters = "".join(chr(0xE000 + ord(letter)) for letter in match[1])
            return letters if inside else f"[{letters}]"
        if match[0] in "[]":
            inside = match[0] == "["
        return match[0]

    return _TYPES.sub(replacement, source)


def skeleton(document: Document, span: Span, mentions: MentionIndex, *, brackets: bool = False) -> Skeleton:
    """Give the skeleton of `span`; without `brackets` what stands in brackets is left out."""
    chars: list[str] = []
    starts: list[int] = []
    found: dict[int, Mention] = {}
    skipped = () if brackets else _inside(document.brackets, span)
    at = span.start
    queue = list(mentions.within(span))
    queue.reverse()
    while at < span.end:
        bracket = next((b for b in skipped if b.start <= at < b.end), None)
        if bracket:
            at = bracket.end
            continue
        while queue and queue[-1].span.start < at:
            queue.pop()
        if queue and queue[-1].span.start == at:
            mention = queue.pop()
            found[len(chars)] = mention
            chars.append(CODES[mention.type])
            starts.append(at)
            at = mention.span.end
            continue
        if not _quotes_name(document, mentions, at):
            chars.append(document.normal[at])
            starts.append(at)
        at += 1
    return Skeleton("".join(chars), (*starts, at), found)


def _inside(brackets: Sequence[Span], span: Span) -> Sequence[Span]:
    return [b for b in within(brackets, span) if b != span]


def _quotes_name(document: Document, mentions: MentionIndex, at: int) -> bool:
    """Tell whether the character is a quotation mark around nothing but a name: “华北方面军”."""
    if document.normal[at] not in _QUOTE_MARKS:
        return False
    quote = document.quote_at(at)
    if quote is None or quote.end - quote.start > 20:
        return False
    names = mentions.within(quote)
    return len(names) == 1 and names[0].span == Span(quote.start + 1, quote.end - 1)
