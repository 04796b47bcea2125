"""One query on one store -> its answer, written to something that takes blocks of bytes."""

from __future__ import annotations

import itertools
import re
from typing import IO, Any

import pyoxigraph as ox

from server.engine.complaints import complaint
from server.engine.preparation import Prepared
from server.engine.query import Asked
from server.errors import BadRequest
from server.formats import GRAPHS_ENGINE, RESULTS_ENGINE
from server.prefixes import prefixes, used_prefixes
from server.rewriting.functions import FUNCTIONS, may_call

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
LOOKED_AT_FOR_PREFIXES = 2_000
"""Triples whose prefixes are declared; IRIs that come later and need another are written out."""
_DECLARES = re.compile("prefix", re.IGNORECASE)
_BEFORE_COLON = re.compile(r"\b(\w++):")


def evaluate(store: ox.Store, asked: Asked, prepared: Prepared, *, base: str, union: bool) -> Answer:
    """The answer, of which tables and triples are found while they are read.

    `union`: queries that name no dataset see the union of the named graphs rather than the default graph.
    Raises QuerySyntaxError, and OSError where a SERVICE cannot be reached.
    """
    default, named = asked.default, asked.named
    chosen = default is not None or named is not None
    text = prepared.text
    options: dict[str, Any] = {
        "base_iri": asked.base or base,
        "use_default_graph_as_union": union and not chosen and not prepared.checked.dataset,
    }
    if chosen:
        options |= {"default_graph": _graphs(default or ()), "named_graphs": _graphs(named or ())}
    if may_call(text):
        options["custom_functions"] = dict(FUNCTIONS)
    try:
        if _DECLARES.search(text):
            return store.query(text, **options)  # most queries that declare a prefix declare all that they use
    except SyntaxError:
        pass
    try:
        return store.query(text, prefixes=_named(text, base), **options)
    except SyntaxError as error:
        raise complaint(prepared.rewritten, str(error), base=base) from error


def _named(query: str, base: str) -> dict[str, str]:
    """Those of the predeclared prefixes that the query may use; the engine reads each anew, 2 microseconds each."""
    known = prefixes(base)
    return {prefix: known[prefix] for prefix in set(_BEFORE_COLON.findall(query)) if prefix in known}


def _graphs(iris: tuple[str, ...]) -> list[Any]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise BadRequest(f"A graph's IRI cannot be read: {error}.") from error


def write(answer: Answer, output: IO[bytes], format_name: str, *, base: str) -> None:
    """Write the answer in that format, in small blocks; what `output.write` raises stops the query."""
    if isinstance(answer, ox.QueryTriples) and format_name in RESULTS_ENGINE:
        answer = _as_table(answer)
    if not isinstance(answer, ox.QueryTriples):
        answer.serialize(output, format=RESULTS_ENGINE[format_name])
    elif format_name in ("turtle", "trig"):
        begin = list(itertools.islice(answer, LOOKED_AT_FOR_PREFIXES))
        shown = used_prefixes(base, begin)
        ox.serialize(itertools.chain(begin, answer), output, format=GRAPHS_ENGINE[format_name], prefixes=shown)
    else:
        answer.serialize(output, format=GRAPHS_ENGINE[format_name])


def _as_table(triples: ox.QueryTriples) -> ox.QuerySolutions:
    """The triples as Blazegraph tells them to who can only read tables."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in triples)
    table = store.query("SELECT ?subject ?predicate ?object ?context { ?subject ?predicate ?object }")
    assert isinstance(table, ox.QuerySolutions)
    return table
