"""Wikidata's query page (wikidata-query-gui) finds in the answers what its sources look for.

Each function here that is named after one of its files does what that file does: it sends the request with the same
method, parameters and headers, and reads the same fields of the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from server.engine.limits import too_long
from server.formats import RESULTS
from server.rewriting.places import read_point
from tests.serving import RunningServer

Row = dict[str, dict[str, str]]
ORIGIN = "https://query.example.org"
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {
    XSD + name for name in ("double", "float", "decimal", "integer", "long", "int", "short", "nonNegativeInteger")
}
ENTITY = re.compile(r"/entity/(Q|P|L|M)[0-9]+$")
LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en". }'
TITLE = "Wikidata:SPARQL_query_service/queries/examples"


class Gui:
    """The page's ways to ask, in one of its languages."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url = url
        self.language = language

    def sparql_js(self, query: str, *, method: str = "GET", **parameters: str) -> httpx.Response:
        """`api/Sparql.js`: a query, by GET or, where that fails, by POST."""
        query = query.replace("[AUTO_LANGUAGE]", self.language)
        data = f"query={quote(query, safe='~()*!')}" + "".join(f"&{name}={value}" for name, value in parameters.items())
        headers = {"Accept": "application/sparql-results+json", "Origin": ORIGIN}
        if method == "GET":
            answer = httpx.get(f"{self.url}/sparql?{data}", headers=headers, timeout=60)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
            answer = httpx.post(f"{self.url}/sparql", content=data, headers=headers, timeout=60)
        assert answer.headers["access-control-allow-origin"] in ("*", ORIGIN)
        return answer

    def rows(self, query: str, **parameters: str) -> list[Row]:
        """The rows of an answer; there are some."""
        found = self.sparql_js(query, **parameters).raise_for_status().json()
        rows: list[Row] = found["results"]["bindings"]
        assert rows
        assert all(set(row) <= set(found["head"]["vars"]) for row in rows)
        assert {term["type"] for row in rows for term in row.values()} <= {"uri", "literal", "bnode"}
        return rows

    def wikibase_js(self, **parameters: str | int) -> Any:
        """`api/Wikibase.js`: a call of the action API."""
        asked = f"{self.url}/w/api.php?origin=*&{httpx.QueryParams(parameters)}"
        answer = httpx.get(asked, headers={"Origin": ORIGIN, "Accept": "*/*"}, timeout=60).raise_for_status()
        assert answer.headers["access-control-allow-origin"] in ("*", ORIGIN)
        return answer.json()


@pytest.fixture(scope="module")
def gui(real_server: RunningServer) -> Gui:
    return Gui(real_server.url)


def is_entity(term: dict[str, str]) -> bool:
    """`helper/FormatterHelper.js`."""
    return ENTITY.search(term["value"]) is not None


def is_label(term: dict[str, str]) -> bool:
    """`helper/FormatterHelper.js`."""
    plain = term.get("datatype", XSD + "string") == XSD + "string"
    return "xml:lang" in term or (term["type"] == "literal" and plain)


def is_number(term: dict[str, str]) -> bool:
    """`helper/FormatterHelper.js`."""
    return term.get("datatype") in NUMBERS


def test_a_map_has_points_names_layers_and_colours(gui: Gui) -> None:
    rows = gui.rows(f"""#defaultView:Map{{"layer":"?kindLabel"}}
    SELECT DISTINCT ?place ?placeLabel ?point ?kindLabel ?rgb WHERE {{
      ?event wdt:P276 ?place . ?place wdt:P625 ?point ; wdt:P31 ?kind . BIND("1d4f8a" AS ?rgb) {LABELS} }} LIMIT 50""")
    for row in rows:
        assert row["point"]["datatype"] == "http://www.opengis.net/ont/geosparql#wktLiteral"
        assert read_point(row["point"]["value"]) is not None
        assert is_entity(row["place"])
        assert is_label(row["placeLabel"])
        assert is_label(row["kindLabel"])
        assert re.fullmatch(r"([\dA-F]{1,2}){3}", row["rgb"]["value"], re.IGNORECASE)
    changsha = read_point(gui.rows("SELECT ?p { wd:Q5093 wdt:P625 ?p }")[0]["p"]["value"])
    assert changsha == pytest.approx((113.0, 28.2), abs=0.1), "longitude first"


