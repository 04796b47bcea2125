"""The action API answers as MediaWiki with Wikibase does, and says plainly what it does not do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from server.wikibase.api.parameters import modules
from tests.serving import BASE, RunningServer

Ask = Callable[..., Any]
READING = sorted(m.path for m in modules().values() if m.group == "action")


@pytest.fixture(scope="module")
def ask(real_server: RunningServer) -> Ask:
    """A call by GET, its answer's JSON."""

    def call(**parameters: str) -> Any:
        answer = httpx.get(f"{real_server.url}/w/api.php", params={"format": "json", **parameters}, timeout=30)
        return answer.raise_for_status().json()

    return call


def test_entities_come_whole_or_in_parts(ask: Ask) -> None:
    whole = ask(action="wbgetentities", ids="Q4005|P31|Q999999999")
    assert whole["success"] == 1
    assert whole["entities"]["Q4005"]["claims"]["P31"][0]["rank"] == "normal"
    assert whole["entities"]["P31"]["datatype"] == "wikibase-item"
    assert whole["entities"]["Q999999999"] == {"id": "Q999999999", "missing": ""}
    part = ask(action="wbgetentities", ids="q4005", props="labels", languages="en|fr")["entities"]["Q4005"]
    assert part == {"type": "item", "id": "Q4005", "labels": {"en": {"language": "en", "value": "Xue Yue"}}}


def test_chinese_in_general_falls_back_and_other_languages_where_that_is_asked_for(ask: Ask) -> None:
    def labels(**parameters: str) -> Any:
        return ask(action="wbgetentities", ids="Q2039", props="labels", **parameters)["entities"]["Q2039"]["labels"]

    assert labels(languages="zh") == {"zh": {"language": "zh-hans", "value": "第74军", "for-language": "zh"}}
    assert labels(languages="zh-tw")["zh-tw"]["value"] == "第74軍"
    assert labels(languages="de") == {}
    assert labels(languages="de", languagefallback="1")["de"]["value"] == "Chinese 74th Corps"


def test_a_form_is_read_like_a_url(real_server: RunningServer) -> None:
    api = f"{real_server.url}/w/api.php"
    fields = {"action": "wbgetentities", "ids": "Q4005", "props": "info", "format": "json"}
    by_form = httpx.post(api, data=fields).json()
    by_parts = httpx.post(api, data=fields, files={"unused": b""}).json()
    bare = {"Content-Type": "multipart/form-data"}
    by_url = httpx.post(api, params=fields, headers=bare, content=b"").json()
    assert by_form["entities"] == by_parts["entities"] == by_url["entities"]
    assert by_form["entities"]["Q4005"]["lastrevid"] == 1


@pytest.mark.parametrize(
    ("search", "language", "first"),
    [
        ("第七十四軍", "zh-hans", "Q2039"),
        ("xueyue", "en", "Q4005"),
        ("薛伯陵", "zh", "Q4005"),
        ("Q4005", "en", "Q4005"),
    ],
)
def test_search_finds_names_in_any_spelling(ask: Ask, search: str, language: str, first: str) -> None:
    answer = ask(action="wbsearchentities", search=search, language=language)
    hit = answer["search"][0]
    assert (hit["id"], hit["concepturi"]) == (first, f"{BASE}entity/{first}")
    assert answer["searchinfo"] == {"search": search}
    assert hit["match"]["type"] in ("label", "alias", "entityId")


def test_search_goes_on_where_it_stopped_and_speaks_the_users_language(ask: Ask) -> None:
    asked = {"action": "wbsearchentities", "search": "第10军", "language": "zh-hans", "uselang": "zh-tw", "limit": "3"}
    first = ask(**asked)
    second = ask(**asked, **{"continue": str(first["search-continue"])})
    ids = [hit["id"] for hit in first["search"] + second["search"]]
    assert len(set(ids)) == 6
    assert first["search"][0]["label"] == "第10軍"
    assert (
        ask(action="wbsearchentities", search="時間點", language="zh-hant", type="property")["search"][0]["id"]
        == "P585"
    )
    strict = ask(action="wbsearchentities", search="薛岳", language="en", strictlanguage="1")
    assert strict["search"] == []


