"""What reconciliation reads of the published store: names, classes and values, each read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pyoxigraph as ox

from server import folding
from server.publication import Publication
from server.versions import once_a_version
from server.wikibase.languages import chain

LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALIAS = ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
DESCRIPTION = ox.NamedNode("http://schema.org/description")
WIKIBASE = "http://wikiba.se/ontology#"
EXACT_MATCH = ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
ONTOLOGY = "https://w3id.org/zhanshi/ontology#"
Value = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Texts = Mapping[str, tuple[str, ...]]
"""Words by their language, as the store has them."""
_NUMBER = re.compile(r"[QP][1-9][0-9]*")


@lru_cache(maxsize=65_536)
def fold(words: str) -> str:
    """The form in which the spellings of one name are equal."""
    return folding.fold(words)


@dataclass(frozen=True)
class Property:
    """A property: its number, its datatype as Wikibase's ontology calls it, its predicates for direct values."""

    number: str
    datatype: str
    predicates: tuple[ox.NamedNode, ...]


class Facts:
    """The readings of one publication."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store = store
        self.root = f"{base}entity/"
        self.schema = f"{base}prop/direct/"
        self.texts = lru_cache(maxsize=16_384)(self._texts)
        self.values = lru_cache(maxsize=65_536)(self._values)
        self.spellings = lru_cache(maxsize=16_384)(self._spellings)

    def number(self, term: object) -> str:
        """The number of an item or property in its IRI; nothing for anything else."""
        if isinstance(term, ox.NamedNode) and term.value.startswith(self.root):
            number = term.value[len(self.root) :]
            return number if _NUMBER.fullmatch(number) else ""
        return ""

    def entity(self, words: str) -> str:
        """The number of the entity that a number or an IRI names, in any case; nothing where there is none."""
        number = words.strip().removeprefix(self.root).removeprefix(self.schema).upper()
        return number if _NUMBER.fullmatch(number) and self.texts(number, LABEL) else ""

    def name(self, number: str, language: str) -> str:
        """Its label in that language or one near to it; its number where it has none."""
        return self._best(number, LABEL, language) or number

    def description(self, number: str, language: str) -> str:
        """Its description in that language or one near to it; it may be empty."""
        return self._best(number, DESCRIPTION, language)

    def _spellings(self, number: str) -> frozenset[str]:
        """All its names, folded, so that the spellings of one name are equal."""
        names = (*self.texts(number, LABEL).values(), *self.texts(number, ALIAS).values())
        return frozenset(fold(name) for each in names for name in each)

    def classes(self, number: str) -> tuple[str, ...]:
        """The numbers of the classes that it is an instance of."""
        return tuple(sorted({self.number(value) for value in self.values(number, "P31")} - {""}))

    def _best(self, number: str, predicate: ox.NamedNode, language: str) -> str:
        texts = self.texts(number, predicate)
        codes = (*chain(language), *sorted(texts))
        return next((texts[code][0] for code in codes if code in texts), "")

    def _texts(self, number: str, predicate: ox.NamedNode) -> Texts:
        quads = self._store.quads_for_pattern(ox.NamedNode(self.root + number), predicate, None, None)
        found: dict[str, set[str]] = {}
        for quad in quads:
            if isinstance(quad.object, ox.Literal):
                found.setdefault(quad.object.language or "", set()).add(quad.object.value)
        return {language: tuple(sorted(words)) for language, words in found.items()}

    def _values(self, number: str, property_number: str, inverse: bool = False) -> tuple[Value, ...]:
        """The values of its property, or the subjects that have it as value; each once, sorted."""
        node = ox.NamedNode(self.root + number)
        known = self.properties.get(property_number)
        found: set[Value] = set()
        for predicate in known.predicates if known else ():
            if inverse:
                found.update(q.subject for q in self._store.quads_for_pattern(None, predicate, node, None))
            else:
                found.update(q.object for q in self._store.quads_for_pattern(node, predicate, None, None))
        return tuple(sorted(found, key=str))

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """The properties by their numbers.

        Those of items also have the values of their plain form, because rules derive some: a superior of any kind.
        """
        found = {}
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(f"{WIKIBASE}propertyType"), None, None):
            number = self.number(quad.subject)
            datatype = str(getattr(quad.object, "value", "")).removeprefix(WIKIBASE)
            direct = ox.NamedNode(self.schema + number)
            plain = self._plain(direct_of=number) if datatype == "WikibaseItem" else ()
            found[number] = Property(number, datatype, (direct, *plain))
        return dict(sorted(found.items()))

    def _plain(self, *, direct_of: str) -> tuple[ox.NamedNode, ...]:
        same = self._store.quads_for_pattern(
            ox.NamedNode(self.root + direct_of), ox.NamedNode(f"{self.schema}P1628"), None, None
        )
        iris = {q.object.value for q in same if isinstance(q.object, ox.NamedNode)}
        return tuple(ox.NamedNode(iri) for iri in sorted(iris) if iri.startswith(ONTOLOGY))

    @cached_property
    def types(self) -> Mapping[str, tuple[str, ...]]:
        """The classes that are an item's class or wider than one, each with those directly wider, by their numbers."""
        waiting = {
            self.number(quad.object)
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(f"{self.schema}P31"), None, None)
        }
        found: dict[str, tuple[str, ...]] = {}
        while waiting:
            number = waiting.pop()
            if number and number not in found:
                found[number] = tuple(sorted({self.number(value) for value in self.values(number, "P279")} - {""}))
                waiting.update(found[number])
        return dict(sorted(found.items()))

    def wider(self, number: str) -> set[str]:
        """The class itself and all that are wider."""
        found: set[str] = set()
        waiting = [number]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting += self.types.get(each, ())
        return found

    @cached_property
    def used(self) -> Mapping[str, Mapping[str, int]]:
        """For each class, how many of its items have which property; `` holds the counts over all items."""
        counts: dict[str, dict[str, int]] = {"": {}}
        classes: dict[str, set[str]] = {}
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(f"{self.schema}P31"), None, None):
            wider = self.wider(self.number(quad.object))
            classes.setdefault(self.number(quad.subject), {""}).update(wider)
        for number, known in self.properties.items():
            for subject in self._subjects(known):
                for each in classes.get(subject, ()):
                    counts.setdefault(each, {})[number] = counts.get(each, {}).get(number, 0) + 1
        return counts

    def having(self, property_number: str) -> set[str]:
        """The numbers of the entities that have a value of that property."""
        known = self.properties.get(property_number)
        return self._subjects(known) if known else set()

    def _subjects(self, known: Property) -> set[str]:
        quads = (q for p in known.predicates for q in self._store.quads_for_pattern(None, p, None, None))
        return {self.number(quad.subject) for quad in quads} - {""}

    def class_of_values(self, number: str) -> str:
        """The number of the class that the ontology sets for the property's values; nothing where it sets none."""
        known = self.properties.get(number)
        for predicate in known.predicates[1:] if known else ():
            for quad in self._store.quads_for_pattern(
                predicate, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#range"), None, None
            ):
                for same in self._store.quads_for_pattern(None, EXACT_MATCH, quad.object, None):
                    return self.number(same.subject)
        return ""


@once_a_version
def facts(publication: Publication) -> Facts:
    """The reader of that publication."""
    return Facts(publication.store, publication.base)
