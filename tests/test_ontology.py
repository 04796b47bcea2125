"""The ontology reads well, agrees with the tables, and is OWL 2 DL and consistent."""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pyoxigraph import Dataset, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph import ontologies
from graph.authority import FOLDER as TABLES
from tests import jvm

ROOT = "https://w3id.org/zhanshi/ontology"
Z = f"{ROOT}#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LANGUAGES = ("en", "zh-hans", "zh-hant")


def _parts() -> list[Path]:
    folder = ontologies.FOLDER
    return [path for path in (*folder.glob("*.ttl"), *folder.glob("schemes/*.ttl")) if path.name != "prefixes.ttl"]


def _triples(paths: Iterable[Path]) -> list[Triple]:
    return [quad.triple for path in sorted(paths) for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


@cache
def _said() -> Mapping[tuple[str, str], list[object]]:
    """Give the objects by subject and predicate."""
    said: dict[tuple[str, str], list[object]] = {}
    for triple in _triples(_parts()):
        if isinstance(triple.subject, NamedNode):
            said.setdefault((triple.subject.value, triple.predicate.value), []).append(triple.object)
    return said


def _terms() -> set[str]:
    return {subject for subject, predicate in _said() if predicate == f"{RDFS}isDefinedBy"}


def _words(subject: str, predicate: str) -> dict[str, str]:
    literals = [word for word in _said().get((subject, predicate), []) if isinstance(word, Literal)]
    return {literal.language or "": literal.value for literal in literals}


def _rows(table: str) -> list[dict[str, str]]:
    with (TABLES / table).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _table(row: Mapping[str, str], column: str = "") -> dict[str, str]:
    return {language: row[f"{column} {language}".strip()] for language in LANGUAGES}


def test_properties_are_named_as_in_their_table() -> None:
    plain = [row for row in _rows("properties.tsv") if row["plain"].startswith("z:")]
    assert len(plain) > 70
    for row in plain:
        term = Z + row["plain"].removeprefix("z:")
        assert _words(term, f"{RDFS}label") == _table(row), row["plain"]
        assert _words(term, f"{SKOS}definition") == _table(row, "description"), row["plain"]


def test_classes_and_concepts_are_named_as_in_their_table() -> None:
    rows = _rows("concepts.tsv")
    assert len(rows) > 120
    for row in rows:
        term = Z + row["term"]
        assert _words(term, f"{RDFS}label") == _table(row), row["term"]
        assert _words(term, f"{SKOS}definition") == _table(row, "definition"), row["term"]
        kind = f"{OWL}Class" if row["scheme"] == "class" else f"{SKOS}Concept"
        assert NamedNode(kind) in _said()[term, RDF_TYPE], row["term"]
        if row["broader"]:
            assert NamedNode(Z + row["broader"]) in _said()[term, f"{RDFS}subClassOf"], row["term"]


def test_every_term_has_labels_definition_and_example() -> None:
    assert len(_terms()) > 220
    for term in _terms():
        assert set(_words(term, f"{RDFS}label")) == set(LANGUAGES), term
        assert set(_words(term, f"{SKOS}definition")) == set(LANGUAGES), term
        assert all(_words(term, f"{SKOS}example").values()), term
        assert term.startswith(Z), term


def test_every_term_used_is_defined() -> None:
    used = {
        node.value
        for triple in _triples(ontologies.FOLDER.rglob("*.ttl"))
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, NamedNode) and node.value.startswith(Z)
    }
    assert used - {Z} == _terms()


def test_the_root_imports_every_part_and_holds_no_term() -> None:
    imports = {node.value for node in _said()[ROOT, f"{OWL}imports"] if isinstance(node, NamedNode)}
    folder = ontologies.FOLDER
    names = {path.relative_to(folder).with_suffix("").as_posix() for path in _parts()} - {"zhanshi"}
    assert imports == {f"{ROOT}/{name}" for name in names}
    root = _triples([folder / "zhanshi.ttl"])
    assert not any(isinstance(t.subject, NamedNode) and t.subject.value.startswith(Z) for t in root)


def test_classes_take_the_roles_that_a_reading_may_give_them() -> None:
    text = (TABLES.parent / "annotation.conf").read_text(encoding="utf-8").partition("[events]")[2].partition("[")[0]
    said = {line.split()[0]: set(re.findall(r"(\w+)\*:", line)) for line in text.splitlines() if line.strip()}
    roles = {name: {f"{Z}{role.lower()}" for role in found} for name, found in said.items() if name != "Loss"}
    assert len(roles) > 25
    for name, expected in roles.items():
        toward = {f"{Z}toward"} if f"{Z}to" in expected else set()  # a direction is marked on the role To
        taken = {node.value for node in _said()[Z + name, f"{Z}takesRole"] if isinstance(node, NamedNode)}
        assert taken == expected | toward, name


def test_alignments_stand_apart() -> None:
    imports = {node.value for node in _said()[ROOT, f"{OWL}imports"] if isinstance(node, NamedNode)}
    files = sorted((ontologies.FOLDER / "alignments").glob("*.ttl"))
    assert len(files) == 8
    for path in files:
        own = [t for t in _triples([path]) if isinstance(t.subject, NamedNode) and t.subject.value.startswith(Z)]
        assert own, path
        assert all(isinstance(t.object, NamedNode) and not t.object.value.startswith(Z) for t in own), path
        assert f"{ROOT}/alignments/{path.stem}" not in imports


def test_the_header_says_version_licence_and_prefix() -> None:
    for predicate in (
        f"{OWL}versionIRI",
        f"{OWL}versionInfo",
        "http://purl.org/dc/terms/license",
        "http://purl.org/dc/terms/creator",
        "http://purl.org/vocab/vann/preferredNamespacePrefix",
        "http://purl.org/vocab/vann/preferredNamespaceUri",
    ):
        assert _said()[ROOT, predicate], predicate


def test_the_quads_of_the_ontology_are_the_same_each_time() -> None:
    first = list(ontologies.quads("https://w3id.org/zhanshi/"))
    assert len(first) > 2_000
    assert Dataset(first) == Dataset(ontologies.quads("https://w3id.org/zhanshi/"))


def _merged(folder: Path, *further: Triple) -> Path:
    """Write the root with all its parts as one ontology."""
    left_out = {f"{OWL}imports", f"{OWL}versionIRI"}
    header = NamedNode(f"{OWL}Ontology")
    triples = [
        triple
        for triple in _triples(_parts())
        if triple.predicate.value not in left_out and (triple.object != header or triple.subject == NamedNode(ROOT))
    ]
    path = folder / "merged.ttl"
    path.write_bytes(serialize([*triples, *further], format=RdfFormat.TURTLE) or b"")
    return path


def _checked(path: Path) -> list[str]:
    return jvm.run("CheckOntology", jvm.reasoner(), path)


def test_the_ontology_is_owl_dl_and_consistent(tmp_path: Path) -> None:
    (line,) = _checked(_merged(tmp_path))
    assert int(line.removeprefix("axioms ")) > 2_000


def test_a_planned_action_with_an_agent_is_inconsistent(tmp_path: Path) -> None:
    thing = NamedNode("http://example.org/withdrawal")
    planned = Triple(thing, NamedNode(RDF_TYPE), NamedNode(f"{Z}PlannedAction"))
    acted = Triple(thing, NamedNode(f"{Z}agent"), NamedNode("http://example.org/army"))
    individual = Triple(thing, NamedNode(RDF_TYPE), NamedNode(f"{OWL}NamedIndividual"))
    assert "inconsistent" in _checked(_merged(tmp_path, planned, acted, individual))
