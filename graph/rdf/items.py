"""Items as Wikibase writes them: names in every language, and the data document about them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from graph.model import Links, Statement
from graph.namespaces import LICENCE, TYPE, Namespaces, integer, term, typed

Labels = Mapping[str, str]


def quads(
    links: Links,
    statements: Sequence[Statement],
    homes: Mapping[str, str],
    concepts: Mapping[str, str],
    names: Namespaces,
    date: str,
) -> Iterator[Quad]:
    """Give what is said of each item but its statements."""
    counts = Counter(statement.subject for statement in statements)
    external = Counter(s.subject for s in statements if s.property == "wikidata")
    for number, item in links.items.items():
        graph = names.graph(homes.get(number, "authority"))
        node = names.entity(number)
        yield Quad(node, TYPE, term("wikibase:Item"), graph)
        yield from named(node, item.labels, item.aliases, item.descriptions, graph)
        if number in concepts:
            yield Quad(node, term("skos:exactMatch"), term(f"z:{concepts[number]}"), graph)
        yield from document(number, names, graph, date, counts[number], external[number])


def named(
    node: NamedNode, labels: Labels, aliases: Mapping[str, Sequence[str]], descriptions: Labels, graph: NamedNode
) -> Iterator[Quad]:
    """Give labels three times, as Wikibase does, aliases and descriptions."""
    for language, label in labels.items():
        literal = Literal(label, language=language)
        for predicate in ("rdfs:label", "skos:prefLabel", "schema:name"):
            yield Quad(node, term(predicate), literal, graph)
    for language, others in aliases.items():
        for alias in others:
            yield Quad(node, term("skos:altLabel"), Literal(alias, language=language), graph)
    for language, description in descriptions.items():
        yield Quad(node, term("schema:description"), Literal(description, language=language), graph)


def document(
    number: str, names: Namespaces, graph: NamedNode, date: str, statements: int, external: int
) -> Iterator[Quad]:
    """Give the data document of an entity."""
    node = names.data(number)
    yield Quad(node, TYPE, term("schema:Dataset"), graph)
    yield Quad(node, term("schema:about"), names.entity(number), graph)
    yield Quad(node, term("schema:version"), integer(1), graph)
    yield Quad(node, term("schema:dateModified"), typed(f"{date}T00:00:00Z", "xsd:dateTime"), graph)
    yield Quad(node, term("schema:softwareVersion"), Literal("1.0.0"), graph)
    yield Quad(node, term("cc:license"), LICENCE, graph)
    yield Quad(node, term("wikibase:statements"), integer(statements), graph)
    yield Quad(node, term("wikibase:sitelinks"), integer(0), graph)
    yield Quad(node, term("wikibase:identifiers"), integer(external), graph)
