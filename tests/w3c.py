"""The W3C's SPARQL test suites: their manifests, their data, and how a result is compared with the expected one."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ROOT = "http://w3c.example/sparql/"
VARIABLE = "CONFORMANCE"
RDF_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML}
RESULT_FORMATS = {".srx": "xml", ".srj": "json", ".tsv": "tsv"}
MEDIA_TYPES = {
    "xml": "application/sparql-results+xml",
    "json": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
}


def folder(*parts: str) -> Path:
    """A folder of the suites; skips the test where they are not there, and fails it in continuous integration."""
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "conformance"
    found = Path(os.environ.get("ZHANSHI_CONFORMANCE", default), "sparql", *parts)
    if not found.is_dir():
        reason = f"the W3C suites are not at {found}; set ZHANSHI_CONFORMANCE to the folder that holds sparql/"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


class Graph:
    """A small RDF graph to walk in."""

    def __init__(self, path: Path, iri: str) -> None:
        self.store = ox.Store()
        self.store.load(path=str(path), format=RDF_FORMATS[path.suffix], base_iri=iri)

    def values(self, subject: object, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """The objects of that subject and predicate."""
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        found = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return [q.object for q in found if not isinstance(q.object, ox.Triple)]

    def value(self, subject: object, predicate: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        """The object of that subject and predicate, or None."""
        return next(iter(self.values(subject, predicate)), None)

    def text(self, subject: object, predicate: str) -> str:
        """The object's text; empty where there is none."""
        value = self.value(subject, predicate)
        return value.value if value is not None else ""

    def items(self, head: object) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """The members of an RDF list."""
        while isinstance(head, ox.NamedNode | ox.BlankNode) and head.value != RDF + "nil":
            first = self.value(head, RDF + "first")
            assert first is not None
            yield first
            head = self.value(head, RDF + "rest")


@dataclass(frozen=True)
class Evaluation:
    """A test of a query: the kind of test, the files of query and result, and the graphs by their IRIs."""

    name: str
    kind: str
    query: Path
    default: tuple[str, ...]
    named: tuple[str, ...]
    result: Path | None


@dataclass(frozen=True)
class Suite:
    """The tests of a manifest and all it includes."""

    root: Path
    tests: tuple[Evaluation, ...]

    def path(self, iri: str) -> Path:
        """The file of an IRI of the suite."""
        return self.root / iri.removeprefix(ROOT)

    def quads(self) -> Iterator[ox.Quad]:
        """Every graph that a test names, under its own IRI, with blank nodes of its own."""
        wanted = sorted({iri for test in self.tests for iri in (*test.default, *test.named)})
        for iri in [*wanted, *self._graphs_in_queries(set(wanted))]:
            path = self.path(iri)
            for quad in ox.parse(
                path=str(path), format=RDF_FORMATS[path.suffix], base_iri=iri, rename_blank_nodes=True
            ):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(iri))

    def _graphs_in_queries(self, known: set[str]) -> list[str]:
        """The files that queries name in FROM; they lie beside the query."""
        found = set()
        for test in self.tests:
            text = test.query.read_text(encoding="utf-8")
            if "FROM" in text:
                folder_iri = ROOT + test.query.parent.relative_to(self.root).as_posix() + "/"
                found |= {folder_iri + path.name for path in test.query.parent.glob("*.ttl") if path.name in text}
        return sorted(found - known)


def suite(root: Path, *manifests: str) -> Suite:
    """The tests of these manifests."""
    tests = tuple(test for name in manifests for test in _tests(root, root / name))
    return Suite(root, tests)


def _tests(root: Path, manifest: Path) -> Iterator[Evaluation]:
    iri = ROOT + manifest.relative_to(root).as_posix()
    graph = Graph(manifest, iri)
    nodes = [q.subject for q in graph.store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None)]
    manifest_node = next(n for n in nodes if graph.value(n, MF + "entries") or graph.value(n, MF + "include"))
    for included in graph.items(graph.value(manifest_node, MF + "include")):
        yield from _tests(root, root / included.value.removeprefix(ROOT))
    for entry in graph.items(graph.value(manifest_node, MF + "entries")):
        yield _test(root, manifest, graph, entry)


