"""Text -> Reading: what the reader finds in a text that nobody has read."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from graph import brat
from graph.model import Event, Mention, Modality, Reading, Role, Text, Way
from graph.reader.discourse import Discourse
from graph.reader.document import Document, document
from graph.reader.drafts import Draft
from graph.reader.events import Narrator
from graph.reader.moments import dated
from graph.reader.normalise import normalise
from graph.reader.rules import event_rules
from graph.reader.skeleton import index
from graph.reader.standoff import standoff
from graph.texts import read_characters
from pathlib import Path

__all__ = ["read", "standoff"]


@cache
def configuration() -> brat.Configuration:
    """Give the shipped annotation.conf."""
    return brat.configuration(read_characters(Path(__file__).parent.parent / "annotation.conf"))


def read(text: Text, *, mentions: Sequence[Mention] | None = None) -> Reading:
    """Give the reading of a text; with `mentions` those stand for what the reader would find itself."""
    doc = document(text, normalise(text.characters).characters)
    found = {m.id: m for m in mentions or ()}
    drafts = list(events(doc, found))
    return Reading(text.name, Way.READ, None, found, tuple(_event(i, d) for i, d in enumerate(drafts, 1)), ())


def events(doc: Document, mentions: Mapping[str, Mention]) -> Iterable[Draft]:
    narrator = Narrator(doc, index(tuple(mentions.values())), event_rules(), Discourse(sides(mentions)))
    return dated(doc, mentions, narrator.drafts())


def sides(mentions: Mapping[str, Mention]) -> Mapping[str, str]:
    return {}


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
