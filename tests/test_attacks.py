"""Nobody can bring the server down: attack queries, slow and silent clients, and those who only want an answer."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from bench import generated
from tests.attacks import ATTACKS
from tests.serving import RunningServer, publish, serving

WALL_SECONDS = 2.0
GRACE_SECONDS = 0.5
MEMORY_MIB = 150
ATTACKERS = 2
TRIPLES = 100_000
LONGEST_URL = 8_000
NEIGHBOUR_P99_MS = 50.0
POINT = "SELECT ?p ?o { wd:E7 ?p ?o }"
"""What the other clients ask; E7 is an event of the generated graph."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacks")
    publish(folder, generated.quads(TRIPLES))
    return folder


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[RunningServer]:
    limits = {
        "wall-seconds": WALL_SECONDS, "cpu-seconds": 2, "memory-mib": 400, "cache-mib": 0,
        "request-seconds": 1, "idle-seconds": 1, "queue-seconds": 30,
    }  # fmt: skip
    with serving(data, *(f"--{name}={value}" for name, value in limits.items())) as running:
        yield running


class Neighbour:
    """A client that asks one small query after another, and notes how long each took and what failed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.milliseconds: list[float] = []
        self.failures: list[str] = []

    def __enter__(self) -> Neighbour:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(transport=transport, timeout=30) as client:
            while not self._stopped.wait(0.005):
                started = time.perf_counter()
                response = client.get(f"{self._url}/sparql", params={"query": POINT})
                self.milliseconds.append((time.perf_counter() - started) * 1000)
                if response.status_code != 200 or len(response.json()["results"]["bindings"]) < 10:
                    self.failures.append(response.text[:200])

    @property
    def p99(self) -> float:
        """Milliseconds within which 99 of 100 answers came."""
        return statistics.quantiles(self.milliseconds, n=100)[98]


def undisturbed(server: RunningServer) -> float:
    """Milliseconds that other clients may wait: 50, or more where this machine is busy with other things."""
    with Neighbour(server.url) as alone:
        time.sleep(1.0)
    return max(NEIGHBOUR_P99_MS, 6 * alone.p99)


def attack(url: str, query: str) -> tuple[int, bool]:
    """Status, and whether the answer came whole; blocks are read and dropped. By GET where a URL can hold the query."""
    status, whole = 0, False
    fields = {"query": query}
    if len(urlencode(fields)) > LONGEST_URL:
        asked = httpx.Request("POST", f"{url}/sparql", data=fields)
    else:
        asked = httpx.Request("GET", f"{url}/sparql", params=fields)
    try:
        with httpx.Client(timeout=60) as client, contextlib.closing(client.send(asked, stream=True)) as response:
            status = response.status_code
            for _ in response.iter_raw():
                pass
            whole = True
    except httpx.TransportError:
        whole = False
    return status, whole


def test_every_attack_ends_within_its_limit_and_others_do_not_notice(server: RunningServer) -> None:
    bound = undisturbed(server)
    with Neighbour(server.url) as neighbour, ThreadPoolExecutor(ATTACKERS) as pool:
        results = list(pool.map(lambda attacked: attack(server.url, attacked.query), ATTACKS))
    for attacked, (status, whole) in zip(ATTACKS, results, strict=True):
        assert status in attacked.statuses, (attacked.name, status)
        assert whole or status == 200, attacked.name
    assert slowest(server) < WALL_SECONDS + GRACE_SECONDS
    assert not neighbour.failures
    assert len(neighbour.milliseconds) > 100
    assert neighbour.p99 < bound
    assert processor_use(server.process.pid, 1.0) < 0.05


def slowest(server: RunningServer) -> float:
    """The most seconds that the server spent on a request."""
    return max(float(str(line["ms"])) for line in server.log() if "outcome" in line) / 1000


def processor_use(pid: int, seconds: float) -> float:
    """The share of a core that a process and all below it use."""
    before = processor_seconds(pid)
    time.sleep(seconds)
    return (processor_seconds(pid) - before) / seconds


def processor_seconds(pid: int) -> float:
    """Processor seconds that a process and its living descendants have used."""
    ticks = 0
    for member in family(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def memory_mib(pid: int) -> float:
    """MiB that a process and its descendants hold, shared pages counted once."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def test_memory_stays_within_its_bound(data: Path) -> None:
    """Queries that want all memory are ended at the limit, while the highest use is watched."""
    with serving(data, f"--memory-mib={MEMORY_MIB}", "--wall-seconds=20", "--no-access-log") as server:
        check_memory(server)


