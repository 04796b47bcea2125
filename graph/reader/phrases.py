"""Skeleton -> segments (clauses with a trigger) and noun groups with their case."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graph.model import Mention
from graph.reader.grammar import Grammar, grammar
from graph.reader.rules import Hit
from graph.reader.skeleton import Skeleton

KINDS = {
    "Unit": "force",
    "Force": "force",
    "Organization": "force",
    "Person": "force",
    "Place": "place",
    "Materiel": "thing",
    "Number": "number",
    "Award": "award",
}
# Marks around a name that do not part it from its neighbours.
_MARKS = {ord(mark): None for mark in "“”《》「」『』"}
# A preposition is looked for in this many characters before its noun.
_BEFORE = 14


@dataclass(frozen=True, slots=True)
class Group:
    """A noun group: its heads, places that describe it, its case and characters; `head` is where its name begins."""

    heads: tuple[Mention, ...]
    kind: str
    case: str
    start: int
    head: int
    end: int
    places: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Skeleton characters `start` up to `end` with the triggers inside; only the last may have none."""

    start: int
    end: int
    hits: tuple[Hit, ...]


def segments(skeleton: Skeleton, hits: Sequence[Hit]) -> Iterator[Segment]:
    """Give the clauses; one without a trigger is joined to the next one."""
    start, queue = 0, list(hits)
    for end in [*_commas(skeleton), len(skeleton.text)]:
        inside = [hit for hit in queue if hit.end <= end]
        if inside:
            yield Segment(start, end, tuple(inside))
            queue = queue[len(inside) :]
            start = end


def _commas(skeleton: Skeleton) -> Iterator[int]:
    """Give the ends of clauses: after a comma or colon that does not stand between two names of a kind."""
    text = skeleton.text
    for at, character in enumerate(text):
        if character in ",:。;!?“":
            left, right = skeleton.mentions.get(at - 1), skeleton.mentions.get(at + 1)
            listed = left and right and left.type == right.type and left.type in {"Place", "Unit"}
            if character != "," or not listed:
                yield at + 1


def groups(skeleton: Skeleton, start: int, end: int, hits: Sequence[Hit]) -> tuple[Group, ...]:
    """Give the noun groups between two skeleton characters; none reaches over a trigger."""
    found: list[Group] = []
    small = grammar()
    for at in range(start, end):
        mention = skeleton.mentions.get(at)
        if mention is None or mention.type not in KINDS:
            continue
        last = found[-1] if found else None
        parted = last is not None and any(last.end <= hit.start < at for hit in hits)
        joined = _join(small, skeleton, last, mention, at) if last and not parted else None
        if joined:
            found[-1] = joined
        else:
            found.append(_group(small, skeleton, last, mention, start, at))
    return tuple(found)


def _group(small: Grammar, skeleton: Skeleton, last: Group | None, mention: Mention, start: int, at: int) -> Group:
    left = skeleton.text[max(start, at - _BEFORE) : at]
    kind = KINDS[mention.type]
    case, length = small.case(left, unit=kind == "force")
    if not case and kind == "force" and last and last.case == "toward" and last.kind == "place" and at - last.end <= 8:
        case = "toward" if not re.search("[,。;:的]", skeleton.text[last.end : at]) else ""
    if not case and kind == "force" and last and last.kind == "number" and skeleton.text[last.end : at] in {"", "的"}:
        case = last.case
    return Group((mention,), kind, case, at - length, at, at + 1)


def _join(small: Grammar, skeleton: Skeleton, last: Group, mention: Mention, at: int) -> Group | None:
    """Give the last group with the mention taken into it, or None where the mention begins a group of its own."""
    gap = skeleton.text[last.end : at].translate(_MARKS)
    kind = KINDS[mention.type]
    if len(gap) > 16:
        return None
    full = {name: small.patterns[name].fullmatch(gap) for name in ("list", "part", "title", "range")}
    if kind == last.kind and full["list"] and not _parted(last.heads[-1], mention):
        return replace(last, heads=(*last.heads, mention), end=at + 1)
    if kind == last.kind == "place":
        return _place(small, last, mention, gap, at, ranged=bool(full["range"]))
    if kind == last.kind == "force" and gap == "," and {mention.type, last.heads[-1].type} == {"Unit"}:
        return replace(last, heads=(*last.heads, mention), end=at + 1)
    if kind == last.kind == "force" and (full["part"] or (mention.type == "Person" and full["title"])):
        kept = last.heads[:-1] if _narrows(last.heads[-1], mention) else last.heads
        heads = (*kept, mention)
        case = "" if last.case == "at" and full["title"] and gap.startswith("的") else last.case
        return replace(last, heads=heads, case=case, end=at + 1)
    if last.kind == "place" and kind == "force" and _stands(small, gap):
        case, places = last.case, (*last.places, *last.heads)
        if case in {"at", "from"} and not gap.endswith(("的", "之")) and gap:
            return None
        return Group((mention,), kind, case, last.start, at, at + 1, places)
    return None


def _parted(first: Mention, second: Mention) -> bool:
    """Tell whether two names are of two armies, and so no list: 第一战区与日军."""
    sides = {m.canonical[:3] for m in (first, second) if m.type in {"Unit", "Force"}}
    return len(sides & {"CN/", "JP/"}) == 2


def _narrows(first: Mention, second: Mention) -> bool:
    """Tell whether the second of two adjacent names is the one meant: 日军第11军, 第18军第11师, 第11军司令官横山勇."""
    return not (first.type == "Person" and second.type == "Person")


def _place(small: Grammar, last: Group, mention: Mention, gap: str, at: int, *, ranged: bool) -> Group | None:
    if gap == "," or ranged:
        return replace(last, heads=(*last.heads, mention), end=at + 1)
    rest = small.patterns["locative"].match(gap)
    tail = gap[rest.end() :] if rest else gap
    if tail in {"", "的", "之", "境内的"}:
        return replace(last, heads=(*last.heads[:-1], mention), end=at + 1)
    return None


def _stands(small: Grammar, gap: str) -> bool:
    rest = small.patterns["locative"].match(gap)
    return bool(small.patterns["standing"].fullmatch(gap, rest.end() if rest else 0))
