"""Skeletons -> relations, by the patterns of `rules/relations.toml`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graph.model import Mention
from graph.reader.document import Document
from graph.reader.echelons import echelons
from graph.reader.lexicon import column
from graph.reader.rules import FOLDER, RuleError, guard_pattern, toml
from graph.reader.skeleton import MentionIndex, Skeleton, skeleton

_PATH = FOLDER / "relations.toml"
# As far back as this many characters the words before a match are looked at.
_REACH = 10


@dataclass(frozen=True, slots=True)
class RelationRule:
    """One way in which a text says a relation."""

    id: str
    type: str
    pattern: re.Pattern[str]
    skip: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    kind: str
    last: bool
    confidence: float
    match: tuple[str, ...]
    no_match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation between two mentions, with its rule and the notes that the words give."""

    rule: str
    type: str
    subject: Mention
    object: Mention
    at: int
    notes: Mapping[str, str] = field(default_factory=dict)


@cache
def relation_rules() -> tuple[RelationRule, ...]:
    """Give the shipped rules for relations."""
    content = toml(_PATH)
    return tuple(_rule(entry, content["macros"]) for entry in content["rule"])


def _rule(entry: Mapping[str, Any], macros: Mapping[str, str]) -> RelationRule:
    source = entry["pattern"]
    for _ in range(2):
        for name, words in macros.items():
            source = source.replace(f"{{{name}}}", words)
    unknown = set(entry) - {
        "id",
        "type",
        "pattern",
        "skip",
        "kind",
        "last",
        "unless",
        "confidence",
        "match",
        "no_match",
    }
    if unknown:
        raise RuleError(_PATH, f"{entry['id']}: no such key: {', '.join(sorted(unknown))}")
    guards = {
        name: guard_pattern(_PATH, entry["id"], name, entry[name]) if name in entry else None
        for name in ("skip", "unless")
    }
    return RelationRule(
        id=entry["id"],
        type=entry["type"],
        pattern=guard_pattern(_PATH, entry["id"], "pattern", source),
        skip=guards["skip"],
        unless=guards["unless"],
        kind=entry.get("kind", ""),
        last=entry.get("last", False),
        confidence=entry.get("confidence", 0.8),
        match=tuple(entry["match"]),
        no_match=tuple(entry.get("no_match", ())),
    )


def ties(document: Document, mentions: MentionIndex) -> Iterator[Tie]:
    """Give the relations of a document in the order of the text, each pair once a sentence."""
    seen: list[Mention] = []
    for sentence in document.sentences:
        view = skeleton(document, sentence, mentions, brackets=True)
        found: dict[tuple[str, str, str], Tie] = {}
        for rule in relation_rules():
            for tie in _matches(rule, view, seen):
                found.setdefault((tie.type, tie.subject.id, tie.object.id), tie)
        yield from sorted(found.values(), key=lambda tie: (tie.at, tie.type, tie.subject.span, tie.object.span))
        yield from _led_by_name(mentions, view)
        seen += [m for m in view.mentions.values() if m.type == "Unit"]
        del seen[:-40]


def _led_by_name(mentions: MentionIndex, view: Skeleton) -> Iterator[Tie]:
    """Give the man in the name of a unit as its commander: 李玉堂兵团, 方先觉部."""
    for at, mention in view.mentions.items():
        if mention.type == "Unit":
            for man in mentions.inner.get(mention.id, ()):
                if man.type == "Person":
                    yield Tie("commands.name", "commands", man, mention, view.starts[at])


def _matches(rule: RelationRule, view: Skeleton, seen: Sequence[Mention]) -> Iterator[Tie]:
    at = 0
    while match := rule.pattern.search(view.text, at):
        at = match.start() + 1
        if rule.unless and rule.unless.search(view.text[max(0, match.start() - _REACH) : match.start()]):
            continue
        place = view.starts[match.start()]
        for subject in _members(view, match, "subject"):
            for other in _objects(rule, view, match, seen):
                if _fits(rule, view, subject, other):
                    yield Tie(rule.id, rule.type, subject, other, place, _notes(rule, match, other))


def _objects(rule: RelationRule, view: Skeleton, match: re.Match[str], seen: Sequence[Mention]) -> Sequence[Mention]:
    if not rule.last:
        return _members(view, match, "object")
    unit = _of_title(match["post"], seen, view, match.start())
    return (unit,) if unit else ()


def _members(view: Skeleton, match: re.Match[str], group: str) -> Sequence[Mention]:
    start, end = match.span(group)
    return [view.mentions[i] for i in range(start, end) if i in view.mentions]


def _of_title(post: str, seen: Sequence[Mention], view: Skeleton, at: int) -> Mention | None:
    """Give the last unit before `at` whose echelon is that of the title (师团长: 师团)."""
    here = [m for i, m in view.mentions.items() if i < at and m.type == "Unit"]
    echelon = post.removeprefix("副").removesuffix("长").removesuffix("参谋").removesuffix("司令")
    echelon = echelon.removesuffix("总") or "军"
    candidates = [m for m in [*seen, *here] if m.canonical.endswith(echelon)]
    return candidates[-1] if candidates else None


def _fits(rule: RelationRule, view: Skeleton, subject: Mention, other: Mention) -> bool:
    if subject.id == other.id or subject.canonical == other.canonical:
        return False
    if rule.skip:
        number = other if other.type == "Number" else subject
        at = next(i for i, m in view.mentions.items() if m is number)
        if rule.skip.search(view.text[max(0, at - 16) : at]):
            return False
    if rule.type == "partOf":
        return other.type == "Organization" or echelons().below(subject, other)
    if rule.type in {"attachedTo", "sameAs"}:
        return subject.canonical[:2] == other.canonical[:2]
    return True


def _notes(rule: RelationRule, match: re.Match[str], superior: Mention) -> Mapping[str, str]:
    notes = {}
    if rule.kind:
        organic = not echelons().commands(superior)
        notes["kind"] = rule.kind if rule.kind != "echelon" else "organic" if organic else "battle"
    post = match.groupdict().get("post")
    if post:
        notes["post"] = post
    return notes


def sides(found: Iterable[Tie]) -> Mapping[str, str]:
    """Give the side of each person by name: of the units to which the text ties him, else as is well known."""
    votes: dict[str, dict[str, int]] = {}
    for tie in found:
        if tie.type in {"commands", "servesIn"}:
            count = votes.setdefault(tie.subject.canonical, {})
            side = tie.object.canonical[:2]
            count[side] = count.get(side, 0) + 1
    told = {name: max(sorted(count), key=lambda side: count[side]) for name, count in votes.items()}
    return {**column("commanders", "name", "side"), **told}


def commanded(found: Iterable[Tie]) -> Mapping[str, tuple[tuple[int, Mention], ...]]:
    """Give for each person the units that the text lets him command, with the place where it says so."""
    units: dict[str, list[tuple[int, Mention]]] = {}
    for tie in found:
        if tie.type == "commands":
            units.setdefault(tie.subject.canonical, []).append((tie.at, tie.object))
    return {name: tuple(sorted(pairs, key=lambda pair: pair[0])) for name, pairs in units.items()}