def _test(root: Path, manifest: Path, graph: Graph, entry: object) -> Evaluation:
    action = graph.value(entry, MF + "action")
    query = graph.value(action, QT + "query") or action
    result = graph.value(entry, MF + "result")
    assert isinstance(query, ox.NamedNode)
    assert isinstance(entry, ox.NamedNode)
    has_file = isinstance(result, ox.NamedNode)
    return Evaluation(
        name=f"{manifest.parent.relative_to(root).as_posix()}/{entry.value.rpartition('#')[2]}",
        kind=graph.text(entry, RDF + "type").removeprefix(MF),
        query=root / query.value.removeprefix(ROOT),
        default=tuple(v.value for v in graph.values(action, QT + "data")) if query != action else (),
        named=tuple(v.value for v in graph.values(action, QT + "graphData")) if query != action else (),
        result=root / result.value.removeprefix(ROOT) if has_file and result is not None else None,
    )


def known_failures(path: Path) -> dict[str, str]:
    """The tests that are known to fail, each with its reason; no reason is an error."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", strict=True))
    assert all(row["reason"] for row in rows), "every known failure has a reason"
    return {row["test"]: row["reason"] for row in rows}


def same_graph(left: list[ox.Triple], right: list[ox.Triple]) -> bool:
    """Whether two graphs differ in nothing but the names of blank nodes."""
    return _canonical(left) == _canonical(right)


def _canonical(triples: list[ox.Triple]) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in _by_value(triples))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _by_value(triples: list[ox.Triple]) -> list[ox.Triple]:
    """The triples with every literal as Oxigraph writes its value: it keeps values, not spellings (2.50 is 2.5)."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return [quad.triple for quad in store]


Row = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Table:
    """A result table: rows, and whether their order counts."""

    rows: tuple[Row, ...]
    ordered: bool = False


def read_table(data: bytes, name: str) -> Table | bool:
    """A table or truth value in that format."""
    formats = {"xml": ox.QueryResultsFormat.XML, "json": ox.QueryResultsFormat.JSON, "tsv": ox.QueryResultsFormat.TSV}
    results = ox.parse_query_results(data, format=formats[name])
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    assert isinstance(results, ox.QuerySolutions)
    names = [variable.value for variable in results.variables]
    return Table(tuple(tuple((n, row[n]) for n in sorted(names) if row[n] is not None) for row in results))


def expected_table(path: Path, iri: str) -> Table | bool:
    """The expected result of a file, tables in RDF included; relative IRIs are under the file's own."""
    if path.suffix in RESULT_FORMATS:
        return read_table(path.read_bytes(), RESULT_FORMATS[path.suffix])
    graph = Graph(path, iri)
    results = next(q.subject for q in graph.store.quads_for_pattern(None, None, ox.NamedNode(RS + "ResultSet")))
    truth = graph.value(results, RS + "boolean")
    if truth is not None:
        return truth.value == "true"
    solutions = graph.values(results, RS + "solution")
    ordered = all(graph.value(s, RS + "index") for s in solutions) and len(solutions) > 1
    if ordered:
        solutions.sort(key=lambda s: int(graph.text(s, RS + "index")))
    return Table(tuple(_row(graph, solution) for solution in solutions), ordered)


def _row(graph: Graph, solution: object) -> Row:
    bindings = graph.values(solution, RS + "binding")
    return tuple(sorted((graph.text(b, RS + "variable"), graph.value(b, RS + "value")) for b in bindings))


def same_table(found: Table | bool, expected: Table | bool) -> bool:
    """Whether two results have the same rows, up to the names of blank nodes and the spelling of literals."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    left, right = _values(found), _values(expected)
    if expected.ordered and not _has_blank(expected):
        return left == right
    if not _has_blank(found) and not _has_blank(expected):
        return Counter(left) == Counter(right)
    return len(left) == len(right) and same_graph(_as_graph(left), _as_graph(right))


def _values(table: Table) -> list[Row]:
    cells = [(name, term) for row in table.rows for name, term in row]
    literals = {term for _, term in cells if isinstance(term, ox.Literal)}
    subject, predicate = ox.NamedNode("urn:s"), ox.NamedNode("urn:p")
    spelled = {term: _by_value([ox.Triple(subject, predicate, term)])[0].object for term in literals}
    return [tuple((name, spelled.get(term, term)) for name, term in row) for row in table.rows]  # type: ignore[call-overload]


def _has_blank(table: Table) -> bool:
    return any(isinstance(term, ox.BlankNode) for row in table.rows for _, term in row)


def _as_graph(rows: list[Row]) -> list[ox.Triple]:
    """A graph with one blank node for each row, numbered where rows are equal."""
    triples = []
    for index, row in enumerate(rows):
        node = ox.BlankNode(f"row{index}")
        triples.append(ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(RS + "ResultBinding")))
        for name, term in row:
            assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
            triples.append(ox.Triple(node, ox.NamedNode(RS + "cell-" + name), term))
    return triples
