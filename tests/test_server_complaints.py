"""A query that cannot be read is refused with the place of the fault in the text as its writer wrote it."""

from __future__ import annotations

import csv
import time

import pyoxigraph as ox
import pytest

from server.engine.complaints import TABLE, laid_out
from server.engine.evaluation import evaluate
from server.engine.preparation import prepare
from server.engine.query import Asked
from server.errors import QuerySyntaxError
from server.examples import examples
from server.gate import Limits
from server.prefixes import prefixes
from server.tokens import position, tokens

BASE = "https://example.org/"
LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "zh,en" . }'
HERE = "☞"
"""Stands in each query where its fault is, and is taken out."""
WRONG = {
    "an operand is missing": "SELECT * WHERE {\n  ?x ?p ?o .\n  FILTER(?x = ☞)\n}",
    "an operand is missing, shorter words follow": "SELECT ?x {\n ?x ?p ?o FILTER(?o > 1 && ☞)\n ?x a ?c .\n}\nLIMIT 5",
    "the last brace is missing": "SELECT * WHERE {\n  ?x ?p ?o .\n  OPTIONAL { ?x a ?c }☞\n",
    "a brace in the middle is missing": "SELECT ?x {\n { ?x ?p 1 } UNION { ?x ?p 2 }\n☞LIMIT 1",
    "a brace too many": "SELECT ?x WHERE {\n ?x ?p ?o . }☞}",
    "an object is missing": "SELECT * WHERE {\n  ?x ?p ☞.\n  ?x ?p ?z }",
    "a verb is missing in CONSTRUCT": "CONSTRUCT { ?x ☞} WHERE { ?x ?p ?o }",
    "a prefix is not declared": "SELECT * WHERE {\n  ?x ☞foo:p ?o .\n  ?x ?p ?z }",
    "OPTIONAL is misspelt": "SELECT * WHERE {\n  ?x ?p ?o\n  ☞OPTINAL { ?x ?p ?z } }",
    "SELECT is misspelt": "PREFIX a: <urn:a>\n☞SELCT * WHERE { ?x ?p ?o }",
    "no such function": "SELECT ?x {\n ?x ?p ?o .\n FILTER(☞CONTAIN(?x, ?y))\n ?x ?p 1 }",
    "an IRI without its brackets": "PREFIX a: ☞http://a/\nSELECT * { ?x a a:b }",
    "a named subquery without its last brace": "SELECT * WITH { SELECT * { ?s ?p ?o } ☞AS %x\n{ INCLUDE %x }",
    "an IRI with a blank": "SELECT * WHERE {\n  ?x ☞<a b> ?o }",
    "an IRI with a wrong scheme": "SELECT ?x {\n ?x ☞<%zz://a> ?y }",
    "a string does not end": 'SELECT * WHERE {\n  ?x ?p ☞"abc }\n',
    "a comma is missing": 'SELECT ?x {\n ?x ?p ?o .\n FILTER regex(?x ☞"a")\n ?x ?p 1 }',
    "too many arguments": "SELECT ?x {\n FILTER(STRLEN(?x☞, ?y) > 1)\n ?x ?p 1 }",
    "AS is missing": "SELECT (COUNT(?x) ☞?n) WHERE { ?x ?p ?o }",
    "GROUP BY nothing": "SELECT ?x WHERE { ?x ?p ?o } GROUP BY\n☞LIMIT 10",
    "LIMIT in words": "SELECT ?x WHERE { ?x ?p ?o } LIMIT\n ☞ten",
    "bound twice": "SELECT ?x {\n ?x ?p ?o\n BIND(1 AS ☞?x)\n ?o a ?c }",
    "bound twice, otherwise written": "SELECT ?x {\n ?x ?p ?o\n BIND(1 AS ☞$x)\n BIND(2 AS ?new)\n ?o a ?c }",
    "neither grouped nor aggregated": "PREFIX a: <urn:a>\n☞SELECT ?x ?y { ?x ?p ?y } GROUP BY ?x",
    "a row of VALUES is short": "SELECT ?x {\n VALUES (?x ?y) { (1 2) (1) ☞} \n ?x ?p 3 }",
    "a sign that is none": "SELECT ?x {\n ?x ☞` 1 }",
    "after a label service": f"SELECT ?xLabel {{\n {LABELS}\n ?x ?p ?o .\n FILTER(?o = ☞) }}",
    "before a label service": f"SELECT ?xLabel {{\n ?x ?p ☞.\n {LABELS} }}",
    "on the line of a label service": f"SELECT ?xLabel {{ ?x ?p ?o . {LABELS} FILTER(?o = ☞) }}",
    "after a hint": 'SELECT ?x { hint:Query hint:optimizer "None" .\n ?x wdt:P1 ☞, }',
    "in Chinese": "SELECT ?军 {\n ?军 rdfs:label '第四军'@zh-hans ; }\nLIMIT ☞?军",
    "with predeclared prefixes": "SELECT ?x {\n ?x wdt:P1/wd:Q1 ☞.\n ?x p:P1 ?s }",
}


