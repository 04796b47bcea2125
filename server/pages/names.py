"""The names of items, properties and terms in the language of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from graph.namespaces import TYPE, term
from server.publication import Publication
from server.versions import once_a_version
from server.wikibase.languages import chain

ONTOLOGY = "https://w3id.org/zhanshi/ontology#"
REALITIES = {"PlannedAction": "planned", "NegatedAction": "negated", "ReportedAction": "reported"}
KINDS = ("Formation", "Person", "Place", "Battle", "Organization", "Side", "Materiel", "Award", "Source")


@dataclass(frozen=True)
class Link:
    """Words that may lead somewhere: their language, and what they are (a class of the style sheet)."""

    text: str
    href: str = ""
    language: str = ""
    kind: str = ""


class Names:
    """The names in a store, looked up when they are wanted."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store = store
        self.base = base
        self.labels = lru_cache(maxsize=65_536)(self._labels)
        self.types = lru_cache(maxsize=65_536)(self._types)
        self._objects = lru_cache(maxsize=65_536)(self._found)

    def _labels(self, number: str) -> dict[str, str]:
        return self.texts(number, "rdfs:label")

    def texts(self, number: str, predicate: str) -> dict[str, str]:
        """The texts of an entity under that predicate, by language."""
        node = ox.NamedNode(f"{self.base}entity/{number}")
        quads = self._store.quads_for_pattern(node, term(predicate), None, None)
        return {q.object.language or "": q.object.value for q in quads if isinstance(q.object, ox.Literal)}

    def _types(self, number: str) -> frozenset[str]:
        node = ox.NamedNode(f"{self.base}entity/{number}")
        found = (q.object for q in self._store.quads_for_pattern(node, TYPE, None, None))
        return frozenset(o.value.removeprefix(ONTOLOGY) for o in found if o.value.startswith(ONTOLOGY))  # type: ignore[union-attr]

    def label(self, number: str, language: str) -> tuple[str, str]:
        """The label in the first of the language's fallbacks that has one, with that language; else the number."""
        labels = self.labels(number)
        return next(((labels[code], code) for code in chain(language) if code in labels), (number, ""))

    def link(self, number: str, language: str) -> Link:
        """The label of an entity, leading to its page."""
        text, found = self.label(number, language)
        return Link(text, address(number), found, self.kind(number))

    def classes(self, number: str, *properties: str) -> list[str]:
        """The numbers of the items that an item has as truthy values of those properties."""
        node = ox.NamedNode(f"{self.base}entity/{number}")
        direct = (ox.NamedNode(f"{self.base}prop/direct/{each}") for each in properties)
        quads = (quad for each in direct for quad in self._store.quads_for_pattern(node, each, None, None))
        return sorted({self.number(quad.object) for quad in quads} - {""})

    def kind(self, number: str) -> str:
        """What an item is, as a class of the style sheet: planned, negated, reported, formation, …; or nothing."""
        types = self.types(number)
        for name, reality in REALITIES.items():
            if name in types:
                return reality
        return next((kind.lower() for kind in KINDS if kind in types), "")

    def number(self, node: object) -> str:
        """The number of an entity's IRI; nothing for anything else."""
        root = f"{self.base}entity/"
        if isinstance(node, ox.NamedNode) and node.value.startswith(root):
            number = node.value[len(root) :]
            return "" if "/" in number else number
        return ""

    def values(self, number: str, *predicates: str) -> Iterable[ox.NamedNode | ox.Literal]:
        """The objects that an entity has under those predicates (prefixed names), each once, sorted."""
        return self._objects(number, predicates)

    def _found(self, number: str, predicates: tuple[str, ...]) -> tuple[ox.NamedNode | ox.Literal, ...]:
        node = ox.NamedNode(f"{self.base}entity/{number}")
        found = {
            quad.object
            for predicate in predicates
            for quad in self._store.quads_for_pattern(node, term(predicate), None, None)
        }
        return tuple(sorted(found, key=str))  # type: ignore[arg-type]

    def value(self, number: str, predicate: str) -> str:
        """The first value under that predicate as a plain string; nothing where there is none."""
        return next((value.value for value in self.values(number, predicate)), "")


def address(number: str) -> str:
    """The path of an entity's page.

    >>> address("P31")
    '/wiki/Property:P31'
    """
    return f"/wiki/Property:{number}" if number.startswith("P") else f"/wiki/{number}"


@once_a_version
def names_of(publication: Publication) -> Names:
    """The names in that publication."""
    return Names(publication.store, publication.base)
