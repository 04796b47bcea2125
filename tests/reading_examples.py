"""The examples of rules: `[U:Agent 第6师团]{攻占}[L:Place 长沙]`, mentions, trigger and roles marked."""

import re
from dataclasses import dataclass
from pathlib import Path

from graph.model import Mention, Reading, Span, Text
from graph.reader.read import read
from graph.reader.skeleton import LETTERS

_MARK = re.compile(r"\[(?P<letter>[UFOPLBDNMA])(?::(?P<role>\w+))? (?P<words>[^\]]+)\]|\{(?P<trigger>[^}]+)\}")
_TYPES = {letter: kind for kind, letter in LETTERS.items()}
_JAPANESE = re.compile("师团|联队|旅团|支队|大队|第11军|日军|敌|遣军")


@dataclass(frozen=True, slots=True)
class Example:
    """Characters with mentions, where the trigger stands (None: nowhere), and the roles that the mentions fill."""

    characters: str
    mentions: tuple[Mention, ...]
    trigger: Span | None
    roles: frozenset[tuple[str, str]]

    def reading(self) -> Reading:
        """Give what the reader makes of the example, its marked mentions given."""
        text = Text("example", Path("example"), self.characters, "", {}, "", "Hans", "", "", (), ())
        return read(text, mentions=self.mentions)


def example(source: str) -> Example:
    """Give the example that a rule's entry writes."""
    characters, end, trigger = "", 0, None
    mentions: list[Mention] = []
    roles = set()
    for match in _MARK.finditer(source):
        characters += source[end : match.start()]
        words = match["trigger"] or match["words"]
        span = Span(len(characters), len(characters) + len(words))
        characters, end = characters + words, match.end()
        if match["trigger"]:
            trigger = span
            continue
        mention = Mention(f"T{len(mentions) + 1}", _TYPES[match["letter"]], span, words, _canonical(match))
        mentions.append(mention)
        if match["role"]:
            roles.add((match["role"], mention.id))
    return Example(characters + source[end:], tuple(mentions), trigger, frozenset(roles))


def _canonical(match: re.Match[str]) -> str:
    words = match["words"]
    if match["letter"] not in "UFO":
        return words
    side = "JP/" if _JAPANESE.search(words) else "CN/"
    return side if match["letter"] == "F" else side + words
