"""Losses and strengths as they are claimed: who claims a figure, who disputes it, and which others stand against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from graph.namespaces import term
from server.pages.names import Link, Names, names_of
from server.pages.passages import Passage, passage_of, quote_of
from server.pages.statements import number_words
from server.publication import Publication

CLAIMS = frozenset({"Loss", "Strength"})
NARRATOR = "narrator"
"""The claimant of a figure of which no claimant is told."""


@dataclass(frozen=True)
class Figure:
    """One claimed figure; `claimant_sides` are the sides of the claimants, or those themselves that have none."""

    number: str
    link: Link
    of: tuple[Link, ...]
    of_numbers: tuple[str, ...]
    victim: str
    what: tuple[Link, ...]
    amount: str
    unit: str
    printed: str
    claimed_by: tuple[Link, ...]
    claimant_sides: tuple[str, ...]
    disputed_by: tuple[Link, ...]
    battle: str
    size: float
    quote: str
    passage: Passage | None


class Figures:
    """Reads the figures of a publication in one language."""

    def __init__(self, publication: Publication, language: str) -> None:
        self._publication = publication
        self._names = names_of(publication)
        self._language = language

    def figure(self, number: str) -> Figure:
        """The figure that an item claims."""
        names = self._names
        of, claimants = self._numbers(number, "z:of"), self._numbers(number, "z:claimedBy")
        passages = [value.value for value in names.values(number, "z:passage")]
        return Figure(
            number=number,
            link=names.link(number, self._language),
            of=self._links(of),
            of_numbers=of,
            victim=next((side for each in of for side in self._sides(each)), ""),
            what=self._what(number),
            amount=self._amount(number),
            unit=names.value(number, "z:unitOfCount"),
            printed=names.value(number, "z:asPrinted"),
            claimed_by=self._links(claimants),
            claimant_sides=tuple(side for each in claimants for side in self._sides(each) or (each,)),
            disputed_by=self._links(self._numbers(number, "z:disputedBy")),
            battle=next(iter(self._numbers(number, "z:partOf")), ""),
            size=float(names.value(number, "z:amount") or 0),
            quote=quote_of(self._publication, passages[0]) if passages else "",
            passage=passage_of(passages[0], names.base) if passages else None,
        )

    def all_of(self, battles: Iterable[str]) -> list[Figure]:
        """The figures of those battles, by whose they are and what they count, the largest first."""
        numbers = {each for battle in battles for each in pointing(self._publication, battle, "z:partOf")}
        figures = [self.figure(number) for number in numbers if self._names.types(number) & CLAIMS]
        return sorted(figures, key=lambda f: (f.victim, _texts(f.what), -f.size, _texts(f.of), f.number))

    def rivals(self, number: str) -> list[Figure]:
        """The figures that stand against that one, itself among them: the same loss of the same force and battle."""
        mine = self.figure(number)
        numbers = {each for of in mine.of_numbers for each in pointing(self._publication, of, "z:of")}
        found = [self.figure(each) for each in sorted(numbers)]
        same = [f for f in found if (f.battle, f.what) == (mine.battle, mine.what)]
        return sorted(same, key=lambda f: (-f.size, f.number)) if len(same) > 1 else []

    def _what(self, number: str) -> tuple[Link, ...]:
        kinds = self._terms(number, "z:lossKind", "z:category", "z:fate")
        materiel = self._links(self._numbers(number, "z:materiel"))
        strength = self._concepts(term("z:Strength")) if "Strength" in self._names.types(number) else ()
        return (*strength, *kinds, *materiel)

    def _terms(self, number: str, *predicates: str) -> tuple[Link, ...]:
        return tuple(
            link
            for predicate in predicates
            for value in self._names.values(number, predicate)
            for link in self._concepts(value)
        )

    def _concepts(self, node: ox.NamedNode | ox.Literal) -> tuple[Link, ...]:
        number = concept_number(self._publication, node)
        return (self._names.link(number, self._language),) if number else ()

    def _amount(self, number: str) -> str:
        amount, low, high = (self._names.value(number, f"z:amount{end}") for end in ("", "Min", "Max"))
        words = number_words(amount) if amount else "?"
        if low and high:
            words = f"{words} ({number_words(low)} – {number_words(high)})"
        elif low or high:
            words = f"≥ {number_words(low)}" if low else f"≤ {number_words(high)}"
        unit = " ".join(link.text for link in self._terms(number, "z:unitOfCount"))
        return f"{words} {unit}".strip()

    def _numbers(self, number: str, predicate: str) -> tuple[str, ...]:
        return tuple(filter(None, (self._names.number(value) for value in self._names.values(number, predicate))))

    def _links(self, numbers: Iterable[str]) -> tuple[Link, ...]:
        return tuple(self._names.link(number, self._language) for number in numbers)

    def _sides(self, number: str) -> tuple[str, ...]:
        return sides(self._names, number)


def sides(names: Names, number: str) -> tuple[str, ...]:
    """The numbers of the sides that an item belongs to; a side belongs to itself."""
    if "Side" in names.types(number):
        return (number,)
    return tuple(filter(None, (names.number(value) for value in names.values(number, "z:side"))))


def pointing(publication: Publication, number: str, predicate: str) -> set[str]:
    """The numbers of the items that point to an item by that predicate of the plain layer."""
    node = ox.NamedNode(f"{publication.base}entity/{number}")
    names = names_of(publication)
    quads = publication.store.quads_for_pattern(None, term(predicate), node, None)
    return {found for quad in quads if (found := names.number(quad.subject))}


def concept_number(publication: Publication, node: ox.NamedNode | ox.Literal) -> str:
    """The number of the item that stands for a term of the ontology."""
    names = names_of(publication)
    quads = publication.store.quads_for_pattern(None, term("skos:exactMatch"), node, None)
    return next((number for quad in quads if (number := names.number(quad.subject))), "")


def _texts(links: Iterable[Link]) -> tuple[str, ...]:
    return tuple(link.text for link in links)
