"""The example queries answer their questions on the published graph, and anybody could have written them."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.pipeline import CORPUS
from server.examples import QUERIES, Example, examples
from tests import example_queries

LEAST = 32
MODEL = example_queries.PAGE.with_name("model.md")
# A pattern, or a part of a label, finds by luck: a thing is found by an exact name.
FINDS_BY_PATTERN = re.compile(r"\b(REGEX|CONTAINS|STRSTARTS|STRENDS)\s*\(", re.IGNORECASE)
PROPERTY_NUMBER = re.compile(r"\b(?:wdt?|p|psv?|pqv?|prv?|wdno):[PQ]\d+")
ITEM_NUMBER = re.compile(r"\b(?:wd|wds):Q\d+|/entity/Q\d+")
COMPETENCY = re.compile(r"(0\d|1[0-5])-")
KEYWORDS = ox.NamedNode("https://schema.org/keywords")

EVERY = pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)


@pytest.fixture(scope="module")
def graph(published: Path) -> ox.Store:
    """Give the graph of the five texts, open for queries."""
    return example_queries.store(published)


def test_there_are_queries_numbered_without_a_gap() -> None:
    numbers = [int(example.name[:2]) for example in examples()]
    assert len(numbers) >= LEAST
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_answer_belongs_to_a_query() -> None:
    assert {path.stem for path in QUERIES.glob("*.csv")} == {example.name for example in examples()}


@EVERY
def test_the_answer_is_the_expected_one(graph: ox.Store, example: Example) -> None:
    found = example_queries.answer(graph, example.query)
    assert found == example_queries.expected(example), "is the graph wrong, or the answer? See tests/example_queries.py"
    assert len(found) > 1, "a query that finds nothing shows nothing"


@EVERY
def test_the_question_is_asked_in_both_languages(example: Example) -> None:
    assert example.english != example.name
    assert re.search(r"[\u4e00-\u9fff]", example.chinese)
    assert re.search(r"[?.)]$", example.english)


@EVERY
def test_keywords_are_given(example: Example) -> None:
    triples = ox.parse((QUERIES / f"{example.name}.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    assert [quad.object for quad in triples if quad.predicate == KEYWORDS]


@EVERY
def test_things_are_found_by_exact_names(example: Example) -> None:
    assert not FINDS_BY_PATTERN.search(example.query)
    assert not ITEM_NUMBER.search(example.query), "an item's number is no name"
    assert "PREFIX" not in example.query.upper(), "the prefixes are declared beforehand"


@EVERY
def test_a_number_of_a_property_is_explained(example: Example) -> None:
    numbers = {found.split(":")[1] for found in PROPERTY_NUMBER.findall(example.query)}
    assert not (numbers and COMPETENCY.match(example.name))
    comments = " ".join(line for line in example.query.splitlines() if line.startswith("#"))
    assert all(number in comments for number in numbers)


def test_the_page_lists_every_query_with_its_answer() -> None:
    answers = {example.name: example_queries.expected(example) for example in examples()}
    assert example_queries.PAGE.read_text(encoding="utf-8") == example_queries.page(examples(), answers), (
        "write it anew: python -m tests.example_queries DATA"
    )


def _queries_of_the_model() -> list[str]:
    return re.findall(r"```sparql\n(.*?)```", MODEL.read_text(encoding="utf-8"), re.DOTALL)


def test_the_model_begins_with_eleven_queries_and_the_way_to_the_quote() -> None:
    assert len(_queries_of_the_model()) == 12


@pytest.mark.parametrize("query", _queries_of_the_model(), ids=lambda query: query.split("{")[0].strip())
def test_the_queries_to_copy_find_something(graph: ox.Store, query: str) -> None:
    assert not FINDS_BY_PATTERN.search(query)
    assert not PROPERTY_NUMBER.search(query)
    assert len(example_queries.answer(graph, query)) > 1


def _cases() -> list[str]:
    return re.split(r"^## ", example_queries.CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.split("\n")[0])
def test_each_case_is_answered_as_the_page_says(graph: ox.Store, case: str) -> None:
    assert example_queries.cases(case, graph).rstrip() == case.rstrip(), (
        "write it: python -m tests.example_queries DATA"
    )
    assert case.count("```sparql") == 1
    assert case.count("\n|") > 2, "a case that finds nothing shows nothing"


def test_the_sentences_of_the_cases_stand_in_the_texts() -> None:
    sentences = re.findall(r"^> (.*)$", example_queries.CASES.read_text(encoding="utf-8"), re.MULTILINE)
    texts = [path.read_text(encoding="utf-8") for path in CORPUS.glob("*.txt")]
    assert len(sentences) > 8
    assert [sentence for sentence in sentences if not any(sentence in text for text in texts)] == []
