"""The tokenizer, the gate, and the choice of formats: what is decided from text alone."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import rewriting
from server.errors import BadRequest, LimitReached, Problem, QuerySyntaxError, Refused
from server.formats import GRAPHS, RESULTS, choose, named
from server.gate import Limits, check
from server.prefixes import TABLE, prefixes
from server.size import measure, outline_of
from server.template import example, template
from server.tokens import IRI, STRING, Token, position, scan, tokens

BASE = "https://w3id.org/zhanshi/"
LIMITS = Limits(nesting=20, patterns=20)
EVIL = "<http://127.0.0.1:9/>"
FRIEND = "https://query.example/sparql"

PIECES = st.sampled_from(
    [
        *("SELECT", " ", "\n", "?x", "<http://a/b#c>", "a:b.c", ":", "_:b1", '"a\\"b"', "'''x'y'''", "@zh-Hans", "^^"),
        *("1.5e3", ".", ";", "{", "}", "(", ")", "#c\n", "&&", "<", ">", "<=", "!", "true", "中:文", "a", "-1", "$y"),
        *("[", "]", "*", "/", "|", '"', "'", "#", '"""', "<<", "\\", "a:%2012", "1939.", "0x1", "\r", "<=a>", "_:0"),
        "<a'b#c>",
    ]
)


@given(st.lists(PIECES))
def test_tokens_are_the_text_and_nothing_but_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        found = list(scan(text))
    except QuerySyntaxError:
        return
    assert "".join(token.text for token in found) == text
    assert all(text[token.start : token.end] == token.text for token in found)


@given(st.lists(PIECES).map("".join) | st.text())
def test_a_query_and_the_example_of_its_template_have_the_same_tokens(text: str) -> None:
    other = example(template(text))
    if other is None or "\\" in text:
        return
    try:
        found = tokens(text)
    except QuerySyntaxError:
        with pytest.raises(QuerySyntaxError):
            tokens(other)
    else:
        assert [_without_what_varies(token) for token in tokens(other)] == [*map(_without_what_varies, found)]


def _without_what_varies(token: Token) -> tuple[str, str]:
    return token.kind, "" if token.kind in (IRI, STRING) else re.sub("[0-9]+", "0", token.text)


@given(st.text())
def test_any_text_gives_tokens_or_a_syntax_error(text: str) -> None:
    with contextlib.suppress(QuerySyntaxError):
        tokens(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a<?b", "variable punctuation variable"),
        ("<a#b>", "iri"),
        ("<http://a/\\u0041#x>SERVICE", "iri word"),
        ("ex:a.b. ex:c-", "prefixed_name punctuation prefixed_name"),
        ("ex:a\\-b%20c", "prefixed_name"),
        ("'it''s'", "string string"),
        ('"""a""b"" """@zh-Hans', "string language"),
        ("_:b.c. 2.", "blank_node punctuation number punctuation"),
        ('"x"^^xsd:date', "string punctuation prefixed_name"),
        ("# all\nASK", "word"),
        ("wdt:P1/(^wdt:P2|!a)*", "prefixed_name punctuation punctuation punctuation prefixed_name punctuation"
         " punctuation word punctuation punctuation"),
    ],
)  # fmt: skip
def test_the_longest_terminal_is_taken(text: str, expected: str) -> None:
    assert " ".join(token.kind for token in tokens(text)) == expected


def test_a_string_without_end_is_told_with_its_place() -> None:
    with pytest.raises(QuerySyntaxError, match=r"Line 2, column 3: this string does not end") as caught:
        tokens("ASK {\n  'x }")
    assert caught.value.members == {"line": 2, "column": 3}
    assert position("a\nbc", 3) == (2, 2)


def passes(query: str, *, services: frozenset[str] = frozenset()) -> str:
    return check(query, limits=LIMITS, services=services, prefixes=prefixes(BASE)).form


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE {EVIL} {{}} }}",
        f"SELECT * {{ service{EVIL}{{}} }}",
        f"SELECT * {{ SERVICE # comment\n SILENT {EVIL} {{}} }}",
        f"SELECT * {{SERVICESILENT{EVIL}{{}}}}",
        f"SELECT * {{?s ?p trueSERVICE{EVIL}{{}}}}",
        f"PREFIX x: {EVIL} SELECT * {{SERVICEx:a{{}}}}",
        f"PREFIX : {EVIL} SELECT * {{service:a{{}}}}",
        f"PREFIX : {EVIL} SELECT * {{SERVICE silent:a{{}}}}",
        "SELECT * { SERVICE ?where {} }",
        f"SELECT * {{ ?s ?p <http://a/it's> . SERVICE {EVIL} {{}} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE {EVIL} {{}} }} }}",
    ],
)
def test_no_spelling_of_service_passes(query: str) -> None:
    with pytest.raises((Refused, QuerySyntaxError)):
        passes(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?service ?p 'SERVICE <x> {}' }",
        "PREFIX service: <urn:s> SELECT * { service:x ?p service:y }",
        "PREFIX service: <urn:s> SELECT * { GRAPH service:x { ?s ?p ?o } }",
        "SELECT * { ?s <http://a/SERVICE> ?o # SERVICE <x>\n}",
        'SELECT * { ?s ?p "LOAD"@en }',
    ],
)
def test_the_word_service_elsewhere_passes(query: str) -> None:
    assert passes(query) == "SELECT"


