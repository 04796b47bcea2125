"""Readings + authority -> one item for each thing meant; what links to nothing becomes a new item."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph import naming
from graph.identifiers import Key, mint
from graph.model import Authority, Entry, Event, Item, Links, Mention, Modality, Reading, Relation, Text

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
OCCURRENCES: Mapping[Modality, str] = {
    Modality.ACTUAL: "Event",
    Modality.PLANNED: "PlannedAction",
    Modality.NEGATED: "NegatedAction",
    Modality.REPORTED: "ReportedAction",
}
NARRATOR = "@narrator"

_CHINESE_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十百]+")


def arabic(name: str) -> str:
    """Give a name with its Chinese numerals in Arabic figures, but for war areas, which keep them.

    >>> arabic("CN/第一九〇师"), arabic("CN/第十军"), arabic("CN/第九战区")
    ('CN/第190师', 'CN/第10军', 'CN/第九战区')
    """
    return name if "战区" in name else _NUMERAL.sub(lambda m: _figure(m[0]), name)


def _figure(numeral: str) -> str:
    if "百" in numeral or "十" in numeral:
        total = digit = 0
        for c in numeral:
            if c in "百十":
                total += (digit or 1) * (100 if c == "百" else 10)
                digit = 0
            else:
                digit = int(_CHINESE_DIGITS[c])
        return str(total + digit)
    return "".join(_CHINESE_DIGITS[c] for c in numeral)


@dataclass
class _Named:
    """What the readings name, gathered before numbers are given."""

    wanted: dict[Key, str] = field(default_factory=dict)  # key -> the first text that names it

    def add(self, key: Key, text: str) -> None:
        self.wanted.setdefault(key, text)


def link(texts: Sequence[Text], readings: Sequence[Reading], authority: Authority) -> Links:
    """Give the item of every mention, name and occurrence of the readings."""
    named = _Named()
    mentions = {(r.text, m.id): _key(m.type, m.canonical, authority) for r in readings for m in _things(r)}
    names = {(r.text, n): _name_key(n, r, authority) for r in readings for n in _free_names(r)}
    battles = {name: _key("Battle", name, authority) for r in readings for name in _battles(r)}
    for (text, _), key in (*mentions.items(), *names.items()):
        named.add(key, text)
    for key in battles.values():
        named.add(key, "authority")
    for kind, name in tuple(named.wanted):
        if kind in SIDED:
            named.add(("Side", f"{name.partition('/')[0]}/"), "authority")
    sources = {text.name: ("Source", text.name) for text in texts}
    occurrences = {(r.text, e.id): key for r in readings for e, key in _occurrence_keys(r)}
    strengths = {(r.text, x.id): key for r in readings for x, key in _strength_keys(r)}
    entries = {(e.kind, e.name): e.id for e in authority.entries}
    keys = {*named.wanted, *sources.values(), *occurrences.values(), *strengths.values()} - entries.keys()
    taken = {*entries.values(), *(c.id for c in authority.concepts.values())}
    minted = mint(keys, authority.ledger, taken)
    numbers = entries | minted
    items = {entry.id: _entry_item(entry) for entry in authority.entries}
    items |= {c.id: _concept_item(c) for c in authority.concepts.values()}
    for kind, name in named.wanted:
        number = numbers[kind, name]
        if number not in items:
            items[number] = naming.new_item(number, kind, name, authority)
    items |= {numbers[key]: naming.source_item(numbers[key], text) for key, text in _pairs(sources, texts)}
    find = _Finder(
        {place: numbers[key] for place, key in mentions.items()},
        {place: numbers[key] for place, key in names.items()},
        {name: numbers[key] for name, key in battles.items()},
        {text: numbers[key] for text, key in sources.items()},
    )
    for reading in readings:
        for event in reading.events:
            number = numbers[occurrences[reading.text, event.id]]
            items[number] = naming.occurrence_item(
                number, _kind(event), event, find.fillers(reading, event), items, find.battle(event), reading, authority
            )
        for relation in reading.relations:
            if relation.type == "strength":
                number = numbers[strengths[reading.text, relation.id]]
                unit = items[find.mentions[reading.text, relation.subject]]
                amount = reading.mentions[relation.object].surface
                items[number] = naming.strength_item(number, unit, amount, relation, reading)
    return Links(
        items=items,
        mentions=find.mentions,
        names=find.names,
        occurrences={place: numbers[key] for place, key in occurrences.items()},
        strengths={place: numbers[key] for place, key in strengths.items()},
        sources=find.sources,
        battles=find.battles,
        ledger=dict(minted),
    )


@dataclass(frozen=True)
class _Finder:
    mentions: Mapping[tuple[str, str], str]
    names: Mapping[tuple[str, str], str]
    battles: Mapping[str, str]
    sources: Mapping[str, str]

    def fillers(self, reading: Reading, event: Event) -> Iterator[tuple[str, str, str]]:
        """Give (role, item number, surface) for each role that an item fills."""
        for role in event.roles:
            if role.filler == NARRATOR:
                yield role.name, self.sources[reading.text], ""
            elif role.filler.startswith("@"):
                yield role.name, self.names[reading.text, role.filler], ""
            elif role.filler in reading.mentions:
                mention = reading.mentions[role.filler]
                number = self.mentions.get((reading.text, mention.id), "")
                yield role.name, number, mention.surface

    def battle(self, event: Event) -> str | None:
        """Give the number of the battle that the event is in, if it is told."""
        name = event.notes.get("in")
        return self.battles[name] if name else None


def _things(reading: Reading) -> Iterator[Mention]:
    return (m for m in reading.mentions.values() if m.type in KINDS)


def _kind(event: Event) -> str:
    return "Loss" if event.type == "Loss" else OCCURRENCES[event.modality]


def _key(mention_type: str, canonical: str, authority: Authority) -> Key:
    """Give the key of what a mention means: the authority's name where one links, else the canonical name."""
    if re.fullmatch(r"[A-Z]{2}/", canonical):
        return "Side", canonical
    kind = KINDS[mention_type]
    for other in (kind, *(k for k in SIDED if kind in SIDED and k != kind)):
        entry = _find(other, canonical, authority)
        if entry:
            return entry.kind, entry.name
    return kind, arabic(canonical) if kind == "Formation" else canonical


