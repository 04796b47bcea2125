"""Text -> Reading: what the reader finds in a text that nobody has read."""

from collections.abc import Sequence

from graph.model import Mention, Reading, Text, Way
from graph.reader import assembly
from graph.reader.attribution import attributed
from graph.reader.contents import addressed
from graph.reader.discourse import Discourse
from graph.reader.dispositions import dispositions
from graph.reader.document import document
from graph.reader.events import Narrator
from graph.reader.mentions import mentions as find_mentions
from graph.reader.moments import Clock
from graph.reader.narrators import Narrators
from graph.reader.normalise import normalise
from graph.reader.relations import commanded, leaders, sides, ties
from graph.reader.rules import event_rules, loss_rules
from graph.reader.skeleton import index
from graph.reader.standoff import standoff

__all__ = ["read", "standoff"]


def read(text: Text, *, mentions: Sequence[Mention] | None = None) -> Reading:
    """Give the reading of a text; with `mentions` those stand for what the reader would find itself."""
    doc = document(text, normalise(text.characters).characters)
    found = {m.id: m for m in (find_mentions(doc) if mentions is None else mentions)}
    order = index(tuple(found.values()))
    narrators = Narrators(doc, order)
    told = tuple(ties(doc, order, narrators))
    discourse = Discourse(sides(told), narrators, commanded(told), leaders(told))
    narrator = Narrator(doc, order, event_rules(), loss_rules(), discourse)
    clock = Clock(doc, found, narrator.drafts())
    drafts = addressed(tuple(attributed(doc, order, clock.events())))
    stood = dispositions(doc, order, drafts, discourse)
    relations = tuple(assembly.relations(clock.ties((*told, *stood))))
    return Reading(text.name, Way.READ, None, found, assembly.events(doc, drafts), relations)
