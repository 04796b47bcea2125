"""How high formations stand, by the ends of their names: `rules/echelons.toml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graph.model import Mention
from graph.reader.rules import FOLDER, toml
from graph.reader.skeleton import pattern


@dataclass(frozen=True, slots=True)
class Echelons:
    """The ranks of formations by the ends of their names, and patterns: what opens a list, its lines, sums."""

    ranks: tuple[tuple[re.Pattern[str], int], ...]
    composed: int
    patterns: Mapping[str, re.Pattern[str]]

    def rank(self, unit: Mention) -> int:
        """Give how high a formation stands; 0 where its name does not tell."""
        return next((rank for ends, rank in self.ranks if ends.search(unit.canonical)), 0)

    def commands(self, mention: Mention) -> bool:
        """Tell whether a mention is an army or a higher command: it has an order of battle."""
        return mention.type == "Unit" and self.rank(mention) >= self.composed

    def kind(self, superior: Mention) -> str:
        """Give the kind of subordination under a formation: an army has an order of battle, what is lower its parts."""
        return "battle" if self.commands(superior) else "organic"

    def below(self, part: Mention, whole: Mention) -> bool:
        """Tell whether the one may be a part of the other: the same side, and not known to stand as high or higher."""
        ranks = self.rank(part), self.rank(whole)
        return part.canonical[:3] == whole.canonical[:3] and (0 in ranks or ranks[0] < ranks[1])

    def under(self, part: Mention, whole: Mention) -> bool:
        """Tell whether the one may stand in the order of battle of the other, an army or more."""
        return self.commands(whole) and self.stands(part, whole)

    def stands(self, part: Mention, whole: Mention) -> bool:
        """Tell whether both are formations of known rank, and the one stands below the other."""
        units = part.type == whole.type == "Unit"
        return units and min(self.rank(part), self.rank(whole)) > 0 and self.below(part, whole)


@cache
def echelons() -> Echelons:
    """Give the shipped ranks."""
    content = toml(FOLDER / "echelons.toml")
    ranks = tuple((re.compile(f"(?:{ends})$"), rank) for ends, rank in content["ranks"])
    names = ("heading", "uses", "leads", "sums", "sums_outside", "line", "titles", "inline")
    return Echelons(ranks, content["composed"], {name: pattern(content[name]) for name in names})
