"""The languages of names, and in which others a name is looked for where it is missing in the one asked for."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parent / "languages.tsv"


@dataclass(frozen=True)
class Language:
    """A language: MediaWiki's code, BCP 47's, its name in itself and in English, and where to look next, in order."""

    code: str
    bcp47: str
    name: str
    english: str
    fallbacks: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be looked for by."""
        return self.english, self.name, self.code


@cache
def table() -> Mapping[str, Language]:
    """The languages by their codes."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", strict=True)
        return {
            r["code"]: Language(r["code"], r["bcp47"], r["name"], r["english"], tuple(r["fallbacks"].split()))
            for r in rows
        }


def chain(code: str) -> tuple[str, ...]:
    """The language itself and then those to fall back to; an unknown one falls back to its root, then to English.

    >>> chain("zh-TW"), chain("de")
    (('zh-tw', 'zh-hant', 'zh', 'zh-hans', 'en'), ('de', 'en'))
    """
    code = code.strip().lower()
    if code in table():
        return (code, *table()[code].fallbacks)
    root = code.partition("-")[0]
    return (code, *chain(root)) if root != code else (code, "en")


def best(names: Mapping[str, Mapping[str, Any]], codes: Sequence[str]) -> Mapping[str, Any] | None:
    """The first name there is in that order of languages, as Wikibase's JSON has it; else None."""
    return next((names[code] for code in codes if code in names), None)
