"""Rules of inference (SPARQL CONSTRUCT, one a file) -> the triples that follow, in a graph of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from pyoxigraph import BlankNode, Quad, QueryTriples, Store, Triple

from graph.errors import ZhanshiError
from graph.namespaces import Namespaces

FOLDER = Path(__file__).resolve().parent.parent / "ontology" / "rules"


def files(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Give the rules in the order in which they are run, that of their names; none is an error."""
    found = tuple(sorted(folder.glob("*.rq")))
    if not found:
        raise ZhanshiError(f"{folder}: no rule; the installation is incomplete")
    return found


def derive(store: Store, base: str, folder: Path = FOLDER) -> Iterator[Quad]:
    """Give what follows from the union of the store's graphs and is not yet said in it, sorted rule by rule.

    Each rule sees what the rules before it derived: the quads are added to the store as they are given. IRIs that a
    rule makes are resolved against `base`; a rule that makes blank nodes is an error, for they have no fixed name.
    """
    graph = Namespaces(base).graph("derived")
    for path in files(folder):
        quads = sorted((Quad(t.subject, t.predicate, t.object, graph) for t in _fresh(path, store, base)), key=str)
        store.extend(quads)
        yield from quads


def _fresh(path: Path, store: Store, base: str) -> Iterator[Triple]:
    try:
        query = path.read_text(encoding="utf-8")
        result = store.query(query, base_iri=base, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise ZhanshiError(f"{path}: {error}") from error
    for triple in set(cast(QueryTriples, result)):
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise ZhanshiError(f"{path}: the rule makes a blank node; make an IRI from the parts instead")
        if next(store.quads_for_pattern(triple.subject, triple.predicate, triple.object), None) is None:
            yield triple
