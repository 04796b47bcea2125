"""Statement -> quads: the plain layer for reading, and Wikibase RDF with the evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Quad

from graph.model import Authority, Links, Reading, Statement, Text
from graph.namespaces import Namespaces
from graph.rdf import annotations, items, plain, properties, wikibase


def quads(
    texts: Sequence[Text],
    readings: Sequence[Reading],
    authority: Authority,
    links: Links,
    statements: Sequence[Statement],
    *,
    base: str,
    date: str,
) -> Iterator[Quad]:
    """Give the quads of everything stated, each in the graph of its text or of the authority, under the root `base`."""
    names = Namespaces(base)
    concepts = {entry.id: entry.name for entry in authority.concepts.values()}
    homes = _homes(statements)
    yield from items.quads(links, statements, homes, concepts, names, date)
    yield from properties.quads(authority, statements, names, date)
    writer = wikibase.Writer(names, authority)
    reader = plain.Writer(names, authority, concepts)
    for statement in statements:
        graph = names.graph(statement.graph)
        yield from writer.quads(statement, graph)
        yield from reader.quads(statement, graph)
    yield from annotations.quads(texts, readings, links, statements, names)


def _homes(statements: Iterable[Statement]) -> Mapping[str, str]:
    """Give the graph that each item is described in: that of the statement that says what it is."""
    homes: dict[str, str] = {}
    for statement in statements:
        if statement.property == "instanceOf":
            homes.setdefault(statement.subject, statement.graph)
    return homes
