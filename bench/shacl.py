"""Seconds of processor time and peak memory of validation in bulk, beside pySHACL, on generated events.

    python -m bench.shacl                       1,000, 10,000 and 100,000 events
    python -m bench.shacl --graph dump.nq       a graph that was built
    python -m bench.shacl --sizes 100 --limit 3600

`pySHACL` is pySHACL on rdflib as it is; `prepared` the same with each query parsed once. An engine that takes longer
than the limit is stopped. Every engine that ends must find the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from queue import Empty

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import Graph

from graph import validation
from graph.model import Finding
from graph.namespaces import TYPE, typed
from graph.namespaces import term as named
from graph.validation import plain
from graph.validation.shapes import load
from tests.shape_fixtures import BASE, good

SIZES = (1_000, 10_000, 100_000)
EVERY = 100  # every hundredth event ends before it starts
STATED = ("z:order", "z:partOf", "z:agent", "z:place", "z:earliest", "z:latest")
Term = NamedNode | Literal


def entity(name: str) -> NamedNode:
    return NamedNode(f"{BASE}entity/{name}")


def events(count: int) -> Iterator[Quad]:
    """Give events in the form of the shipped graph, with their statements, evidence and names."""
    passage = next(quad.object for quad in good().quads_for_pattern(entity("Q50"), named("z:passage"), None))
    assert isinstance(passage, NamedNode)
    for number in range(count):
        event = entity(f"Q{1_000_000 + number}")
        day = date(1941, 9, 17) + timedelta(days=number % 20)
        ends = day - timedelta(days=1) if number % EVERY == 0 else day
        values: tuple[Term, ...] = (
            typed(str(1_000 + number), "xsd:integer"),
            entity("Q40"),
            entity("Q10" if number % 2 else "Q14"),
            entity("Q30"),
            typed(day.isoformat(), "xsd:date"),
            typed(ends.isoformat(), "xsd:date"),
        )
        yield from _event(event, passage)
        for name, value in zip(STATED, values, strict=True):
            yield Quad(event, named(name), value)
            yield from _statement(event, named(name), value, passage)


def _event(event: NamedNode, passage: NamedNode) -> Iterator[Quad]:
    for kind in ("wikibase:Item", "z:Event", "z:Capture", "z:Action", "z:Occurrence"):
        yield Quad(event, TYPE, named(kind))
    for language in ("en", "zh-hans", "zh-hant"):
        for predicate in ("rdfs:label", "schema:description"):
            yield Quad(event, named(predicate), Literal(event.value[-9:], language=language))
    yield Quad(event, named("z:passage"), passage)
    yield Quad(event, named("z:statedIn"), entity("Q1"))
    yield Quad(entity("Q40"), named("z:hasPart"), event)


def _statement(event: NamedNode, predicate: NamedNode, value: Term, passage: NamedNode) -> Iterator[Quad]:
    node = NamedNode(f"{event.value.replace('/entity/', '/entity/statement/')}-{predicate.value.rpartition('#')[2]}")
    reference = NamedNode(f"{BASE}reference/{event.value[-7:-2]}")
    yield Quad(event, NamedNode(f"{BASE}prop/P1"), node)
    yield Quad(node, TYPE, named("wikibase:Statement"))
    yield Quad(node, named("wikibase:rank"), named("wikibase:NormalRank"))
    yield Quad(node, NamedNode(f"{BASE}prop/statement/P1"), value)
    yield Quad(node, named("rdf:subject"), event)
    yield Quad(node, named("rdf:predicate"), predicate)
    yield Quad(node, named("rdf:object"), value)
    yield Quad(node, named("z:passage"), passage)
    yield Quad(node, named("prov:wasDerivedFrom"), reference)
    yield Quad(reference, TYPE, named("wikibase:Reference"))
    quote = next(quad.object for quad in _QUOTES if quad.subject == passage)
    yield Quad(reference, NamedNode(f"{BASE}prop/reference/P1"), quote)


_QUOTES = tuple(good().quads_for_pattern(None, named("z:quote"), None))


def _store(source: int | Path) -> Store:
    store = Store() if isinstance(source, Path) else good()
    if isinstance(source, Path):
        store.bulk_extend(parse(path=str(source), format=RdfFormat.N_QUADS))
    else:
        store.bulk_extend(events(source))
    return store


def _bulk(store: Store) -> Iterator[Finding]:
    yield from validation.validate(list(store)).findings


def _plain(store: Store) -> Iterator[Finding]:
    data = Graph()
    data += plain.graph_of(store)
    yield from plain.findings(data, load(validation.files()))


def _prepared(store: Store) -> Iterator[Finding]:
    yield from plain.findings(plain.graph_of(store), load(validation.files()))


ENGINES: dict[str, Callable[[Store], Iterator[Finding]]] = {"bulk": _bulk, "prepared": _prepared, "pySHACL": _plain}


def _measure(engine: str, source: int | Path, answers: multiprocessing.Queue[str]) -> None:
    store = _store(source)
    before = time.process_time()
    found = {(f.severity, f.shape, f.component, f.focus, f.path, f.value) for f in ENGINES[engine](store)}
    seconds = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    digest = hashlib.sha256(repr(sorted(found)).encode()).hexdigest()[:12]
    answers.put(
        json.dumps({"seconds": seconds, "peak": peak, "findings": len(found), "digest": digest, "triples": len(store)})
    )


def measured(engine: str, source: int | Path, limit: float) -> dict[str, float | str] | None:
    """Give what an engine took and found in a process of its own; None where it was stopped at the limit."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_measure, args=(engine, source, answers))
    process.start()
    try:
        answer: dict[str, float | str] = json.loads(answers.get(timeout=limit))
    except Empty:
        process.kill()
        return None
    finally:
        process.join()
    return answer


def table(sources: list[int | Path], engines: list[str], limit: float) -> bool:
    """Print the table, and tell whether all engines that ended found the same."""
    same = True
    print(f"{'graph':>12} {'engine':>9} {'triples':>10} {'CPU s':>9} {'MiB':>7} {'findings':>9}  digest")
    for source in sources:
        digests = set()
        for engine in engines:
            answer = measured(engine, source, limit)
            name = source.name if isinstance(source, Path) else f"{source:,}"
            if answer is None:
                print(f"{name:>12} {engine:>9} {'':>10} {'stopped':>9} after {limit:.0f} s", flush=True)
                continue
            digests.add(answer["digest"])
            print(
                f"{name:>12} {engine:>9} {answer['triples']:>10,} {answer['seconds']:>9.2f} {answer['peak']:>7,}"
                f" {answer['findings']:>9,}  {answer['digest']}",
                flush=True,
            )
        same = same and len(digests) <= 1
    return same


def main() -> None:
    """Print the table; it is an error when two engines find different things."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="numbers of generated events")
    parser.add_argument("--graph", type=Path, help="an N-Quads file to measure beside them")
    parser.add_argument("--engines", nargs="*", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--limit", type=float, default=600, help="seconds after which an engine is stopped")
    options = parser.parse_args()
    sources = [*options.sizes, *([options.graph] if options.graph else [])]
    if not table(sources, options.engines, options.limit):
        parser.exit(1, "the engines do not find the same\n")


if __name__ == "__main__":
    main()
