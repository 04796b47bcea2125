"""Property items: names, datatype, the forms that tie statement nodes to plain triples, and the ontology's term."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode, Quad

from graph.model import Authority, Property, Statement
from graph.namespaces import TYPE, Namespaces, term
from graph.naming import by_script
from graph.rdf.items import document, named

WIKIBASE_TYPE = {
    "item": "WikibaseItem",
    "concept": "WikibaseItem",
    "time": "Time",
    "quantity": "Quantity",
    "string": "String",
    "external-id": "ExternalId",
    "url": "Url",
    "monolingual": "Monolingualtext",
    "coordinate": "GlobeCoordinate",
}
OBJECTS = frozenset({"item", "concept", "url"})
FULL = frozenset({"time", "quantity", "coordinate"})
# Where a concept stands as value the plain layer has the term and the statement layer the item: not equivalent. Nor is
# what stands in qualifiers and references alone: it has no direct triples.
AGREEING = frozenset({"item", "string", "url", "monolingual", "coordinate"})
FORMS = (
    ("claim", ""),
    ("statementProperty", "statement"),
    ("qualifier", "qualifier"),
    ("reference", "reference"),
    ("statementValue", "statement/value"),
    ("qualifierValue", "qualifier/value"),
    ("referenceValue", "reference/value"),
)


def quads(authority: Authority, statements: Sequence[Statement], names: Namespaces, date: str) -> Iterator[Quad]:
    """Give the quads of every property."""
    graph = names.graph("authority")
    counts = Counter(statement.subject for statement in statements)
    for prop in authority.properties.values():
        node = names.entity(prop.id)
        yield Quad(node, TYPE, term("wikibase:Property"), graph)
        yield Quad(node, term("wikibase:propertyType"), term(f"wikibase:{WIKIBASE_TYPE[prop.datatype]}"), graph)
        yield from named(node, prop.labels, by_script(prop.aliases), prop.descriptions, graph)
        yield from document(prop.id, names, graph, date, counts[prop.id], 0)
        yield from _forms(prop, node, names, graph)


def _forms(prop: Property, node: NamedNode, names: Namespaces, graph: NamedNode) -> Iterator[Quad]:
    kind = term("owl:ObjectProperty" if prop.datatype in OBJECTS else "owl:DatatypeProperty")
    direct = names.prop("direct", prop.id)
    yield Quad(node, term("wikibase:directClaim"), direct, graph)
    yield Quad(direct, TYPE, kind, graph)
    for form, path in FORMS:
        full = path.endswith("/value")
        if full and prop.datatype not in FULL:
            continue
        iri = names.prop(path, prop.id)
        yield Quad(node, term(f"wikibase:{form}"), iri, graph)
        yield Quad(iri, TYPE, term("owl:ObjectProperty") if full or form == "claim" else kind, graph)
    if "main" in prop.scope and prop.plain.startswith("z:") and prop.datatype in AGREEING and prop.term != "edtf":
        yield Quad(direct, term("owl:equivalentProperty"), term(prop.plain), graph)
    yield from _novalue(prop, node, names, graph)


def _novalue(prop: Property, node: NamedNode, names: Namespaces, graph: NamedNode) -> Iterator[Quad]:
    novalue = names.prop("novalue", prop.id)
    restriction = names.at(f"prop/novalue/{prop.id}#complement")
    yield Quad(node, term("wikibase:novalue"), novalue, graph)
    yield Quad(novalue, TYPE, term("owl:Class"), graph)
    yield Quad(novalue, term("owl:complementOf"), restriction, graph)
    yield Quad(restriction, TYPE, term("owl:Restriction"), graph)
    yield Quad(restriction, term("owl:onProperty"), names.prop("direct", prop.id), graph)
    yield Quad(restriction, term("owl:someValuesFrom"), term("owl:Thing"), graph)
