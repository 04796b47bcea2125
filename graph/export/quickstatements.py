"""Proposals for Wikidata as QuickStatements: version 1 (tabs), and CSV with one row an item."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from graph.export.wikidata import Claim, Proposal, text

CSV_LANGUAGES = {"en": "en", "zh-hans": "zh"}
"""Languages of names in CSV, whose headers know codes of two letters only."""


def version_1(proposals: Iterable[Proposal]) -> str:
    """The commands as lines of fields parted by tabs."""
    return "".join(f"{line}\n" for proposal in proposals for line in _lines(proposal))


def _lines(proposal: Proposal) -> Iterator[str]:
    subject = proposal.wikidata or "LAST"
    if not proposal.wikidata:
        yield "CREATE"
        for letter, names in (("L", proposal.labels.items()), ("D", proposal.descriptions.items())):
            yield from ("\t".join((subject, letter + code, text(words))) for code, words in names)
        yield from ("\t".join((subject, f"A{code}", text(words))) for code, words in proposal.aliases)
    yield from ("\t".join((subject, *_fields(claim))) for claim in proposal.claims)


def _fields(claim: Claim) -> Iterator[str]:
    yield ("!" if claim.is_forced else "") + claim.property
    yield claim.value
    for name, value in claim.qualifiers:
        yield from (name, value)
    for place, reference in enumerate(claim.references):
        for part, (name, value) in enumerate(reference):
            begins_another = place > 0 and part == 0
            yield ("!S" if begins_another else "S") + name[1:]
            yield value


def table(proposals: Sequence[Proposal]) -> str:
    """The same as CSV: each property has as many groups of columns as an item has claims of it.

    CSV cannot say that a claim stands beside an equal one, so the second of two equal ones is left to version 1.
    """
    rows = [_row(proposal) for proposal in proposals]
    groups: dict[tuple[str, int], dict[str, None]] = {}
    for row in rows:
        for key, filled in row.items():
            groups.setdefault(key, {}).update(dict.fromkeys(filled))
    ordered = sorted(groups)
    columns = [(key, name) for key in ordered for name in groups[key]]
    names = [f"{letter}{code}" for letter in "LDA" for code in CSV_LANGUAGES.values()]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["qid", *names, *(name for _, name in columns)])
    for proposal, claims in zip(proposals, rows, strict=True):
        cells = [claims.get(key, {}).get(name, "") for key, name in columns]
        writer.writerow([proposal.wikidata, *_names(proposal), *cells])
    return written.getvalue()


def _names(proposal: Proposal) -> Iterator[str]:
    """The label, the description and the first alias in each language, for an item to be created."""
    first = dict(reversed(proposal.aliases))
    for names in (proposal.labels, proposal.descriptions, first):
        for code in CSV_LANGUAGES:
            yield "" if proposal.wikidata else " ".join(names.get(code, "").split())


def _row(proposal: Proposal) -> dict[tuple[str, int], dict[str, str]]:
    """The cells of an item, by property and the place of the claim among those of it."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for claim in proposal.claims:
        if not claim.is_forced:
            place = sum(name == claim.property for name, _ in found)
            found[claim.property, place] = _cells(claim)
    return found


def _cells(claim: Claim) -> dict[str, str]:
    """The claim's cells by their column: value, qualifiers (the first of each), the first reference."""
    cells = {claim.property: claim.value}
    for name, value in claim.qualifiers:
        cells.setdefault(f"qal{name[1:]}", value)
    for part, (name, value) in enumerate(claim.references[0] if claim.references else ()):
        cells.setdefault(("s" if part else "S") + name[1:], value)
    return cells
