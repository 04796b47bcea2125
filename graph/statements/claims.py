"""Losses and strengths: figures that somebody claims."""

from collections.abc import Iterator
from dataclasses import replace

from graph import amounts
from graph.model import Event, ItemValue, Mention, Modality, Rank, Relation, Snak, Statement, StringValue
from graph.statements import times
from graph.statements.evidence import Evidence, Notes
from graph.statements.occurrences import role_places, role_qualifiers
from graph.statements.quantities import quantity

TERMS = {
    "Of": "of",
    "By": "inflictedBy",
    "Claimant": "claimedBy",
    "DisputedBy": "disputedBy",
    "Materiel": "materiel",
    "Place": "place",
    "Within": "within",
}


def statements(event: Event, witness: Evidence) -> Iterator[Statement]:
    """Give the statements about one loss; what the text itself calls false is deprecated."""
    rank = Rank.DEPRECATED if event.modality is Modality.NEGATED else Rank.NORMAL
    for statement in _loss(event, witness):
        yield replace(statement, rank=rank)


def _loss(event: Event, witness: Evidence) -> Iterator[Statement]:
    subject = witness.links.occurrences[witness.text.name, event.id]
    notes = Notes(event)
    at = event.trigger
    yield witness.statement(subject, "instanceOf", witness.concept("Loss"), notes, [at])
    yield witness.statement(subject, "lossKind", witness.concept(event.loss_term), notes, [at])
    for role in event.roles:
        value, mention = witness.filler(role.filler)
        if role.name == "Amount" and mention:
            yield from _amount(subject, mention, event.counted, notes, witness)
        elif value is not None:
            places = role_places(event, mention, role, witness)
            qualifiers = list(role_qualifiers(event, mention, role, witness))
            yield witness.statement(subject, TERMS[role.name], value, notes, places, qualifiers)
    if not any(role.name == "Claimant" for role in event.roles):
        yield witness.statement(subject, "claimedBy", ItemValue(witness.source), notes, [at])
    for key in ("category", "fate"):
        if key in event.notes:
            yield witness.statement(subject, key, witness.concept(event.notes[key]), notes, [at])
    if "note" in event.notes:
        yield witness.statement(subject, "note", StringValue(notes.words("note")), notes, [at])
    yield from times.statements(subject, notes, at, witness)
    yield from times.battle(subject, notes, at, witness)


def strength(relation: Relation, witness: Evidence) -> Iterator[Statement]:
    """Give the statements about one strength."""
    subject = witness.links.strengths[witness.text.name, relation.id]
    notes = Notes(relation)
    unit, number = (witness.reading.mentions[end] for end in (relation.subject, relation.object))
    places, together = witness.beside(unit, number)
    yield witness.statement(subject, "instanceOf", witness.concept("Strength"), notes, [number.span])
    of = ItemValue(witness.links.mentions[witness.text.name, unit.id])
    inferred = () if together else (Snak("basis", witness.concept("inferred")),)
    yield witness.statement(subject, "of", of, notes, places, (*witness.sourcing(unit), *inferred))
    yield from _amount(subject, number, "persons", notes, witness)
    claimant, _ = witness.filler(notes.all.get("Claimant", "@narrator"))
    if claimant:
        yield witness.statement(subject, "claimedBy", claimant, notes, [number.span])
    if relation.notes.get("kind") == "attached":
        yield witness.statement(subject, "category", witness.concept("attachedForces"), notes, [number.span])
    if "note" in relation.notes:
        yield witness.statement(subject, "note", StringValue(notes.words("note")), notes, [number.span])
    yield from times.statements(subject, notes, number.span, witness)
    yield from times.battle(subject, notes, number.span, witness)


def _amount(subject: str, number: Mention, default: str, notes: Notes, witness: Evidence) -> Iterator[Statement]:
    printed = Snak("asPrinted", StringValue(number.surface))
    amount = amounts.parse(number.surface)
    if amount is None:
        yield witness.statement(subject, "asPrinted", printed.value, notes, [number.span])
        return
    value = quantity(amount, witness.authority, default)
    qualifiers = [printed]
    if amount.lower is not None and amount.upper is None:
        qualifiers.append(Snak("sourcing", witness.concept("atLeast")))
    elif amount.upper is not None and amount.lower is None:
        qualifiers.append(Snak("sourcing", witness.concept("atMost")))
    yield witness.statement(subject, "amount", value, notes, [number.span], qualifiers)
    if value.unit:
        yield witness.statement(subject, "unitOfCount", ItemValue(value.unit), notes, [number.span])
