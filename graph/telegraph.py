"""The characters by which telegrams name the days of a month (韵目代日), in both scripts."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from graph.tables import rows

TABLE = Path(__file__).resolve().parent / "telegraph.tsv"


@cache
def days() -> Mapping[str, int]:
    """Give the day of the month that each character names.

    >>> days()["寒"], days()["馬"]
    (14, 21)
    """
    return {row["character"]: int(row["day"]) for row in rows(TABLE, ("character", "day"))}
