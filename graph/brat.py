"""brat stand-off: annotation.conf, and `.ann` files in and out, as plain records with their line numbers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import ReadingError


@dataclass(frozen=True, slots=True)
class Configuration:
    """What annotation.conf allows: entity types, and per relation, event and attribute its arguments or values."""

    entities: frozenset[str]
    relations: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    events: Mapping[str, Mapping[str, frozenset[str]]]
    attributes: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One annotation as it stands: its id, its fields, and its line in the file (from 1)."""

    id: str
    fields: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Standoff:
    """The annotations of a file by kind; notes (`#`) and attributes (`A`) by the id they are about."""

    path: Path
    texts: Mapping[str, Line] = field(default_factory=dict)
    names: Mapping[str, Line] = field(default_factory=dict)
    events: Mapping[str, Line] = field(default_factory=dict)
    relations: Mapping[str, Line] = field(default_factory=dict)
    attributes: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    notes: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)


def configuration(source: str) -> Configuration:
    """Give the configuration that the characters of an annotation.conf describe."""
    section = ""
    entities: set[str] = set()
    relations: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    events: dict[str, dict[str, frozenset[str]]] = {}
    attributes: dict[str, frozenset[str]] = {}
    for line in source.splitlines():
        if not line.strip() or line.startswith(("#", "<")):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            continue
        name, _, rest = line.partition("\t")
        if section == "entities":
            entities.add(name)
        elif section == "relations":
            first, second = (frozenset(part.split(":")[1].split("|")) for part in rest.split(", "))
            relations[name] = (first, second)
        elif section == "events":
            pairs = (part.split(":") for part in rest.split(", "))
            events[name] = {role.rstrip("*"): frozenset(types.split("|")) for role, types in pairs}
        elif section == "attributes":
            attributes[name] = frozenset(rest.split("Value:")[1].split("|"))
    return Configuration(frozenset(entities), relations, events, attributes)


_SHAPES = {
    "T": re.compile(r"T\d+\t\S+ \d+ \d+\t.*"),
    "N": re.compile(r"N\d+\tReference T\d+ \S+:\S*\t.*"),
    "E": re.compile(r"E\d+\t\S+:T\d+( \S+:[TE]\d+)*"),
    "R": re.compile(r"R\d+\t\S+ Arg1:T\d+ Arg2:T\d+"),
    "A": re.compile(r"[AM]\d+\t\S+ [TERN]\d+( \S+)?"),
    "#": re.compile(r"#\d+\t\S+ \S+\t.*"),
}


def parse(path: Path, source: str) -> Standoff:
    """Give the annotations in `source`; a malformed or doubled line is a ReadingError with its line."""
    tables: dict[str, dict[str, Line]] = {kind: {} for kind in "TNER"}
    attributes: dict[str, list[Line]] = {}
    notes: dict[str, list[Line]] = {}
    seen: set[str] = set()
    for number, raw in enumerate(source.split("\n"), 1):
        if not raw.strip():
            continue
        kind = "A" if raw[0] == "M" else raw[0]
        shape = _SHAPES.get(kind)
        if shape is None or not shape.fullmatch(raw.rstrip("\r")):
            raise ReadingError(path, f"no line of brat stand-off that this project reads: {raw[:60]!r}", number)
        key, *rest = raw.rstrip("\r").split("\t")
        line = Line(key, tuple(rest[0].split(" ")) + tuple(rest[1:]), number)
        if key in seen:
            raise ReadingError(path, f"{key} stands twice; give one of them another number", number)
        seen.add(key)
        if kind == "A":
            attributes.setdefault(line.fields[1], []).append(line)
        elif kind == "#":
            notes.setdefault(line.fields[1], []).append(line)
        elif kind == "N":
            tables["N"][line.fields[1]] = line
        else:
            tables[kind][key] = line
    frozen_a = {k: tuple(v) for k, v in attributes.items()}
    frozen_n = {k: tuple(v) for k, v in notes.items()}
    return Standoff(path, tables["T"], tables["N"], tables["E"], tables["R"], frozen_a, frozen_n)


def keys(lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """Give the `key=value` pairs of notes in order; a bare word is a key with the value `yes`.

    >>> keys([Line("#1", ("AnnotatorNotes", "E3", "when=1941-10-01 unsure"), 9)])
    (('when', '1941-10-01'), ('unsure', 'yes'))
    """
    words = (word for line in lines for word in line.fields[2].split())
    return tuple((k, v) if sep else (k, "yes") for k, sep, v in (word.partition("=") for word in words))
