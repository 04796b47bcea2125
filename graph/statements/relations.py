"""Command, service, subordination and identity: states that are attested at a time."""

from collections.abc import Iterator
from dataclasses import replace

from graph.model import ItemValue, Mention, Relation, Snak, Statement, StringValue
from graph.statements import times
from graph.statements.evidence import Evidence, Notes
from graph.statements.grades import post_kind

SUBORDINATION = {
    "organic": "organicPartOf",
    "battle": "inOrderOfBattleOf",
    "attached": "attachedTo",
    "command": "underCommandOf",
}


def statements(relation: Relation, witness: Evidence) -> Iterator[Statement]:
    """Give the statement that a relation makes."""
    notes = Notes(relation)
    name = _property(relation)
    one, other = (witness.reading.mentions[end] for end in (relation.subject, relation.object))
    if name == "commandedBy":
        one, other = other, one
    subject, value = (witness.links.mentions[witness.text.name, end.id] for end in (one, other))
    if subject == value:
        return  # a nickname of a formation says who it is, not that it is another
    last = max(one, other, key=lambda end: end.span)
    qualifiers = [*_post(notes, witness), *times.attested(notes, last.span, witness)]
    if notes.battle:
        qualifiers.append(Snak("partOf", ItemValue(witness.links.battles[notes.battle])))
    qualifiers.extend(_sourcing(one, other, witness))
    places, together = witness.between(one, other)
    if not together:
        qualifiers.append(Snak("basis", witness.concept("inferred")))
    yield witness.statement(subject, name, ItemValue(value), notes, places, dict.fromkeys(qualifiers))


def _property(relation: Relation) -> str:
    kind = relation.notes.get("kind")
    if relation.type == "partOf":
        return SUBORDINATION[kind] if kind else "subordinateTo"
    if relation.type == "attachedTo":
        return SUBORDINATION[kind or "attached"]
    return {"commands": "commandedBy", "servesIn": "servesIn", "sameAs": "identifiedWith"}[relation.type]


def _sourcing(subject: Mention, value: Mention, witness: Evidence) -> Iterator[Snak]:
    """Give the qualifiers of damaged or unsure names, and which end each string is printed for."""
    yield from witness.sourcing(value)
    for snak in witness.sourcing(subject):
        yield replace(snak, property="subjectAsPrinted") if snak.property == "asPrinted" else snak


def _post(notes: Notes, witness: Evidence) -> Iterator[Snak]:
    post = notes.all.get("post")
    if post:
        yield Snak("post", StringValue(post))
        yield Snak("postKind", witness.concept(post_kind(post)))