def test_claims_by_property_rank_and_id(ask: Ask) -> None:
    claims = ask(action="wbgetclaims", entity="Q4005", property="P31", props="")["claims"]
    (claim,) = claims["P31"]
    assert list(claims) == ["P31"]
    assert "references" not in claim
    assert ask(action="wbgetclaims", claim=claim["id"])["claims"]["P31"][0]["id"] == claim["id"]
    assert ask(action="wbgetclaims", entity="Q4005", rank="preferred")["claims"] == {}


@pytest.mark.parametrize(
    ("datavalue", "words"),
    [
        ({"type": "wikibase-entityid", "value": {"entity-type": "item", "id": "Q2039"}}, "第74军"),
        ({"type": "time", "value": {"time": "+1941-10-01T00:00:00Z", "precision": 11}}, "1941年10月1日"),
        ({"type": "time", "value": {"time": "+1941-10-00T00:00:00Z", "precision": 10}}, "1941年10月"),
        ({"type": "quantity", "value": {"amount": "+57000", "unit": "1"}}, "57,000"),
        (
            {"type": "quantity", "value": {"amount": "+10", "unit": "1", "lowerBound": "+8", "upperBound": "+12"}},
            "10±2",
        ),
        ({"type": "globecoordinate", "value": {"latitude": 28.2, "longitude": 112.95}}, "28°12'0\"N, 112°57'0\"E"),
        ({"type": "monolingualtext", "value": {"text": "攻占長沙", "language": "zh"}}, "攻占長沙"),
        ({"type": "string", "value": "a|b"}, "a|b"),
    ],
)
def test_values_in_words(ask: Ask, datavalue: dict[str, Any], words: str) -> None:
    answer = ask(action="wbformatvalue", datavalue=json.dumps(datavalue), options='{"lang": "zh"}')
    assert answer == {"result": words}


def test_values_as_html_are_escaped_and_linked(ask: Ask) -> None:
    def html(datavalue: dict[str, Any], **more: str) -> Any:
        return ask(action="wbformatvalue", generate="text/html", datavalue=json.dumps(datavalue), **more)["result"]

    assert html({"type": "string", "value": "<b>"}) == "&lt;b&gt;"
    entity = html({"type": "wikibase-entityid", "value": {"id": "Q4005"}})
    assert entity == f'<a href="{BASE}entity/Q4005">Xue Yue</a>'
    link = html({"type": "string", "value": "https://e.example/?a&b"}, property="P854")
    assert link == '<a href="https://e.example/?a&amp;b">https://e.example/?a&amp;b</a>'


def test_the_site_says_what_it_is(real_server: RunningServer, ask: Ask) -> None:
    site = ask(
        action="query", meta="siteinfo|wikibase|userinfo", siprop="general|namespaces|namespacealiases|statistics"
    )["query"]
    assert site["general"]["wikibase-conceptbaseuri"] == f"{BASE}entity/"
    assert site["general"]["wikibase-sparql"] == f"{real_server.url}/sparql"
    assert site["namespaces"]["120"]["defaultcontentmodel"] == "wikibase-property"
    assert site["namespaces"]["120"]["*"] == "Property"
    assert site["wikibase"]["repo"]["url"]["base"] == real_server.url
    assert site["userinfo"] == {"id": 0, "name": "127.0.0.1", "anon": ""}
    assert site["statistics"]["pages"] > 2_000
    second = ask(action="query", meta="siteinfo", siprop="namespaces", formatversion="2")["query"]["namespaces"]["0"]
    assert (second["name"], second["content"], second["subpages"]) == ("", True, False)


