"""What a text says of a battle where it names it: how long it lasted."""

from collections.abc import Iterator

from graph.model import Mention, Statement
from graph.statements import occurrences
from graph.statements.evidence import Evidence, Notes


def statements(mention: Mention, witness: Evidence) -> Iterator[Statement]:
    """Give the length of a battle that its mention carries."""
    length = occurrences.duration(mention.lasted, witness) if mention.lasted else None
    if length:
        number = witness.links.mentions[witness.text.name, mention.id]
        yield witness.statement(number, "duration", length, Notes.none(), [mention.span])
