"""Events, orders, plans and reports: type, roles, time, battle, and what the guide's keys say."""

import re
from collections.abc import Iterator
from decimal import Decimal

from graph import amounts
from graph.model import (
    Event,
    Mention,
    Modality,
    MonolingualValue,
    QuantityValue,
    Role,
    Snak,
    Span,
    Statement,
    StringValue,
)
from graph.statements import times
from graph.statements.evidence import LANGUAGE, Evidence, Notes
from graph.statements.grades import military_rank
from graph.statements.quantities import quantity

# Roles whose term is not simply their name in lower case.
TERMS = {"Claimant": "claimedBy", "DisputedBy": "disputedBy"}
_DURATION = re.compile(r"P(?:(\d+)([YMD]))?(?:T(\d+)H)?")
_UNITS = {"Y": "year", "M": "month", "D": "day"}


def statements(event: Event, witness: Evidence) -> Iterator[Statement]:
    """Give the statements about one occurrence."""
    subject = witness.links.occurrences[witness.text.name, event.id]
    notes = Notes(event)
    actual = event.modality is Modality.ACTUAL
    at = event.trigger
    yield witness.statement(subject, "instanceOf", witness.concept(event.modality.kind), notes, [at])
    yield witness.statement(subject, "instanceOf" if actual else "actionType", witness.concept(event.type), notes, [at])
    for role in event.roles:
        yield from _role(subject, event, role, notes, witness, actual=actual)
    yield from times.statements(subject, notes, at, witness)
    yield from times.battle(subject, notes, at, witness)
    ordinal = QuantityValue(Decimal(witness.reading.events.index(event) + 1))
    yield witness.statement(subject, "order", ordinal, notes, [at])
    yield from _keys(subject, event, notes, witness)


def _role(
    subject: str, event: Event, role: Role, notes: Notes, witness: Evidence, *, actual: bool
) -> Iterator[Statement]:
    term = TERMS.get(role.name, role.name[0].lower() + role.name[1:])
    if role.name == "To" and event.notes.get("reached") == "no":
        term = "toward"
    if not actual and term not in TERMS.values():
        term = f"planned{term[0].upper()}{term[1:]}"
    value, mention = witness.filler(role.filler)
    if value is None and mention is not None:
        amount = amounts.parse(mention.surface)
        if amount:
            places = [event.trigger, mention.span]
            printed = Snak("asPrinted", StringValue(mention.surface))
            yield witness.statement(
                subject, term, quantity(amount, witness.authority, "persons"), notes, places, [printed]
            )
        return
    if value is not None:
        qualifiers = list(role_qualifiers(event, mention, role, witness))
        yield witness.statement(subject, term, value, notes, role_places(event, mention, role, witness), qualifiers)


def role_places(event: Event, mention: Mention | None, role: Role, witness: Evidence) -> list[Span]:
    """Give the places that say a role: the trigger, and the filler where the text names it."""
    target = next((e for e in witness.reading.events if e.id == role.filler), None)
    return [event.trigger, *([mention.span] if mention else []), *([target.trigger] if target else [])]


def role_qualifiers(event: Event, mention: Mention | None, role: Role, witness: Evidence) -> Iterator[Snak]:
    """Give the qualifiers of a role: inferred where its sentence does not hold it, and damage of the name."""
    to_event = role.filler not in witness.reading.mentions and not role.filler.startswith("@")
    if not to_event and role.filler != "@narrator" and witness.told_elsewhere(mention, event.trigger):
        yield Snak("basis", witness.concept("inferred"))
    if mention:
        yield from witness.sourcing(mention)


def _keys(subject: str, event: Event, notes: Notes, witness: Evidence) -> Iterator[Statement]:
    at = [event.trigger]
    for key in ("post", "rank", "note"):
        if key in event.notes:
            yield witness.statement(subject, key, StringValue(notes.words(key)), notes, at)
    if rank := military_rank(event.notes.get("rank", "")):
        yield witness.statement(subject, "militaryRank", witness.concept(rank), notes, at)
    if "dur" in event.notes:
        value = duration(event.notes["dur"], witness)
        if value:
            yield witness.statement(subject, "duration", value, notes, at)
    for quotation in event.notes["quote"].split(";") if "quote" in event.notes else ():
        span = Span(*(int(offset) for offset in quotation.split(",")))
        words = MonolingualValue(witness.text.characters[span.start : span.end], LANGUAGE)
        yield witness.statement(subject, "wording", words, notes, [span])


def duration(words: str, witness: Evidence) -> QuantityValue | None:
    """Give the length that `dur=P47D` states, in the unit it is stated in; None where it is no such duration."""
    match = _DURATION.fullmatch(words.rstrip("~"))
    if not match or not any(match.groups()):
        return None
    count, unit, hours = match.groups()
    if count and hours and unit == "D":
        return QuantityValue(Decimal(count) + Decimal(hours) / 24, unit=witness.concept("day").id)
    if hours and not count:
        return QuantityValue(Decimal(hours), unit=witness.concept("hour").id)
    return QuantityValue(Decimal(count), unit=witness.concept(_UNITS[unit]).id)