def test_pages_with_their_revisions(ask: Ask) -> None:
    query = {
        "action": "query",
        "prop": "info|revisions|pageprops",
        "rvprop": "ids|content|timestamp",
        "rvslots": "main",
    }
    answer = ask(**query, titles="Q4005|property:p31|Nothing", formatversion="2")["query"]
    item, prop, nothing = answer["pages"]
    assert json.loads(item["revisions"][0]["slots"]["main"]["content"])["id"] == "Q4005"
    assert (prop["title"], prop["contentmodel"], nothing["missing"]) == ("Property:P31", "wikibase-property", True)
    assert {"from": "property:p31", "to": "Property:P31", "fromencoded": False} in answer["normalized"]
    old = ask(action="query", prop="info", pageids=str(prop["pageid"]))["query"]["pages"]
    assert old[str(prop["pageid"])]["title"] == "Property:P31"


def test_pages_are_searched(ask: Ask) -> None:
    answer = ask(action="query", list="search", srsearch="第10军", srlimit="2")
    assert answer["query"]["search"][0]["title"] == "Q2025"
    assert answer["continue"]["sroffset"] == 2
    assert "batchcomplete" not in answer


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"action": "wbgetentities", "ids": "banana"}, "no-such-entity"),
        ({"action": "wbgetentities"}, "param-missing"),
        ({"action": "wbgetentities", "ids": "|".join(f"Q{n}" for n in range(1, 52))}, "toomanyvalues"),
        ({"action": "wbsearchentities", "search": "x"}, "missingparam"),
        ({"action": "wbsearchentities", "search": "x", "language": "en", "type": "lexeme"}, "badvalue"),
        ({"action": "wbsearchentities", "search": "x", "language": "en", "limit": "many"}, "badinteger"),
        ({"action": "wbgetclaims", "claim": "Q1$1"}, "invalid-guid"),
        ({"action": "wbgetclaims", "entity": "Q4005", "claim": "x"}, "param-illegal"),
        ({"action": "wbgetclaims", "entity": "Q999999999"}, "no-such-entity"),
        ({"action": "wbformatvalue", "datavalue": "{"}, "baddatavalue"),
        ({"action": "wbformatvalue", "datavalue": '{"type": "time", "value": {}}'}, "baddatavalue"),
        ({"action": "wbformatvalue", "datavalue": '{"type": "odd", "value": 1}'}, "baddatavalue"),
        ({"action": "wbformatvalue", "datavalue": "{}", "generate": "text/x-wiki"}, "unsupported"),
        ({"action": "query", "meta": "tokens", "type": "csrf"}, "readonly"),
        ({"action": "query", "generator": "allpages"}, "unsupported"),
        ({"action": "query", "pageids": "x"}, "badinteger"),
        ({"action": "wbeditentity", "new": "item"}, "readonly"),
        ({"action": "login"}, "readonly"),
        ({"action": "banana"}, "unsupported"),
        ({"action": "parse", "page": "Main Page"}, "missingtitle"),
        ({"action": "wbgetentities", "ids": "Q1", "assert": "user"}, "assertuserfailed"),
        ({"action": "wbgetentities", "ids": "Q1", "format": "xml"}, "badvalue"),
        ({}, "missingparam"),
    ],
)
def test_errors_have_mediawikis_codes_and_shape(
    real_server: RunningServer, parameters: dict[str, str], code: str
) -> None:
    api = f"{real_server.url}/w/api.php"
    answer = httpx.get(api, params={"format": "json", **parameters})
    assert answer.status_code == 200
    assert answer.headers["MediaWiki-API-Error"] == code
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["info"]
    plain = httpx.get(api, params={"format": "json", "errorformat": "plaintext", "formatversion": "2", **parameters})
    assert plain.json()["errors"][0]["code"] == code
    assert plain.json()["errors"][0]["text"]


