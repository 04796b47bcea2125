"""The endpoint as clients meet it: formats, headers, caching, errors, graphs, descriptions, monitoring."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from server.formats import GRAPHS, GRAPHS_ENGINE, RESULTS, RESULTS_ENGINE
from tests.serving import BASE, RunningServer, example_quads, publish, serving

LABELS = "SELECT ?item ?label { ?item rdfs:label ?label } ORDER BY ?item ?label"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9)) + " }"
EVERYTHING = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("endpoint")
    publish(data, example_quads())
    with serving(data, "--log-queries", "--wall-seconds=5") as running:
        yield running


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_the_union_has_each_triple_once_in_memory(engine: str, server: RunningServer, tmp_path: Path) -> None:
    count = "SELECT (COUNT(*) AS ?n) { wd:Q1 rdfs:label ?label }"
    graphs = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { wd:Q1 rdfs:label '第4军'@zh-hans } }"
    both = "SELECT (COUNT(*) AS ?n) { wd:Q1 rdfs:label ?label GRAPH ?g { wd:Q1 rdfs:label '第4军'@zh-hans"
    if engine == "memory":
        assert server.rows(count) == [{"n": "3"}]
        assert server.rows(graphs) == [{"n": "3"}]
        assert server.rows(f"{both} }} }}") == [{"n": "9"}]
        one = {"default-graph-uri": f"{BASE}graph/000"}
        assert server.query(count, "text/csv", **one).text.split() == ["n", "1"]
        return
    publish(tmp_path, example_quads())
    with serving(tmp_path, "--engine", "disk") as disk:
        assert disk.rows(graphs) == [{"n": "3"}]
        assert {row["label"] for row in disk.rows(LABELS)} == {row["label"] for row in server.rows(LABELS)}


def test_tables_come_in_every_format_with_the_same_rows(server: RunningServer) -> None:
    rows = len(server.rows(LABELS))
    assert rows == 7
    for name, form in RESULTS.items():
        for parameters, accept in (({}, form.media_type), ({"format": name}, "*/*")):
            response = server.query(LABELS, accept, **parameters)
            assert response.headers["content-type"] == form.content_type
            if name != "csv":
                table = ox.parse_query_results(response.content, format=RESULTS_ENGINE[name])
                assert len(list(table)) == rows  # type: ignore[arg-type]
            else:
                assert len(response.text.splitlines()) == rows + 1
    assert [line["rows"] for line in server.log() if line.get("query") == LABELS] == [rows] * 8


def test_triples_come_in_every_format_with_the_same_content(server: RunningServer) -> None:
    expected = {quad.triple for quad in example_quads()}
    for name, form in GRAPHS.items():
        for parameters, accept in (({}, form.media_type), ({"format": name}, "*/*")):
            response = server.query(EVERYTHING, accept, **parameters)
            assert response.headers["content-type"] == form.content_type
            assert {quad.triple for quad in ox.parse(response.content, format=GRAPHS_ENGINE[name])} == expected
    assert "@prefix wd: <https://w3id.org/zhanshi/entity/>" in server.query(EVERYTHING, "text/turtle").text
    assert "@prefix foaf:" not in server.query(EVERYTHING, "text/turtle").text


def test_what_is_not_offered_is_refused_with_what_is(server: RunningServer) -> None:
    for query, offered in ((LABELS, RESULTS), (EVERYTHING, GRAPHS)):
        response = server.query(query, "image/png")
        assert response.status_code == 406
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["offered"] == [form.media_type for form in offered.values()]


def test_every_answer_and_every_error_may_be_read_by_pages_of_other_hosts(server: RunningServer) -> None:
    for path in ("/sparql?query=ASK%7B%7D", "/sparql?query=x", "/nothing", "/healthz", "/store?graph=urn:x", "/query"):
        response = httpx.get(server.url + path, headers={"Origin": "https://elsewhere.example"})
        assert response.headers["access-control-allow-origin"] == "*", path
        assert "access-control-allow-credentials" not in response.headers
        preflight = httpx.options(server.url + path, headers={"Origin": "https://elsewhere.example"})
        assert preflight.status_code == 204
        assert "POST" in preflight.headers["access-control-allow-methods"]


def test_head_says_what_get_would(server: RunningServer) -> None:
    url = f"{server.url}/sparql?query=ASK%7B%7D"
    head, get = httpx.head(url), httpx.get(url)
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]


def test_an_unchanged_answer_is_not_sent_again(server: RunningServer) -> None:
    first = server.query(LABELS, "text/csv")
    tag = first.headers["etag"]
    for value in (tag, f"W/{tag}", f'"other", {tag}'):
        again = httpx.get(
            f"{server.url}/sparql", params={"query": LABELS}, headers={"Accept": "text/csv", "If-None-Match": value}
        )
        same = httpx.get(f"{server.url}/sparql", params={"query": LABELS}, headers={"Accept": "text/csv"})
        assert same.headers["etag"] != tag or again.status_code == 304
    response = httpx.post(
        f"{server.url}/sparql", data={"query": LABELS}, headers={"Accept": "text/csv", "If-None-Match": tag}, timeout=9
    )
    assert response.status_code == 304
    assert response.content == b""
    assert server.query(LABELS, "text/tab-separated-values").headers["etag"] != tag


def test_the_second_answer_comes_from_the_cache_and_is_the_same(server: RunningServer) -> None:
    query = "SELECT * { ?s z:agent ?o }"
    first, second = server.query(query), server.query(query)
    assert "engine;dur=" in first.headers["server-timing"]
    assert second.headers["server-timing"] == "cache;desc=hit"
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert server.log()[-1]["outcome"] == "cached"


def test_what_changes_by_itself_is_neither_kept_nor_tagged(server: RunningServer) -> None:
    query = "SELECT (STRUUID() AS ?x) {}"
    first, second = server.query(query), server.query(query)
    assert first.content != second.content
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"


def test_large_answers_are_compressed_and_small_ones_are_not(server: RunningServer) -> None:
    def raw(query: str) -> httpx.Response:
        with httpx.stream(
            "POST", f"{server.url}/sparql", data={"query": query}, headers={"Accept-Encoding": "gzip"}
        ) as response:
            response.body = b"".join(response.iter_raw())  # type: ignore[attr-defined]
            return response

    large = raw("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert large.headers["content-encoding"] == "gzip"
    assert len(gzip.GzipFile(fileobj=io.BytesIO(large.body)).read()) > 5 * len(large.body)  # type: ignore[attr-defined]
    assert "content-encoding" not in raw("ASK {}").headers
    assert "Accept-Encoding" in large.headers["vary"]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT *\n{ ?s ?p }", 400, "Line 2"),
        ("SELECT * { ?s ?p 'x }", 400, "column 18: this string does not end"),
        ("SELECT * { ?s foo:bar ?o }", 400, "column 15: the prefix of foo:bar is not declared"),
        ("SELECT (urn:f(1) AS ?x) {}", 400, "Line 1"),
        ("SELECT (<urn:f>(1) AS ?x) {}", 400, "urn:f"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", 403, "allow-list"),
        ("DROP ALL", 403, "read-only by design"),
        (RUNAWAY, 504, "wall_seconds"),
    ],
)  # fmt: skip
def test_errors_are_told_in_a_sentence(server: RunningServer, query: str, status: int, said: str) -> None:
    response = server.query(query)
    assert response.status_code == status
    problem = response.json()
    assert problem["status"] == status
    assert said in problem["detail"]
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "headers", "status", "limit"),
    [
        (f"/sparql?query=ASK%7B%7D{'+' * 65_518}", {}, 414, "url_bytes"),
        (f"/sparql?query=ASK%7B%7D{'+' * 3_000_000}", {}, 414, "url_bytes"),
        ("/sparql?query=ASK%7B%7D", {"X-Long": "a" * 3_000_000}, 431, "head_bytes"),
    ],
    ids=["a URL one byte too long", "a very long URL", "long headers"],
)
def test_what_is_too_long_to_be_read_is_told_so_to_pages_of_other_hosts(
    server: RunningServer, path: str, headers: dict[str, str], status: int, limit: str
) -> None:
    with closing(http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        assert answer.status == status
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.load(answer)["limit"] == limit


def test_a_url_of_the_longest_length_is_answered(server: RunningServer) -> None:
    path = "/sparql?query=ASK%7B%7D"
    with closing(http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)) as connection:
        connection.request("GET", path + "+" * (65_535 - len(path)))
        with connection.getresponse() as answer:
            assert answer.status == 200


def test_other_methods_are_refused(server: RunningServer) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = httpx.request(method, f"{server.url}/sparql")
        assert response.status_code == 405
        assert "GET" in response.headers["allow"]
    assert httpx.put(f"{server.url}/store?default", content=b"").status_code == 403


def test_relative_iris_and_predeclared_prefixes_are_of_this_graph(server: RunningServer) -> None:
    assert server.rows("SELECT ?l { <entity/Q3> rdfs:label ?l FILTER(LANG(?l) = 'en') }") == [{"l": "Xue Yue"}]
    assert server.query("ASK { wd:Q10 z:agent wd:Q1 }").json()["boolean"] is True


def test_each_graph_is_served_by_its_own_path_and_by_parameter(server: RunningServer) -> None:
    expected = {quad.triple for quad in example_quads() if str(quad.graph_name).endswith("/000>")}
    assert len(expected) == 4
    for path in ("/graph/000", f"/store?graph={BASE}graph/000"):
        response = httpx.get(server.url + path, headers={"Accept": "application/n-triples"})
        assert {quad.triple for quad in ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)} == expected
    assert httpx.get(f"{server.url}/graph/none").status_code == 404
    assert httpx.get(f"{server.url}/store?graph=urn:x&default").status_code == 400
    assert httpx.get(f"{server.url}/store?graph=not%20absolute").status_code == 400


def test_the_service_describes_what_there_is(server: RunningServer) -> None:
    response = httpx.get(f"{server.url}/sparql", headers={"Accept": "text/turtle"})
    store = ox.Store()
    store.load(response.content, format=ox.RdfFormat.TURTLE)
    names = store.query("PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT ?n { ?g sd:name ?n }")
    assert len(list(names)) == 3  # type: ignore[arg-type]
    formats = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT ?f { ?s sd:resultFormat ?f }"
    assert len(list(store.query(formats))) == len(RESULTS) + len(GRAPHS)  # type: ignore[arg-type]
    assert httpx.get(f"{server.url}/sparql", headers={"Accept": "image/png"}).status_code == 406
    void = httpx.get(f"{server.url}/.well-known/void")
    assert "void:sparqlEndpoint" in void.text
    assert f"<{server.url}/sparql>" in void.text


def test_the_server_tells_how_it_is(server: RunningServer) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "alive"}
    assert httpx.get(f"{server.url}/readyz").json() == {"status": "ready", "version": "v1"}
    metrics = httpx.get(f"{server.url}/metrics").text
    for name in (
        "zhanshi_requests_total",
        "zhanshi_queries_total",
        "zhanshi_query_seconds_bucket",
        "zhanshi_engine_queries",
    ):
        assert f"\n{name}{{" in metrics


def logged(server: RunningServer, query: str) -> dict[str, object]:
    """The line of the access log about that query; it is written once the answer is sent."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = [line for line in server.log() if line.get("query") == query]
        if found:
            return found[-1]
        time.sleep(0.02)
    raise AssertionError(f"no line about {query}")


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_log_counts_the_rows(server: RunningServer, form: str, count: int) -> None:
    query = f"SELECT ?row ?{form} {{ VALUES ?row {{ {' '.join(map(str, range(count)))} }} }}"
    server.query(query, format=form).raise_for_status()
    assert logged(server, query)["rows"] == count


