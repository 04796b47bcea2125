"""The services that are part of this endpoint, and what they read of a query: IRIs, parameters, patterns."""

from __future__ import annotations

from collections.abc import Iterable

from server.rewriting.triples import Reader, Term, Triple
from server.tokens import IRI, PREFIXED_NAME, Token

WIKIBASE = "http://wikiba.se/ontology#"
BIGDATA = "http://www.bigdata.com/"
LABEL, AROUND, BOX = (f"{WIKIBASE}{name}" for name in ("label", "around", "box"))
SERVICES: frozenset[str] = frozenset({LABEL, AROUND, BOX})
"""The IRIs of SERVICE blocks that are answered here; the gate lets them pass."""
PARAMETER = f"{BIGDATA}rdf#serviceParam"


def declared(found: Iterable[Token]) -> dict[str, str]:
    """The prefixes that a query declares."""
    listed = list(found)
    return {
        name.text.partition(":")[0]: iri.text[1:-1]
        for word, name, iri in zip(listed, listed[1:], listed[2:], strict=False)
        if word.keyword == "PREFIX" and name.kind == PREFIXED_NAME and iri.kind == IRI
    }


def apart(triples: Iterable[Triple]) -> tuple[dict[str, list[Term]], list[Triple]]:
    """The parameters among the triples of a service, by their names without `wikibase:`, and the other triples."""
    parameters: dict[str, list[Term]] = {}
    others = []
    for triple in triples:
        if triple.subject.iri == PARAMETER:
            parameters.setdefault(triple.predicate.iri.removeprefix(WIKIBASE), []).append(triple.object)
        else:
            others.append(triple)
    return parameters, others


def is_hint(reader: Reader, token: Token) -> bool:
    """Whether the token names something that only the optimizer of another endpoint knows."""
    return token.kind in (IRI, PREFIXED_NAME) and reader.iri(token).startswith(BIGDATA)
