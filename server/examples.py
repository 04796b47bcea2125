"""The example queries, which are tests, documentation and the beginnings of others' queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

QUERIES = Path(__file__).resolve().parent.parent / "ontology" / "queries"
SHACL = "http://www.w3.org/ns/shacl#"
COMMENT = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
KEYWORD = ox.NamedNode("https://schema.org/keywords")
FORMS = tuple(ox.NamedNode(SHACL + name) for name in ("select", "ask", "construct"))


@dataclass(frozen=True)
class Example:
    """A query with its question in words, and the topic that it is listed under."""

    name: str
    topic: str
    english: str
    chinese: str
    query: str


@lru_cache(maxsize=4)
def examples(folder: Path = QUERIES) -> tuple[Example, ...]:
    """The example queries of a folder, by file name; raises ValueError with the file where one cannot be read."""
    return tuple(_example(path) for path in sorted(folder.glob("*.ttl")))


def _example(path: Path) -> Example:
    try:
        triples = [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    comments = {t.object.language: t.object.value for t in triples if t.predicate == COMMENT and _is_literal(t.object)}
    queries = [t.object.value for t in triples if t.predicate in FORMS and _is_literal(t.object)]
    if len(queries) != 1:
        raise ValueError(f"{path}: holds {len(queries)} queries; each file holds one")
    chinese = next((text for tag, text in comments.items() if tag and tag.startswith("zh")), "")
    topic = next((t.object.value for t in triples if t.predicate == KEYWORD and _is_literal(t.object)), "")
    return Example(path.stem, topic, comments.get("en", path.stem), chinese, queries[0])


def by_topic(shown: tuple[Example, ...]) -> dict[str, list[Example]]:
    """The examples under their topics, each topic where its first example stands."""
    topics: dict[str, list[Example]] = {}
    for example in shown:
        topics.setdefault(example.topic, []).append(example)
    return topics


def _is_literal(term: object) -> bool:
    return isinstance(term, ox.Literal)
