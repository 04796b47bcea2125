"""What the dataset is: VoID and DCAT, counts by class and property, whole and by graph, and how it was made (PROV)."""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from graph.model import Reading, Text
from graph.namespaces import LICENCE, ONTOLOGY, TYPE, Namespaces, integer, term, typed

WORDS = Path(__file__).with_name("dataset.toml")
MEDIA = "https://www.iana.org/assignments/media-types/"
LANGUAGE = "http://id.loc.gov/vocabulary/iso639-1/"
PROTOCOL = NamedNode("https://www.w3.org/TR/sparql11-protocol/")

ITEM = term("wikibase:Item")
Stated = tuple[NamedNode | BlankNode | Triple, NamedNode, NamedNode | BlankNode | Literal | Triple]


class _Describer:
    def __init__(self, base: str, date: str) -> None:
        self.names = Namespaces(base)
        self.graph = self.names.graph("provenance")
        self.dataset = self.names.at("dataset")
        self.day = date
        self.date = typed(date, "xsd:date")
        self.words: Mapping[str, Any] = tomllib.loads(WORDS.read_text(encoding="utf-8"))

    def part(self, name: str) -> NamedNode:
        """Give the IRI of something that only the description names."""
        return self.names.at(f"dataset#{name}")

    def say(self, subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(subject, TYPE if predicate == "a" else term(predicate), value, self.graph)


def quads(
    texts: Sequence[Text], readings: Sequence[Reading], content: Iterable[Quad], *, base: str, date: str
) -> Iterator[Quad]:
    """Give the description of the dataset that `content`, each quad once, is."""
    writer = _Describer(base, date)
    graphs: dict[str, list[Stated]] = {}
    for quad in content:
        graphs.setdefault(str(quad.graph_name), []).append((quad.subject, quad.predicate, quad.object))
    yield from _dataset(writer)
    yield from _counts(writer, writer.dataset, set().union(*graphs.values()))
    yield from _distributions(writer)
    for name, triples in sorted(graphs.items()):
        graph = NamedNode(name.strip("<>"))
        yield writer.say(writer.dataset, "void:subset", graph)
        yield writer.say(graph, "a", term("void:Dataset"))
        yield from _counts(writer, graph, triples)
    yield from _build(writer)
    yield from _made(writer, texts, {reading.text: reading for reading in readings})


def _dataset(writer: _Describer) -> Iterator[Quad]:
    node, say, words, project = writer.dataset, writer.say, writer.words, writer.part("project")
    for kind in ("void:Dataset", "dcat:Dataset"):
        yield say(node, "a", term(kind))
    for predicate, texts in (("dcterms:title", words["titles"]), ("dcterms:description", words["descriptions"])):
        for language, text in texts.items():
            yield say(node, predicate, Literal(text, language=language))
    for keyword in words["keywords"]:
        yield say(node, "dcat:keyword", Literal(keyword, language="en"))
    for language in words["languages"]:
        yield say(node, "dcterms:language", NamedNode(LANGUAGE + language))
    for vocabulary in words["vocabularies"]:
        yield say(node, "void:vocabulary", NamedNode(vocabulary))
    yield say(node, "dcterms:license", LICENCE)
    yield say(node, "dcterms:issued", writer.date)
    for predicate in ("dcterms:creator", "dcterms:publisher"):
        yield say(node, predicate, project)
    yield say(project, "a", term("foaf:Agent"))
    yield say(project, "foaf:name", Literal("the zhanshi project"))
    yield say(node, "dcat:version", Literal(version("zhanshi")))
    yield say(node, "dcterms:bibliographicCitation", Literal(_citation(writer)))
    yield say(node, "dcat:landingPage", writer.names.at(""))
    yield say(node, "void:uriSpace", Literal(writer.names.base))
    yield say(node, "void:sparqlEndpoint", writer.names.at("sparql"))
    yield say(node, "void:exampleResource", writer.names.entity("Q1000"))


def _citation(writer: _Describer) -> str:
    title, number = writer.words["titles"]["en"], version("zhanshi")
    return f"The zhanshi project ({writer.day[:4]}): {title}. Version {number}, {writer.day}. {writer.names.base}"


def _counts(writer: _Describer, node: NamedNode, triples: Collection[Stated]) -> Iterator[Quad]:
    """Give how much is in the dataset or a graph, and how much of each class and property."""
    say = writer.say
    classes = Counter(o for _, p, o in triples if p == TYPE and isinstance(o, NamedNode))
    properties = Counter(p for _, p, _ in triples)
    yield say(node, "void:triples", integer(len(triples)))
    yield say(node, "void:entities", integer(classes[ITEM]))
    yield say(node, "void:distinctSubjects", integer(len({s for s, _, _ in triples})))
    yield say(node, "void:distinctObjects", integer(len({o for _, _, o in triples})))
    yield say(node, "void:classes", integer(len(classes)))
    yield say(node, "void:properties", integer(len(properties)))
    within = "" if node == writer.dataset else f"{node.value.rpartition('/')[2]}-"
    for kind, counted, counts in (("class", "entities", classes), ("property", "triples", properties)):
        for name, count in sorted(counts.items(), key=lambda pair: str(pair[0].value)):
            part = writer.part(f"{within}{kind}-{_slug(name.value, writer.names.base)}")
            yield say(node, f"void:{kind}Partition", part)
            yield say(part, f"void:{kind}", name)
            yield say(part, f"void:{counted}", integer(count))


def _slug(iri: str, base: str) -> str:
    """Give an IRI as a fragment, the same under every root."""
    short = iri.replace(ONTOLOGY, "z_").removeprefix(base)
    return "".join(c if c.isalnum() else "_" for c in short.split("://")[-1])


def _distributions(writer: _Describer) -> Iterator[Quad]:
    say = writer.say
    for name, media in writer.words["dumps"].items():
        node, address = writer.part(name), writer.names.at(f"dumps/{name}")
        yield say(writer.dataset, "void:dataDump", address)
        yield say(writer.dataset, "dcat:distribution", node)
        yield say(node, "a", term("dcat:Distribution"))
        yield say(node, "dcterms:title", Literal(name))
        yield say(node, "dcterms:license", LICENCE)
        yield say(node, "dcterms:issued", writer.date)
        for predicate in ("dcat:accessURL", "dcat:downloadURL"):
            yield say(node, predicate, address)
        yield say(node, "dcat:mediaType", NamedNode(MEDIA + media))
        if name.endswith(".gz"):
            yield say(node, "dcat:compressFormat", NamedNode(f"{MEDIA}application/gzip"))
    service, endpoint = writer.part("sparql"), writer.names.at("sparql")
    yield say(service, "a", term("dcat:DataService"))
    yield say(service, "dcterms:title", Literal("SPARQL endpoint", language="en"))
    yield say(service, "dcterms:conformsTo", PROTOCOL)
    yield say(service, "dcat:endpointURL", endpoint)
    yield say(service, "dcat:servesDataset", writer.dataset)


def _build(writer: _Describer) -> Iterator[Quad]:
    say, build, software = writer.say, writer.part("build"), writer.part("software")
    yield say(writer.dataset, "prov:wasGeneratedBy", build)
    yield say(build, "a", term("prov:Activity"))
    yield say(build, "prov:endedAtTime", typed(f"{writer.day}T00:00:00Z", "xsd:dateTime"))
    yield say(build, "prov:wasAssociatedWith", software)
    yield say(software, "a", term("prov:SoftwareAgent"))
    yield say(software, "dcterms:title", Literal(f"zhanshi {version('zhanshi')}"))


def _made(writer: _Describer, texts: Iterable[Text], readings: Mapping[str, Reading]) -> Iterator[Quad]:
    """Give from which text, by which reading, each graph of a text was made."""
    say, build = writer.say, writer.part("build")
    for text in texts:
        node, graph = writer.names.at(f"text/{text.name}"), writer.names.graph(text.name)
        reading = readings.get(text.name)
        yield say(build, "prov:used", node)
        yield say(node, "z:sha256", Literal(text.sha256))
        for language, title in text.titles.items():
            yield say(graph, "dcterms:title", Literal(title, language=language))
        yield say(graph, "prov:wasDerivedFrom", node)
        yield say(graph, "prov:wasGeneratedBy", build)
        yield say(graph, "z:readingState", term(f"z:{reading.way if reading else 'unread'}"))
        if reading:
            yield from _reading(writer, reading, graph, node)


def _reading(writer: _Describer, reading: Reading, graph: NamedNode, text: NamedNode) -> Iterator[Quad]:
    say, node = writer.say, writer.part(f"reading-{reading.text}")
    yield say(graph, "prov:wasDerivedFrom", node)
    yield say(writer.part("build"), "prov:used", node)
    yield say(node, "a", term("prov:Entity"))
    yield say(node, "prov:wasDerivedFrom", text)
    if reading.path:
        yield say(node, "dcterms:title", Literal(reading.path.name))
        digest = hashlib.sha256(reading.path.read_bytes()).hexdigest()
        yield say(node, "dcterms:identifier", Literal(f"sha256:{digest}"))
