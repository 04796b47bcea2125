"""What the text has told so far: who acts, on which side, against whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.model import Mention

_SIDED = frozenset({"Unit", "Force", "Organization"})
_FOES = {"CN": "JP", "JP": "CN", "US": "JP", "GB": "JP"}
# How many mentions back the other side is looked for.
_MEMORY = 60


@dataclass
class Discourse:
    """The state that goes from clause to clause."""

    side_of_person: Mapping[str, str]
    subject: tuple[Mention, ...] = ()
    seen: list[Mention] = field(default_factory=list)
    place: tuple[Mention, ...] = ()

    def side(self, mention: Mention) -> str | None:
        """Give the side of a mention, `CN` or `JP` and so on; None where nothing tells."""
        if mention.type in _SIDED:
            return mention.canonical.partition("/")[0]
        return self.side_of_person.get(mention.canonical)

    def note(self, mentions: Iterable[Mention]) -> None:
        """Remember mentions in the order of the text."""
        self.seen.extend(m for m in mentions if m.type in {"Unit", "Force"})
        del self.seen[:-_MEMORY]

    def opponent(self, actors: Iterable[Mention]) -> Mention | None:
        """Give the last mentioned unit or force of the side that the actors fight, or None."""
        sides = {_FOES.get(side) for side in map(self.side, actors) if side}
        for mention in reversed(self.seen):
            if self.side(mention) in sides:
                return mention
        return None

    def last_of(self, side: str) -> Mention | None:
        """Give the last mentioned unit or force of a side, or None."""
        return next((m for m in reversed(self.seen) if self.side(m) == side), None)
