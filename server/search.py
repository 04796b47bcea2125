"""The search for items and properties by their names: made from a publication, in memory, once a version."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from server import folding
from server.publication import Publication
from server.versions import once_a_version

ITEM, PROPERTY = "item", "property"
EXACT_LABEL, EXACT_ALIAS, EXACT_PINYIN = 100.0, 95.0, 90.0
LONGEST_PINYIN = 12
"""Characters of the longest name that is also found by its pinyin: names of things, not sentences about events."""
LONGEST_QUERY = 200
LEAST_ALIKE, MOST_ALIKE = 55, 60
"""Of 100, how alike a name must be in a fuzzy search, and how many such names are looked at."""
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_ALIAS = ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
_NUMBER = re.compile(r"[QP][1-9][0-9]*")


@dataclass(frozen=True)
class Hit:
    """An entity that was found: its number, how well (0 to 100), by which name, and what it is.

    `label` is the matched name as it is written and `language` its tag; `kind` is item or property,
    `classes` the numbers of the classes it is an instance of, `is_alias` says that the name is no label.
    """

    id: str
    score: float
    label: str
    language: str
    kind: str
    classes: tuple[str, ...] = ()
    is_alias: bool = False


@dataclass(frozen=True)
class Entry:
    """An entity as the search knows it; `weight` counts the statements about it and those that point to it."""

    id: str
    kind: str
    classes: tuple[str, ...]
    kinds: frozenset[str]
    weight: int


@dataclass(frozen=True)
class Name:
    """One name of an entity, and the score of an exact match."""

    entry: Entry
    text: str
    language: str
    exact: float
    is_alias: bool
    words: tuple[str, ...] = ()


class Search:
    """The names of one publication, ready to be searched."""

    def __init__(self, entries: dict[str, Entry], names: dict[str, list[Name]]) -> None:
        self._entries = entries
        self._names = names
        self._forms = sorted(names)
        self._grams: dict[str, set[int]] = defaultdict(set)
        self._words: dict[str, set[int]] = defaultdict(set)
        self._initials: dict[str, set[int]] = defaultdict(set)
        for position, form in enumerate(self._forms):
            for gram in _grams(form):
                self._grams[gram].add(position)
            for word in {word for name in names[form] for word in name.words}:
                self._words[word].add(position)
                self._initials[word[:1]].add(position)

    @staticmethod
    def of(publication: Publication) -> Search:
        """The search of that publication, built at the first call (in about a second) and kept while it lives."""
        return build(publication)

    def find(
        self,
        words: str,
        *,
        kinds: Collection[str] = (),
        languages: Collection[str] = (),
        limit: int = 10,
        fuzzy: bool = False,
    ) -> list[Hit]:
        """The entities with a name like those words, the best first; an entity's own number finds it too.

        `kinds` are "item", "property" or numbers of classes (their subclasses included): one of them must hold.
        `languages` keeps to names in these. `fuzzy` also gives names that only share most of their characters.
        """
        words = words[:LONGEST_QUERY]
        best: dict[str, tuple[float, bool, Name]] = {}
        for score, name in self._matches(words, fuzzy):
            entry = name.entry
            if (kinds and entry.kinds.isdisjoint(kinds)) or (languages and name.language not in languages):
                continue
            ranked = (score, name.text == words)
            if entry.id not in best or ranked > best[entry.id][:2]:
                best[entry.id] = (*ranked, name)
        order = sorted(best.values(), key=lambda found: (-found[0], -found[2].entry.weight, int(found[2].entry.id[1:])))
        return [_hit(score, name) for score, _, name in order[:limit]]

    def _matches(self, words: str, fuzzy: bool) -> Iterator[tuple[float, Name]]:
        yield from self._by_number(words)
        form = folding.fold(words)
        if not form:
            return
        parts = folding.pieces(words)
        for position in self._containing(parts):
            found = self._forms[position]
            for name in self._names[found]:
                yield name.exact * _closeness(form, found, parts, name.words), name
        if fuzzy:
            close = process.extract(form, self._forms, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=MOST_ALIKE)
            for found, likeness, _ in close:
                for name in self._names[found]:
                    yield name.exact * likeness * 0.006, name

    def _by_number(self, words: str) -> Iterator[tuple[float, Name]]:
        number = words.strip().rsplit("/", 1)[-1].rsplit(":", 1)[-1].upper()
        if number in self._entries:
            yield EXACT_LABEL, Name(self._entries[number], number, "mul", EXACT_LABEL, False)

    def _containing(self, parts: list[str]) -> list[int]:
        """The positions of the forms that contain every part."""
        positions: set[int] | None = None
        for part in parts:
            found = self._with(part)
            if len(parts) > 1 and len(part) == 1 and part.isalpha():
                found = found | self._initials.get(part, set())  # the beginning of a word that is being written
            positions = found if positions is None else positions & found
        return sorted(positions or ())

    def _with(self, part: str) -> set[int]:
        """The positions of the forms that have the part as a word, or within them where it cuts no number in two."""
        whole = self._words.get(part, set())
        if len(part) == 1 and not folding.HAN.match(part):
            return whole | self._starting(part)
        sets = sorted((self._grams.get(gram, set()) for gram in _grams(part)), key=len)
        candidates = set.intersection(*sets) if sets else set()
        uncut = re.compile(
            (r"(?<!\d)" if part[0].isdigit() else "") + re.escape(part) + (r"(?!\d)" if part[-1].isdigit() else "")
        )
        return whole | {position for position in candidates if uncut.search(self._forms[position])}

    def _starting(self, part: str) -> set[int]:
        return set(range(bisect_left(self._forms, part), bisect_left(self._forms, part + "\U0010ffff")))


def _grams(form: str) -> set[str]:
    """The pairs of neighbouring characters of a form, and each Chinese character by itself."""
    return {form[i : i + 2] for i in range(len(form) - 1)} | {c for c in form if folding.HAN.match(c)} or {form}


def _closeness(form: str, found: str, parts: list[str], words: tuple[str, ...]) -> float:
    """How near what was asked for is to a found form that contains it: 1 for equal, then beginnings, words, parts."""
    if form == found:
        return 1.0
    beginning = 0.6 if found.startswith(form) else 0.5 if set(parts) <= set(words) else 0.4
    return beginning + 0.3 * min(1.0, len(form) / len(found))


def _hit(score: float, name: Name) -> Hit:
    entry = name.entry
    return Hit(entry.id, round(score, 1), name.text, name.language, entry.kind, entry.classes, name.is_alias)


@once_a_version
def build(publication: Publication) -> Search:
    """The search over the names in that publication's store."""
    return _Reader(publication).search()


