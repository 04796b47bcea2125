"""The Wikibase surface's places in the server."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.publication import Publication
from server.wikibase import data, resources, rest
from server.wikibase.api import endpoint
from server.wikibase.resources import DataRoute

Handler = Callable[[Request, Publication], Response]


def routes(context: Context) -> list[BaseRoute]:
    """Entity data, the IRIs of the graph, the action API and the REST API.

    Stands before the pages: who wants a page at `/text/NAME` is left to them.
    """

    def bound(handler: Handler) -> Callable[[Request], Response]:
        return lambda request: handler(request, context.publication)

    def entity_data(request: Request) -> Response:
        return data.answer(request, context.publication, request.path_params.get("name", ""))

    async def api(request: Request) -> Response:
        return await endpoint.answer(request, context)

    return [
        Route("/w/api.php", api, methods=["GET", "POST"]),
        Route("/w/index.php", bound(resources.index)),
        *rest.routes(context),
        Route(f"/{data.PATH}", entity_data),
        Route(f"/{data.PATH}/{{name}}", entity_data),
        Route("/entity/statement/{name}", bound(resources.statement)),
        Route("/entity/{name}", bound(resources.entity)),
        Route("/prop/{name:path}", bound(resources.prop)),
        Route("/passage/{name}/{span}", bound(resources.passage)),
        Route("/reference/{name}", bound(resources.node)),
        Route("/value/{name}", bound(resources.node)),
        Route("/mention/{name:path}", bound(resources.node)),
        DataRoute("/text/{name}", bound(resources.text)),
    ]
