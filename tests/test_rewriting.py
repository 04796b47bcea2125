"""Queries written for Wikidata's endpoint, on a small store and on a running server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from server.engine.evaluation import evaluate
from server.engine.preparation import prepare
from server.engine.query import Asked
from server.errors import LimitReached, Problem, QuerySyntaxError, Refused
from server.gate import Limits
from server.rewriting import SERVICES, Edit, Rewritten, rewrite
from server.rewriting.subqueries import assemble
from tests.serving import BASE, RunningServer, publish, serving

GRAPH = """
@prefix wd: <https://w3id.org/zhanshi/entity/> . @prefix wdt: <https://w3id.org/zhanshi/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix z: <https://w3id.org/zhanshi/ontology#> .
<https://w3id.org/zhanshi/graph/authority> {
  wd:Q30 a z:Side ; rdfs:label "中国"@zh-hans , "中國"@zh-hant , "China"@en .
  wd:Q31 a z:Side ; rdfs:label "日本"@zh-hans , "Japan"@en .
  wd:Q1 a z:Formation ; z:side wd:Q30 ; rdfs:label "第4军"@zh-hans , "第4軍"@zh-hant , "4th Corps"@en ;
    skos:altLabel "四军"@zh-hans , "4军"@zh-hans ; schema:description "中国军队"@zh-hans , "a corps"@en .
  wd:Q2 a z:Formation ; z:side wd:Q31 ; rdfs:label "第6师团"@zh-hans ; z:number 6 .
  wd:Q3 a z:Formation .
  wd:Q5 a z:Place ; rdfs:label "长沙"@zh-hans ; wdt:P625 "Point(112.97 28.19)"^^geo:wktLiteral .
  wd:Q6 a z:Place ; rdfs:label "岳阳"@zh-hans ; wdt:P625 "Point(113.09 29.37)"^^geo:wktLiteral .
}
<https://w3id.org/zhanshi/graph/000> {
  wd:Q10 a z:Attack ; z:agent wd:Q1 ; z:place wd:Q5 .
  wd:Q11 a z:Attack ; z:agent wd:Q2 .
  wd:Q12 a z:Attack .
}
"""
LIMITS = Limits(nesting=200, patterns=100)
LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en" . }'


@pytest.fixture(scope="module")
def quads() -> list[ox.Quad]:
    return list(ox.parse(GRAPH, format=ox.RdfFormat.TRIG))


@pytest.fixture(scope="module")
def store(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


@pytest.fixture(scope="module")
def server(quads: list[ox.Quad], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("labels")
    publish(data, quads)
    with serving(data) as running:
        yield running


def table(store: ox.Store, query: str, languages: str = "zh") -> list[dict[str, str]]:
    """The rows of the answer, sorted, each with the values of its bound variables."""
    asked = Asked(text=query, languages=languages)
    prepared = prepare(asked, limits=LIMITS, services=(), base=BASE)
    answer = evaluate(store, asked, prepared, base=BASE, union=True)
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    rows = [{name: str(getattr(row[name], "value", "")) for name in names if row[name] is not None} for row in answer]
    return sorted(rows, key=lambda row: sorted(row.items()))


def values(rows: list[dict[str, str]], name: str) -> list[str]:
    return [row.get(name, "-") for row in rows]


def test_automatic_names_in_the_readers_language(store: ox.Store) -> None:
    query = f"SELECT ?x ?xLabel ?xAltLabel ?xDescription {{ ?x a z:Formation . {LABELS} }}"
    rows = {row["x"].removeprefix(f"{BASE}entity/"): row for row in table(store, query)}
    assert set(rows) == {"Q1", "Q2", "Q3"}
    assert rows["Q1"]["xLabel"] == "第4军"
    assert sorted(rows["Q1"]["xAltLabel"].split(", ")) == ["4军", "四军"]
    assert rows["Q1"]["xDescription"] == "中国军队"
    assert rows["Q2"]["xLabel"] == "第6师团"
    assert rows["Q3"]["xLabel"] == "Q3"
    assert "xDescription" not in rows["Q3"]
    assert "xAltLabel" not in rows["Q3"]


@pytest.mark.parametrize(
    ("parameter", "reader", "expected"),
    [
        ("zh", "", "第4军"),
        ("zh-TW", "", "第4軍"),
        ("fr,en", "", "4th Corps"),
        ("fr", "", "Q1"),
        ("[AUTO_LANGUAGE]", "de, zh-Hant;q=0.8, en;q=0.9", "4th Corps"),
        ("[AUTO_LANGUAGE],zh", "xx", "第4军"),
        ("[AUTO_LANGUAGE]", "", "4th Corps"),
        ("", "", "4th Corps"),
    ],
)
def test_chains_of_languages(store: ox.Store, parameter: str, reader: str, expected: str) -> None:
    service = f'SERVICE wikibase:label {{ bd:serviceParam wikibase:language "{parameter}" }}'
    rows = table(store, f"SELECT ?xLabel {{ VALUES ?x {{ wd:Q1 }} {service} }}", reader)
    assert values(rows, "xLabel") == [expected]


def test_explicit_names(store: ox.Store) -> None:
    query = """
    PREFIX w: <http://wikiba.se/ontology#>
    SELECT * WHERE {
      SERVICE SILENT w:label {
        bd:serviceParam w:language "zh-hant", "en" .
        ?x rdfs:label ?name ; schema:description ?what .
        wd:Q30 rdfs:label ?side .
      } .
      ?x z:side wd:Q30 .
    }"""
    assert table(store, query) == [{"x": f"{BASE}entity/Q1", "name": "第4軍", "what": "中国军队", "side": "中國"}]


def test_an_unbound_variable_has_no_name_and_joins_with_nothing(store: ox.Store) -> None:
    rows = table(store, f"SELECT ?e ?unit ?unitLabel {{ ?e a z:Attack . OPTIONAL {{ ?e z:agent ?unit }} {LABELS} }}")
    assert values(rows, "unitLabel") == ["第4军", "第6师团", "-"]


def test_literals_and_other_iris_name_themselves(store: ox.Store) -> None:
    rows = table(store, f"SELECT ?vLabel {{ VALUES ?v {{ 5 <http://e.org/a> wd:Q31 }} {LABELS} }}")
    assert sorted(values(rows, "vLabel")) == ["5", "http://e.org/a", "日本"]


def test_names_can_be_grouped_sorted_and_filtered(store: ox.Store) -> None:
    grouped = f"SELECT ?sideLabel (COUNT(?x) AS ?n) {{ ?x z:side ?side {LABELS} }} GROUP BY ?sideLabel"
    assert {row["sideLabel"]: row["n"] for row in table(store, grouped)} == {"中国": "1", "日本": "1"}
    listed = f"SELECT (GROUP_CONCAT(?xLabel) AS ?all) {{ ?x z:side wd:Q31 . {LABELS} }}"
    assert values(table(store, listed), "all") == ["第6师团"]
    held = f"SELECT ?side {{ ?x z:side ?side {LABELS} }} GROUP BY ?side ?sideLabel HAVING(?sideLabel = '日本'@zh-hans)"
    assert values(table(store, held), "side") == [f"{BASE}entity/Q31"]
    filtered = f'SELECT ?x {{ {LABELS} ?x a z:Formation FILTER(STRSTARTS(?xLabel, "第6")) }}'
    assert values(table(store, filtered), "x") == [f"{BASE}entity/Q2"]


def test_in_nested_groups_unions_graphs_and_subqueries(store: ox.Store) -> None:
    union = (
        f"SELECT * {{ {{ ?x z:side wd:Q30 {LABELS} }} UNION {{ ?x z:side wd:Q31 {LABELS} }} FILTER(BOUND(?xLabel)) }}"
    )
    assert values(table(store, union), "xLabel") == ["第4军", "第6师团"]
    graph = f"SELECT ?uLabel {{ GRAPH ?g {{ ?e z:agent ?u . {LABELS} }} }}"
    assert values(table(store, graph), "uLabel") == ["第4军", "第6师团"]
    inner = f"SELECT ?xLabel {{ {{ SELECT ?x ?xLabel {{ ?x z:side wd:Q30 . {LABELS} }} LIMIT 1 }} {LABELS} }}"
    assert values(table(store, inner), "xLabel") == ["第4军"]
    outer = f"SELECT ?xLabel ?n {{ {{ SELECT ?x (COUNT(?e) AS ?n) {{ ?e z:agent ?x }} GROUP BY ?x }} {LABELS} }}"
    assert values(table(store, outer), "xLabel") == ["第4军", "第6师团"]
    optional = f"SELECT ?e ?uLabel {{ ?e a z:Attack OPTIONAL {{ ?e z:agent ?u . {LABELS} }} }}"
    assert values(table(store, optional), "uLabel") == ["第4军", "第6师团", "-"]


def test_variables_that_the_query_binds_itself_are_left_alone(store: ox.Store) -> None:
    own = f'SELECT ?x ?xLabel {{ ?x a z:Side ; rdfs:label ?xLabel . FILTER(LANG(?xLabel) = "en") {LABELS} }}'
    assert values(table(store, own), "xLabel") == ["China", "Japan"]
    made = f"SELECT ?x (STR(?x) AS ?xLabel) {{ ?x z:side wd:Q30 {LABELS} }}"
    assert values(table(store, made), "xLabel") == [f"{BASE}entity/Q1"]


def test_a_star_shows_the_querys_own_variables(store: ox.Store) -> None:
    query = (
        f"SELECT * {{ ?x z:side ?s . MINUS {{ ?x z:number ?n }} BIND(STR(?s) AS ?t) {LABELS} FILTER(BOUND(?sLabel)) }}"
    )
    (row,) = table(store, query)
    assert set(row) == {"x", "s", "t", "sLabel"}


def test_construct_and_ask(store: ox.Store) -> None:
    asked = Asked(text=f"CONSTRUCT {{ ?x rdfs:label ?xLabel }} {{ ?x a z:Side {LABELS} }}", languages="zh-tw")
    answer = evaluate(store, asked, prepare(asked, limits=LIMITS, services=(), base=BASE), base=BASE, union=True)
    assert isinstance(answer, ox.QueryTriples)
    assert {str(triple.object) for triple in answer} == {'"中國"@zh-hant', '"日本"@zh-hans'}


def test_hints_are_left_out(store: ox.Store) -> None:
    query = """
    SELECT ?x WHERE {
      hint:Query hint:optimizer "None" ; hint:other 3.5 .
      ?x z:side wd:Q30 . hint:Prior hint:runFirst true .
      bd:serviceParam wikibase:language "en"
    }"""
    assert values(table(store, query), "x") == [f"{BASE}entity/Q1"]


AROUND = """SELECT ?pLabel ?d WHERE {
  %s
  SERVICE wikibase:around {
    ?p wdt:P625 ?where .
    bd:serviceParam wikibase:center %s ; wikibase:radius "%s" ; wikibase:distance ?d .
  } %s """


@pytest.mark.parametrize(
    ("before", "centre", "after"),
    [
        ("", '"Point(112.97 28.19)"^^geo:wktLiteral', ""),
        ("wd:Q5 wdt:P625 ?here .", "?here", ""),
        ("", "?here", "wd:Q5 wdt:P625 ?here ."),
    ],
)
def test_around(store: ox.Store, before: str, centre: str, after: str) -> None:
    query = AROUND % (before, centre, "100", after) + LABELS + " }"
    assert values(table(store, query), "pLabel") == ["长沙"]
    rows = table(store, query.replace('"100"', '"132"'))
    assert {row["pLabel"]: round(float(row["d"]), 1) for row in rows} == {"长沙": 0.0, "岳阳": 131.7}


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        (("SouthWest", "112 28", "NorthEast", "113 29"), ["长沙"]),
        (("SouthWest", "112 28", "NorthEast", "114 30"), ["岳阳", "长沙"]),
        (("West", "112 30", "East", "114 29"), ["岳阳"]),
        (("SouthWest", "170 28", "NorthEast", "113 30"), ["长沙"]),
    ],
)
def test_box(store: ox.Store, corners: tuple[str, str, str, str], expected: list[str]) -> None:
    first, south, second, north = corners
    query = f"""SELECT ?pLabel {{ SERVICE wikibase:box {{ ?p wdt:P625 ?where .
      bd:serviceParam wikibase:corner{first} "Point({south})"^^geo:wktLiteral .
      bd:serviceParam wikibase:corner{second} "Point({north})"^^geo:wktLiteral . }} {LABELS} }}"""
    assert sorted(values(table(store, query), "pLabel")) == sorted(expected)


def test_functions_of_places(store: ox.Store) -> None:
    query = """SELECT (ROUND(geof:distance(?a, ?b)) AS ?km) (geof:longitude(?a) AS ?x) (geof:latitude(?a) AS ?y)
      (geof:distance(?a, "nowhere") AS ?none) { wd:Q5 wdt:P625 ?a . wd:Q6 wdt:P625 ?b }"""
    assert table(store, query) == [{"km": "132", "x": "112.97", "y": "28.19"}]


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ("SELECT ?xLabel {\n ?x a z:Side .\n" + LABELS + "\n ?x ?p }", 4, 8, ""),
        (LABELS.join(("SELECT * { ?x a z:Side . ", "\n ?y a z:Side }\nLIMIT ten")), 3, 7, ""),
        ("SELECT * {\n SERVICE wikibase:label { ?x skos:prefLabel ?l } ?x a ?y }", 2, 30, "rdfs:label"),
        ("SELECT * {\n SERVICE wikibase:label { ?x rdfs:label ?l } ?x a ?l }", 2, 41, "bound already"),
        ("SELECT * {\n SERVICE wikibase:label { ?x rdfs:label/rdfs:label ?l } }", 2, 40, "plain triples"),
        ("SELECT * {\n SERVICE wikibase:label { ?x rdfs:label ?l ?m } }", 2, 44, "full stop"),
        ("SELECT * {\n SERVICE wikibase:around { ?x wdt:P625 ?l } }", 2, 10, "wikibase:center"),
        ('SELECT * {\n SERVICE wikibase:box { ?x wdt:P625 ?l . bd:serviceParam wikibase:cornerWest "here" ;'
         ' wikibase:cornerEast "there" } }', 2, 78, "Point"),
    ],
)  # fmt: skip
def test_errors_say_where_in_the_query_as_written(
    store: ox.Store, query: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        table(store, query)
    assert (caught.value.members["line"], caught.value.members["column"]) == (line, column)
    assert said in caught.value.detail


def test_unmatched_brackets_are_the_engines_to_refuse(store: ox.Store) -> None:
    for query in (f"SELECT ?x {{ ?x a z:Side {LABELS}", f"SELECT ?x {{ ?x a z:Side {LABELS} }} }}"):
        with pytest.raises(Problem):
            table(store, query)


def test_services_elsewhere_stay_refused(store: ox.Store) -> None:
    assert {iri.rpartition("#")[2] for iri in SERVICES} == {"label", "around", "box"}
    for name in ("wikibase:mwapi", "<http://example.org/sparql>", "bd:slice"):
        with pytest.raises(Problem, match="refused"):
            table(store, f"SELECT * {{ {LABELS} SERVICE {name} {{ ?a ?b ?c }} }}")


def test_text_that_only_looks_like_a_service_is_kept() -> None:
    query = 'SELECT ("SERVICE wikibase:label { }" AS ?x) { # SERVICE wikibase:label { hint:Query\n }'
    assert rewrite(query, base=BASE).text == query


def test_places_are_found_again() -> None:
    rewritten = Rewritten.of("abcdef", [Edit(4, 5, ""), Edit(1, 2, "XYZ"), Edit(3, 3, "++")])
    assert rewritten.text == "aXYZc++df"
    assert [rewritten.place(offset) for offset in range(10)] == [0, 1, 1, 1, 2, 3, 3, 3, 5, 6]


def test_over_http_the_header_chooses_the_language_and_the_answer_is_kept(server: RunningServer) -> None:
    query = f"SELECT ?xLabel {{ VALUES ?x {{ wd:Q1 }} {LABELS} }}"

    def ask(language: str) -> httpx.Response:
        return httpx.get(f"{server.url}/sparql", params={"query": query}, headers={"Accept-Language": language})

    found = [ask(language).json()["results"]["bindings"][0]["xLabel"]["value"] for language in ("zh-TW", "en", "zh")]
    assert found == ["第4軍", "4th Corps", "第4军"]
    again = ask("zh")
    assert "cache" in again.headers["server-timing"]
    assert again.headers["etag"] != ask("en").headers["etag"]


def test_over_http_an_error_is_told_in_the_writers_places(server: RunningServer) -> None:
    answer = server.query(f"SELECT ?xLabel {{\n ?x a z:Side . {LABELS}\n ?x ?p }}")
    assert answer.status_code == 400
    assert (answer.json()["line"], answer.json()["column"]) == (3, 8)


def test_many_rows_are_labelled_quickly(tmp_path: Path) -> None:
    store = ox.Store()
    label, kind = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.NamedNode("urn:kind")
    for number in range(1, 20_001):
        item = ox.NamedNode(f"{BASE}entity/Q{number}")
        store.add(ox.Quad(item, kind, ox.NamedNode(f"{BASE}entity/Q{number % 40 + 1}")))
        for language in ("zh-hans", "zh-hant", "en"):
            store.add(ox.Quad(item, label, ox.Literal(f"第{number}师 {language}", language=language)))
    asked = Asked(text=f"SELECT ?x ?xLabel {{ ?x <urn:kind> ?c . {LABELS} }}", languages="zh")
    started = time.process_time()
    prepared = prepare(asked, limits=LIMITS, services=(), base=BASE)
    answer = evaluate(store, asked, prepared, base=BASE, union=False)
    assert isinstance(answer, ox.QuerySolutions)
    answer.serialize(tmp_path / "answer.json", format=ox.QueryResultsFormat.JSON)
    assert time.process_time() - started < 3.0
    assert (tmp_path / "answer.json").read_text(encoding="utf-8").count('"xLabel":') == 20_000


def test_named_subqueries_are_written_out_where_they_are_included(store: ox.Store) -> None:
    query = """SELECT ?x ?xLabel ?n
    WITH { SELECT ?x (COUNT(?e) AS ?n) { ?e z:agent ?x } GROUP BY ?x } AS %counted
    WITH { SELECT ?x ?n { INCLUDE %counted . ?x z:side wd:Q30 } } AS %chinese
    WHERE { INCLUDE %chinese . SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } }"""
    assert table(store, query) == [{"x": "https://w3id.org/zhanshi/entity/Q1", "xLabel": "4th Corps", "n": "1"}]
    twice = "SELECT ?s WITH { SELECT ?s { ?s a z:Side } } AS %s { { INCLUDE %s } UNION { INCLUDE %s } }"
    assert len(table(store, twice)) == 4
    assert len(table(store, "SELECT ?s WITH { SELECT ?s { ?s ?p 1 } } AS %unused { ?s a z:Side }")) == 2
    labels = "SELECT ?s ?sLabel WITH { SELECT ?s ?sLabel { ?s a z:Side . " + LABELS + " } } AS %s { INCLUDE %s }"
    assert sorted(values(table(store, labels), "sLabel")) == ["中国", "日本"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { INCLUDE %x }", "column 20: %x is defined by no WITH"),
        ("SELECT * WITH { SELECT * { INCLUDE %x } } AS %x { INCLUDE %x }", "column 36: %x is part of itself"),
        ("SELECT * WITH { SELECT * { ?s ?p } } AS %x\n{ INCLUDE %x }", "Line 1, column 34, before “} } AS"),
        ("SELECT * WITH { SELECT * { ?s ?p ?o } } AS %x\n{ INCLUDE %x FILTER(?s = ) }", "Line 2, column 26"),
        ("SELECT * WITH { SELECT * { SERVICE wikibase:around {} } } AS %x\n{ INCLUDE %x }", "Line 1, column 36"),
    ],
)
def test_a_wrong_named_subquery_is_told_where_its_writer_wrote_it(store: ox.Store, query: str, said: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        table(store, query)
    assert said in caught.value.detail


def test_named_subqueries_that_double_one_another_are_refused() -> None:
    bodies = "WITH { SELECT * { ?s ?p ?o } } AS %x0 " + " ".join(
        f"WITH {{ SELECT * {{ INCLUDE %x{n} INCLUDE %x{n} }} }} AS %x{n + 1}" for n in range(40)
    )
    with pytest.raises(LimitReached, match="named subqueries written out"):
        prepare(Asked(text=f"SELECT * {bodies} {{ INCLUDE %x40 }}"), limits=LIMITS, services=(), base=BASE)


def test_small_named_subqueries_that_double_one_another_are_refused_at_once() -> None:
    bodies = "WITH {} AS %x0 " + " ".join(f"WITH {{INCLUDE %x{n} INCLUDE %x{n}}} AS %x{n + 1}" for n in range(40))
    begun = time.process_time()
    with pytest.raises(LimitReached, match="named subqueries written out"):
        assemble(f"SELECT * {bodies} {{INCLUDE %x40}}")
    assert time.process_time() - begun < 1


def test_named_subqueries_too_deep_in_one_another_are_called_so() -> None:
    bodies = "WITH {} AS %x0 " + " ".join(f"WITH {{ INCLUDE %x{n} }} AS %x{n + 1}" for n in range(99))
    with pytest.raises(QuerySyntaxError, match="more than 64 named subqueries stand in one another"):
        assemble(f"SELECT * {bodies} {{ INCLUDE %x99 }}")


def test_the_age_of_the_data_is_that_of_its_last_change(store: ox.Store) -> None:
    aged = ox.Store()
    changed = ox.NamedNode("http://schema.org/dateModified")
    for day in ("2026-01-02", "2025-12-31"):
        when = ox.Literal(f"{day}T00:00:00Z", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime"))
        aged.add(ox.Quad(ox.NamedNode(f"urn:{day}"), changed, when))
    asked = "prefix schema: <http://schema.org/> SELECT * WHERE {<http://www.wikidata.org> schema:dateModified ?y}"
    assert table(aged, asked) == [{"y": "2026-01-02T00:00:00Z"}]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("zh", ["中国"]), ("zh-TW", ["中國"]), ("zh-hant", ["中國"]), ("en", ["China"]), ("ja", [])],
)
def test_names_in_other_kinds_of_chinese_are_those_they_fall_back_to(
    store: ox.Store, code: str, expected: list[str]
) -> None:
    rows = table(store, f'SELECT ?l {{ wd:Q30 rdfs:label ?l FILTER ( LANG(?l) = "{code}" ) }}')
    assert values(rows, "l") == expected
    bracketed = table(store, f'SELECT ?l {{ wd:Q30 rdfs:label ?l FILTER((LANG(?l)) = "{code}") }}')
    assert bracketed == rows
    typed = table(store, f'SELECT ?l {{ wd:Q30 rdfs:label ?l FILTER(LANG(?l) = "{code}"^^xsd:string) }}')
    assert len(typed) <= 1, "a string with its datatype can be read still"
    other = table(store, f'SELECT ?l {{ VALUES ?l {{ "中国"@zh-hans }} FILTER(LANG(?l) = "{code}") }}')
    assert not other, "what is no name of anything keeps its language"


def test_unknown_values_and_the_functions_by_the_names_that_wikidata_has_for_them(store: ox.Store) -> None:
    query = """PREFIX geof: <http://www.opengis.net/def/geosparql/function/>
    SELECT (wikibase:isSomeValue(wd:Q1) AS ?known) (wikibase:isSomeValue(BNODE()) AS ?unknown)
      (geof:latitude("Point(1 2)"^^geo:wktLiteral) AS ?north) {}"""
    assert table(store, query) == [{"known": "false", "unknown": "true", "north": "2"}]


@pytest.mark.parametrize(
    ("service", "said"), [("gas:service", "property path"), ("bds:search", "wbsearchentities"),
                          ("wikibase:mwapi", "/w/api.php"), ("bd:sample", "LIMIT")],
)  # fmt: skip
def test_services_that_only_wikidata_has_are_refused_with_what_does_the_same(
    store: ox.Store, service: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        table(store, f"SELECT * {{ SERVICE {service} {{ ?s ?p ?o }} }}")
