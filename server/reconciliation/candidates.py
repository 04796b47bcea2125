"""A question -> its candidates, scored from 0 to 100, with a match only where nothing else can be meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from server.publication import Publication
from server.reconciliation import paths
from server.reconciliation.evidence import agreement
from server.reconciliation.facts import Facts, facts, fold
from server.reconciliation.questions import Condition, Question
from server.reconciliation.readings import SIDE_PROPERTY, Reading, readings, short, side_names, telling
from server.search import ITEM, Hit, Search

LOOKED_AT = 50
"""Candidates by name whose evidence is weighed."""
WEIGHT = 0.4
"""What one condition weighs beside the name."""
UNKNOWN = 0.5
"""How far a condition is met of which the graph says nothing."""
WRITTEN_OUT = 0.97
"""What is left of a name's score where a short form was written out."""
Weighed = tuple[Condition, paths.PropertyPath]


@dataclass
class Candidate:
    """An entity that may be meant: by which name, how well, and how far each condition is met."""

    number: str
    words: str
    name_score: float
    exact: bool
    side: str = ""
    met: dict[str, float | None] = field(default_factory=dict)
    score: float = 0.0
    match: bool = False

    @property
    def is_contradicted(self) -> bool:
        """Whether the graph says otherwise than a condition."""
        return 0.0 in self.met.values()

    def features(self) -> dict[str, float]:
        """What the score was made of, each from 0 to 100: the name, and every condition that the graph knows of."""
        return {"name": self.name_score, **{key: 100 * met for key, met in self.met.items() if met is not None}}


class Reconciler:
    """Answers questions from one publication."""

    def __init__(self, publication: Publication) -> None:
        self.facts: Facts = facts(publication)
        self._search = Search.of(publication)
        self._sides = side_names(publication)

    def candidates(self, question: Question) -> list[Candidate]:
        """The candidates, the best first; raises BadRequest for a condition on what is no property."""
        weighed = [(condition, paths.read(condition.path, self.facts)) for condition in question.conditions]
        found = self._by_name(question, weighed) if question.names else self._by_evidence(question, weighed)
        for number in filter(None, map(self.facts.entity, question.ids)):
            found[number] = Candidate(number, number, 100.0, exact=True)
        kept = [candidate for candidate in found.values() if self._weigh(candidate, weighed)]
        kept.sort(key=lambda candidate: (-candidate.score, int(candidate.number[1:])))
        self._judge(kept, asked_by_number=bool(question.ids))
        return kept[: question.limit]

    def _by_name(self, question: Question, weighed: list[Weighed]) -> dict[str, Candidate]:
        found: dict[str, Candidate] = {}
        side = self._side_of(weighed)
        for name in question.names:
            known = self.facts.entity(name)
            if known.startswith("Q"):
                found[known] = Candidate(known, known, 100.0, exact=True)
                continue
            for reading in readings(name, side, self._sides):
                for candidate in self._read(reading, question.types):
                    best = found.get(candidate.number)
                    if best is None or (candidate.exact, candidate.name_score) > (best.exact, best.name_score):
                        found[candidate.number] = candidate
        return found

    def _read(self, reading: Reading, types: tuple[str, ...]) -> Iterator[Candidate]:
        form = fold(reading.words)
        hits = self._hits(reading.words, types, fuzzy=False)
        if not any(fold(hit.label) == form for hit in hits):
            hits = self._hits(reading.words, types, fuzzy=True)
        for hit in hits:
            score = hit.score * (WRITTEN_OUT if reading.written_out else 1.0)
            yield Candidate(hit.id, reading.words, score, fold(hit.label) == form, reading.side)

    def _hits(self, words: str, types: tuple[str, ...], *, fuzzy: bool) -> list[Hit]:
        return self._search.find(words, kinds=types or (ITEM,), limit=LOOKED_AT, fuzzy=fuzzy)

    def _by_evidence(self, question: Question, weighed: list[Weighed]) -> dict[str, Candidate]:
        """Where no name is given: what meets the first condition that names an item by one property."""
        for condition, path in weighed:
            step = path.last
            if len(path.ways) == len(path.ways[0]) == 1 and step.number:
                things = [thing for value in condition.values for thing in self._called(str(value))]
                nodes = [node for thing in things for node in self.facts.values(thing, step.number, not step.back)]
                numbers = [n for n in map(self.facts.number, nodes) if n and self._has_type(n, question.types)]
                if numbers:
                    return {number: Candidate(number, "", 0.0, exact=False) for number in numbers}
        return {}

    def _called(self, words: str) -> list[str]:
        """The items that are called exactly so."""
        number = self.facts.entity(words)
        found = self._hits(words, (), fuzzy=False)
        return [number] if number else [hit.id for hit in found if fold(hit.label) == fold(words)]

    def _has_type(self, number: str, types: tuple[str, ...]) -> bool:
        wider = {kind for each in self.facts.classes(number) for kind in self.facts.wider(each)}
        return not types or not wider.isdisjoint(types)

    def _side_of(self, weighed: list[Weighed]) -> str:
        """The side that the evidence names."""
        for condition, path in weighed:
            if path.text == SIDE_PROPERTY and condition.quantifier != "none":
                for value in map(str, condition.values):
                    return self.facts.entity(value) or self._sides.get(fold(value), "")
        return ""

    def _weigh(self, candidate: Candidate, weighed: list[Weighed]) -> bool:
        """Give the candidate its score; whether it meets what is required."""
        for condition, path in weighed:
            met = agreement(condition, path, candidate.number, self.facts)
            if condition.required and not met:
                return False
            candidate.met[path.text] = met
        if candidate.side and SIDE_PROPERTY not in candidate.met and SIDE_PROPERTY in self.facts.properties:
            said = Condition(SIDE_PROPERTY, (candidate.side,))
            path = paths.read(SIDE_PROPERTY, self.facts)
            candidate.met[SIDE_PROPERTY] = agreement(said, path, candidate.number, self.facts)
        shares = [UNKNOWN if met is None else met for met in candidate.met.values()]
        base, weight = (candidate.name_score, 1.0) if candidate.words else (0.0, 0.0)
        total = base + 100 * WEIGHT * sum(shares)
        candidate.score = round(total / (weight + WEIGHT * len(shares)), 1) if weight or shares else 0.0
        return True

    def _judge(self, candidates: list[Candidate], *, asked_by_number: bool) -> None:
        """Mark the one that alone can be meant."""
        possible = [each for each in candidates if each.exact and not each.is_contradicted]
        if len(possible) == 1 and (asked_by_number or self._is_safe(possible[0])):
            possible[0].match = True

    def _is_safe(self, candidate: Candidate) -> bool:
        """Whether its name, with what evidence tells, can mean no other: 第6师 alone can be either army's."""
        if candidate.words == candidate.number:
            return True
        told = {telling()[key] for key, met in candidate.met.items() if met == 1.0 and key in telling()}
        ending = short(candidate.words)
        if ending is None:
            return len(fold(candidate.words)) > 1 or bool(told)
        return "formation" in told if ending.repeated else bool(told)


def described(candidate: Candidate, known: Facts, language: str) -> dict[str, Any]:
    """What every version of the protocol says of a candidate."""
    shown = {
        "id": candidate.number,
        "name": known.name(candidate.number, language),
        "description": known.description(candidate.number, language),
        "type": [{"id": kind, "name": known.name(kind, language)} for kind in known.classes(candidate.number)],
        "score": candidate.score,
        "match": candidate.match,
    }
    return {key: value for key, value in shown.items() if value != ""}