def _find(kind: str, canonical: str, authority: Authority) -> Entry | None:
    side, slash, name = canonical.rpartition("/")
    forms = [canonical, arabic(canonical), name, arabic(name)] if slash else [canonical]
    for form in forms:
        entry = authority.by_name.get((kind, form))
        # A name without its side links only to an item of that side: CN/第20军 is not JP/第20军.
        if entry and (not slash or entry.facts.get("side", side) == side):
            return entry
    return None


def _name_key(name: str, reading: Reading, authority: Authority) -> Key:
    """Give the key of an entity that the text does not name there: `@JP/第4师团`, `@蒋介石`."""
    canonical = name[1:]
    same = next((m for m in _things(reading) if m.canonical == canonical), None)
    if same:
        return _key(same.type, canonical, authority)
    if "/" in canonical:
        return _key("Unit", canonical, authority)
    for kind in ("Person", "Place", "Source", "Battle", "Materiel", "Award"):
        entry = _find(kind, canonical, authority)
        if entry:
            return entry.kind, entry.name
    return "Person", canonical


def _free_names(reading: Reading) -> Iterator[str]:
    return (r.filler for e in reading.events for r in e.roles if r.filler.startswith("@") and r.filler != NARRATOR)


def _battles(reading: Reading) -> Iterator[str]:
    return (x.notes["in"] for x in (*reading.events, *reading.relations) if "in" in x.notes)


def _occurrence_keys(reading: Reading) -> Iterator[tuple[Event, Key]]:
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


def _strength_keys(reading: Reading) -> Iterator[tuple[Relation, Key]]:
    seen: dict[str, int] = {}
    for relation in reading.relations:
        if relation.type == "strength":
            unit, number = reading.mentions[relation.subject], reading.mentions[relation.object]
            base = f"{reading.text}|{unit.canonical}|{number.span.start}-{number.span.end}"
            seen[base] = seen.get(base, 0) + 1
            yield relation, ("Strength", f"{base}|{seen[base]}")


def _pairs(sources: Mapping[str, Key], texts: Sequence[Text]) -> Iterator[tuple[Key, Text]]:
    return ((sources[text.name], text) for text in texts)


def _entry_item(entry: Entry) -> Item:
    aliases = tuple(dict.fromkeys((*entry.aliases, *entry.slips)))
    return Item(entry.id, entry.kind, entry.name, entry.labels, naming.by_script(aliases), naming.described(entry))


def _concept_item(entry: Entry) -> Item:
    descriptions = {k: entry.facts.get(f"definition {k}", "") for k in ("en", "zh-hans", "zh-hant")}
    return Item(entry.id, "Concept", entry.name, entry.labels, {}, {k: v for k, v in descriptions.items() if v})
