"""The query page in a real browser, and what a page's own fetch makes of a truncated answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.examples import examples
from tests.browsing import BROWSER, DRIVER, HOST, Hands, browser
from tests.serving import RunningServer, example_quads, publish, serving

pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER) and not os.environ.get("CI"), reason="needs Debian's chromium and chromium-driver"
)
EXAMPLE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:q> a sh:SPARQLSelectExecutable ;
  rdfs:comment "Who is there?"@en , "谁在？"@zh ; sh:select "SELECT * { ?s a z:Person }" .
"""
SET = "yasgui.getTab().getYasqe().setValue(arguments[0])"
FETCH = """
window.seen = "";
fetch("/sparql", {method: "POST", body: new URLSearchParams({query: arguments[0]})})
  .then(response => response.text()).then(text => { seen = "whole"; }, error => { seen = "failed"; });
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("page")
    publish(data, example_quads())
    with serving(data, "--wall-seconds=2") as running:
        yield running


@pytest.fixture
def hands(server: RunningServer, tmp_path: Path) -> Iterator[Hands]:
    with browser(tmp_path) as driver:
        driver.get(server.url.replace("127.0.0.1", HOST) + "/query")
        started = Hands(driver)
        started.wait(".yasqe_queryButton")
        yield started


def test_a_query_runs_and_an_error_is_shown_where_it_is(hands: Hands) -> None:
    hands.run(SET, "SELECT ?label {\n wd:Q3 rdfs:label ?label \n}")
    assert not hands.find(".parseErrorIcon"), "the prefixes are known to the editor"
    hands.click(".yasqe_queryButton")
    hands.until("the answer", lambda: "Xue Yue" in hands.text(".yasr"))
    hands.run(SET, "SELECT * {\n ?s a nope:x\n}")
    hands.click(".yasqe_queryButton")
    assert "Line 2, column 7: the prefix of nope:x is not declared" in hands.text("#problem")
    assert len(hands.find(".wrong-line")) == 1
    assert [mark.text for mark in hands.find(".wrong-character")] == ["n"]


def test_fetch_notices_a_truncated_answer(hands: Hands) -> None:
    pattern = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
    hands.run(FETCH, f"SELECT * {{ {pattern} }}")
    assert hands.until("fetch", lambda: hands.run("return window.seen")) == "failed"
    hands.run(FETCH, "ASK {}")
    assert hands.until("fetch", lambda: hands.run("return window.seen")) == "whole"


def test_examples_are_read_from_their_folder(tmp_path: Path) -> None:
    assert examples(tmp_path) == ()
    (tmp_path / "who.ttl").write_text("@prefix z: <urn:z> ." + EXAMPLE, encoding="utf-8")
    (example,) = examples.__wrapped__(tmp_path)
    assert (example.name, example.english, example.chinese) == ("who", "Who is there?", "谁在？")
    assert example.query == "SELECT * { ?s a z:Person }"
    (tmp_path / "bad.ttl").write_text("<urn:q> a", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.ttl"):
        examples.__wrapped__(tmp_path)
