"""The rules of the reader: `rules/*.toml` -> compiled rules, and the triggers they find in a skeleton."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graph.errors import InputError
from graph.reader.skeleton import expand

FOLDER = Path(__file__).with_name("rules")
# How many characters on either side of a trigger a rule's guards may look at.
REACH = 24
# Stands for the trigger in a guard that looks at both sides of it.
MARK = "¦"


class RuleError(InputError):
    """A rule whose entry does not hold, with its file and id."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a text says an event: words, what must stand around them, and what the clause's parts mean."""

    id: str
    type: str
    triggers: tuple[str, ...]
    frame: Mapping[str, str]
    guards: Mapping[str, re.Pattern[str]]
    modality: str
    scope: str
    kind: str
    confidence: float
    match: tuple[str, ...]
    no_match: tuple[str, ...]

    def holds(self, text: str, start: int, end: int) -> bool:
        """Tell whether the words around `text[start:end]` are as the rule wants them."""
        left, right = text[max(0, start - REACH) : start], text[end : end + REACH]
        for name, pattern in self.guards.items():
            if name == "around":
                seen = pattern.search(f"{left}{MARK}{right}")
            else:
                seen = pattern.search(left) if name.endswith("before") else pattern.match(right)
            if bool(seen) == name.startswith("not_"):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's trigger at skeleton characters `start` up to `words`; what it governs begins at `end`."""

    rule: Rule
    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules by the first character of their triggers, the longer first; None for a word that holds no trigger."""

    rules: tuple[Rule, ...]
    by_character: Mapping[str, tuple[tuple[str, Rule | None], ...]]

    def hits(self, text: str) -> Iterator[Hit]:
        """Give the triggers in a skeleton's text from left to right; of those that overlap the first and longest."""
        at = barred = 0
        while at < len(text):
            rule, end, refused = self._first(text, at, barred)
            if rule:
                yield Hit(rule, at, end, end)
            at, barred = end, max(barred, refused)

    def _first(self, text: str, at: int, barred: int) -> tuple[Rule | None, int, int]:
        """Give the rule whose trigger begins here, where to go on, and the end of a word that was refused.

        What ends inside a word refused before, up to `barred`, is no trigger; 进攻 in 以东进攻 goes beyond 东进.
        """
        refused: set[str] = set()
        furthest = 0
        for words, rule in self.by_character.get(text[at], ()):
            end = at + len(words)
            if end <= barred or not text.startswith(words, at) or (rule and rule.id in refused):
                continue
            if rule is None or rule.holds(text, at, end):
                return rule, end, furthest
            refused.add(rule.id)
            furthest = max(furthest, end)
        return None, at + 1, furthest


def rule_set(rules: Sequence[Rule], blocks: Sequence[str] = ()) -> RuleSet:
    """Give the rules in a form that finds triggers; of two rules with the same words the earlier is tried first."""
    by_character: dict[str, list[tuple[str, Rule | None]]] = {}
    pairs: list[tuple[str, Rule | None]] = [(words, rule) for rule in rules for words in rule.triggers]
    for words, holder in [*pairs, *((words, None) for words in blocks)]:
        by_character.setdefault(words[0], []).append((words, holder))
    ordered = {c: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for c, found in by_character.items()}
    return RuleSet(tuple(rules), ordered)


@cache
def event_rules() -> RuleSet:
    """Give the shipped rules for events, all `rules/events-*.toml`."""
    return rule_set(_rules(sorted(FOLDER.glob("events-*.toml"))), toml(FOLDER / "words.toml")["blocks"])


@cache
def loss_rules() -> RuleSet:
    """Give the shipped rules for counted losses, `rules/losses.toml`."""
    return rule_set(_rules([FOLDER / "losses.toml"]))


def _rules(paths: Sequence[Path]) -> list[Rule]:
    frames = toml(FOLDER / "frames.toml")
    return [_rule(path, entry, frames) for path in paths for entry in toml(path)["rule"]]


def toml(path: Path) -> dict[str, Any]:
    """Give the content of a TOML file; a fault is a RuleError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(path, f"not TOML: {error}") from error


_GUARDS = ("before", "after", "not_before", "not_after", "around")
_KEYS = {"id", "type", "triggers", "frame", "modality", "scope", "kind", "confidence", "match", "no_match", *_GUARDS}


def _rule(path: Path, entry: Mapping[str, Any], frames: Mapping[str, Mapping[str, str]]) -> Rule:
    name = entry.get("id", "a rule without id")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise RuleError(path, f"{name}: no such key: {', '.join(unknown)}")
    for key in ("id", "type", "triggers", "match"):
        if not entry.get(key):
            raise RuleError(path, f"{name}: lacks {key}")
    frame = entry.get("frame", entry["type"])
    if frame not in frames:
        raise RuleError(path, f"{name}: frames.toml has no [{frame}]")
    return Rule(
        id=name,
        type=entry["type"],
        triggers=tuple(entry["triggers"]),
        frame=frames[frame],
        guards={guard: guard_pattern(path, name, guard, entry[guard]) for guard in _GUARDS if guard in entry},
        modality=entry.get("modality", ""),
        scope=entry.get("scope", ""),
        kind=entry.get("kind", ""),
        confidence=entry.get("confidence", 0.8),
        match=tuple(entry["match"]),
        no_match=tuple(entry.get("no_match", ())),
    )


def guard_pattern(path: Path, name: str, guard: str, source: str) -> re.Pattern[str]:
    """Give a guard's pattern compiled; a fault in it is a RuleError that names the rule."""
    try:
        return re.compile(expand(source))
    except re.error as error:
        raise RuleError(path, f"{name}: {guard} is no regular expression: {error}") from error
