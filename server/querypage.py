"""The query page: YASGUI with this graph's prefixes and example queries."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.examples import examples
from server.pages.documents import recipe
from server.prefixes import prefixes

STATIC = Path(__file__).resolve().parent / "static"


def routes(context: Context) -> list[BaseRoute]:
    """`/query`, and `/` which leads there until a surface before this one takes it."""

    async def query(request: Request) -> Response:
        shown = examples()
        configuration = {
            "endpoint": context.url(request, "sparql"),
            "prefixes": prefixes(context.publication.base),
            "start": recipe(),
            "examples": [{"name": e.name, "query": e.query} for e in shown],
        }
        return context.page(request, "query.html", examples=shown, configuration=configuration)

    async def home(request: Request) -> Response:
        return RedirectResponse(context.url(request, "query"), status_code=302)

    return [Route("/query", query), Route("/", home)]
