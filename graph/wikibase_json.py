"""A published store -> its items and properties as Wikibase JSON, equal in content with its Wikibase RDF."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

import pyoxigraph as ox

from graph.namespaces import TYPE, Namespaces, term

Json = dict[str, Any]
Facts = Mapping[str, list[Any]]
"""What is said of one node: the predicates' IRIs with their objects, sorted."""

DATATYPES = {
    "WikibaseItem": "wikibase-item",
    "WikibaseProperty": "wikibase-property",
    "Time": "time",
    "Quantity": "quantity",
    "String": "string",
    "ExternalId": "external-id",
    "Url": "url",
    "Monolingualtext": "monolingualtext",
    "GlobeCoordinate": "globe-coordinate",
}
FULL = frozenset({"time", "quantity", "globe-coordinate"})
"""The datatypes whose values are nodes of their own."""
NO_UNIT = "http://www.wikidata.org/entity/Q199"
_NUMBER = re.compile(r"[QP][1-9][0-9]*")
_STATEMENT = re.compile(r"([QP][1-9][0-9]*)-[0-9A-Za-z-]+")
_ONTOLOGY = "http://wikiba.se/ontology#"


def order(number: str) -> tuple[str, int]:
    """The key that sorts entities: properties, then items, each by number.

    >>> sorted(["Q10", "Q9", "P31"], key=order)
    ['P31', 'Q9', 'Q10']
    """
    return number[0], int(number[1:])


class Documents:
    """Reads entities out of a store whose IRIs stand under the root `base`."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store = store
        self._names = Namespaces(base)
        self._reference = lru_cache(maxsize=8192)(self._read_reference)
        self._value = lru_cache(maxsize=8192)(self._read_value)

    @cached_property
    def datatypes(self) -> Mapping[str, str]:
        """The properties with their datatypes, as Wikibase's JSON names them."""
        quads = self._store.quads_for_pattern(None, term("wikibase:propertyType"), None, None)
        found = {self.number(quad.subject): DATATYPES[_local(quad.object)] for quad in quads}
        return {number: found[number] for number in sorted(found, key=order)}

    def numbers(self, kind: str = "") -> list[str]:
        """The numbers of all entities, or of the items or the properties alone, in order."""
        kinds = (f"wikibase:{kind.capitalize()}",) if kind else ("wikibase:Property", "wikibase:Item")
        quads = (q for name in kinds for q in self._store.quads_for_pattern(None, TYPE, term(name), None))
        return sorted({self.number(quad.subject) for quad in quads} - {""}, key=order)

    def entities(self) -> Iterator[Json]:
        """Every entity, in order, as a dump has it."""
        for number in self.numbers():
            document = self.entity(number)
            if document is not None:
                yield document

    def number(self, node: object) -> str:
        """The number in an entity's IRI; nothing for anything else."""
        root = f"{self._names.base}entity/"
        if isinstance(node, ox.NamedNode) and node.value.startswith(root):
            number = node.value[len(root) :]
            return number if _NUMBER.fullmatch(number) else ""
        return ""

    def owner(self, statement: str) -> str:
        """The number of the entity that has that statement (`Q1$UUID` or `Q1-UUID`); nothing where there is none."""
        found = _STATEMENT.fullmatch(statement.replace("$", "-", 1))
        if not found:
            return ""
        node = self._names.at(f"entity/statement/{found[0]}")
        there = next(iter(self._store.quads_for_pattern(node, term("wikibase:rank"), None, None)), None)
        return found[1] if there else ""

    def entity(self, number: str) -> Json | None:
        """The entity of that number, or None: its id, type, names, claims, revision and day of change."""
        if not _NUMBER.fullmatch(number):
            return None
        facts = self._facts(self._names.entity(number))
        kind = "property" if number.startswith("P") else "item"
        if term(f"wikibase:{kind.capitalize()}") not in facts.get(TYPE.value, ()):
            return None
        document: Json = {"type": kind}
        if kind == "property":
            document["datatype"] = self.datatypes[number]
        document["id"] = number
        document["labels"] = _names(facts.get(term("rdfs:label").value, ()))
        document["descriptions"] = _names(facts.get(term("schema:description").value, ()))
        document["aliases"] = _aliases(facts.get(term("skos:altLabel").value, ()))
        document["claims"] = self._claims(facts)
        if kind == "item":
            document["sitelinks"] = {}
        about = self._facts(self._names.data(number))
        document["lastrevid"] = int(_one(about, "schema:version").value)
        document["modified"] = _one(about, "schema:dateModified").value
        return document

    def _facts(self, node: ox.NamedNode) -> Facts:
        found: dict[str, set[Any]] = defaultdict(set)
        for quad in self._store.quads_for_pattern(node, None, None, None):
            found[quad.predicate.value].add(quad.object)
        return {predicate: sorted(objects, key=str) for predicate, objects in found.items()}

    def _claims(self, facts: Facts) -> dict[str, list[Json]]:
        found = self._by_form(facts)[""]
        return {number: [self._statement(node, number) for node in nodes] for number, nodes in found.items()}

    @cached_property
    def _forms(self) -> Mapping[str, tuple[str, str]]:
        """The IRIs of the properties' forms that JSON needs, in the properties' order, with form and number."""
        kinds = ("", "statement", "statement/value", "qualifier", "qualifier/value", "reference", "reference/value")
        return {self._names.prop(kind, number).value: (kind, number) for number in self.datatypes for kind in kinds}

    def _by_form(self, facts: Facts) -> dict[str, dict[str, list[Any]]]:
        """The objects under each form of each property, the properties in order."""
        found: dict[str, dict[str, list[Any]]] = defaultdict(dict)
        for iri in sorted(facts.keys() & self._forms.keys(), key=lambda iri: order(self._forms[iri][1])):
            kind, number = self._forms[iri]
            found[kind][number] = facts[iri]
        return found

    def _statement(self, node: ox.NamedNode, number: str) -> Json:
        facts = self._facts(node)
        forms = self._by_form(facts)
        statement: Json = {"mainsnak": self._snaks(forms, "statement")[number][0], "type": "statement"}
        qualifiers = self._snaks(forms, "qualifier")
        if qualifiers:
            statement |= {"qualifiers": qualifiers, "qualifiers-order": list(qualifiers)}
        statement["id"] = _local(node).replace("-", "$", 1)
        statement["rank"] = _local(_one(facts, "wikibase:rank")).removesuffix("Rank").lower()
        references = facts.get(term("prov:wasDerivedFrom").value, ())
        if references:
            statement["references"] = [self._reference(reference) for reference in references]
        return statement

    def _read_reference(self, node: ox.NamedNode) -> Json:
        snaks = self._snaks(self._by_form(self._facts(node)), "reference")
        return {"hash": _local(node), "snaks": snaks, "snaks-order": list(snaks)}

    def _snaks(self, forms: Mapping[str, Mapping[str, list[Any]]], kind: str) -> dict[str, list[Json]]:
        simple, full = forms.get(kind, {}), forms.get(f"{kind}/value", {})
        return {
            number: [self._snak(number, value) for value in full.get(number, values)]
            for number, values in simple.items()
        }

    def _snak(self, number: str, value: Any) -> Json:
        datatype = self.datatypes[number]
        datavalue = self._value(value, datatype)
        spelled = json.dumps([number, datavalue], sort_keys=True, ensure_ascii=False).encode()
        digest = hashlib.sha1(spelled, usedforsecurity=False).hexdigest()
        return {
            "snaktype": "value",
            "property": number,
            "hash": digest,
            "datavalue": datavalue,
            "datatype": datatype,
        }

    def _read_value(self, value: Any, datatype: str) -> Json:
        if datatype in FULL:
            return _NODES[datatype](self._facts(value), self._names)
        if datatype.startswith("wikibase-"):
            number = self.number(value)
            kind = datatype.removeprefix("wikibase-")
            entity = {"entity-type": kind, "numeric-id": int(number[1:]), "id": number}
            return {"value": entity, "type": "wikibase-entityid"}
        if datatype == "monolingualtext":
            return {"value": {"text": value.value, "language": value.language}, "type": "monolingualtext"}
        return {"value": value.value, "type": "string"}


