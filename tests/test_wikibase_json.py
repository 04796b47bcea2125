"""The JSON and the RDF of every entity of the shipped graph say the same, down to each qualifier and reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from graph.wikibase_json import Documents
from server.publication import Publication, load
from server.wikibase import entities
from server.wikibase.description import Description
from tests.serving import RunningServer

LEAST_ENTITIES, LEAST_STATEMENTS = 2_000, 20_000
ONTOLOGY = "http://wikiba.se/ontology#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "http://schema.org/"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
Said = set[tuple[Any, ...]]
Nodes = Mapping[str, Mapping[str, list[Any]]]


@pytest.fixture(scope="module")
def publication(published: Path) -> Publication:
    return load(published)


def said_by_json(document: dict[str, Any], base: str) -> Said:
    """What an entity's JSON says, as plain tuples."""
    said: Said = {("datatype", document["datatype"])} if "datatype" in document else set()
    said |= {("label", n["language"], n["value"]) for n in document["labels"].values()}
    said |= {("description", n["language"], n["value"]) for n in document["descriptions"].values()}
    said |= {("alias", n["language"], n["value"]) for each in document["aliases"].values() for n in each}
    for number, statements in document["claims"].items():
        for statement in statements:
            value = json_value(statement["mainsnak"], base)
            assert statement["mainsnak"]["property"] == number
            qualifiers = json_snaks(statement.get("qualifiers", {}), base)
            references = frozenset((r["hash"], json_snaks(r["snaks"], base)) for r in statement.get("references", []))
            node = statement["id"].replace("$", "-")
            said.add(("statement", number, node, statement["rank"], value, qualifiers, references))
            if statement["rank"] == "normal":
                said.add(("direct", number, value[0]))
    return said


def json_snaks(snaks: Mapping[str, Iterable[dict[str, Any]]], base: str) -> frozenset[tuple[Any, ...]]:
    return frozenset((number, json_value(snak, base)) for number, each in snaks.items() for snak in each)


def json_value(snak: dict[str, Any], base: str) -> tuple[Any, ...]:
    """The simple value and the parts of the full one."""
    kind, value = snak["datatype"], snak["datavalue"]["value"]
    match kind:
        case "wikibase-item" | "wikibase-property":
            assert value["id"] == f"{'P' if value['entity-type'] == 'property' else 'Q'}{value['numeric-id']}"
            return (f"<{base}entity/{value['id']}>",)
        case "url":
            return (f"<{value}>",)
        case "time":
            day = value["time"].removeprefix("+")
            return (day, day, value["precision"], value["timezone"], value["calendarmodel"])
        case "quantity":
            unit = "http://www.wikidata.org/entity/Q199" if value["unit"] == "1" else value["unit"]
            bounds = [Decimal(value[name]) if name in value else None for name in ("lowerBound", "upperBound")]
            return (Decimal(value["amount"]), Decimal(value["amount"]), unit, *bounds)
        case "globe-coordinate":
            point = f"Point({value['longitude']} {value['latitude']})"
            return (point, value["latitude"], value["longitude"], value["precision"], value["globe"])
        case "monolingualtext":
            return (f"{value['text']}@{value['language']}",)
        case _:
            return (value,)


def said_by_rdf(triples: Iterable[ox.Triple], number: str, base: str, datatypes: Mapping[str, str]) -> Said:
    """What an entity's RDF says, as plain tuples."""
    nodes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        assert isinstance(triple.subject, ox.NamedNode)
        nodes[triple.subject.value][triple.predicate.value].append(triple.object)
    return set(_names(nodes[f"{base}entity/{number}"])) | set(_statements(nodes, number, base, datatypes))


