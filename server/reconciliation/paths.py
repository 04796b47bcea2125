"""Paths over properties: `P749/P4791` goes on, `^P361` goes back, `A|B` takes both, `Lzh` and the like name."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from server.errors import BadRequest
from server.reconciliation.facts import ALIAS, DESCRIPTION, LABEL, Facts, Value
from server.wikibase.languages import chain

TABLE = Path(__file__).resolve().parent / "paths.tsv"
LONGEST = 200
"""Characters of a path, and steps below: enough for any question, not for an attack."""
MOST_NODES = 10_000
_STEP = re.compile(r"(\^?)(P[1-9][0-9]*)")
_NAME = re.compile(r"([LAD])([a-z]{2,3}(?:-[a-z0-9]+)*)")
TEXTS = {"L": LABEL, "A": ALIAS, "D": DESCRIPTION}


@dataclass(frozen=True)
class Step:
    """A property to be followed, forwards or back; or names in a language, where it says which."""

    number: str = ""
    back: bool = False
    texts: ox.NamedNode | None = None
    language: str = ""


@dataclass(frozen=True)
class PropertyPath:
    """The ways that a path goes, each its steps in order."""

    text: str
    ways: tuple[tuple[Step, ...], ...]

    @property
    def last(self) -> Step:
        """The last step of the first way; what is found there has its datatype."""
        return self.ways[0][-1]


@dataclass(frozen=True)
class Known:
    """A path that has a name of its own: for which class it is proposed, and its names by language."""

    text: str
    type: str
    names: dict[str, str]


def read(text: str, facts: Facts) -> PropertyPath:
    """The path; raises BadRequest where it is none or names a property that does not exist."""
    if len(text) > LONGEST:
        raise BadRequest(f"A property path has at most {LONGEST} characters.")
    ways = tuple(tuple(_step(step, text, facts) for step in way.split("/")) for way in text.split("|"))
    if any(step.texts for way in ways for step in way[:-1]):
        raise BadRequest(f"In the property path {text!r} names are followed by more; they have nothing more.")
    return PropertyPath(text, ways)


def follow(path: PropertyPath, number: str, facts: Facts) -> list[Value]:
    """What the path leads to from that entity, each once."""
    found: dict[Value, None] = {}
    for way in path.ways:
        nodes: dict[Value, None] = {ox.NamedNode(facts.root + number): None}
        for step in way:
            nodes = dict.fromkeys(value for node in nodes for value in _next(step, facts.number(node), facts))
            if len(nodes) > MOST_NODES:
                raise BadRequest(f"The property path {path.text!r} leads to more than {MOST_NODES} values.")
        found |= nodes
    return list(found)


def title(path: PropertyPath, facts: Facts, language: str) -> str:
    """Words for the path: its own name, or the names of its properties."""
    known = named().get(path.text)
    if known:
        return next((known.names[code] for code in chain(language) if code in known.names), path.text)
    return " | ".join(" / ".join(_word(step, facts, language) for step in way) for way in path.ways)


@cache
def named() -> dict[str, Known]:
    """The paths that have names of their own, by their texts."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", strict=True))
    return {r["id"]: Known(r["id"], r["type"], {code: r[code] for code in ("en", "zh-hans", "zh-hant")}) for r in rows}


def _step(text: str, whole: str, facts: Facts) -> Step:
    names = _NAME.fullmatch(text.strip())
    if names:
        return Step(texts=TEXTS[names[1]], language=names[2])
    step = _STEP.fullmatch(text.strip().removeprefix(facts.schema))
    if step is None:
        raise BadRequest(
            f"{whole!r} is no property path: properties as P361, back as ^P361, / for what follows, | for or;"
            " Len, Den and Aen for label, description and aliases in a language."
        )
    if step[2] not in facts.properties:
        raise BadRequest(f"There is no property {step[2]} here.")
    return Step(step[2], back=bool(step[1]))


def _next(step: Step, number: str, facts: Facts) -> tuple[Value, ...]:
    if not number:
        return ()
    if step.texts is None:
        return facts.values(number, step.number, step.back)
    texts = facts.texts(number, step.texts)
    code = next((code for code in chain(step.language) if code in texts), "")
    return tuple(ox.Literal(words, language=code) for words in texts.get(code, ()))


def _word(step: Step, facts: Facts, language: str) -> str:
    if step.texts is None:
        return ("← " if step.back else "") + facts.name(step.number, language)
    letter = next(letter for letter, texts in TEXTS.items() if texts == step.texts)
    return f"{letter}{step.language}"
