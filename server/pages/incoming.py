"""What points to an entity: the statements and qualifiers that have it as value, by property."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from server.pages.names import Link, Names, names_of
from server.publication import Publication

FEW = 12
"""How many of one property are shown before the reader asks for all."""
GATHERING = frozenset({"P749"})
"""Properties that rules derive from narrower ones."""
_DIRECT, _QUALIFIER = "prop/direct/", "prop/qualifier/"


@dataclass(frozen=True)
class Incoming:
    """The items that point here by one property; `key` names the group in the address of the page."""

    key: str
    name: Link
    is_qualifier: bool
    count: int
    items: tuple[Link, ...]


def incoming(publication: Publication, number: str, language: str, whole: str = "") -> list[Incoming]:
    """The groups of what points to an entity, the largest first; all of the group whose key is `whole`."""
    names = names_of(publication)
    found: dict[str, set[str]] = defaultdict(set)
    node = ox.NamedNode(f"{publication.base}entity/{number}")
    for quad in publication.store.quads_for_pattern(None, None, node, None):
        path = quad.predicate.value.removeprefix(publication.base)
        if path.startswith(_DIRECT):
            found[path.removeprefix(_DIRECT)].add(names.number(quad.subject))
        elif path.startswith(_QUALIFIER) and path.count("/") == 2 and isinstance(quad.subject, ox.NamedNode):
            statement = quad.subject.value.rsplit("/", 1)[-1]
            found["q" + path.removeprefix(_QUALIFIER)].add(statement.partition("-")[0])
    shown = {key: items - {number, ""} for key, items in found.items() if not _gathers(key, found)}
    groups = [_group(names, key, items, language, key == whole) for key, items in shown.items()]
    return sorted((g for g in groups if g.count), key=lambda g: (g.is_qualifier, -g.count, g.key))


def _gathers(key: str, found: Mapping[str, set[str]]) -> bool:
    """Whether a group only gathers what other groups of statements hold: all that is subordinate, of whatever kind."""
    others = (items for other, items in found.items() if other != key and not other.startswith("q"))
    return key in GATHERING and found[key] <= set().union(*others)


def _group(names: Names, key: str, items: set[str], language: str, is_whole: bool) -> Incoming:
    ordered = sorted(items, key=lambda item: (names.value(item, "z:earliest"), names.label(item, language), item))
    shown = ordered if is_whole or len(ordered) <= FEW + 2 else ordered[:FEW]
    property_number = key.removeprefix("q")
    return Incoming(
        key=key,
        name=names.link(property_number, language),
        is_qualifier=key.startswith("q"),
        count=len(items),
        items=tuple(names.link(item, language) for item in shown),
    )
