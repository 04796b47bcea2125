"""The endpoint's places in the server: `/sparql`, the path where Wikidata's tools look for it, graphs, and VoID."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.sparql import void
from server.sparql.endpoint import Endpoint
from server.sparql.graphstore import GraphStore
from server.sparql.protocol import PATHS

GRAPH = "/graph/"


def routes(context: Context) -> list[BaseRoute]:
    """The endpoint under each of its paths, the graph store, and the dataset's description."""
    endpoint = Endpoint(context)
    store = GraphStore(context, prefix=GRAPH)

    async def well_known(request: Request) -> Response:
        return await void.answer(context, request)

    return [
        *(Route(path, endpoint, methods=None) for path in PATHS),
        Route("/store", store, methods=None),
        Route(GRAPH + "{name:path}", store, methods=None),
        Route("/.well-known/void", well_known),
    ]
