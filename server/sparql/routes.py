"""The endpoint's place in the server: `/sparql`, and the path under which Wikidata's tools look for it."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from server.context import Context
from server.sparql.endpoint import Endpoint

PATHS = ("/sparql", "/bigdata/namespace/wdq/sparql")


def routes(context: Context) -> list[BaseRoute]:
    """The endpoint under each of its paths."""
    endpoint = Endpoint(context)
    return [Route(path, endpoint, methods=None) for path in PATHS]
