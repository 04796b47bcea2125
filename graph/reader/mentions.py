"""Document -> mentions: every name, date, number and thing in the text, with the canonical name of what is meant."""

from collections.abc import Iterable, Iterator

from graph.model import Mention
from graph.reader import (
    calendar,
    dates,
    identity,
    lexicon,
    materiel,
    named_units,
    names,
    numbers,
    persons,
    places,
    units,
)
from graph.reader.document import Document
from graph.reader.finds import HOLE, Find, Taken


def mentions(document: Document) -> tuple[Mention, ...]:
    """Give the mentions of a document in order, ids T1, T2 …; a person may lie inside the formation he leads."""
    finds = find_all(document)
    canonical = identity.canonical_names(document, finds)
    made = []
    for number, (find, name) in enumerate(zip(finds, canonical, strict=True), 1):
        surface = document.text.characters[find.span.start : find.span.end]
        made.append(Mention(f"T{number}", find.type, find.span, surface, name, find.unsure))
    return tuple(made)


def find_all(document: Document) -> list[Find]:
    """Give all finds in order. The surest finders go first; what they take is closed to those that follow."""
    normal = document.normal
    taken = Taken.of(len(normal))
    found = list(taken.keep(names.battles(normal, document)))
    found += taken.keep(_dates(document, found))
    found += taken.keep(_longest(names.commands(normal)))
    found += taken.keep(_longest(units.as_find(unit) for unit in units.find(normal)))
    found += taken.keep(_longest([*names.awards(normal), *names.nicknames(normal)]))
    found += taken.keep(_longest([*names.organisations(normal), *names.forces(normal)]))
    found += _persons(normal, taken, found)
    found += taken.keep(_longest(named_units.surnamed(_closed(normal, taken))))
    ends = {find.span.end for find in found if find.type == "Unit"}
    found += taken.keep(named_units.functional(_closed(normal, taken), ends))
    found += taken.keep(_longest(names.nations(normal)))
    counts = list(taken.keep(_longest(numbers.find(normal))))
    found += counts
    found += _places(document, taken, found)
    found += taken.keep(materiel.find(normal, counts))
    starts = {find.span.start for find in found if find.type == "Unit"}
    kept = (find for find in found if not _side_of_next(normal, find, starts))
    return sorted(kept, key=lambda find: (find.span.start, -find.span.end, find.type))


def _dates(document: Document, battles: Iterable[Find]) -> Iterator[Find]:
    moments = list(dates.find(document.normal))
    resolved = calendar.resolve(moments, document, [(find.span, find.name) for find in battles])
    for moment, edtf in zip(moments, resolved, strict=True):
        words = document.normal[moment.span.start : moment.span.end]
        yield Find("Date", moment.span, edtf or words, "date", unsure=not edtf)


def _persons(normal: str, taken: Taken, found: Iterable[Find]) -> list[Find]:
    """Give the persons, and the formations that they lead: both have the same beginning."""
    units_found = [find.span for find in found if find.type == "Unit"]
    others = [find.span for find in found if find.type != "Unit"]
    people = [named for named in persons.find(normal, units_found, others) if taken.free(named.span)]
    led = {named.span: find for find, named in named_units.led(normal, people)}
    for named in people:
        taken.take(led[named.span].span if named.span in led else named.span)
    return [persons.as_find(named) for named in people] + list(led.values())


def _places(document: Document, taken: Taken, found: Iterable[Find]) -> list[Find]:
    """Give the places, and the battles named after one, which take the place's characters."""
    hills = list(taken.keep(places.heights(_closed(document.normal, taken))))
    closed = _closed(document.normal, taken)
    seen = places.find(closed, [find.span for find in found if find.type == "Place"])
    towns = {find.name for find in seen}
    gazetteer = lexicon.weights("gazetteer")
    battles = names.placed_battles(
        document.normal, lambda word: word in towns or gazetteer.get(word, 0) >= names.SURE, document
    )
    kept = list(taken.keep([*battles, *named_units.of_places(closed, seen), *seen]))
    return hills + kept + list(taken.keep(places.letters(_closed(document.normal, taken))))


def _longest(finds: Iterable[Find]) -> list[Find]:
    """Give finds so that of two that overlap the earlier and longer comes first."""
    return sorted(finds, key=lambda find: (find.span.start, -find.span.end))


def _closed(normal: str, taken: Taken) -> str:
    """Give the text with what is taken blotted out."""
    return "".join(HOLE if mark else character for mark, character in zip(taken.marks, normal, strict=True))


def _side_of_next(normal: str, find: Find, starts: set[int]) -> bool:
    """Tell whether a force or party is only the side of the formation that follows at once: 日军第11军."""
    if find.type != "Force" and find.name != "国民党":
        return False
    end = find.span.end
    return end in starts or (end + 1 in starts and normal[end] in "“「")
