"""The authority's tables, line by line; each message says how to mend the line."""

import csv
import itertools
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from graph import authority
from graph.errors import AuthorityError
from graph.model import Authority, Entry
from graph.periods import Period, bounds

RANGES: Mapping[str, range] = {
    "sources.tsv": range(10, 30),
    "sides.tsv": range(30, 60),
    "battles.tsv": range(1000, 1200),
    "units.tsv": range(2000, 4000),
    "persons.tsv": range(4000, 5000),
    "places.tsv": range(5000, 7000),
    "organisations.tsv": range(7000, 7200),
    "awards.tsv": range(7500, 7600),
    "materiel.tsv": range(7700, 8000),
}
# Where the war was fought: south, north, west, east, in degrees.
THEATRE = (18.0, 54.0, 73.0, 146.0)
PRECISIONS = {"settlement", "county"}


@pytest.fixture(scope="module")
def known() -> Authority:
    """Give the shipped authority."""
    return authority.load()


def lines(table: str, folder: Path = authority.FOLDER) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give each line of a table with its number in the file."""
    with (folder / table).open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2)


def period(entry: Entry) -> Period | None:
    """Give the bounds of a battle, or None where no table dates it."""
    if "start" not in entry.facts:
        return None
    start = entry.facts["start"]
    end = entry.facts.get("end", start)
    return bounds(start if start == end else f"{start}/{end}")


def of_kind(known: Authority, kind: str) -> list[Entry]:
    """Give the lines of one kind; none is a failure, as no table is empty."""
    found = [entry for entry in known.entries if entry.kind == kind]
    assert found, f"no line of kind {kind}: its table is empty"
    return found


@pytest.mark.parametrize("table", RANGES)
def test_table_is_sorted_by_number_within_its_range(table: str) -> None:
    numbers = [int(row["id"].removeprefix("Q")) for _, row in lines(table)]
    assert numbers, f"{table} is empty"
    for before, after in itertools.pairwise(numbers):
        assert before < after, f"{table}: Q{after} stands after Q{before}; new lines go to the end with the next number"
    strangers = [n for n in numbers if n not in RANGES[table]]
    assert not strangers, f"{table}: Q{strangers} lie outside {RANGES[table]}; take the next number after the last line"


@pytest.mark.parametrize("table", RANGES)
def test_aliases_are_no_labels_and_slips_no_aliases(table: str) -> None:
    for number, row in lines(table):
        forms = [*row["aliases"].split("|"), *row["slips"].split("|")]
        forms = [form for form in forms if form]
        assert len(forms) == len(set(forms)), f"{table}:{number} {row['name']}: an alias or slip stands twice; drop one"
        labels = {row["name"], row["zh-hans"], row["zh-hant"], row["en"]} & set(forms)
        assert not labels, f"{table}:{number} {row['name']}: {labels} is a label already; drop it from the aliases"
        stray = [form for form in forms if form != form.strip()]
        assert not stray, (
            f"{table}:{number} {row['name']}: {stray} has blanks at its ends; aliases are parted by | alone"
        )


@pytest.mark.parametrize("table", RANGES)
def test_labels_are_in_their_scripts(table: str) -> None:
    for number, row in lines(table):
        where = f"{table}:{number} {row['name']}"
        assert re.search(r"[A-Za-z]", row["en"]), f"{where}: the English label has no Latin letter"
        assert len(row["zh-hans"]) == len(row["zh-hant"]), f"{where}: the two Chinese labels differ in length; mend one"
        assert "/" not in row["zh-hans"] + row["zh-hant"], f"{where}: a label does not carry the side's code"


@pytest.mark.parametrize("table", RANGES)
def test_wikidata_ids_are_used_once_and_have_a_source(table: str) -> None:
    seen: dict[str, str] = {}
    for number, row in lines(table):
        item, source = row["wikidata"], row["wikidata source"]
        assert bool(item) == bool(source), f"{table}:{number} {row['name']}: an id and its source stand together"
        if item:
            assert re.fullmatch(r"Q[1-9]\d*", item), f"{table}:{number} {row['name']}: {item} is no Wikidata id"
            other = seen.setdefault(item, row["name"])
            assert other == row["name"], f"{table}:{number}: {item} is the id of {other} too; keep the verified one"


def test_formation_has_side_echelon_and_the_side_of_its_name(known: Authority) -> None:
    for unit in of_kind(known, "Formation"):
        side = unit.name.partition("/")[0]
        assert unit.facts.get("side") == side, f"{unit.id} {unit.name}: the column side says otherwise than the name"
        scheme = known.concepts[unit.facts["echelon"]].facts["scheme"] if "echelon" in unit.facts else ""
        assert scheme == "echelon", f"{unit.id} {unit.name}: give an echelon from concepts.tsv"
        parent = unit.facts.get("parent", f"{side}/")
        assert parent.startswith(f"{side}/"), f"{unit.id} {unit.name}: {parent} is of another side"


def test_person_and_organisation_have_a_side(known: Authority) -> None:
    for entry in (*of_kind(known, "Person"), *of_kind(known, "Organization")):
        assert "side" in entry.facts, f"{entry.id} {entry.name}: give the code of its side (sides.tsv)"


def test_formations_of_two_sides_never_share_a_label_and_an_alias(known: Authority) -> None:
    chinese, japanese = (known.by_name["Formation", name] for name in ("CN/第20军", "JP/第20军"))
    assert chinese.id != japanese.id
    labels = {unit.name: unit.labels["zh-hans"] for unit in of_kind(known, "Formation")}
    for unit in of_kind(known, "Formation"):
        others = {name for name, label in labels.items() if name != unit.name and label in unit.aliases}
        assert not others, f"{unit.id} {unit.name}: an alias is the label of {others}; leave it out of both"


def test_place_has_a_kind_and_coordinates_with_their_source(known: Authority) -> None:
    for place in of_kind(known, "Place"):
        facts = place.facts
        scheme = known.concepts[facts["kind"]].facts["scheme"] if "kind" in facts else ""
        assert scheme == "placeKind", f"{place.id} {place.name}: give a kind from concepts.tsv"
        columns = [c for c in ("lat", "lon", "precision", "coordinate source") if c in facts]
        assert len(columns) in (0, 4), (
            f"{place.id} {place.name}: only {columns}; a point needs all four columns or none"
        )


def test_coordinates_lie_in_the_theatre(known: Authority) -> None:
    south, north, west, east = THEATRE
    points = [place for place in of_kind(known, "Place") if "lat" in place.facts]
    at_home = [place for place in points if within(place, known)[-1] == "中国"]
    assert len(at_home) > 100
    for place in points:
        assert place.facts["precision"] in PRECISIONS, f"{place.id} {place.name}: precision is one of {PRECISIONS}"
    for place in at_home:
        lat, lon = float(place.facts["lat"]), float(place.facts["lon"])
        inside = south < lat < north and west < lon < east
        assert inside, f"{place.id} {place.name}: {lat}, {lon} is no place of this war; look for another namesake"


def within(place: Entry, known: Authority) -> list[str]:
    """Give the names of a place and of what holds it, up to the largest."""
    larger = place.facts.get("within")
    return [place.name, *(within(known.by_name["Place", larger], known) if larger else ())]


def test_no_two_places_of_one_province_are_far_apart(known: Authority) -> None:
    """A homonym elsewhere shows itself: a province is hardly ten degrees wide."""
    points: dict[str, list[Entry]] = {}
    for place in of_kind(known, "Place"):
        within = place.facts.get("within")
        if within and "lat" in place.facts and known.by_name["Place", within].facts["kind"] == "province":
            points.setdefault(within, []).append(place)
    for province, places in points.items():
        for column in ("lat", "lon"):
            ordered = sorted(places, key=lambda p: float(p.facts[column]))
            width = float(ordered[-1].facts[column]) - float(ordered[0].facts[column])
            assert width < 10, f"{province}: {ordered[0].name} and {ordered[-1].name} are {width:.1f} degrees apart"


def test_battle_dates_parse_and_have_a_source(known: Authority) -> None:
    for battle in of_kind(known, "Battle"):
        try:
            dated = period(battle)
        except ValueError as error:
            pytest.fail(f"{battle.id} {battle.name}: {error}; write EDTF, as 1944-06-23, 1944-06 or 1944")
        assert dated, f"{battle.id} {battle.name}: give a start, so that events without a date have bounds"
        assert "source" in battle.facts, f"{battle.id} {battle.name}: name the text or the line of sources.tsv"


def test_battle_lies_within_its_parent(known: Authority) -> None:
    for battle in of_kind(known, "Battle"):
        parent = known.by_name["Battle", battle.facts["parent"]] if "parent" in battle.facts else None
        inner, outer = period(battle), period(parent) if parent else None
        if parent and inner and outer:
            inside = outer.earliest <= inner.earliest and inner.latest <= outer.latest
            assert inside, f"{battle.id} {battle.name}: its dates leave those of {parent.name}; mend one of the two"


def test_battle_dates_name_a_text_or_a_source(known: Authority) -> None:
    texts = {path.stem for path in (authority.FOLDER.parent / "corpus").glob("*.txt")}
    for battle in of_kind(known, "Battle"):
        source = battle.facts["source"]
        listed = source in texts or ("Source", source) in known.by_name
        assert listed, f"{battle.id} {battle.name}: {source} is no text and no line of sources.tsv"


def _shared(table: str) -> dict[str, set[str]]:
    """Give the words that name several lines of a table, each with their numbers: labels and aliases."""
    found: dict[str, set[str]] = {}
    for _, row in lines(table):
        for language in authority.LANGUAGES[:3]:
            found.setdefault(row[language].lower(), set()).add(row["id"])
    numbers = set().union(*found.values())
    for _, row in lines(authority.ALIASES):
        if row["id"] in numbers:
            found.setdefault(row["alias"].lower(), set()).add(row["id"])
    return {word: ids for word, ids in found.items() if len(ids) > 1}


def test_a_word_names_one_property() -> None:
    assert _shared(authority.PROPERTIES) == {}, "leave the word with the property that a searcher means by it"


def test_a_word_names_one_class_or_concept_or_is_listed_with_the_reason() -> None:
    reasons = {row["word"]: row for _, row in lines("shared_words.tsv")}
    for word, ids in _shared(authority.CONCEPTS).items():
        assert word in reasons, f"{word} names {sorted(ids)}: drop it from one, or say why in shared_words.tsv"
        assert set(reasons[word]["ids"].split("|")) == ids, f"{word}: shared_words.tsv lists other lines"
        assert reasons[word]["reason"], f"{word}: give the reason"
    assert reasons.keys() == _shared(authority.CONCEPTS).keys(), "shared_words.tsv lists a word that is not shared"


def test_an_alias_has_its_source_and_is_no_label(known: Authority) -> None:
    labels = {
        row["id"]: {row[language] for language in authority.LANGUAGES[:3]}
        for table in (authority.PROPERTIES, authority.CONCEPTS)
        for _, row in lines(table)
    }
    terms = {each.id: each.term for each in known.properties.values()}
    terms |= {each.id: each.name for each in known.concepts.values()}
    seen: set[tuple[str, str]] = set()
    for number, row in lines(authority.ALIASES):
        where = f"{authority.ALIASES}:{number} {row['id']} {row['alias']}"
        assert row["term"] == terms[row["id"]], f"{where}: {row['id']} is {terms[row['id']]}"
        assert row["alias"] not in labels[row["id"]], f"{where}: it is a label already; drop the line"
        assert (row["id"], row["alias"]) not in seen, f"{where}: it stands twice"
        assert row["source"] in ("zhanshi", "Wikidata"), f"{where}: the editors' own words have the source zhanshi"
        assert (row["source"] == "Wikidata") == bool(row["note"]), (
            f"{where}: say whose word at Wikidata it is, or nothing"
        )
        seen.add((row["id"], row["alias"]))
    assert len(seen) > 100


@pytest.mark.parametrize(
    ("table", "find", "put", "message"),
    [
        ("units.tsv", "Q2001\t", "Q2000\t", "is the number of"),
        ("units.tsv", "\t第15師\t", "\t\t", "has no label zh-hant"),
        ("places.tsv", "\tsettlement\t湖南\t", "\tsettlement\t湖東\t", "within 湖東 is no line"),
        ("places.tsv", "\tcounty\t湖南\t", "\tvillage\t湖南\t", "village is no term"),
        ("persons.tsv", "\tJP\n", "\tXX\n", "is no code of sides.tsv"),
        ("battles.tsv", "\t长衡会战\t1944-06-23", "\t衡阳会战\t1944-06-23", "a thing cannot hold itself"),
        ("persons.tsv", "\t郭先才\t", "\t郭先才|薛长官\t", "a name belongs to one line"),
        ("aliases.tsv", "\tzhanshi\t", "\t\t", "is no line of sources.tsv"),
        ("aliases.tsv", "\nP131\t", "\nP130\t", "P130: no line of properties.tsv or concepts.tsv"),
        ("properties.tsv", "\tmain|qualifier\t", "\tanywhere\t", "its scope is one or more of"),
    ],
)
def test_broken_line_is_refused(tmp_path: Path, table: str, find: str, put: str, message: str) -> None:
    folder = tmp_path / "authority"
    shutil.copytree(authority.FOLDER, folder)
    path = folder / table
    source = path.read_text(encoding="utf-8")
    assert find in source, f"{table} no longer holds {find!r}; choose another line to break"
    path.write_text(source.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(AuthorityError, match=message):
        authority.load(folder)