def test_a_service_on_the_allow_list_passes_by_iri_and_by_name() -> None:
    allowed = frozenset({FRIEND})
    assert passes(f"SELECT * {{ SERVICE <{FRIEND}> {{}} }}", services=allowed)
    assert passes("PREFIX q: <https://query.example/> SELECT * { SERVICE q:sparql {} }", services=allowed)
    with pytest.raises(Refused, match=r"It may call: https://query\.example/sparql"):
        passes(f"SELECT * {{ SERVICE {EVIL} {{}} }}", services=allowed)
    assert not rewriting.SERVICES & {FRIEND}


@pytest.mark.parametrize("update", ["DROP ALL", "LOAD <x>", "PREFIX a: <b> insert data { a:b a:c 1 }", "CLEAR DEFAULT"])
def test_updates_are_refused_with_the_reason(update: str) -> None:
    with pytest.raises(Refused, match="read-only by design"):
        passes(update)


@pytest.mark.parametrize("query", ["", "# nothing", "hello", "{ ?s ?p ?o }", "PREFIX a: <b>"])
def test_what_is_no_query_is_told_so(query: str) -> None:
    with pytest.raises((BadRequest, QuerySyntaxError)):
        passes(query)


@pytest.mark.parametrize(
    ("query", "depth", "patterns"),
    [
        ("SELECT * { ?s ?p ?o }", 1, 1),
        ("SELECT * { ?s ?p ?o . }", 1, 1),
        ("SELECT * { ?s ?p ?o ; ?q ?r , ?t . ?u a [ ?p ?o ] }", 2, 5),
        ("SELECT * { ?s ?p (1 2 ?x) }", 2, 4),
        ("SELECT (COUNT(?s) AS ?n) { ?s ?p ?o FILTER(?o IN (1, 2, 3)) } GROUP BY (STR(?s))", 3, 1),
        ("SELECT * { VALUES (?a ?b) { (1 2) (3 4) } ?a ?p ?b FILTER ex:f(?a, ?b) }", 3, 1),
    ],
)
def test_depth_and_patterns_are_counted(query: str, depth: int, patterns: int) -> None:
    assert measure(outline_of(tokens(query))) == (depth, patterns)


def test_too_deep_and_too_many_are_refused_with_limit_and_value() -> None:
    for query, limit in (
        ("SELECT * " + "{" * 30 + "}" * 30, "nesting"),
        ("SELECT * { " + "?s ?p ?o . " * 30 + "}", "patterns"),
        ("SELECT * { " + "{ ?s ?p ?o FILTER(true) }" * 30 + "}", "patterns"),
        ("SELECT * { " + "{ ?s ?p () }" * 30 + "}", "patterns"),
        ("SELECT * { " + "?s ?p ?o OPTIONAL { ?s ?q ?r } " * 15 + "}", "patterns"),
    ):
        with pytest.raises(LimitReached) as caught:
            passes(query)
        assert caught.value.members == {"limit": limit, "value": 20}
        assert "20" in caught.value.detail


def test_volatile_queries_and_datasets_are_seen() -> None:
    checked = check("SELECT (NOW() AS ?t) FROM <g> {}", limits=LIMITS, services=frozenset(), prefixes={})
    assert checked.volatile
    assert checked.dataset
    assert not check("ASK {}", limits=LIMITS, services=frozenset(), prefixes={}).volatile


@given(st.text(alphabet="SELECT*{}()[]<>?a:'\"\\.;,# \n!|&-1SERVICE", max_size=60))
def test_the_gate_takes_any_text_or_raises_a_problem(text: str) -> None:
    with contextlib.suppress(Problem):
        passes(text)


@pytest.mark.parametrize(
    ("accept", "results", "graph"),
    [
        ("", "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("text/csv", "csv", None),
        ("application/n-triples,*/*;q=0.1", "json", "ntriples"),
        ("application/sparql-results+json;q=0.5, text/turtle", "json", "turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml", "rdfxml"),
        ("application/json", "json", "jsonld"),
        ("text/*", "csv", "turtle"),
        ("image/png", None, None),
        ("application/sparql-results+json;q=0", None, None),
        ("application/sparql-results+json;q=0, */*", "xml", "turtle"),
        ("application/trig;q=nonsense", None, None),
    ],
)  # fmt: skip
def test_the_wanted_format_is_chosen(accept: str, results: str | None, graph: str | None) -> None:
    assert choose(accept, RESULTS) == results
    assert choose(accept, GRAPHS) == graph


def test_formats_have_names() -> None:
    assert named("ttl", GRAPHS) == "turtle"
    assert named("application/n-quads", GRAPHS) == "nquads"
    assert named("CSV", RESULTS) == "csv"
    assert named("pdf", RESULTS) is None


def test_every_prefix_is_once_in_the_table_and_ends_as_a_namespace_does() -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) == len(prefixes(BASE)) > 30
    assert all(iri.endswith(("/", "#", ":")) for iri in prefixes(BASE).values())
    assert prefixes(BASE)["wdt"] == BASE + "prop/direct/"
