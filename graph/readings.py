"""Text -> Reading, from the brat stand-off beside it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from graph import brat
from graph.authority import FOLDER
from graph.errors import ReadingError
from graph.model import Event, Mention, Modality, Reading, Relation, Role, Span, Text, Way
from graph.periods import bounds
from graph.tables import rows
from graph.texts import read_characters

EVENT_KEYS = frozenset({"when", "part", "in", "post", "rank", "dur", "reached", "status", "quote", "category", "fate"})
RELATION_KEYS = frozenset({"when", "in", "post", "kind"})
CLAIMANT = "Claimant"  # on a strength: whose figure it is
QUOTE = re.compile(r"\d+,\d+(;\d+,\d+)*")
SUBORDINATION = frozenset({"organic", "battle", "attached", "command"})
SIDED = frozenset({"Unit", "Force", "Organization"})
PROVENANCE = frozenset({"rule", "confidence", "note"})


@cache
def sides() -> frozenset[str]:
    """Give the codes of the sides that canonical names may begin with."""
    return frozenset(row["code"] for row in rows(FOLDER / "sides.tsv", ("code",)))


@cache
def configuration() -> brat.Configuration:
    """Give the shipped annotation.conf."""
    return brat.configuration(read_characters(Path(__file__).with_name("annotation.conf")))


def beside(text: Text) -> Reading | None:
    """Give the reviewed reading beside the text, or None where nobody has read it."""
    path = text.path.with_suffix(".ann")
    return parse(text, path, read_characters(path), Way.REVIEWED) if path.exists() else None


def parse(text: Text, path: Path, source: str, way: Way) -> Reading:
    """Give the reading that a stand-off holds, checked against the text and annotation.conf."""
    return _Reader(text, brat.parse(path, source)).reading(way)


class _Reader:
    """Checks one stand-off line by line."""

    def __init__(self, text: Text, standoff: brat.Standoff) -> None:
        self.text = text
        self.file = standoff
        self.conf = configuration()
        self.mentions: dict[str, Mention] = {}

    def reading(self, way: Way) -> Reading:
        """Give the whole reading."""
        for line in self.file.texts.values():
            if line.fields[0] in self.conf.entities:
                self.mentions[line.id] = self._mention(line)
            elif line.fields[0] not in self.conf.events:
                raise self._error(line, f"type {line.fields[0]} is not in annotation.conf")
        self._check_targets()
        events = tuple(sorted(self._events(), key=lambda e: (e.trigger, e.id)))
        relations = tuple(self._relations())
        return Reading(self.text.name, way, self.file.path, self.mentions, events, relations)

    def _error(self, line: brat.Line, message: str) -> ReadingError:
        return ReadingError(self.file.path, f"{line.id}: {message}", line.number)

    def _check_targets(self) -> None:
        known = self.file.texts.keys() | self.file.events.keys() | self.file.relations.keys()
        for table in (self.file.attributes, self.file.notes):
            for target, lines in table.items():
                if target not in known:
                    raise self._error(lines[0], f"{target} stands nowhere in this file")

    def _span(self, line: brat.Line) -> tuple[Span, str]:
        start, end = int(line.fields[1]), int(line.fields[2])
        length = len(self.text.characters)
        if not 0 <= start < end <= length:
            raise self._error(line, f"characters {start}-{end} lie outside the text, which has {length}")
        surface, found = line.fields[3], self.text.characters[start:end]
        if surface != found:
            raise self._error(line, f"the text has {found!r} at {start}-{end}, not {surface!r}")
        return Span(start, end), surface

    def _mention(self, line: brat.Line) -> Mention:
        span, surface = self._span(line)
        notes = dict(brat.keys(self.file.notes.get(line.id, ())))
        name = self.file.names.get(line.id)
        canonical = name.fields[-1] if name else surface
        kind = line.fields[0]
        side, slash, _ = canonical.partition("/")
        if slash and side not in sides() and kind in SIDED:
            known = ", ".join(sorted(sides()))
            raise self._error(name or line, f"{side} is no side of sides.tsv ({known}): {canonical}")
        if kind in SIDED and not slash:
            raise self._error(
                name or line, f"the canonical name of a {kind} begins with its side (CN/第10军): {canonical}"
            )
        if "dur" in notes and kind != "Battle":
            raise self._error(self.file.notes[line.id][0], f"a battle's name has a length (dur), a {kind}'s has none")
        return Mention(line.id, kind, span, surface, canonical, unsure="unsure" in notes, lasted=notes.get("dur", ""))

    def _events(self) -> Iterator[Event]:
        for line in self.file.events.values():
            kind, _, trigger = line.fields[0].partition(":")
            if kind not in self.conf.events:
                raise self._error(line, f"event type {kind} is not in annotation.conf")
            if trigger not in self.file.texts or self.file.texts[trigger].fields[0] != kind:
                raise self._error(line, f"its trigger {trigger} is no {kind} of this file")
            span, words = self._span(self.file.texts[trigger])
            attributes = self._attributes(line)
            notes, free = self._event_notes(line, kind)
            roles = tuple(self._role(line, kind, field) for field in line.fields[1:]) + free
            modality = Modality(attributes.get("Modality", "actual"))
            if modality is Modality.ACTUAL and notes.get("status") == "reported":
                modality = Modality.REPORTED
            yield Event(line.id, kind, span, words, roles, modality, attributes.get("LossKind"), notes)

    def _attributes(self, line: brat.Line) -> Mapping[str, str]:
        found = {}
        for attribute in self.file.attributes.get(line.id, ()):
            name, value = attribute.fields[0], attribute.fields[2] if len(attribute.fields) > 2 else ""
            if value not in self.conf.attributes.get(name, ()):
                raise self._error(attribute, f"annotation.conf knows no {name} {value}")
            found[name] = value
        return found

    def _event_notes(self, line: brat.Line, kind: str) -> tuple[Mapping[str, str], tuple[Role, ...]]:
        notes: dict[str, str] = {}
        free: list[Role] = []
        for note in self.file.notes.get(line.id, ()):
            for key, value in brat.keys([note]):
                if key in self.conf.events[kind] or key in {"Claimant", "DisputedBy"}:
                    if not value.startswith("@"):
                        raise self._error(note, f"a role in a note names an entity by @ and its canonical name: {key}")
                    free.append(Role(key, value.replace("_", " ")))
                elif key in EVENT_KEYS or key in PROVENANCE:
                    notes[key] = self._checked(note, key, value)
                else:
                    raise self._error(note, f"{kind} has no role or key {key}")
        return notes, tuple(free)

    def _checked(self, note: brat.Line, key: str, value: str) -> str:
        if key == "when":
            try:
                bounds(value)
            except ValueError as error:
                raise self._error(note, f"when={value} is no EDTF date that this project reads: {error}") from error
        if key == "quote":
            self._check_quote(note, value)
        if key == "kind" and value not in SUBORDINATION:
            raise self._error(note, f"kind= is one of {', '.join(sorted(SUBORDINATION))}, not {value}")
        return value

    def _check_quote(self, note: brat.Line, value: str) -> None:
        if not QUOTE.fullmatch(value):
            raise self._error(note, "quote=START,END gives two offsets; several quotations are parted by ;")
        if max(int(end) for end in re.split("[,;]", value)) > len(self.text.characters):
            raise self._error(note, f"quote={value} lies outside the text")

    def _role(self, line: brat.Line, kind: str, field: str) -> Role:
        name, _, filler = field.partition(":")
        name = re.sub(r"\d+$", "", name)
        allowed = self.conf.events[kind].get(name)
        if allowed is None:
            raise self._error(line, f"{kind} has no role {name} in annotation.conf")
        if filler in self.mentions:
            found = self.mentions[filler].type
        elif filler in self.file.events:
            found = self.file.events[filler].fields[0].partition(":")[0]
        else:
            raise self._error(line, f"{name} points at {filler}, which is no mention or event of this file")
        if found not in allowed and not ("<EVENT>" in allowed and filler in self.file.events):
            raise self._error(line, f"{name} of {kind} may be {'|'.join(sorted(allowed))}, not {found}")
        return Role(name, filler)

    def _relations(self) -> Iterator[Relation]:
        for line in self.file.relations.values():
            kind = line.fields[0]
            if kind not in self.conf.relations:
                raise self._error(line, f"relation {kind} is not in annotation.conf")
            ends = [field.partition(":")[2] for field in line.fields[1:3]]
            for end, allowed in zip(ends, self.conf.relations[kind], strict=True):
                if end not in self.mentions:
                    raise self._error(line, f"{end} is no mention of this file")
                if self.mentions[end].type not in allowed:
                    found = self.mentions[end].type
                    raise self._error(line, f"{kind} takes {'|'.join(sorted(allowed))} here, not {found}")
            yield Relation(line.id, kind, ends[0], ends[1], self._relation_notes(line, kind))

    def _relation_notes(self, line: brat.Line, kind: str) -> Mapping[str, str]:
        notes: dict[str, str] = {}
        for note in self.file.notes.get(line.id, ()):
            for key, value in brat.keys([note]):
                if key == CLAIMANT and kind == "strength":
                    if not value.startswith("@"):
                        raise self._error(note, f"{key} names an entity by @ and its canonical name: {value}")
                    notes[key] = value.replace("_", " ")
                elif key in RELATION_KEYS | PROVENANCE:
                    notes[key] = self._checked(note, key, value)
                else:
                    raise self._error(note, f"{kind} has no key {key}")
        return notes
