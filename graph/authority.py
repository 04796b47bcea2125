"""The tables under `graph/authority/` -> Authority, checked line by line."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from graph.errors import AuthorityError
from graph.identifiers import read_ledger
from graph.model import Authority, Entry, Property
from graph.tables import Row, rows

FOLDER = Path(__file__).with_name("authority")
LEDGER = "ids.tsv"
LANGUAGES = ("zh-hans", "zh-hant", "en", "ja")

COMMON = ("id", "name", "zh-hans", "zh-hant", "en", "aliases", "slips", "wikidata", "wikidata source", "note")
TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "sources.tsv": ("Source", ("url", "licence")),
    "sides.tsv": ("Side", ("code",)),
    "battles.tsv": ("Battle", ("parent", "start", "end", "place", "source")),
    "units.tsv": ("Formation", ("side", "echelon", "parent", "parent source")),
    "persons.tsv": ("Person", ("side",)),
    "places.tsv": ("Place", ("kind", "within", "lat", "lon", "precision", "coordinate source")),
    "organisations.tsv": ("Organization", ("side",)),
    "awards.tsv": ("Award", ()),
    "materiel.tsv": ("Materiel", ("kind",)),
}
CONCEPTS = "concepts.tsv"
PROPERTIES = "properties.tsv"
ALIASES = "aliases.tsv"
Aliases = Mapping[str, tuple[str, ...]]
SCOPES = frozenset({"main", "qualifier", "reference"})


def load(folder: Path = FOLDER, *, corpus: Path | None = None) -> Authority:
    """Give the authority of a folder, with the ledger of a user's corpus where it has one.

    The first line that does not hold is an AuthorityError.
    """
    entries: list[Entry] = []
    by_name: dict[tuple[str, str], Entry] = {}
    numbers: dict[str, str] = {}
    for table, (kind, columns) in TABLES.items():
        for row in rows(folder / table, COMMON + columns):
            entry = _entry(row, kind, columns)
            _claim_number(row, entry, numbers)
            for form in dict.fromkeys((entry.name, *entry.aliases, *entry.slips)):
                other = by_name.setdefault((kind, form), entry)
                if other is not entry:
                    raise row.error(f"{form} is a name of {other.id} ({other.name}) too; a name belongs to one line")
            entries.append(entry)
    aliases = _aliases(folder, by_name)
    concepts = {entry.name: entry for entry in _concepts(folder, numbers, aliases)}
    ledger = read_ledger(folder / LEDGER)
    if corpus and (corpus / LEDGER).exists():
        ledger |= read_ledger(corpus / LEDGER)
    properties = _properties(folder, aliases)
    known = {concept.id for concept in concepts.values()} | {prop.id for prop in properties.values()}
    if strangers := sorted(aliases.keys() - known):
        raise AuthorityError(folder / ALIASES, f"{', '.join(strangers)}: no line of {PROPERTIES} or {CONCEPTS}")
    authority = Authority(tuple(entries), by_name, concepts, properties, ledger)
    _check_pointers(folder, authority)
    return authority


def _claim_number(row: Row, entry: Entry, numbers: dict[str, str]) -> None:
    if not re.fullmatch(r"Q[1-9]\d*", entry.id):
        raise row.error(f"id {entry.id!r} is no number Q1, Q2, …")
    if entry.id in numbers:
        raise row.error(f"{entry.id} is the number of {numbers[entry.id]} too")
    numbers[entry.id] = entry.name


def _entry(row: Row, kind: str, columns: tuple[str, ...]) -> Entry:
    if not row["name"]:
        raise row.error("the name is empty")
    labels = {language: row.cells[language] for language in LANGUAGES if row.cells.get(language)}
    for language in LANGUAGES[:3]:
        if language not in labels:
            raise row.error(f"{row['name']} has no label {language}")
    facts = {column: row[column] for column in (*columns, "wikidata", "wikidata source", "note") if row[column]}
    if "wikidata" in facts and "wikidata source" not in facts:
        raise row.error(f"{row['name']}: a Wikidata id needs its source; leave both empty where none is verified")
    return Entry(row["id"], kind, row["name"], labels, row.many("aliases"), row.many("slips"), facts)


def _aliases(folder: Path, by_name: Mapping[tuple[str, str], Entry]) -> Aliases:
    """Give the words that find a property or a concept, by its number; each has its source."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(folder / ALIASES, ("id", "term", "alias", "source", "note")):
        if ("Source", row["source"]) not in by_name:
            raise row.error(f"{row['alias']}: {row['source']!r} is no line of sources.tsv; the editors' own is zhanshi")
        found[row["id"]] = (*found.get(row["id"], ()), row["alias"])
    return found