def check_memory(server: RunningServer) -> None:
    highest = 0.0
    greedy = [a for a in ATTACKS if a.name in ("string doubled", "cross product sorted", "groups by the million")]
    assert len(greedy) == 3
    before = memory_mib(server.process.pid)
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(attack, server.url, attacked.query) for attacked in greedy]
        while not all(future.done() for future in running):
            highest = max(highest, memory_mib(server.process.pid))
            time.sleep(0.05)
    assert highest < before + len(greedy) * (MEMORY_MIB + 50)
    assert [future.result()[0] for future in running] == [507] * len(greedy)


def connect(server: RunningServer) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=20)


def outcomes(server: RunningServer) -> list[object]:
    return [line["outcome"] for line in server.log() if "outcome" in line]


def is_closed(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /spar",
        b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /heal",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n\r\n",
    ],
    ids=["nothing", "half a line", "half a head", "half a body", "half a second request", "a blank line after one"],
)
def test_a_request_that_is_never_finished_is_given_up(server: RunningServer, sent: bytes) -> None:
    with connect(server) as connection:
        connection.sendall(sent)
        assert is_closed(connection, 5)


def test_a_head_without_end_is_refused(server: RunningServer) -> None:
    with connect(server) as connection:
        connection.sendall(b"GET /sparql HTTP/1.1\r\n")
        filler = (b"X-Filler: " + b"x" * 1_000 + b"\r\n") * 20_000
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            connection.sendall(filler)


def test_a_client_that_does_not_read_does_not_keep_a_worker(server: RunningServer) -> None:
    with connect(server) as connection:
        query = b"SELECT * { ?s ?p ?o }"
        head = (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n"
        )
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(head % len(query) + query)
        time.sleep(WALL_SECONDS + 1)
        assert processor_use(server.process.pid, 0.5) < 0.1
        assert outcomes(server)[-1] == "cut: wall_seconds"


def test_a_client_that_leaves_takes_its_query_with_it(server: RunningServer) -> None:
    with connect(server) as connection:
        query = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        head = (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n"
        )
        connection.sendall(head % len(query) + query)
        time.sleep(0.5)
    time.sleep(0.5)
    assert processor_use(server.process.pid, 0.5) < 0.1
    assert outcomes(server)[-1] == "client gone"


def test_two_thousand_idle_connections_do_not_disturb(server: RunningServer) -> None:
    bound = undisturbed(server)
    idle = [connect(server) for _ in range(2_000)]
    try:
        with Neighbour(server.url) as neighbour:
            time.sleep(1.0)
        assert not neighbour.failures
        assert neighbour.p99 < bound
        time.sleep(1.0)
        assert all(is_closed(connection, 2) for connection in idle)
    finally:
        for connection in idle:
            connection.close()


def test_a_truncated_answer_never_looks_whole(server: RunningServer) -> None:
    """http.client notices, by HTTP/1.1 and by HTTP/1.0, where only a reset can tell."""
    for version in (11, 10):
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        connection._http_vsn = version  # type: ignore[attr-defined]
        connection._http_vsn_str = f"HTTP/1.{version - 10}"  # type: ignore[attr-defined]
        connection.request(
            "POST", "/sparql", b"SELECT * { ?a ?b ?c . ?d ?e ?f }", {"Content-Type": "application/sparql-query"}
        )
        response = connection.getresponse()
        assert response.status == 200
        with contextlib.closing(connection), pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            response.read()
