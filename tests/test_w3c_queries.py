"""The W3C's query evaluation and syntax tests, through HTTP, each on the dataset that its manifest names.

All graphs of all tests stand in one published store under their own IRIs; the protocol's dataset parameters give each
test exactly its graphs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests import w3c
from tests.serving import RunningServer, publish, serving

KNOWN = Path(__file__).with_name("w3c_known_failures.tsv")
MANIFESTS = (
    "sparql10/manifest-evaluation.ttl",
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/csv-tsv-res/manifest.ttl",
    "sparql11/json-res/manifest.ttl",
)
COUNTS = {"QueryEvaluationTest": 515, "PositiveSyntaxTest11": 63, "NegativeSyntaxTest11": 40, "CSVResultFormatTest": 3}
EMPTY = "urn:empty"


@pytest.fixture(scope="module")
def suite() -> w3c.Suite:
    return w3c.suite(w3c.folder(), *MANIFESTS)


@pytest.fixture(scope="module")
def server(suite: w3c.Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("w3c")
    publish(data, suite.quads(), base=w3c.ROOT)
    with serving(data, "--no-access-log", "--client-queries", "8") as running:
        yield running


def test_every_test_passes_or_is_known_to_fail(suite: w3c.Suite, server: RunningServer) -> None:
    known = w3c.known_failures(KNOWN)
    failures = {}
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for test in suite.tests:
            why = run(client, suite, test)
            if why:
                failures[test.name] = why
    unexpected = {name: why for name, why in failures.items() if name not in known}
    assert not unexpected, "\n".join(f"{name}\t{why}" for name, why in unexpected.items())
    mended = set(known) - set(failures)
    assert not mended, f"these pass now; take them out of {KNOWN.name}: {sorted(mended)}"


def test_the_suites_are_whole(suite: w3c.Suite) -> None:
    counts = {kind: sum(test.kind == kind for test in suite.tests) for kind in COUNTS}
    assert counts == COUNTS


def run(client: httpx.Client, suite: w3c.Suite, test: w3c.Evaluation) -> str:
    """Why the test fails; empty where it passes."""
    answer = ask(client, suite, test)
    if test.kind.startswith("NegativeSyntax"):
        return "" if answer.status_code == 400 else f"status {answer.status_code} instead of 400"
    if answer.status_code != 200:
        return f"status {answer.status_code}: {answer.text[:200]}"
    if test.result is None:
        return ""
    return "" if is_expected(answer, suite, test.result) else "another result than expected"


def ask(client: httpx.Client, suite: w3c.Suite, test: w3c.Evaluation) -> httpx.Response:
    """The answer to the test's query over the test's dataset."""
    text = test.query.read_text(encoding="utf-8")
    base = w3c.ROOT + test.query.relative_to(suite.root).as_posix()
    has_from = re.search(r"\bFROM\b", text, re.IGNORECASE)
    parameters: dict[str, list[str]] = {"query": [f"BASE <{base}>\n{text}"]}
    if not has_from:
        parameters["default-graph-uri"] = list(test.default) or [EMPTY]
        parameters["named-graph-uri"] = list(test.named)
    return client.post("/sparql", data=parameters, headers={"Accept": accepted(test.result)})


def accepted(result: Path | None) -> str:
    """The media type in which the result is compared."""
    suffix = result.suffix if result else ""
    if suffix == ".csv":
        return "text/csv, application/n-triples"
    table = w3c.MEDIA_TYPES[w3c.RESULT_FORMATS.get(suffix, "json")]
    return f"{table}, application/n-triples"


def is_expected(answer: httpx.Response, suite: w3c.Suite, path: Path) -> bool:
    """Whether an answer is the one of that file."""
    iri = w3c.ROOT + path.relative_to(suite.root).as_posix()
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/n-triples":
        expected = [q.triple for q in ox.parse(path=str(path), format=w3c.RDF_FORMATS[path.suffix], base_iri=iri)]
        return w3c.same_graph([q.triple for q in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)], expected)
    if kind == "text/csv":
        return rows(answer.text) == rows(path.read_text(encoding="utf-8"))
    name = next(name for name, media_type in w3c.MEDIA_TYPES.items() if media_type == kind)
    return w3c.same_table(w3c.read_table(answer.content, name), w3c.expected_table(path, iri))


def rows(text: str) -> list[list[tuple[str, str]]]:
    """The sorted rows of a CSV text; `SELECT *` leaves the order of columns open, and names of blank nodes are free."""
    return sorted(
        sorted((name, "_:" if value.startswith("_:") else value) for name, value in row.items())
        for row in csv.DictReader(io.StringIO(text))
    )
