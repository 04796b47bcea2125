"""`Special:EntityData`: an entity as Wikibase JSON or as RDF, by ending or by content negotiation."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.errors import BadRequest, NotAcceptable, NotFound
from server.publication import Publication
from server.wikibase import entities, negotiation
from server.wikibase.description import FLAVORS, Description
from server.wikibase.negotiation import DATA, SUFFIXES

PATH = "wiki/Special:EntityData"
KEPT = "public, max-age=60"
"""An answer may be used for a minute before its tag is looked at again: a new build changes it."""


def answer(request: Request, publication: Publication, name: str) -> Response:
    """The data of the entity that a path names (`Q1`, `Q1.ttl`); raises NotFound and BadRequest in plain words."""
    number, form = _wanted(request, name)
    document = entities.entity(publication, number)
    if document is None:
        raise NotFound(f"There is no entity {number} here.", entity=number)
    if form is None:
        return negotiation.see_other(request, f"wiki/{entities.title(number)}")
    flavor = request.query_params.get("flavor", "full")
    if flavor not in FLAVORS:
        raise BadRequest(f"There is no flavor {flavor[:40]!r}; there are {', '.join(FLAVORS)}.")
    _check_revision(request, document)
    headers = {
        "ETag": negotiation.etag(publication.version, number, form, flavor),
        "Last-Modified": negotiation.http_date(document["modified"]),
        "Cache-Control": KEPT,
        "Vary": "Accept",
        "Content-Location": f"{request.scope.get('root_path', '')}/{PATH}/{number}{_ending(form)}",
    }
    if negotiation.is_known(request, headers["ETag"]):
        return negotiation.unchanged(headers)
    return Response(_body(publication, document, form, flavor), media_type=DATA[form].content_type, headers=headers)


def _wanted(request: Request, name: str) -> tuple[str, str | None]:
    """The entity and the form that are asked for; no form where a page is wanted."""
    number, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    number = entities.number_of(number or request.query_params.get("id", ""))
    ending = ending or request.query_params.get("format", "")
    if not (number[:1] in ("Q", "P") and number[1:].isdecimal() and number.isascii()):
        raise BadRequest(f"{number[:40]!r} is no entity's number: that is Q or P and a whole number.")
    if dot or ending:
        return number, _named(ending.lower())
    if negotiation.wants_page(request):
        return number, None
    form = negotiation.form_of(request, DATA)
    if form is None:
        types = [each.media_type for each in DATA.values()]
        raise NotAcceptable(f"This data is offered as {', '.join(types)}; ask for one of these.", offered=types)
    return number, form


def _named(ending: str) -> str | None:
    if ending in ("html", "htm"):
        return None
    form = SUFFIXES.get(ending, ending if ending in DATA else "")
    if not form:
        raise BadRequest(f"There is no form {ending[:40]!r}; there are {', '.join(SUFFIXES)}.")
    return form


def _ending(form: str) -> str:
    return next(f".{ending}" for ending, name in SUFFIXES.items() if name == form)


def _check_revision(request: Request, document: dict[str, Any]) -> None:
    asked = request.query_params.get("revision", request.query_params.get("oldid", "0"))
    if asked not in ("", "0", str(document["lastrevid"])):
        raise NotFound(
            f"There is no revision {asked[:20]} of {document['id']}: this graph is built whole, and its newest"
            f" revision, {document['lastrevid']}, is the only one kept."
        )


def _body(publication: Publication, document: dict[str, Any], form: str, flavor: str) -> bytes:
    number = document["id"]
    if form == "json":
        whole = {**entities.page(number), **document}
        return json.dumps({"entities": {number: whole}}, ensure_ascii=False).encode()
    return negotiation.rdf(Description(publication).entity(number, flavor), form, publication.base)