def test_the_log_has_one_line_a_request_with_the_text_only_where_asked_for(
    server: RunningServer, tmp_path: Path
) -> None:
    query = "ASK { wd:Q3 ?secret ?o }"
    server.query(query)
    line = logged(server, query)
    assert {"time", "ms", "client", "method", "path", "query_hash", "rows", "outcome", "status", "bytes"} <= set(line)
    publish(tmp_path, example_quads())
    with serving(tmp_path) as discreet:
        discreet.query(query)
        discreet.stop()
        assert not any("secret" in text for text in discreet.said)
        assert len([entry for entry in discreet.log() if entry.get("path") == "/sparql"]) == 1


def test_a_truncated_answer_is_noticed_by_curl(server: RunningServer) -> None:
    query = "query=SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    command = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--data-urlencode", query]
    done = subprocess.run([*command, f"{server.url}/sparql"], check=False, capture_output=True, text=True)
    assert done.stdout == "200"
    assert done.returncode in (18, 56)


def test_queries_end_and_new_ones_are_refused_when_the_server_stops(tmp_path: Path) -> None:
    publish(tmp_path, example_quads())
    with serving(tmp_path, "--stop-seconds=2") as server:
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < 5


def test_services_on_the_allow_list_are_called_and_others_are_not(server: RunningServer, tmp_path: Path) -> None:
    publish(tmp_path, example_quads())
    friend = f"{server.url}/sparql"
    with serving(tmp_path, "--service", friend) as calling:
        rows = calling.rows(f"SELECT ?l {{ SERVICE <{friend}> {{ wd:Q3 rdfs:label ?l FILTER(LANG(?l) = 'en') }} }}")
        assert rows == [{"l": "Xue Yue"}]
        assert calling.query(f"ASK {{ SERVICE <{server.url}/other> {{ ?s ?p ?o }} }}").status_code == 403
        refused = calling.query(f"ASK {{ SERVICE <{friend}> {{ SELECT * {{ SERVICE <http://127.0.0.1:9/> {{}} }} }} }}")
        assert refused.status_code == 403


