"""Finds what is to be replaced in one query, and says by what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from server.prefixes import prefixes
from server.rewriting import labels, languages, places
from server.rewriting.edits import Edit
from server.rewriting.groups import Group, Groups
from server.rewriting.services import AROUND, LABEL, SERVICES, apart, declared, is_hint
from server.rewriting.triples import Reader, Term, Triple
from server.tokens import LANGUAGE, VARIABLE, Token, tokens

WIKIDATA = "http://www.wikidata.org"
CHANGED = "http://schema.org/dateModified"
TERM_ENDS = ("{", "}", ".")
"""After these a new triple may begin."""


class Rewriter:
    """One query on its way."""

    def __init__(self, query: str, *, base: str, languages: str) -> None:
        self._query = query
        self._base = base
        self._accepted = languages
        self._found = tokens(query)
        self._groups = Groups(self._found)
        self._reader = Reader(query, self._found, {**prefixes(base), **declared(self._found)})
        self._named: list[tuple[Group, str]] = []
        """Which variables have been given names to, in which groups."""

    def edits(self) -> Iterator[Edit]:
        """What is to be replaced, and by what; raises QuerySyntaxError."""
        yield from self._hints()
        yield from self._ages()
        yield from self._languages()
        for service in sorted(self._services, key=lambda group: (-_depth(group), group.start)):
            if self._iri(service) == LABEL:
                yield from self._label(service)
            else:
                yield from self._place(service)
        for query in dict.fromkeys(self._groups.query_of(group) for group, _ in self._named):
            yield from self._all_shown(query)

    @cached_property
    def _services(self) -> list[Group]:
        return [group for group in self._groups if group.kind == "service" and self._iri(group) in SERVICES]

    @cached_property
    def _labels(self) -> list[Group]:
        return [service for service in self._services if self._iri(service) == LABEL]

    @cached_property
    def _free(self) -> str:
        """The beginning of variables that the query does not use."""
        free = "name"
        while f"?{free}" in self._query or f"${free}" in self._query:
            free += "_"
        return free

    def _iri(self, group: Group) -> str:
        return self._reader.iri(group.target) if group.target else ""

    def _hints(self) -> Iterator[Edit]:
        place = 1
        while place < len(self._found):
            if self._is_hint(place):
                end = self._end_of_triples(place)
                yield Edit(self._found[place].start, self._found[end - 1].end, "")
                place = end
            else:
                place += 1

    def _is_hint(self, place: int) -> bool:
        """Whether a triple begins here that only the optimizer of another endpoint knows."""
        begins = self._found[place - 1].text in (*TERM_ENDS, ")")
        inside = any(service.start < place < service.end for service in self._services)
        return begins and not inside and is_hint(self._reader, self._found[place])

    def _ages(self) -> Iterator[Edit]:
        """Where Wikidata's query page asks how old the data is: the last change of any data here."""
        for subject, verb, changed, after in zip(
            self._found, self._found[1:], self._found[2:], self._found[3:], strict=False
        ):
            asks = subject.text == f"<{WIKIDATA}>" and self._reader.iri(verb) == CHANGED and changed.kind == VARIABLE
            if asks and after.text in TERM_ENDS:
                last = f"SELECT (MAX(?{self._free}) AS {changed.text}) {{ ?{self._free}_of <{CHANGED}> ?{self._free} }}"
                yield Edit(subject.start, changed.end, f"{{ {last} }}")

    def _languages(self) -> Iterator[Edit]:
        """Where a name is wanted whose language is, say, `zh`: it may be in the one that `zh` falls back to."""
        names = {
            after.text for token, after in pairwise(self._found) if self._reader.iri(token) in labels.SUFFIXES.values()
        }
        for place, token in enumerate(self._found[:-5]):
            _, variable, closing = self._found[place + 1 : place + 4]
            if token.keyword == "LANG" and variable.text in names and closing.text == ")":
                sign = self._after_brackets(place, place + 4)
                code = self._found[min(sign + 1, len(self._found) - 1)]
                near = languages.read_as().get(Term(code.text, code).value.lower())
                if near and self._found[sign].text == "=" and not self._is_typed(sign + 1):
                    yield Edit(self._found[sign].start, code.end, f'IN ({code.text}, "{near}")')

    def _is_typed(self, place: int) -> bool:
        """Whether a string has a datatype or a language."""
        after = self._found[min(place + 1, len(self._found) - 1)]
        return after.kind == LANGUAGE or after.text == "^^"

    def _after_brackets(self, start: int, end: int) -> int:
        """Where the query goes on after an expression (end excluded) and the brackets that hold it alone."""
        while self._found[start - 1].text == "(" and self._found[end].text == ")" and end + 1 < len(self._found):
            start, end = start - 1, end + 1
        return end

    def _end_of_triples(self, place: int) -> int:
        """One past the full stop that ends the triples; where there is none, the brace that ends the group."""
        while place < len(self._found) and self._found[place].text != "}":
            place += 1
            if self._found[place - 1].text == ".":
                break
        return place

    def _whole(self, service: Group, text: str) -> Edit:
        """The service replaced, a full stop before it where a triple ends, the one after it left out."""
        first = service.start
        while self._found[first].keyword != "SERVICE":
            first -= 1
        last = service.end
        if last + 1 < len(self._found) and self._found[last + 1].text == ".":
            last += 1
        stop = "" if self._found[first - 1].text in TERM_ENDS else " . "
        return Edit(self._found[first].start, self._found[last].end, stop + text)

    def _label(self, service: Group) -> Iterator[Edit]:
        parameters, others = apart(self._reader.triples(service.start + 1, service.end))
        yield self._whole(service, "")
        group = self._end_group(service)
        names = self._explicit(others, group) if others else self._automatic(group)
        if not names:
            return
        self._named += [(group, name.variable) for name in names]
        asked = ",".join(term.value for term in parameters.get("language", []))
        text = labels.patterns(
            names,
            languages.wanted(asked, self._accepted),
            root=f"{self._base}entity/",
            free=f"{self._free}{group.start}_{service.start}_",
        )
        yield Edit(self._found[group.end].start, self._found[group.end].start, text)

    def _end_group(self, service: Group) -> Group:
        """The group at whose end the names are looked up: not in one graph, for another may have them."""
        group = service.parent
        while group is not None and group.kind == "graph":
            group = group.parent
        if group is None:
            raise self._reader.error(self._found[service.start], "this service stands in no group")
        return group

    def _explicit(self, others: list[Triple], group: Group) -> list[labels.Name]:
        bound = self._groups.bound(group, but=self._labels)
        names = dict(labels.explicit(others))
        for triple in others:
            if triple not in names.values():
                raise self._reader.error(
                    triple.predicate.token,
                    "this service finds rdfs:label, skos:altLabel and schema:description, each into a variable",
                )
        for name, triple in names.items():
            if name.variable in bound or self._is_named(group, name.variable):
                raise self._reader.error(triple.object.token, "this variable is bound already")
        return list(names)

    def _automatic(self, group: Group) -> list[labels.Name]:
        start, end = self._groups.query_of(group)
        where = self._groups.where_of((start, end))
        own = self._groups.bound(where, but=self._labels) if where else {}
        made = self._groups.projected((start, end), but=self._labels)
        assigned = {
            self._found[place].text[1:] for place in range(start + 1, end) if self._found[place - 1].keyword == "AS"
        }
        used = [token.text[1:] for token in self._found[start:end] if token.kind == VARIABLE]
        wanted = [name for name in (*made, *used) if name not in own and name not in assigned]
        found = labels.automatic(wanted, self._groups.bound(group, but=self._labels))
        return [name for name in found if not self._is_named(group, name.variable)]

    def _is_named(self, group: Group, variable: str) -> bool:
        """Whether the variable has been given a name in this group, in one that holds it or in one within it."""
        return any(name == variable and (g.holds(group) or group.holds(g)) for g, name in self._named)

    def _all_shown(self, query: tuple[int, int]) -> Iterator[Edit]:
        """The star of SELECT replaced by the query's own variables, for it would show those that looking up needs."""
        where = self._groups.where_of(query)
        star = self._star(query[0], where)
        if where is not None and star is not None:
            own = self._groups.bound(where, but=self._labels)
            own |= {name: None for g, name in self._named if where.holds(g)}
            yield Edit(star.start, star.end, " ".join(f"?{name}" for name in own))

    def _star(self, start: int, where: Group | None) -> Token | None:
        before = self._found[start : where.start] if where else []
        return next((t for word, t in pairwise(before) if _is_star(word, t)), None)

    def _place(self, service: Group) -> Iterator[Edit]:
        parameters, others = apart(self._reader.triples(service.start + 1, service.end))
        called = self._found[service.start - 1]
        if len(others) != 1 or not others[0].object.is_variable:
            raise self._reader.error(
                called, "this service holds one pattern, ?place property ?location, and parameters"
            )
        make = places.around if self._iri(service) == AROUND else places.box
        single = {name: terms[0] for name, terms in parameters.items()}
        found = make(others[0], single, self._reader, called)
        if not found.distance or self._is_bound_before(service, found.centre):
            yield self._whole(service, found.patterns + found.distance)
            return
        yield self._whole(service, found.patterns)
        assert service.parent is not None
        end = self._found[service.parent.end].start
        yield Edit(end, end, found.distance + " ")

    def _is_bound_before(self, service: Group, variable: str) -> bool:
        assert service.parent is not None
        before = self._found[service.parent.start : service.start]
        return not variable or any(token.kind == VARIABLE and token.text[1:] == variable for token in before)


def _depth(group: Group) -> int:
    depth, around = 0, group.parent
    while around is not None:
        depth, around = depth + 1, around.parent
    return depth


def _is_star(word: Token, token: Token) -> bool:
    return token.text == "*" and word.keyword in ("SELECT", "DISTINCT", "REDUCED")
