"""Readings + links + authority -> Statement."""

from collections.abc import Iterator, Sequence

from graph.model import Authority, Links, Reading, Statement, Text
from graph.statements import battles, catalogue, claims, occurrences, relations
from graph.statements.evidence import Evidence
from graph.statements.merge import merged


def state(
    texts: Sequence[Text], readings: Sequence[Reading], authority: Authority, links: Links
) -> tuple[Statement, ...]:
    """Give every statement once, in a fixed order, with all the passages that say it."""
    return merged(_statements(texts, readings, authority, links))


def _statements(
    texts: Sequence[Text], readings: Sequence[Reading], authority: Authority, links: Links
) -> Iterator[Statement]:
    by_text = {reading.text: reading for reading in readings}
    evidence = {
        text.name: Evidence(text, by_text[text.name], authority, links) for text in texts if text.name in by_text
    }
    yield from catalogue.statements(texts, authority, links, evidence)
    for name, witness in evidence.items():
        reading = by_text[name]
        for event in reading.events:
            module = claims if event.type == "Loss" else occurrences
            yield from module.statements(event, witness)
        for relation in reading.relations:
            module_of = claims.strength if relation.type == "strength" else relations.statements
            yield from module_of(relation, witness)
        for mention in reading.mentions.values():
            yield from battles.statements(mention, witness)
