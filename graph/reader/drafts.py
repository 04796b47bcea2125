"""The plain type of an event while it is being read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.model import Mention, Modality, Span

Filler = Mention | str


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has its date and battle. A filler is a mention, or `@` and a canonical name."""

    rule: str
    type: str
    trigger: Span
    roles: tuple[tuple[str, Filler], ...]
    modality: Modality
    confidence: float
    loss_kind: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    # The command, plan or report that says it: the start of that one's trigger, or None.
    said_by: int | None = None
    # Whether it is only a condition or a time of what is told: 当第6师团撤过时.
    aside: bool = False

    def fillers(self, role: str) -> tuple[Filler, ...]:
        """Give what fills a role."""
        return tuple(filler for name, filler in self.roles if name == role)
