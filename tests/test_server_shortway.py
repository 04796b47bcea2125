"""Answers on the short way are those of the long one; what the short way cannot end goes over to the long one."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from tests.serving import RunningServer, example_quads, publish, serving

SMALL = "SELECT ?label { wd:Q3 rdfs:label ?label }"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } LIMIT 2000"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o . ?p ?q ?r . ?s ?t ?u }"
QUERIES = (
    SMALL,
    LONG,
    "ASK {}",
    "SELECT ?now { BIND(NOW() AS ?now) FILTER(false) }",
    "SELECT * { ?s",
    "SELECT * { SERVICE <urn:x> { } }",
    "CONSTRUCT WHERE { ?s a ?o }",
)
OWN = ("date", "server-timing")
"""Headers that each answer has of its own."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("short")
    publish(data, example_quads())
    with serving(data, "--wall-seconds", "1.5", "--workers", "1", "--long-queries", "0", "--queue-length", "2",
                 "--client-queries", "1") as running:  # fmt: skip
        yield running


def told(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in response.headers.items() if name not in OWN}
    return response.status_code, headers, response.content


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_get_and_post_are_answered_alike(server: RunningServer, query: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding, "Accept": "application/sparql-results+json, text/turtle;q=0.5"}
    got = httpx.get(f"{server.url}/sparql", params={"query": query}, headers=headers)
    again = httpx.get(f"{server.url}/sparql", params={"query": query}, headers=headers)
    posted = httpx.post(f"{server.url}/sparql", data={"query": query}, headers=headers)
    assert told(got) == told(again) == told(posted)


def request(server: RunningServer, query: str, *headers: str, version: str = "1.1") -> bytes:
    lines = (f"GET /sparql?{urlencode({'query': query})} HTTP/{version}", "Host: localhost", *headers)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def exchange(server: RunningServer, sent: bytes) -> bytes:
    """What comes back until the server closes the connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as connection:
        connection.sendall(sent)
        received = b""
        while block := connection.recv(65_536):
            received += block
        return received


def test_requests_sent_all_at_once_are_answered_in_their_order(server: RunningServer) -> None:
    """Far more than Python may nest calls; some are kept, some are not, one goes the long way."""
    limits = [1, 2, 3, 2, 3, 1] * 200
    queries = [f"SELECT ?s {{ ?s ?p ?o }} LIMIT {limit}" for limit in limits]
    queries[7] = LONG
    sent = b"".join(request(server, query) for query in queries) + request(server, "ASK {}", "Connection: close")
    answers = exchange(server, sent).split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert len(answers) == len(queries) + 1
    counts = [answer.count(b'"s":{') for place, answer in enumerate(answers[:-1]) if place != 7]
    assert counts == [limit for place, limit in enumerate(limits) if place != 7]


@pytest.mark.parametrize(("headers", "version"), [(("Connection: close",), "1.1"), ((), "1.0")])
def test_a_connection_is_closed_where_its_client_wants_it(
    server: RunningServer, headers: tuple[str, ...], version: str
) -> None:
    for query in (SMALL, "SELECT ?s { ?s ?p ?o FILTER(RAND() > 2) }"):
        head, _, body = exchange(server, request(server, query, *headers, version=version)).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in head.lower()
        assert body.endswith(b"]}}")


def test_the_limits_hold_on_the_short_way(server: RunningServer) -> None:
    started = time.monotonic()
    response = httpx.get(f"{server.url}/sparql", params={"query": ENDLESS}, timeout=30)
    assert response.status_code == 504
    assert "wall_seconds" in response.json()["detail"]
    assert 1.4 < time.monotonic() - started < 5


def test_who_leaves_takes_a_running_and_a_waiting_query_along(server: RunningServer) -> None:
    address = urlsplit(server.url)
    left = [socket.create_connection((address.hostname or "", address.port or 0)) for _ in range(3)]
    for connection in left:
        connection.sendall(request(server, ENDLESS))
        time.sleep(0.1)
    full = httpx.get(f"{server.url}/sparql", params={"query": SMALL + "#"}, timeout=30)
    assert full.status_code == 503
    assert "queue_length" in full.json()["detail"]
    for connection in left:
        connection.close()
    time.sleep(0.3)
    started = time.monotonic()
    assert httpx.get(f"{server.url}/sparql", params={"query": SMALL + " # now"}, timeout=30).status_code == 200
    assert time.monotonic() - started < 1.0
    time.sleep(0.3)
    assert sum(line.get("outcome") == "client gone" for line in server.log()) == 3


def test_the_client_that_a_proxy_names_is_the_one_in_the_log(server: RunningServer) -> None:
    headers = {"X-Forwarded-For": "192.0.2.7"}
    assert httpx.get(f"{server.url}/sparql", params={"query": SMALL}, headers=headers).status_code == 200
    time.sleep(0.3)
    assert server.log()[-1]["client"] == "192.0.2.7"


def test_a_query_outlives_neither_the_server_nor_its_deadline(tmp_path: Path) -> None:
    publish(tmp_path, example_quads())
    with serving(tmp_path, "--stop-seconds", "1") as running:
        address = urlsplit(running.url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as connection:
            connection.sendall(request(running, ENDLESS))
            time.sleep(0.5)
            assert running.stop() == 0
            with contextlib.suppress(ConnectionResetError):
                assert not connection.recv(65_536).startswith(b"HTTP/1.1 200")