def run(query: str) -> None:
    asked = Asked(text=query, default=None, named=None, results="json", graph="turtle", languages="", gzip=False)
    prepared = prepare(asked, limits=Limits(nesting=64, patterns=512), services=(), base=BASE)
    evaluate(ox.Store(), asked, prepared, base=BASE, union=False)


def refusal(query: str) -> QuerySyntaxError:
    """What the engine, and all that stands before it, says of a wrong query."""
    with pytest.raises(QuerySyntaxError) as caught:
        run(query)
    return caught.value


@pytest.mark.parametrize("marked", WRONG.values(), ids=WRONG)
def test_the_place_is_that_of_the_fault(marked: str) -> None:
    found = refusal(marked.replace(HERE, ""))
    assert (found.members["line"], found.members["column"]) == position(marked, marked.index(HERE)), found.detail
    assert f"Line {found.members['line']}, column {found.members['column']}" in found.detail


def test_a_client_of_blazegraph_reads_the_place_from_the_line_of_its_exception() -> None:
    lines = refusal("ASK {\n ?x ?p . }").body().decode().splitlines()
    words = next(line for line in lines if "MalformedQueryException: " in line)
    assert words.partition("MalformedQueryException: ")[2] == (
        "line 2, column 8, before “. }”: something else is expected."
    )


def test_where_few_signs_could_stand_they_are_told() -> None:
    found = refusal("SELECT ?a WHERE ?a ?b ?c }")
    assert found.detail == "Line 1, column 17, before “?a ?b ?c }”: { is expected."
    assert found.members["expected"] == ["{"]


def test_what_can_be_read_can_be_read_when_it_is_laid_out() -> None:
    queries = [example.query for example in examples()]
    assert len(queries) >= 30
    for query in [
        *queries,
        "SELECT (-1 AS ?a) (1-1 AS ?b) { ?s ?p -2, 'x'@en, '1'^^xsd:int, 1.5e-3 ; !(a|^rdfs:label)* () }",
    ]:
        laid, starts = laid_out(tokens(query), query)
        assert [token.start for token in tokens(laid)] == starts
        ox.Store().query(laid, base_iri=BASE, prefixes=prefixes(BASE))


def test_the_place_is_soon_found_in_a_query_of_many_bindings() -> None:
    many = " ".join(f"BIND({number} AS ?x{number})" for number in range(400))
    again = " ".join(f"{{ BIND({number} AS ?x) }}" for number in range(400))
    begun = time.process_time()
    for query in (f"SELECT * {{ {many} ?s ?p }}", f"SELECT * {{ {again} ?s ?p }}"):
        assert refusal(query).members["column"] == len(query)
    assert time.process_time() - begun < 2


def test_every_sentence_of_the_engine_says_where_it_belongs() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", strict=True, quoting=csv.QUOTE_NONE))
    assert len(rows) >= 10
    for row in rows:
        assert row["at"] in ("token", "iri", "select"), row
        assert not row["says"].endswith("."), row
