"""Where a document names those who act."""

from bisect import bisect_left
from collections.abc import Iterable

from graph.model import Mention


class Actors:
    """Where those who act are named."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        kinds = {"Unit", "Force", "Person", "Organization"}
        self.starts = sorted(mention.span.start for mention in mentions if mention.type in kinds)

    def between(self, start: int, end: int) -> bool:
        """Tell whether one is named at `start` or behind it, and before `end`."""
        return bisect_left(self.starts, start) < bisect_left(self.starts, end)
