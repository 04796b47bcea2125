"""The part of a graph that Wikidata can take: items, statements and figures whose every part has an id there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph.namespaces import Namespaces, term
from graph.tables import rows
from graph.wikibase_json import Documents

TABLE = Path(__file__).with_name("wikidata.tsv")
SITE = "http://www.wikidata.org/"
QUOTATION, URL, STATED_IN, AS_PRINTED = "P1683", "P854", "P248", "P1932"
PART, DISPUTED = "P518", "P1310"
EQUIVALENT, WIKIDATA_ITEM = "P1628", "P50001"
MOST_REFERENCES = 3
"""References given for one statement; the graph has the others."""

_ENDING = str.maketrans({"|": "｜", '"': "”"})

Json = Mapping[str, Any]
Pair = tuple[str, str]
"""A property with its value, as QuickStatements spells it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement for Wikidata; `is_forced` says that another of the item has the same property and value."""

    property: str
    value: str
    qualifiers: tuple[Pair, ...] = ()
    references: tuple[tuple[Pair, ...], ...] = ()
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one item: its id at Wikidata (empty: to be created), its names, its claims."""

    number: str
    wikidata: str
    labels: Mapping[str, str]
    descriptions: Mapping[str, str]
    aliases: tuple[Pair, ...]
    claims: tuple[Claim, ...]


def text(words: str) -> str:
    """Words in quotation marks; what would end a field or a line of QuickStatements is replaced by its like.

    >>> text('a|b "c"')
    '"a｜b ”c”"'
    """
    return f'"{" ".join(words.split()).translate(_ENDING)}"'


