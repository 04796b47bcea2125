"""The paths of the reconciliation services: 0.2 under /reconcile, the draft of 1.0 under /reconcile/1.0."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.reconciliation import manifests
from server.reconciliation.draft10 import Service10
from server.reconciliation.version02 import Service02

ROOT = "/reconcile"


def routes(context: Context) -> list[BaseRoute]:
    """The services' routes, and the manifest for OpenRefine's Wikibase extension."""
    old, new = Service02(context), Service10(context)

    async def openrefine(request: Request) -> Response:
        return JSONResponse(manifests.openrefine(context, request))

    # A language in the path gives the names in it; it comes last, for it would take every other word too.
    return [
        Route("/openrefine/manifest.json", openrefine),
        *new.routes(f"{ROOT}/1.0"),
        *old.routes(ROOT),
        *old.routes(f"{ROOT}/{{language}}"),
    ]
