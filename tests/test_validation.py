"""Validation in bulk gives what pySHACL gives, and sees when it sees nothing."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import SH, Graph

from graph import validation
from graph.errors import InputError
from graph.model import Finding
from graph.namespaces import TYPE
from graph.pipeline import Graph as Built
from graph.validation import plain
from graph.validation.bulk import Bulk
from graph.validation.shapes import load, shapes
from tests.shape_fixtures import BASE, PROLOGUE, broken, faults, good

Z = "https://w3id.org/zhanshi/ontology#"
# One fault for each way a constraint can break, and those whose query is intricate.
SAMPLE = (
    "Item-labels.UniqueLang",
    "Dated-earliest.LessThanOrEquals",
    "Passage-start.LessThan",
    "Formation-side.MinCount",
    "Place-coordinates.Pattern",
    "Occurrence-order.MinInclusive",
    "Formation-echelonScheme.In",
    "Statement-rank.In",
    "Occurrence-passage.Class",
    "OrderOfBattleEntry-superior.Disjoint",
    "Passage-quote.MinLength",
    "Identity-match.NodeKind",
    "Term-label.LanguageIn",
    "Dated-latest.Datatype",
    "Statement-rank.MaxCount",
    "Reference-used.MinCount",
    "PlannedAsDone.SPARQL",
    "PlannedRoles.SPARQL",
    "ActionTypeIsEvent.SPARQL",
    "StatedWithinBounds-end.LessThanOrEquals",
    "TwoOrganicParents.SPARQL",
    "PartsAboveTotal.SPARQL",
    "QuoteIsText.SPARQL",
    "PlainIsStated.SPARQL",
    "OneKind.SPARQL",
    "OrderTwice.SPARQL",
    "ConceptInOneScheme-scheme.MaxCount",
    "ItemLanguages.SPARQL",
    "ItemKind-term.HasValue",
    "StatementHasSource-source.MinCount",
    "ConceptHasItem-item.Class",
    "StatementIsPlain.SPARQL",
    "StatementValue.SPARQL",
    "RoleFitsClass.SPARQL",
    "DateHasBasis.SPARQL",
    "Range.SPARQL",
    "Domain.SPARQL",
    "EventOutsideBattle.SPARQL",
    "EventAroundBattle.SPARQL",
    "CarriedHasSource.SPARQL",
    "KilledAboveCasualties.SPARQL",
)


def _compared(findings: Iterable[Finding]) -> set[tuple[str, ...]]:
    return {(f.severity, f.shape, f.component, f.focus, f.path, f.value) for f in findings}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_shape_in_bulk_finds_what_pyshacl_finds(name: str) -> None:
    store = broken(name)
    graph = load(validation.files())
    parent = "https://w3id.org/zhanshi/shapes#" + name.split(".")[0].split("-")[0]
    reference = _compared(plain.findings(plain.graph_of(store), graph, [parent]))
    bulk = {finding for finding in _compared(validation.validate(store).findings) if finding[1].split("-")[0] == parent}
    assert bulk == reference
    assert bulk


def test_all_shapes_in_bulk_find_what_pyshacl_finds_in_a_graph_full_of_faults() -> None:
    store = good()
    for name in ("Dated-latest.MaxCount", "ItemKind-term.HasValue", "PlannedRoles.SPARQL", "Claim-of.MinCount"):
        store.update(PROLOGUE + faults()[name])
    reference = _compared(plain.findings(plain.graph_of(store), load(validation.files())))
    report = validation.validate(store)
    assert _compared(report.findings) == reference
    assert not report.conforms


# A shorter battle, whose later events lie outside it, and dates whose day is carried on from nowhere.
BREAKS = """
DELETE { ?battle z:latest ?day } INSERT { ?battle z:latest "1941-09-20"^^xsd:date }
WHERE { ?battle rdfs:label "第二次长沙会战"@zh-hans ; z:latest ?day } ;
DELETE { ?statement z:carriedFrom ?passage }
WHERE { ?statement rdf:predicate z:monthBasis ; z:carriedFrom ?passage }
"""
REWRITTEN = (
    "EventOutsideBattle",
    "EventAroundBattle",
    "CarriedHasSource",
    "TwoOrganicParents",
    "KilledAboveCasualties",
)


def _part(content: bytes) -> Store:
    """Give one text of the shipped graph with the authority, its battles and what was derived, as one graph."""
    whole, part = Store(), Store()
    whole.bulk_load(content, format=RdfFormat.N_QUADS)
    graphs = [NamedNode(f"{BASE}graph/{name}") for name in ("000-changsha-1941", "authority", "derived", "ontology")]
    battles = [quad.subject for quad in whole.quads_for_pattern(None, TYPE, NamedNode(f"{Z}Battle"))]
    kept = [whole.quads_for_pattern(None, None, None, graph) for graph in graphs]
    kept += [whole.quads_for_pattern(battle, None, None) for battle in battles]
    part.extend(Quad(quad.subject, quad.predicate, quad.object) for quads in kept for quad in quads)
    return part


def test_queries_written_for_speed_find_what_pyshacl_finds_in_a_shipped_text(real_graph: Built) -> None:
    store = _part(real_graph.content)
    store.update(PROLOGUE + BREAKS)
    graph = load(validation.files())
    names = {f"https://w3id.org/zhanshi/shapes#{name}" for name in REWRITTEN}
    bulk = Bulk(store)
    found = [finding for shape in shapes(graph) if shape.name in names for finding in bulk.findings(shape)]
    assert _compared(found) == _compared(plain.findings(plain.graph_of(store), graph, names))
    counts = Counter(finding.shape.partition("#")[2] for finding in found)
    assert all(counts[name] > 3 for name in REWRITTEN[:3])


def test_a_message_names_what_was_found() -> None:
    (finding,) = (f for f in validation.validate(broken("PlannedRoles.SPARQL")).findings if "PlannedRoles" in f.shape)
    assert "entity/Q52" in finding.message["en"]
    assert "entity/Q10" in finding.message["zh"]
    assert finding.value == "<https://w3id.org/zhanshi/entity/Q52>"


def test_a_shape_that_looks_at_nothing_is_a_warning_and_none_that_does_is_an_error(tmp_path: Path) -> None:
    thing = Quad(NamedNode(Z + "x"), NamedNode(Z + "side"), Literal("x"))
    report = validation.validate([thing])
    assert any(f.focus.endswith("#Text") and "no focus node" in f.message["en"] for f in report.findings)
    with pytest.raises(InputError, match="nothing was checked"):
        validation.validate([Quad(NamedNode(Z + "x"), NamedNode("http://example.org/p"), Literal("x"))], _own(tmp_path))
    with pytest.raises(InputError, match="no shapes file"):
        validation.validate([thing], tmp_path / "nowhere")


SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix z: <https://w3id.org/zhanshi/ontology#> .
@prefix zs: <https://w3id.org/zhanshi/shapes#> .
zs:Own a sh:NodeShape ; sh:targetSubjectsOf z:side ; {} .
"""


