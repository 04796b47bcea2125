"""The tables of `lexicon/` -> rows, sets, and scanners that find the longest words of a table in a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

FOLDER = Path(__file__).with_name("lexicon")

T = TypeVar("T")


class LexiconError(ValueError):
    """A table of the lexicon that cannot be read: says which line, and how to mend it."""


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Give the lines of the table `name`.tsv by the column names of its header."""
    path = FOLDER / f"{name}.tsv"
    header, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    columns = header.split("\t")
    found: list[Mapping[str, str]] = []
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise LexiconError(f"{path.name}:{number}: {len(cells)} cells, the header has {len(columns)}; add tabs")
        found.append(dict(zip(columns, cells, strict=True)))
    return tuple(found)


@cache
def column(name: str, key: str, value: str) -> Mapping[str, str]:
    """Give the column `value` of a table by its column `key`."""
    return {row[key]: row[value] for row in rows(name)}


@cache
def words(name: str) -> frozenset[str]:
    """Give the first column of a table."""
    return frozenset(line.partition("\t")[0] for line in _lines(name))


@cache
def weights(name: str) -> Mapping[str, float]:
    """Give the second column of a table, numbers, by the first."""
    table = {}
    for line in _lines(name):
        key, weight, *_ = line.split("\t")
        table[key] = float(weight)
    return table


def _lines(name: str) -> list[str]:
    """Give the lines of a table below its header."""
    return (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]


@cache
def pattern(name: str) -> str:
    """Give the first column of a table as alternatives of a regular expression, the longest first."""
    return alternatives(words(name))


def alternatives(choices: Iterable[str]) -> str:
    """Give words as alternatives of a regular expression, the longest first.

    >>> alternatives(["军", "集团军"])
    '集团军|军'
    """
    return "|".join(re.escape(word) for word in sorted(choices, key=lambda word: (-len(word), word)))


@dataclass(frozen=True, slots=True)
class Scanner(Generic[T]):
    """Finds the words of a table in a text, from the left, the longest first."""

    values: Mapping[str, T]
    lengths: Mapping[str, tuple[int, ...]]
    firsts: re.Pattern[str]

    @classmethod
    def of(cls, values: Mapping[str, T]) -> "Scanner[T]":
        """Give the scanner for the keys of `values`."""
        lengths: dict[str, set[int]] = {}
        for word in values:
            lengths.setdefault(word[0], set()).add(len(word))
        ordered = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}
        return cls(values, ordered, re.compile(f"[{re.escape(''.join(sorted(lengths)))}]" if lengths else "(?!)"))

    def at(self, text: str, start: int) -> str | None:
        """Give the longest word that begins at `start`."""
        for length in self.lengths.get(text[start], ()):
            word = text[start : start + length]
            if word in self.values:
                return word
        return None

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Give the words in the text with where they begin; they do not overlap."""
        end = 0
        for match in self.firsts.finditer(text):
            start = match.start()
            word = self.at(text, start) if start >= end else None
            if word is not None:
                yield start, word
                end = start + len(word)


@cache
def scanner(name: str, key: str, value: str) -> Scanner[str]:
    """Give the scanner for the words in column `key` of a table, with their `value`."""
    return Scanner.of(column(name, key, value))
