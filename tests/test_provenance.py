"""The description of the dataset says what SPARQL counts, what catalogues ask for, and what the build was made of."""

import hashlib
from typing import cast

import pyoxigraph as ox
import pytest

from graph import export, provenance
from graph.namespaces import DEFAULT_BASE, Namespaces, term
from graph.pipeline import CORPUS
from graph.pipeline import Graph as Built

NAMES = Namespaces(DEFAULT_BASE)
DESCRIPTION = NAMES.graph("provenance")
DATASET = NAMES.at("dataset")
PREFIXES = {
    "void": term("void:").value,
    "dcat": term("dcat:").value,
    "prov": term("prov:").value,
    "dcterms": term("dcterms:").value,
    "xsd": term("xsd:").value,
}


@pytest.fixture(scope="module")
def store(real_graph: Built) -> ox.Store:
    memory = ox.Store()
    memory.bulk_load(real_graph.content, format=ox.RdfFormat.N_QUADS)
    return memory


def select(store: ox.Store, query: str, *graphs: ox.NamedNode) -> list[tuple[str, ...]]:
    """Give the rows of a query over the union of these graphs."""
    rows = cast(ox.QuerySolutions, store.query(query, prefixes=PREFIXES, default_graph=list(graphs)))
    return sorted(tuple(term.value for term in row) for row in rows)


def described(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    return select(store, query, DESCRIPTION)


def subsets(store: ox.Store) -> list[ox.NamedNode]:
    rows = described(store, f"SELECT ?graph WHERE {{ {DATASET} void:subset ?graph }}")
    return [ox.NamedNode(graph) for (graph,) in rows]


def test_the_subsets_are_all_graphs_but_the_description(store: ox.Store) -> None:
    assert {*subsets(store), DESCRIPTION} == {*store.named_graphs()}
    assert len(subsets(store)) == 8


# Oxigraph counts a triple that two graphs hold twice; it is one.
EACH = "{ SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"
PARTS = {
    "class": "SELECT ?name (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?name FILTER(isIRI(?name)) } GROUP BY ?name",
    "property": f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {EACH} }} GROUP BY ?p",
}
TOTALS = {
    "triples": f"SELECT (COUNT(*) AS ?n) WHERE {{ {EACH} }}",
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a <http://wikiba.se/ontology#Item> }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s a ?o FILTER(isIRI(?o)) }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
}


def _counted(store: ox.Store) -> list[tuple[ox.NamedNode, list[ox.NamedNode]]]:
    """Give the dataset and each of its graphs, with the graphs that are counted for it."""
    graphs = subsets(store)
    return [(DATASET, graphs), *((graph, [graph]) for graph in graphs)]


@pytest.mark.parametrize("kind", sorted(PARTS))
def test_partitions_say_what_sparql_counts(store: ox.Store, kind: str) -> None:
    counted = "entities" if kind == "class" else "triples"
    for node, graphs in _counted(store):
        part = f"{node} void:{kind}Partition ?part . ?part void:{kind} ?name ; void:{counted} ?n"
        said = described(store, f"SELECT ?name ?n WHERE {{ {part} }}")
        assert said == select(store, PARTS[kind], *graphs), node
        assert len(said) > 5 or node == NAMES.graph("derived")


@pytest.mark.parametrize("total", sorted(TOTALS))
def test_totals_say_what_sparql_counts(store: ox.Store, total: str) -> None:
    for node, graphs in _counted(store):
        said = described(store, f"SELECT ?n WHERE {{ {node} void:{total} ?n }}")
        assert said == select(store, TOTALS[total], *graphs), node


def test_the_dataset_says_what_catalogues_ask_for(store: ox.Store) -> None:
    for predicate in ("dcterms:title", "dcterms:description"):
        assert len(described(store, f"SELECT ?o WHERE {{ {DATASET} {predicate} ?o }}")) == 3
    for predicate in (
        "dcterms:license",
        "dcterms:publisher",
        "dcterms:creator",
        "dcterms:issued",
        "dcterms:bibliographicCitation",
        "dcat:version",
        "dcat:landingPage",
        "void:sparqlEndpoint",
        "void:uriSpace",
    ):
        assert len(described(store, f"SELECT ?o WHERE {{ {DATASET} {predicate} ?o }}")) == 1, predicate
    assert described(
        store, f"SELECT ?e WHERE {{ ?s a dcat:DataService ; dcat:servesDataset {DATASET} ; dcat:endpointURL ?e }}"
    )


def test_every_dump_is_a_distribution_that_can_be_had(store: ox.Store) -> None:
    dump = "a dcat:Distribution ; dcat:accessURL ?url ; dcat:downloadURL ?url ; dcterms:license ?licence"
    part = f"{DATASET} void:dataDump ?url ; dcat:distribution ?part . ?part {dump} ; dcat:mediaType ?media"
    rows = described(store, f"SELECT ?url ?media WHERE {{ {part} }}")
    assert {url for url, _ in rows} == {f"{DEFAULT_BASE}dumps/{name}" for name, _ in export.FORMATS.values()}
    packed = described(store, "SELECT ?url WHERE { ?part dcat:downloadURL ?url ; dcat:compressFormat ?gzip }")
    assert {url for (url,) in packed} == {url for url, _ in rows if url.endswith(".gz")}


def test_every_graph_of_a_text_leads_to_the_text_and_the_reading_it_was_made_of(
    store: ox.Store, real_graph: Built
) -> None:
    rows = described(
        store,
        """SELECT ?graph ?file ?digest WHERE {
          ?graph prov:wasDerivedFrom ?text , ?reading ; prov:wasGeneratedBy ?build .
          ?reading a prov:Entity ; prov:wasDerivedFrom ?text ; dcterms:title ?file ; dcterms:identifier ?digest .
          ?build prov:used ?text , ?reading ; prov:wasAssociatedWith/dcterms:title ?version .
          FILTER(STRSTARTS(?version, "zhanshi "))
        }""",
    )
    assert rows == [
        (NAMES.graph(text.name).value, f"{text.name}.ann", f"sha256:{_digest(text.name)}") for text in real_graph.texts
    ]


def _digest(name: str) -> str:
    return hashlib.sha256((CORPUS / f"{name}.ann").read_bytes()).hexdigest()


def test_a_build_is_dated_as_prov_wants_it(store: ox.Store, real_graph: Built) -> None:
    query = "SELECT ?end WHERE { ?build a prov:Activity ; prov:endedAtTime ?end FILTER(DATATYPE(?end) = xsd:dateTime) }"
    assert described(store, query) == [(f"{real_graph.date}T00:00:00Z",)]


def test_another_root_changes_no_fragment() -> None:
    fragments = []
    for base in (DEFAULT_BASE, "http://example.org/"):
        names = Namespaces(base)
        quad = ox.Quad(names.entity("Q1"), term("z:agent"), names.entity("Q2"), names.graph("authority"))
        found = provenance.quads([], [], [quad], base=base, date="2026-01-01")
        fragments.append({str(quad.subject).replace(base, "") for quad in found})
    assert fragments[0] == fragments[1]
    assert "<dataset#authority-property-z_agent>" in fragments[0]
