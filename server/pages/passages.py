"""Passages: where their characters are shown, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyoxigraph as ox

from graph.namespaces import term
from server.publication import Publication

_PATH = re.compile(r"passage/([^/]+)/(\d+)-(\d+)$")


@dataclass(frozen=True, order=True)
class Passage:
    """Characters `start` up to but not including `end` of a text."""

    text: str
    start: int
    end: int

    @property
    def href(self) -> str:
        """The path of the text's page with these characters marked."""
        return f"/text/{self.text}?span={self.start}-{self.end}#{self.start}-{self.end}"


def passage_of(iri: str, base: str) -> Passage | None:
    """The passage that an IRI names, or None.

    >>> passage_of("https://w3id.org/zhanshi/passage/000/12-34", "https://w3id.org/zhanshi/")
    Passage(text='000', start=12, end=34)
    """
    found = _PATH.fullmatch(iri.removeprefix(base)) if iri.startswith(base) else None
    return Passage(found[1], int(found[2]), int(found[3])) if found else None


def quote_of(publication: Publication, iri: str) -> str:
    """The characters of a passage."""
    quads = publication.store.quads_for_pattern(ox.NamedNode(iri), term("z:quote"), None, None)
    return next((quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)), "")