class Proposals:
    """Makes the proposals out of a store."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._documents = Documents(store, base)
        self._store = store
        self._names = Namespaces(base)
        table = list(rows(TABLE, ("kind", "term", "wikidata")))
        self._classes = {row["term"] for row in table if row["kind"] == "item"}
        self._losses = {row["term"]: row["wikidata"] for row in table if row["kind"] == "loss"}
        self._inner = {row["term"] for row in table if row["kind"] == "inner"}

    def all(self) -> list[Proposal]:
        """The proposals for items that have an id or can be created, in the order of their numbers."""
        found = (self._proposal(number) for number in self._documents.numbers("item") if self._is_wanted(number))
        return [proposal for proposal in found if proposal.claims or not proposal.wikidata]

    def _is_wanted(self, number: str) -> bool:
        return any(value.value == term(f"z:{name}").value for name in self._classes for value in self._types(number))

    def _types(self, number: str) -> list[Any]:
        quads = self._store.quads_for_pattern(self._names.entity(number), term("rdf:type"), None, None)
        return [quad.object for quad in quads]

    @cached_property
    def _properties(self) -> Mapping[str, str]:
        """The properties that Wikidata has too, with their numbers there."""
        found = {}
        for number in self._documents.datatypes:
            document = self._documents.entity(number) or {}
            for claim in document.get("claims", {}).get(EQUIVALENT, ()):
                iri = claim["mainsnak"]["datavalue"]["value"]
                if iri.startswith(SITE):
                    found[number] = iri.rsplit("/", 1)[-1]
        return {ours: theirs for ours, theirs in found.items() if ours not in self._inner}

    @cached_property
    def _items(self) -> Mapping[str, str]:
        """The items that Wikidata has too, with their numbers there."""
        direct = self._names.prop("direct", WIKIDATA_ITEM)
        quads = self._store.quads_for_pattern(None, direct, None, None)
        return {self._documents.number(quad.subject): quad.object.value for quad in quads}  # type: ignore[union-attr]

    def _proposal(self, number: str) -> Proposal:
        document = self._documents.entity(number)
        assert document is not None
        wikidata = self._items.get(number, "")
        claims = [claim for found in document["claims"].values() for each in found if (claim := self._claim(each))]
        if term("z:Battle") in self._types(number):
            claims.extend(self._figures(number))
        return Proposal(
            number=number,
            wikidata=wikidata,
            labels=_texts(document["labels"]),
            descriptions=_texts(document["descriptions"]),
            aliases=tuple((code, alias["value"]) for code, found in document["aliases"].items() for alias in found),
            claims=tuple(_forced(_distinct(claims))),
        )

    def _claim(self, claim: Json) -> Claim | None:
        pair = self._pair(claim["mainsnak"])
        if pair is None or claim["rank"] == "deprecated":
            return None
        qualifiers = tuple(self._pairs(claim.get("qualifiers", {})))
        return Claim(*pair, qualifiers, self._references(claim))

    def _references(self, claim: Json) -> tuple[tuple[Pair, ...], ...]:
        found = (tuple(self._pairs(reference["snaks"])) for reference in claim.get("references", ()))
        return tuple(dict.fromkeys(reference for reference in found if reference))[:MOST_REFERENCES]

    def _pairs(self, snaks: Mapping[str, list[Json]]) -> Iterator[Pair]:
        for found in snaks.values():
            yield from filter(None, (self._pair(snak) for snak in found))

    def _pair(self, snak: Json) -> Pair | None:
        """The snak as Wikidata would say it, or None where a part of it has no id there."""
        name = self._properties.get(snak["property"])
        value = self._value(snak["datatype"], snak["datavalue"]["value"])
        return (name, value) if name and value else None

    def _value(self, datatype: str, value: Any) -> str:
        match datatype:
            case "wikibase-item":
                return self._items.get(value["id"], "")
            case "time":
                return f"{value['time']}/{value['precision']}"
            case "quantity":
                return self._quantity(value)
            case "monolingualtext":
                return f"{value['language']}:{text(value['text'])}"
            case "globe-coordinate":
                return f"@{value['latitude']}/{value['longitude']}"
            case "string" | "url":
                return text(value)
            case _:
                return ""

    def _quantity(self, value: Mapping[str, str]) -> str:
        unit = value["unit"].rsplit("/", 1)[-1]
        known = "" if unit == "1" else self._items.get(unit, "")
        if unit != "1" and not known:
            return ""
        return amount(value) + (f"U{known[1:]}" if known else "")

    def _figures(self, battle: str) -> Iterator[Claim]:
        """What was lost in a battle, as it is claimed, each figure with the part of the forces that it is of."""
        quads = self._store.quads_for_pattern(None, term("z:partOf"), self._names.entity(battle), None)
        numbers = {number for quad in quads if (number := self._documents.number(quad.subject))}
        for number in sorted(numbers, key=lambda each: int(each[1:])):
            name = next((self._losses[kind] for kind in self._kinds(number) if kind in self._losses), "")
            if name:
                yield from self._figure(name, self._documents.entity(number) or {})

    def _kinds(self, number: str) -> list[str]:
        quads = self._store.quads_for_pattern(self._names.entity(number), term("z:lossKind"), None, None)
        return sorted(quad.object.value.rsplit("#", 1)[-1] for quad in quads)  # type: ignore[union-attr]

    def _figure(self, name: str, loss: Json) -> Iterator[Claim]:
        claims = loss["claims"]
        parts = [self._pair_as(PART, claim) for claim in claims.get("P50040", ())]
        if not parts or not all(parts) or "P50042" in claims:
            return
        disputed = [self._pair_as(DISPUTED, claim) for claim in claims.get("P1310", ())]
        for claim in claims.get("P1114", ()):
            printed = [self._pair(snak) for snak in claim.get("qualifiers", {}).get(AS_PRINTED, ())]
            qualifiers = tuple(pair for pair in (*parts, *disputed, *printed) if pair)
            yield Claim(name, amount(claim["mainsnak"]["datavalue"]["value"]), qualifiers, self._references(claim))

    def _pair_as(self, name: str, claim: Json) -> Pair | None:
        wikidata = self._items.get(claim["mainsnak"]["datavalue"]["value"]["id"])
        return (name, wikidata) if wikidata else None


def amount(value: Mapping[str, str]) -> str:
    """A number with its bounds where they lie equally far on both sides, which is all that QuickStatements can say.

    >>> amount({"amount": "+100", "lowerBound": "+90", "upperBound": "+110"}), amount({"amount": "+7", "unit": "1"})
    ('100~10', '7')
    """
    middle = float(value["amount"])
    low, high = (float(value.get(bound, value["amount"])) for bound in ("lowerBound", "upperBound"))
    words = value["amount"].lstrip("+")
    return f"{words}~{high - middle:g}" if high > middle and high - middle == middle - low else words


def _distinct(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, those alike but for their references as one with the references of all."""
    found: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (claim.property, claim.value, claim.qualifiers)
        known = found.get(key)
        references = tuple(dict.fromkeys((*(known.references if known else ()), *claim.references)))
        found[key] = replace(claim, references=references[:MOST_REFERENCES])
    return list(found.values())


def _forced(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims, each that another one before it equals in property and value marked as one of its own."""
    seen: Counter[Pair] = Counter()
    for claim in claims:
        seen[claim.property, claim.value] += 1
        yield replace(claim, is_forced=seen[claim.property, claim.value] > 1)


def _texts(names: Mapping[str, Json]) -> dict[str, str]:
    return {code: name["value"] for code, name in names.items()}
