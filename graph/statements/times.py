"""When something was: the statements and qualifiers of a date, with the basis of its year, month and day."""

from collections.abc import Iterator

from graph import basis
from graph.model import ItemValue, Snak, Span, Statement, StringValue, TimeValue, UrlValue
from graph.periods import Period, bounds, of_battle
from graph.spelling import passage_path
from graph.statements.evidence import Evidence, Notes

DAY = 11


def statements(subject: str, notes: Notes, at: Span, witness: Evidence) -> Iterator[Statement]:
    """Give the date of an occurrence or claim: EDTF, bounds, days where days are stated, and the basis of each part."""
    if notes.when:
        period = bounds(notes.when)
        known = _known(notes, at, witness)
        yield witness.statement(subject, "edtf", StringValue(notes.when), notes, [at])
        for part in known:
            grounds = _grounds(part, witness, notes.when)
            yield witness.statement(subject, f"{part.part}Basis", witness.concept(part.how), notes, [at], grounds)
        yield from _bounds(subject, period, notes, at, witness)
        if period.stated_days:
            yield from _days(subject, period, notes, at, witness, tuple(_bases(known, witness)))
    elif notes.battle:
        period_of_battle = _battle_period(notes.battle, witness)
        if period_of_battle:
            inferred = (Snak("basis", witness.concept("inferred")),)
            yield from _bounds(subject, period_of_battle, notes, at, witness, inferred)
    if part_of_day := notes.all.get("part"):
        yield witness.statement(subject, "partOfDay", StringValue(part_of_day), notes, [at])


def attested(notes: Notes, at: Span, witness: Evidence) -> Iterator[Snak]:
    """Give the qualifiers of a state that is seen at a time: it does not start or end then."""
    if notes.when:
        period: Period | None = bounds(notes.when)
        yield Snak("edtf", StringValue(notes.when))
        yield from _bases(_known(notes, at, witness), witness)
        if period and period.stated_days and period.earliest == period.latest:
            yield Snak("pointInTime", TimeValue(period.earliest, DAY))
    else:
        period = _battle_period(notes.battle, witness) if notes.battle else None
    if period:
        yield Snak("earliest", TimeValue(period.earliest, DAY))
        yield Snak("latest", TimeValue(period.latest, DAY))


def _battle_period(name: str, witness: Evidence) -> Period | None:
    entry = witness.authority.by_name.get(("Battle", name))
    return of_battle(entry, witness.authority) if entry else None


def _known(notes: Notes, at: Span, witness: Evidence) -> tuple[basis.Basis, ...]:
    """Give the basis of a date; that of a whole battle is the table's, and not counted on from an earlier one."""
    if not notes.when:
        return ()
    whole = notes.battle is not None and bounds(notes.when) == _battle_period(notes.battle, witness)
    return basis.of_date(witness.text, notes.when, at, witness.dates, counted=not whole)


def _bases(known: tuple[basis.Basis, ...], witness: Evidence) -> Iterator[Snak]:
    return (Snak(f"{part.part}Basis", witness.concept(part.how)) for part in known)


def _grounds(part: basis.Basis, witness: Evidence, when: str) -> Iterator[Snak]:
    """Give what the basis of a part rests on: the earlier passage that prints it, or the manifest's reason."""
    if part.source:
        yield Snak("carriedFrom", UrlValue(passage_path(witness.passage(witness.sentence(part.source.span)))))
    if part.part == "year" and part.how == "supplied":
        reason = next((s.reason for s in witness.text.supplied if s.year == int(when[:4])), None)
        if reason:
            yield Snak("reason", StringValue(reason))


def _bounds(
    subject: str, period: Period, notes: Notes, at: Span, witness: Evidence, qualifiers: tuple[Snak, ...] = ()
) -> Iterator[Statement]:
    for name, day in (("earliest", period.earliest), ("latest", period.latest)):
        yield witness.statement(subject, name, TimeValue(day, DAY), notes, [at], qualifiers)


def _days(
    subject: str, period: Period, notes: Notes, at: Span, witness: Evidence, qualifiers: tuple[Snak, ...]
) -> Iterator[Statement]:
    if period.earliest == period.latest:
        yield witness.statement(subject, "pointInTime", TimeValue(period.earliest, DAY), notes, [at], qualifiers)
    for name, day in (("startDate", period.earliest), ("endDate", period.latest)):
        yield witness.statement(subject, name, TimeValue(day, DAY), notes, [at])


def battle(subject: str, notes: Notes, at: Span, witness: Evidence) -> Iterator[Statement]:
    """Give the battle that something is part of; inferred where its sentence does not name it."""
    if not notes.battle:
        return
    number = witness.links.battles[notes.battle]
    sentence = witness.sentence(at)
    named = any(
        witness.links.mentions.get((witness.text.name, m.id)) == number and m.span in sentence
        for m in witness.reading.mentions.values()
    )
    qualifiers = () if named else (Snak("basis", witness.concept("inferred")),)
    yield witness.statement(subject, "partOf", ItemValue(number), notes, [at], qualifiers)
