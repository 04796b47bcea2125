"""A strict parser of QuickStatements version 1 and of its CSV, made from their documentation; it knows no more."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

ITEM = r"Q[1-9]\d*"
PROPERTY = r"P[1-9]\d*"
NUMBER = r"[+-]?\d+(?:\.\d+)?"
LANGUAGE = r"[a-z]{2,3}(?:-[a-z]{2,8})*"
TEXT = r'"[^"\t\n|]+"'
VALUES = {
    "item": ITEM,
    "text": TEXT,
    "monolingual": rf"{LANGUAGE}:{TEXT}",
    "time": r"[+-]\d{4,16}-\d\d-\d\dT00:00:00Z/(?:1[0-4]|\d)(?:/J)?",
    "coordinate": rf"@{NUMBER}/{NUMBER}",
    "quantity": rf"{NUMBER}(?:~\d+(?:\.\d+)?)?(?:U[1-9]\d*)?",
    "unknown": r"somevalue|novalue",
}
LONGEST_TERM = 250
"""Characters of a label, description or alias that Wikibase takes."""


class NotQuickStatementsError(ValueError):
    """A line that the grammar does not allow; says which and why."""


@dataclass(frozen=True)
class Command:
    """One line: what it is, whom it is about, its fields."""

    kind: str
    subject: str
    fields: tuple[str, ...]


def kind_of(value: str) -> str:
    """The kind of a value; raises NotQuickStatementsError for what is none."""
    for kind, pattern in VALUES.items():
        if re.fullmatch(pattern, value):
            return kind
    raise NotQuickStatementsError(f"no value: {value!r}")


def parse(content: str) -> Iterator[Command]:
    """The commands of a file of version 1."""
    created = False
    for number, line in enumerate(content.splitlines(), 1):
        try:
            command = _command(line, created=created)
        except NotQuickStatementsError as error:
            raise NotQuickStatementsError(f"line {number}: {error}") from error
        created = created or command.kind == "create"
        yield command


def _command(line: str, *, created: bool) -> Command:
    if line == "CREATE":
        return Command("create", "", ())
    subject, *fields = line.split("\t")
    if not (re.fullmatch(ITEM, subject) or (subject == "LAST" and created)):
        raise NotQuickStatementsError(f"no subject: {subject!r}")
    if len(fields) < 2 or len(fields) % 2:
        raise NotQuickStatementsError("fields do not come in pairs")
    if re.fullmatch(rf"[LDA]{LANGUAGE}", fields[0]):
        if len(fields) != 2 or not re.fullmatch(TEXT, fields[1]) or len(fields[1]) - 2 > LONGEST_TERM:
            raise NotQuickStatementsError(f"no name: {fields!r}")
        return Command("name", subject, tuple(fields))
    _statement(fields)
    return Command("statement", subject, tuple(fields))


def _statement(fields: list[str]) -> None:
    """Check a statement: a property, then qualifiers, then references, the first of which begins without `!`."""
    if not re.fullmatch(rf"!?{PROPERTY}", fields[0]):
        raise NotQuickStatementsError(f"no property: {fields[0]!r}")
    has_reference = False
    for name, value in zip(fields[::2], fields[1::2], strict=True):
        kind_of(value)
        if name == fields[0]:
            continue
        if re.fullmatch(r"!?S[1-9]\d*", name):
            if name.startswith("!") and not has_reference:
                raise NotQuickStatementsError("the first reference begins with !, which leaves an empty one before it")
            has_reference = True
        elif has_reference or not re.fullmatch(PROPERTY, name):
            raise NotQuickStatementsError(f"{name!r} where a qualifier or a reference stands")


def parse_table(content: str) -> list[dict[str, list[str]]]:
    """The rows of a CSV file, each from column to the values that are not empty."""
    header, *rows = list(csv.reader(io.StringIO(content), strict=True))
    _header(header)
    found = []
    for row in rows:
        if len(row) != len(header):
            raise NotQuickStatementsError(f"{len(row)} cells under {len(header)} headers")
        cells: dict[str, list[str]] = {}
        for name, value in zip(header, row, strict=True):
            if name == "qid" and not re.fullmatch(rf"(?:{ITEM})?", value):
                raise NotQuickStatementsError(f"no subject: {value!r}")
            if value and name[0] in "PSsq" and name != "qid":
                kind_of(value)
            if value or name == "qid":
                cells.setdefault(name, []).append(value)
        found.append(cells)
    return found


def _header(header: list[str]) -> None:
    """Check the header: qid first, qualifiers and references behind a statement, `s` behind an `S`."""
    if header[0] != "qid":
        raise NotQuickStatementsError("the first column is not qid")
    before = ""
    for name in header[1:]:
        if re.fullmatch(r"[LDA][a-z]{2}", name):
            if before:
                raise NotQuickStatementsError(f"{name} stands behind statements")
        elif re.fullmatch(PROPERTY, name):
            before = "P"
        elif re.fullmatch(r"qal[1-9]\d*", name) and before in ("P", "q"):
            before = "q"
        elif (re.fullmatch(r"S[1-9]\d*", name) and before) or (re.fullmatch(r"s[1-9]\d*", name) and before == "S"):
            before = "S"
        else:
            raise NotQuickStatementsError(f"{name} does not stand where it may")
