"""wbgetentities and wbgetclaims: entities and statements as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from server.wikibase import entities, languages
from server.wikibase.api.call import Call, Json
from server.wikibase.api.errors import ApiError, bad_value, no_such_entity

NUMBER = re.compile(r"[QP][1-9][0-9]{0,9}")
NAMES = ("labels", "descriptions", "aliases")
_GET, _CLAIMS = "wbgetentities", "wbgetclaims"


def wbgetentities(call: Call) -> Json:
    """The entities of the numbers that are asked for, those parts of them that are asked for."""
    values = call.values
    asked = [_number(given) for given in values.many(_GET, "ids")]
    sites, titles = values.many(_GET, "sites"), values.many(_GET, "titles")
    if not asked and not (sites and titles):
        raise ApiError(
            "param-missing", 'Either provide the Item "ids" or pairs of "sites" and "titles" for corresponding pages'
        )
    found: Json = {number: _shown(call, number) for number in asked}
    pairs = [(site, title) for site in sites for title in titles]
    for place, (site, title) in enumerate(pairs, 1):  # no item here has links to other sites' pages
        found[str(-place)] = {"site": site, "title": title, "missing": ""}
    return {"entities": found, "success": 1}


def _number(given: str) -> str:
    number = entities.number_of(given)
    if not NUMBER.fullmatch(number):
        raise no_such_entity(given)
    return number


def _shown(call: Call, number: str) -> Json:
    document = entities.entity(call.publication, number)
    if document is None:
        return {"id": number, "missing": ""}
    props = set(call.values.many(_GET, "props"))
    codes = call.values.many(_GET, "languages")
    falling = call.values.flag(_GET, "languagefallback")
    shown: Json = {"type": document["type"], "id": number}
    if "info" in props:
        page = entities.page(number)
        shown = {**page, "lastrevid": document["lastrevid"], "modified": document["modified"], **shown}
    if "datatype" in props and "datatype" in document:
        shown["datatype"] = document["datatype"]
    for name in NAMES:
        if name in props:
            shown[name] = named(document[name], codes, falling=falling)
    if "claims" in props:
        shown["claims"] = document["claims"]
    if props & {"sitelinks", "sitelinks/urls"} and "sitelinks" in document:
        shown["sitelinks"] = document["sitelinks"]
    return shown


def named(names: Mapping[str, Any], codes: Sequence[str], *, falling: bool) -> Json:
    """The names in those languages (in all where none is said).

    Chinese in general is answered by simplified or traditional Chinese; `falling` lets every language fall back.
    """
    if not codes:
        return dict(names)
    found: Json = {}
    for code in codes:
        chain = languages.chain(code) if falling or code.startswith("zh") else (code,)
        kept = next((names[each] for each in chain if each in names), None)
        if kept is not None:
            found[code] = kept if code in names or isinstance(kept, list) else {**kept, "for-language": code}
    return found


def wbgetclaims(call: Call) -> Json:
    """The statements of an entity, or the one of an id, by property and rank where these are said."""
    values = call.values
    claim, entity = values.text(_CLAIMS, "claim"), values.text(_CLAIMS, "entity")
    if bool(claim) == bool(entity):
        code = "param-illegal" if claim else "param-missing"
        raise ApiError(code, 'Set either the "entity" or the "claim" parameter, and only one of them.')
    number = entities.number_of(claim.replace("-", "$").partition("$")[0] if claim else entity)
    if claim and not re.fullmatch(r"[QP][0-9]+[$-][0-9A-Fa-f-]{36}", claim, re.IGNORECASE):
        raise ApiError("invalid-guid", "Invalid claim guid")
    document = entities.entity(call.publication, number) if NUMBER.fullmatch(number) else None
    if document is None:
        raise no_such_entity(claim or entity)
    return {"claims": _claims(call, document, claim)}


def _claims(call: Call, document: Json, claim: str) -> Json:
    prop, rank = call.values.text(_CLAIMS, "property").upper(), call.values.text(_CLAIMS, "rank")
    if prop and not re.fullmatch("P[1-9][0-9]*", prop):
        raise bad_value("property", prop)
    wanted = claim.upper().replace("$", "-")
    bare = "references" not in call.values.many(_CLAIMS, "props")
    found: Json = {}
    for number, statements in document["claims"].items():
        kept = [
            {k: v for k, v in s.items() if not (bare and k == "references")}
            for s in statements
            if rank in ("", s["rank"]) and wanted in ("", s["id"].replace("$", "-"))
        ]
        if kept and prop in ("", number):
            found[number] = kept
    return found
