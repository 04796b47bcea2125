"""Seconds of processor time and peak memory of validation in bulk, beside pySHACL, on generated events.

    python -m bench.shacl                                         1,000, 10,000 and 100,000 events
    python -m bench.shacl --graph dump.nq --engines bulk          a graph that was built
    python -m bench.shacl --sizes 0 50 100 200 500 --limit 3600   how an engine grows
    python -m bench.shacl --sizes 100000 --sample 1000            engines compared on some focus nodes of a large graph

`pySHACL` is pySHACL as it is on an rdflib graph in memory, without inference; `prepared` the same with each query
parsed once; `oxrdflib` is pySHACL with the data and the shapes in rdflib's Oxigraph store, where that is installed:
SPARQL is then Oxigraph's, which is how pySHACL is fastest. Loading is counted. An engine that takes more than the limit
is stopped and not tried on larger graphs: the table says so, with what straight growth comes to there. Every engine
that ends must find the same.

With `--sample N` the graph is whole, and each shape looks at N of its focus nodes, drawn at random with a fixed seed; a
shape of fewer looks at a few of them, for each of those may be a question about the whole graph. Bulk looks at all, and
what it finds at those drawn must be what the others find.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import multiprocessing
import random
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import linear_regression

from pyoxigraph import RdfFormat, Store, parse
from rdflib import SH, Graph, URIRef

from bench.shacl_events import store_of
from graph import validation
from graph.model import Finding
from graph.validation import plain
from graph.validation.bulk import Bulk
from graph.validation.shapes import TARGETS, load, shapes

SIZES = (1_000, 10_000, 100_000)
FEW = 3  # focus nodes of a shape that has fewer than the sample
SEED = 1939
Source = int | Path
Sample = dict[str, list[str]]


@dataclass(frozen=True)
class Answer:
    """What an engine took on a graph, and a digest of what it found."""

    triples: int
    seconds: float
    peak: int
    findings: int
    digest: str


def _store(source: Source) -> Store:
    if isinstance(source, int):
        return store_of(source)
    store = Store()
    store.bulk_extend(parse(path=str(source), format=RdfFormat.N_QUADS))
    return store


def drawn(store: Store, size: int) -> Sample:
    """Give focus nodes of each shape, drawn at random: that many where it has more, else a few."""
    chance, bulk = random.Random(SEED), Bulk(store)
    sample: Sample = {}
    for shape in shapes(load(validation.files())):
        nodes = bulk.focus(shape)
        sample[shape.name] = sorted(chance.sample(nodes, min(len(nodes), size if len(nodes) > size else FEW)))
    return sample


def aimed(graph: Graph, sample: Sample | None) -> Graph:
    """Give the shapes with what was drawn as their targets; without a sample, as they are."""
    if sample is None:
        return graph
    kept = Graph()
    kept += (triple for triple in graph if triple[1] not in TARGETS)
    for shape, nodes in sample.items():
        for node in nodes:
            kept.add((URIRef(shape), SH.targetNode, URIRef(node)))
    return kept


def _bulk(store: Store, sample: Sample | None) -> Iterator[Finding]:
    parents = {str(inner): str(outer) for outer, inner in load(validation.files()).subject_objects(SH.property)}
    chosen = {(shape, node) for shape, nodes in (sample or {}).items() for node in nodes}
    for finding in validation.validate(list(store)).findings:
        if sample is None or (parents.get(finding.shape, finding.shape), finding.focus) in chosen:
            yield finding


def _plain(store: Store, sample: Sample | None) -> Iterator[Finding]:
    data = plain.graph_of(store, Graph())
    yield from plain.findings(data, aimed(load(validation.files()), sample))


def _prepared(store: Store, sample: Sample | None) -> Iterator[Finding]:
    yield from plain.findings(plain.graph_of(store), aimed(load(validation.files()), sample))


def _on_oxigraph(store: Store, sample: Sample | None) -> Iterator[Finding]:
    data, graph = Graph("Oxigraph"), Graph("Oxigraph")
    data += plain.graph_of(store)
    graph += aimed(load(validation.files()), sample)
    yield from plain.findings(data, graph)


ENGINES: dict[str, Callable[[Store, Sample | None], Iterator[Finding]]] = {
    "bulk": _bulk,
    "oxrdflib": _on_oxigraph,
    "prepared": _prepared,
    "pySHACL": _plain,
}


def _measure(engine: str, source: Source, limit: float, size: int, answers: Connection) -> None:
    store = _store(source)
    sample = drawn(store, size) if size else None
    before = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(before + limit), resource.RLIM_INFINITY))
    found = {(f.severity, f.shape, f.component, f.focus, f.path, f.value) for f in ENGINES[engine](store, sample)}
    seconds = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    digest = hashlib.sha256(repr(sorted(found)).encode()).hexdigest()[:12]
    answers.send(Answer(len(store), seconds, peak, len(found), digest))


def measured(engine: str, source: Source, limit: float, size: int = 0) -> Answer | None:
    """Give what an engine took and found in a process of its own; None where it was stopped at the limit.

    Raises RuntimeError where it ended for another reason.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(engine, source, limit, size, sender))
    process.start()
    sender.close()
    answer: Answer | None = None
    with contextlib.suppress(EOFError):
        answer = receiver.recv()
    process.join()
    if answer is None and process.exitcode != -signal.SIGXCPU:
        raise RuntimeError(f"{engine} ended with exit code {process.exitcode}")
    return answer