def test_what_is_not_understood_is_warned_of(ask: Ask) -> None:
    warnings = ask(action="wbgetentities", ids="Q4005", props="labels|lemmas", banana="1")["warnings"]
    assert warnings["main"]["*"] == "Unrecognized parameter: banana."
    assert "lemmas" in warnings["wbgetentities"]["*"]
    assert "galleries" in ask(action="query", prop="galleries", titles="Q4005")["warnings"]["query"]["*"]


def test_a_callback_is_called_and_no_other_words_are(real_server: RunningServer) -> None:
    api = f"{real_server.url}/w/api.php"
    query = {"action": "wbgetentities", "ids": "Q1", "format": "json"}
    answer = httpx.get(api, params={**query, "callback": "jQuery1_2"})
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text.startswith("/**/jQuery1_2({")
    refused = httpx.get(api, params={**query, "callback": "alert(1);x"})
    assert refused.json()["error"]["code"] == "badvalue"


def test_every_module_tells_its_parameters(ask: Ask) -> None:
    main = ask(action="paraminfo", modules="main")["paraminfo"]["modules"][0]
    action = next(parameter for parameter in main["parameters"] if parameter["name"] == "action")
    assert action["type"] == READING
    told = ask(action="paraminfo", modules="|".join([*READING, "query+siteinfo"]), formatversion="2")["paraminfo"][
        "modules"
    ]
    assert [module["path"] for module in told] == [*READING, "query+siteinfo"]
    assert all(module["parameters"] for module in told)
    query = next(module for module in told if module["path"] == "query")
    meta = next(parameter for parameter in query["parameters"] if parameter["name"] == "meta")
    assert meta["submodules"]["siteinfo"] == "query+siteinfo"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("commander", "P4791"),
        ("start time", "P580"),
        ("end time", "P582"),
        ("location", "P276"),
        ("parent organization", "P749"),
        ("position held", "P39"),
        ("military branch", "P7779"),
        ("conflict", "P361"),
        ("participant", "P50010"),
        ("指挥官", "P4791"),
        ("开始时间", "P580"),
        ("開始時間", "P580"),
        ("地点", "P276"),
        ("上级", "P749"),
        ("职务", "P50022"),
        ("参与者", "P50010"),
        ("human", "Q140"),
        ("military unit", "Q139"),
    ],
)
def test_the_words_of_wikidata_find_properties_and_classes(
    ask: Ask, real_server: RunningServer, words: str, number: str
) -> None:
    kind = "property" if number.startswith("P") else "item"
    found = ask(action="wbsearchentities", search=words, language="en", type=kind)["search"]
    assert found[0]["id"] == number
    suggest = f"{real_server.url}/reconcile/suggest/{'property' if kind == 'property' else 'type'}"
    offered = httpx.get(suggest, params={"prefix": words}, timeout=60).json()["result"]
    assert offered[0]["id"] == number


def test_every_property_that_items_have_has_direct_triples(real_server: RunningServer) -> None:
    stated = """SELECT DISTINCT ?property ?direct {
      ?property wikibase:claim ?claim ; wikibase:statementProperty ?value ; wikibase:directClaim ?direct .
      ?item ?claim ?statement . ?statement ?value ?object ; wikibase:rank ?rank .
      FILTER(?rank != wikibase:DeprecatedRank) }"""
    said = """SELECT DISTINCT ?property ?direct {
      ?property wikibase:directClaim ?direct . ?direct owl:equivalentProperty ?plain .
      ?item ?plain ?object ; a wikibase:Item . }"""
    used = {row["direct"] for row in real_server.rows("SELECT DISTINCT ?direct { ?item ?direct ?object }")}
    for query in (stated, said):
        rows = real_server.rows(query)
        assert len(rows) > 20
        assert {row["direct"] for row in rows} <= used
    parent = "SELECT (COUNT(*) AS ?n) { ?formation %s ?superior }"
    (direct,), (plain,) = (real_server.rows(parent % name) for name in ("wdt:P749", "z:subordinateTo"))
    assert direct["n"] == plain["n"] != "0"
