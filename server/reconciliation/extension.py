"""Items and properties -> the values to be added as columns; every cell is there, the empty ones as `[]`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from server.errors import BadRequest
from server.reconciliation import paths
from server.reconciliation.evidence import DATES, NUMBERS, POINT
from server.reconciliation.facts import Facts, Value
from server.rewriting.places import read_point

MOST_IDS, MOST_PROPERTIES = 1_000, 100
SETTINGS: tuple[dict[str, Any], ...] = (
    {"name": "limit", "type": "number", "default": 0, "label": "Limit", "help": "Most values in a cell; 0: all."},
    {
        "name": "count",
        "type": "checkbox",
        "default": False,
        "label": "Return counts instead of values",
        "help": "The number of values instead of the values.",
    },
)
"""The settings of a column; both versions of the protocol spell them in their own way."""


@dataclass(frozen=True)
class Column:
    """A column that is asked for."""

    path: paths.PropertyPath
    limit: int
    count: bool


def columns(given: Any, facts: Facts) -> list[Column]:
    """The columns of a request's `properties`; raises BadRequest."""
    if not isinstance(given, list) or len(given) > MOST_PROPERTIES:
        raise BadRequest(f"`properties` is a JSON array of at most {MOST_PROPERTIES}.")
    return [_column(each, facts) for each in given]


def numbers(given: Any) -> list[str]:
    """The identifiers of a request; raises BadRequest."""
    if not isinstance(given, list) or len(given) > MOST_IDS or not all(isinstance(each, str) for each in given):
        raise BadRequest(f"`ids` is a JSON array of at most {MOST_IDS} strings.")
    return given


def meta(column: Column, facts: Facts, *, language: str, service: str) -> dict[str, Any]:
    """What is said of a column: its title, and where its values are items, their class and the service they are of."""
    told: dict[str, Any] = {"id": column.path.text, "name": paths.title(column.path, facts, language)}
    last = column.path.last
    known = facts.properties.get(last.number)
    if known is None or known.datatype != "WikibaseItem" or column.count:
        return told
    kind = "" if last.back else facts.class_of_values(last.number)
    if kind:
        told["type"] = {"id": kind, "name": facts.name(kind, language)}
    return {**told, "service": service}


def cell(column: Column, number: str, facts: Facts, language: str) -> list[dict[str, Any]]:
    """The values of a column for one identifier, which may name nothing."""
    entity = facts.entity(number)
    values = paths.follow(column.path, entity, facts) if entity else []
    if column.count:
        return [{"int": len(values)}]
    shown = [_shown(value, facts, language) for value in values]
    return shown[: column.limit] if column.limit else shown


def _column(given: Any, facts: Facts) -> Column:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise BadRequest("A property of an extension is a JSON object with an `id`.")
    settings = given.get("settings") or {}
    if not isinstance(settings, dict):
        raise BadRequest("`settings` is a JSON object.")
    return Column(paths.read(given["id"], facts), _limit(settings.get("limit")), _is_on(settings.get("count")))


def _limit(value: Any) -> int:
    try:
        return max(0, int(value or 0))
    except (TypeError, ValueError, OverflowError) as error:
        raise BadRequest(f"The setting `limit` is a number, not {value!r}.") from error


def _is_on(value: Any) -> bool:
    return value in (True, "on", "true", "1", 1)


def _shown(value: Value, facts: Facts, language: str) -> dict[str, Any]:
    number = facts.number(value)
    if number:
        return {"id": number, "name": facts.name(number, language)}
    if not isinstance(value, ox.Literal):
        return {"str": str(getattr(value, "value", value))}
    kind, text = value.datatype.value, value.value
    if kind in DATES:
        return {"date": text if "T" in text else f"{text}T00:00:00Z"}
    if kind in NUMBERS:
        amount = float(text)
        return {"int": int(amount)} if amount.is_integer() else {"float": amount}
    point = read_point(text) if kind == POINT else None
    return {"str": f"{point[1]:g},{point[0]:g}" if point else text}
