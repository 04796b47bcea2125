"""The groups of a query: which braces belong together, what each stands for, and which variables it binds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from server.tokens import IRI, PREFIXED_NAME, VARIABLE, WORD, Token

NAMES = (IRI, PREFIXED_NAME, VARIABLE)
HIDDEN = ("exists", "minus", "template")
"""The kinds of groups whose variables are not seen outside them."""


@dataclass(frozen=True)
class Group:
    """A pair of braces: the places of its tokens, its kind, the name it is said of, and the group around it.

    Kinds: select (a subquery), graph, service, template (of CONSTRUCT), values, exists, minus, or plain group.
    """

    start: int
    end: int
    kind: str
    target: Token | None
    parent: Group | None = field(repr=False)

    def holds(self, other: Group) -> bool:
        """Whether the other group is this one or lies within it."""
        return self.start <= other.start and other.end <= self.end


class Groups:
    """The groups of a query's tokens."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self._closing = _pairs(found)
        self._starting: dict[int, Group] = {}
        around: list[Group] = []
        for place in sorted(start for start in self._closing if found[start].text == "{"):
            while around and around[-1].end < place:
                around.pop()
            kind, target = _kind(found, place)
            group = Group(place, self._closing[place], kind, target, around[-1] if around else None)
            self._starting[place] = group
            around.append(group)

    def __iter__(self) -> Iterator[Group]:
        return iter(self._starting.values())

    def query_of(self, group: Group) -> tuple[int, int]:
        """The places of the tokens of the query or subquery that holds the group: first, and one past the last."""
        around: Group | None = group
        while around is not None and around.kind != "select":
            around = around.parent
        return (around.start + 1, around.end) if around else (0, len(self.found))

    def where_of(self, query: tuple[int, int]) -> Group | None:
        """The group of the query's patterns."""
        place, end = query
        while place < end:
            group = self._starting.get(place)
            if group is not None and group.kind != "template":
                return group
            place = self._closing.get(place, place) + 1
        return None

    def bound(self, group: Group, *, but: Collection[Group] = ()) -> dict[str, None]:
        """The names of the variables that the group's patterns bind, in their order; the groups `but` are left out.

        A variable that is only looked at, in an expression, is none of them.
        """
        names: dict[str, None] = {}
        place = group.start + 1
        while place < group.end:
            inner = self._starting.get(place)
            if inner is not None:
                if inner not in but and inner.kind not in HIDDEN:
                    names |= self._seen(inner, but)
            elif self.found[place].kind == VARIABLE:
                names[self.found[place].text[1:]] = None
            elif self.found[place].text == "(" and self._is_expression(place):
                names |= self._assigned(place)
            else:
                place += 1
                continue
            place = self._closing.get(place, place) + 1
        return names

    def projected(self, query: tuple[int, int], *, but: Collection[Group] = ()) -> dict[str, None]:
        """The names of the variables in the query's SELECT; for `*` all that its patterns bind."""
        where = self.where_of(query)
        place = query[0]
        names: dict[str, None] = {}
        while where is not None and place < where.start:
            token = self.found[place]
            if token.text == "*":
                return self.bound(where, but=but)
            if token.kind == VARIABLE:
                names[token.text[1:]] = None
            elif token.text == "(":
                names |= self._assigned(place)
            place = self._closing.get(place, place) + 1
        return names

    def _seen(self, inner: Group, but: Collection[Group]) -> dict[str, None]:
        if inner.kind == "select":
            return self.projected((inner.start + 1, inner.end), but=but)
        return {} if inner.kind == "values" else self.bound(inner, but=but)

    def _assigned(self, place: int) -> dict[str, None]:
        """The variable after AS at the end of an expression in brackets."""
        end = self._closing[place]
        last, word = self.found[end - 1], self.found[end - 2]
        return {last.text[1:]: None} if last.kind == VARIABLE and word.keyword == "AS" else {}

    def _is_expression(self, place: int) -> bool:
        """Whether a bracket among patterns opens an expression: not a list, a path or the variables of VALUES."""
        before, second = self.found[place - 1], self.found[place - 2]
        return (before.kind == WORD and before.keyword not in ("VALUES", "A")) or second.keyword == "FILTER"


def _pairs(found: list[Token]) -> dict[int, int]:
    """The place of the closing bracket for each opening one; where they do not match, nothing: the engine complains."""
    closing = {"(": ")", "{": "}", "[": "]"}
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for place, token in enumerate(found):
        if token.text in closing:
            waiting.append(place)
        elif token.text in (")", "}", "]"):
            if not waiting or closing[found[waiting[-1]].text] != token.text:
                return {}
            pairs[waiting.pop()] = place
    return {} if waiting else {start: end for start, end in pairs.items() if found[start].text != "["}


def _kind(found: list[Token], place: int) -> tuple[str, Token | None]:
    before = found[place - 1] if place else found[place]
    second = found[place - 2] if place > 1 else before
    words = {found[i].keyword for i in range(max(0, place - 3), place)}
    if place + 1 < len(found) and found[place + 1].keyword == "SELECT":
        return "select", None
    if before.kind in NAMES and second.keyword == "GRAPH":
        return "graph", before
    if before.kind in NAMES and (second.keyword == "SERVICE" or (second.keyword == "SILENT" and "SERVICE" in words)):
        return "service", before
    if _is_values(found, place):
        return "values", None
    kinds = {"CONSTRUCT": "template", "EXISTS": "exists", "MINUS": "minus"}
    return kinds.get(before.keyword, "group"), None


def _is_values(found: list[Token], place: int) -> bool:
    place -= 1
    if place >= 0 and found[place].text == ")":
        while place > 0 and found[place].text != "(":
            place -= 1
    return place > 0 and found[place - 1].keyword == "VALUES"
