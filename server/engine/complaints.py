"""What the engine says of a query that it cannot read -> a problem that names the place in the query as written.

The engine's parser reports the furthest place that it looked at. It reads as many characters as a keyword has before
it compares them, so that place may lie a line below the fault. The query is therefore laid out with blanks before
every token and parsed once more: however far the parser looks, it then looks at blanks behind the token that is wrong.
"""

from __future__ import annotations

import csv
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from server.errors import QuerySyntaxError
from server.prefixes import prefixes
from server.rewriting import Rewritten
from server.tokens import LANGUAGE, NUMBER, PREFIXED_NAME, VARIABLE, WORD, Token, offset, position, tokens

TABLE = Path(__file__).resolve().parent / "complaints.tsv"
BLANKS = " " * 32
"""More than the longest keyword of the language has characters."""
ELSE, FEW = "something else is expected", 3
MOST_TRIED = 8
"""Variables that are looked at as bound twice: each takes a parse of the whole query."""
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_SIGN = re.compile(r'"((?:[^"\\]|\\.)+)"')


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text: the number of the token there (one past the last: its end), and the engine's words.

    `exact`: the words tell all that could stand there.
    """

    token: int
    words: str
    exact: bool


def complaint(query: Rewritten, message: str, *, base: str) -> QuerySyntaxError:
    """The problem, with the `line` and `column` (from 1) of the query as its writer wrote it.

    `message` is the engine's own, passed on where the engine reads the query laid out.
    """
    problem = undeclared(query.written, base)
    if problem is not None:
        return problem
    found = tokens(query.text)
    fault = _fault(found, query.text, base)
    if fault is None:
        return QuerySyntaxError(f"The query cannot be read: {message.rstrip('.')}.")
    signs = _signs(fault.words) if fault.exact else []
    what, place = _explained(found, fault, query.text, base)
    members = {"expected": signs} if signs and what == ELSE else {}
    if members and len(signs) <= FEW and "[" not in _SIGN.sub("", fault.words):
        what = f"{' or '.join(signs)} is expected"
    return _problem(query, found[place].start if place < len(found) else found[-1].end, what, members)


def undeclared(query: str, base: str) -> QuerySyntaxError | None:
    """The first name in the query whose prefix nobody declares, as a problem; the engine's message does not name it."""
    found = tokens(query)
    known = {*prefixes(base), *(_prefix(name) for word, name in itertools.pairwise(found) if word.keyword == "PREFIX")}
    name = next((token for token in found if token.kind == PREFIXED_NAME and _prefix(token) not in known), None)
    if name is None:
        return None
    line, column = position(query, name.start)
    detail = (
        f"Line {line}, column {column}: the prefix of {name.text} is not declared; add PREFIX {_prefix(name)}: <…>."
    )
    return QuerySyntaxError(detail, line=line, column=column)


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _problem(query: Rewritten, place: int, what: str, members: dict[str, Any]) -> QuerySyntaxError:
    place = query.place(place)
    line, column = position(query.written, place)
    rest = query.written[place:].strip().split("\n", 1)[0]
    there = f"before “{rest[:40]}”" if rest else "at the end of the query"
    return QuerySyntaxError(f"Line {line}, column {column}, {there}: {what}.", line=line, column=column, **members)


def _fault(found: Sequence[Token], text: str, base: str) -> Fault | None:
    """What is wrong with the text of these tokens; None where it can be read."""
    laid, starts = laid_out(found, text)
    try:
        ox.Store().query(laid, base_iri=base, prefixes=prefixes(base))
    except SyntaxError as error:
        match = _PLACE.match(str(error))
        if match is None:
            return None
        reached = offset(laid, int(match[1]), int(match[2]))
        if reached == len(laid):
            return Fault(len(found), match[3], exact=True)
        place = max(bisect_right(starts, reached) - 1, 0)
        while reached != starts[place] and place and _is_glued(found[place - 1], found[place]):
            place -= 1
        return Fault(place, match[3], exact=reached == starts[place])
    return None


def laid_out(found: Sequence[Token], text: str) -> tuple[str, list[int]]:
    """The text with blanks before each token that may have some and after the last, and where the tokens then start."""
    parts: list[str] = []
    starts = []
    size = done = 0
    for before, token in zip([None, *found], found, strict=False):
        gap = text[done : token.start] + ("" if _is_glued(before, token) else BLANKS)
        parts += [gap, token.text]
        starts.append(size + len(gap))
        size += len(gap) + len(token.text)
        done = token.end
    return "".join(parts) + BLANKS, starts


def _is_glued(before: Token | None, token: Token) -> bool:
    """Whether no blank may come between two tokens written together: a literal's parts, a sign and its number.

    And a function's name and its bracket: the engine reads some only so.
    """
    if before is None or before.end != token.start:
        return False
    return (
        token.kind == LANGUAGE
        or "^^" in (before.text, token.text)
        or (token.kind == NUMBER and before.text in ("+", "-"))
        or (token.text == "(" and before.kind == WORD)
    )


@lru_cache(maxsize=1)
def _table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", strict=True, quoting=csv.QUOTE_NONE))


def _explained(found: Sequence[Token], fault: Fault, text: str, base: str) -> tuple[str, int]:
    """What is wrong in plain words, and the number of the token where it is."""
    for row in _table():
        if row["engine"] in fault.words:
            return row["says"], _AT[row["at"]](found, fault.token)
    twice = next(_bound_twice(found, fault, text, base), None)
    return (ELSE, fault.token) if twice is None else ("this variable is bound already", twice)


def _bound_twice(found: Sequence[Token], fault: Fault, text: str, base: str) -> Iterator[int]:
    """The variable after AS, last of those before the fault, without which there is no such fault.

    The engine says only that the group of BIND cannot end.
    """
    if fault.token < len(found) and found[fault.token].text != "}":
        return
    for place in itertools.islice(_bound_again(found[: fault.token]), MOST_TRIED):
        other = found[place]._replace(text=f"{found[place].text}_{len(text)}")
        if _fault([*found[:place], other, *found[place + 1 :]], text, base) != fault:
            yield place


def _bound_again(found: Sequence[Token]) -> Iterator[int]:
    """The variables after AS that stand before it too, the last one first."""
    first: dict[str, int] = {}
    for place, token in enumerate(found):
        if token.kind == VARIABLE:
            first.setdefault(token.text[1:], place)
    for place in range(len(found) - 1, 0, -1):
        token = found[place]
        if token.kind == VARIABLE and found[place - 1].keyword == "AS" and first[token.text[1:]] < place:
            yield place


def _at_token(_: Sequence[Token], place: int) -> int:
    return place


def _at_iri(found: Sequence[Token], place: int) -> int:
    """Where a piece of an IRI stands: the sign that opens it."""
    return next((i for i in range(min(place, len(found) - 1), -1, -1) if found[i].text[:1] == "<"), place)


def _at_select(found: Sequence[Token], place: int) -> int:
    """The SELECT of the query that ends there."""
    depth = 0
    for i in range(min(place, len(found)) - 1, -1, -1):
        depth += {"}": 1, "{": -1}.get(found[i].text, 0)
        if depth == 0 and found[i].keyword == "SELECT":
            return i
    return place


_AT = {"token": _at_token, "iri": _at_iri, "select": _at_select}


def _signs(message: str) -> list[str]:
    """The signs that could stand there."""
    return sorted({sign.replace('\\"', '"') for sign in _SIGN.findall(message)})
