"""Reconciliation on a published graph: milliseconds of a batch of ten queries, as OpenRefine sends them.

    python -m bench.reconciliation --data data

The server runs on loopback with nothing else to do; names are the graph's own formations, misspelt ones among them.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import httpx

from tests.serving import RunningServer, serving

BATCHES, SIZE = 100, 10
LIMIT = 100.0
"""Milliseconds that a batch may take."""
FORMATION, SIDE = "Q139", "P945"
NAMES = "SELECT DISTINCT ?name ?side { ?unit a z:Formation ; z:side ?side ; rdfs:label|skos:altLabel ?name }"


def kinds(server: RunningServer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Kinds of query, each with its variants."""
    rows = server.rows(NAMES)
    sides = [(row["name"], row["side"]) for row in rows]
    yield "name and class", [{"query": name, "type": FORMATION} for name, _ in sides]
    yield (
        "name, class and side",
        [{"query": name, "type": FORMATION, "properties": [{"pid": SIDE, "v": side}]} for name, side in sides],
    )
    yield "name alone", [{"query": name} for name, _ in sides]
    yield "misspelt name", [{"query": f"{name[:-1]}某{name[-1]}", "type": FORMATION} for name, _ in sides]


def milliseconds(server: RunningServer, queries: list[dict[str, Any]], chance: random.Random) -> list[float]:
    """How long each of many batches takes, sorted."""
    found = []
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for _ in range(BATCHES):
            batch = {f"q{i}": chance.choice(queries) for i in range(SIZE)}
            started = time.perf_counter()
            client.post("/reconcile", data={"queries": json.dumps(batch)}).raise_for_status()
            found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), default=Path("data"), show_default=True)
def main(data: Path) -> None:
    """Print a table."""
    chance = random.Random(1939)
    with serving(data) as server:
        started = time.perf_counter()
        httpx.post(f"{server.url}/reconcile", data={"query": "x"}, timeout=60).raise_for_status()
        click.echo(f"first answer, with the search being built: {time.perf_counter() - started:.1f} s")
        click.echo(f"{'ten queries, milliseconds':28}{'median':>8}{'p99':>8}{'worst':>8}{'limit':>8}")
        for kind, queries in kinds(server):
            times = milliseconds(server, queries, chance)
            figures = (statistics.median(times), times[int(len(times) * 0.99) - 1], times[-1], LIMIT)
            click.echo(f"{kind:28}" + "".join(f"{figure:8.1f}" for figure in figures))


if __name__ == "__main__":
    main()
