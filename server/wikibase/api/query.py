"""action=query: the site, pages of entities with their revisions, and search among them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from server.search import Search
from server.wikibase import entities, languages
from server.wikibase.api import site
from server.wikibase.api.call import Action, Call, Json
from server.wikibase.api.entities import NUMBER
from server.wikibase.api.errors import ApiError, unsupported
from server.wikibase.api.parameters import submodules

PageProp = Callable[[Call, Json], Json]
AUTHOR = "zhanshi build"
META: Mapping[str, Action] = {
    "siteinfo": site.siteinfo,
    "userinfo": site.userinfo,
    "wikibase": site.wikibase,
    "tokens": site.tokens,
}


def query(call: Call) -> Json:
    """What the asked submodules know; siteinfo gives several parts, each under its own name."""
    if generator := call.values.text("query", "generator"):
        raise unsupported(f"generator={generator[:40]}")
    found: Json = {}
    for name in _asked(call, "meta"):
        part = META[name](call)
        found |= part if name == "siteinfo" else {name: part}
    props = _asked(call, "prop")
    if any(call.values.text("query", name) for name in ("titles", "pageids", "revids")):
        found |= _pages(call, props)
    answer: Json = {"batchcomplete": True, "query": found}
    for name in _asked(call, "list"):
        hits, following = LISTS[name](call)
        found |= hits
        if following:
            answer["continue"] = following
            del answer["batchcomplete"]
    return answer


def _asked(call: Call, group: str) -> list[str]:
    """The submodules of a group that are asked for; those that do not exist are warned of."""
    known = submodules("query", group)
    asked = call.values.many("query", group)
    for name in asked:
        if name in known:
            call.values.check(known[name])
        else:
            call.values.warn("query", f'Unrecognized value for parameter "{group}": {name[:40]}.')
    return [name for name in asked if name in known]


def _pages(call: Call, props: list[str]) -> Json:
    found: list[Json] = []
    normalized: list[Json] = []
    for asked in call.values.many("query", "titles"):
        title = _title(asked)
        if title != asked:
            normalized.append({"fromencoded": False, "from": asked, "to": title})
        found.append(_page(call, entities.number_of(title), title))
    for pageid in call.values.many("query", "pageids"):
        if not (pageid.isascii() and pageid.isdigit() and len(pageid) < 12):
            raise ApiError("badinteger", f'Invalid value "{pageid[:40]}" for integer parameter "pageids".')
        number = entities.number_of_page(int(pageid))
        there = entities.entity(call.publication, number) is not None
        found.append(_page(call, number, "") if there else {"pageid": int(pageid), "missing": True})
    answer: Json = {"normalized": normalized} if normalized else {}
    if bad := call.values.many("query", "revids"):
        call.values.warn("query", "Revisions have no numbers of their own here; ask by titles or pageids.")
        answer["badrevids"] = {each: {"revid": each, "missing": True} for each in bad}
    for page in found:
        if "missing" not in page:
            for name in props:
                page |= PROPS[name](call, page)
    keyed = {str(page.get("pageid", -1 - place)): page for place, page in enumerate(found)}
    if call.values.flag("query", "indexpageids"):
        answer["pageids"] = list(keyed)
    return {**answer, "pages": keyed if call.version == 1 else found}


def _title(asked: str) -> str:
    """The title in its usual form: a first capital, blanks for underscores, no name of the items' namespace."""
    plain = asked.replace("_", " ").strip()
    space, colon, rest = plain.rpartition(":")
    if colon and space.lower() in ("item", "property", "p"):
        plain = rest.strip()
    if NUMBER.fullmatch(plain.upper()):
        return entities.title(plain.upper())
    return plain[:1].upper() + plain[1:]


def _page(call: Call, number: str, title: str) -> Json:
    if NUMBER.fullmatch(number) and title in ("", entities.title(number)) and entities.entity(call.publication, number):
        return entities.page(number)
    return {
        "ns": entities.PROPERTY_NAMESPACE if title.startswith(entities.PROPERTY_PREFIX) else 0,
        "title": title,
        "missing": True,
    }


