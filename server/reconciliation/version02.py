"""The Reconciliation Service API, versions 0.1 and 0.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import BadRequest
from server.reconciliation import extension, manifests, preview, questions
from server.reconciliation.candidates import Candidate, Reconciler, described
from server.reconciliation.facts import Facts
from server.reconciliation.requests import answer, fields, from_json, language, ready_for, within
from server.reconciliation.suggestions import Page, Suggestions

BOTH = ["GET", "POST"]


class Service02:
    """Answers the requests of the service."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def routes(self, root: str) -> list[BaseRoute]:
        """The routes under that path."""
        return [
            Route(root, self.reconcile, methods=BOTH),
            Route(f"{root}/suggest/{{kind}}", self.suggest, methods=BOTH),
            Route(f"{root}/flyout/{{kind}}", self.flyout, methods=BOTH),
            Route(f"{root}/properties", self.propose, methods=BOTH),
            Route(f"{root}/preview", self.preview),
        ]

    async def reconcile(self, request: Request) -> Response:
        """The manifest, the candidates of a batch (or, as 0.1 has it, of one query), or the values of an extension."""
        code = language(request)
        given = await fields(request, self._context)
        callback = given.get("callback", "")
        if "queries" in given:
            batch = from_json(given["queries"], "`queries`")
            return answer(await run_in_threadpool(self._batch, batch, code), callback)
        if "extend" in given:
            wanted = from_json(given["extend"], "`extend`")
            service = self._context.url(request, request.url.path)
            return answer(await run_in_threadpool(self._extend, wanted, code, service), callback)
        if "query" in given:
            text = given["query"]
            query = from_json(text, "`query`") if text.lstrip().startswith("{") else text
            return answer((await run_in_threadpool(self._batch, {"q": query}, code))["q"], callback)
        root = request.url.path.lstrip("/")
        told = manifests.version_02(self._context, request, code, root=root)
        return answer(told, callback, afterwards=ready_for(self._context))

    async def suggest(self, request: Request) -> Response:
        """Entities, properties or classes by the beginning of a name."""
        code = language(request)
        given = await fields(request, self._context)
        kind = request.path_params["kind"]
        found = await run_in_threadpool(self._suggest, kind, given, code)
        told = {"code": "/api/status/ok", "status": "200 OK", "prefix": given.get("prefix", ""), "result": found}
        return answer(told, given.get("callback", ""))

    async def flyout(self, request: Request) -> Response:
        """A few words about an entity, a property or a class."""
        given = await fields(request, self._context)
        code = language(request)
        return answer(preview.flyout(self._context, given.get("id", ""), code), given.get("callback", ""))

    async def propose(self, request: Request) -> Response:
        """The properties that fit a class."""
        code = language(request)
        given = await fields(request, self._context)
        found = await run_in_threadpool(propose, self._context, given.get("type", ""), given.get("limit"), code)
        return answer(found, given.get("callback", ""))

    async def preview(self, request: Request) -> Response:
        """A page about an entity."""
        return await framed(self._context, request, language(request))

    def _batch(self, batch: Any, code: str) -> dict[str, Any]:
        if not isinstance(batch, dict):
            raise BadRequest("`queries` is a JSON object, a query under each key.")
        reconciler = Reconciler(self._context.publication)
        asked = {key: questions.from_02(query) for key, query in within(batch).items()}
        return {
            key: {"result": [_shown(each, reconciler.facts, code) for each in reconciler.candidates(question)]}
            for key, question in asked.items()
        }

    def _extend(self, wanted: Any, code: str, service: str) -> dict[str, Any]:
        if not isinstance(wanted, dict):
            raise BadRequest("`extend` is a JSON object with `ids` and `properties`.")
        known = Reconciler(self._context.publication).facts
        columns = extension.columns(wanted.get("properties"), known)
        return {
            "meta": [extension.meta(column, known, language=code, service=service) for column in columns],
            "rows": {
                number: {column.path.text: extension.cell(column, number, known, code) for column in columns}
                for number in extension.numbers(wanted.get("ids"))
            },
        }

    def _suggest(self, kind: str, given: Mapping[str, str], code: str) -> list[dict[str, Any]]:
        cursor = given.get("cursor", "0")
        page = Page(questions.limit(given.get("limit")), int(cursor) if cursor.isdecimal() else 0)
        return suggested(Suggestions(self._context.publication, code), kind, given, page)


def suggested(offers: Suggestions, kind: str, given: Mapping[str, str], page: Page) -> list[dict[str, Any]]:
    """The suggestions of that kind; raises BadRequest where there is no such kind."""
    prefix = given.get("prefix", "")
    types = tuple(filter(None, given.get("type", "").split(",")))
    if kind == "entity":
        return offers.entities(prefix, types, page)
    if kind == "property":
        return offers.properties(prefix, types, page)
    if kind == "type":
        return offers.types(prefix, page)
    raise BadRequest(f"Entities, properties and types are suggested, not {kind!r}.", status=404)


def propose(context: Context, kind: str, limit: str | None, code: str) -> dict[str, Any]:
    """The properties that fit the class of that number; of an empty one, the properties of all items."""
    found = Suggestions(context.publication, code).proposed((kind,) if kind else ())
    count = questions.limit(limit) if limit else len(found)
    return {"type": kind, "properties": found[:count]} | ({"limit": count} if limit else {})


async def framed(context: Context, request: Request, code: str) -> Response:
    """The page about the entity whose `id` is asked for, for a frame on any site."""
    number = request.query_params.get("id", "")
    view = context.url(request, f"wiki/{number}")
    text = await run_in_threadpool(preview.page, context, number, code, view)
    return HTMLResponse(text, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})


def _shown(candidate: Candidate, known: Facts, code: str) -> dict[str, Any]:
    features = [{"id": key, "value": value} for key, value in candidate.features().items()]
    return described(candidate, known, code) | {"features": features}
