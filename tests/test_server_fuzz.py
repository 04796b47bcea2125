"""A thousand random requests, made from the OpenAPI description and by hand: none is answered 500, none hangs."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.serving import RunningServer, example_quads, publish, serving

REQUESTS = 700
RAW_REQUESTS = 300
TEXTS = (
    "",
    "x",
    "*",
    "SELECT * { ?s ?p ?o }",
    "ASK {}",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE wd:Q1",
    "SELECT",
    "{",
    "\x00",
    "第4军",
    "%",
    "%zz",
    "\ud800",
    "a" * 3_000,
    "urn:x",
    "https://w3id.org/zhanshi/graph/000",
    "json",
    "ttl",
    "-1",
    "0",
    "true",
    "SELECT * FROM <urn:x> {}",
    "INSERT DATA {}",
    "SELECT (1/0 AS ?x) {}",
    "text/turtle",
    "*/*;q=0",
    "a/b;q=x,,;",
    "../../etc/passwd",
)
METHODS = ("GET", "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "QUERY")
TYPES = (
    "application/sparql-query",
    "application/x-www-form-urlencoded",
    "application/sparql-update",
    "multipart/form-data",
    "application/json",
    "text/plain; charset=utf-16",
    ";;",
    "",
)
ODD_LINES = (
    b"GET / HTTP/1.1",
    b"GET /sparql?query=ASK{} HTTP/1.1",
    b"GET http://[:: HTTP/1.1",
    b"PRI * HTTP/2.0",
    b"POST /sparql HTTP/1.0",
    b"GET /%ff%fe HTTP/1.1",
    b"\x16\x03\x01\x02\x00",
    b"GET  HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"CONNECT a:1 HTTP/1.1",
)
ODD_HEADERS = (
    b"Host: x",
    b"Host: ",
    b"Content-Length: -1",
    b"Content-Length: 99999999999",
    b"Transfer-Encoding: chunked",
    b"Accept: \xff",
    b"Content-Type: application/sparql-query",
    b": x",
    b"Expect: 100-continue",
    b"Upgrade: websocket",
    b"Connection: Upgrade",
    b"Accept-Encoding: gzip;q=x",
    b'If-None-Match: "',
    b"X-Forwarded-For: ,,",
    b"Content-Encoding: gzip",
)
BODIES = (
    b"",
    b"ASK {}",
    b"query=ASK%20%7B%7D",
    b"5\r\nASK {\r\n0\r\n\r\n",
    b"zz\r\n",
    b"\xff" * 50,
    b"query=" + b"a" * 200_000,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("fuzz")
    publish(data, example_quads())
    with serving(data, "--wall-seconds=2", "--request-seconds=0.5", "--idle-seconds=1") as running:
        yield running


def request(chance: random.Random, description: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes]:
    """A random request to one of the described paths, or near it: method, path with query, headers, body."""
    path, operations = chance.choice(sorted(description["paths"].items()))
    declared = [p["name"] for operation in operations.values() for p in operation.get("parameters", [])]
    names = chance.choices([*declared, "query", "update", "q", "id"], k=chance.randrange(4))
    fields = "&".join(f"{quote(name)}={_quoted(chance.choice(TEXTS))}" for name in names)
    filled = "/".join(_quoted(chance.choice(TEXTS)) if "{" in part else part for part in path.split("/"))
    headers = {"Accept": _latin(chance.choice(TEXTS)), "Content-Type": chance.choice(TYPES)}
    return chance.choice(METHODS), f"{filled}?{fields}", headers, chance.choice(BODIES)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


def _latin(text: str) -> str:
    return text.encode("ascii", "ignore").decode().replace("\x00", "").strip() or "*/*"


def test_random_requests_made_from_the_description_are_answered(server: RunningServer) -> None:
    chance = random.Random(1939)
    description = httpx.get(f"{server.url}/openapi.json").json()
    assert "/sparql" in description["paths"]
    statuses: dict[int, int] = {}
    with httpx.Client(base_url=server.url, timeout=10) as client:
        for _ in range(REQUESTS):
            method, path, headers, body = request(chance, description)
            response = client.request(method, path, headers=headers, content=body if method != "GET" else b"")
            statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
            assert response.status_code not in (500, 502), (method, path, headers, body[:99], response.text)
    assert len(statuses) >= 6, statuses


def test_random_bytes_are_answered_or_the_connection_is_closed(server: RunningServer) -> None:
    chance = random.Random(1945)
    address = urlsplit(server.url)
    for _ in range(RAW_REQUESTS):
        head = [chance.choice(ODD_LINES), *chance.choices(ODD_HEADERS, k=chance.randrange(4))]
        sent = b"\r\n".join(head) + b"\r\n" * chance.randrange(3) + chance.choice(BODIES)
        with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
            assert b" 500 " not in answer(connection).partition(b"\r\n")[0], sent
    assert server.query("ASK {}").status_code == 200
    assert not [line for line in server.said if "Traceback" in line]


def answer(connection: socket.socket) -> bytes:
    """All that comes until the connection is closed; a timeout is a failure."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)
