"""What is counted of the answers to queries."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""The bounds of the histogram, the last of which is infinite."""


@dataclass
class Counts:
    """How many answers had each outcome and how many took less than each of SECONDS; their seconds and bytes in all."""

    outcomes: Counter[str] = field(default_factory=Counter)
    within: list[int] = field(default_factory=lambda: [0] * (len(SECONDS) + 1))
    seconds: float = 0.0
    sent: int = 0

    def add(self, outcome: str, seconds: float, sent: int) -> None:
        """Count an answer of so many bytes that took so many seconds."""
        self.outcomes[outcome] += 1
        self.within[bisect_left(SECONDS, seconds)] += 1
        self.seconds += seconds
        self.sent += sent

    def add_all(self, other: Counts) -> None:
        """Count the answers that were counted there."""
        self.outcomes += other.outcomes
        self.within = [one + more for one, more in zip(self.within, other.within, strict=True)]
        self.seconds += other.seconds
        self.sent += other.sent

    def to_json(self) -> list[Any]:
        """The counts as JSON has them."""
        return [self.outcomes, self.within, self.seconds, self.sent]

    @classmethod
    def from_json(cls, values: list[Any]) -> Counts:
        """The counts that `to_json` gave."""
        outcomes, *others = values
        return cls(Counter(outcomes), *others)
