"""The order of battle on a day: which formation stood under which, by what kind of subordination, and who says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from graph.namespaces import term
from server.pages.figures import sides
from server.pages.names import Link, Names, names_of
from server.pages.passages import Passage, passage_of, quote_of
from server.publication import Publication
from server.versions import kept_a_version

KINDS = ("underCommandOf", "attachedTo", "inOrderOfBattleOf", "organicPartOf")
"""The kinds of subordination, the one that tells most of a day first."""
_ROLES = tuple(f"z:{role}" for role in ("agent", "target", "opponent", "recipient", "unit"))


@dataclass(frozen=True)
class Tie:
    """That a formation stands under another: the kind, the attested days (or none), and the words that say it."""

    formation: str
    superior: str
    kind: str
    earliest: str
    latest: str
    quote: str
    passage: Passage | None
    source: Link | None

    def holds(self, first: str, last: str = "") -> bool:
        """Whether it is attested on that day, or between those days; what has no day holds throughout."""
        return (not self.earliest or self.earliest <= (last or first)) and (not self.latest or first <= self.latest)


@dataclass(frozen=True)
class Node:
    """A formation in the tree: what ties it to the one above, its commanders attested then, those below it.

    `is_of_day` says that the tie is attested on the very day, not on another day of the battle.
    """

    link: Link
    tie: Tie | None
    is_of_day: bool
    commanders: tuple[tuple[Link, str], ...]
    below: tuple[Node, ...]


@dataclass(frozen=True)
class Side:
    """The formations of one side."""

    link: Link
    roots: tuple[Node, ...]


def order_of_battle(
    publication: Publication, engaged: Iterable[str], day: str, bounds: tuple[str, str], language: str
) -> list[Side]:
    """The trees of the formations engaged, those above them included, on that day (YYYY-MM-DD), by side.

    Where no tie is attested on the day, one that is attested on another day within `bounds` stands in.
    """
    names = names_of(publication)
    ties = {tie.formation: tie for tie in _best(_ties(publication, language), day, bounds)}
    shown = set(engaged)
    for each in list(shown):
        while each in ties and ties[each].superior not in shown:
            each = ties[each].superior
            shown.add(each)
    below: dict[str, list[str]] = defaultdict(list)
    for each in shown & ties.keys():
        below[ties[each].superior].append(each)
    tree = _Tree(publication, ties, below, day, language)
    roots: dict[str, list[str]] = defaultdict(list)
    for each in tree.roots(shown):
        roots[next(iter(sides(names, each)), "")].append(each)
    return [
        Side(names.link(side, language) if side else Link("?"), tuple(tree.node(each) for each in tree.ordered(found)))
        for side, found in sorted(roots.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def formations(publication: Publication, told: Iterable[str]) -> set[str]:
    """The formations that act or suffer in those occurrences."""
    names = names_of(publication)
    found = {names.number(value) for each in told for role in _ROLES for value in names.values(each, role)}
    return {each for each in found if each and "Formation" in names.types(each)}


class _Tree:
    """Builds the nodes of the tree; each formation stands in it once."""

    def __init__(
        self, publication: Publication, ties: dict[str, Tie], below: dict[str, list[str]], day: str, language: str
    ) -> None:
        self._publication = publication
        self._names = names_of(publication)
        self._ties, self._below, self._day, self._language = ties, below, day, language

    def roots(self, shown: set[str]) -> list[str]:
        """Those that stand under none of the others, and one of every ring."""
        found = {each for each in shown if each not in self._ties}
        reached = set(self._reached(found))
        for each in sorted(shown - reached):
            if each not in reached:
                found.add(each)
                reached.update(self._reached({each}))
        return sorted(found)

    def _reached(self, roots: set[str]) -> list[str]:
        waiting, seen = list(roots), set(roots)
        for each in waiting:
            fresh = [below for below in self._below.get(each, ()) if below not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        return waiting

    def ordered(self, numbers: Iterable[str]) -> list[str]:
        """Those formations, the largest trees first."""
        return sorted(numbers, key=lambda each: (-len(self._reached({each})), self._names.label(each, "zh-hans")))

    def node(self, number: str, above: frozenset[str] = frozenset()) -> Node:
        """The node of a formation with those below it."""
        above = above | {number}
        children = self.ordered(each for each in self._below.get(number, ()) if each not in above)
        tie = self._ties.get(number)
        return Node(
            self._names.link(number, self._language),
            tie if tie and tie.superior in above - {number} else None,
            tie is None or tie.holds(self._day),
            commanders(self._publication, number, self._day, self._language),
            tuple(self.node(each, above) for each in children),
        )


def commanders(publication: Publication, number: str, day: str, language: str) -> tuple[tuple[Link, str], ...]:
    """Who is attested in command of a formation on that day, with the post as printed."""
    names = names_of(publication)
    found = {
        person: post
        for low, high, person, post in _commands(publication, number)
        if (not low or low <= day) and (not high or day <= high)
    }
    return tuple((names.link(person, language), post) for person, post in sorted(found.items()))


@kept_a_version(4_096)
def _commands(publication: Publication, number: str) -> tuple[tuple[str, str, str, str], ...]:
    """Who commands a formation by the statements: the bounds of the days, the person, the post as printed."""
    store = publication.store
    found = []
    node = ox.NamedNode(f"{publication.base}entity/{number}")
    for quad in store.quads_for_pattern(None, term("rdf:subject"), node, None):
        facts = _facts(store, quad.subject)
        if facts.get(term("rdf:predicate").value) != [term("z:commandedBy").value]:
            continue
        low, high = (facts.get(term(name).value, [""])[0] for name in ("z:earliest", "z:latest"))
        person = facts[term("rdf:object").value][0].rsplit("/", 1)[-1]
        found.append((low, high, person, facts.get(term("z:post").value, [""])[0]))
    return tuple(found)


def _best(ties: Iterable[Tie], day: str, bounds: tuple[str, str]) -> list[Tie]:
    """One tie for each formation: one that holds on the day first, then the most telling kind."""

    def rank(tie: Tie) -> tuple[object, ...]:
        return not tie.holds(day), KINDS.index(tie.kind), not tie.earliest, tie.latest, tie.superior

    found: dict[str, Tie] = {}
    for tie in sorted(ties, key=rank):
        if tie.formation != tie.superior and (tie.holds(day) or (bounds[0] and tie.holds(*bounds))):
            found.setdefault(tie.formation, tie)
    return list(found.values())


@kept_a_version(8)
def _ties(publication: Publication, language: str) -> tuple[Tie, ...]:
    names, store = names_of(publication), publication.store
    found = []
    for quad in store.quads_for_pattern(None, term("z:subordinationKind"), None, None):
        facts = _facts(store, quad.subject)
        kind = quad.object.value.rsplit("#", 1)[-1]  # type: ignore[union-attr]
        if kind in KINDS:
            found.append(_tie(publication, facts, kind, names, language))
    return tuple(found)


def _tie(publication: Publication, facts: dict[str, list[str]], kind: str, names: Names, language: str) -> Tie:
    def one(name: str) -> str:
        return facts.get(term(name).value, [""])[0]

    passage = one("z:passage")
    evidence = _facts(publication.store, ox.NamedNode(one("z:evidence"))) if one("z:evidence") else {}
    source = next(iter(evidence.get(term("z:statedIn").value, ())), "")
    return Tie(
        formation=one("z:formation").rsplit("/", 1)[-1],
        superior=one("z:superior").rsplit("/", 1)[-1],
        kind=kind,
        earliest=one("z:earliest"),
        latest=one("z:latest"),
        quote=quote_of(publication, passage) if passage else "",
        passage=passage_of(passage, publication.base) if passage else None,
        source=names.link(source.rsplit("/", 1)[-1], language) if source else None,
    )


def _facts(store: ox.Store, node: object) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(node, None, None, None):  # type: ignore[arg-type]
        found[quad.predicate.value].add(quad.object.value)  # type: ignore[union-attr]
    return {predicate: sorted(values) for predicate, values in found.items()}
