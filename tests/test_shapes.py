"""Every constraint bites: the good graph keeps it, and an update that breaks it is found for that very reason."""

import pytest
from rdflib import RDF, SH, Graph, Literal

from graph import validation
from graph.model import Finding
from graph.pipeline import Graph as Built
from graph.validation.bulk import Bulk
from graph.validation.shapes import Shape, load, shapes
from tests.shape_fixtures import PROLOGUE, broken, faults, good

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


DAY = 'wd:{} z:earliest "{}"^^xsd:date ; z:latest "{}"^^xsd:date'
UNDATED = "DELETE WHERE {{ wd:{0} z:earliest ?day }} ; DELETE WHERE {{ wd:{0} z:latest ?day }} ;"
ORGANIC = "wd:Q12 z:organicPartOf wd:Q10 . wd:a rdf:subject wd:Q12 ; rdf:predicate z:organicPartOf ; rdf:object wd:Q10"


def _moved(item: str, day: str) -> str:
    return UNDATED.format(item) + "INSERT DATA { " + DAY.format(item, day, day) + " }"


# What comes near to breaking a shape, and what is found: the shape's severity, or nothing.
NEAR = (
    ("EventOutsideBattle", _moved("Q50", "1941-09-16"), "Violation"),  # a town is taken on the eve
    ("EventOutsideBattle", _moved("Q50", "1941-09-17"), None),
    ("EventOutsideBattle", _moved("Q51", "1941-05-01"), None),  # an order is given before
    ("EventAroundBattle", _moved("Q51", "1941-05-01"), "Warning"),
    ("EventOutsideBattle", _moved("Q51", "1940-09-01"), "Violation"),  # but not a year before
    ("EventAroundBattle", _moved("Q51", "1940-09-01"), None),
    ("EventAroundBattle", _moved("Q56", "1941-11-01"), "Warning"),  # a person dies of wounds
    ("EventOutsideBattle", _moved("Q60", "1942-09-01"), "Violation"),  # a loss is an event's
    ("TwoOrganicParents", f"INSERT DATA {{ {ORGANIC} }}", "Violation"),  # without days: throughout
    (
        "TwoOrganicParents",  # one after the other
        f"INSERT DATA {{ {ORGANIC} . {DAY.format('a', '1943-12-12', '1943-12-12')} }} ; INSERT {{ ?s z:earliest ?day ;"
        ' z:latest ?day } WHERE { ?s rdf:subject wd:Q12 ; rdf:object wd:Q11 . BIND("1941-01-01"^^xsd:date AS ?day) }',
        None,
    ),
    ("TwoOrganicParents", f"INSERT DATA {{ {ORGANIC} . wd:Q11 z:organicPartOf wd:Q10 }}", None),  # one above the other
    ("KilledAboveCasualties", "DELETE WHERE { wd:Q61 z:amount ?n } ; INSERT DATA { wd:Q61 z:amount 150.0 }", None),
    ("PartAboveWhole", "DELETE WHERE { wd:Q62 z:amount ?n } ; INSERT DATA { wd:Q62 z:amount 150.0 }", None),
    (
        "LossAboveStrength",
        "DELETE WHERE { wd:Q64 z:of ?f ; z:amount ?n } ; INSERT DATA { wd:Q64 z:of wd:Q2 ; z:amount 99.0 }",
        None,
    ),
)


@pytest.mark.parametrize(("name", "update", "severity"), NEAR)
def test_what_comes_near_is_found_or_not(
    name: str, update: str, severity: str | None, known: tuple[Shape, ...]
) -> None:
    store = good()
    store.update(PROLOGUE + update)
    (shape,) = (shape for shape in known if shape.name == NAMESPACE + name)
    assert {finding.severity for finding in Bulk(store).findings(shape)} == ({severity} if severity else set())


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
