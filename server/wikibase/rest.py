"""Wikibase's REST API, version 1, for reading: `/w/rest.php/wikibase/v1/…`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.publication import Publication
from server.search import Hit, Search
from server.wikibase import entities, languages, negotiation, rest_values
from server.wikibase.api.errors import READ_ONLY
from server.wikibase.data import KEPT

ROOT = "/w/rest.php/wikibase/v1"
KINDS = {"items": "item", "properties": "property"}
NUMBERS = {"item": re.compile("Q[1-9][0-9]{0,9}"), "property": re.compile("P[1-9][0-9]{0,9}")}
STATEMENT = re.compile(r"([QP][1-9][0-9]{0,9})\$[0-9A-F-]{36}", re.IGNORECASE)
LANGUAGE = re.compile(r"[A-Za-z]{2,}(-[A-Za-z0-9]+)*")
FIELDS = ("id", "type", "data_type", "labels", "descriptions", "aliases", "statements", "sitelinks")
RESOURCES = {"labels": "label", "descriptions": "description", "aliases": "aliases"}
MOST_HITS = 500
Json = dict[str, Any]


@dataclass
class RestError(Exception):
    """An error as the REST API has it: status, code, sentence, and what it is about."""

    status: int
    code: str
    message: str
    context: Json | None = None

    def response(self) -> Response:
        """The answer that tells it."""
        body: Json = {"code": self.code, "message": self.message}
        return JSONResponse(body | ({"context": self.context} if self.context else {}), status_code=self.status)


@dataclass(frozen=True)
class Read:
    """A request, and the publication that it is answered from."""

    request: Request
    publication: Publication

    def path(self, name: str) -> str:
        """A parameter of the path."""
        return str(self.request.path_params[name])

    def document(self, kind: str, number: str) -> Json:
        """The entity; raises RestError where the number cannot be, or there is none."""
        if not NUMBERS[kind].fullmatch(number):
            raise _invalid_path(f"{kind}_id")
        document = entities.entity(self.publication, number)
        if document is None:
            raise _not_found(kind)
        return document


Handler = Callable[[Read], Response]


def routes(context: Context) -> list[BaseRoute]:
    """The REST API's places in the server."""

    def bound(handler: Handler) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            try:
                return handler(Read(request, context.publication))
            except RestError as error:
                return error.response()

        return answer

    def refuse(request: Request) -> Response:
        return RestError(403, "permission-denied", READ_ONLY, {"denial_reason": "read-only"}).response()

    def unknown(request: Request) -> Response:
        return RestError(404, "rest-no-match", f"There is nothing at {request.url.path}.").response()

    readable = {
        "/entities/{kind:str}/{number}": whole,
        "/entities/{kind:str}/{number}/statements": statements_of,
        "/entities/{kind:str}/{number}/statements/{statement}": statement_of,
        "/entities/{kind:str}/{number}/sitelinks": sitelinks,
        "/entities/{kind:str}/{number}/sitelinks/{site}": sitelink,
        "/entities/{kind:str}/{number}/{names}": all_names,
        "/entities/{kind:str}/{number}/{names}/{language}": names_in,
        "/statements/{statement}": one_statement,
        "/property-data-types": datatypes,
        "/search/{kind:str}": search,
        "/suggest/{kind:str}": search,
    }
    reads = [Route(ROOT + path, bound(handler)) for path, handler in readable.items()]
    writes = Route(ROOT + "/{rest:path}", refuse, methods=["POST", "PUT", "PATCH", "DELETE"])
    return [*reads, writes, Route(ROOT + "/{rest:path}", unknown)]


def _kind(read: Read) -> str:
    kind = KINDS.get(read.path("kind"), "")
    if not kind:
        raise RestError(404, "rest-no-match", f"There are {' and '.join(KINDS)}, and no {read.path('kind')[:40]}.")
    return kind


def _entity(read: Read) -> Json:
    return read.document(_kind(read), read.path("number"))


def whole(read: Read) -> Response:
    """An entity, or the parts of it that `_fields` names."""
    document = _entity(read)
    fields = read.request.query_params.get("_fields", "")
    shown = rest_values.entity(document)
    if fields:
        wanted = fields.split(",")
        if not set(wanted) <= set(FIELDS):
            raise _invalid_query("_fields")
        shown = {name: value for name, value in shown.items() if name in {*wanted, "id"}}
    return _answer(read, document, shown)


def statements_of(read: Read) -> Response:
    """An entity's statements, or those of one property."""
    document = _entity(read)
    wanted = read.request.query_params.get("property", "")
    if wanted and not NUMBERS["property"].fullmatch(wanted):
        raise _invalid_query("property")
    claims = {n: each for n, each in document["claims"].items() if wanted in ("", n)}
    return _answer(read, document, rest_values.statements(claims))


def statement_of(read: Read) -> Response:
    """A statement of that entity."""
    document = _entity(read)
    if not read.path("statement").upper().startswith(f"{document['id']}$"):
        raise _not_found("statement")
    return one_statement(read)


