"""The texts of a publication: what is in it of each, and what is marked on their characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from graph.namespaces import TYPE, term
from server.pages.names import names_of
from server.pages.passages import passage_of
from server.publication import Publication
from server.versions import once_a_version

_MENTION = re.compile(r"mention/[^/]+/(\d+)-(\d+)-(Q\d+)$")


@dataclass(frozen=True)
class Text:
    """A text: its name, the number of its source item, its characters, its state of reading."""

    name: str
    source: str
    characters: str
    state: str
    sha256: str


@dataclass(frozen=True, order=True)
class Mark:
    """Characters from `start` to before `end` that name or tell the item of that number."""

    start: int
    end: int
    number: str


@once_a_version
def texts_of(publication: Publication) -> tuple[Text, ...]:
    """The texts, by name."""
    quads = publication.store.quads_for_pattern(None, TYPE, term("z:Text"), None)
    nodes = {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    return tuple(_text(publication, node) for node in sorted(nodes, key=str))


def _text(publication: Publication, node: ox.NamedNode) -> Text:
    name = node.value.rsplit("/", 1)[-1]
    names = names_of(publication)
    graph = ox.NamedNode(f"{publication.base}graph/{name}")
    source = next((names.number(value) for value in _objects(publication, node, "z:source")), "")
    state = next((v.value for v in _objects(publication, graph, "z:readingState")), "unread")
    return Text(
        name=name,
        source=source,
        characters=next((v.value for v in _objects(publication, node, "z:characters")), ""),
        state=state.rsplit("#", 1)[-1],
        sha256=next((v.value for v in _objects(publication, node, "z:sha256")), ""),
    )


def _objects(publication: Publication, node: ox.NamedNode, predicate: str) -> Iterator[ox.NamedNode | ox.Literal]:
    for quad in publication.store.quads_for_pattern(node, term(predicate), None, None):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            yield quad.object


def mentions(publication: Publication, name: str) -> list[Mark]:
    """The mentions of a text, in order."""
    return _all_mentions(publication)[name]


def tellings(publication: Publication, name: str) -> list[Mark]:
    """The occurrences and claims of a text with the passages that tell them, in order."""
    return _all_tellings(publication)[name]


@once_a_version
def _all_mentions(publication: Publication) -> dict[str, list[Mark]]:
    return {text.name: _mentions(publication, text.name) for text in texts_of(publication)}


@once_a_version
def _all_tellings(publication: Publication) -> dict[str, list[Mark]]:
    return {text.name: _tellings(publication, text.name) for text in texts_of(publication)}


def _mentions(publication: Publication, name: str) -> list[Mark]:
    graph = ox.NamedNode(f"{publication.base}graph/{name}")
    found = set()
    for quad in publication.store.quads_for_pattern(None, term("oa:hasBody"), None, graph):
        if isinstance(quad.subject, ox.NamedNode) and (parts := _MENTION.search(quad.subject.value)):
            found.add(Mark(int(parts[1]), int(parts[2]), parts[3]))
    return sorted(found)


def _tellings(publication: Publication, name: str) -> list[Mark]:
    graph = ox.NamedNode(f"{publication.base}graph/{name}")
    names = names_of(publication)
    found = set()
    for quad in publication.store.quads_for_pattern(None, term("z:passage"), None, graph):
        number, passage = names.number(quad.subject), passage_of(quad.object.value, publication.base)  # type: ignore[union-attr]
        if number and passage and passage.text == name:
            found.add(Mark(passage.start, passage.end, number))
    return sorted(found, key=lambda mark: (mark, _order(publication, mark.number)))


def _order(publication: Publication, number: str) -> int:
    return int(names_of(publication).value(number, "z:order") or 0)
