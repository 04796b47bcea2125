"""The measure word of an amount -> the unit that it counts."""

from collections.abc import Mapping
from functools import cache

from graph.amounts import Amount
from graph.authority import FOLDER
from graph.tables import rows


@cache
def _measures() -> Mapping[str, str]:
    return {row["word"]: row["unit"] for row in rows(FOLDER / "measures.tsv", ("word", "unit"))}


def unit(amount: Amount, default: str) -> str:
    """Give the term of the unit of an amount: that of the longest measure word that its own begins or ends with."""
    if amount.measure == "%":
        return "fraction"
    for word in sorted(_measures(), key=len, reverse=True):
        if amount.measure and (amount.measure.startswith(word) or amount.measure.endswith(word)):
            return _measures()[word]
    return default
