"""Every IRI of the graph leads somewhere, in the form that was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from tests.serving import BASE, RunningServer

Get = Callable[..., httpx.Response]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
DATA = "wiki/Special:EntityData"
MEDIA_TYPES = {
    "json": "application/json",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


@pytest.fixture(scope="module")
def get(real_server: RunningServer) -> Get:
    """A request to the server that follows no redirection."""

    def ask(path: str, accept: str = "*/*", **headers: str) -> httpx.Response:
        return httpx.get(f"{real_server.url}/{path}", headers={"Accept": accept, **headers}, timeout=30)

    return ask


@pytest.fixture(scope="module")
def nodes(real_server: RunningServer) -> dict[str, str]:
    """A statement, its reference, its value and its passage, as paths."""
    query = (
        "SELECT * WHERE { ?event p:P1319 ?statement ; z:passage ?passage ."
        " ?statement psv:P1319 ?value ; prov:wasDerivedFrom ?reference . ?reference pr:P854 ?passage }"
        " ORDER BY ?statement LIMIT 1"
    )
    return {name: iri.removeprefix(BASE) for name, iri in real_server.rows(query)[0].items()}


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("entity/Q4005", BROWSER, "wiki/Q4005"),
        ("entity/P31", BROWSER, "wiki/Property:P31"),
        ("entity/Q4005", "*/*", f"{DATA}/Q4005.json"),
        ("entity/q4005", "text/turtle", f"{DATA}/Q4005.ttl"),
        ("entity/Q4005", "application/rdf+xml;q=0.9, text/turtle;q=0.1", f"{DATA}/Q4005.rdf"),
        ("entity/Q4005", "application/ld+json", f"{DATA}/Q4005.jsonld"),
        ("entity/Q4005.nt", BROWSER, f"{DATA}/Q4005.nt"),
        ("prop/direct/P31", BROWSER, "wiki/Property:P31"),
        ("prop/statement/value/P585", "text/turtle", f"{DATA}/P585"),
        (f"{DATA}/Q4005", BROWSER, "wiki/Q4005"),
        (f"{DATA}/P31.html", "*/*", "wiki/Property:P31"),
        ("w/index.php?title=Property:P31", BROWSER, "wiki/Property:P31"),
        ("w/index.php?search=%E8%96%9B%E5%B2%B3", BROWSER, "search?q=%E8%96%9B%E5%B2%B3"),
    ],
)
def test_an_iri_leads_to_a_page_or_to_data(get: Get, path: str, accept: str, target: str) -> None:
    answer = get(path, accept)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{target}")
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(("ending", "media_type"), MEDIA_TYPES.items())
def test_data_comes_by_ending_and_by_accept_header(get: Get, ending: str, media_type: str) -> None:
    by_ending, by_accept = get(f"{DATA}/Q4005.{ending}", BROWSER), get(f"{DATA}/Q4005", media_type)
    assert by_ending.status_code == by_accept.status_code == 200
    assert by_ending.headers["content-type"].partition(";")[0] == media_type
    assert by_ending.content == by_accept.content
    assert by_accept.headers["content-location"] == f"/{DATA}/Q4005.{ending}"
    known = get(f"{DATA}/Q4005.{ending}", **{"If-None-Match": by_ending.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert httpx.head(str(by_ending.url)).headers["content-length"] == str(len(by_ending.content))


def test_each_flavor_holds_the_one_before(get: Get) -> None:
    simple, dump, full = (
        {q.triple for q in ox.parse(get(f"{DATA}/Q4005.nt?flavor={f}").content, format=ox.RdfFormat.N_TRIPLES)}
        for f in ("simple", "dump", "full")
    )
    assert simple < dump < full
    assert not any("/entity/statement/" in str(triple) for triple in simple)
    assert any(triple.subject.value == f"{BASE}entity/Q140" for triple in full)


def test_the_old_form_of_the_address_works(get: Get) -> None:
    assert get(f"{DATA}?id=Q4005&format=json").json()["entities"]["Q4005"]["title"] == "Q4005"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"{DATA}/Q999999999", 404, "no entity Q999999999"),
        (f"{DATA}/Z1", 400, "no entity's number"),
        (f"{DATA}/Q4005.docx", 400, "json, ttl, nt, rdf, jsonld"),
        (f"{DATA}/Q4005.ttl?flavor=odd", 400, "full, dump, simple"),
        (f"{DATA}/Q4005.json?revision=7", 404, "no revision 7"),
        ("entity/Q999999999", 404, "no entity Q999999999"),
        ("entity/something", 404, "Q or P"),
        ("entity/statement/Q1-ABC", 404, "no statement"),
        ("prop/direct/P999999", 404, "P999999"),
        ("prop/odd/P31", 404, "prop/odd/P31"),
        ("reference/0000", 404, "reference/0000"),
        ("passage/none/1-2", 404, "no text 'none'"),
        ("passage/004-hengyang-1944/9-1", 404, "counted in characters from 0"),
        ("passage/004-hengyang-1944/0-99999999", 404, "counted in characters from 0"),
        ("text/none", 404, "no text 'none'"),
        (f"value/{quote('<x>', safe='')}", 400, "cannot stand in an IRI"),
    ],
)
def test_what_is_not_there_says_so(get: Get, path: str, status: int, words: str) -> None:
    answer = get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_no_form_but_those_offered(get: Get) -> None:
    answer = get(f"{DATA}/Q4005", "image/png")
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["offered"]


def test_a_passage_gives_its_characters_its_triples_and_its_place(get: Get, nodes: dict[str, str]) -> None:
    _, name, span = nodes["passage"].split("/")
    start, end = map(int, span.split("-"))
    words = get(nodes["passage"], "text/plain")
    assert words.headers["content-type"].startswith("text/plain")
    assert words.text == get(f"text/{name}", "text/plain").text[start:end]
    triples = list(ox.parse(get(nodes["passage"], "text/turtle").content, format=ox.RdfFormat.TURTLE))
    quotes = [
        q.object.value for q in triples if q.predicate.value.endswith("#quote") and isinstance(q.object, ox.Literal)
    ]
    assert quotes == [words.text]
    page = get(nodes["passage"], BROWSER)
    assert (page.status_code, page.headers["location"]) == (303, f"/text/{name}?span={span}#{span}")


def test_any_span_of_a_text_has_characters(get: Get) -> None:
    assert len(get("passage/004-hengyang-1944/3-7", "text/plain").text) == 4


def test_a_statement_its_reference_and_its_value_describe_themselves(get: Get, nodes: dict[str, str]) -> None:
    for name in ("statement", "reference", "value"):
        answer = get(nodes[name], "application/n-triples")
        subjects = {q.subject.value for q in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)}
        assert BASE + nodes[name] in subjects
    described = get(nodes["statement"]).text
    assert nodes["reference"].rsplit("/", 1)[-1] in described
    page = get(nodes["statement"], BROWSER)
    number, _, anchor = nodes["statement"].rsplit("/", 1)[-1].partition("-")
    assert page.headers["location"] == f"/wiki/{number}#{anchor}"
    assert f'id="{anchor}"' in get(f"wiki/{number}", BROWSER).text
    assert get(nodes["reference"], BROWSER).headers["location"] == f"/{nodes['passage']}"


def test_json_has_what_wikibase_has(get: Get) -> None:
    item = json.loads(get(f"{DATA}/Q4005.json").content)["entities"]["Q4005"]
    assert {"pageid", "ns", "title", "lastrevid", "modified", "type", "id"} <= item.keys()
    assert {"labels", "descriptions", "aliases", "claims", "sitelinks"} <= item.keys()
    assert item["labels"]["zh-hant"] == {"language": "zh-hant", "value": "薛岳"}
    statement = item["claims"]["P31"][0]
    assert statement["mainsnak"]["datavalue"] == {
        "value": {"entity-type": "item", "numeric-id": 140, "id": "Q140"},
        "type": "wikibase-entityid",
    }
    assert statement["id"].startswith("Q4005$")
    prop = json.loads(get(f"{DATA}/P585.json").content)["entities"]["P585"]
    assert (prop["type"], prop["datatype"], prop["ns"], prop["title"]) == ("property", "time", 120, "Property:P585")
