"""Queries that are meant to bring an endpoint down, and what may come of each."""

from __future__ import annotations

from dataclasses import dataclass

ANY = frozenset({200, 400, 413, 422, 504, 507})
REFUSED = frozenset({400, 403, 413, 422, 504})


@dataclass(frozen=True)
class Attack:
    """A query, the statuses that may answer it, and whether its answer may be cut off after it began."""

    name: str
    query: str
    statuses: frozenset[int] = ANY


def _values(name: str, count: int) -> str:
    return f"VALUES ?{name} {{ {' '.join(map(str, range(count)))} }}"


def _doubling(times: int) -> str:
    steps = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(times))
    return f'SELECT (STRLEN(?s{times}) AS ?n) {{ BIND("x" AS ?s0) {steps} }}'


def _star(count: int) -> str:
    return "SELECT * { " + " ".join(f"?s ?p{n} ?o{n} ." for n in range(count)) + " }"


CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
CROSS_VALUES = " ".join(_values(name, 900) for name in "abcd")
ATTACKS = (
    Attack("cross product counted", f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"),
    Attack("cross product streamed", f"SELECT * {{ {CROSS} }}"),
    Attack("cross product made distinct", "SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f }"),
    Attack("cross product constructed", "CONSTRUCT { ?a ?e ?c } { ?a ?b ?c . ?d ?e ?f }"),
    Attack("cross product of values counted", f"SELECT (COUNT(*) AS ?n) {{ {CROSS_VALUES} }}"),
    Attack("cross product of values streamed", f"SELECT * {{ {CROSS_VALUES} }}"),
    Attack("path between all pairs", "SELECT (COUNT(*) AS ?n) { ?s (!<urn:x>|!^<urn:x>)* ?o }"),
    Attack("path over one predicate both ways", "SELECT (COUNT(*) AS ?n) { ?s (z:agent|^z:agent)+ ?o }"),
    Attack("path that negates everything", "SELECT (COUNT(*) AS ?n) { ?s (<urn:x>|!<urn:x>)* ?o . ?o (!<urn:y>)* ?p }"),
    Attack("everything sorted", "SELECT * { ?a ?b ?c . ?a ?d ?e . ?e ?f ?g } ORDER BY DESC(?c) ?e ?g"),
    Attack("cross product sorted", "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c"),
    Attack("string doubled", _doubling(40)),
    Attack("strings concatenated", "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?s) { ?a ?b ?c . ?d ?e ?f }"),
    Attack("regular expression over a cross product", 'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER REGEX(?c, "(a+)+$") }'),
    Attack("text replaced many times", 'SELECT (REPLACE(STR(?a), "", STR(?c)) AS ?x) { ?a ?b ?c . ?d ?e ?f }'),
    Attack(
        "EXISTS over everything",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER EXISTS { ?d ?e ?f . ?f ?g ?h FILTER(?d != ?a) } }",
    ),
    Attack("MINUS over everything", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?g ?f . ?h ?i ?j } }"),
    Attack("groups by the million", "SELECT ?a ?f (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?f"),
    Attack("digest of a cross product", "SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?f)))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"),
    Attack("star of 100 patterns", _star(100)),
    Attack("star of 200 patterns", _star(200), REFUSED),
    Attack("1,000 OPTIONALs", "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 1_000 + "}", REFUSED),
    Attack("10,000 UNIONs", "SELECT * { {} " + "UNION {} " * 7_000 + "}"),
    Attack("100,000 UNIONs", "SELECT * { {} " + "UNION {} " * 100_000 + "}", REFUSED),
    Attack("40,000 braces", "SELECT * " + "{" * 40_000 + "}" * 20_000, REFUSED),
    Attack("40,000 brackets", "SELECT * { ?s ?p " + "[ ?p " * 9_000 + "]" * 9_000 + "}", REFUSED),
    Attack("60,000 parentheses", "SELECT * { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }", REFUSED),
    Attack("100,000 negations", "SELECT * { FILTER(" + "!" * 60_000 + "true) }"),
    Attack("20,000 alternatives", "SELECT * { FILTER(" + "false||" * 9_000 + "true) }"),
    Attack("30,000 sums", "SELECT * { FILTER(" + "1+" * 30_000 + "1 > 0) }"),
    Attack("3,000 nested EXISTS", "SELECT * { ?s ?p ?o " + "FILTER EXISTS { " * 3_000 + "}" * 3_000 + "}", REFUSED),
    Attack("list of 5,000 in lists", "SELECT * { ?s ?p " + "( " * 5_000 + ")" * 5_000 + " }", REFUSED),
    Attack("list of 300", "SELECT * { ?s ?p ( " + "?x " * 300 + ") }", REFUSED),
    Attack("50,000 values", f"SELECT * {{ {_values('a', 11_000)} ?s ?p ?a }}"),
    Attack("2,000 BINDs", "SELECT * { " + " ".join(f"BIND({n} AS ?b{n})" for n in range(2_000)) + " }"),
    Attack("unfinished string", 'SELECT * { ?s ?p "' + '\\"' * 30_000, REFUSED),
    Attack("dotted names", "SELECT * { " + "a." * 30_000 + " }", REFUSED),
    Attack("SERVICE", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", frozenset({403})),
    Attack("SERVICE without a blank", "SELECT * {SERVICESILENT<http://127.0.0.1:9/>{?s ?p ?o}}", frozenset({403})),
    Attack(
        "SERVICE by a name", "PREFIX x: <http://127.0.0.1:9/> SELECT * {serviceX:a{?s ?p ?o}}", frozenset({400, 403})
    ),
    Attack(
        "SERVICE by the empty prefix", "PREFIX : <http://127.0.0.1:9/> SELECT * {service:a{?s ?p ?o}}", frozenset({403})
    ),
    Attack("SERVICE after a truth", "SELECT * {?s ?p trueSERVICE<http://127.0.0.1:9/>{?a ?b ?c}}", frozenset({403})),
    Attack(
        "SERVICE behind an apostrophe",
        "SELECT * { FILTER(?a<'x>y') SERVICE <http://127.0.0.1:9/> {?a ?b ?c} FILTER(?b='z')}",
        frozenset({400, 403}),
    ),
    Attack("LOAD", "LOAD <http://127.0.0.1:9/>", frozenset({403})),
)
"""Each is run on a hundred thousand triples."""