def _own(folder: Path, constraint: str = "sh:property [ sh:path z:side ; sh:minCount 1 ]") -> Path:
    (folder / "own.ttl").write_text(SHAPE.format(constraint), encoding="utf-8")
    return folder


def test_a_component_that_the_bulk_queries_do_not_know_goes_to_pyshacl(tmp_path: Path) -> None:
    folder = _own(tmp_path, "sh:or ( [ sh:path z:side ; sh:nodeKind sh:IRI ] [ sh:path z:side ; sh:minCount 2 ] )")
    (shape,) = shapes(load(validation.files(folder)))
    assert shape.constraints is None
    report = validation.validate([Quad(NamedNode(Z + "x"), NamedNode(Z + "side"), Literal("x"))], folder)
    assert [(f.component, f.focus) for f in report.findings] == [("OrConstraintComponent", Z + "x")]


def test_an_empty_shape_may_say_why(tmp_path: Path) -> None:
    folder = _own(tmp_path)
    with (folder / "own.ttl").open("a", encoding="utf-8") as file:
        file.write('zs:Rare a sh:NodeShape ; sh:targetClass z:Award ; zs:mayBeEmpty "few texts have any" .\n')
    report = validation.validate([Quad(NamedNode(Z + "x"), NamedNode(Z + "side"), Literal("x"))], folder)
    assert report.findings == ()
    assert report.focus_nodes["https://w3id.org/zhanshi/shapes#Rare"] == 0


def test_a_shapes_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text("zs:Own a", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.ttl"):
        validation.validate([], tmp_path)


def test_a_query_that_cannot_be_run_names_its_shape(tmp_path: Path) -> None:
    folder = _own(tmp_path, 'sh:sparql [ sh:select "SELECT $this WHERE { nonsense" ]')
    with pytest.raises(InputError, match="shapes#Own"):
        validation.validate([Quad(NamedNode(Z + "x"), NamedNode(Z + "side"), Literal("x"))], folder)


def test_the_report_is_a_validation_report() -> None:
    report = validation.validate(broken("Dated-earliest.LessThanOrEquals"))
    turtle = validation.report_turtle(report)
    graph = Graph().parse(data=turtle, format="turtle")
    results = set(graph.objects(None, SH.result))
    assert len(results) == len(report.findings) > 0
    assert all(graph.value(result, SH.focusNode) and graph.value(result, SH.sourceShape) for result in results)
    assert turtle == validation.report_turtle(validation.validate(broken("Dated-earliest.LessThanOrEquals")))
    assert list(parse(turtle, format=RdfFormat.TURTLE))


def test_named_graphs_are_seen_as_one() -> None:
    store = Store()
    for number, quad in enumerate(good()):
        store.add(Quad(quad.subject, quad.predicate, quad.object, NamedNode(f"http://example.org/{number % 3}")))
    assert validation.validate(store).findings == ()
