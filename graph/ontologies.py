"""The ontology's Turtle files -> quads of the ontology's graph."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from graph.errors import ZhanshiError
from graph.namespaces import Namespaces

Node = TypeVar("Node")
FOLDER = Path(__file__).resolve().parent.parent / "ontology"


def files(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Give the Turtle files of the ontology, its schemes, alignments and example queries; none is an error."""
    found = tuple(sorted(folder.rglob("*.ttl")))
    if not found:
        raise ZhanshiError(f"{folder}: no Turtle file; the installation is incomplete")
    return found


def quads(base: str, folder: Path = FOLDER) -> Iterator[Quad]:
    """Give the triples of every file in the graph `graph/ontology`, blank nodes named after their file's canon."""
    graph = Namespaces(base).graph("ontology")
    for path in files(folder):
        dataset = Dataset(parse(path=str(path), format=RdfFormat.TURTLE))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        prefix = "-".join(path.relative_to(folder).with_suffix("").parts)
        for quad in dataset:
            subject, object_ = (_labelled(node, prefix) for node in (quad.subject, quad.object))
            yield Quad(subject, quad.predicate, object_, graph)


def _labelled(node: Node, prefix: str) -> Node | BlankNode:
    return BlankNode(f"{prefix}-{node.value}") if isinstance(node, BlankNode) else node
