"""wbsearchentities: items or properties by their names, in either script, in pinyin, in full or by their beginnings."""

from __future__ import annotations

from typing import Any

from server.search import Hit, Search
from server.wikibase import entities, languages
from server.wikibase.api.call import Call, Json

MATCHES = {False: "label", True: "alias"}
MOST_HITS = 1000
_SEARCH = "wbsearchentities"


def wbsearchentities(call: Call) -> Json:
    """The entities that the words find, the best first, with where to continue."""
    values = call.values
    words, language = values.text(_SEARCH, "search"), values.text(_SEARCH, "language")
    first, limit = values.number(_SEARCH, "continue"), values.number(_SEARCH, "limit")
    strict = values.flag(_SEARCH, "strictlanguage")
    hits = Search.of(call.publication).find(
        words,
        kinds=(values.text(_SEARCH, "type"),),
        languages=(language,) if strict else (),
        limit=min(first + limit + 1, MOST_HITS),
    )
    shown = [found(call, hit, call.language) for hit in hits[first : first + limit]]
    answer: Json = {"searchinfo": {"search": words}, "search": shown}
    if len(hits) > first + limit:
        answer["search-continue"] = first + limit
    return {**answer, "success": 1}


def found(call: Call, hit: Hit, language: str) -> Json:
    """One entity that was found, as Wikibase shows it: where it is, what it is called, and by what it was found."""
    document = entities.entity(call.publication, hit.id)
    assert document is not None
    codes = languages.chain(language)
    label, description = languages.best(document["labels"], codes), languages.best(document["descriptions"], codes)
    page = entities.page(hit.id)
    shown: Json = {"id": hit.id, "title": page["title"], "pageid": page["pageid"], "display": {}}
    for name, text in (("label", label), ("description", description)):
        if text is not None:
            shown["display"][name] = {"value": text["value"], "language": text["language"]}
    shown |= {
        "repository": "",
        "url": call.url(f"wiki/{page['title']}"),
        "concepturi": f"{call.publication.base}entity/{hit.id}",
    }
    if hit.kind == "property":
        shown["datatype"] = document["datatype"]
    shown |= {name: text["value"] for name, text in (("label", label), ("description", description)) if text}
    return {**shown, **_match(hit)}


def _match(hit: Hit) -> dict[str, Any]:
    if hit.label == hit.id:
        return {"match": {"type": "entityId", "text": hit.id}}
    match = {"type": MATCHES[hit.is_alias], "language": hit.language, "text": hit.label}
    return {"match": match, "aliases": [hit.label]} if hit.is_alias else {"match": match}
