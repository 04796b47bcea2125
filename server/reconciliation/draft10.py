"""The Reconciliation Service API, draft of version 1.0."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import BadRequest
from server.reconciliation import extension, manifests, paths, questions
from server.reconciliation.candidates import Candidate, Reconciler, described
from server.reconciliation.facts import Facts, facts
from server.reconciliation.requests import DEFAULT_LANGUAGE, json_body, ready_for, within
from server.reconciliation.suggestions import Page, Suggestions
from server.reconciliation.version02 import framed, propose, suggested

Json = dict[str, Any]


class Service10:
    """Answers the requests of the service; the language of names is that of the Accept-Language header."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def routes(self, root: str) -> list[BaseRoute]:
        """The routes under that path."""
        return [
            Route(root, self.manifest),
            Route(f"{root}/", self.manifest),
            Route(f"{root}/match", self.match, methods=["POST"]),
            Route(f"{root}/suggest/{{kind}}", self.suggest),
            Route(f"{root}/preview", self.preview),
            Route(f"{root}/extend", self.extend, methods=["POST"]),
            Route(f"{root}/extend/propose", self.propose),
        ]

    async def manifest(self, request: Request) -> Response:
        """What the service offers."""
        told = manifests.version_10(self._context, request, language(request))
        return JSONResponse(told, background=ready_for(self._context))

    async def match(self, request: Request) -> Response:
        """The candidates for every query, in order."""
        document = await json_body(request, self._context)
        return JSONResponse(await run_in_threadpool(self._match, document, language(request)))

    async def suggest(self, request: Request) -> Response:
        """Entities, properties or classes by the beginning of a name."""
        given = request.query_params
        offset = given.get("offset", "0")
        page = Page(questions.limit(given.get("limit")), int(offset) if offset.isdecimal() else 0)
        offers = Suggestions(self._context.publication, language(request))
        found = await run_in_threadpool(suggested, offers, request.path_params["kind"], given, page)
        return JSONResponse({"result": found})

    async def preview(self, request: Request) -> Response:
        """A page about an entity."""
        return await framed(self._context, request, language(request))

    async def extend(self, request: Request) -> Response:
        """The values of properties."""
        document = await json_body(request, self._context)
        service = self._context.url(request, request.url.path.removesuffix("/extend"))
        return JSONResponse(await run_in_threadpool(self._extend, document, language(request), service))

    async def propose(self, request: Request) -> Response:
        """The properties that fit a class."""
        given = request.query_params
        found = await run_in_threadpool(
            propose, self._context, given.get("type", ""), given.get("limit"), language(request)
        )
        return JSONResponse(found)

    def _match(self, document: Json, code: str) -> Json:
        queries = document.get("queries")
        if not isinstance(queries, list):
            raise BadRequest("The body's `queries` is a JSON array.")
        reconciler = Reconciler(self._context.publication)
        asked = [questions.from_10(query) for query in within(queries)]
        return {
            "results": [
                {
                    "candidates": [
                        _shown(each, reconciler.facts, question.language or code)
                        for each in reconciler.candidates(question)
                    ]
                }
                for question in asked
            ]
        }

    def _extend(self, document: Json, code: str, service: str) -> Json:
        known = facts(self._context.publication)
        columns = extension.columns(document.get("properties"), known)
        return {
            "meta": [extension.meta(column, known, language=code, service=service) for column in columns],
            "rows": [
                {
                    "id": number,
                    "properties": [
                        {"id": column.path.text, "values": extension.cell(column, number, known, code)}
                        for column in columns
                    ],
                }
                for number in extension.numbers(document.get("ids"))
            ],
        }


def language(request: Request) -> str:
    """The first language of the Accept-Language header."""
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip().lower()
    return first if first and first.replace("-", "").isalnum() else DEFAULT_LANGUAGE


def _shown(candidate: Candidate, known: Facts, code: str) -> Json:
    features = [
        {"id": key, "name": _title(key, known, code), "value": value} for key, value in candidate.features().items()
    ]
    return described(candidate, known, code) | {"features": features}


def _title(key: str, known: Facts, code: str) -> str:
    return paths.title(paths.read(key, known), known, code) if key != "name" else key
