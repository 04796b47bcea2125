"""Text -> Reading: what the reader finds in a text that nobody has read."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from graph import brat
from graph.model import Event, Mention, Modality, Reading, Relation, Role, Text, Way
from graph.reader.attribution import attributed
from graph.reader.contents import addressed
from graph.reader.discourse import Discourse
from graph.reader.dispositions import dispositions
from graph.reader.document import document
from graph.reader.drafts import Draft
from graph.reader.events import Narrator
from graph.reader.mentions import mentions as find_mentions
from graph.reader.moments import dated
from graph.reader.normalise import normalise
from graph.reader.relations import Tie, commanded, sides, ties
from graph.reader.rules import event_rules, loss_rules
from graph.reader.skeleton import index
from graph.reader.standoff import standoff
from graph.texts import read_characters

__all__ = ["read", "standoff"]


@cache
def configuration() -> brat.Configuration:
    """Give the shipped annotation.conf."""
    return brat.configuration(read_characters(Path(__file__).parent.parent / "annotation.conf"))


def read(text: Text, *, mentions: Sequence[Mention] | None = None) -> Reading:
    """Give the reading of a text; with `mentions` those stand for what the reader would find itself."""
    doc = document(text, normalise(text.characters).characters)
    found = {m.id: m for m in (find_mentions(doc) if mentions is None else mentions)}
    order = index(tuple(found.values()))
    relations = tuple(ties(doc, order))
    discourse = Discourse(sides(relations), commanded(relations))
    told = Narrator(doc, order, event_rules(), loss_rules(), discourse).drafts()
    drafts = addressed(tuple(attributed(doc, order, dated(doc, found, told))))
    events = tuple(_event(i, draft) for i, draft in enumerate(drafts, 1))
    everything = (*relations, *dispositions(doc, order, drafts, discourse))
    return Reading(text.name, Way.READ, None, found, events, tuple(_relations(found, everything)))


def _relations(mentions: Mapping[str, Mention], found: Sequence[Tie]) -> Iterator[Relation]:
    allowed = configuration().relations
    number = 0
    for tie in found:
        first, second = allowed[tie.type]
        if tie.subject.type in first and tie.object.type in second:
            number += 1
            yield Relation(f"R{number}", tie.type, tie.subject.id, tie.object.id, {**tie.notes, "rule": tie.rule})


def _event(number: int, draft: Draft) -> Event:
    allowed = configuration().events[draft.type]
    roles = []
    for name, filler in draft.roles:
        if isinstance(filler, str):
            roles.append(Role(name, filler))
        elif filler.type in allowed.get(name, ()):
            roles.append(Role(name, filler.id))
    notes = dict(draft.notes)
    if draft.modality is Modality.REPORTED:
        notes["status"] = "reported"
    notes["rule"] = draft.rule
    return Event(f"E{number}", draft.type, draft.trigger, "", tuple(roles), draft.modality, draft.loss_kind, notes)
