"""Finds -> the canonical name of each: sides, leaders' formations, full names, places' short names, who 敌 is."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from graph.reader import lexicon
from graph.reader.aliases import full_names, mend
from graph.reader.document import Document
from graph.reader.finds import Find
from graph.reader.place_weights import stem
from graph.reader.sides import sided
from graph.reader.units import WITHIN_PARENT
from graph.reader.voices import forces


def canonical_names(document: Document, finds: Sequence[Find]) -> list[str]:
    """Give the canonical name of each find, in the form of the guide."""
    normal = document.normal
    sides = sided(normal, finds)
    names = [find.name for find in finds]
    _units(normal, finds, sides, names)
    full_names(normal, finds, names)
    mend(finds, names)
    places = _places(finds, names)
    by_voice = forces(document, finds, sides)
    for index, find in enumerate(finds):
        if find.type in {"Unit", "Organization"}:
            names[index] = f"{sides[index]}/{names[index]}"
        elif find.type == "Place":
            names[index] = places.get(names[index], names[index])
        elif find.type == "Force":
            names[index] = by_voice[index]
    _led(normal, finds, names)
    return names


# --------------------------------------------------------------------------- formations


_RENAMED = {"师": "师团", "旅": "旅团", "军团": "军"}
_BATTALION = re.compile(r"第\d+(?:营|连|排|小队)")
_PARENTS = ("团", "联队", "旅", "师", "师团", "大队")


def _units(normal: str, finds: Sequence[Find], sides: Sequence[str], names: list[str]) -> None:
    """Give Japanese formations Japanese echelons, and battalions the name of the regiment before them."""
    parent: int | None = None
    for index, find in enumerate(finds):
        if find.type != "Unit":
            continue
        match = re.fullmatch(r"(.*第\d+)(师|旅|军团)", names[index])
        if match and sides[index] == "JP":
            names[index] = match[1] + _RENAMED[match[2]]
        if parent is not None and _is_part(normal, finds, names, parent, index):
            names[index] = names[parent] + names[index]
        elif find.rule != "unit.led" and not _BATTALION.fullmatch(names[index]):
            parent = index


def _is_part(normal: str, finds: Sequence[Find], names: Sequence[str], parent: int, index: int) -> bool:
    """Tell whether a formation is known only within the one before it: 第398团第2营, 第10军特务营."""
    between = normal[finds[parent].span.end : finds[index].span.start]
    if finds[index].rule == "unit.function":
        return between in {"", "的", "之"}
    match = re.fullmatch(r"第(\d+)(.+)", names[index])
    if not match or re.search("[。;\n]", between) or not names[parent].endswith(_PARENTS):
        return False
    if match[2] in {"营", "连"}:
        return True
    return between == "" and (match[2] in WITHIN_PARENT or (match[2] == "大队" and int(match[1]) < 10))


# --------------------------------------------------------------------------- formations named by who leads them


def _led(normal: str, finds: Sequence[Find], names: list[str]) -> None:
    """Give 方先觉部 the name of the formation that stands before it, or that the text says he commands."""
    commands = _commands(normal, finds, names)
    for index, find in enumerate(finds):
        if find.rule != "unit.led":
            continue
        leader = next((names[i] for i in (index - 1, index + 1) if 0 <= i < len(finds) and _leads(finds[i], find)), "")
        beside = next((names[i] for i in (index - 1, index - 2) if i >= 0 and _touches(finds[i], find)), "")
        if beside and _rank_fits(find.name, beside):
            names[index] = beside
        elif leader in commands and _rank_fits(find.name, commands[leader]):
            names[index] = commands[leader]
        elif leader:
            side, _, name = names[index].partition("/")
            names[index] = f"{side}/{leader}{_echelon(name)}"


def _leads(person: Find, unit: Find) -> bool:
    return person.type == "Person" and person.span.start == unit.span.start


def _touches(first: Find, second: Find) -> bool:
    return first.type == "Unit" and first.span.end == second.span.start


def _echelon(name: str) -> str:
    """Give the echelon that a name ends with: the longest of the table, or 部, 集团."""
    endings = [word for word in (*lexicon.words("echelons"), "部", "所部", "集团") if name.endswith(word)]
    return max(endings, key=len, default="部")


def _rank_fits(name: str, unit: str) -> bool:
    return name.endswith("部") or _echelon(name) == _echelon(unit)


@cache
def _between() -> re.Pattern[str]:
    """Give the pattern of what may stand between a formation and the person who commands it."""
    post = r"(?:中将|少将|上将)?[^\W\d_]{0,2}(?:总司令|司令官|司令长官|司令|长)"
    return re.compile(rf"(?:\((?:[^\W\d_]{{0,3}}长)?|{post}|的|之)?")


def _commands(normal: str, finds: Sequence[Find], names: Sequence[str]) -> Mapping[str, str]:
    """Give the formation of each person whom the text names right behind it, by title or in brackets."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for index, (unit, person) in enumerate(pairwise(finds)):
        if unit.type != "Unit" or person.type != "Person" or unit.rule == "unit.led":
            continue
        if _between().fullmatch(normal, unit.span.end, max(unit.span.end, person.span.start)):
            counts[names[index + 1]][names[index]] += 1
    return {person: max(units, key=lambda unit: (units[unit], -_rank(unit), unit)) for person, units in counts.items()}


def _rank(unit: str) -> int:
    """Give the rank of a formation's echelon, 1 for the highest."""
    return int(lexicon.column("echelons", "word", "rank").get(_echelon(unit), 9))


# --------------------------------------------------------------------------- places


_RAILWAY = re.compile(r"(.{2,4})(?:铁路线|路|线)")


def _places(finds: Sequence[Find], names: Sequence[str]) -> Mapping[str, str]:
    """Give the canonical name of each place: without 城 and 县城, with the full name of a railway."""
    seen = {names[i] for i, find in enumerate(finds) if find.type == "Place"}
    gazetteer = lexicon.weights("gazetteer")
    table = {}
    for name in seen:
        bare, railway = stem(name), _RAILWAY.fullmatch(name)
        if railway and (railway[1] + "铁路" in gazetteer or railway[1] + "铁路" in seen):
            table[name] = railway[1] + "铁路"
        elif bare != name and (bare in seen or (bare in gazetteer and not name.endswith("镇"))):
            table[name] = bare
        elif name + "街" in seen:
            table[name] = name + "街"
    return table
