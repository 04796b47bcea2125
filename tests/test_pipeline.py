"""The whole build: the same texts give the same bytes, another base changes only the root, all has evidence."""

import gc
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.build import build_wheel
from pyoxigraph import QuerySolutions, RdfFormat, Store

from graph import pipeline
from graph.namespaces import DEFAULT_BASE
from graph.pipeline import Graph
from graph.progress import reporter

ROOT = Path(__file__).resolve().parent.parent


def assembled(corpus: Path, base: str = DEFAULT_BASE) -> Graph:
    with reporter(pipeline.STEPS, quiet=True) as report:
        return pipeline.assemble(corpus, report, base=base)


def test_the_same_texts_give_the_same_bytes(small_corpus: Path) -> None:
    assert assembled(small_corpus).content == assembled(small_corpus).content


def test_another_base_changes_nothing_but_the_root(small_corpus: Path) -> None:
    other = "https://example.org/wars/"
    moved = assembled(small_corpus, other).content.decode()
    plain = assembled(small_corpus).content.decode()
    fixed = tuple(f"{DEFAULT_BASE}{part}" for part in ("ontology", "shapes", "query"))  # these never move
    for number, root in enumerate(fixed):
        plain = plain.replace(root, f"\0{number}")
        moved = moved.replace(root, f"\0{number}")
    assert sorted(plain.replace(DEFAULT_BASE, other).splitlines()) == sorted(moved.splitlines())


def test_a_text_that_nobody_read_is_a_source_with_its_passages(small_corpus: Path) -> None:
    (small_corpus / "900-small.ann").unlink()
    content = assembled(small_corpus).content
    assert content.count(b"ontology#unread>") >= 2
    assert b"passage/900-small/0-17> <https://w3id.org/zhanshi/ontology#quote>" in content


@pytest.fixture(scope="module")
def union(real_graph: Graph) -> Iterator[Store]:
    store = Store()
    store.bulk_load(real_graph.content, format=RdfFormat.N_QUADS)
    yield store
    del store
    gc.collect()


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    prefixes = {
        "z": "https://w3id.org/zhanshi/ontology#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "wikibase": "http://wikiba.se/ontology#",
        "prov": "http://www.w3.org/ns/prov#",
    }
    answer = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    return [tuple(str(value) for value in row) for row in answer]


def test_the_real_graph_conforms_and_was_looked_at(real_graph: Graph) -> None:
    assert real_graph.report.conforms
    assert sum(real_graph.report.focus_nodes.values()) > 50_000


def test_every_statement_has_its_evidence(union: Store) -> None:
    statements = rows(union, "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a wikibase:Statement }")
    bare = rows(union, "SELECT ?s WHERE { ?s a wikibase:Statement FILTER NOT EXISTS { ?s prov:wasDerivedFrom ?r } }")
    assert int(statements[0][0].split('"')[1]) > 20_000
    assert bare == []


def test_every_quote_is_what_stands_at_its_characters(union: Store) -> None:
    quotes = """SELECT ?t ?start ?end ?quote WHERE {
        ?p a z:Passage ; z:quote ?quote ; z:start ?start ; z:end ?end ; <http://www.w3.org/ns/oa#hasSource> ?t }"""
    answer = union.query(quotes, prefixes={"z": "https://w3id.org/zhanshi/ontology#"}, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    characters = {path.stem: path.read_bytes().decode() for path in pipeline.CORPUS.glob("*.txt")}
    count = 0
    for row in answer:
        name = str(row["t"]).rstrip(">").rpartition("/")[2]
        start, end = int(row["start"].value), int(row["end"].value)
        assert characters[name][start:end] == row["quote"].value
        count += 1
    assert count > 3000


def test_every_item_has_a_label_in_each_language(union: Store) -> None:
    for language in ("zh-hans", "zh-hant", "en"):
        missing = f"""SELECT ?i WHERE {{ ?i a wikibase:Item
            FILTER NOT EXISTS {{ ?i rdfs:label ?l FILTER(LANG(?l) = "{language}") }} }}"""
        assert rows(union, missing) == []


def test_what_did_not_happen_has_no_role_of_what_did(union: Store) -> None:
    for kind in ("PlannedAction", "NegatedAction", "ReportedAction"):
        assert rows(union, f"SELECT ?e WHERE {{ ?e a z:{kind} }} LIMIT 1")
        assert rows(union, f"SELECT ?e WHERE {{ ?e a z:{kind} ; z:agent|z:place|z:to|z:target|z:from ?x }}") == []
        assert rows(union, f"SELECT ?e WHERE {{ ?e a z:{kind}, z:Event }}") == []


def test_a_wheel_builds_a_graph_away_from_the_checkout(tmp_path: Path, small_corpus: Path) -> None:
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        name = build_wheel(str(tmp_path))
    finally:
        os.chdir(here)
    installed = tmp_path / "installed"
    zipfile.ZipFile(tmp_path / name).extractall(installed)
    command = [sys.executable, "-c", "from server.cli import main; main()", "build", str(small_corpus), "--data", "out"]
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "current" / "store").is_dir()
