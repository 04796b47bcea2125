"""Places: from the gazetteer, by the preposition or verb before, the word of position behind, and the ending.

Each stretch that may be a place is weighed by what stands before it, behind it and in it; the tables carry the weights.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph.model import Span
from graph.reader import lexicon, segments
from graph.reader.finds import HOLE, Find

LEAST = 3.0
LEAST_AGAIN = 1.0
LONGEST = 6
# What a stretch weighs that can be no place.
NEVER = -9.0
# An everyday word of more than that frequency weighs that much against a place.
_EVERYDAY = ((2000, 3.5), (300, 2.6), (60, 1.6), (0, 0.7))

_GAZETTEER = {3.0: 4.2, 2.0: 2.6, 1.0: 1.4}
_DIRECTIONS = frozenset(["东北", "东南", "西北", "西南"])
_ASIDE = re.compile("向|之|侧|角|面|方(?!面)|部")
_MARKS = {
    "、": 0.9,
    ",": 0.7,
    "。": 0.7,
    ";": 0.7,
    ")": 0.7,
    ":": 0.2,
    "(": 0.6,
    "”": 0.5,
    "」": 0.5,
    "》": 0.2,
    "\n": 0.3,
}


@dataclass(frozen=True, slots=True)
class _Tables:
    before: Mapping[str, float]
    after: Mapping[str, float]
    endings: Mapping[str, float]
    gazetteer: Mapping[str, float]
    facilities: tuple[str, ...]
    letters: frozenset[str]
    barred: frozenset[str]
    function: frozenset[str]
    words: Mapping[str, float]


@cache
def _tables() -> _Tables:
    return _Tables(
        before=lexicon.weights("place_before"),
        after=lexicon.weights("place_after"),
        endings={row["suffix"]: float(row["weight"]) for row in lexicon.rows("place_suffixes")},
        gazetteer=lexicon.weights("gazetteer"),
        facilities=tuple(row["suffix"] for row in lexicon.rows("place_suffixes") if row["kind"] == "facility"),
        letters=lexicon.words("province_letters"),
        barred=lexicon.words("not_places"),
        function=lexicon.words("not_in_places"),
        words=lexicon.weights("words"),
    )


@dataclass(slots=True)
class _Weigher:
    """Weighs stretches of one text, the mentions already found blotted out."""

    text: str
    words: bytearray
    places: set[int]

    def left(self, start: int) -> float:
        if start == 0:
            return 0.4
        if start in self.places:
            return 2.0 if self._place_ahead(start) else 1.4
        before = self.text[start - 1]
        if before == HOLE:
            return 0.6
        if before in "、,和及与至" and start - 1 in self.places:
            return 1.2 if before == "," else 2.4
        if self.text[start - 2 : start] in _DIRECTIONS and start - 2 in self.places:
            return 2.0
        for length in (4, 3, 2, 1):
            weight = _tables().before.get(self.text[max(0, start - length) : start]) if start >= length else None
            if weight is not None:
                return weight - (0 if self.words[start] else 2.0)
        if not before.isalnum():
            return 0.5
        return -0.6 if self.words[start] else -2.0

    def right(self, end: int) -> float:
        if end >= len(self.text):
            return 0.6
        after = self.text[end]
        if after == HOLE:
            return 0.5
        for length in (5, 4, 3, 2, 1):
            weight = _tables().after.get(self.text[end : end + length])
            if weight is not None:
                return weight - (0 if self.words[end] else 0.8)
        if after in _MARKS:
            return _MARKS[after] + (1.2 if after == "、" and self._place_ahead(end + 1) else 0)
        if not after.isalnum():
            return 0.3
        return 0.2 if self.words[end] and not self.words[min(end + 1, len(self.words) - 1)] else -1.2

    def _place_ahead(self, start: int) -> bool:
        """Tell whether a sure name of the gazetteer begins here."""
        gazetteer = _tables().gazetteer
        return any(gazetteer.get(self.text[start : start + length], 0) >= 2 for length in (2, 3, 4))

    def inner(self, start: int, end: int) -> float:
        """Give the weight of the characters themselves: as a name of the gazetteer, by their ending and length."""
        name, tables = self.text[start:end], _tables()
        if self._never(name, start, end):
            return NEVER
        level = tables.gazetteer.get(name)
        longer = 0.0
        if level is None:
            known, longer = self._known_part(name)
            level = tables.gazetteer.get(known)
        if level == 3.0:
            return _GAZETTEER[level] + longer
        weight = self._ending(name) + {2: 0.0, 3: 0.5, 4: 0.1}.get(len(name), -0.6)
        if level is not None:
            return weight + _GAZETTEER[level] - self._everyday_word(name) / 2
        if name in tables.words:
            return weight - self._odd(name) - self._everyday_word(name)
        return weight - self._odd(name) - (self._everyday_part(start, end) if len(name) > 2 else 0)

    def _never(self, name: str, start: int, end: int) -> bool:
        """Tell whether the characters can be no place: 孤城, 于长沙, 东南 after 自."""
        tables = _tables()
        if name in tables.barred or (name not in tables.gazetteer and not tables.function.isdisjoint(name)):
            return True
        if name not in tables.gazetteer and name[0] in tables.letters and name[1] in tables.letters:
            return True
        if len(name) > 3 and (name[:2] in tables.before or (name[:2] in _DIRECTIONS and start in self.places)):
            return True
        if name not in _DIRECTIONS:
            return False
        turned = start in self.places or self.text[start - 1 : start] in {"向", "自", "由", "从"}
        return turned or bool(_ASIDE.match(self.text, end))

    @staticmethod
    def _ending(name: str) -> float:
        endings = _tables().endings
        return max((endings[name[-n:]] for n in (3, 2, 1) if n < len(name) and name[-n:] in endings), default=0.0)

    @staticmethod
    def _everyday_word(name: str) -> float:
        """Give what speaks against a name that is an everyday word: the more, the more frequent."""
        frequency = _tables().words.get(name, 0)
        return next((weight for least, weight in _EVERYDAY if frequency > least), 0.0)

    @staticmethod
    def _known_part(name: str) -> tuple[str, float]:
        """Give what the gazetteer may know of a name, 城, 江 or 机场 left off, and what the longer name is worth."""
        facility = next((word for word in _tables().facilities if name.endswith(word)), "")
        if facility:
            return name.removesuffix(facility), 1.5
        if stem(name) != name:
            return stem(name), 0.0
        return (name[:-1], 0.8) if name[-1] in "江河湖山岭" else ("", 0.0)

    @staticmethod
    def _odd(name: str) -> float:
        """Give what speaks against a name: a known place or a direction within, a last character of another word."""
        gazetteer = _tables().gazetteer
        begins = any(gazetteer.get(name[:size], 0) >= 2 for size in (2, 3) if size + 1 < len(name))
        within = any(gazetteer.get(name[first:], 0) >= 2 for first in range(2, len(name) - 1))
        parted = len(name) > 3 and not frozenset("东南西北").isdisjoint(name[2:-1])
        return 2.5 * begins + 2.5 * within + 1.5 * parted + 2.0 * (name[-1] in "间现既道两各即仍乃")

    def _everyday_part(self, start: int, end: int) -> float:
        """Give what an everyday word within the stretch weighs against it: more where it stands last."""
        words = _tables().words
        for first in range(start, end - 1):
            if self.words[first] and not self.words[first + 1]:
                last = next((p for p in range(first + 2, end + 1) if self.words[p]), end)
                if words.get(self.text[first:last], 0) > 60:
                    return 1.2 if first == start and last < end else 2.2
        return 0.0


def stem(name: str) -> str:
    """Give the name without 城, 县城 and the like: they make no other place."""
    for ending in ("县城", "城", "县", "市", "镇", "省"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


def find(closed: str, known_places: Sequence[Span]) -> list[Find]:
    """Give the places in a text whose other mentions are blotted out with U+0001."""
    weigher = _Weigher(closed, segments.starts(closed), {span.end for span in known_places})
    taken: list[Find] = []
    for match in re.finditer(r"[^\W\d_]+", closed):
        taken.extend(_in_run(weigher, match.start(), match.end()))
    taken += _earlier_in_list(weigher, taken)
    return sorted([*taken, *_again(weigher, taken)], key=lambda find: find.span)


def _earlier_in_list(weigher: _Weigher, found: Sequence[Find]) -> Iterator[Find]:
    """Give the members of a list before one that is a place: 界牌、观音阁、潭埠之线."""
    covered = {find.span.end for find in found}
    for find in found:
        stop = find.span.start - 1
        while stop > 1 and weigher.text[stop] == "、" and stop not in covered:
            start = next((stop - n for n in (2, 3, 4, 5) if _member(weigher, stop - n, stop)), None)
            if start is None:
                break
            covered.add(stop)
            yield Find("Place", Span(start, stop), weigher.text[start:stop], "place.list")
            stop = start - 1


def _member(weigher: _Weigher, start: int, stop: int) -> bool:
    name = weigher.text[max(0, start) : stop]
    return start >= 0 and name.isalpha() and weigher.left(start) >= 0.4 and weigher.inner(start, stop) >= -0.8


def _in_run(weigher: _Weigher, start: int, end: int) -> Iterator[Find]:
    """Give the places in one run of characters between marks, from the left."""
    position = start
    while position < end - 1:
        best = _best_at(weigher, position, end)
        if best is None:
            position += 1
            continue
        rival = max((r for r in (_best_at(weigher, p, end) for p in range(position + 1, best[1])) if r), default=None)
        if rival is not None and rival[0] > best[0] + 0.4:
            position += 1
            continue
        weight, stop = best
        span = Span(position, stop)
        weigher.places.add(stop)
        yield Find("Place", span, weigher.text[position:stop], "place.context")
        position = stop


def _best_at(weigher: _Weigher, start: int, end: int) -> tuple[float, int] | None:
    left = weigher.left(start)
    if left < 0 and not any(weigher.text[start : start + n] in _tables().gazetteer for n in (2, 3, 4)):
        return None
    best: tuple[float, int] | None = None
    for stop in range(start + 2, min(end, start + LONGEST) + 1):
        right, inner = weigher.right(stop), weigher.inner(start, stop)
        if left >= 2 and right >= 2:
            inner = max(inner, -1.2) if inner > NEVER else inner
        weight = left + right + inner
        if weight >= LEAST and (best is None or weight >= best[0]):
            best = (weight, stop)
    return best


def _again(weigher: _Weigher, found: Sequence[Find]) -> Iterator[Find]:
    """Give further occurrences of the places found, where the words around do not speak against them."""
    names: dict[str, int] = defaultdict(int)
    for find in found:
        names[find.name] += 1
    covered = {position for find in found for position in range(find.span.start, find.span.end)}
    scanner = lexicon.Scanner.of(names)
    if not names:
        return
    for start, word in scanner.find(weigher.text):
        span = Span(start, start + len(word))
        if start in covered or span.end - 1 in covered:
            continue
        weight = weigher.left(start) + weigher.right(span.end) + max(0.0, weigher.inner(start, span.end))
        if weight >= LEAST_AGAIN:
            yield Find("Place", span, word, "place.again")


def letters(closed: str) -> Iterator[Find]:
    """Give provinces by their one letter, where they border or are counted: 湘、赣边境, 鄂、桂、粤3省."""
    names = lexicon.column("province_letters", "word", "name")
    keys = "".join(names)
    for match in re.finditer(
        rf"[{keys}](?:[、,]?[{keys}]){{0,4}}(?=边|两省|三省|四省|各省|省|境|\d省|地区|交界)", closed
    ):
        for offset, letter in enumerate(match[0]):
            if letter in names:
                start = match.start() + offset
                yield Find("Place", Span(start, start + 1), names[letter], "place.letter")