def expected(size: int, known: Sequence[tuple[int, float]]) -> float | None:
    """Give the seconds that straight growth through what was measured comes to; None where fewer than two were."""
    if len(known) < 2:
        return None
    slope, start = linear_regression(*zip(*known, strict=True))
    return start + slope * size


def table(sources: Sequence[Source], engines: Sequence[str], limit: float, size: int = 0) -> bool:
    """Print the table, and tell whether all engines that ended found the same."""
    print(f"{'graph':>12} {'engine':>9} {'triples':>10} {'CPU s':>9} {'MiB':>7} {'findings':>9}  digest")
    digests: dict[Source, set[str]] = {source: set() for source in sources}
    for engine in engines:
        for source, answer in _runs(engine, sources, limit, size):
            if answer:
                digests[source].add(answer.digest)
    return all(len(found) <= 1 for found in digests.values())


def _runs(engine: str, sources: Sequence[Source], limit: float, size: int) -> Iterator[tuple[Source, Answer | None]]:
    known: list[tuple[int, float]] = []
    stopped = False
    for source in sources:
        name = source.name if isinstance(source, Path) else f"{source:,}"
        answer = None if stopped else measured(engine, source, limit, size)
        if answer is None:
            stopped = True
            estimate = expected(source, known) if isinstance(source, int) else None
            growth = f"   straight growth comes to {estimate:,.0f} s" if estimate else ""
            print(f"{name:>12} {engine:>9} {'':>10} {f'> {limit:,.0f}':>9}{growth}", flush=True)
        else:
            known += [(source, answer.seconds)] if isinstance(source, int) else []
            print(
                f"{name:>12} {engine:>9} {answer.triples:>10,} {answer.seconds:>9.2f} {answer.peak:>7,}"
                f" {answer.findings:>9,}  {answer.digest}",
                flush=True,
            )
        yield source, answer


def available() -> list[str]:
    """Give the engines that are installed."""
    return [name for name in ENGINES if name != "oxrdflib" or find_spec("oxrdflib")]


def main() -> None:
    """Print the table; it is an error when two engines find different things."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="numbers of generated events, rising")
    parser.add_argument("--graph", type=Path, help="an N-Quads file to measure beside them")
    parser.add_argument("--engines", nargs="*", choices=list(ENGINES), default=available())
    parser.add_argument("--limit", type=int, default=600, help="seconds of processor time an engine may take")
    parser.add_argument("--sample", type=int, default=0, help="focus nodes of a shape that engines are compared on")
    options = parser.parse_args()
    sources: list[Source] = [*options.sizes, *([options.graph] if options.graph else [])]
    if not table(sources, options.engines, options.limit, options.sample):
        parser.exit(1, "the engines do not find the same\n")


if __name__ == "__main__":
    main()
