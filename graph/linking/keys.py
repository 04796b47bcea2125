"""What a reading's annotations mean, as keys: (kind, canonical name), before numbers are given."""

import re
from collections.abc import Iterator, Mapping

from graph.identifiers import Key
from graph.model import Authority, Entry, Event, Mention, Reading, Relation
from graph.numerals import figures
from graph.romanize import simplified

# Which kind of item a mention is of; dates and numbers are values, not items.
KINDS: Mapping[str, str] = {
    "Unit": "Formation",
    "Force": "Formation",
    "Organization": "Organization",
    "Person": "Person",
    "Place": "Place",
    "Battle": "Battle",
    "Materiel": "Materiel",
    "Award": "Award",
}
SIDED = ("Formation", "Organization")
NARRATOR = "@narrator"

_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十百]+")


def arabic(name: str) -> str:
    """Give a name with its Chinese numerals in Arabic figures, but for war areas, which keep them.

    >>> arabic("CN/第一九〇师"), arabic("CN/第十军"), arabic("CN/第九战区")
    ('CN/第190师', 'CN/第10军', 'CN/第九战区')
    """
    return name if "战区" in name else _NUMERAL.sub(lambda m: figures(m[0]), name)


def things(reading: Reading) -> Iterator[Mention]:
    """Give the mentions that mean an item."""
    return (m for m in reading.mentions.values() if m.type in KINDS)


def key(mention_type: str, canonical: str, authority: Authority) -> Key:
    """Give the key of what a mention means: the authority's name where one links, else the canonical name."""
    if re.fullmatch(r"[A-Z]{2}/", canonical):
        return "Side", canonical
    kind = KINDS[mention_type]
    for other in (kind, *(k for k in SIDED if kind in SIDED and k != kind)):
        entry = _find(other, canonical, authority)
        if entry:
            return entry.kind, entry.name
    plain = simplified(canonical)
    return kind, arabic(plain) if kind == "Formation" else plain


def _find(kind: str, canonical: str, authority: Authority) -> Entry | None:
    side, slash, name = canonical.rpartition("/")
    forms = [canonical, arabic(canonical), name, arabic(name)] if slash else [canonical]
    for form in (*forms, *(simplified(form) for form in forms)):
        entry = authority.by_name.get((kind, form))
        # A name without its side links only to an item of that side: CN/第20军 is not JP/第20军.
        if entry and (not slash or entry.facts.get("side", side) == side):
            return entry
    return None


def name_key(name: str, reading: Reading, authority: Authority) -> Key:
    """Give the key of an entity that the text does not name there: `@JP/第4师团`, `@蒋介石`."""
    canonical = name[1:]
    same = next((m for m in things(reading) if m.canonical == canonical), None)
    if same:
        return key(same.type, canonical, authority)
    if "/" in canonical:
        return key("Unit", canonical, authority)
    for kind in ("Person", "Place", "Source", "Battle", "Materiel", "Award"):
        entry = _find(kind, canonical, authority)
        if entry:
            return entry.kind, entry.name
    return "Person", canonical


def free_names(reading: Reading) -> Iterator[str]:
    """Give the entities that roles and claimants name without the text naming them there."""
    roles = (role.filler for event in reading.events for role in event.roles)
    claimants = (relation.notes["Claimant"] for relation in reading.relations if "Claimant" in relation.notes)
    return (name for name in (*roles, *claimants) if name.startswith("@") and name != NARRATOR)


def battles(reading: Reading) -> Iterator[str]:
    """Give the names of the battles that events and relations are in."""
    annotations: tuple[Event | Relation, ...] = (*reading.events, *reading.relations)
    return (annotation.notes["in"] for annotation in annotations if "in" in annotation.notes)


def occurrence_keys(reading: Reading) -> Iterator[tuple[Event, Key]]:
    """Give each event's key: text, type, trigger, sorted roles, and an ordinal where two events share all of these."""
    seen: dict[str, int] = {}
    for event in reading.events:
        roles = ",".join(sorted(f"{r.name}={_filler_name(reading, r.filler)}" for r in event.roles))
        base = f"{reading.text}|{event.type}|{event.trigger.start}-{event.trigger.end}|{roles}"
        seen[base] = seen.get(base, 0) + 1
        yield event, ("Occurrence", f"{base}|{seen[base]}")


def _filler_name(reading: Reading, filler: str) -> str:
    if filler in reading.mentions:
        return reading.mentions[filler].canonical
    event = next((e for e in reading.events if e.id == filler), None)
    return f"{event.type}@{event.trigger.start}" if event else filler


def strength_keys(reading: Reading) -> Iterator[tuple[Relation, Key]]:
    """Give each strength's key: text, whose, and where its number stands."""
    seen: dict[str, int] = {}
    for relation in reading.relations:
        if relation.type == "strength":
            unit, number = reading.mentions[relation.subject], reading.mentions[relation.object]
            base = f"{reading.text}|{unit.canonical}|{number.span.start}-{number.span.end}"
            seen[base] = seen.get(base, 0) + 1
            yield relation, ("Strength", f"{base}|{seen[base]}")
