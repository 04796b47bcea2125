"""Texts, their passages with selectors, and every mention tied to its item."""

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from graph.model import Links, Passage, Reading, Span, Statement, Text
from graph.namespaces import TYPE, Namespaces, integer, term
from graph.spelling import passage_path

CONTEXT = 16  # characters before and after a quotation that a selector repeats


def quads(
    texts: Sequence[Text],
    readings: Sequence[Reading],
    links: Links,
    statements: Sequence[Statement],
    names: Namespaces,
) -> Iterator[Quad]:
    """Give each text, the passages its statements rest on and all its sentences, and its mentions."""
    cited: dict[str, set[Span]] = {text.name: set(text.sentences) for text in texts}
    named: dict[str, set[Span]] = {text.name: set() for text in texts}
    for statement in statements:
        for reference in statement.references:
            if reference.passage:
                cited[reference.passage.text].add(reference.passage.span)
    by_text = {reading.text: reading for reading in readings}
    for text in texts:
        graph = names.graph(text.name)
        yield from _text(text, links, names, graph)
        reading = by_text.get(text.name)
        if reading:
            named[text.name] = {m.span for m in reading.mentions.values() if (text.name, m.id) in links.mentions}
            yield from _mentions(text, reading, links, names, graph)
        for span in sorted(cited[text.name] | named[text.name]):
            passage = Passage(text.name, span, text.characters[span.start : span.end])
            yield from _passage(text, passage, links, names, graph)
            if span in cited[text.name]:
                yield from _quotation(text, passage, names, graph)


def _text(text: Text, links: Links, names: Namespaces, graph: NamedNode) -> Iterator[Quad]:
    node = names.at(f"text/{text.name}")
    yield Quad(node, TYPE, term("z:Text"), graph)
    yield Quad(node, term("z:source"), names.entity(links.sources[text.name]), graph)
    yield Quad(node, term("z:characters"), Literal(text.characters), graph)
    yield Quad(node, term("z:sha256"), Literal(text.sha256), graph)
    for span in text.sentences:
        yield Quad(node, term("z:sentence"), names.at(f"passage/{text.name}/{span.start}-{span.end}"), graph)


def _passage(text: Text, passage: Passage, links: Links, names: Namespaces, graph: NamedNode) -> Iterator[Quad]:
    node = names.at(passage_path(passage))
    start, end = passage.span.start, passage.span.end
    yield Quad(node, TYPE, term("z:Passage"), graph)
    yield Quad(node, TYPE, term("oa:SpecificResource"), graph)
    yield Quad(node, term("z:quote"), Literal(passage.quote), graph)
    yield Quad(node, term("z:source"), names.entity(links.sources[text.name]), graph)
    yield Quad(node, term("z:start"), integer(start), graph)
    yield Quad(node, term("z:end"), integer(end), graph)
    yield Quad(node, term("oa:hasSource"), names.at(f"text/{text.name}"), graph)
    position = names.at(f"{passage_path(passage)}#position")
    yield Quad(node, term("oa:hasSelector"), position, graph)
    yield Quad(position, TYPE, term("oa:TextPositionSelector"), graph)
    yield Quad(position, term("oa:start"), integer(start), graph)
    yield Quad(position, term("oa:end"), integer(end), graph)


def _quotation(text: Text, passage: Passage, names: Namespaces, graph: NamedNode) -> Iterator[Quad]:
    """Give the selector that finds a cited passage by its words; a mention is found by its position alone."""
    node, quotation = names.at(passage_path(passage)), names.at(f"{passage_path(passage)}#quote")
    start, end = passage.span.start, passage.span.end
    yield Quad(node, term("oa:hasSelector"), quotation, graph)
    yield Quad(quotation, TYPE, term("oa:TextQuoteSelector"), graph)
    yield Quad(quotation, term("oa:exact"), Literal(passage.quote), graph)
    yield Quad(quotation, term("oa:prefix"), Literal(text.characters[max(0, start - CONTEXT) : start]), graph)
    yield Quad(quotation, term("oa:suffix"), Literal(text.characters[end : end + CONTEXT]), graph)


def _mentions(text: Text, reading: Reading, links: Links, names: Namespaces, graph: NamedNode) -> Iterator[Quad]:
    for mention in reading.mentions.values():
        number = links.mentions.get((text.name, mention.id))
        if number:
            span = f"{mention.span.start}-{mention.span.end}"
            node = names.at(f"mention/{text.name}/{span}-{number}")
            yield Quad(node, TYPE, term("z:Mention"), graph)
            yield Quad(node, TYPE, term("oa:Annotation"), graph)
            yield Quad(node, term("oa:hasBody"), names.entity(number), graph)
            yield Quad(node, term("oa:hasTarget"), names.at(f"passage/{text.name}/{span}"), graph)
