"""Skeletons -> relations, by the patterns of `rules/relations.toml`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.model import Mention
from graph.reader.document import Document
from graph.reader.echelons import echelons
from graph.reader.lexicon import column
from graph.reader.narrators import Narrators
from graph.reader.relation_rules import RelationRule, fits, of_title, relation_rules
from graph.reader.skeleton import MentionIndex, Skeleton, skeleton

# As far back as this many characters the words before a match, and before a number, are looked at.
_REACH = 10
_REACH_OF_NUMBER = 28
# So many units before a title are remembered; the whole of 其第18联队 stands within so many characters.
_MEMORY = 40
_NEAR = 160
_DIGITS = frozenset("0123456789〇零一二三四五六七八九十百")
_POSTS = frozenset({"commands", "servesIn"})


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation between two mentions, with its rule and the notes that the words give."""

    rule: str
    type: str
    subject: Mention
    object: Mention
    at: int
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Title:
    """A title without its unit, or a part without its whole: whose it is, who leads, the units named before it.

    `own` is the narrator's unit where none is named in the sentence before it.
    """

    rule: RelationRule
    holder: Mention
    post: str
    leader: str
    at: int
    before: Sequence[Mention]
    own: Mention | None


def ties(document: Document, mentions: MentionIndex, narrators: Narrators) -> Iterator[Tie]:
    """Give the relations of a document in the order of the text, each pair once a sentence."""
    seen: list[Mention] = []
    titles: list[_Title] = []
    told: list[Tie] = []
    for sentence in document.sentences:
        views = {full: skeleton(document, sentence, mentions, brackets=full) for full in (True, False)}
        found: dict[tuple[str, str, str], Tie] = {}
        for rule in relation_rules():
            if rule.last:
                titles += _titles(rule, views[True], seen, narrators)
                continue
            for tie in _matches(rule, views[rule.brackets]):
                found.setdefault((tie.type, tie.subject.id, tie.object.id), tie)
        told += [*found.values(), *_led_by_name(mentions, views[True])]
        seen += [m for m in views[True].mentions.values() if m.type == "Unit"]
        del seen[:-_MEMORY]
    told += _resolved(titles, told)
    told += [Tie("part.own", "partOf", p, own, p.span.start, {"kind": "organic"}) for p, own in narrators.parts()]
    yield from sorted(told, key=lambda tie: (tie.at, tie.type, tie.subject.span, tie.object.span))


def _led_by_name(mentions: MentionIndex, view: Skeleton) -> Iterator[Tie]:
    """Give the man in the name of a unit as its commander: 李玉堂兵团, 方先觉部."""
    for at, mention in view.mentions.items():
        if mention.type == "Unit":
            for man in mentions.inner.get(mention.id, ()):
                if man.type == "Person":
                    yield Tie("commands.name", "commands", man, mention, view.starts[at])


def _found(rule: RelationRule, view: Skeleton) -> Iterator[re.Match[str]]:
    at = 0
    while match := rule.pattern.search(view.text, at):
        at = match.start() + 1
        if not rule.guarded("unless", view.text[max(0, match.start() - _REACH) : match.start()]):
            yield match


def _matches(rule: RelationRule, view: Skeleton) -> Iterator[Tie]:
    for match in _found(rule, view):
        place = view.starts[match.start()]
        post = match.groupdict().get("post") or ""
        objects = _members(view, match, "object")
        for subject in _members(view, match, "subject"):
            for other in _elliptic(objects) if rule.elliptic else objects:
                if _fits(rule, view, subject, other):
                    lower = rule.type == "commands" and not fits(post, other)
                    kind = "servesIn" if lower else rule.type
                    yield Tie(rule.id, kind, subject, other, place, _notes(rule, match, other))


def _elliptic(units: Sequence[Mention]) -> Sequence[Mention]:
    """Give the last of listed units, and with it those whose names end in their number: 第1、第19集团军总司令."""
    return [unit for unit in units if unit is units[-1] or unit.surface[-1:] in _DIGITS]


def _titles(rule: RelationRule, view: Skeleton, seen: Sequence[Mention], narrators: Narrators) -> Iterator[_Title]:
    """Give the titles without a unit in a sentence: 师团长天谷直次郎, 杨森副长官."""
    for match in _found(rule, view):
        here = [m for i, m in view.mentions.items() if i < match.start() and m.type == "Unit"]
        groups = match.groupdict()
        leader = view.mentions[match.start("leader")].canonical if groups.get("leader") else ""
        for holder in _members(view, match, "subject"):
            at = view.starts[match.start()]
            own = None if here else narrators.unit(at)
            yield _Title(rule, holder, groups.get("post") or "", leader, at, (*seen, *here), own)