def test_a_timeline_has_moments(gui: Gui) -> None:
    rows = gui.rows(f"""#defaultView:Timeline
    SELECT ?event ?eventLabel ?date WHERE {{ ?event wdt:P585 ?date . {LABELS} }} LIMIT 50""")
    for row in rows:
        assert row["date"]["datatype"] == XSD + "dateTime"
        assert re.fullmatch(r"19[34]\d-\d\d-\d\dT00:00:00Z", row["date"]["value"])


@pytest.mark.parametrize("view", ["Graph", "Tree"])
def test_a_graph_and_a_tree_have_entities_in_pairs_with_names(gui: Gui, view: str) -> None:
    rows = gui.rows(f"""#defaultView:{view}
    SELECT ?whole ?wholeLabel ?part ?partLabel ?edgeLabel ?rgb WHERE {{
      ?part wdt:P361 ?whole . wd:P361 rdfs:label ?edgeLabel . FILTER(LANG(?edgeLabel) = "[AUTO_LANGUAGE]")
      BIND("3c6b1f" AS ?rgb) {LABELS} }} LIMIT 50""")
    for row in rows:
        assert is_entity(row["whole"])
        assert is_entity(row["part"])
        assert is_label(row["wholeLabel"])
        assert is_label(row["partLabel"])
        assert row["edgeLabel"]["value"] == "part of"


@pytest.mark.parametrize("view", ["BarChart", "LineChart", "AreaChart", "ScatterChart", "BubbleChart", "TreeMap"])
def test_charts_have_a_name_and_a_number(gui: Gui, view: str) -> None:
    rows = gui.rows(f"""#defaultView:{view}
    SELECT ?side ?sideLabel (COUNT(?unit) AS ?count) WHERE {{ ?unit wdt:P945 ?side . {LABELS} }}
    GROUP BY ?side ?sideLabel""")
    assert {"China", "Japan"} <= {row["sideLabel"]["value"] for row in rows}
    for row in rows:
        assert is_label(row["sideLabel"])
        assert is_number(row["count"])


def test_dimensions_have_names_and_numbers(gui: Gui) -> None:
    rows = gui.rows(f"#defaultView:Dimensions\nSELECT ?x ?xLabel ?n WHERE {{ ?x wdt:P1114 ?n {LABELS} }} LIMIT 20")
    assert all(is_number(row["n"]) and is_label(row["xLabel"]) for row in rows)


def test_a_grid_has_no_images_and_so_becomes_a_table(gui: Gui) -> None:
    rows = gui.rows(f"#defaultView:ImageGrid\nSELECT ?x ?xLabel WHERE {{ ?x wdt:P31 wd:Q139 {LABELS} }} LIMIT 20")
    assert not any("special:filepath" in term["value"].lower() for row in rows for term in row.values())


