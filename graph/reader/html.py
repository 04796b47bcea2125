"""Reading -> one self-contained page: the text with its mentions and events marked, arguments and rule ids."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from graph.model import Event, Mention, Modality, Reading, Relation, Span, Text
from graph.reader.skeleton import LETTERS
from graph.texts import sentences


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters: plain, a mention (`kind` its type), or an event's trigger (`kind` its modality)."""

    text: str
    kind: str = ""
    title: str = ""
    event: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An event or a relation as a line of a table."""

    id: str
    type: str
    words: str
    roles: tuple[tuple[str, str], ...]
    when: str
    state: str
    rule: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in pieces, with the rows of what it tells."""

    start: int
    pieces: tuple[Piece, ...]
    rows: tuple[Row, ...]


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("reading.html.jinja")


def page(reading: Reading, text: Text) -> str:
    """Give the page of a reading; it loads nothing from anywhere."""
    return _template().render(
        name=text.name,
        mentions=len(reading.mentions),
        events=len(reading.events),
        relations=len(reading.relations),
        kinds=list(LETTERS),
        sentences=list(_sentences(reading, text)),
    )


def _sentences(reading: Reading, text: Text) -> Iterator[Sentence]:
    spans = sentences(text.characters)
    marks = _marks(reading)
    starts = [span.start for span, _ in marks]
    rows: dict[int, list[Row]] = {}
    for event in reading.events:
        rows.setdefault(_sentence(spans, event.trigger.start), []).append(_event_row(reading, event))
    for relation in reading.relations:
        at = reading.mentions[relation.subject].span.start
        rows.setdefault(_sentence(spans, at), []).append(_relation_row(reading, relation))
    for number, span in enumerate(spans):
        inside = marks[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        yield Sentence(span.start, tuple(_pieces(text, span, inside)), tuple(rows.get(number, ())))


def _sentence(spans: Sequence[Span], at: int) -> int:
    return max(0, bisect_left(spans, at + 1, key=lambda span: span.start) - 1)


def _marks(reading: Reading) -> list[tuple[Span, Mention | Event]]:
    """Give mentions and triggers in order; of overlapping ones the first and longest, a mention before a trigger."""
    both: list[tuple[Span, Mention | Event]] = [(m.span, m) for m in reading.mentions.values()]
    both += [(event.trigger, event) for event in reading.events]
    both.sort(key=lambda pair: (pair[0].start, -pair[0].end, isinstance(pair[1], Event)))
    found: list[tuple[Span, Mention | Event]] = []
    for span, thing in both:
        if not found or found[-1][0].end <= span.start:
            found.append((span, thing))
    return found


def _pieces(text: Text, span: Span, marks: Sequence[tuple[Span, Mention | Event]]) -> Iterator[Piece]:
    at = span.start
    for place, thing in marks:
        if at < place.start:
            yield Piece(text.characters[at : place.start])
        words = text.characters[place.start : place.end]
        if isinstance(thing, Event):
            yield Piece(words, str(thing.modality), f"{thing.type} ({thing.notes.get('rule', '')})", event=thing.id)
        else:
            yield Piece(words, thing.type, f"{thing.type} {thing.canonical}", unsure=thing.unsure)
        at = place.end
    if at < span.end:
        yield Piece(text.characters[at : span.end])


def _event_row(reading: Reading, event: Event) -> Row:
    roles = tuple((role.name, _filler(reading.mentions, role.filler)) for role in event.roles)
    when = " ".join(event.notes[key] for key in ("when", "part", "in") if key in event.notes)
    state = "" if event.modality is Modality.ACTUAL else str(event.modality)
    kind = f" {event.loss_kind}" if event.loss_kind else ""
    return Row(event.id, event.type, event.words + kind, roles, when, state, event.notes.get("rule", ""))


def _relation_row(reading: Reading, relation: Relation) -> Row:
    ends = (("", reading.mentions[relation.subject].canonical), ("", reading.mentions[relation.object].canonical))
    words = " ".join(relation.notes[key] for key in ("kind", "post") if key in relation.notes)
    return Row(relation.id, relation.type, words, ends, relation.notes.get("when", ""), "", relation.notes["rule"])


def _filler(mentions: Mapping[str, Mention], filler: str) -> str:
    return mentions[filler].canonical if filler in mentions else filler
