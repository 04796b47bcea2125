"""One statement for each (subject, property, value, qualifiers), with the references of all that said it."""

from collections.abc import Iterable
from dataclasses import replace

from graph.model import Statement
from graph.spelling import spelled


def merged(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Give the statements without doubles, sorted; the graph is that of the first that says it."""
    found: dict[tuple[object, ...], Statement] = {}
    for statement in statements:
        key = (statement.subject, statement.property, statement.value, frozenset(statement.qualifiers))
        first = found.get(key)
        if first is None:
            found[key] = statement
        else:
            references = tuple(dict.fromkeys((*first.references, *statement.references)))
            found[key] = replace(first, references=references)
    return tuple(sorted(found.values(), key=order))


def order(statement: Statement) -> tuple[object, ...]:
    """Give the place of a statement in the fixed order: subject's number, property, value, qualifiers."""
    qualifiers = tuple(sorted((snak.property, spelled(snak.value)) for snak in statement.qualifiers))
    number = (statement.subject[0], int(statement.subject[1:]))
    return (number, statement.property, spelled(statement.value), qualifiers)
