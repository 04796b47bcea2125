"""Wikibase's JSON of an entity -> the simpler shape that its REST API has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]


def names(given: Mapping[str, Json]) -> dict[str, str]:
    """Labels or descriptions: each language with its text."""
    return {language: name["value"] for language, name in given.items()}


def aliases(given: Mapping[str, Iterable[Json]]) -> dict[str, list[str]]:
    """Aliases: each language with its texts."""
    return {language: [name["value"] for name in each] for language, each in given.items()}


def statements(claims: Mapping[str, Iterable[Json]]) -> dict[str, list[Json]]:
    """The statements under their properties."""
    return {number: [statement(each) for each in given] for number, given in claims.items()}


def statement(given: Json) -> Json:
    """One statement with its value, qualifiers and references."""
    return {
        "id": given["id"],
        "rank": given["rank"],
        "qualifiers": _parts(given.get("qualifiers", {}), given.get("qualifiers-order", [])),
        "references": [
            {"hash": each["hash"], "parts": _parts(each["snaks"], each["snaks-order"])}
            for each in given.get("references", [])
        ],
        **_part(given["mainsnak"]),
    }


def _parts(snaks: Mapping[str, Iterable[Json]], order: Iterable[str]) -> list[Json]:
    return [_part(snak) for number in order for snak in snaks[number]]


def _part(snak: Json) -> Json:
    return {
        "property": {"id": snak["property"], "data_type": snak["datatype"]},
        "value": {"type": "value", "content": _content(snak["datavalue"])},
    }


def _content(datavalue: Json) -> Any:
    value = datavalue["value"]
    match datavalue["type"]:
        case "wikibase-entityid":
            return value["id"]
        case "time":
            return {name: value[name] for name in ("time", "precision", "calendarmodel")}
        case "globecoordinate":
            return {name: value[name] for name in ("latitude", "longitude", "precision", "globe")}
        case _:  # strings, monolingual texts, and quantities, whose bounds are kept beside amount and unit
            return value


def entity(document: Json) -> Json:
    """The whole entity."""
    shown: Json = {"id": document["id"], "type": document["type"]}
    if "datatype" in document:
        shown["data_type"] = document["datatype"]
    shown |= {
        "labels": names(document["labels"]),
        "descriptions": names(document["descriptions"]),
        "aliases": aliases(document["aliases"]),
        "statements": statements(document["claims"]),
    }
    return {**shown, "sitelinks": {}} if "sitelinks" in document else shown
