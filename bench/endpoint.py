"""The endpoint beside others on the same store: requests a second, p99, memory. Prints a table.

    python -m bench.endpoint                     a generated graph of a million triples
    python -m bench.endpoint --data data         what is published there

The anchor is the native `oxigraph serve-read-only`; each figure is followed by its ratio to the anchor's.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pyoxigraph as ox

from bench import generated
from bench.endpoint_load import Load, require_wrk, run
from bench.endpoint_servers import Contender, contenders, memory_mib, processor_seconds, running
from tests.serving import publish

PREFIXES = (
    "PREFIX z: <https://w3id.org/zhanshi/ontology#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
SLOW = "rdflib-endpoint"
"""Asked by one client only: it answers one query after another."""
VARIANTS = 1_000
COMMANDS = 80
BELOW = 60


@dataclass(frozen=True)
class Kind:
    """A kind of query: its name, its variants, whether it constructs triples."""

    name: str
    queries: tuple[str, ...]
    graph: bool = False


def kinds(store: ox.Store) -> list[Kind]:
    """Six kinds of query over the events and formations that the store has."""
    chance = random.Random(1939)
    events = _values(store, "SELECT DISTINCT ?x { ?x z:agent ?y }")
    units = _commands(store)
    types = _values(store, "SELECT DISTINCT ?x { ?e z:agent ?u ; a ?x }")
    battles = _values(store, "SELECT DISTINCT ?x { ?e z:agent ?u ; z:partOf ?x }")
    days = sorted(_values(store, "SELECT DISTINCT ?x { ?e z:earliest ?x }"))
    return [
        Kind("point", tuple(_point(event) for event in _some(chance, events))),
        Kind("star", tuple(_star(chance, types, battles, days) for _ in range(VARIANTS))),
        Kind("group", (PREFIXES + GROUP,)),
        Kind("path", tuple(_path(unit) for unit in _some(chance, units))),
        Kind("rows", (PREFIXES + "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100000",)),
        Kind("construct", (PREFIXES + "CONSTRUCT { ?s z:is ?o } WHERE { ?s a ?o } LIMIT 50000",), graph=True),
    ]


GROUP = (
    "SELECT ?type (COUNT(?e) AS ?n) (MIN(?d) AS ?first) (MAX(?d) AS ?last) "
    "{ ?e a ?type ; z:earliest ?d } GROUP BY ?type"
)


def _values(store: ox.Store, query: str) -> list[str]:
    rows = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return sorted(str(row["x"]) for row in rows if isinstance(row["x"], ox.NamedNode | ox.Literal))


def _commands(store: ox.Store) -> list[str]:
    """The units below which there are about BELOW others, by any number of steps."""
    below: dict[str, set[str]] = {}
    rows = store.query(PREFIXES + "SELECT DISTINCT ?u ?s { ?u z:subordinateTo ?s }", use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        below.setdefault(str(row["s"]), set()).add(str(row["u"]))
    sizes = {unit: len(_descendants(unit, below)) for unit in below}
    return sorted(sizes, key=lambda unit: (abs(sizes[unit] - BELOW), unit))[:COMMANDS]


def _descendants(unit: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [unit]
    while waiting:
        new = below.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found


def _some(chance: random.Random, values: list[str]) -> list[str]:
    return chance.sample(values, min(VARIANTS, len(values)))


def _point(event: str) -> str:
    return f"SELECT ?p ?o ?s ?q {{ {{ {event} ?p ?o }} UNION {{ ?s ?q {event} }} }}"


def _star(chance: random.Random, types: list[str], battles: list[str], days: list[str]) -> str:
    place = chance.randrange(len(days))
    first, last = days[place], days[min(place + len(days) // 4, len(days) - 1)]
    return PREFIXES + (
        f"SELECT ?e ?label ?unit ?d {{ ?e a {chance.choice(types)} ; z:partOf {chance.choice(battles)} ; "
        "z:agent ?unit ; z:earliest ?d ; rdfs:label ?label "
        f"FILTER(?d >= {first} && ?d <= {last} && LANG(?label) = 'en') }} LIMIT 100"
    )


def _path(unit: str) -> str:
    return PREFIXES + (
        f"SELECT ?u ?label {{ ?u z:subordinateTo+ {unit} ; rdfs:label ?label FILTER(LANG(?label) = 'en') }}"
    )


@contextmanager
def published(data: Path | None, triples: int) -> Iterator[Path]:
    """The data directory given, or one with a generated graph of so many triples."""
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="zhanshi-bench-") as folder:
        publish(Path(folder), generated.quads(triples))
        yield Path(folder)


@dataclass(frozen=True)
class Measured:
    """A run's load, and the processor seconds that the server spent on it."""

    load: Load
    processor_seconds: float

    @property
    def milliseconds(self) -> float:
        """Processor milliseconds for each request, those of warming up included."""
        return self.processor_seconds * 1000 / max(1, self.load.requests + self.load.warming)