def one_statement(read: Read) -> Response:
    """A statement by its id."""
    found = STATEMENT.fullmatch(read.path("statement"))
    if not found:
        raise _invalid_path("statement_id")
    document = entities.entity(read.publication, found[1].upper()) or {"claims": {}}
    for given in document["claims"].values():
        for each in given:
            if each["id"].upper() == found[0].upper():
                return _answer(read, document, rest_values.statement(each))
    raise _not_found("statement")


def sitelinks(read: Read) -> Response:
    """An item's links to pages of other sites: none."""
    document = _entity(read)
    return _answer(read, document, {})


def sitelink(read: Read) -> Response:
    """A link to another site: there is none."""
    _entity(read)
    raise _not_found("sitelink")


def all_names(read: Read) -> Response:
    """An entity's labels, descriptions or aliases in all languages."""
    document, name = _entity(read), read.path("names")
    if name not in RESOURCES:
        raise RestError(404, "rest-no-match", f"There is no {name[:40]} of an entity.")
    shown: Json = rest_values.aliases(document[name]) if name == "aliases" else rest_values.names(document[name])
    return _answer(read, document, shown)


def names_in(read: Read) -> Response:
    """An entity's label, description or aliases in one language; `…_with_language_fallback` looks further."""
    document, code = _entity(read), read.path("language").lower()
    name, fallback, _ = read.path("names").partition("_with_language_fallback")
    if name not in RESOURCES:
        raise RestError(404, "rest-no-match", f"There is no {name[:40]} of an entity.")
    if not LANGUAGE.fullmatch(code):
        raise _invalid_path("language_code")
    chain = languages.chain(code) if fallback or code.startswith("zh") else (code,)
    found = next((document[name][each] for each in chain if each in document[name]), None)
    if found is None:
        raise _not_found(RESOURCES[name])
    shown = [each["value"] for each in found] if name == "aliases" else found["value"]
    return _answer(read, document, shown)


def datatypes(read: Read) -> Response:
    """The datatypes of properties with the types of their values."""
    values = {
        "wikibase-item": "wikibase-entityid",
        "wikibase-property": "wikibase-entityid",
        "monolingualtext": "monolingualtext",
        "globe-coordinate": "globecoordinate",
        "time": "time",
        "quantity": "quantity",
    }
    used = sorted(set(entities.documents(read.publication).datatypes.values()))
    return JSONResponse({name: values.get(name, "string") for name in used})


def search(read: Read) -> Response:
    """Items or properties by their names."""
    kind, query = _kind(read), read.request.query_params
    words, code = query.get("q"), query.get("language")
    for name, value in (("q", words), ("language", code)):
        if value is None:
            raise RestError(400, "missing-query-parameter", "Required query parameter missing", {"parameter": name})
    limit, offset = _whole(query.get("limit", "10"), "limit", 1), _whole(query.get("offset", "0"), "offset", 0)
    hits = Search.of(read.publication).find(str(words), kinds=(kind,), limit=offset + limit)
    return JSONResponse({"results": [_result(read, hit, str(code)) for hit in hits[offset:]]})


def _result(read: Read, hit: Hit, code: str) -> Json:
    document = read.document(hit.kind, hit.id)
    chain = languages.chain(code)
    shown: Json = {"id": hit.id}
    for name, part in (("display-label", "labels"), ("description", "descriptions")):
        best = languages.best(document[part], chain)
        shown[name] = {"language": best["language"], "value": best["value"]} if best else None
    kind = "entityId" if hit.label == hit.id else "alias" if hit.is_alias else "label"
    language = {} if kind == "entityId" else {"language": hit.language}
    return {**shown, "match": {"type": kind, **language, "text": hit.label}}


def _whole(value: str, name: str, least: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 7 and least <= int(value) <= MOST_HITS):
        raise _invalid_query(name)
    return int(value)


def _answer(read: Read, document: Json, shown: Any) -> Response:
    """The answer with its tag and day of change; nothing again to who has it."""
    tag = negotiation.etag(read.publication.version, read.request.url.path, read.request.url.query)
    headers = {"ETag": tag, "Cache-Control": KEPT}
    if "modified" in document:
        headers["Last-Modified"] = negotiation.http_date(document["modified"])
    if negotiation.is_known(read.request, tag):
        return negotiation.unchanged(headers)
    return JSONResponse(shown, headers=headers)


def _not_found(kind: str) -> RestError:
    return RestError(404, "resource-not-found", "The requested resource does not exist", {"resource_type": kind})


def _invalid_path(name: str) -> RestError:
    return RestError(400, "invalid-path-parameter", f"Invalid path parameter: '{name}'", {"parameter": name})


def _invalid_query(name: str) -> RestError:
    return RestError(400, "invalid-query-parameter", f"Invalid query parameter: '{name}'", {"parameter": name})