class _Reader:
    """Reads the names out of a store."""

    def __init__(self, publication: Publication) -> None:
        self._store = publication.store
        self._root = f"{publication.base}entity/"
        self._direct = f"{publication.base}prop/direct/"

    def search(self) -> Search:
        labels, aliases = self._texts(_LABEL), self._texts(_ALIAS)
        numbers = sorted({number for number, _, _ in labels} | {number for number, _, _ in aliases})
        entries = {number: self._entry(number) for number in numbers}
        names: dict[str, list[Name]] = defaultdict(list)
        for found, is_alias in ((labels, False), (aliases, True)):
            for number, text, language in found:
                own, words = folding.fold(text), tuple(folding.pieces(text))
                for form, exact in _spellings(text, EXACT_ALIAS if is_alias else EXACT_LABEL):
                    names[form].append(
                        Name(entries[number], text, language, exact, is_alias, words if form == own else ())
                    )
        return Search(entries, dict(names))

    def _texts(self, predicate: ox.NamedNode) -> list[tuple[str, str, str]]:
        found = {
            (number, quad.object.value, quad.object.language or "")
            for quad in self._store.quads_for_pattern(None, predicate, None, None)
            if isinstance(quad.object, ox.Literal) and (number := self._number(quad.subject))
        }
        return sorted(found)

    def _entry(self, number: str) -> Entry:
        classes = tuple(sorted(self._pairs("P31").get(number, ())))
        if number.startswith("P"):
            return Entry(number, PROPERTY, classes, frozenset({PROPERTY}), self._weights.get(number, 0))
        kinds = {ITEM, *(kind for each in classes for kind in self._wider(each))}
        return Entry(number, ITEM, classes, frozenset(kinds), self._weights.get(number, 0))

    def _wider(self, number: str) -> set[str]:
        found, waiting = {number}, [number]
        while waiting:
            for wider in self._pairs("P279").get(waiting.pop(), set()) - found:
                found.add(wider)
                waiting.append(wider)
        return found

    def _pairs(self, number: str) -> dict[str, set[str]]:
        return self._links.get(number, {})

    @cached_property
    def _links(self) -> dict[str, dict[str, set[str]]]:
        return {number: self._direct_pairs(number) for number in ("P31", "P279")}

    def _direct_pairs(self, number: str) -> dict[str, set[str]]:
        pairs: dict[str, set[str]] = defaultdict(set)
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(self._direct + number), None, None):
            subject, value = self._number(quad.subject), self._number(quad.object)
            if subject and value:
                pairs[subject].add(value)
        return dict(pairs)

    @cached_property
    def _weights(self) -> dict[str, int]:
        weights: dict[str, int] = defaultdict(int)
        claim = ox.NamedNode("http://wikiba.se/ontology#directClaim")
        for prop in self._store.quads_for_pattern(None, claim, None, None):
            if isinstance(prop.object, ox.NamedNode):
                for quad in self._store.quads_for_pattern(None, prop.object, None, None):
                    for term in (quad.subject, quad.object):
                        if number := self._number(term):
                            weights[number] += 1
        return dict(weights)

    def _number(self, term: object) -> str:
        """The number of an entity's IRI, or nothing."""
        if isinstance(term, ox.NamedNode) and term.value.startswith(self._root):
            number = term.value[len(self._root) :]
            return number if _NUMBER.fullmatch(number) else ""
        return ""


def _spellings(text: str, exact: float) -> Iterator[tuple[str, float]]:
    """The forms under which a name is found, each with the score of an exact match."""
    form = folding.fold(text)
    if form:
        yield form, exact
    if folding.HAN.search(text) and len(text) <= LONGEST_PINYIN:
        for spoken in sorted(folding.romanized(text) - {form, ""}):
            yield spoken, min(exact, EXACT_PINYIN)