def _names(facts: Mapping[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    labels = {(o.language, o.value) for o in facts[RDFS_LABEL]}
    assert labels == {(o.language, o.value) for o in facts[SKOS + "prefLabel"]}
    assert labels == {(o.language, o.value) for o in facts[SCHEMA + "name"]}
    yield from (("label", *label) for label in labels)
    yield from (("description", o.language, o.value) for o in facts[SCHEMA + "description"])
    yield from (("alias", o.language, o.value) for o in facts[SKOS + "altLabel"])
    for kind in facts.get(ONTOLOGY + "propertyType", []):
        yield "datatype", DATATYPES[kind.value.removeprefix(ONTOLOGY)]


DATATYPES = {
    "WikibaseItem": "wikibase-item",
    "Time": "time",
    "Quantity": "quantity",
    "String": "string",
    "ExternalId": "external-id",
    "Url": "url",
    "Monolingualtext": "monolingualtext",
    "GlobeCoordinate": "globe-coordinate",
}


def _statements(nodes: Nodes, number: str, base: str, datatypes: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for predicate, objects in nodes[f"{base}entity/{number}"].items():
        path = predicate.removeprefix(f"{base}prop/") if predicate.startswith(f"{base}prop/") else ""
        if path.startswith("direct/"):
            yield from (("direct", path.removeprefix("direct/"), simple(o, datatypes[path[7:]])) for o in objects)
        elif path in datatypes:
            for node in objects:
                facts = nodes[node.value]
                ((prop, value),) = rdf_snaks(nodes, facts, f"{base}prop/statement/", datatypes)
                assert prop == path
                rank = facts[ONTOLOGY + "rank"][0].value.removeprefix(ONTOLOGY).removesuffix("Rank").lower()
                qualifiers = rdf_snaks(nodes, facts, f"{base}prop/qualifier/", datatypes)
                references = frozenset(
                    (r.value.rsplit("/", 1)[-1], rdf_snaks(nodes, nodes[r.value], f"{base}prop/reference/", datatypes))
                    for r in facts.get(DERIVED, [])
                )
                yield "statement", path, node.value.rsplit("/", 1)[-1], rank, value, qualifiers, references


def rdf_snaks(
    nodes: Nodes, facts: Mapping[str, list[Any]], root: str, datatypes: Mapping[str, str]
) -> frozenset[tuple[Any, ...]]:
    found = set()
    for predicate, objects in facts.items():
        number = predicate.removeprefix(root)
        if not predicate.startswith(root) or "/" in number:
            continue
        kind = datatypes[number]
        full = [full_value(nodes[node.value], kind) for node in facts.get(f"{root}value/{number}", [])]
        if kind in ("time", "quantity", "globe-coordinate"):
            assert {value[0] for value in full} == {simple(o, kind) for o in objects}
            found |= {(number, value) for value in full}
        else:
            assert not full
            found |= {(number, (simple(o, kind),)) for o in objects}
    return frozenset(found)


def simple(term: Any, kind: str) -> Any:
    if isinstance(term, ox.NamedNode):
        return str(term)
    if kind == "quantity":
        return Decimal(term.value)
    return f"{term.value}@{term.language}" if term.language else term.value


def full_value(facts: Mapping[str, list[Any]], kind: str) -> tuple[Any, ...]:
    def one(name: str) -> Any:
        return facts[ONTOLOGY + name][0].value if ONTOLOGY + name in facts else None

    if kind == "time":
        day = one("timeValue")
        return day, day, int(one("timePrecision")), int(one("timeTimezone")), one("timeCalendarModel")
    if kind == "quantity":
        bounds = [Decimal(b) if (b := one(f"quantity{name}Bound")) else None for name in ("Lower", "Upper")]
        return Decimal(one("quantityAmount")), Decimal(one("quantityAmount")), one("quantityUnit"), *bounds
    latitude, longitude = float(one("geoLatitude")), float(one("geoLongitude"))
    return f"Point({longitude} {latitude})", latitude, longitude, float(one("geoPrecision")), one("geoGlobe")


def same_points(said: Said) -> Said:
    """Points of a coordinate's short form as numbers, because 112.0 and 112 are one."""
    return {tuple(_point(part) for part in each) for each in said}


def _point(part: Any) -> Any:
    if isinstance(part, tuple | frozenset):
        return type(part)(_point(each) for each in part)
    if isinstance(part, str) and part.startswith("Point("):
        return tuple(float(number) for number in part[6:-1].split())
    return part


def test_json_and_rdf_of_every_entity_say_the_same(publication: Publication) -> None:
    documents = entities.documents(publication)
    numbers = documents.numbers()
    statements = 0
    for number in numbers:
        document = entities.entity(publication, number)
        assert document is not None
        triples = Description(publication).entity(number, "dump")
        by_json = same_points(said_by_json(document, publication.base))
        by_rdf = same_points(said_by_rdf(triples, number, publication.base, documents.datatypes))
        assert by_json == by_rdf, number
        statements += sum(each[0] == "statement" for each in by_json)
    assert len(numbers) >= LEAST_ENTITIES
    assert statements >= LEAST_STATEMENTS


def test_the_served_forms_say_the_same(real_server: RunningServer, publication: Publication) -> None:
    documents = entities.documents(publication)
    numbers = documents.numbers()[::100]
    assert len(numbers) > 20
    for number in numbers:
        url = f"{real_server.url}/wiki/Special:EntityData/{number}"
        document = httpx.get(f"{url}.json").raise_for_status().json()["entities"][number]
        expected = same_points(said_by_json(document, publication.base))
        graphs = []
        for ending, form in (
            ("ttl", ox.RdfFormat.TURTLE),
            ("nt", ox.RdfFormat.N_TRIPLES),
            ("rdf", ox.RdfFormat.RDF_XML),
            ("jsonld", ox.RdfFormat.JSON_LD),
        ):
            content = httpx.get(f"{url}.{ending}?flavor=dump").raise_for_status().content
            graphs.append({quad.triple for quad in ox.parse(content, format=form)})
        assert all(graph == graphs[0] for graph in graphs)
        assert same_points(said_by_rdf(graphs[0], number, publication.base, documents.datatypes)) == expected


def test_what_is_not_there_is_none(publication: Publication) -> None:
    documents = Documents(publication.store, publication.base)
    assert [documents.entity(number) for number in ("Q999999999", "P999999", "X1", "")] == [None] * 4
    assert documents.numbers("property") == list(documents.datatypes)
    assert documents.owner("Q1-00000000-0000-0000-0000-000000000000") == ""
