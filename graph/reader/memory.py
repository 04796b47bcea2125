"""What a text has told so far, for what refers back to it."""

from collections.abc import Iterator

from graph.model import Mention, Modality
from graph.reader.drafts import Draft

# What a text refers back to as done.
_TOLD_AGAIN = frozenset({"Capture", "Breakthrough", "Crossing", "Landing", "Encirclement", "Destruction"})
_PLACES = ("Place", "To", "From", "Object")


class Memory:
    """The dates of the acts told, by type and place, and of the plans by who made them."""

    def __init__(self) -> None:
        self.acts: dict[tuple[str, str], str] = {}
        self.plans: dict[str, str] = {}

    def note(self, draft: Draft, when: str | None) -> None:
        """Remember what happened, by each place that it names and by its type alone; of plans the last of each side."""
        if when is None or draft.modality is not Modality.ACTUAL:
            return
        for name in (*_names(draft, _PLACES), ""):
            self.acts[draft.type, name] = when
        if draft.type == "Plan":
            for name in _names(draft, ("Agent",)):
                self.plans.setdefault(name, when)

    def told(self, draft: Draft, *, near: bool) -> str | None:
        """Give the date of the last act of the same type at the same place; with `near`, of any where none is named."""
        if draft.type not in _TOLD_AGAIN:
            return None
        places = list(_names(draft, _PLACES))
        found = next((self.acts[draft.type, name] for name in places if (draft.type, name) in self.acts), None)
        return self.acts.get((draft.type, "")) if found is None and near and not places else found

    def plan(self, draft: Draft) -> str | None:
        """Give the date of the first plan that the same one made."""
        return next((self.plans[name] for name in _names(draft, ("Agent",)) if name in self.plans), None)


def _names(draft: Draft, roles: tuple[str, ...]) -> Iterator[str]:
    for role in roles:
        for filler in draft.fillers(role):
            if isinstance(filler, Mention) and filler.type != "Number":
                yield filler.canonical
            elif isinstance(filler, str):
                yield filler.removeprefix("@")
