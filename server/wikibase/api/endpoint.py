"""A request to `/w/api.php` -> its answer as MediaWiki sends it, errors too."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.asgi import client_address, read_body
from server.context import Context
from server.wikibase.api import answers, errors
from server.wikibase.api.call import Action, Call, Json
from server.wikibase.api.entities import wbgetclaims, wbgetentities
from server.wikibase.api.errors import ApiError
from server.wikibase.api.languagesearch import languagesearch
from server.wikibase.api.pages import parse
from server.wikibase.api.parameters import Values
from server.wikibase.api.paraminfo import paraminfo
from server.wikibase.api.query import query
from server.wikibase.api.search import wbsearchentities
from server.wikibase.api.values import wbformatvalue

BODY_BYTES = 1 << 20
CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,200}")
WRITING = re.compile(
    r"wb(?:edit|set|create|merge|remove|link)\w*|edit|delete|undelete|move|upload|protect|rollback|login|clientlogin|logout"
    r"|createaccount|block|unblock|patrol|import|tag|options|watch|purge|userrights"
)
WHOLE: Mapping[str, Action] = {
    "query": query,
    "wbformatvalue": wbformatvalue,
    "wbgetclaims": wbgetclaims,
    "wbgetentities": wbgetentities,
    "wbsearchentities": wbsearchentities,
}
"""The modules whose answer is the whole answer."""
NAMED: Mapping[str, Action] = {"languagesearch": languagesearch, "paraminfo": paraminfo, "parse": parse}
"""The modules whose answer stands under their name."""


async def answer(request: Request, context: Context) -> Response:
    """The answer to one call; whatever goes wrong in it is an error of MediaWiki's shape."""
    try:
        values = Values(await _parameters(request))
    except HTTPException as error:
        return _sent(
            Values({}), _failed(Values({}), ApiError("badformdata", f"The form cannot be read: {error.detail}.")), ""
        )
    call = Call(values, context.publication, context.url(request).rstrip("/"), client_address(request.scope))
    try:
        found, code = await asyncio.to_thread(_run, call), ""
    except ApiError as error:
        found, code = _failed(values, error), error.code
    return _sent(values, found, code)


async def _parameters(request: Request) -> dict[str, str]:
    """The parameters of the URL and of the form, the form's before the URL's."""
    given = dict(parse_qsl(request.url.query, keep_blank_values=True))
    if request.method != "POST":
        return given
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data; boundary="):
        async with request.form(max_part_size=BODY_BYTES) as form:
            return given | {name: value for name, value in form.items() if not isinstance(value, UploadFile)}
    body = await read_body(request.receive, BODY_BYTES)
    return given | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _run(call: Call) -> Json:
    values = call.values
    values.check("json")
    action = values.raw.get("action", "")
    if WRITING.fullmatch(action):
        raise errors.read_only(f"action={action}")
    if not action or action not in WHOLE.keys() | NAMED.keys():
        raise errors.unsupported(f"action={action[:40]}") if action else errors.missing("action")
    values.check("main")
    if values.text("main", "assert") in ("user", "bot"):
        raise ApiError(
            f"assert{values.text('main', 'assert')}failed", "You are not logged in: nobody is, on this site."
        )
    if values.text("json", "callback") and not CALLBACK.fullmatch(values.text("json", "callback")):
        raise errors.bad_value("callback", values.text("json", "callback"))
    values.check(action)
    found = WHOLE[action](call) if action in WHOLE else {action: NAMED[action](call)}
    values.warn_of_unused()
    return {**found, **_about(values)}


def _about(values: Values) -> Json:
    """What the main module adds to every answer."""
    added: Json = {"warnings": answers.warnings(values.warnings)} if values.warnings else {}
    if values.flag("main", "requestid"):
        added["requestid"] = values.text("main", "requestid")
    if values.flag("main", "servedby"):
        added["servedby"] = "zhanshi"
    if values.flag("main", "curtimestamp"):
        added["curtimestamp"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return added


def _failed(values: Values, error: ApiError) -> Json:
    """An error as the request's error format has it."""
    if values.raw.get("errorformat", "bc") == "bc":
        docref = "See action=paraminfo&modules=main for what this API does."
        return {"error": {"code": error.code, "info": error.info, **error.members, "*docref": docref}}
    module = "main" if error.code in ("unsupported", "readonly") else values.raw.get("action", "main")
    return {"errors": [{"code": error.code, "*text": error.info, "data": error.members, "module": module}]}


def _sent(values: Values, found: Json, code: str) -> Response:
    version = 1 if values.raw.get("formatversion", "1") == "1" else 2
    ascii_only = ("utf8" not in values.raw and version == 1) or "ascii" in values.raw
    body = json.dumps(answers.shaped(found, version), ensure_ascii=ascii_only).encode("utf-8", "replace")
    headers: dict[str, str] = {"Cache-Control": "private, must-revalidate, max-age=0"}
    if code:
        headers["MediaWiki-API-Error"] = code
    callback = values.raw.get("callback", "")
    if callback and CALLBACK.fullmatch(callback):
        return Response(
            b"/**/%s(%s)" % (callback.encode(), body), media_type="text/javascript; charset=utf-8", headers=headers
        )
    return Response(body, media_type="application/json; charset=utf-8", headers=headers)
