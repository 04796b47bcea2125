"""What the services read from a request, and the answers they give: JSON, or a script for those who cannot have it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.asgi import read_body
from server.context import Context
from server.errors import BadRequest, LimitReached, NotFound
from server.search import Search

MOST_QUERIES = 200
BATCH_SIZE = 50
"""Queries that a batch had better have; more than MOST_QUERIES are refused."""
DEFAULT_LANGUAGE = "zh-hans"
FORM = "application/x-www-form-urlencoded"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)


async def fields(request: Request, context: Context) -> dict[str, str]:
    """The parameters of the URL and, of a POST, those of its form; raises BadRequest or LimitReached."""
    found = dict(request.query_params)
    if request.method == "POST":
        body = await read_body(request.receive, context.settings.request_mib << 20)
        kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
        if body and kind != FORM:
            raise BadRequest(f"A POST to this service is a form, {FORM}, not {kind}.", status=415)
        found |= dict(parse_qsl(_text(body), keep_blank_values=True))
    return found


async def json_body(request: Request, context: Context) -> dict[str, Any]:
    """The JSON object in the body; raises BadRequest or LimitReached."""
    body = await read_body(request.receive, context.settings.request_mib << 20)
    document = from_json(_text(body), "The body")
    if not isinstance(document, dict):
        raise BadRequest("The body is a JSON object.")
    return document


def from_json(text: str, what: str) -> Any:
    """What a JSON text says; raises BadRequest."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{what} is no JSON: {error}.") from error


def within(queries: Any) -> Any:
    """The same queries; raises LimitReached where there are too many."""
    if len(queries) > MOST_QUERIES:
        raise LimitReached(
            f"The batch has {len(queries)} queries; at most {MOST_QUERIES} are answered at once.",
            limit="queries",
            value=MOST_QUERIES,
            status=413,
        )
    return queries


def language(request: Request) -> str:
    """The language in the path; raises NotFound where it is none."""
    code = str(request.path_params.get("language", DEFAULT_LANGUAGE))
    if not _LANGUAGE.fullmatch(code):
        raise NotFound(f"There is nothing at {request.url.path}.")
    return code.lower()


def answer(document: Any, callback: str = "", *, afterwards: BackgroundTask | None = None) -> Response:
    """The document as JSON, or given to a function of the caller's page (JSONP); raises BadRequest for a bad name."""
    if not callback:
        return JSONResponse(document, background=afterwards)
    if not _CALLBACK.fullmatch(callback):
        raise BadRequest("`callback` is the name of a function.")
    text = json.dumps(document, ensure_ascii=True)
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(
        f"/**/{callback}({text});", media_type="application/javascript", headers=headers, background=afterwards
    )


def ready_for(context: Context) -> BackgroundTask:
    """What makes the search ready once somebody has asked for the manifest: candidates will be asked for next."""
    return BackgroundTask(Search.of, context.publication)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: byte {error.start + 1} cannot be decoded.") from error
