"""Readings + authority -> one item for each thing meant; what links to nothing becomes a new item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graph import naming
from graph.identifiers import Key, mint
from graph.linking import keys
from graph.model import Authority, Entry, Event, Item, Links, Reading, Text

Place = tuple[str, str]  # a text and the id or name of something in its reading


@dataclass(frozen=True)
class _Meant:
    """The key of everything that the readings mean."""

    mentions: Mapping[Place, Key]
    names: Mapping[Place, Key]
    battles: Mapping[str, Key]
    sources: Mapping[str, Key]
    occurrences: Mapping[Place, Key]
    strengths: Mapping[Place, Key]

    def named(self) -> Iterator[Key]:
        """Give the keys of what has a name, and the sides of what has a side."""
        for key in (*self.mentions.values(), *self.names.values(), *self.battles.values()):
            yield key
            if key[0] in keys.SIDED:
                yield "Side", f"{key[1].partition('/')[0]}/"

    def every(self) -> Iterator[Key]:
        """Give every key."""
        yield from self.named()
        yield from (*self.sources.values(), *self.occurrences.values(), *self.strengths.values())


def link(texts: Sequence[Text], readings: Sequence[Reading], authority: Authority) -> Links:
    """Give the item of every mention, name and occurrence of the readings."""
    meant = _meant(texts, readings, authority)
    numbers, minted = _numbers(meant, authority)
    links = Links(
        items={},
        mentions=_numbered(meant.mentions, numbers),
        names=_numbered(meant.names, numbers),
        occurrences=_numbered(meant.occurrences, numbers),
        strengths=_numbered(meant.strengths, numbers),
        sources={text: numbers[key] for text, key in meant.sources.items()},
        battles={name: numbers[key] for name, key in meant.battles.items()},
        ledger=minted,
    )
    items = _known_items(texts, meant, numbers, authority)
    for reading in readings:
        items |= {item.id: item for item in _told(reading, links, items, authority)}
    return replace(links, items=items)


def _meant(texts: Iterable[Text], readings: Sequence[Reading], authority: Authority) -> _Meant:
    return _Meant(
        mentions={(r.text, m.id): keys.key(m.type, m.canonical, authority) for r in readings for m in keys.things(r)},
        names={(r.text, n): keys.name_key(n, r, authority) for r in readings for n in keys.free_names(r)},
        battles={name: keys.key("Battle", name, authority) for r in readings for name in keys.battles(r)},
        sources={text.name: ("Source", text.name) for text in texts},
        occurrences={(r.text, e.id): key for r in readings for e, key in keys.occurrence_keys(r)},
        strengths={(r.text, x.id): key for r in readings for x, key in keys.strength_keys(r)},
    )


def _numbers(meant: _Meant, authority: Authority) -> tuple[Mapping[Key, str], Mapping[Key, str]]:
    """Give the number of every key, and of those the ones that no table holds."""
    known = {(entry.kind, entry.name): entry.id for entry in authority.entries}
    taken = {*known.values(), *(concept.id for concept in authority.concepts.values())}
    minted = mint(set(meant.every()) - known.keys(), authority.ledger, taken)
    return known | minted, minted


def _numbered(places: Mapping[Place, Key], numbers: Mapping[Key, str]) -> Mapping[Place, str]:
    return {place: numbers[key] for place, key in places.items()}


def _known_items(
    texts: Iterable[Text], meant: _Meant, numbers: Mapping[Key, str], authority: Authority
) -> dict[str, Item]:
    """Give the items of the tables, of the texts, and of the names that no table holds."""
    items = {entry.id: _entry_item(entry) for entry in authority.entries}
    items |= {concept.id: _concept_item(concept) for concept in authority.concepts.values()}
    for kind, name in meant.named():
        number = numbers[kind, name]
        if number not in items:
            items[number] = naming.new_item(number, kind, name, authority)
    return items | {
        numbers["Source", text.name]: naming.source_item(numbers["Source", text.name], text) for text in texts
    }


def _told(reading: Reading, links: Links, items: Mapping[str, Item], authority: Authority) -> Iterator[Item]:
    """Give the items of a reading's occurrences, losses and strengths."""
    for event in reading.events:
        battle = event.notes.get("in")
        yield naming.occurrence_item(
            links.occurrences[reading.text, event.id],
            "Loss" if event.type == "Loss" else event.modality.kind,
            event,
            _fillers(event, reading, links),
            items,
            links.battles[battle] if battle else None,
            reading,
            authority,
        )
    for relation in reading.relations:
        if relation.type == "strength":
            unit = items[links.mentions[reading.text, relation.subject]]
            amount = reading.mentions[relation.object].surface
            yield naming.strength_item(
                links.strengths[reading.text, relation.id], unit, amount, relation, reading, authority
            )


def _fillers(event: Event, reading: Reading, links: Links) -> Iterator[tuple[str, str, str]]:
    """Give (role, item number, surface) for each role that an item or a value fills."""
    for role in event.roles:
        if role.filler == keys.NARRATOR:
            yield role.name, links.sources[reading.text], ""
        elif role.filler.startswith("@"):
            yield role.name, links.names[reading.text, role.filler], ""
        elif role.filler in reading.mentions:
            mention = reading.mentions[role.filler]
            yield role.name, links.mentions.get((reading.text, mention.id), ""), mention.surface


def _entry_item(entry: Entry) -> Item:
    aliases = tuple(dict.fromkeys((*entry.aliases, *entry.slips)))
    return Item(entry.id, entry.kind, entry.name, entry.labels, naming.by_script(aliases), naming.described(entry))


def _concept_item(entry: Entry) -> Item:
    descriptions = {k: entry.facts.get(f"definition {k}", "") for k in ("en", "zh-hans", "zh-hant")}
    aliases = naming.by_script(entry.aliases)
    return Item(entry.id, "Concept", entry.name, entry.labels, aliases, {k: v for k, v in descriptions.items() if v})
