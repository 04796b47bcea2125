"""One query on one store -> its answer, written to something that takes blocks of bytes."""

from __future__ import annotations

import itertools
import re
from typing import IO, Any

import pyoxigraph as ox

from server.engine.preparation import Prepared
from server.engine.query import Asked
from server.errors import BadRequest, QuerySyntaxError
from server.formats import GRAPHS_ENGINE, RESULTS_ENGINE
from server.prefixes import prefixes, used_prefixes
from server.rewriting import Rewritten
from server.rewriting.functions import FUNCTIONS
from server.tokens import PREFIXED_NAME, Token, offset, position, tokens

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
LOOKED_AT_FOR_PREFIXES = 2_000
"""Triples whose prefixes are declared; IRIs that come later and need another are written out."""
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def evaluate(store: ox.Store, asked: Asked, prepared: Prepared, *, base: str, union: bool) -> Answer:
    """The answer, of which tables and triples are found while they are read.

    `union`: queries that name no dataset see the union of the named graphs rather than the default graph.
    Raises QuerySyntaxError, and OSError where a SERVICE cannot be reached.
    """
    default, named = asked.default, asked.named
    chosen = default is not None or named is not None
    try:
        return store.query(
            prepared.text,
            base_iri=asked.base or base,
            prefixes=_named(prepared.text, base),
            use_default_graph_as_union=union and not chosen and not prepared.checked.dataset,
            default_graph=_graphs(default or ()) if chosen else None,
            named_graphs=_graphs(named or ()) if chosen else None,
            custom_functions=dict(FUNCTIONS),
        )
    except SyntaxError as error:
        raise undeclared(asked.text, base) or syntax_error(str(error), prepared.rewritten) from error


def _named(query: str, base: str) -> dict[str, str]:
    """Those of the predeclared prefixes that the query may use; the engine reads each anew for every query."""
    return {prefix: iri for prefix, iri in prefixes(base).items() if prefix in query}


def _graphs(iris: tuple[str, ...]) -> list[Any]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise BadRequest(f"A graph's IRI cannot be read: {error}.") from error


def write(answer: Answer, output: IO[bytes], format_name: str, *, base: str) -> None:
    """Write the answer in that format, in small blocks; what `output.write` raises stops the query."""
    if not isinstance(answer, ox.QueryTriples):
        answer.serialize(output, format=RESULTS_ENGINE[format_name])
    elif format_name in ("turtle", "trig"):
        begin = list(itertools.islice(answer, LOOKED_AT_FOR_PREFIXES))
        shown = used_prefixes(base, begin)
        ox.serialize(itertools.chain(begin, answer), output, format=GRAPHS_ENGINE[format_name], prefixes=shown)
    else:
        answer.serialize(output, format=GRAPHS_ENGINE[format_name])


def syntax_error(message: str, query: Rewritten) -> QuerySyntaxError:
    """The engine's complaint as a problem whose `line` and `column` say where, with what stands there.

    Both are those of the query as its writer wrote it.
    """
    match = _PLACE.match(message)
    if match is None:
        return QuerySyntaxError(f"The query cannot be read: {message.rstrip('.')}.")
    place = query.place(offset(query.text, int(match[1]), int(match[2])))
    line, column = position(query.source, place)
    expected = match[3]
    rest = query.source[place:].split("\n", 1)[0].strip()
    there = f"before “{rest[:40]}”" if rest else "at the end of the query"
    members: dict[str, Any] = {"line": line, "column": column}
    if expected.startswith("expected"):
        what = "something else is expected"
        members["expected"] = _expected(expected)
    else:
        what = expected.rstrip(".")
    return QuerySyntaxError(f"Line {line}, column {column}, {there}: {what}.", **members)


def undeclared(query: str, base: str) -> QuerySyntaxError | None:
    """The first name in the query whose prefix nobody declares, as a problem; the engine's message does not name it."""
    found = tokens(query)
    known = {*prefixes(base), *(_prefix(name) for word, name in itertools.pairwise(found) if word.keyword == "PREFIX")}
    name = next((token for token in found if token.kind == PREFIXED_NAME and _prefix(token) not in known), None)
    if name is None:
        return None
    line, column = position(query, name.start)
    detail = (
        f"Line {line}, column {column}: the prefix of {name.text} is not declared; add PREFIX {_prefix(name)}: <…>."
    )
    return QuerySyntaxError(detail, line=line, column=column)


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _expected(message: str) -> list[str]:
    """The words and signs that could stand there; character classes are left out."""
    signs = re.findall(r'"((?:[^"\\]|\\.)+)"', message) + re.findall(r"\b[A-Z][A-Z ]+\b", message)
    return sorted({sign.replace('\\"', '"') for sign in signs})
