"""The two layers of the whole graph say the same: direct triples, what rules derive, and the unit of each quantity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph import authority
from graph.namespaces import TYPE, term
from server.publication import Publication, load

LEAST_STATEMENTS = 20_000
Pairs = set[tuple[object, object]]


@pytest.fixture(scope="module")
def publication(published: Path) -> Publication:
    return load(published)


def pairs(publication: Publication, predicate: str, *, derived: bool | None = None) -> Pairs:
    """Subjects and objects of a predicate, of all graphs or of those derived or stated alone."""
    graph = ox.NamedNode(f"{publication.base}graph/derived")
    quads = publication.store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)
    return {(q.subject, q.object) for q in quads if derived is None or (q.graph_name == graph) is derived}


def numbers(publication: Publication) -> list[str]:
    found = publication.store.quads_for_pattern(None, TYPE, term("wikibase:Property"), None)
    return sorted(quad.subject.value.rsplit("/", 1)[-1] for quad in found)  # type: ignore[union-attr]


def best(publication: Publication) -> set[object]:
    """The statement nodes whose rank is the best of their property's."""
    return {q.subject for q in publication.store.quads_for_pattern(None, TYPE, term("wikibase:BestRank"), None)}


def test_direct_triples_are_those_of_the_best_statements(publication: Publication) -> None:
    root, best_of_all, statements = f"{publication.base}prop/", best(publication), 0
    for number in numbers(publication):
        values = defaultdict(set)
        for node, value in pairs(publication, f"{root}statement/{number}"):
            values[node].add(value)
        stated = [(s, node) for s, node in pairs(publication, f"{root}{number}") if node in best_of_all]
        expected = {(subject, value) for subject, node in stated for value in values[node]}
        assert pairs(publication, f"{root}direct/{number}", derived=False) == expected, number
        statements += len(stated)
    assert statements > LEAST_STATEMENTS


def test_a_property_stands_where_its_scope_says(publication: Publication) -> None:
    places = {"main": "statement", "qualifier": "qualifier", "reference": "reference"}
    for prop in authority.load().properties.values():
        used = {scope for scope, path in places.items() if pairs(publication, _prop(publication, path, prop.id))}
        assert used <= prop.scope, prop.term
        if "main" not in prop.scope:
            assert not pairs(publication, _prop(publication, "direct", prop.id)), prop.term


def _prop(publication: Publication, path: str, number: str) -> str:
    return f"{publication.base}prop/{path}/{number}"


def test_what_items_do_not_have_of_their_own_is_equivalent_to_no_direct_property(publication: Publication) -> None:
    tied = {direct.rsplit("/", 1)[-1] for direct, _ in equivalents(publication)}
    scopes = {prop.id: prop.scope for prop in authority.load().properties.values()}
    assert len(tied) > 40
    assert all("main" in scopes[number] for number in tied)
    assert scopes["P248"] == {"reference"}


def test_a_side_is_its_own_side(publication: Publication) -> None:
    sides = {q.subject for q in publication.store.quads_for_pattern(None, TYPE, term("z:Side"), None)}
    assert len(sides) > 5
    assert {(side, side) for side in sides} <= pairs(publication, term("z:side").value)
    assert {(side, side) for side in sides} <= pairs(publication, f"{publication.base}prop/direct/P945")


def equivalents(publication: Publication) -> Iterator[tuple[str, str]]:
    for direct, plain in pairs(publication, term("owl:equivalentProperty").value):
        yield direct.value, plain.value  # type: ignore[attr-defined]


def test_an_equivalent_property_has_the_same_triples(publication: Publication) -> None:
    items = {q.subject for q in publication.store.quads_for_pattern(None, TYPE, term("wikibase:Item"), None)}
    looked_at = 0
    for direct, plain in equivalents(publication):
        derived = {pair for pair in pairs(publication, plain, derived=True) if pair[0] in items}
        if not _is_transitive(publication, plain):
            assert derived <= pairs(publication, direct), plain
            looked_at += len(derived)
        assert pairs(publication, direct) <= pairs(publication, plain), direct
    assert looked_at > 100


def _is_transitive(publication: Publication, plain: str) -> bool:
    kind = term("owl:TransitiveProperty")
    return next(publication.store.quads_for_pattern(ox.NamedNode(plain), TYPE, kind, None), None) is not None


def test_the_superior_of_wikidata_gathers_the_four_kinds(publication: Publication) -> None:
    root = f"{publication.base}prop/direct/"
    kinds = [pairs(publication, f"{root}P5005{number}") for number in (2, 3, 4, 5)]
    assert all(kinds)
    assert pairs(publication, f"{root}P749") == set.union(*kinds)


@pytest.mark.parametrize(("name", "number"), [("strength", "P50021"), ("plannedStrength", "P50124")])
def test_a_strength_has_its_unit_and_bounds_in_both_layers(publication: Publication, name: str, number: str) -> None:
    plain = {"quantityUnit": "z:unitOfCount", "quantityLowerBound": "z:amountMin", "quantityUpperBound": "z:amountMax"}
    nodes = [node for node, value in pairs(publication, term("rdf:predicate").value) if value == term(f"z:{name}")]
    assert nodes
    for node in nodes:
        (full,) = objects(publication, node, f"{publication.base}prop/statement/value/{number}")
        for wikibase, readable in plain.items():
            there = objects(publication, full, term(f"wikibase:{wikibase}").value)
            if wikibase == "quantityUnit":
                there = {o for unit in there for o in objects(publication, unit, term("skos:exactMatch").value)}
                assert len(there) == 1
            assert objects(publication, node, term(readable).value) >= there, (node, readable)


def objects(publication: Publication, node: object, predicate: str) -> set[object]:
    quads = publication.store.quads_for_pattern(node, ox.NamedNode(predicate), None, None)  # type: ignore[arg-type]
    return {quad.object for quad in quads}
