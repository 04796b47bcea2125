"""The tools that people use on Wikidata, driven for real on this server; installed by `tests/clients/install`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from tests.serving import BASE, RunningServer, publish, serving

CLIENTS = Path(__file__).resolve().parent / "clients"
PYTHON = CLIENTS / ".venv" / "bin" / "python"
MODULES = CLIENTS / "node_modules"
SECONDS = 120
LABELS = ["Xue Yue", "薛岳", "薛岳"]
CORPS = {"label": "第74军", "classes": ["Q139"]}
SECOND = """
@prefix wd: <https://w3id.org/zhanshi/entity/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:mine> { <urn:mine:xue> owl:sameAs wd:Q4005 ; rdfs:label "my general" . }
"""


def needs(path: Path) -> None:
    """Skip where a client is not installed; fail where it must be."""
    if not path.exists():
        reason = f"{path.relative_to(CLIENTS.parent)} is not there: run tests/clients/install"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def run(folder: Path, *command: str | Path) -> str:
    """What a client prints; its own settings and caches stay in that folder."""
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def python(folder: Path, script: str, *arguments: str) -> Any:
    needs(PYTHON)
    return json.loads(run(folder, PYTHON, CLIENTS / script, *arguments))


def node(folder: Path, script: str, *arguments: str) -> Any:
    needs(MODULES)
    program = shutil.which("node")
    assert program, "node_modules is there, node is not"
    return json.loads(run(folder, program, CLIENTS / script, *arguments))


@pytest.fixture(scope="module")
def event(real_server: RunningServer) -> str:
    """The number of an event with a day and a quotation."""
    rows = real_server.rows(
        "SELECT ?event WHERE { ?event p:P31/prov:wasDerivedFrom/pr:P1683 ?quote ; wdt:P1319 ?day ; wdt:P50010 [] }"
        " ORDER BY ?event LIMIT 1"
    )
    return rows[0]["event"].rsplit("/", 1)[-1]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Another endpoint, whose data names an item of the first."""
    data = tmp_path_factory.mktemp("second")
    publish(data, ox.parse(SECOND, format=ox.RdfFormat.TRIG))
    with serving(data, "--no-access-log") as running:
        yield running


def holds(answer: dict[str, Any], expected: dict[str, Any]) -> None:
    assert {name: answer[name] for name in expected} == expected


def test_wikibaseintegrator(real_server: RunningServer, event: str, tmp_path: Path) -> None:
    answer = python(tmp_path, "wikibaseintegrator_reads.py", real_server.url, BASE, event)
    holds(answer, {**CORPS, "datatype": "time", "sparql": LABELS, "properties": ["P585", "P580", "P582"]})
    assert "国民革命军第74军" in answer["aliases"]
    assert answer["days"][0].startswith("+19")
    assert all(answer["quotes"])
    assert answer["found"][0] == "Q4005"
    assert answer["write_required"] == {"same": False, "changed": True}


def test_pywikibot(real_server: RunningServer, event: str, tmp_path: Path) -> None:
    answer = python(tmp_path, "pywikibot_reads.py", real_server.url, BASE, event)
    holds(answer, {**CORPS, "datatype": "time", "missing": True, "concept": f"{BASE}entity/Q2039"})
    assert answer["found"][0] == "Q4005"
    assert answer["days"][0].startswith("+000000019")
    assert all(answer["quotes"])
    assert len(answer["sparql"]) == 3


def test_qwikidata(real_server: RunningServer, tmp_path: Path) -> None:
    answer = python(tmp_path, "qwikidata_reads.py", real_server.url)
    holds(answer, {**CORPS, "datatype": "point in time", "sparql": LABELS})


def test_wikibase_rest_api_client(real_server: RunningServer, tmp_path: Path) -> None:
    answer = python(tmp_path, "wikibase_rest_reads.py", real_server.url)
    holds(answer, {"label": "第74军", "properties": {"P31": ["Q139"], "P945": ["Q30"]}})


def test_wikidata(real_server: RunningServer, tmp_path: Path) -> None:
    holds(python(tmp_path, "wikidata_reads.py", real_server.url), {**CORPS, "kind": "EntityType.item"})


def test_sparqlwrapper(real_server: RunningServer, tmp_path: Path) -> None:
    answer = python(tmp_path, "sparqlwrapper_reads.py", real_server.url)
    holds(answer, {"get": LABELS, "post": LABELS, "direct": LABELS, "xml": 3, "construct": 2, "ask": True})


def test_rdflib(real_server: RunningServer, tmp_path: Path) -> None:
    answer = python(tmp_path, "rdflib_reads.py", real_server.url, BASE)
    holds(answer, {"labels": LABELS, "service": LABELS, "is_person": True})
    assert len({answer["behind"], *answer["forms"].values()}) == 1
    assert answer["behind"] > 50


def test_wikibase_sdk(real_server: RunningServer, tmp_path: Path) -> None:
    answer = node(tmp_path, "wikibase_sdk_reads.mjs", real_server.url)
    holds(answer, {**CORPS, "datatype": "time", "reverse": 2, "revisions": 1})
    assert answer["found"][0] == "Q4005"
    assert len(answer["sparql"]) == 3


def test_comunica_joins_two_endpoints(real_server: RunningServer, second: RunningServer, tmp_path: Path) -> None:
    answer = node(tmp_path, "comunica_reads.mjs", real_server.url, second.url, BASE)
    assert answer == {"joined": LABELS, "untyped": LABELS, "ask": True, "construct": 1}


def test_wikibase_cli(real_server: RunningServer, tmp_path: Path) -> None:
    needs(MODULES)
    query = tmp_path / "query.rq"
    query.write_text("SELECT ?label WHERE { wd:Q4005 rdfs:label ?label } ORDER BY ?label", encoding="utf-8")

    def wb(*arguments: str) -> str:
        return run(tmp_path, MODULES / ".bin" / "wb", *arguments).strip()

    wb("config", "instance", real_server.url)
    wb("config", "sparql-endpoint", f"{real_server.url}/sparql")
    assert wb("label", "Q2039", "--lang", "zh-hans") == "第74军"
    assert "國民革命軍第74軍" in wb("aliases", "Q2039", "--lang", "zh-hant")
    assert wb("claims", "Q4005", "P31") == "Q140"
    assert "Q4005" in wb("search", "xueyue", "--lang", "en", "--json")
    assert wb("sparql", str(query)).split("\n") == LABELS
    labelled = json.loads(wb("query", "-p", "P31", "-o", "Q140", "--limit", "2", "--labels", "--lang", "zh-hans"))
    assert len(labelled) == 2
    assert all(row["label"] for row in labelled)
    assert json.loads(wb("props", "--type", "--lang", "en"))["P31"] == {"label": "instance of", "type": "WikibaseItem"}
    assert json.loads(wb("data", "Q4005", "--simplify"))["labels"]["zh-hant"] == "薛岳"
