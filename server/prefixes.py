"""The prefixes that every query may use without declaring them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

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


def used_prefixes(base: str, triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Those of the prefixes that shorten an IRI of these triples, in their order."""
    found = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for triple in triples for iri in _iris(triple)}
    return {prefix: iri for prefix, iri in prefixes(base).items() if iri in found}


def _iris(triple: ox.Triple) -> Iterable[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal):
            yield term.datatype.value
