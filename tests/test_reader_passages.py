"""Passages in the style of other campaigns hold the rules for events to what they do not know by heart."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.model import Event, Mention, Modality, Reading
from graph.reader.read import read
from tests.reading_passages import Passage, passages

FOLDER = Path(__file__).with_name("passages")


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a reader marked it: type, trigger, modality, and roles by the words that fill them."""

    type: str
    words: str
    modality: str
    roles: tuple[tuple[str, str], ...]


def lines(name: str) -> Mapping[str, Sequence[str]]:
    """Give the lines of a file of the passages by the title that they stand under."""
    blocks = (FOLDER / name).read_text(encoding="utf-8").split("\n## ")[1:]
    return {block.partition("\n")[0]: block.strip().split("\n")[1:] for block in blocks}


def marked(name: str) -> Mapping[str, tuple[Told, ...]]:
    """Give the events of each passage of a file by its title."""
    return {title: tuple(_told(line) for line in told) for title, told in lines(name).items()}


def marked_relations(name: str) -> Mapping[str, Set[tuple[str, ...]]]:
    """Give the relations of each passage of a file by its title: type and the canonical names of both ends."""
    return {title: {tuple(line.split(" ")) for line in told} for title, told in lines(name).items()}


def _told(line: str) -> Told:
    kind, words, *rest = line.split(" ")
    modality = rest.pop(0) if rest and rest[0] in {"planned", "negated"} else "actual"
    roles = tuple((name, filler) for name, _, filler in (part.partition("=") for part in rest))
    return Told(kind, words, modality, roles)


def readings(name: str) -> Iterator[tuple[Passage, tuple[Told, ...], Reading]]:
    """Give each passage of a file with the events marked in it and what the reader makes of it."""
    told = marked(name)
    for passage in passages():
        if passage.title in told:
            yield passage, told[passage.title], reading(passage)


def reading(passage: Passage) -> Reading:
    """Give what the reader makes of a passage, its mentions given."""
    words = passage.text.characters
    mentions = tuple(
        Mention(f"T{number}", kind, span, words[span.start : span.end], name)
        for number, (kind, span, name) in enumerate(passage.marked, 1)
    )
    return read(passage.text, mentions=mentions)


def _pairs(told: tuple[Told, ...], reading: Reading) -> Iterator[tuple[Told, Event]]:
    """Give what was marked with what was found, one to one by type and trigger in the order of the text."""
    rest = list(reading.events)
    for one in told:
        for event in rest:
            if event.type == one.type and (one.words in event.words or event.words in one.words):
                rest.remove(event)
                yield one, event
                break


def _fillers(reading: Reading, event: Event) -> Counter[tuple[str, str]]:
    """Give the roles found by the canonical names of what fills them."""
    told = [(role.name, role.filler.removeprefix("@")) for role in event.roles if role.name != "Content"]
    return Counter((name, reading.mentions[f].canonical if f in reading.mentions else f) for name, f in told)


def _wanted(passage: Passage, one: Told) -> Counter[tuple[str, str]]:
    """Give the roles marked by the canonical names of the words that fill them."""
    words = passage.text.characters
    names = {words[span.start : span.end]: name for _, span, name in reversed(passage.marked)}
    return Counter((role, names.get(filler, filler.removeprefix("@"))) for role, filler in one.roles)


def relations(found: Reading) -> Set[tuple[str, ...]]:
    """Give the relations of a reading: type and the canonical names of both ends."""
    names = {key: mention.canonical for key, mention in found.mentions.items()}
    return {(one.type, names[one.subject], names[one.object]) for one in found.relations}


@pytest.mark.parametrize(("name", "roles_floor"), [("events.txt", 0.80), ("events-clipped.txt", 0.70)])
def test_events_roles_and_modality_carry_over_to_other_campaigns(name: str, roles_floor: float) -> None:
    right = wanted = found = role_right = role_wanted = role_found = mood = 0
    for passage, told, reading in readings(name):
        pairs = list(_pairs(told, reading))
        right, wanted, found = right + len(pairs), wanted + len(told), found + len(reading.events)
        role_wanted += sum(len(one.roles) for one in told)
        role_found += sum(sum(_fillers(reading, event).values()) for event in reading.events)
        for one, event in pairs:
            role_right += sum((_wanted(passage, one) & _fillers(reading, event)).values())
            state = Modality.ACTUAL if event.modality is Modality.REPORTED else event.modality
            mood += one.modality == str(state)
    assert wanted > 70, "the passages were not found"
    events, roles = 2 * right / (wanted + found), 2 * role_right / (role_wanted + role_found)
    assert events >= 0.90, f"events {events:.3f}"
    assert roles >= roles_floor, f"roles {roles:.3f}"
    assert mood / right >= 0.90, f"modality {mood / right:.3f}"


@pytest.mark.parametrize(
    ("name", "least", "floor"), [("relations.txt", 200, 0.90), ("relations-clipped.txt", 150, 0.85)]
)
def test_relations_carry_over_to_other_campaigns(name: str, least: int, floor: float) -> None:
    told = marked_relations(name)
    right = wanted = found = 0
    for passage in passages():
        if passage.title in told:
            read_as = relations(reading(passage))
            right += len(read_as & told[passage.title])
            wanted, found = wanted + len(told[passage.title]), found + len(read_as)
    assert wanted > least, "the passages were not found"
    assert 2 * right / (wanted + found) >= floor, f"relations {2 * right / (wanted + found):.3f}"
