"""What is offered while somebody types: entities, properties and classes, and the properties that fit a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.errors import BadRequest
from server.publication import Publication
from server.reconciliation import paths
from server.reconciliation.facts import Facts, facts
from server.search import ITEM, PROPERTY, Search

MOST_FOUND = 1_000
"""Results of a search among which the offered ones are looked for."""


@dataclass(frozen=True)
class Page:
    """Which of the results are wanted."""

    limit: int
    start: int = 0

    def of(self, results: Sequence[Any]) -> Sequence[Any]:
        """Those of the results."""
        return results[self.start : self.start + self.limit]


class Suggestions:
    """Offers from one publication, in one language."""

    def __init__(self, publication: Publication, language: str) -> None:
        self.facts: Facts = facts(publication)
        self._search = Search.of(publication)
        self._language = language

    def entities(self, prefix: str, types: tuple[str, ...], page: Page) -> list[dict[str, Any]]:
        """Items whose names are like those letters, with their classes."""
        hits = self._search.find(prefix, kinds=types or (ITEM,), limit=page.start + page.limit)
        return [self._entity(hit.id) for hit in page.of(hits)]

    def properties(self, prefix: str, types: tuple[str, ...], page: Page) -> list[dict[str, Any]]:
        """Properties whose names are like those letters, and paths; without letters those that fit the classes."""
        if not prefix.strip():
            return list(page.of(self.proposed(types)))
        hits = self._search.find(prefix, kinds=(PROPERTY,), limit=MOST_FOUND)
        named = [
            known.text
            for known in paths.named().values()
            if any(prefix.casefold() in name.casefold() for name in known.names.values()) and self._is_path(known.text)
        ]
        typed = [prefix.strip()] if self._is_path(prefix.strip()) else []
        found = list(dict.fromkeys(typed or [*(hit.id for hit in hits), *named]))
        return [self._property(text) for text in page.of(found)]

    def types(self, prefix: str, page: Page) -> list[dict[str, Any]]:
        """Classes whose names are like those letters, without any the largest, each with those directly wider."""
        known = self.facts.types
        if not prefix.strip():
            members = {kind: self.facts.used.get(kind, {}).get("P31", 0) for kind in known}
            return [self._type(number) for number in page.of(sorted(members, key=lambda kind: -members[kind]))]
        hits = self._search.find(prefix, kinds=(ITEM,), limit=MOST_FOUND)
        return [self._type(hit.id) for hit in page.of([hit for hit in hits if hit.id in known])]

    def proposed(self, types: tuple[str, ...]) -> list[dict[str, Any]]:
        """The properties that items of these classes have, the most frequent first, and the paths made for them."""
        counts: dict[str, int] = {}
        for kind in types or ("",):
            for number, count in self.facts.used.get(kind, {}).items():
                counts[number] = counts.get(number, 0) + count
        numbers = sorted(counts, key=lambda number: (-counts[number], int(number[1:])))
        wider = {each for kind in types for each in self.facts.wider(kind)}
        named = [known.text for known in paths.named().values() if known.type in wider and self._is_path(known.text)]
        return [self._property(text) for text in (*numbers, *named)]

    def _entity(self, number: str) -> dict[str, Any]:
        kinds = [{"id": kind, "name": self._name(kind)} for kind in self.facts.classes(number)]
        return {**self._named(number), "notable": kinds}

    def _property(self, text: str) -> dict[str, Any]:
        if text in self.facts.properties:
            return self._named(text)
        return {"id": text, "name": paths.title(paths.read(text, self.facts), self.facts, self._language)}

    def _type(self, number: str) -> dict[str, Any]:
        wider = [{"id": each, "name": self._name(each)} for each in self.facts.types[number]]
        return {**self._named(number), "broader": wider}

    def _named(self, number: str) -> dict[str, Any]:
        description = self.facts.description(number, self._language)
        return {"id": number, "name": self._name(number)} | ({"description": description} if description else {})

    def _name(self, number: str) -> str:
        return self.facts.name(number, self._language)

    def _is_path(self, text: str) -> bool:
        try:
            paths.read(text, self.facts)
        except BadRequest:
            return False
        return True
