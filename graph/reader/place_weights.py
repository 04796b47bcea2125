"""What a stretch of text weighs as a place: by what stands before it, behind it and in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from graph.reader import lexicon
from graph.reader.finds import HOLE

# What a stretch weighs that can be no place.
NEVER = -9.0
# Before a place: its text's head, a mark, a mention of another kind, a place that it follows (sure of itself or not),
# a list that it goes on with (a comma is less of a list), a word's end, a word's middle.
HEAD, MARK, MENTION, AFTER_PLACE, AFTER_PLACE_SURE, LISTED, LISTED_BY_COMMA = 0.4, 0.5, 0.6, 1.4, 2.0, 2.4, 1.2
WORD_ENDS, WITHIN_WORD = -0.6, -2.0
# Behind it: the end, a mention of another kind, a word, a character that no word begins with; a list that goes on.
END, MENTION_BEHIND, WORD_BEHIND, NO_WORD_BEHIND, LIST_GOES_ON = 0.6, 0.5, 0.2, -1.2, 1.2
# What it costs when a word of the tables before and behind does not begin or end where words do.
BROKEN_BEFORE, BROKEN_BEHIND = 2.0, 0.8
# A name of the gazetteer: a name alone, one in the right place, a likely one; and an everyday word of that frequency.
_GAZETTEER = {3.0: 4.2, 2.0: 2.6, 1.0: 1.4}
_EVERYDAY = ((2000, 3.5), (300, 2.6), (60, 1.6), (0, 0.7))
# A village that bears a family's name: 刘家行.
VILLAGE = 2.2
_LENGTHS = {2: 0.0, 3: 0.5, 4: 0.1}
_TOO_LONG = -0.6

_DIRECTIONS = frozenset(["东北", "东南", "西北", "西南"])
_ASIDE = re.compile("向|之|侧|角|面|方(?!面)|部")
_MARKS = {"、": 0.9, ",": 0.7, "。": 0.7, ";": 0.7, ")": 0.7, "(": 0.6, "”": 0.5, "」": 0.5, ":": 0.2, "》": 0.2}
_OTHER_MARK = 0.3
_TOWNS = ("县城", "城", "县", "市", "镇", "省")


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
    surnames: frozenset[str]


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
        surnames=lexicon.words("surnames_cn"),
    )


@dataclass(slots=True)
class Weigher:
    """Weighs stretches of one text, the mentions already found blotted out; `places` holds where places end."""

    text: str
    words: bytearray
    places: set[int]
    behind: dict[int, float] = field(default_factory=dict)

    def left(self, start: int) -> float:
        """Give the weight of what stands before."""
        if start == 0:
            return HEAD
        if start in self.places:
            return AFTER_PLACE_SURE if self._place_ahead(start) else AFTER_PLACE
        before = self.text[start - 1]
        if before == HOLE:
            return MENTION
        if start - 1 in self.places and before in "、,和及与至":
            return LISTED_BY_COMMA if before == "," else LISTED
        if start - 2 in self.places and self.text[start - 2 : start] in _DIRECTIONS:
            return AFTER_PLACE_SURE
        table = _tables().before
        for length in range(min(4, start), 0, -1):
            weight = table.get(self.text[start - length : start])
            if weight is not None:
                return weight - (0 if self.words[start] else BROKEN_BEFORE)
        if not before.isalnum():
            return MARK
        return WORD_ENDS if self.words[start] else WITHIN_WORD

    def right(self, end: int) -> float:
        """Give the weight of what stands behind."""
        weight = self.behind.get(end)
        if weight is None:
            weight = self.behind[end] = self._right(end)
        return weight

    def _right(self, end: int) -> float:
        if end >= len(self.text):
            return END
        after = self.text[end]
        if after == HOLE:
            return MENTION_BEHIND
        table = _tables().after
        for length in (5, 4, 3, 2, 1):
            weight = table.get(self.text[end : end + length])
            if weight is not None:
                return weight - (0 if self.words[end] else BROKEN_BEHIND)
        if not after.isalnum():
            return _MARKS.get(after, _OTHER_MARK) + (
                LIST_GOES_ON if after == "、" and self._place_ahead(end + 1) else 0
            )
        begins = self.words[end] and not self.words[min(end + 1, len(self.words) - 1)]
        return WORD_BEHIND if begins else NO_WORD_BEHIND

    def _place_ahead(self, start: int) -> bool:
        """Tell whether a sure name of the gazetteer begins here."""
        gazetteer = _tables().gazetteer
        return any(gazetteer.get(self.text[start : start + length], 0) >= 2 for length in (2, 3, 4))

    def named(self, start: int) -> bool:
        """Tell whether any name of the gazetteer begins here."""
        gazetteer = _tables().gazetteer
        return any(self.text[start : start + length] in gazetteer for length in (2, 3, 4))

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
        weight = self._ending(name) + _LENGTHS.get(len(name), _TOO_LONG)
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
        if len(name) == len("刘家行") and name[1] == "家" and name[0] in _tables().surnames:
            return VILLAGE
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
    for ending in _TOWNS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name
