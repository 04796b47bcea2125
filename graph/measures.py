"""The measure word of an amount -> the unit that it counts."""

from collections.abc import Mapping
from functools import cache

from graph.amounts import Amount
from graph.authority import FOLDER
from graph.tables import rows


@cache
def _measures() -> Mapping[str, str]:
    """The units by their measure words, the longest first."""
    found = {row["word"]: row["unit"] for row in rows(FOLDER / "measures.tsv", ("word", "unit"))}
    return {word: found[word] for word in sorted(found, key=len, reverse=True)}


def unit(amount: Amount, default: str) -> str:
    """Give the term of the unit of an amount: that of the longest measure word that its own begins or ends with."""
    if amount.measure == "%":
        return "fraction"
    for word, term in _measures().items():
        if amount.measure and (amount.measure.startswith(word) or amount.measure.endswith(word)):
            return term
    return default
