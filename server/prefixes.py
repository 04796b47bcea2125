"""The prefixes that every query may use without declaring them."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).resolve().parent / "prefixes.tsv"


@lru_cache(maxsize=16)
def prefixes(base: str) -> dict[str, str]:
    """The predeclared prefixes with their IRIs under the graph's base.

    >>> prefixes("https://example.org/")["wdt"]
    'https://example.org/prop/direct/'
    """
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", strict=True)
        return {row["prefix"]: row["iri"].replace("{base}", base) for row in rows}
