"""A report of validation as RDF."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.model import Finding, Report
from graph.namespaces import TYPE, typed

SH = "http://www.w3.org/ns/shacl#"
PREFIXES = {
    "sh": SH,
    "z": "https://w3id.org/zhanshi/ontology#",
    "zs": "https://w3id.org/zhanshi/shapes#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_BASE = "https://w3id.org/zhanshi/"


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def report_triples(report: Report) -> Iterator[Triple]:
    """Give a report as a sh:ValidationReport with its results, in the order of the findings."""
    node = BlankNode("report")
    yield Triple(node, TYPE, _sh("ValidationReport"))
    yield Triple(node, _sh("conforms"), typed(str(report.conforms).lower(), "xsd:boolean"))
    for number, finding in enumerate(report.findings, 1):
        result = BlankNode(f"result{number}")
        yield Triple(node, _sh("result"), result)
        yield from _result(result, finding)


def _result(result: BlankNode, finding: Finding) -> Iterator[Triple]:
    focus = finding.focus
    yield Triple(result, TYPE, _sh("ValidationResult"))
    yield Triple(result, _sh("resultSeverity"), _sh(finding.severity))
    yield Triple(result, _sh("focusNode"), BlankNode(focus[2:]) if focus.startswith("_:") else NamedNode(focus))
    yield Triple(result, _sh("sourceShape"), NamedNode(finding.shape))
    yield Triple(result, _sh("sourceConstraintComponent"), _sh(finding.component))
    if finding.path:
        yield from _path(result, finding.path)
    if finding.value:
        line = f"<{_BASE}> <{_BASE}> {finding.value} ."
        (quad,) = parse(line, format=RdfFormat.N_TRIPLES)
        yield Triple(result, _sh("value"), quad.object)
    for language, text in sorted(finding.message.items()):
        yield Triple(result, _sh("resultMessage"), Literal(text, language=language) if language else Literal(text))


def _path(result: BlankNode, path: str) -> Iterator[Triple]:
    """Give the path where it is one property; a longer one stands with the shape, in words as SPARQL writes it."""
    if path.count("<") == 1 and path.startswith("<") and path.endswith(">"):
        yield Triple(result, _sh("resultPath"), NamedNode(path[1:-1]))


def report_turtle(report: Report) -> bytes:
    """Give a report as Turtle."""
    return serialize(report_triples(report), format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