def _document(call: Call, page: Json) -> Json:
    document = entities.entity(call.publication, entities.number_of(page["title"]))
    assert document is not None
    return document


def _text(document: Json) -> str:
    return json.dumps({k: v for k, v in document.items() if k not in ("lastrevid", "modified")}, ensure_ascii=False)


def _info(call: Call, page: Json) -> Json:
    document = _document(call, page)
    shown = {
        "contentmodel": f"wikibase-{document['type']}",
        "pagelanguage": "en",
        "pagelanguagehtmlcode": "en",
        "pagelanguagedir": "ltr",
        "touched": document["modified"],
        "lastrevid": document["lastrevid"],
        "length": len(_text(document).encode()),
    }
    props = call.values.many("query+info", "prop")
    if "url" in props:
        url = call.url(f"wiki/{page['title']}")
        shown |= {"fullurl": url, "canonicalurl": url}
    return {**shown, "protection": [], "restrictiontypes": []} if "protection" in props else shown


def _pageprops(call: Call, page: Json) -> Json:
    claims = _document(call, page)["claims"]
    return {"pageprops": {"wb-claims": str(sum(map(len, claims.values()))), "wb-sitelinks": "0"}}


def _revisions(call: Call, page: Json) -> Json:
    document = _document(call, page)
    text = _text(document)
    content = {"contentmodel": f"wikibase-{document['type']}", "contentformat": "application/json", "*content": text}
    known: dict[str, Json] = {
        "ids": {"revid": document["lastrevid"], "parentid": 0},
        "flags": {"minor": False},
        "user": {"user": AUTHOR},
        "userid": {"userid": 0},
        "timestamp": {"timestamp": document["modified"]},
        "comment": {"comment": f"built as version {call.publication.version}"},
        "size": {"size": len(text.encode())},
        "sha1": {"sha1": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()},
        "tags": {"tags": []},
        "roles": {"roles": ["main"]},
    }
    props = call.values.many("query+revisions", "prop")
    shown: Json = {}
    for name in props:
        shown |= known.get(name, {})
    if "content" in props:
        shown |= {"slots": {"main": content}} if call.values.flag("query+revisions", "slots") else content
    elif "contentmodel" in props:
        shown["contentmodel"] = content["contentmodel"]
    return {"revisions": [shown]}


PROPS: Mapping[str, PageProp] = {"info": _info, "pageprops": _pageprops, "revisions": _revisions}


def _search(call: Call) -> tuple[Json, Json]:
    """list=search: pages of entities by the words of their names, and where to continue."""
    path = "query+search"
    first, limit = call.values.number(path, "offset"), call.values.number(path, "limit")
    kinds = {"0": "item", "120": "property"}
    asked = {kinds[space] for space in call.values.many(path, "namespace") if space in kinds}
    hits = Search.of(call.publication).find(call.values.text(path, "search"), kinds=asked, limit=10_000)
    shown = [_result(call, hit.id) for hit in hits[first : first + limit]]
    following = {"sroffset": first + limit, "continue": "-||"} if len(hits) > first + limit else {}
    return {"searchinfo": {"totalhits": len(hits)}, "search": shown}, following


def _result(call: Call, number: str) -> Json:
    document = entities.entity(call.publication, number)
    assert document is not None
    text = _text(document)
    description: Any = languages.best(document["descriptions"], languages.chain(call.language))
    page = entities.page(number)
    return {
        "ns": page["ns"],
        "title": page["title"],
        "pageid": page["pageid"],
        "size": len(text.encode()),
        "wordcount": 0,
        "snippet": description["value"] if description else "",
        "timestamp": document["modified"],
    }


LISTS: Mapping[str, Callable[[Call], tuple[Json, Json]]] = {"search": _search}
