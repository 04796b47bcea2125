"""SPARQL 1.1 Graph Store Protocol, for reading: one graph, or the union of all, in any RDF format."""

from __future__ import annotations

from urllib.parse import unquote

import pyoxigraph as ox

from server.context import Served
from server.engine.query import Asked
from server.errors import BadRequest, NotFound, Refused
from server.formats import GRAPHS, choose, not_acceptable
from server.gate import READ_ONLY
from server.publication import Publication
from server.sparql.answering import Answering, Exchange
from server.sparql.protocol import parameters

EVERYTHING = "CONSTRUCT WHERE { ?subject ?predicate ?object }"
WRITING = ("PUT", "POST", "DELETE", "PATCH")
ALLOWED = "GET, HEAD, OPTIONS"


class GraphStore(Answering):
    """`/store?graph=IRI` and `/store?default` (indirect), and each graph under its own path (direct)."""

    def __init__(self, *arguments: object, prefix: str) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self._prefix = prefix

    def question(self, exchange: Exchange, served: Served) -> Asked:
        """The query for all triples of the graph; raises NotFound where there is no such graph."""
        method = exchange.scope["method"]
        if method in WRITING:
            raise Refused(READ_ONLY, headers={"Allow": ALLOWED})
        if method not in ("GET", "HEAD"):
            raise BadRequest(f"The graph store takes {ALLOWED}.", status=405, headers={"Allow": ALLOWED})
        graph = choose(exchange.request.accept, GRAPHS)
        if graph is None:
            raise not_acceptable(GRAPHS)
        name = self._graph(exchange, served.publication)
        default = None if name is None else (_existing(name, served.publication),)
        return Asked(text=EVERYTHING, default=default, graph=graph, gzip=exchange.request.gzip)

    def _graph(self, exchange: Exchange, publication: Publication) -> str | None:
        """The IRI of the graph that the request names; None for the union."""
        path: str = exchange.scope["path"]
        if self._prefix and path.startswith(self._prefix):
            return publication.base + path[1:]
        fields = parameters(exchange.request)
        graphs = [value for name, value in fields if name == "graph"]
        default = any(name == "default" for name, _ in fields)
        if len(graphs) + default != 1:
            raise BadRequest("Name one graph: `?graph=` and its IRI, or `?default` for the union of all.")
        return None if default else graphs[0]


def _existing(name: str, publication: Publication) -> str:
    try:
        found = publication.is_empty or publication.store.contains_named_graph(ox.NamedNode(name))
    except ValueError as error:
        raise BadRequest(f"The graph's IRI is not absolute: {unquote(name)[:200]}") from error
    if not found:
        raise NotFound(f"There is no graph {name[:200]} here; the service description at /sparql lists them.")
    return name
