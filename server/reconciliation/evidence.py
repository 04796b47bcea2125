"""Whether what a column says of a thing agrees with what the graph says of it."""

from __future__ import annotations

import re

import pyoxigraph as ox

from server.reconciliation import paths
from server.reconciliation.facts import Facts, Value, fold
from server.reconciliation.questions import Condition, Wanted
from server.rewriting.functions import kilometres
from server.rewriting.places import read_point

XSD = "http://www.w3.org/2001/XMLSchema#"
DATES = (f"{XSD}dateTime", f"{XSD}date")
NUMBERS = (f"{XSD}decimal", f"{XSD}integer", f"{XSD}double")
POINT = "http://www.opengis.net/ont/geosparql#wktLiteral"
NEAR = 5.0
"""Kilometres between two points that are taken for one place."""
_DATE = re.compile(r"\s*(\d{4})(?:\D(\d{1,2})(?:\D(\d{1,2}))?)?(?:\D.*)?", re.DOTALL)
_DEGREES = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;/\s]\s*(-?\d+(?:\.\d+)?)\s*")


def agreement(condition: Condition, path: paths.PropertyPath, number: str, facts: Facts) -> float | None:
    """1 where the entity meets the condition, 0 where it does not, None where the graph does not know."""
    values = paths.follow(path, number, facts)
    if not values or not condition.values:
        return None
    met = [any(agrees(value, wanted, facts) for value in values) for wanted in condition.values]
    if condition.quantifier == "none":
        return float(not any(met))
    return float(all(met) if condition.quantifier == "all" else any(met))


def agrees(value: Value, wanted: Wanted, facts: Facts) -> bool:
    """Whether a value of the graph is the one that is wanted."""
    number = facts.number(value)
    if number:
        return facts.entity(str(wanted)) == number or fold(str(wanted)) in facts.spellings(number)
    if not isinstance(value, ox.Literal):
        return str(wanted) == getattr(value, "value", "")
    kind = value.datatype.value
    if kind in DATES:
        return _is_day(value.value, str(wanted))
    if kind in NUMBERS:
        return _is_number(value.value, wanted)
    if kind == POINT:
        return _is_near(value.value, str(wanted))
    return fold(value.value) == fold(str(wanted))


def _is_day(value: str, wanted: str) -> bool:
    """Whether a date is the wanted one, or lies in the wanted month or year."""
    match = _DATE.fullmatch(wanted)
    if match is None:
        return False
    parts = [match[1], *(part.zfill(2) for part in match.groups()[1:] if part)]
    return value.startswith("-".join(parts))


def _is_number(value: str, wanted: Wanted) -> bool:
    try:
        return float(value) == float(str(wanted).replace(",", ""))
    except ValueError:
        return False


def _is_near(value: str, wanted: str) -> bool:
    """Whether a point is close to another, given as WKT or as latitude and longitude."""
    point, other = read_point(value), read_point(wanted)
    degrees = _DEGREES.fullmatch(wanted)
    if degrees:
        other = float(degrees[2]), float(degrees[1])
    return point is not None and other is not None and kilometres(point, other) <= NEAR
