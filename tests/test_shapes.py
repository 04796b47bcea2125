"""Every constraint bites: the good graph keeps it, and an update that breaks it is found for that very reason."""

import pytest
from rdflib import RDF, SH, Graph, Literal

from graph import validation
from graph.model import Finding
from graph.pipeline import Graph as Built
from graph.validation.bulk import Bulk
from graph.validation.shapes import Shape, load, shapes
from tests.shape_fixtures import broken, faults, good

NAMESPACE = "https://w3id.org/zhanshi/shapes#"
SUFFIX = "ConstraintComponent"
LEAST = 240


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load(validation.files())


@pytest.fixture(scope="module")
def known(graph: Graph) -> tuple[Shape, ...]:
    return shapes(graph)


def _names(known: tuple[Shape, ...]) -> set[str]:
    return {
        f"{constraint.shape.removeprefix(NAMESPACE)}.{constraint.component.removesuffix(SUFFIX)}"
        for shape in known
        for constraint in shape.constraints or ()
    }


def test_the_good_graph_keeps_every_shape_and_no_shape_looks_at_nothing() -> None:
    report = validation.validate(good())
    assert report.findings == ()
    assert min(report.focus_nodes.values()) > 0


def test_every_constraint_has_a_fault(known: tuple[Shape, ...]) -> None:
    assert len(faults()) >= LEAST
    assert _names(known) == set(faults())


@pytest.mark.parametrize("name", sorted(faults()))
def test_a_fault_is_found_for_that_very_reason(name: str, known: tuple[Shape, ...]) -> None:
    bulk = Bulk(broken(name))
    wanted, component = name.split(".")
    for shape in known:
        if shape.name in (NAMESPACE + wanted, NAMESPACE + wanted.split("-")[0]):
            assert any(_is(finding, wanted, component) for finding in bulk.findings(shape))


def _is(finding: Finding, shape: str, component: str) -> bool:
    return finding.shape == NAMESPACE + shape and finding.component == component + SUFFIX


def test_a_constraint_has_messages_in_both_languages_and_a_severity(known: tuple[Shape, ...]) -> None:
    severities = set()
    for shape in known:
        for constraint in shape.constraints or ():
            assert set(constraint.message) == {"en", "zh"}, constraint.shape
            severities.add(constraint.severity)
    assert severities == {"Violation", "Warning", "Info"}


def test_every_ontology_file_has_its_shapes() -> None:
    shaped = {path.stem for path in validation.FOLDER.glob("*.ttl")}
    parts = {path.stem for path in (validation.PREFIXES.parent).glob("*.ttl")} - {"prefixes", "zhanshi"}
    assert parts | {"ontology"} == shaped


def test_messages_name_only_what_their_query_gives(graph: Graph) -> None:
    for constraint in graph.objects(None, SH.sparql):
        select = str(graph.value(constraint, SH.select))
        for message in graph.objects(constraint, SH.message):
            assert isinstance(message, Literal)
            for part in str(message).split("{")[1:]:
                assert part.split("}")[0].lstrip("?$") in select


def test_property_shapes_belong_to_a_node_shape(graph: Graph) -> None:
    found = set(graph.subjects(RDF.type, SH.PropertyShape))
    assert found == set(graph.objects(None, SH.property))


def test_the_shipped_graph_conforms_and_every_shape_looks_at_something(real_graph: Built) -> None:
    report = real_graph.report
    assert [finding for finding in report.findings if finding.severity == "Violation"] == []
    assert [shape for shape, count in report.focus_nodes.items() if not count] == []
    assert report.focus_nodes[NAMESPACE + "Statement"] > 20_000
