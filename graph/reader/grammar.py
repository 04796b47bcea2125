"""The grammar's small words -> compiled patterns: cases of prepositions, lists, locatives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graph.reader.rules import FOLDER, toml
from graph.reader.skeleton import pattern

# Before a place that describes whom a force is: 由南宁北援之敌 stands after no preposition.
_WHENCE = frozenset({"由", "从", "自", "在"})


@dataclass(frozen=True, slots=True)
class Grammar:
    """`case_of` gives the case of each preposition, `before` finds one at the end of a stretch, `patterns` by name."""

    case_of: Mapping[str, str]
    before: re.Pattern[str]
    patterns: Mapping[str, re.Pattern[str]]

    def case(self, left: str, *, unit: bool) -> tuple[str, int]:
        """Give the case that the end of `left` gives to the noun after it, and how many characters say so.

        The prepositions of two cases, 由 and 经, are `by` before a unit, force or person; before a place 由 is `from`.
        """
        match = self.before.match(left)
        if not match:
            return "", 0
        word = match["word"]
        if word in _WHENCE and unit and any("\ue000" <= c <= "\uf8ff" for c in left[match.end("word") :]):
            return "", 0
        case = "by" if word in {"由", "经"} and unit else "from" if word == "由" else self.case_of[word]
        return case, len(left) - match.start("word")


@cache
def grammar() -> Grammar:
    """Give the shipped grammar, `rules/grammar.toml`."""
    content = toml(FOLDER / "grammar.toml")
    case_of = {word: case for case, words in content["cases"].items() for word in words}
    barred = content["not_after"]
    ordered = sorted(case_of, key=lambda word: (-len(word), word))
    words = "|".join(f"(?<![{barred[word]}]){word}" if word in barred else word for word in ordered)
    patterns = {name: pattern(source) for name, source in content["patterns"].items()}
    before = re.compile(f".*(?P<word>{words}){content['patterns']['between']}$")
    return Grammar(case_of, before, patterns)