def test_other_forms_of_queries_are_tables_too(gui: Gui) -> None:
    assert gui.sparql_js("ASK { wd:Q30 rdfs:label ?l }").json()["boolean"] is True
    for query in ("DESCRIBE wd:Q30", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 3"):
        answer = gui.sparql_js(query)
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert answer.json()["head"]["vars"] == ["subject", "predicate", "object", "context"]
        assert all(set(row) == {"subject", "predicate", "object"} for row in answer.json()["results"]["bindings"])
    turtle = httpx.get(f"{gui.url}/sparql", params={"query": "DESCRIBE wd:Q30"}, headers={"Accept": "*/*"})
    assert turtle.headers["content-type"].startswith("text/turtle"), "who takes triples gets them"


def test_what_is_too_long_for_get_is_sent_again_by_post(gui: Gui) -> None:
    query = "SELECT ?x WHERE { VALUES ?x { " + "wd:Q30 " * 6_000 + "} }"
    with closing(HTTPConnection(gui.url.removeprefix("http://"), timeout=20)) as connection:
        connection.request("GET", f"/sparql?query={quote(query)}", headers={"Origin": ORIGIN})
        refused = connection.getresponse()
        assert refused.status in (414, 431)
        assert refused.headers["access-control-allow-origin"] == "*"
        assert json.load(refused)["limit"] == "url_bytes"
    assert len(gui.sparql_js(query, method="POST").json()["results"]["bindings"]) == 6_000


def test_a_link_to_the_answer_opens_in_a_browser(gui: Gui) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = httpx.get(f"{gui.url}/sparql", params={"query": "SELECT ?x { BIND(1 AS ?x) }"}, headers={"Accept": accept})
    assert answer.status_code == 200


def test_the_age_of_the_data_is_told(gui: Gui) -> None:
    asked = "prefix schema: <http://schema.org/> SELECT * WHERE {<http://www.wikidata.org> schema:dateModified ?y}"
    found = gui.sparql_js(asked, nocache="29000000").json()
    first = found["results"]["bindings"][0][found["head"]["vars"][0]]["value"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first)


def shown(answer: str) -> tuple[str, str, tuple[int, int] | None]:
    """`api/Sparql.js` and `ui/editor/Editor.js`: the kind of an error, the words after it, and the place it marks."""
    kinds = {
        "QueryTimeoutException: Query deadline is expired": "timeout",
        "java.util.concurrent.TimeoutException": "timeout",
        "MalformedQueryException: ": "malformed",
    }
    rest = answer[max(answer.find("java.util.concurrent.ExecutionException:"), 0) :]
    kind = next((kind for words, kind in kinds.items() if words in rest), "server")
    match = re.search(
        r"(java\.util\.concurrent\.ExecutionException:)+([^\n\u2028]*)(Exception:)+([^\n\u2028]*)", answer
    )
    words = match[4].strip() if match and kind == "malformed" else ""
    place = re.search(r"line (\d+), column (\d+)", answer)
    return kind, words, (int(place[1]), int(place[2])) if place else None


@pytest.mark.parametrize(
    ("query", "words", "place"),
    [
        ("SELECT * WHERE {\n  ?x ?p ?o .\n  FILTER(?x = )\n}", "line 3, column 15, before “)”", (3, 15)),
        ("SELECT * WHERE {\n  ?x foo:p ?o }", "line 2, column 6: the prefix of foo:p is not declared", (2, 6)),
        (f"SELECT * WHERE {{\n  {LABELS}\n  ?x ?p }}", "line 3, column 9", (3, 9)),
        ("SELCT * WHERE { ?x ?p ?o }", "line 1, column 1", (1, 1)),
        ("SELECT * WHERE { ?x ?p 'o }", "line 1, column 24: this string does not end", (1, 24)),
    ],
)
def test_a_malformed_query_is_called_so_and_marked(gui: Gui, query: str, words: str, place: tuple[int, int]) -> None:
    answer = gui.sparql_js(query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.text.splitlines()) > 5, "the page shows the answer as it comes"
    kind, said, marked = shown(answer.text)
    assert (kind, marked) == ("malformed", place)
    assert said.startswith(words)
    assert not said.endswith('"')


def test_a_timeout_is_called_so() -> None:
    kind, _, marked = shown(too_long("wall_seconds", 30).body().decode())
    assert (kind, marked) == ("timeout", None)


def test_a_refusal_is_neither_malformed_nor_a_timeout(gui: Gui) -> None:
    kind, _, marked = shown(gui.sparql_js("SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }").text)
    assert (kind, marked) == ("server", None)


@pytest.mark.parametrize(
    ("term", "kind", "number"),
    [
        ("薛岳", "item", "Q4005"),
        ("Xue Y", "item", "Q4005"),
        ("part o", "property", "P361"),
        ("part of", "property", "P361"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_are_completed_in_the_editor(gui: Gui, term: str, kind: str, number: str, language: str) -> None:
    found = gui.wikibase_js(
        action="wbsearchentities", format="json", limit=50, **{"continue": 0}, language=language, uselang=language,
        search=term, type=kind,
    )  # fmt: skip
    first = found["search"][0]
    assert first["id"] == number
    assert first["label"]
    assert first["description"]


@pytest.mark.parametrize(("language", "name"), [("en", "Xue Yue"), ("zh", "薛岳"), ("de", "Xue Yue")])
def test_a_name_in_the_editor_is_explained(gui: Gui, language: str, name: str) -> None:
    found = gui.wikibase_js(
        action="wbgetentities", props="labels|descriptions", format="json", languages=language, languagefallback="1",
        ids="Q4005",
    )["entities"]["Q4005"]  # fmt: skip
    assert "missing" not in found
    assert found["labels"][language]["value"] == name
    assert found["descriptions"][language]["value"]


def test_the_helper_knows_the_kind_of_a_property(gui: Gui) -> None:
    found = gui.wikibase_js(action="wbgetentities", props="datatype", format="json", ids="P625")
    assert found["entities"]["P625"]["datatype"] == "globe-coordinate"


def test_languages_are_listed_and_found(gui: Gui) -> None:
    listed = gui.wikibase_js(action="query", meta="siteinfo", format="json", siprop="languages")
    codes = {each["code"]: each["*"] for each in listed["query"]["languages"]}
    assert {"en", "zh", "zh-hans", "zh-hant"} <= set(codes)
    found = gui.wikibase_js(action="languagesearch", format="json", formatversion=2, search="simpl")
    assert found["languagesearch"] == {"zh-hans": "simplified chinese"}
    found = gui.wikibase_js(action="languagesearch", format="json", formatversion=2, search="繁")
    assert found == {"languagesearch": {}}


class Examples(HTMLParser):
    """`api/QuerySamples.js`: the queries of a page with the headings of two levels that they stand under."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self._words: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h2", "h3", "pre"):
            self._inside, self._words[tag] = tag, ""
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._words[self._inside] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.found.append((self._words["h2"], self._words["h3"], self._words["pre"].strip()))
        self._inside = "" if tag == self._inside else self._inside


@pytest.mark.parametrize(("language", "category"), [("en", "Order of battle"), ("zh", "战斗序列")])
def test_the_examples_come_in_categories_and_link_to_their_page(gui: Gui, language: str, category: str) -> None:
    answer = gui.wikibase_js(
        action="parse", page=f"{TITLE}/{language}", redirects="1", prop="text", wrapoutputclass="",
        disableeditsection="1", smaxage="600", maxage="600", disabletoc="1", format="json", formatversion=2,
    )  # fmt: skip
    html = answer["parse"]["text"]
    assert html.count('class="mw-heading mw-heading2"') > 10
    parsed = Examples()
    parsed.feed(html)
    assert len(parsed.found) >= 30
    assert parsed.found[0][0] == category
    assert all(group and title and query for group, title, query in parsed.found)
    page = httpx.get(
        f"{gui.url}/wiki/Special:MyLanguage/{TITLE}", headers={"Accept": "text/html"}, follow_redirects=True
    )
    assert page.status_code == 200
    there = Examples()
    there.feed(page.text)
    for _, title, _ in parsed.found:
        assert quote(title.replace(" ", "_"), safe="!'()*~").replace("%", ".") in there.ids


def test_examples_run(gui: Gui) -> None:
    answer = gui.wikibase_js(action="parse", page=TITLE, prop="text", format="json", formatversion=2)
    parsed = Examples()
    parsed.feed(answer["parse"]["text"])
    for _, _, query in parsed.found[::10]:
        assert gui.rows(query)


@pytest.mark.parametrize("language", ["en", "zh", "zh-hant"])
def test_an_item_is_explored_and_its_node_unfolds(gui: Gui, language: str) -> None:
    """`ui/resultBrowser/GraphResultBrowserNodeBrowser.js`."""
    reader = Gui(gui.url, language)
    item = "https://w3id.org/zhanshi/entity/Q4005"
    explored = reader.rows(f"""SELECT ?item ?itemLabel WHERE {{ BIND( <{item}> as ?item ).
        SERVICE wikibase:label {{ bd:serviceParam wikibase:language "{language}" }} }}""")
    assert explored[0]["itemLabel"]["value"] != "Q4005"
    ends = ("{this} ?p ?o .", "?o ?p {this} .")
    for pattern in ends:
        properties = reader.rows(
            'SELECT ?p (SAMPLE(?pl) AS ?pl_) (COUNT(?o) AS ?count ) (group_concat(?ol;separator=", ") AS ?ol_)  WHERE {'
            + pattern.format(this=f"<{item}>")
            + "   ?o <http://www.w3.org/2000/01/rdf-schema#label> ?ol ."
            '    FILTER ( LANG(?ol) = "[AUTO_LANGUAGE]" )    ?s <http://wikiba.se/ontology#directClaim> ?p .'
            '    ?s rdfs:label ?pl .    FILTER ( LANG(?pl) = "[AUTO_LANGUAGE]" )} group by ?p'
        )
        for row in properties:
            assert {"p", "pl_", "count", "ol_"} <= set(row)
            assert row["ol_"]["value"]
        property_iri = properties[0]["p"]["value"]
        entities = reader.rows(
            "SELECT ?o ?ol WHERE {"
            + pattern.replace("?p", f"<{property_iri}>").format(this=f"<{item}>")
            + "?o <http://www.w3.org/2000/01/rdf-schema#label> ?ol ."
            'FILTER ( LANG(?ol) = "[AUTO_LANGUAGE]" )} LIMIT 50'
        )
        assert all(is_label(row["ol"]) for row in entities)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_helper_suggests_items_and_properties(gui: Gui, language: str) -> None:
    """`ui/queryHelper/SelectorBox.js`."""
    named = f"""?id rdfs:label ?label. ?id schema:description ?description.
        FILTER((LANG(?label)) = "{language}") FILTER((LANG(?description)) = "{language}")"""
    suggestions: dict[str, str] = {
        "items of a property": f"""SELECT ?id ?label ?description WHERE {{ hint:Query hint:optimizer "None".
            {{ SELECT DISTINCT ?id WHERE {{ ?i wdt:P31 ?id. }} LIMIT 100 }} {named} }} LIMIT 100""",
        "properties of all items": """SELECT ?id ?label ?description (?count as ?rank) WITH {
            SELECT ?pred (COUNT(?value) AS ?count) WHERE { ?subj ?pred ?value . }
            GROUP BY ?pred ORDER BY DESC(?count) LIMIT 1000 } AS %inner
            WHERE { INCLUDE %inner ?id wikibase:claim ?pred. """
        + named
        + "} ORDER BY DESC(?count) LIMIT 100",
        "properties of this query": """PREFIX wd: <https://w3id.org/zhanshi/entity/>
            SELECT ?id ?label ?description (?count as ?rank) WITH {
              SELECT ?e WHERE { ?e wdt:P585 ?x } LIMIT 50
            } AS %query WITH { SELECT (?e AS ?item) WHERE { INCLUDE %query. } } AS %item WITH {
              SELECT ?property (COUNT(?statement) AS ?count) WHERE {
                INCLUDE %item. ?item ?p ?statement. ?property a wikibase:Property; wikibase:claim ?p.
              } GROUP BY ?property ORDER BY DESC(?count) LIMIT 100
            } AS %properties WHERE { INCLUDE %properties. BIND(?property AS ?id).
              SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en".
                ?id rdfs:label ?label; schema:description ?description. } } ORDER BY DESC(?count)""",
    }
    reader = Gui(gui.url, language)
    for query in suggestions.values():
        for row in reader.rows(query, maxQueryTimeMillis="4000"):
            assert is_entity(row["id"])
            assert row["label"]["value"]
            assert row["description"]["value"]


def tsv(term: dict[str, str]) -> str:
    """`api/Sparql.js`: a term as the page downloads it."""
    forms: dict[str, Callable[[str], str]] = {"uri": "<{}>".format, "bnode": "_:{}".format, "literal": '"{}"'.format}
    return forms[term["type"]](term["value"])


def test_what_the_page_makes_files_of_has_the_kinds_it_knows(gui: Gui) -> None:
    query = f"SELECT ?event ?eventLabel ?date WHERE {{ ?event wdt:P585 ?date {LABELS} }} ORDER BY ?event ?date LIMIT 5"
    rows = gui.rows(query)
    assert tsv(rows[0]["event"]).startswith("<https://w3id.org/zhanshi/entity/Q")
    for form, offered in RESULTS.items():
        answer = httpx.get(f"{gui.url}/sparql", params={"query": query, "format": form}).raise_for_status()
        assert answer.headers["content-type"].startswith(offered.media_type)
        assert all(row["event"]["value"] in answer.text for row in rows)
