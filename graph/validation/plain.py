"""pySHACL on an rdflib graph in memory: the reference, and the engine of shapes that the bulk queries do not know."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyshacl
from pyoxigraph import RdfFormat, Store, parse
from rdflib import RDF, SH, Graph, URIRef
from rdflib.plugins.parsers.ntriples import NTGraphSink, W3CNTriplesParser
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import BNode, Literal, Node

from graph.errors import InputError
from graph.model import Finding
from graph.validation.shapes import TARGETS, path_of


class PreparedGraph(Graph):
    """A graph in memory that parses each query once: pySHACL asks the same one anew for every focus node."""

    def __init__(self) -> None:
        super().__init__()
        self._prepared: dict[tuple[str, str], Query] = {}

    def query(self, query_object: str | Query, *rest: Any, **options: Any) -> Result:
        """Give what the graph answers."""
        if isinstance(query_object, str):
            prefixes = options.get("initNs") or {}
            key = (query_object, repr(sorted(prefixes.items())))
            if key not in self._prepared:
                self._prepared[key] = prepareQuery(query_object, initNs=prefixes)
            query_object = self._prepared[key]
        return super().query(query_object, *rest, **options)


class _Sink(NTGraphSink):
    """Takes a parser's triples into a graph, with one object for each term: half the memory."""

    __slots__ = ("terms",)

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self.terms: dict[Node, Node] = {}

    def triple(self, s: Node, p: Node, o: Node) -> None:
        same = self.terms.setdefault
        self.g.add((same(s, s), same(p, p), same(o, o)))


def graph_of(store: Store, graph: Graph | None = None) -> Graph:
    """Give the union of a store's graphs as an rdflib graph in memory, or put it into the graph that is given.

    pySHACL must have such a graph: on a store it is quadratic, and passes constraints that it should not.
    """
    graph = PreparedGraph() if graph is None else graph
    parser = W3CNTriplesParser(_Sink(graph))
    for quad in store:
        parser.parsestring(f"{quad.triple} .\n")
    return graph


def findings(data: Graph, shapes: Graph, names: Iterable[str] | None = None) -> Iterator[Finding]:
    """Give what pySHACL finds with all the shapes, or with those of these names."""
    aimed = shapes if names is None else _only(shapes, frozenset(names))
    _, report, words = pyshacl.validate(data, shacl_graph=aimed, inference="none", advanced=False)
    if not isinstance(report, Graph):
        raise InputError("shapes", words)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield _finding(report, shapes, result)


def _only(shapes: Graph, names: frozenset[str]) -> Graph:
    """Give the shapes where only those of these names have targets."""
    kept = Graph()
    kept += (triple for triple in shapes if triple[1] not in TARGETS or str(triple[0]) in names)
    return kept


def _finding(report: Graph, shapes: Graph, result: Node) -> Finding:
    severity, component, shape = (
        str(report.value(result, predicate))
        for predicate in (SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)
    )
    path = report.value(result, SH.resultPath)
    source = shapes.value(URIRef(shape), SH.path)
    value = report.value(result, SH.value)
    messages = [m for m in report.objects(result, SH.resultMessage) if isinstance(m, Literal)]
    return Finding(
        severity.rpartition("#")[2],
        _focus(report.value(result, SH.focusNode)),
        path_of(shapes, source) if source is not None else path.n3() if path is not None else "",
        "" if value is None else _spelled(value),
        shape,
        component.rpartition("#")[2],
        {message.language or "": str(message) for message in messages},
    )


def _focus(node: Node | None) -> str:
    return node.n3() if isinstance(node, BNode) else str(node)


def _spelled(node: Node) -> str:
    """Give a term as Oxigraph spells it, so that both engines' findings compare."""
    if isinstance(node, BNode):
        return node.n3()
    line = f"<a:a> <a:a> {node.n3()} ."
    (quad,) = parse(line, format=RdfFormat.TURTLE)
    return str(quad.object)
