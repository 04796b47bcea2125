"""The server's surfaces, put together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from server import dumps, openapi, operations, pages, querypage
from server.asgi import Surfaces, problem_handler, problem_response
from server.context import Context
from server.errors import BadRequest, NotFound, Problem
from server.monitoring import Monitoring
from server.pages.respond import respond
from server.reconciliation import routes as reconciliation
from server.settings import Settings
from server.sparql import routes as sparql
from server.sparql.answering import Answering
from server.sparql.shortway import ShortWay
from server.takeup import serving
from server.wikibase import routes as wikibase
from server.wikibase.negotiation import wants_page

STATIC = querypage.STATIC
SURFACES: tuple[Callable[[Context], list[BaseRoute]], ...] = (
    sparql.routes,
    wikibase.routes,
    reconciliation.routes,
    pages.routes,
    dumps.routes,
    querypage.routes,
    operations.routes,
)
"""Each surface is a function that makes its routes; a new one is one more line here."""


class Server:
    """The endpoint's paths straight to the endpoint, all others to FastAPI."""

    def __init__(self, endpoints: dict[str, Answering], others: ASGIApp) -> None:
        self._endpoints = endpoints
        self._others = others
        self.shortcut = ShortWay(endpoints)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        endpoint: ASGIApp | None = self._endpoints.get(scope.get("path", "")) if scope["type"] == "http" else None
        await (endpoint or self._others)(scope, receive, send)


def create_app(settings: Settings) -> Server:
    """The ASGI application over what is published in the settings' data directory."""
    monitoring = Monitoring(access_log=settings.access_log, log_queries=settings.log_queries)
    context = Context(settings, monitoring)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with serving(context):
            yield

    app = FastAPI(title="zhanshi", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.context = context
    app.add_exception_handler(Problem, problem_handler)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(404, _no_route)
    app.add_exception_handler(405, _wrong_method)
    for surface in SURFACES:
        app.router.routes.extend(surface(context))
    app.router.routes.append(Mount("/static", StaticFiles(directory=STATIC)))
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    endpoints = {
        route.path: route.app
        for route in app.router.routes
        if isinstance(route, Route) and isinstance(route.app, Answering) and "{" not in route.path
    }
    return Server(endpoints, Surfaces(app, monitoring))


async def _not_found(request: Request, problem: Exception) -> Response:
    """A page for who reads pages, a problem document for everybody else."""
    assert isinstance(problem, NotFound)
    if not wants_page(request):
        return problem_response(problem)
    context: Context = request.app.state.context
    return respond(context, request, "missing.html", status=problem.code, problem=problem)


async def _no_route(request: Request, _: Exception) -> Response:
    return await _not_found(request, NotFound(f"There is nothing at {request.url.path}."))


async def _wrong_method(request: Request, error: Exception) -> Response:
    allowed = dict(getattr(error, "headers", None) or {})
    detail = f"{request.url.path} does not take {request.method}; it takes {allowed.get('Allow', 'GET')}."
    return problem_response(BadRequest(detail, status=405, headers=allowed))
