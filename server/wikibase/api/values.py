"""wbformatvalue: a value in words for people."""

from __future__ import annotations

import json
from typing import Any

from server.wikibase import entities
from server.wikibase.api.call import Call, Json
from server.wikibase.api.errors import ApiError, no_such_entity, unsupported
from server.wikibase.formatting import Formatter

_FORMAT = "wbformatvalue"


def wbformatvalue(call: Call) -> Json:
    """The words for a value in the language of its options, as plain text or HTML."""
    values = call.values
    form = values.text(_FORMAT, "generate")
    if form == "text/x-wiki":
        raise unsupported("generate=text/x-wiki")
    language = str(_json(values.text(_FORMAT, "options") or "{}", "options").get("lang", call.language))
    datavalue = _json(values.text(_FORMAT, "datavalue"), "datavalue")
    formatter = Formatter(call.publication, language, html=form == "text/html")
    try:
        return {"result": formatter.words(datavalue, _datatype(call))}
    except ValueError as error:
        raise ApiError("baddatavalue", f"The value cannot be read: {error}.") from error


def _datatype(call: Call) -> str:
    number = call.values.text(_FORMAT, "property").upper()
    if not number:
        return call.values.text(_FORMAT, "datatype")
    datatypes = entities.documents(call.publication).datatypes
    if number not in datatypes:
        raise no_such_entity(number)
    return datatypes[number]


def _json(words: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise ApiError("baddatavalue", f'The "{name}" parameter is no JSON: {error}.') from error
    if not isinstance(value, dict):
        raise ApiError("baddatavalue", f'The "{name}" parameter must be a JSON object.')
    return value
