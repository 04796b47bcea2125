"""What the dataset is: VoID and DCAT, counts by class and property, and how it was made (PROV)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.metadata import version

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from graph.model import Reading, Text
from graph.namespaces import LICENCE, ONTOLOGY, TYPE, Namespaces, integer, term, typed

TITLES = {
    "en": "zhanshi: Chinese accounts of war as linked data",
    "zh-hans": "战史:中文战争记述的关联数据",
    "zh-hant": "戰史:中文戰爭記述的關聯數據",
}
DUMPS = (
    ("zhanshi.nq.gz", "application/n-quads"),
    ("zhanshi.trig.gz", "application/trig"),
    ("wikibase.json.gz", "application/json"),
    ("wikibase.nt.gz", "application/n-triples"),
    ("wikibase.ttl.gz", "text/turtle"),
    ("quickstatements-known.txt", "text/plain"),
    ("quickstatements-new.txt", "text/plain"),
    ("quickstatements-known.csv", "text/csv"),
    ("quickstatements-new.csv", "text/csv"),
)

ITEM = term("wikibase:Item")
Stated = tuple[NamedNode | BlankNode | Triple, NamedNode, NamedNode | BlankNode | Literal | Triple]


class _Describer:
    def __init__(self, base: str, date: str) -> None:
        self.names = Namespaces(base)
        self.graph = self.names.graph("provenance")
        self.dataset = self.names.at("dataset")
        self.date = typed(date, "xsd:date")

    def say(self, subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(subject, TYPE if predicate == "a" else term(predicate), value, self.graph)


def quads(
    texts: Sequence[Text], readings: Sequence[Reading], content: Iterable[Quad], *, base: str, date: str
) -> Iterator[Quad]:
    """Give the description of the dataset that `content`, each quad once, is."""
    writer = _Describer(base, date)
    graphs: Counter[str] = Counter()
    triples = set()
    for quad in content:
        graphs[str(quad.graph_name)] += 1
        triples.add((quad.subject, quad.predicate, quad.object))
    yield from _dataset(writer, triples)
    yield from _partitions(writer, triples)
    yield from _graphs(writer, graphs)
    yield from _made(writer, texts, readings)


def _dataset(writer: _Describer, triples: Collection[Stated]) -> Iterator[Quad]:
    node, say = writer.dataset, writer.say
    for kind in ("void:Dataset", "dcat:Dataset"):
        yield say(node, "a", term(kind))
    for language, title in TITLES.items():
        yield say(node, "dcterms:title", Literal(title, language=language))
    yield say(node, "dcterms:license", LICENCE)
    yield say(node, "dcterms:issued", writer.date)
    yield say(node, "dcterms:creator", Literal("the zhanshi project"))
    yield say(node, "dcat:version", Literal(version("zhanshi")))
    yield say(node, "void:uriSpace", Literal(writer.names.base))
    yield say(node, "void:sparqlEndpoint", writer.names.at("sparql"))
    yield say(node, "void:exampleResource", writer.names.entity("Q1000"))
    yield say(node, "void:vocabulary", NamedNode(ONTOLOGY))
    yield say(node, "void:triples", integer(len(triples)))
    yield say(node, "void:entities", integer(sum(p == TYPE and o == ITEM for _, p, o in triples)))
    yield say(node, "void:distinctSubjects", integer(len({s for s, _, _ in triples})))
    yield say(node, "void:distinctObjects", integer(len({o for _, _, o in triples})))
    for name, media in DUMPS:
        distribution, address = writer.names.at(f"dataset#{name}"), writer.names.at(f"dumps/{name}")
        yield say(node, "void:dataDump", address)
        yield say(node, "dcat:distribution", distribution)
        yield say(distribution, "a", term("dcat:Distribution"))
        yield say(distribution, "dcat:downloadURL", address)
        yield say(distribution, "dcat:mediaType", NamedNode(f"https://www.iana.org/assignments/media-types/{media}"))


def _partitions(writer: _Describer, triples: Collection[Stated]) -> Iterator[Quad]:
    classes = Counter(o for _, p, o in triples if p == TYPE and isinstance(o, NamedNode))
    properties = Counter(p for _, p, _ in triples)
    tables = (("class", "entities", classes), ("property", "triples", properties))
    for kind, counted, counts in tables:
        for name, count in sorted(counts.items(), key=lambda pair: str(pair[0].value)):
            node = writer.names.at(f"dataset#{kind}-{_slug(name.value, writer.names.base)}")
            yield writer.say(writer.dataset, f"void:{kind}Partition", node)
            yield writer.say(node, f"void:{kind}", name)
            yield writer.say(node, f"void:{counted}", integer(count))


def _slug(iri: str, base: str) -> str:
    """Give an IRI as a fragment, the same under every root."""
    short = iri.replace(ONTOLOGY, "z_").removeprefix(base)
    return "".join(c if c.isalnum() else "_" for c in short.split("://")[-1])


def _graphs(writer: _Describer, counts: Counter[str]) -> Iterator[Quad]:
    for name, count in sorted(counts.items()):
        graph = NamedNode(name.strip("<>"))
        yield writer.say(writer.dataset, "void:subset", graph)
        yield writer.say(graph, "a", term("void:Dataset"))
        yield writer.say(graph, "void:triples", integer(count))


def _made(writer: _Describer, texts: Sequence[Text], readings: Sequence[Reading]) -> Iterator[Quad]:
    say, names = writer.say, writer.names
    build = names.at("dataset#build")
    software = names.at("dataset#software")
    yield say(writer.dataset, "prov:wasGeneratedBy", build)
    yield say(build, "a", term("prov:Activity"))
    yield say(build, "prov:endedAtTime", writer.date)
    yield say(build, "prov:wasAssociatedWith", software)
    yield say(software, "a", term("prov:SoftwareAgent"))
    yield say(software, "dcterms:title", Literal(f"zhanshi {version('zhanshi')}"))
    ways = {reading.text: reading for reading in readings}
    for text in texts:
        node = names.at(f"text/{text.name}")
        yield say(build, "prov:used", node)
        yield say(names.graph(text.name), "prov:wasDerivedFrom", node)
        yield say(names.graph(text.name), "prov:wasGeneratedBy", build)
        yield say(node, "z:sha256", Literal(text.sha256))
        reading = ways.get(text.name)
        yield say(names.graph(text.name), "z:readingState", term(f"z:{reading.way if reading else 'unread'}"))