def test_any_sparql_service_can_stand_behind(tmp_path: Path) -> None:
    native = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    assert native, "pip install oxigraph"
    store = publish(tmp_path, example_quads()) / "store"
    arguments = ["--location", str(store), "--bind", "127.0.0.1:7969", "--union-default-graph"]
    with subprocess.Popen([native, "serve-read-only", *arguments], stderr=subprocess.DEVNULL) as process:
        try:
            with serving(tmp_path, "--endpoint", "http://127.0.0.1:7969/query", "--access-log") as server:
                assert server.query("ASK { wd:Q10 z:agent wd:Q1 }").json()["boolean"] is True
                assert server.query(EVERYTHING, "application/n-triples").status_code == 200
                assert server.query("SELECT * { SERVICE <urn:x> {} }").status_code == 403
                assert server.query("SELECT * { ?s ?p }").status_code == 400
                assert "etag" not in server.query("ASK {}").headers
                process.terminate()
                process.wait()
                gone = server.query("ASK { ?s ?p ?o }")
                assert gone.status_code == 502
                assert "cannot be reached" in gone.json()["detail"]
        finally:
            process.kill()


def test_a_new_version_is_taken_up_without_a_dropped_request(tmp_path: Path) -> None:
    publish(tmp_path, example_quads())
    more = [
        *example_quads(),
        ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.NamedNode("urn:o"), ox.NamedNode("urn:g")),
    ]
    with serving(tmp_path, "--watch-seconds=0.1") as server:
        seen: list[str] = []
        publish(tmp_path, more, version="v2")
        deadline = time.monotonic() + 20
        with httpx.Client() as client:
            while time.monotonic() < deadline and seen[-5:] != ["true"] * 5:
                response = client.get(f"{server.url}/sparql", params={"query": "ASK { <urn:s> ?p ?o }"})
                assert response.status_code == 200
                seen.append(str(response.json()["boolean"]).lower())
        assert seen[0] == "false"
        assert seen == sorted(seen)
        assert seen[-1] == "true"
        assert httpx.get(f"{server.url}/readyz").json()["version"] == "v2"
        (tmp_path / "versions" / "v3").mkdir()
        (tmp_path / "next").symlink_to(Path("versions") / "v3")
        (tmp_path / "next").rename(tmp_path / "current")
        time.sleep(1)
        assert server.query("ASK { <urn:s> ?p ?o }").json()["boolean"] is True
        assert any("unreadable" in line for line in server.said)
