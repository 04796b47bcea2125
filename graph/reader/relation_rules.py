"""The rules for relations: `rules/relations.toml` -> compiled patterns, and which unit a title is of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph.model import Mention
from graph.reader.rules import FOLDER, RuleError, guard_pattern, toml

_PATH = FOLDER / "relations.toml"
_GUARDS = ("skip", "unless", "object_not")
_KEYS = {"id", "type", "pattern", "kind", "last", "brackets", "elliptic", "confidence", "match", "no_match", *_GUARDS}


@dataclass(frozen=True, slots=True)
class RelationRule:
    """One way in which a text says a relation; `README.md` beside the rules tells the keys."""

    id: str
    type: str
    pattern: re.Pattern[str]
    guards: Mapping[str, re.Pattern[str]]
    kind: str
    last: str
    brackets: bool
    elliptic: bool
    confidence: float
    match: tuple[str, ...]
    no_match: tuple[str, ...]

    def guarded(self, name: str, text: str) -> bool:
        """Tell whether the rule has a guard of that name, and it is found in the text."""
        return name in self.guards and bool(self.guards[name].search(text))


@cache
def relation_rules() -> tuple[RelationRule, ...]:
    """Give the shipped rules for relations."""
    content = toml(_PATH)
    return tuple(_rule(entry, content["macros"]) for entry in content["rule"])


def _rule(entry: Mapping[str, Any], macros: Mapping[str, str]) -> RelationRule:
    source = entry["pattern"]
    for _ in range(3):
        for name, words in macros.items():
            source = source.replace(f"{{{name}}}", words)
    unknown = set(entry) - _KEYS
    if unknown:
        raise RuleError(_PATH, f"{entry['id']}: no such key: {', '.join(sorted(unknown))}")
    return RelationRule(
        id=entry["id"],
        type=entry["type"],
        pattern=guard_pattern(_PATH, entry["id"], "pattern", source),
        guards={name: guard_pattern(_PATH, entry["id"], name, entry[name]) for name in _GUARDS if name in entry},
        kind=entry.get("kind", ""),
        last=entry.get("last", ""),
        brackets=entry.get("brackets", True),
        elliptic=entry.get("elliptic", False),
        confidence=entry.get("confidence", 0.8),
        match=tuple(entry["match"]),
        no_match=tuple(entry.get("no_match", ())),
    )


@cache
def _titles() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = toml(_PATH)["titles"]
    return tuple((re.compile(f"(?:{title})$"), re.compile(f"(?:{ending})$")) for title, ending in pairs)


def _ending(title: str) -> re.Pattern[str] | None:
    """Give how the units end that one of that title commands or serves in; None where the title does not tell."""
    return next((ending for words, ending in _titles() if words.search(title)), None)


def fits(title: str, unit: Mention) -> bool:
    """Tell whether one of that title may command the unit: no 师长 an army. What no title tells may be."""
    ending = _ending(title)
    return ending is None or unit.type != "Unit" or bool(ending.search(unit.canonical))


def of_title(title: str, units: Sequence[Mention]) -> Iterator[Mention]:
    """Give the units, the last first, that one of that title may command or serve in: 师团长 only a 师团."""
    ending = _ending(title)
    for unit in reversed(units):
        if ending is not None and ending.search(unit.canonical):
            yield unit