def measure(
    contender: Contender, data: Path, chosen: list[Kind], clients: int, seconds: int
) -> tuple[dict[str, Measured], float]:
    """What each kind of query gave, and the most MiB held after one of them."""
    found, memory = {}, 0.0
    with running(contender, data) as (url, pid):
        for kind in chosen:
            count = 1 if contender.name == SLOW else clients
            before = processor_seconds(pid)
            load = run(url, list(kind.queries), graph=kind.graph, clients=count, seconds=seconds)
            found[kind.name] = Measured(load, processor_seconds(pid) - before)
            memory = max(memory, memory_mib(pid))
    return found, memory


def table(results: dict[str, tuple[dict[str, Measured], float]], names: list[str], clients: int) -> str:
    """Markdown tables of requests a second, p99 and processor time, with ratios to the first server."""
    anchor = next(iter(results.values()))[0]
    lines = [f"\nload of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"]
    for title, figure in FIGURES.items():
        lines += [f"\n{clients} clients: {title} (ratio to the first server)\n", _line("server", [*names, "MiB"])]
        lines.append(_line("---", ["---:"] * (len(names) + 1)))
        for name, (found, memory) in results.items():
            cells = [f"{figure(found[kind]):.2f} ({_ratio(figure, found[kind], anchor[kind])})" for kind in names]
            lines.append(_line(name, [*cells, f"{memory:.0f}"]))
    failed = {name: sum(m.load.failed for m in found.values()) for name, (found, _) in results.items()}
    return "\n".join([*lines, f"\nfailed requests: {failed}"])


FIGURES: dict[str, Callable[[Measured], float]] = {
    "requests a second": lambda measured: measured.load.rate,
    "p99 in ms": lambda measured: measured.load.p99,
    "processor ms a request": lambda measured: measured.milliseconds,
}


def _line(head: str, cells: list[str]) -> str:
    return f"| {head} | {' | '.join(cells)} |"


def _ratio(figure: Callable[[Measured], float], measured: Measured, anchor: Measured) -> str:
    return f"{figure(measured) / figure(anchor):.2f}" if figure(anchor) else "-"


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True), help="A data directory; without it, a graph is made."
)
@click.option("--triples", default=1_000_000, show_default=True, help="Size of the graph that is made.")
@click.option("--clients", "client_counts", multiple=True, type=int, default=(8, 32), show_default=True)
@click.option("--seconds", default=5, show_default=True, help="Seconds of load for each figure.")
@click.option("--kind", "wanted", multiple=True, help="Only these kinds of query.")
@click.option("--server", "servers", multiple=True, help="Only servers whose name begins so; the first is the anchor.")
def main(
    data: Path | None, triples: int, client_counts: tuple[int, ...], seconds: int, wanted: tuple[str, ...],
    servers: tuple[str, ...],
) -> None:  # fmt: skip
    """Compare the endpoint with others."""
    require_wrk()
    with published(data, triples) as directory:
        chosen = [
            k for k in kinds(ox.Store.read_only(str(directory / "current" / "store"))) if k.name in wanted or not wanted
        ]
        for clients in client_counts:
            results = {
                contender.name: measure(contender, directory, chosen, clients, seconds)
                for contender in contenders()
                if not servers or contender.name.startswith(servers)
                if contender.name != SLOW or clients == client_counts[0]
            }
            click.echo(table(results, [kind.name for kind in chosen], clients))


if __name__ == "__main__":
    main()
