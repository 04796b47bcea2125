"""The page of the ontology: every class, property and concept with its definition, out of the graph itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graph.namespaces import TYPE, term
from server.context import Context
from server.pages.language import language_of
from server.pages.names import ONTOLOGY, Link
from server.pages.respond import respond
from server.publication import Publication
from server.versions import once_a_version
from server.wikibase.languages import chain

KINDS = {
    "classes": ("owl:Class",),
    "properties": ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty"),
    "concepts": ("skos:Concept",),
}
_RELATIONS = {
    "broader": ("rdfs:subClassOf", "rdfs:subPropertyOf", "skos:broader"),
    "domain": ("rdfs:domain",),
    "range": ("rdfs:range",),
    "scheme": ("skos:inScheme",),
    "inverse": ("owl:inverseOf",),
    "role": ("z:takesRole",),
}

Facts = Mapping[str, list[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True)
class Term:
    """A term: its local name, its label and definition in a language, an example, and the terms it stands with."""

    name: str
    label: Link
    definition: Link
    examples: tuple[str, ...]
    relations: tuple[tuple[str, tuple[Link, ...]], ...]


def routes(context: Context) -> list[BaseRoute]:
    """`/ontology`; a term is at its fragment, as in its IRI."""

    def page(request: Request) -> Response:
        language = language_of(request)
        found = {kind: terms(context.publication, kind, language) for kind in KINDS}
        return respond(context, request, "ontology.html", kinds=found)

    return [Route("/ontology", page)]


@once_a_version
def _facts(publication: Publication) -> Mapping[str, Facts]:
    """What the ontology's graph says of each of its terms."""
    graph = ox.NamedNode(f"{publication.base}graph/ontology")
    found: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in publication.store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


def terms(publication: Publication, kind: str, language: str) -> list[Term]:
    """The terms of a kind, by name."""
    facts = _facts(publication)
    wanted = {term(name) for name in KINDS[kind]}
    names = sorted(
        iri for iri, said in facts.items() if iri.startswith(ONTOLOGY) and wanted.intersection(said[TYPE.value])
    )
    return [_term(iri.removeprefix(ONTOLOGY), facts, language) for iri in names]


def _term(name: str, facts: Mapping[str, Facts], language: str) -> Term:
    said = facts[ONTOLOGY + name]
    relations = []
    for relation, predicates in _RELATIONS.items():
        objects = {o.value for predicate in predicates for o in said.get(term(predicate).value, ())}
        if objects:
            relations.append((relation, tuple(_link(iri, facts, language) for iri in sorted(objects))))
    return Term(
        name=name,
        label=_text(said, "rdfs:label", language) or Link(name),
        definition=_text(said, "skos:definition", language) or Link(""),
        examples=tuple(sorted(example.value for example in said.get(term("skos:example").value, ()))),
        relations=tuple(relations),
    )


def _text(said: Facts, predicate: str, language: str) -> Link | None:
    texts = {o.language: o.value for o in said.get(term(predicate).value, ()) if isinstance(o, ox.Literal)}
    return next((Link(texts[code], language=code) for code in chain(language) if code in texts), None)


def _link(iri: str, facts: Mapping[str, Facts], language: str) -> Link:
    label = _text(facts[iri], "rdfs:label", language) if iri in facts else None
    name = label.text if label else iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return Link(
        name, f"#{iri.removeprefix(ONTOLOGY)}" if iri.startswith(ONTOLOGY) else "", label.language if label else ""
    )
