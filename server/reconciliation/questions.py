"""What is asked about one cell of a column, in whichever version of the protocol it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.errors import BadRequest

DEFAULT_LIMIT, MOST_CANDIDATES = 10, 100
Wanted = str | int | float | bool
"""A value that a candidate should have; an item by its number or one of its names."""


@dataclass(frozen=True)
class Condition:
    """Values that a property of the candidate should have.

    `quantifier`: any of them, all of them or none of them. `required`: candidates that fail it are left out.
    """

    path: str
    values: tuple[Wanted, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True)
class Question:
    """One query: names or numbers looked for, classes (one must hold; none: any), evidence, number of candidates."""

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    limit: int = DEFAULT_LIMIT
    language: str = ""


def from_02(document: Any) -> Question:
    """The query of versions 0.1 and 0.2; raises BadRequest."""
    given = {"query": document} if isinstance(document, str) else _object(document, "A query")
    name = given.get("query", "")
    if not isinstance(name, str):
        raise BadRequest("The `query` of a reconciliation query is a string.")
    properties = _list(given.get("properties") or [], "`properties`")
    conditions = tuple(_condition_02(_object(each, "A property")) for each in properties)
    if not name.strip() and not conditions:
        raise BadRequest("A reconciliation query has a `query`, or `properties`, or both.")
    return Question(
        names=(name,) if name.strip() else (),
        types=_types(given.get("type")),
        conditions=conditions,
        limit=limit(given.get("limit")),
    )


def from_10(document: Any) -> Question:
    """The query of version 1.0; raises BadRequest."""
    given = _object(document, "A query")
    conditions = [_object(each, "A condition") for each in _list(given.get("conditions"), "`conditions`")]
    if not conditions:
        raise BadRequest("A query has at least one condition.")
    by_kind: dict[str, list[dict[str, Any]]] = {"name": [], "id": [], "property": []}
    for condition in conditions:
        kind = condition.get("matchType")
        if kind not in by_kind:
            raise BadRequest(f"`matchType` is name, id or property, not {kind!r}.")
        by_kind[kind].append(condition)
    return Question(
        names=tuple(str(value) for each in by_kind["name"] for value in _values(each.get("propertyValue"))),
        ids=tuple(str(value) for each in by_kind["id"] for value in _values(each.get("propertyValue"))),
        types=_types(given.get("type")),
        conditions=tuple(_condition_10(each) for each in by_kind["property"]),
        limit=limit(given.get("limit")),
        language=str(given.get("lang") or ""),
    )


def limit(value: Any) -> int:
    """A number of results as it was asked for; what is missing or no number is the default."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_LIMIT
    return min(max(number, 1), MOST_CANDIDATES)


def _condition_02(given: dict[str, Any]) -> Condition:
    path = given.get("pid") or given.get("p")
    if not isinstance(path, str):
        raise BadRequest("A property of a query names its property as `pid`.")
    return Condition(path, _values(given.get("v")))


def _condition_10(given: dict[str, Any]) -> Condition:
    path = given.get("propertyId")
    if not isinstance(path, str):
        raise BadRequest("A condition on a property names it as `propertyId`.")
    quantifier = given.get("matchQuantifier", "any")
    if quantifier not in ("any", "all", "none"):
        raise BadRequest(f"`matchQuantifier` is any, all or none, not {quantifier!r}.")
    return Condition(path, _values(given.get("propertyValue")), quantifier, bool(given.get("required", False)))


def _values(given: Any) -> tuple[Wanted, ...]:
    each = given if isinstance(given, list) else [given]
    values = [value.get("id", value.get("name")) if isinstance(value, dict) else value for value in each]
    return tuple(value for value in values if isinstance(value, str | int | float | bool) and value != "")


def _types(given: Any) -> tuple[str, ...]:
    each = given if isinstance(given, list) else [given]
    types = [value.get("id") if isinstance(value, dict) else value for value in each]
    return tuple(value for value in types if isinstance(value, str) and value)


def _object(given: Any, what: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadRequest(f"{what} is a JSON object, not {type(given).__name__}.")
    return given


def _list(given: Any, what: str) -> Sequence[Any]:
    if not isinstance(given, list):
        raise BadRequest(f"{what} is a JSON array, not {type(given).__name__}.")
    return given
