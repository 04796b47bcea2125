"""Shapes files -> node shapes with their constraints, as plain values."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph.errors import InputError

Message = Mapping[str, str]
COMPONENTS = Path(__file__).with_name("components.toml")
SPARQL = "SPARQLConstraintComponent"
MAY_BE_EMPTY = URIRef("https://w3id.org/zhanshi/shapes#mayBeEmpty")
# What a shape may say beside its constraints.
OTHER = frozenset(
    {RDF.type, SH.path, SH.severity, SH.message, SH.name, SH.description, SH.property, SH.order, SH.sparql}
)
TARGETS = frozenset({SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, MAY_BE_EMPTY})


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that must hold: its component, its parameter's values, or the SELECT that finds what breaks it."""

    shape: str
    severity: str
    message: Message
    path: str
    component: str
    parameters: tuple[Node, ...] = ()
    select: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape: what it looks at, and its constraints; None where only pySHACL knows one of its components."""

    name: str
    targets: tuple[tuple[str, str], ...]
    constraints: tuple[Constraint, ...] | None
    may_be_empty: str


class UnknownComponentError(Exception):
    """A constraint that is not in the table of components."""


def load(files: Sequence[Path]) -> Graph:
    """Give the triples of Turtle files; none, or one that cannot be parsed, is an InputError."""
    if not files:
        raise InputError("shapes", "no shapes file; the installation is incomplete")
    graph = Graph()
    for path in files:
        try:
            graph.parse(path, format="turtle")
        except SyntaxError as error:
            raise InputError(path, str(error)) from error
    return graph


def shapes(graph: Graph) -> tuple[Shape, ...]:
    """Give the node shapes that have a target, by name."""
    found = sorted(set(graph.subjects(RDF.type, SH.NodeShape)), key=str)
    return tuple(shape for node in found if (shape := _shape(graph, node)).targets)


@cache
def components() -> Mapping[str, Mapping[str, str]]:
    """Give the table of the components that are run in bulk, by the local name of their parameter."""
    return tomllib.loads(COMPONENTS.read_text(encoding="utf-8"))


def _shape(graph: Graph, node: Node) -> Shape:
    targets = tuple(
        sorted(
            (_local(kind), value.n3())
            for kind, value in graph.predicate_objects(node)
            if kind in TARGETS - {MAY_BE_EMPTY}
        )
    )
    try:
        constraints: tuple[Constraint, ...] | None = tuple(_constraints(graph, node))
    except UnknownComponentError:
        constraints = None
    return Shape(str(node), targets, constraints, str(graph.value(node, MAY_BE_EMPTY) or ""))


def _constraints(graph: Graph, node: Node) -> Iterator[Constraint]:
    path = graph.value(node, SH.path)
    common = (str(node), _severity(graph, node), _message(graph, node), path_of(graph, path) if path else "")
    for predicate in sorted(map(str, set(graph.predicates(node)) - OTHER - TARGETS)):
        known = components().get(_local(URIRef(predicate)))
        if known is None or not predicate.startswith(str(SH)):
            raise UnknownComponentError(predicate)
        for value in sorted(graph.objects(node, URIRef(predicate)), key=str):
            parameters = tuple(Collection(graph, value)) if known.get("list") else (value,)
            yield Constraint(*common, known["component"], parameters)
    for constraint in graph.objects(node, SH.sparql):
        message = _message(graph, constraint) or common[2]
        yield Constraint(*common[:2], message, common[3], SPARQL, select=select_of(graph, constraint))
    for inner in sorted(graph.objects(node, SH.property), key=str):
        yield from _constraints(graph, inner)


def _severity(graph: Graph, node: Node) -> str:
    return _local(graph.value(node, SH.severity) or SH.Violation)


def _message(graph: Graph, node: Node) -> Message:
    literals = sorted(m for m in graph.objects(node, SH.message) if isinstance(m, Literal))
    return {m.language or "": str(m) for m in literals}


def _local(iri: Node) -> str:
    return str(iri).rpartition("#")[2]


def select_of(graph: Graph, node: Node) -> str:
    """Give a SELECT with the prefixes that its `sh:prefixes` declare."""
    lines = []
    for owner in graph.objects(node, SH.prefixes):
        for declaration in graph.objects(owner, SH.declare):
            prefix, namespace = (graph.value(declaration, p) for p in (SH.prefix, SH.namespace))
            lines.append(f"PREFIX {prefix}: <{namespace}>\n")
    return "".join(sorted(lines)) + str(graph.value(node, SH.select))


_PATHS = {
    SH.inversePath: "^{}",
    SH.zeroOrMorePath: "{}*",
    SH.oneOrMorePath: "{}+",
    SH.zeroOrOnePath: "{}?",
}


def path_of(graph: Graph, node: Node) -> str:
    """Give a SHACL path as a SPARQL property path."""
    if isinstance(node, URIRef):
        return node.n3()
    if not isinstance(node, BNode):
        raise UnknownComponentError(node)
    if graph.value(node, RDF.first) is not None:
        return "/".join(_inner(graph, part) for part in Collection(graph, node))
    alternatives = graph.value(node, SH.alternativePath)
    if alternatives is not None:
        return "|".join(_inner(graph, part) for part in Collection(graph, alternatives))
    for predicate, form in _PATHS.items():
        part = graph.value(node, predicate)
        if part is not None:
            return form.format(_inner(graph, part))
    raise UnknownComponentError(node)


def _inner(graph: Graph, node: Node) -> str:
    path = path_of(graph, node)
    return path if isinstance(node, URIRef) else f"({path})"
