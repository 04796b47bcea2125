"""Document -> mentions: every name, date, number and thing in the text, with the canonical name of what is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.model import Mention, Span
from graph.reader import calendar, dates, identity, lexicon, materiel, named_units, names, numbers, persons, places, units
from graph.reader.document import Document
from graph.reader.finds import HOLE, Find, Taken


def mentions(document: Document) -> tuple[Mention, ...]:
    """Give the mentions of a document in order, ids T1, T2 …; a person may lie inside the formation he leads."""
    finds = _finds(document)
    canonical = identity.canonical_names(document, finds)
    made = []
    for number, (find, name) in enumerate(zip(finds, canonical, strict=True), 1):
        surface = document.text.characters[find.span.start : find.span.end]
        made.append(Mention(f"T{number}", find.type, find.span, surface, name, find.unsure))
    return tuple(made)


def _finds(document: Document) -> list[Find]:
    normal = document.normal
    taken = Taken.of(len(normal))
    moments = list(dates.find(normal))
    battles = list(taken.keep(names.battles(normal, document)))
    resolved = calendar.resolve(moments, document, [(find.span, find.name) for find in battles])
    found = [*battles]
    found += taken.keep(_dates(normal, moments, resolved))
    found += taken.keep(_longest(names.commands(normal)))
    found += taken.keep(_longest(units.as_find(unit) for unit in units.find(normal)))
    found += taken.keep(_longest([*names.awards(normal), *names.nicknames(normal)]))
    bodies = [*names.organisations(normal), *(find for find in names.forces(normal) if find.rule == "force.table")]
    found += taken.keep(_longest(bodies))
    people = persons.find(
        normal, [f.span for f in found if f.type == "Unit"], [f.span for f in found if f.type != "Unit"]
    )
    people = [named for named in people if taken.free(named.span)]
    led = dict((named.span, find) for find, named in named_units.led(normal, people))
    for named in people:
        taken.take(led[named.span].span if named.span in led else named.span)
    found += [persons.as_find(named) for named in people] + list(led.values())
    found += _named(normal, taken, found)
    found += taken.keep(_longest(names.forces(normal)))
    counts = list(taken.keep(_longest(numbers.find(normal))))
    found += counts
    found += _places(normal, taken, found, document)
    for find in found:
        taken.take(find.span)
    found += taken.keep(materiel.find(normal, counts))
    starts = {find.span.start for find in found if find.type == "Unit"}
    found = [
        find
        for find in found
        if not _before_its_unit(find, starts, normal[find.span.end : find.span.end + 1] in set("“「"))
    ]
    return sorted(found, key=lambda find: (find.span.start, -find.span.end, find.type))


def _dates(normal: str, moments: Sequence[dates.Moment], resolved: Sequence[str]) -> Iterator[Find]:
    for moment, edtf in zip(moments, resolved, strict=True):
        words = normal[moment.span.start : moment.span.end]
        yield Find("Date", moment.span, edtf or words, "date", unsure=not edtf)


def _longest(finds: Iterator[Find] | Sequence[Find]) -> list[Find]:
    """Give finds so that of two that overlap the earlier and longer comes first."""
    return sorted(finds, key=lambda find: (find.span.start, -find.span.end))


def _closed(normal: str, taken: Taken) -> str:
    return "".join(HOLE if mark else character for mark, character in zip(taken.marks, normal, strict=True))


def _named(normal: str, taken: Taken, found: Sequence[Find]) -> list[Find]:
    closed = _closed(normal, taken)
    made = list(taken.keep(_longest(named_units.japanese(closed))))
    ends = {find.span.end for find in [*found, *made] if find.type == "Unit"}
    return made + list(taken.keep(named_units.functional(_closed(normal, taken), ends)))


def _places(normal: str, taken: Taken, found: Sequence[Find], document: Document) -> list[Find]:
    known = [find.span for find in found if find.type == "Place"]
    seen = list(taken.keep(places.find(_closed(normal, taken), known)))
    lettered = list(taken.keep(places.letters(_closed(normal, taken))))
    for find in seen:
        taken.marks[find.span.start : find.span.end] = bytes(find.span.end - find.span.start)
    gazetteer = lexicon.weights("gazetteer")
    towns = {find.name for find in seen}
    battles = [
        find
        for find in names.placed_battles(normal, lambda word: word in towns or gazetteer.get(word, 0) >= 2, document)
        if all(taken.free(Span(p, p + 1)) for p in range(find.span.start, find.span.end))
    ]
    covered = Taken.of(len(normal))
    kept = list(covered.keep(battles))
    return lettered + kept + [replace(find) for find in covered.keep(seen)]


def _before_its_unit(find: Find, starts: set[int], quoted: bool) -> bool:
    """Tell whether a force or party is only the side of the formation that follows at once: 日军第11军."""
    sided = find.type == "Force" or find.name == "国民党"
    return sided and (find.span.end in starts or (find.span.end + 1 in starts and quoted))
