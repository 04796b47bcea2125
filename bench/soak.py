"""Half an hour of mixed load on the endpoint: memory and processes at the start and at the end, and every failure.

    python -m bench.soak --data data --minutes 30

Small, large, slow and hostile queries at once; clients that leave early among them.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import Counter
from pathlib import Path

import click
import httpx

from bench.endpoint import published
from bench.endpoint_servers import memory_mib
from tests.attacks import ATTACKS
from tests.serving import serving

SMALL = "SELECT ?p ?o { <https://w3id.org/zhanshi/entity/E%d> ?p ?o }"
GROUP = "SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t"
LARGE = "SELECT * { ?s ?p ?o } LIMIT 50000"
CLIENTS = 6
LONGEST_URL = 8_000
GOOD = frozenset({200, 400, 403, 413, 422, 503, 504, 507})


class Client(threading.Thread):
    """One client, which asks until it is told to stop."""

    def __init__(self, url: str, seed: int, stop: threading.Event, outcomes: Counter[str]) -> None:
        super().__init__()
        self._url, self._chance, self._stop_asked, self._outcomes = url, random.Random(seed), stop, outcomes

    def run(self) -> None:
        """Ask one query after another."""
        with httpx.Client(timeout=60) as client:
            while not self._stop_asked.is_set():
                self._outcomes[self._ask(client)] += 1

    def _ask(self, client: httpx.Client) -> str:
        query, leaves = self._query()
        try:
            with self._send(client, query) as response:
                if response.status_code not in GOOD:
                    return f"status {response.status_code}"
                for _ in response.iter_raw():
                    if leaves:
                        return "left"
                return "answered" if response.status_code == 200 else "refused"
        except httpx.TransportError:
            return "cut"

    def _send(self, client: httpx.Client, query: str) -> contextlib.AbstractContextManager[httpx.Response]:
        """Ask by GET where a URL may be so long, as most clients do."""
        endpoint = f"{self._url}/sparql"
        if len(query) < LONGEST_URL:
            return client.stream("GET", endpoint, params={"query": query})
        return client.stream("POST", endpoint, data={"query": query})

    def _query(self) -> tuple[str, bool]:
        draw = self._chance.random()
        if draw < 0.90:
            return SMALL % self._chance.randrange(50_000), False
        if draw < 0.97:
            return GROUP, False
        if draw < 0.99:
            return LARGE, self._chance.random() < 0.3
        return self._chance.choice(ATTACKS).query, self._chance.random() < 0.2


def processes(pid: int) -> int:
    """How many processes there are from that one down."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return 1 + sum(processes(int(child)) for child in children)


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), help="A data directory; else a graph is made.")
@click.option("--triples", default=200_000, show_default=True, help="Size of the graph that is made.")
@click.option("--minutes", default=30.0, show_default=True, help="How long.")
def main(data: Path | None, triples: int, minutes: float) -> None:
    """Put mixed load on the endpoint and print its memory once a minute."""
    outcomes: Counter[str] = Counter()
    stop = threading.Event()
    options = (
        "--no-access-log",
        "--wall-seconds=3",
        "--cpu-seconds=3",
        "--memory-mib=400",
        "--client-queries=6",
        "--cache-mib=4",
    )
    with published(data, triples) as directory, serving(directory, *options) as server:
        clients = [Client(server.url, seed, stop, outcomes) for seed in range(CLIENTS)]
        for client in clients:
            client.start()
        click.echo("| minute | MiB, front | MiB, all | processes | outcomes |\n| ---: | ---: | ---: | ---: | --- |")
        started = time.monotonic()
        while time.monotonic() - started < minutes * 60:
            time.sleep(min(60.0, minutes * 60 / 5))
            _report(server.process.pid, (time.monotonic() - started) / 60, outcomes)
        stop.set()
        for client in clients:
            client.join()
        time.sleep(15)
        _report(server.process.pid, (time.monotonic() - started) / 60, outcomes)


def _report(pid: int, minute: float, outcomes: Counter[str]) -> None:
    front = Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = next(int(line.split()[1]) for line in front.splitlines() if line.startswith("Pss:")) / 1024
    told = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
    click.echo(f"| {minute:.1f} | {own:.0f} | {memory_mib(pid):.0f} | {processes(pid)} | {told} |")


if __name__ == "__main__":
    main()
