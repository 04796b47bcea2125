"""Constraints asked in bulk: one SPARQL query for all the focus nodes of a shape."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store
from rdflib import SH, URIRef

from graph.errors import InputError
from graph.model import Finding
from graph.validation.shapes import SPARQL, Constraint, Shape, components

SUBCLASSES = "SELECT ?class WHERE { ?class <http://www.w3.org/2000/01/rdf-schema#subClassOf>* <%s> }"
NODE_KINDS = {
    SH.IRI: "isIRI(?value)",
    SH.Literal: "isLiteral(?value)",
    SH.BlankNode: "isBlank(?value)",
    SH.BlankNodeOrIRI: "isBlank(?value) || isIRI(?value)",
    SH.BlankNodeOrLiteral: "isBlank(?value) || isLiteral(?value)",
    SH.IRIOrLiteral: "isIRI(?value) || isLiteral(?value)",
}
XSD = "http://www.w3.org/2001/XMLSchema#"
# Datatypes that SPARQL can cast to: a literal that its own datatype cannot hold is ill-typed.
CAST = frozenset({"boolean", "integer", "decimal", "double", "date", "dateTime", "duration"})
_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


class Bulk:
    """Runs shapes on the union of a store's graphs."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._classes: dict[str, str] = {}

    def focus_nodes(self, shape: Shape) -> int:
        """Give the number of focus nodes of a shape."""
        (row,) = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {self._focus(shape)} }}", shape.name)
        return int(cast(Literal, row["n"]).value)

    def focus(self, shape: Shape) -> list[str]:
        """Give the focus nodes of a shape that have an IRI, sorted."""
        rows = self._select(f"SELECT ?this WHERE {{ {self._focus(shape)} }}", shape.name)
        return sorted(row["this"].value for row in rows if isinstance(row["this"], NamedNode))

    def findings(self, shape: Shape) -> Iterator[Finding]:
        """Give what breaks a shape whose components are all known."""
        focus = self._focus(shape)
        for constraint in shape.constraints or ():
            run = self._sparql if constraint.component == SPARQL else self._component
            yield from run(constraint, focus)

    def _select(self, query: str, name: str) -> QuerySolutions:
        try:
            return cast(QuerySolutions, self.store.query(query, use_default_graph_as_union=True))
        except SyntaxError as error:
            raise InputError(name, f"its query cannot be run: {error}") from error

    def classes(self, name: str) -> str:
        """Give a class and all classes below it, as terms with blanks between them."""
        if name not in self._classes:
            rows = self._select(SUBCLASSES % name, name)
            self._classes[name] = " ".join(sorted({str(row["class"]) for row in rows} | {f"<{name}>"}))
        return self._classes[name]

    def _focus(self, shape: Shape) -> str:
        parts = " UNION ".join(f"{{ {self._target(kind, value)} }}" for kind, value in shape.targets)
        return f"{{ SELECT DISTINCT ?this WHERE {{ {parts} }} }}"

    def _target(self, kind: str, value: str) -> str:
        if kind == "targetClass":
            return f"VALUES ?kind {{ {self.classes(value[1:-1])} }} ?this a ?kind"
        if kind == "targetNode":
            return f"VALUES ?this {{ {value} }}"
        return f"?this {value} []" if kind == "targetSubjectsOf" else f"[] {value} ?this"

    def _component(self, constraint: Constraint, focus: str) -> Iterator[Finding]:
        known = next(c for c in components().values() if c["component"] == constraint.component)
        first = constraint.parameters[0]
        if constraint.component == "UniqueLangConstraintComponent" and not bool(first.toPython()):  # type: ignore[attr-defined]
            return
        path = constraint.path
        parts: dict[str, Callable[[], str]] = {
            "focus": lambda: focus,
            "path": lambda: path,
            "values": lambda: f"?this {path} ?value ." if path else "BIND(?this AS ?value)",
            "parameter": partial(_parameter, constraint),
            "alternatives": lambda: " ".join(node.n3() for node in constraint.parameters),
            "classes": lambda: self.classes(str(first)),
            "illtyped": lambda: _illtyped(str(first)),
        }
        query = known["one" if "one" in known and str(first) == "1" else "query"].format_map(_Lazy(parts))
        for row in self._select(query, constraint.shape):
            yield _finding(constraint, row, _value(row))

    def _sparql(self, constraint: Constraint, focus: str) -> Iterator[Finding]:
        before, brace, after = constraint.select.replace("$this", "?this").partition("{")
        for row in self._select(f"{before}{brace} {focus} {after}", constraint.shape):
            value = _value(row) or ("" if constraint.path else str(row["this"]))
            yield _finding(constraint, row, value)


class _Lazy(dict[str, Callable[[], str]]):
    """Parts of a query that are made when a template asks for them."""

    def __getitem__(self, name: str) -> str:  # type: ignore[override]
        return super().__getitem__(name)()


def _parameter(constraint: Constraint) -> str:
    if constraint.component == "NodeKindConstraintComponent":
        return NODE_KINDS[URIRef(str(constraint.parameters[0]))]
    return ", ".join(node.n3() for node in constraint.parameters)


def _illtyped(datatype: str) -> str:
    if datatype.startswith(XSD) and datatype.removeprefix(XSD) in CAST:
        return f" || !COALESCE(<{datatype}>(STR(?value)) = ?value, false)"
    return ""


def _value(row: QuerySolution) -> str:
    value = row["value"]
    return "" if value is None else str(value)


def _finding(constraint: Constraint, row: QuerySolution, value: str) -> Finding:
    this = row["this"]
    focus = this.value if isinstance(this, NamedNode) else str(this)
    message = {
        language: _PLACEHOLDER.sub(lambda match: _words(row, match[1]) or match[0], text)
        for language, text in constraint.message.items()
    }
    return Finding(constraint.severity, focus, constraint.path, value, constraint.shape, constraint.component, message)


def _words(row: QuerySolution, name: str) -> str:
    term = row[name]
    return term.value if isinstance(term, NamedNode | Literal) else ""