def _concepts(folder: Path, numbers: dict[str, str], aliases: Aliases) -> Iterator[Entry]:
    columns = ("id", "scheme", "term", "broader", "wikidata", "definition en", "definition zh-hans")
    for row in rows(folder / CONCEPTS, (*columns, *LANGUAGES[:3])):
        labels = {language: row[language] for language in LANGUAGES[:3]}
        facts = {column: row[column] for column in (*columns[1:], "definition zh-hant") if row[column]}
        entry = Entry(row["id"], "Concept", row["term"], labels, aliases.get(row["id"], ()), (), facts)
        _claim_number(row, entry, numbers)
        yield entry


def _properties(folder: Path, aliases: Aliases) -> Mapping[str, Property]:
    found: dict[str, Property] = {}
    for row in rows(folder / PROPERTIES, ("id", "term", "datatype", "scope", "plain", "wikidata", *LANGUAGES[:3])):
        labels = {language: row[language] for language in LANGUAGES[:3]}
        descriptions = {language: row[f"description {language}"] for language in LANGUAGES[:3]}
        if not re.fullmatch(r"P[1-9]\d*", row["id"]) or row["term"] in found:
            raise row.error(f"{row['id']} {row['term']}: not a number P1, P2, …, or a term that stands twice")
        if not set(row.many("scope")) or set(row.many("scope")) - SCOPES:
            raise row.error(f"{row['term']}: its scope is one or more of {', '.join(sorted(SCOPES))}, separated by |")
        found[row["term"]] = Property(
            row["id"],
            row["term"],
            row["datatype"],
            frozenset(row.many("scope")),
            row["plain"],
            labels,
            aliases.get(row["id"], ()),
            descriptions,
            row["wikidata"],
        )
    return found


# A column that names another line: table kind -> column -> kind of the line named.
_POINTERS: Mapping[str, Mapping[str, str]] = {
    "Formation": {"parent": "Formation"},
    "Place": {"within": "Place"},
    "Battle": {"parent": "Battle", "place": "Place"},
}


def _check_pointers(folder: Path, authority: Authority) -> None:
    codes = {entry.facts["code"] for entry in authority.entries if entry.kind == "Side"}
    for entry in authority.entries:
        table = next(name for name, (kind, _) in TABLES.items() if kind == entry.kind)
        for column, kind in _POINTERS.get(entry.kind, {}).items():
            name = entry.facts.get(column)
            if name and (kind, name) not in authority.by_name:
                raise AuthorityError(folder / table, f"{entry.name}: {column} {name} is no line of the {kind} table")
        if "side" in entry.facts and entry.facts["side"] not in codes:
            raise AuthorityError(folder / table, f"{entry.name}: side {entry.facts['side']} is no code of sides.tsv")
        for column in ("echelon", "kind"):
            if entry.facts.get(column, "") not in ("", *authority.concepts):
                raise AuthorityError(folder / table, f"{entry.name}: {entry.facts[column]} is no term of {CONCEPTS}")
        _check_acyclic(folder / table, authority, entry)


def _check_acyclic(path: Path, authority: Authority, entry: Entry) -> None:
    column = {"Formation": "parent", "Place": "within", "Battle": "parent"}.get(entry.kind)
    seen = [entry.name]
    while column and (above := entry.facts.get(column)):
        entry = authority.by_name[entry.kind, above]
        if entry.name in seen:
            raise AuthorityError(path, f"{' -> '.join([*seen, entry.name])}: a thing cannot hold itself")
        seen.append(entry.name)
