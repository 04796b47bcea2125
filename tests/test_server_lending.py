"""A connection that asks short queries is lent to a clerk, and nobody can tell, but by the time it takes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pyoxigraph as ox
import pytest

from bench.endpoint_servers import processor_seconds
from server.engine.loans import LOAN_SECONDS, LONGEST_SECONDS, MOST, MOST_OF_A_CLIENT, PAUSE_SECONDS
from tests.serving import RunningServer, example_quads, publish, serving

SMALL = "SELECT ?label { wd:Q3 rdfs:label ?label }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o . ?p ?q ?r . ?s ?t ?u }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } LIMIT 2000"
OWN = ("date", "server-timing")
"""Headers that each answer has of its own."""
LEND_AFTER = 2


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lending")
    publish(folder, example_quads())
    return folder


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[RunningServer]:
    options = ("--wall-seconds", "1.5", "--lend-after", str(LEND_AFTER), "--cache-mib", "0")
    with serving(data, *options) as running:
        wait_for_clerks(running)
        yield running


def wait_for_clerks(server: RunningServer) -> None:
    deadline = time.monotonic() + 10
    with httpx.Client(base_url=server.url) as client:
        while not lent(server) and time.monotonic() < deadline:
            client.get("/sparql", params={"query": SMALL})
    assert is_back_at(server, 0)


def lent(server: RunningServer) -> int:
    """How many connections are lent."""
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    return int(float(next(line for line in lines if line.startswith("zhanshi_lent_connections ")).split()[1]))


def is_back_at(server: RunningServer, count: int) -> bool:
    """Whether so many connections are lent, now or after the longest loan."""
    deadline = time.monotonic() + LOAN_SECONDS + 2
    while lent(server) != count:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Asking:
    """One connection, kept open."""

    def __init__(self, server: RunningServer, *, receive_bytes: int = 0, source: str = "127.0.0.1") -> None:
        address = urlsplit(server.url)
        self.socket = socket.socket()
        self.socket.bind((source, 0))
        self.socket.settimeout(30)
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.connect((address.hostname, address.port))
        self._received = b""

    def send(self, query: str, *headers: str, method: str = "GET") -> None:
        lines = (f"{method} /sparql?{urlencode({'query': query})} HTTP/1.1", "Host: localhost", *headers)
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def answer(self, *, body: bool = True) -> tuple[int, dict[str, str], bytes]:
        """The next answer: its status, its headers but for its own, its body."""
        while b"\r\n\r\n" not in self._received:
            self._receive()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        if headers.get("transfer-encoding") == "chunked":
            found = self._chunks()
        else:
            found = self._take(int(headers.get("content-length", "0"))) if body else b""
        return int(status.split()[1]), {name: headers[name] for name in headers if name not in OWN}, found

    def ask(self, query: str, *headers: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        self.send(query, *headers, method=method)
        return self.answer(body=method != "HEAD")

    def _chunks(self) -> bytes:
        found = b""
        while True:
            while b"\r\n" not in self._received:
                self._receive()
            size, _, self._received = self._received.partition(b"\r\n")
            found += self._take(int(size, 16))
            self._take(2)
            if int(size, 16) == 0:
                return found

    def _take(self, count: int) -> bytes:
        while len(self._received) < count:
            self._receive()
        taken, self._received = self._received[:count], self._received[count:]
        return taken

    def _receive(self) -> None:
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionError("the server has closed the connection")
        self._received += data

    def is_closed(self) -> bool:
        return self.socket.recv(1) == b""

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


@contextlib.contextmanager
def borrowed(server: RunningServer, *, receive_bytes: int = 0) -> Iterator[Asking]:
    """A connection that is lent."""
    with Asking(server, receive_bytes=receive_bytes) as asking:
        deadline = time.monotonic() + 10
        while not lent(server):
            assert asking.ask(SMALL)[0] == 200
            assert time.monotonic() < deadline, "no connection is lent"
        yield asking
    assert is_back_at(server, 0)


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ("Accept: text/csv",),
        ("Accept: application/sparql-results+xml", "Accept-Encoding: gzip"),
        ("Accept: text/turtle",),
        ("ACCEPT:application/json", "Accept: text/csv;q=0.5", "Accept-Language: zh-TW"),
        ("If-None-Match: *",),
        ("X-Forwarded-For: 192.0.2.1",),
        ("Content-Length: 0",),
        ("Expect: 100-continue",),
    ],
)
@pytest.mark.parametrize(
    "query",
    [SMALL, LARGE, "ASK {}", "CONSTRUCT WHERE { ?s a ?o }", "SELECT * { ?s", "SELECT * { SERVICE <urn:x> {} }",
     "SELECT (RAND() * 0 AS ?r) {}", "INSERT DATA { <a:a> <a:a> <a:a> }"],
)  # fmt: skip
def test_a_lent_connection_answers_as_any_other(server: RunningServer, query: str, headers: tuple[str, ...]) -> None:
    with Asking(server) as fresh:
        fresh.send(query, *headers)
        expected = without_continue(fresh)
    with borrowed(server) as asking:
        asking.send(query, *headers)
        assert without_continue(asking) == expected
        assert asking.ask(SMALL)[0] == 200


def without_continue(asking: Asking) -> tuple[int, dict[str, str], bytes]:
    answer = asking.answer()
    return asking.answer() if answer[0] == 100 else answer


def test_other_methods_go_the_usual_way(server: RunningServer) -> None:
    with borrowed(server) as asking:
        status, headers, body = asking.ask(SMALL, method="HEAD")
        assert (status, body) == (200, b"")
        assert headers["etag"] == asking.ask(SMALL)[1]["etag"]
        assert asking.ask(SMALL, method="OPTIONS")[0] == 204
        asking.socket.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\n"
            b"Content-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\nASK {}"
        )
        assert asking.answer()[0] == 200
        asking.socket.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert asking.answer()[2] == b'{"status":"alive"}'


def test_a_request_may_come_in_pieces_and_several_at_once(server: RunningServer) -> None:
    line = f"GET /sparql?{urlencode({'query': SMALL})} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with borrowed(server) as asking:
        for end in (5, len(line) - 3):
            asking.socket.sendall(line[:end])
            time.sleep(0.1)
            asking.socket.sendall(line[end:])
            assert asking.answer()[0] == 200
    with borrowed(server) as asking:
        asking.socket.sendall(line * 5)
        answers = [asking.answer() for _ in range(5)]
        assert all(answer == answers[0] for answer in answers)


def test_a_connection_is_not_lent_while_a_request_is_arriving(data: Path) -> None:
    """What follows would be taken for a request of its own."""
    line = f"GET /sparql?{urlencode({'query': SMALL})} HTTP/1.1\r\nHost: x\r\n"
    inner = f"GET /sparql?{urlencode({'query': 'ASK {}'})} HTTP/1.1\r\nHost: x\r\n\r\n"
    with serving(data, "--lend-after", "1") as server:
        wait_for_clerks(server)
        with Asking(server) as asking:
            asking.socket.sendall(f"{line}\r\nGET /healthz HTTP/1.1\r\nX: ".encode())
            assert asking.answer()[0] == 200
            time.sleep(0.1)
            assert lent(server) == 0
            asking.socket.sendall(b"GET /sparql\r\n\r\n")
            assert asking.answer()[2] == b'{"status":"alive"}'
        with Asking(server) as asking:
            asking.socket.sendall(f"{line}Content-Length: {len(inner)}\r\n\r\n".encode())
            assert asking.answer()[0] == 200
            time.sleep(0.1)
            assert lent(server) == 0
            asking.socket.sendall(inner.encode())
            assert asking.ask(SMALL)[2] == asking.ask(SMALL)[2] != b""


def test_each_gets_the_answer_to_its_own_request(data: Path) -> None:
    """Many connections that are lent and taken back all the time; each asks what nobody else asks."""
    with serving(data, "--lend-after", "1", "--cache-mib", "0") as server:
        wait_for_clerks(server)
        with ThreadPoolExecutor(max_workers=24) as pool:
            assert sum(pool.map(partial(own_answers, server, seconds=6), range(24))) > 1_000


def own_answers(server: RunningServer, client: int, *, seconds: float) -> int:
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        with Asking(server) as asking:
            for _ in range(20):
                count += 1
                own = f"{client}-{count}"
                status, _, body = asking.ask(f'SELECT ("{own}" AS ?x) {{}}')
                assert (status, json.loads(body)["results"]["bindings"][0]["x"]["value"]) == (200, own)
    return count


def test_what_is_no_request_is_refused(server: RunningServer) -> None:
    with borrowed(server) as asking:
        asking.socket.sendall(b"GET /sparql?query=ASK%20{} HTTP/1.1\r\nHost : x\r\n\r\n")
        assert asking.answer()[0] == 400
        assert asking.is_closed()


def test_a_connection_that_is_to_be_closed_is_closed(server: RunningServer) -> None:
    with borrowed(server) as asking:
        assert asking.ask(SMALL, "Connection: close")[0] == 200
        assert asking.is_closed()


def test_a_query_that_takes_long_has_its_turn_and_its_limit(server: RunningServer) -> None:
    with borrowed(server) as asking:
        began = time.monotonic()
        status, _, body = asking.ask(ENDLESS)
        assert status == 504
        assert b"wall_seconds" in body
        assert time.monotonic() - began < LONGEST_SECONDS + 1.5 + 1
        assert asking.ask(SMALL)[0] == 200


def test_others_do_not_wait_for_a_query_that_takes_long(server: RunningServer) -> None:
    """As many at once as there are clerks, and one more."""
    with contextlib.ExitStack() as stack:
        count = (os.cpu_count() or 1) + 1
        asking = [stack.enter_context(Asking(server)) for _ in range(count)]
        deadline = time.monotonic() + 10
        while lent(server) < count:
            assert time.monotonic() < deadline
            for each in asking:
                each.ask(SMALL)
        for each in asking[:-1]:
            each.send(ENDLESS)
        time.sleep(0.1)
        began = time.monotonic()
        assert asking[-1].ask(SMALL)[0] == 200
        assert time.monotonic() - began < LONGEST_SECONDS
        assert [each.answer()[0] for each in asking[:-1]] == [504] * (count - 1)


def test_a_clerk_that_dies_takes_no_request_with_it(server: RunningServer) -> None:
    with borrowed(server) as asking:
        asking.send(ENDLESS)
        time.sleep(0.1)
        kill_clerks(server)
        assert asking.answer()[0] == 504
        assert asking.ask(SMALL)[0] == 200
    with borrowed(server) as asking:
        kill_clerks(server)
        assert asking.ask(SMALL)[0] == 200
    wait_for_clerks(server)


def kill_clerks(server: RunningServer) -> None:
    (zygote,) = children(server.process.pid)
    clerks = [pid for pid in children(zygote) if has_slots(pid)]
    assert clerks
    for pid in clerks:
        os.kill(pid, signal.SIGKILL)


def test_each_clerk_has_a_processor_of_its_own(server: RunningServer) -> None:
    clerks = [pid for pid in children(children(server.process.pid)[0]) if has_slots(pid)]
    allowed = os.sched_getaffinity(server.process.pid)
    used = [os.sched_getaffinity(int(task.name)) for pid in clerks for task in Path(f"/proc/{pid}/task").iterdir()]
    kept = [processors for processors in used if len(processors) == 1]
    assert len(kept) >= len(clerks) > 0
    assert set().union(*kept) == allowed


def has_slots(pid: int) -> bool:
    """Whether the process shares memory as clerks do."""
    return any("memfd:slots" in os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir())


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_client_that_does_not_read_gets_all_in_the_end(server: RunningServer) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 95"
    with borrowed(server, receive_bytes=2_048) as asking:
        asking.send(query)
        time.sleep(0.2)
        first = asking.answer()
        assert 50_000 < len(first[2]) < 65_536
        for _ in range(4):
            assert asking.ask(SMALL)[0] == 200
        asking.send(query)
        time.sleep(2.0)
        assert asking.answer() == first


def test_a_client_that_leaves_is_forgotten(server: RunningServer) -> None:
    with borrowed(server) as asking:
        asking.send(ENDLESS)
        time.sleep(0.05)
    assert httpx.get(f"{server.url}/sparql", params={"query": SMALL}).status_code == 200


def test_an_idle_connection_comes_back_and_is_closed_in_its_time(data: Path) -> None:
    with serving(data, "--idle-seconds", "1", "--lend-after", "1") as server:
        wait_for_clerks(server)
        with borrowed(server) as asking:
            began = time.monotonic()
            assert asking.is_closed()
            assert 1 < time.monotonic() - began < LOAN_SECONDS + 1 + 2


def test_no_more_connections_are_lent_than_may_be(data: Path) -> None:
    with serving(data, "--lend-after", "1") as server, contextlib.ExitStack() as stack:
        wait_for_clerks(server)
        asking = [stack.enter_context(Asking(server)) for _ in range(MOST + 40)]
        for _ in range(2):
            assert {each.ask(SMALL)[0] for each in asking} == {200}
            assert lent(server) <= MOST


def test_each_of_several_clients_has_its_part(data: Path) -> None:
    with serving(data, "--lend-after", "1") as server, contextlib.ExitStack() as stack:
        wait_for_clerks(server)
        asking = [stack.enter_context(Asking(server)) for _ in range(MOST_OF_A_CLIENT * 3)]
        for each in asking:
            each.ask(SMALL)
        assert lent(server) > MOST_OF_A_CLIENT
        other = stack.enter_context(Asking(server, source="127.0.0.2"))
        other.ask(SMALL)
        time.sleep(0.1)
        assert 1 < lent(server) <= MOST_OF_A_CLIENT + 1
        assert {each.ask(SMALL)[0] for each in (*asking, other)} == {200}


def test_the_end_of_the_process_that_forks_is_told_and_costs_nothing(data: Path) -> None:
    with serving(data, "--lend-after", "1") as server, Asking(server) as asking:
        wait_for_clerks(server)
        assert asking.ask(SMALL)[0] == 200
        os.kill(children(server.process.pid)[0], signal.SIGKILL)
        time.sleep(2 * PAUSE_SECONDS)
        assert httpx.get(f"{server.url}/readyz").status_code == 503
        before = processor_seconds(server.process.pid)
        time.sleep(1)
        assert processor_seconds(server.process.pid) - before < 0.2
        assert asking.ask("SELECT ?other { ?other ?p ?o } LIMIT 1")[0] in (500, 503)


def test_a_store_on_disk_is_asked_in_the_same_way(data: Path) -> None:
    with serving(data, "--lend-after", "1", "--engine", "disk") as server:
        wait_for_clerks(server)
        with borrowed(server) as asking:
            assert asking.ask(SMALL)[2] == httpx.get(f"{server.url}/sparql", params={"query": SMALL}).content


def test_none_is_lent_where_the_setting_says_so(data: Path) -> None:
    with serving(data, "--lend-after", "0") as server, Asking(server) as asking:
        for _ in range(20):
            assert asking.ask(SMALL)[0] == 200
        assert lent(server) == 0


def test_every_answer_is_counted_and_logged_once(data: Path) -> None:
    with serving(data, "--lend-after", "1", "--log-queries") as server:
        wait_for_clerks(server)
        query = "SELECT ?counted { wd:Q3 rdfs:label ?counted }"
        with Asking(server) as asking:
            for _ in range(500):
                assert asking.ask(query)[0] == 200
        assert is_back_at(server, 0)
        time.sleep(0.2)
        lines = [line for line in server.log() if line.get("rows") == 2 and line["path"] == "/sparql"]
        ours = [line for line in lines if line.get("query") == query or line["outcome"] == "cached"]
        digests = {line["query_hash"] for line in lines if line.get("query") == query}
        ours = [line for line in ours if line["query_hash"] in digests]
        assert len(ours) == 500
        assert {line["client"] for line in ours} == {"127.0.0.1"}
        assert {line["outcome"] for line in ours} == {"answered", "cached"}
        assert not [line for line in server.log() if "clerk" in line]


@pytest.mark.parametrize("more", [(), ("--no-access-log", "--cache-mib", "0")])
def test_every_answer_is_counted_whether_it_is_logged_or_not(data: Path, more: tuple[str, ...]) -> None:
    with serving(data, "--lend-after", "1", *more) as server:
        wait_for_clerks(server)
        before = counted(server)
        with Asking(server) as asking:
            for _ in range(100):
                assert asking.ask(SMALL)[0] == 200
        assert is_back_at(server, 0)
        assert counted(server) - before == 100


def counted(server: RunningServer) -> int:
    """How many queries were answered, from what they were counted for: outcomes, seconds, requests."""
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    found = {name: float(number) for name, _, number in (line.rpartition(" ") for line in lines if line[0] != "#")}
    queries = sum(number for name, number in found.items() if name.startswith("zhanshi_queries_total{"))
    assert queries == found["zhanshi_query_seconds_count"]
    assert queries == found['zhanshi_requests_total{status="200",surface="sparql"}']
    return int(queries)


def test_kept_answers_are_given_again(data: Path) -> None:
    with serving(data, "--lend-after", "1") as server:
        wait_for_clerks(server)
        with borrowed(server) as asking:
            first = asking.ask("SELECT ?again { wd:Q3 rdfs:label ?again }")
            for _ in range(5):
                asking.send("SELECT ?again { wd:Q3 rdfs:label ?again }")
                assert asking.answer() == first
            outcomes = [line["outcome"] for line in server.log() if line.get("outcome")]
            now = {asking.ask("SELECT (STRUUID() AS ?x) {}")[2] for _ in range(6)}
            assert len(now) == 6
        time.sleep(0.2)
        assert "cached" in outcomes or "cached" in [line.get("outcome") for line in server.log()]


def test_a_new_version_is_answered_from_on_the_same_connection(tmp_path: Path) -> None:
    publish(tmp_path, example_quads())
    with serving(tmp_path, "--lend-after", "1", "--watch-seconds", "0.1") as server:
        wait_for_clerks(server)
        with borrowed(server) as asking:
            added = ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:a"), ox.Literal("new"), ox.NamedNode("a:g"))
            publish(tmp_path, [*example_quads(), added], version="v2")
            deadline = time.monotonic() + 20
            while b"true" not in asking.ask('ASK { <a:a> <a:a> "new" }')[2]:
                assert time.monotonic() < deadline
            for _ in range(50):
                assert b"true" in asking.ask('ASK { <a:a> <a:a> "new" }')[2]


def test_the_server_stops_while_connections_are_lent(data: Path) -> None:
    with serving(data, "--lend-after", "1") as server:
        wait_for_clerks(server)
        with Asking(server) as asking, Asking(server) as idle:
            while lent(server) < 2:
                assert asking.ask(SMALL)[0] == idle.ask(SMALL)[0] == 200
            server.process.send_signal(signal.SIGTERM)
            assert idle.is_closed()
            began = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - began < 5
    assert not any("Traceback" in line for line in server.said), server.said
