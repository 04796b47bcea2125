"""The W3C's tests of the SPARQL 1.1 Protocol, and those of the Graph Store Protocol as far as they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests import w3c
from tests.serving import BASE, RunningServer, publish, serving

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
STATUS = "http://www.w3.org/2011/http-statusCodes#"
READ_ONLY = 403
PROTOCOL_TESTS = 34
PROTOCOL_REQUESTS_FOR_QUERIES = 21
GRAPH_STORE_TESTS = 13
GRAPH_STORE_READS = 18
GRAPHS = "http://www.example/gsp/"


@dataclass(frozen=True)
class Exchange:
    """A request of a test, and what is expected of its response."""

    test: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    truth: str
    expected: str


def exchanges(path: Path) -> list[Exchange]:
    """All requests of a manifest, in order."""
    graph = w3c.Graph(path, w3c.ROOT + path.name)
    manifest = next(q.subject for q in graph.store.quads_for_pattern(None, ox.NamedNode(w3c.MF + "entries"), None))
    return [
        _exchange(graph, entry.value.rpartition("#")[2], request)
        for entry in graph.items(graph.value(manifest, w3c.MF + "entries"))
        for request in graph.items(graph.value(graph.value(entry, w3c.MF + "action"), HT + "requests"))
    ]


def _exchange(graph: w3c.Graph, test: str, request: object) -> Exchange:
    response = graph.value(request, HT + "resp")
    body = graph.value(request, HT + "body")
    encoding = graph.text(body, CNT + "characterEncoding") if body else "UTF-8"
    answer = graph.value(response, HT + "body")
    return Exchange(
        test=test,
        method=graph.text(request, HT + "methodName"),
        path=graph.text(request, HT + "absolutePath"),
        headers=_headers(graph, request),
        body=graph.text(body, CNT + "chars").encode(encoding) if body else b"",
        statuses=tuple(v.value.removeprefix(STATUS) for v in graph.values(response, w3c.MF + "expectedStatus")),
        truth=graph.text(response, w3c.MF + "expectedBoolean"),
        expected=graph.text(answer, CNT + "chars") if answer else "",
    )


def _headers(graph: w3c.Graph, request: object) -> dict[str, str]:
    headers = graph.items(graph.value(request, HT + "headers"))
    return {graph.text(h, HT + "fieldName"): graph.text(h, HT + "fieldValue") for h in headers}


def has_status(exchange: Exchange, status: int) -> bool:
    """Whether the status is one of those expected."""
    names = {"OK": 200, "NotFound": 404, "Created": 201, "NoContent": 204}
    classes = {name[-3] for name in exchange.statuses if name.startswith("StatusCode")}
    return str(status)[0] in classes or status in {names.get(name) for name in exchange.statuses}


def is_update(exchange: Exchange) -> bool:
    """Whether the request is, or is meant to be, an update."""
    kind = exchange.headers.get("content-type", "")
    return "update=" in exchange.path or exchange.body.startswith(b"update=") or "sparql-update" in kind


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = w3c.folder("sparql11", "protocol")
    quads: list[ox.Quad] = []
    for number in (1, 2, 3):
        graph = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf")
        found = ox.parse(path=str(folder / f"data{number}.nt"), format=ox.RdfFormat.N_TRIPLES)
        quads.extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in found)
    data = tmp_path_factory.mktemp("protocol")
    publish(data, quads)
    with serving(data, "--no-access-log") as running:
        yield running


def test_every_query_of_the_protocol_is_answered_as_expected(protocol: RunningServer) -> None:
    found = exchanges(w3c.folder("sparql11", "protocol") / "manifest.ttl")
    assert len({exchange.test for exchange in found}) == PROTOCOL_TESTS
    queries = [e for e in found if not e.test.startswith("update_") and not is_update(e)]
    failures = [why for exchange in queries if (why := fails(protocol.url, exchange))]
    assert not failures, "\n".join(failures)
    assert len(queries) == PROTOCOL_REQUESTS_FOR_QUERIES


def test_every_update_is_refused_because_the_endpoint_is_read_only(protocol: RunningServer) -> None:
    updates = [e for e in exchanges(w3c.folder("sparql11", "protocol") / "manifest.ttl") if is_update(e)]
    assert updates
    for exchange in updates:
        response = send(protocol.url, exchange)
        good = has_status(exchange, 400) and response.status_code in (400, 415)
        assert good or response.status_code == READ_ONLY, (exchange.test, response.status_code)


def fails(url: str, exchange: Exchange) -> str:
    """Why the exchange is not as expected; empty where it is."""
    response = send(url, exchange)
    if not has_status(exchange, response.status_code):
        return f"{exchange.test}: {response.status_code} {response.text[:200]} instead of {exchange.statuses}"
    if exchange.truth and response.json()["boolean"] is not (exchange.truth == "true"):
        return f"{exchange.test}: {response.text}"
    return ""


def send(url: str, exchange: Exchange, path: str | None = None) -> httpx.Response:
    """The response to the test's request."""
    headers = {"Accept": "application/sparql-results+json, text/turtle", **exchange.headers}
    place = path if path is not None else exchange.path
    return httpx.request(exchange.method, url + place, headers=headers, content=exchange.body, timeout=30)


