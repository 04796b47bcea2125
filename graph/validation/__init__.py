"""Quads + shapes -> Report: what must hold, and where it does not."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import Quad, Store
from rdflib import Graph

from graph.errors import InputError
from graph.model import Finding, Report
from graph.validation import plain
from graph.validation.bulk import Bulk
from graph.validation.report import report_triples, report_turtle
from graph.validation.shapes import Shape, load, shapes

__all__ = ["FOLDER", "PREFIXES", "files", "report_triples", "report_turtle", "validate"]

_ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = _ROOT / "shapes"
PREFIXES = _ROOT / "ontology" / "prefixes.ttl"
NO_FOCUS = "https://w3id.org/zhanshi/shapes#FocusNodes"


def files(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Give the shapes files of a folder and the prefixes they use; an empty folder is an InputError."""
    found = sorted(folder.glob("*.ttl"))
    if not found:
        raise InputError(folder, "no shapes file (*.ttl); the installation is incomplete")
    return (PREFIXES, *found)


def validate(quads: Iterable[Quad] | Store, folder: Path = FOLDER) -> Report:
    """Give what the union of the graphs, of a store or of quads, breaks of the shapes in a folder, worst first.

    A shape that looks at nothing is a warning, unless its `zs:mayBeEmpty` says why; none that looks at anything is an
    InputError.
    """
    store = quads if isinstance(quads, Store) else _store(quads)
    graph = load(files(folder))
    known = shapes(graph)
    bulk = Bulk(store)
    counts = {shape.name: bulk.focus_nodes(shape) for shape in known}
    if not any(counts.values()):
        raise InputError(folder, "no shape has a focus node in this graph; nothing was checked")
    unseen = (_unseen(shape) for shape in known if not counts[shape.name] and not shape.may_be_empty)
    found = {_key(finding): finding for finding in (*_found(known, bulk, store, graph), *unseen)}
    return Report(tuple(found[key] for key in sorted(found)), counts)


def _store(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.bulk_extend(quads)
    return store


def _found(known: Sequence[Shape], bulk: Bulk, store: Store, graph: Graph) -> Iterator[Finding]:
    for shape in known:
        yield from bulk.findings(shape)
    rest = [shape.name for shape in known if shape.constraints is None]
    if rest:
        yield from plain.findings(plain.graph_of(store), graph, rest)


def _unseen(shape: Shape) -> Finding:
    message = {"en": "The shape has no focus node: it checks nothing.", "zh": "此形状没有焦点节点:什么也没有检查。"}
    return Finding("Warning", shape.name, "", "", NO_FOCUS, "MinCountConstraintComponent", message)


def _key(finding: Finding) -> tuple[int, str, str, str, str, str]:
    severity = ("Violation", "Warning", "Info").index(finding.severity)
    return (severity, finding.shape, finding.focus, finding.path, finding.component, finding.value)
