"""`/.well-known/void`: what the dataset is, from the build's own description of it."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from server.context import Context
from server.formats import GRAPHS, GRAPHS_ENGINE, choose, not_acceptable
from server.prefixes import used_prefixes
from server.publication import Publication
from server.sparql.description import INTEGER, TYPE, VOID

DATASET = ox.NamedNode(VOID + "Dataset")


def dataset_description(publication: Publication, endpoint: str) -> list[ox.Triple]:
    """The triples of the graphs that describe a void:Dataset, and where it is answered for here."""
    described = list(publication.store.quads_for_pattern(None, TYPE, DATASET, None))
    graphs = dict.fromkeys(quad.graph_name for quad in described)
    triples = [quad.triple for graph in graphs for quad in publication.store.quads_for_pattern(None, None, None, graph)]
    datasets = list(dict.fromkeys(quad.subject for quad in described)) or [ox.NamedNode(publication.base + "dataset")]
    if not described:
        count = ox.Literal(str(publication.quads), datatype=INTEGER)
        triples = [
            ox.Triple(datasets[0], TYPE, DATASET),
            ox.Triple(datasets[0], ox.NamedNode(VOID + "triples"), count),
            ox.Triple(datasets[0], ox.NamedNode(VOID + "uriSpace"), ox.Literal(publication.base)),
        ]
    whole = min(datasets, key=lambda node: len(str(node)))
    triples.append(ox.Triple(whole, ox.NamedNode(VOID + "sparqlEndpoint"), ox.NamedNode(endpoint)))
    return list(dict.fromkeys(triples))


async def answer(context: Context, request: Request) -> Response:
    """The description in the wanted format; raises NotAcceptable."""
    name = choose(request.headers.get("accept", ""), GRAPHS)
    if name is None:
        raise not_acceptable(GRAPHS)
    publication = context.publication
    triples = dataset_description(publication, context.url(request, "sparql"))
    prefixes = used_prefixes(publication.base, triples)
    body = ox.serialize(triples, format=GRAPHS_ENGINE[name], prefixes=prefixes)
    return Response(body, media_type=GRAPHS[name].media_type, headers={"vary": "Accept"})