@pytest.fixture(scope="module")
def graph_store() -> list[Exchange]:
    folder = w3c.folder("sparql11", "graph-store-protocol")
    return exchanges(folder / "manifest-direct.ttl") + exchanges(folder / "manifest-indirect.ttl")


def test_every_graph_is_read_as_expected(graph_store: list[Exchange], tmp_path: Path) -> None:
    """Each graph that a test reads is published with what the test says that is in it by then."""
    assert len({exchange.test for exchange in graph_store}) == GRAPH_STORE_TESTS
    reads = [exchange for exchange in graph_store if exchange.method in ("GET", "HEAD")]
    quads = [quad for number, exchange in enumerate(reads) for quad in graph_of(exchange, number)]
    publish(tmp_path, quads)
    with serving(tmp_path, "--no-access-log") as server:
        for number, exchange in enumerate(reads):
            response = send(server.url, exchange, path_of(exchange, number))
            assert has_status(exchange, response.status_code), (exchange.test, response.status_code, response.text)
            if exchange.method == "GET" and exchange.expected and "default" not in exchange.path:
                assert w3c.same_graph(turtle(response.text), turtle(exchange.expected)), exchange.test
    assert len(reads) == GRAPH_STORE_READS


def graph_of(exchange: Exchange, number: int) -> Iterator[ox.Quad]:
    """The graph that the request reads, under a name of its own."""
    if "OK" in exchange.statuses:
        text = exchange.expected or "<http://www.example/s> <http://www.example/p> <http://www.example/o> ."
        for triple in turtle(text):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(f"{BASE}graph/{number}"))


def path_of(exchange: Exchange, number: int) -> str:
    """The request's path here: by the graph's own path, by its IRI, or for the union of all."""
    if "default" in exchange.path:
        return "/store?default"
    if "graph=" in exchange.path:
        return f"/store?graph={BASE.replace(':', '%3A').replace('/', '%2F')}graph%2F{number}"
    return f"/graph/{number}"


def turtle(text: str) -> list[ox.Triple]:
    """The triples of a Turtle text."""
    return [
        quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=GRAPHS, rename_blank_nodes=True)
    ]


def test_every_write_is_refused_because_the_graph_store_is_read_only(
    graph_store: list[Exchange], protocol: RunningServer
) -> None:
    writes = [exchange for exchange in graph_store if exchange.method not in ("GET", "HEAD")]
    assert writes
    for number, exchange in enumerate(writes):
        response = send(protocol.url, exchange, path_of(exchange, number))
        assert response.status_code == READ_ONLY
        assert "read-only by design" in response.json()["detail"]
