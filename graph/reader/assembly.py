"""Drafts and ties -> the events and relations of a reading, as annotation.conf allows them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from graph import brat
from graph.model import Event, Modality, Relation, Role
from graph.reader.document import Document, index_at
from graph.reader.drafts import Draft
from graph.reader.relations import Tie
from graph.texts import read_characters

# The words of an order or telegram begin within this many characters after the word that says it.
_QUOTED = 14
SPEECH = frozenset({"Order", "Plan", "Report"})


@cache
def configuration() -> brat.Configuration:
    """Give the shipped annotation.conf."""
    return brat.configuration(read_characters(Path(__file__).parent.parent / "annotation.conf"))


def events(document: Document, drafts: Sequence[Draft]) -> tuple[Event, ...]:
    """Give the events of drafts in the order of the text, ids E1, E2 …; what is said is the Content of its saying."""
    ordered = sorted(drafts, key=lambda draft: (draft.trigger, draft.type))
    contents: dict[int, list[str]] = {}
    for number, draft in enumerate(ordered, 1):
        if draft.said_by is not None and draft.said_by != draft.trigger.start:
            contents.setdefault(draft.said_by, []).append(f"E{number}")
    return tuple(_event(document, f"E{n}", d, contents.get(d.trigger.start, ())) for n, d in enumerate(ordered, 1))


def _event(document: Document, name: str, draft: Draft, contents: Sequence[str]) -> Event:
    roles = list(_roles(draft))
    if draft.type in SPEECH:
        roles += [Role("Content", content) for content in contents]
    words = document.text.characters[draft.trigger.start : draft.trigger.end]
    notes = {**draft.notes, **_provenance(document, draft)}
    return Event(name, draft.type, draft.trigger, words, tuple(roles), draft.modality, draft.loss_kind, notes)


def _roles(draft: Draft) -> Iterator[Role]:
    allowed = configuration().events[draft.type]
    for name, filler in draft.roles:
        if isinstance(filler, str):
            yield Role(name, filler)
        elif filler.type in allowed.get(name, ()):
            yield Role(name, filler.id)


def _provenance(document: Document, draft: Draft) -> Mapping[str, str]:
    notes = {}
    if draft.modality is Modality.REPORTED:
        notes["status"] = "reported"
    if draft.type in SPEECH:
        end = draft.trigger.end
        quote = document.quotes[index_at(document.quotes, end + _QUOTED)] if document.quotes else None
        if quote and end <= quote.start <= end + _QUOTED and quote.end - quote.start > 2:
            notes["quote"] = f"{quote.start + 1},{quote.end - 1}"
    return {**notes, "rule": draft.rule, "confidence": f"{draft.confidence:.2f}"}


def relations(ties: Iterable[Tie]) -> Iterator[Relation]:
    """Give the relations that annotation.conf allows, ids R1, R2 …; of equal ones between the same names the first."""
    allowed = configuration().relations
    seen: set[tuple[str, str, str]] = set()
    for tie in ties:
        first, second = allowed[tie.type]
        key = (tie.type, tie.subject.id, tie.object.id)
        if key not in seen and tie.subject.type in first and tie.object.type in second:
            seen.add(key)
            yield Relation(f"R{len(seen)}", tie.type, tie.subject.id, tie.object.id, {**tie.notes, "rule": tie.rule})
