"""The statements of an entity as a page shows them: values in words, qualifiers, rank, and the quotes they rest on."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from server.pages.language import date_words, range_words
from server.pages.names import Link, names_of
from server.pages.passages import Passage, passage_of, quote_of
from server.publication import Publication

SECTIONS = Path(__file__).resolve().parent / "sections.tsv"
OTHER = "other"
QUOTATION, URL, STATED_IN = "P1683", "P854", "P248"
EARLIEST, LATEST, DAY, EDTF, BASIS = "P1319", "P1326", "P585", "P50030", "P50035"
LONGEST_QUOTE = 60
"""Characters of a quote that stands as a value within a line."""


@dataclass(frozen=True)
class Evidence:
    """What a statement rests on: a quote with its passage, or a source; and further details of the reference."""

    quote: Link | None
    passage: Passage | None
    sources: tuple[Link, ...]
    details: tuple[tuple[Link, tuple[Link, ...]], ...]


@dataclass(frozen=True)
class Shown:
    """A statement: its anchor, its value, its rank, the days it is attested for, its qualifiers, its evidence.

    `grounds` are the qualifiers that only tell how the others are known.
    """

    anchor: str
    value: Link
    rank: str
    attested: str
    qualifiers: tuple[tuple[Link, tuple[Link, ...]], ...]
    grounds: tuple[tuple[Link, tuple[Link, ...]], ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Group:
    """The statements of one property, in the order of time; `is_quiet` where they tell how something is known."""

    number: str
    name: Link
    is_quiet: bool
    statements: tuple[Shown, ...]


@dataclass(frozen=True)
class Section:
    """Properties that belong together; `key` names the section in the table of words."""

    key: str
    groups: tuple[Group, ...]


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    with SECTIONS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter="\t", strict=True))


@cache
def sections() -> Mapping[str, tuple[str, int]]:
    """The section of each property, and its place in the order of all."""
    return {row["property"]: (row["section"], place) for place, row in enumerate(_rows())}


@cache
def quiet() -> frozenset[str]:
    """The properties that tell how something is known, not what."""
    return frozenset(row["property"] for row in _rows() if row["quiet"])


class View:
    """Shows the statements of a publication in one language."""

    def __init__(self, publication: Publication, language: str) -> None:
        self._publication = publication
        self._names = names_of(publication)
        self._language = language

    def sections(self, claims: Mapping[str, list[dict[str, Any]]]) -> list[Section]:
        """The claims of an entity (as Wikibase's JSON has them) in the pages' order of sections and properties."""
        last = len(sections())
        placed = sorted(claims, key=lambda number: (sections().get(number, (OTHER, last))[1], int(number[1:])))
        found: dict[str, list[Group]] = {}
        for number in placed:
            section = sections().get(number, (OTHER, last))[0]
            found.setdefault(section, []).append(self._group(number, claims[number]))
        return [Section(key, tuple(groups)) for key, groups in found.items()]

    def _group(self, number: str, claims: list[dict[str, Any]]) -> Group:
        ordered = sorted(claims, key=_time)
        return Group(number, self.entity(number), number in quiet(), tuple(map(self.statement, ordered)))

    def entity(self, number: str) -> Link:
        """The label of an item or property, leading to its page."""
        return self._names.link(number, self._language)

    def statement(self, claim: Mapping[str, Any]) -> Shown:
        """One statement; its first and last day are said once, as the days it is attested for."""
        qualifiers = claim.get("qualifiers", {})
        attested = self._attested(qualifiers)
        said = {EARLIEST, LATEST, DAY, *(() if _is_about(qualifiers) else (EDTF,))} if attested else set()
        grounds = {number for number in qualifiers if number in quiet() or number == BASIS} - said
        return Shown(
            anchor=claim["id"].partition("$")[2],
            value=self.value(claim["mainsnak"]),
            rank=claim["rank"],
            attested=attested,
            qualifiers=tuple(self._snaks({n: found for n, found in qualifiers.items() if n not in said | grounds})),
            grounds=tuple(self._snaks({n: qualifiers[n] for n in qualifiers if n in grounds})),
            evidence=tuple(self._evidence(reference["snaks"]) for reference in claim.get("references", ())),
        )

    def _attested(self, qualifiers: Mapping[str, list[Any]]) -> str:
        """The first and last day of a statement in words; nothing where it has none."""
        if EARLIEST not in qualifiers or LATEST not in qualifiers:
            return ""
        first, last = (_day(qualifiers[number][0]) for number in (EARLIEST, LATEST))
        return range_words(first, last, self._language)

    def _snaks(self, snaks: Mapping[str, list[Any]]) -> Iterator[tuple[Link, tuple[Link, ...]]]:
        for number, found in snaks.items():
            yield self.entity(number), tuple(self.value(snak) for snak in found)

    def _evidence(self, snaks: Mapping[str, list[Any]]) -> Evidence:
        passages = [self._passage(snak["datavalue"]["value"]) for snak in snaks.get(URL, ())]
        passage = next((found for found in passages if found), None)
        quotes = [self.value(snak) for snak in snaks.get(QUOTATION, ())]
        shown = {STATED_IN, QUOTATION} | ({URL} if passage else set())
        return Evidence(
            quote=quotes[0] if quotes else None,
            passage=passage,
            sources=tuple(self.value(snak) for snak in snaks.get(STATED_IN, ())),
            details=tuple(self._snaks({number: found for number, found in snaks.items() if number not in shown})),
        )

    def _passage(self, iri: str) -> Passage | None:
        return passage_of(iri, self._publication.base)

    def value(self, snak: Mapping[str, Any]) -> Link:
        """The value of a snak in words."""
        value = snak["datavalue"]["value"]
        match snak["datatype"]:
            case "wikibase-item" | "wikibase-property":
                return self.entity(value["id"])
            case "time":
                return Link(date_words(value["time"].lstrip("+"), self._language, value["precision"]), kind="time")
            case "quantity":
                return Link(self._quantity(value), kind="quantity")
            case "monolingualtext":
                return Link(value["text"], language=value["language"], kind="text")
            case "globe-coordinate":
                return Link(f"{value['latitude']:.4f}, {value['longitude']:.4f}", kind="coordinate")
            case "url":
                return self._url(value)
            case "external-id":
                return Link(value, f"https://www.wikidata.org/wiki/{value}", kind="outside")
            case _:
                return Link(value, kind="string")

    def _quantity(self, value: Mapping[str, str]) -> str:
        words = number_words(value["amount"])
        if "lowerBound" in value:
            words += f" ({number_words(value['lowerBound'])} – {number_words(value['upperBound'])})"
        unit = value["unit"].rsplit("/", 1)[-1]
        return words if unit == "1" else f"{words} {self.entity(unit).text}"

    def _url(self, iri: str) -> Link:
        passage = self._passage(iri)
        if passage is None:
            return Link(iri, iri, kind="outside")
        quote = quote_of(self._publication, iri)
        if len(quote) > LONGEST_QUOTE:
            quote = quote[:LONGEST_QUOTE] + "…"
        return Link(quote, passage.href, "zh", "quote")


def _day(snak: Mapping[str, Any]) -> str:
    return str(snak["datavalue"]["value"]["time"]).lstrip("+")[:10]


def _is_about(qualifiers: Mapping[str, list[Any]]) -> bool:
    """Whether the date as resolved says more than its first and last day: that it is about then."""
    return any(sign in snak["datavalue"]["value"] for snak in qualifiers.get(EDTF, ()) for sign in "~?%")


def _time(claim: Mapping[str, Any]) -> tuple[str, str]:
    """The key that puts statements in the order of time, those without a date first."""
    qualifiers = claim.get("qualifiers", {})
    first, last = ([_day(snak) for snak in qualifiers.get(number, ())] for number in (EARLIEST, LATEST))
    return min(first, default=""), max(last, default="")


def number_words(amount: str) -> str:
    """A decimal number with its thousands parted.

    >>> number_words("+57000"), number_words("2.5")
    ('57,000', '2.5')
    """
    whole, point, part = amount.lstrip("+").partition(".")
    return f"{int(whole):,}{point}{part}"