def _time(facts: Facts, _: Namespaces) -> Json:
    value = {
        "time": _signed(_one(facts, "wikibase:timeValue").value),
        "timezone": int(_one(facts, "wikibase:timeTimezone").value),
        "before": 0,
        "after": 0,
        "precision": int(_one(facts, "wikibase:timePrecision").value),
        "calendarmodel": _one(facts, "wikibase:timeCalendarModel").value,
    }
    return {"value": value, "type": "time"}


def _quantity(facts: Facts, _: Namespaces) -> Json:
    unit = _one(facts, "wikibase:quantityUnit").value
    value = {
        "amount": _signed(_one(facts, "wikibase:quantityAmount").value),
        "unit": "1" if unit == NO_UNIT else unit,
    }
    for name, predicate in (("upperBound", "quantityUpperBound"), ("lowerBound", "quantityLowerBound")):
        if _ONTOLOGY + predicate in facts:
            value[name] = _signed(_one(facts, f"wikibase:{predicate}").value)
    return {"value": value, "type": "quantity"}


def _coordinate(facts: Facts, _: Namespaces) -> Json:
    value = {
        "latitude": float(_one(facts, "wikibase:geoLatitude").value),
        "longitude": float(_one(facts, "wikibase:geoLongitude").value),
        "altitude": None,
        "precision": float(_one(facts, "wikibase:geoPrecision").value),
        "globe": _one(facts, "wikibase:geoGlobe").value,
    }
    return {"value": value, "type": "globecoordinate"}


_NODES: Mapping[str, Callable[[Facts, Namespaces], Json]] = {
    "time": _time,
    "quantity": _quantity,
    "globe-coordinate": _coordinate,
}


def _one(facts: Facts, name: str) -> Any:
    return facts[term(name).value][0]


def _local(node: Any) -> str:
    return str(node.value).rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def _signed(number: str) -> str:
    return number if number.startswith(("+", "-")) else f"+{number}"


def _names(literals: Iterable[Any]) -> Json:
    found = {literal.language: literal.value for literal in literals}
    return {language: {"language": language, "value": found[language]} for language in sorted(found)}


def _aliases(literals: Iterable[Any]) -> Json:
    found: dict[str, list[Json]] = defaultdict(list)
    for literal in literals:
        found[literal.language].append({"language": literal.language, "value": literal.value})
    return {language: found[language] for language in sorted(found)}
