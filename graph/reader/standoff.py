"""Reading -> the lines of a brat stand-off file."""

from collections.abc import Iterator, Sequence
from itertools import count

from graph.model import Event, Mention, Modality, Reading, Relation, Text


def standoff(reading: Reading, text: Text) -> str:
    """Give the characters of the `.ann` file of a reading; offsets are code points of the text as it stands."""
    numbers = Numbers()
    mentions = sorted(reading.mentions.values(), key=lambda m: (m.span, m.id))
    for mention in mentions:
        numbers.name(mention.id, "T")
    for event in reading.events:
        numbers.name(event.id, "E")
    lines: list[str] = []
    for mention in mentions:
        lines += _mention(numbers, mention, text)
    for event in reading.events:
        lines += _event(numbers, event, text)
    for relation in reading.relations:
        lines += _relation(numbers, relation)
    return "".join(f"{line}\n" for line in lines)


class Numbers:
    """Gives each thing its id in the file, counted by kind."""

    def __init__(self) -> None:
        self.counters = {kind: count(1) for kind in "TNEAR#"}
        self.names: dict[str, str] = {}

    def next(self, kind: str) -> str:
        """Give the next id of a kind."""
        return f"{kind}{next(self.counters[kind])}"

    def name(self, key: str, kind: str) -> str:
        """Give the id of a thing, a new one at the first time."""
        if key not in self.names:
            self.names[key] = self.next(kind)
        return self.names[key]


def _mention(numbers: Numbers, mention: Mention, text: Text) -> Iterator[str]:
    own = numbers.names[mention.id]
    surface = text.characters[mention.span.start : mention.span.end]
    yield f"{own}\t{mention.type} {mention.span.start} {mention.span.end}\t{surface}"
    yield f"{numbers.next('N')}\tReference {own} Name:{mention.canonical.replace(' ', '_')}\t{mention.canonical}"
    if mention.unsure:
        yield f"{numbers.next('#')}\tAnnotatorNotes {own}\tunsure"


def _event(numbers: Numbers, event: Event, text: Text) -> Iterator[str]:
    own, trigger = numbers.names[event.id], numbers.next("T")
    span = event.trigger
    yield f"{trigger}\t{event.type} {span.start} {span.end}\t{text.characters[span.start : span.end]}"
    arguments, free = _arguments(numbers, event)
    yield f"{own}\t{' '.join([f'{event.type}:{trigger}', *arguments])}"
    if event.modality in {Modality.PLANNED, Modality.NEGATED}:
        yield f"{numbers.next('A')}\tModality {own} {event.modality}"
    if event.loss_kind:
        yield f"{numbers.next('A')}\tLossKind {own} {event.loss_kind}"
    words = [f"{key}={value.replace(' ', '_')}" for key, value in event.notes.items()] + free
    if words:
        yield f"{numbers.next('#')}\tAnnotatorNotes {own}\t{' '.join(words)}"


def _arguments(numbers: Numbers, event: Event) -> tuple[Sequence[str], list[str]]:
    found: list[str] = []
    free: list[str] = []
    seen: dict[str, int] = {}
    for role in event.roles:
        if role.filler.startswith("@"):
            free.append(f"{role.name}={role.filler.replace(' ', '_')}")
            continue
        seen[role.name] = seen.get(role.name, 0) + 1
        number = "" if seen[role.name] == 1 else str(seen[role.name])
        found.append(f"{role.name}{number}:{numbers.names[role.filler]}")
    return found, free


def _relation(numbers: Numbers, relation: Relation) -> Iterator[str]:
    own = numbers.next("R")
    ends = f"Arg1:{numbers.names[relation.subject]} Arg2:{numbers.names[relation.object]}"
    yield f"{own}\t{relation.type} {ends}"
    if relation.notes:
        words = " ".join(f"{key}={value.replace(' ', '_')}" for key, value in relation.notes.items())
        yield f"{numbers.next('#')}\tAnnotatorNotes {own}\t{words}"
