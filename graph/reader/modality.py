"""The words before a trigger -> whether the event happened, was planned or did not happen."""

import re
from dataclasses import dataclass
from functools import cache

from graph.model import Modality
from graph.reader.rules import FOLDER, toml
from graph.reader.skeleton import pattern

# As far back as this many characters a clause's words bear on its trigger.
_REACH = 24


@dataclass(frozen=True, slots=True)
class Moods:
    """The compiled patterns of `rules/modality.toml`."""

    planned: re.Pattern[str]
    purpose: re.Pattern[str]
    aim: re.Pattern[str]
    after: re.Pattern[str]
    actual: re.Pattern[str]
    described: re.Pattern[str]
    negated: re.Pattern[str]
    not_negated: re.Pattern[str]

    def of(self, left: str, opening: str, right: str, *, planned: bool) -> Modality:
        """Give the modality of a trigger.

        `left` is the segment before it, `opening` what of that follows the trigger before, `right` what comes after;
        `planned` tells whether an order or a plan says it.
        """
        words = left[-_REACH:]
        if self.negated.search(opening[-_REACH:]) and not self.not_negated.search(words):
            return Modality.NEGATED
        if self.actual.search(words):
            return Modality.ACTUAL
        described = bool(right) and bool(self.described.match(right))
        if planned or (self.planned.search(opening[-_REACH:]) and not described) or self.purpose.search(words):
            return Modality.PLANNED
        if right and self.after.match(right):
            return Modality.PLANNED
        return Modality.ACTUAL


@cache
def moods() -> Moods:
    """Give the shipped patterns."""
    content = toml(FOLDER / "modality.toml")
    planned, negated = content["planned"], content["negated"]
    return Moods(
        planned=pattern(planned["before"]),
        purpose=pattern(planned["purpose"]),
        aim=pattern(planned["aim"]),
        after=pattern(planned["after"]),
        actual=pattern(planned["actual"]),
        described=pattern(planned["described"]),
        negated=pattern(negated["before"]),
        not_negated=pattern(negated["not_before"]),
    )