def _resolved(titles: Iterable[_Title], told: Sequence[Tie]) -> Iterator[Tie]:
    """Give titles with their unit: one that the text says the man leads or serves in, else the last that fits."""
    posts: dict[str, dict[str, Mention]] = {}
    led: dict[str, set[str]] = {}
    for tie in told:
        if tie.type in _POSTS:
            posts.setdefault(tie.subject.canonical, {}).setdefault(tie.object.canonical, tie.object)
        if tie.type == "commands":
            led.setdefault(tie.object.canonical, set()).add(tie.subject.canonical)
    side_of, leaders = sides(told), commanded(told)
    for title in titles:
        if title.rule.last == "whole":
            unit = _whole(title)
        elif title.leader:
            unit = next((unit for at, unit in reversed(leaders.get(title.leader, ())) if at <= title.at), None)
        else:
            unit = _own(title, posts, led, side_of)
        if unit:
            notes = {"post": title.post} if title.post else _kind(title.rule, unit)
            if title.rule.type == "commands":
                led.setdefault(unit.canonical, set()).add(title.holder.canonical)
            yield Tie(title.rule.id, title.rule.type, title.holder, unit, title.at, notes)


def _whole(part: _Title) -> Mention | None:
    """Give the last unit named before a part, 其第18联队, that stands above it."""
    ranks = echelons()
    near = (m for m in reversed(part.before) if part.at - m.span.end < _NEAR)
    fits = (m for m in near if ranks.rank(m) > ranks.rank(part.holder) > 0)
    return next((m for m in fits if m.canonical[:3] == part.holder.canonical[:3]), None)


def _own(
    title: _Title, posts: Mapping[str, Mapping[str, Mention]], led: Mapping[str, set[str]], side_of: Mapping[str, str]
) -> Mention | None:
    """Give the unit of a title's holder: his own by the text, else the last that no other man leads, else the last."""
    name = title.holder.canonical
    known = [m for m in of_title(title.post, tuple(posts.get(name, {}).values())) if m.span.start < title.at]
    near = [m for m in of_title(title.post, title.before) if side_of.get(name) in {None, m.canonical[:2]}]
    ours = list(of_title(title.post, [title.own])) if title.own else []
    free = [m for m in near if title.rule.last == "free" and led.get(m.canonical, set()) <= {name}]
    return next(iter((*known, *ours, *free, *near)), None)


def _members(view: Skeleton, match: re.Match[str], group: str) -> Sequence[Mention]:
    """Give the mentions in a group of a match; what stands in brackets inside the group is none of it."""
    start, end = match.span(group)
    members, depth = [], 0
    for i in range(start, end):
        depth += {"(": 1, "〔": 1, ")": -1, "〕": -1}.get(view.text[i], 0)
        if i in view.mentions and not depth:
            members.append(view.mentions[i])
    return members


def _fits(rule: RelationRule, view: Skeleton, subject: Mention, other: Mention) -> bool:
    if subject.id == other.id or subject.canonical == other.canonical:
        return False
    if rule.guarded("object_not", other.canonical):
        return False
    if "skip" in rule.guards:
        number = other if other.type == "Number" else subject
        at = next(i for i, m in view.mentions.items() if m is number)
        if rule.guarded("skip", view.text[max(0, at - _REACH_OF_NUMBER) : at]):
            return False
    if rule.type == "partOf":
        return other.type == "Organization" or echelons().below(subject, other)
    if rule.type in {"attachedTo", "sameAs"}:
        return subject.canonical[:2] == other.canonical[:2]
    return True


def _notes(rule: RelationRule, match: re.Match[str], superior: Mention) -> Mapping[str, str]:
    post = match.groupdict().get("post")
    return {**_kind(rule, superior), **({"post": post} if post else {})}


def _kind(rule: RelationRule, superior: Mention) -> Mapping[str, str]:
    """Give the kind of subordination that a rule tells; with `echelon` the superior's rank tells it."""
    if rule.kind != "echelon":
        return {"kind": rule.kind} if rule.kind else {}
    return {"kind": echelons().kind(superior)}


def sides(found: Iterable[Tie]) -> Mapping[str, str]:
    """Give the side of each person by name: of the units to which the text ties him, else as is well known."""
    votes: dict[str, dict[str, int]] = {}
    for tie in found:
        if tie.type in _POSTS:
            count = votes.setdefault(tie.subject.canonical, {})
            side = tie.object.canonical[:2]
            count[side] = count.get(side, 0) + 1
    told = {name: max(sorted(count), key=lambda side: count[side]) for name, count in votes.items()}
    return {**column("commanders", "name", "side"), **told}


def leaders(found: Iterable[Tie]) -> Mapping[str, tuple[tuple[int, Mention], ...]]:
    """Give for each unit by name the persons that the text lets command it, with the place where it says so."""
    return _placed((tie.object.canonical, tie.at, tie.subject) for tie in found if tie.type == "commands")


def commanded(found: Iterable[Tie]) -> Mapping[str, tuple[tuple[int, Mention], ...]]:
    """Give for each person the units that the text lets him command, with the place where it says so."""
    return _placed((tie.subject.canonical, tie.at, tie.object) for tie in found if tie.type == "commands")


def _placed(found: Iterable[tuple[str, int, Mention]]) -> Mapping[str, tuple[tuple[int, Mention], ...]]:
    """Give by name what is told of each, in the order of the places."""
    told: dict[str, list[tuple[int, Mention]]] = {}
    for name, at, mention in found:
        told.setdefault(name, []).append((at, mention))
    return {name: tuple(sorted(pairs, key=lambda pair: pair[0])) for name, pairs in told.items()}
