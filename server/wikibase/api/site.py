"""meta=siteinfo, meta=wikibase, meta=userinfo: what this site is, for the clients that ask before they do anything."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server.wikibase import entities, languages
from server.wikibase.api.call import Call, Json
from server.wikibase.api.errors import read_only

TABLE = Path(__file__).resolve().parent / "site.toml"
EMPTY = ("magicwords", "interwikimap", "fileextensions", "protocols", "skins", "variables", "specialpagealiases")
"""Parts of siteinfo of which this site has none."""


@cache
def _site() -> dict[str, Any]:
    with TABLE.open("rb") as file:
        return tomllib.load(file)


def siteinfo(call: Call) -> Json:
    """The parts of siteinfo that are asked for."""
    return {name: _part(call, name) for name in call.values.many("query+siteinfo", "prop")}


def _part(call: Call, name: str) -> Any:
    site = _site()
    match name:
        case "general":
            return _filled(site["general"], call)
        case "namespaces":
            return {str(space["id"]): space for space in site["namespaces"]}
        case "languages":
            return [{"code": each.code, "bcp47": each.bcp47, "*name": each.name} for each in languages.table().values()]
        case "languagevariants":
            return {"zh": {code: {"fallbacks": list(languages.chain(code)[1:])} for code in ("zh-hans", "zh-hant")}}
        case "statistics":
            return _statistics(call)
        case "restrictions":
            return {"types": [], "levels": [], "cascadinglevels": [], "semiprotectedlevels": []}
    return [] if name in EMPTY else site[name]


def _statistics(call: Call) -> Json:
    pages = len(entities.documents(call.publication).numbers())
    return {
        "pages": pages,
        "articles": pages,
        "edits": pages,
        "images": 0,
        "users": 0,
        "activeusers": 0,
        "admins": 0,
        "jobs": 0,
    }


def _filled(value: Any, call: Call) -> Any:
    """The value with the roots of this server and of the graph in their places."""
    if isinstance(value, dict):
        return {key: _filled(each, call) for key, each in value.items()}
    if isinstance(value, str):
        host = urlsplit(call.root).netloc
        return value.replace("{root}", call.root).replace("{base}", call.publication.base).replace("{host}", host)
    return value


def wikibase(call: Call) -> Json:
    """Where this Wikibase is."""
    url = {"base": call.root, "scriptpath": "/w", "articlepath": "/wiki/$1"}
    found: Json = {}
    props = call.values.many("query+wikibase", "prop")
    if "url" in props:
        found["repo"] = {"url": url}
    if "siteid" in props:
        found["siteid"] = "zhanshi"
    return found


def userinfo(call: Call) -> Json:
    """Who asks: everybody is anonymous here and may read."""
    shown: Json = {"id": 0, "name": call.client, "anon": True}
    known = {
        "groups": ["*"],
        "implicitgroups": ["*"],
        "rights": ["read"],
        "options": {},
        "editcount": 0,
        "ratelimits": {},
    }
    props = call.values.many("query+userinfo", "prop")
    return {**shown, **{name: value for name, value in known.items() if name in props}}


def tokens(call: Call) -> Json:
    """No token is given: there is nothing to write."""
    raise read_only("meta=tokens")
