"""A real server on a real store, on a free port of loopback, for the tests of everything that is served."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyoxigraph as ox

BASE = "https://w3id.org/zhanshi/"
START_SECONDS = 60.0
EXAMPLE = """
@prefix wd: <https://w3id.org/zhanshi/entity/> .
@prefix z: <https://w3id.org/zhanshi/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/zhanshi/graph/authority> {
  wd:Q1 a z:Formation ; rdfs:label "第4军"@zh-hans , "第4軍"@zh-hant , "4th Corps"@en .
  wd:Q2 a z:Formation ; rdfs:label "第59师"@zh-hans , "59th Division"@en ; z:parentUnit wd:Q1 .
  wd:Q3 a z:Person ; rdfs:label "薛岳"@zh-hans , "Xue Yue"@en .
}
<https://w3id.org/zhanshi/graph/000> {
  wd:Q10 a z:Withdrawal ; z:agent wd:Q1 ; z:earliest "1941-10-01"^^xsd:date .
  wd:Q1 rdfs:label "第4军"@zh-hans .
}
<https://w3id.org/zhanshi/graph/001> {
  wd:Q11 a z:Attack ; z:agent wd:Q2 ; z:earliest "1941-09-18"^^xsd:date .
  wd:Q1 rdfs:label "第4军"@zh-hans .
}
"""


def example_quads() -> list[ox.Quad]:
    """A handful of quads in three graphs; one triple stands in all of them."""
    return list(ox.parse(EXAMPLE, format=ox.RdfFormat.TRIG))


def publish(data: Path, quads: Iterable[ox.Quad], *, version: str = "v1", base: str = BASE) -> Path:
    """Publish quads as the current version of a data directory, as the build does; the version's folder."""
    folder = data / "versions" / version
    (folder / "dumps").mkdir(parents=True)
    store = ox.Store(str(folder / "store"))
    store.bulk_extend(quads)
    store.flush()
    about = {"version": version, "base": base, "built": "2026-01-01", "quads": len(store), "title": "A test"}
    (folder / "publication.json").write_text(json.dumps(about), encoding="utf-8")
    link = data / f".{version}"
    link.symlink_to(Path("versions") / version)
    os.replace(link, data / "current")
    return folder


@dataclass
class RunningServer:
    """A server process, the URL it serves at, and what it says."""

    process: subprocess.Popen[str]
    url: str
    said: list[str] = field(default_factory=list)

    def log(self) -> list[dict[str, object]]:
        """The lines of the access log so far."""
        return [json.loads(line) for line in list(self.said) if line.startswith("{")]

    def query(self, query: str, accept: str = "application/sparql-results+json", **parameters: str) -> httpx.Response:
        """The answer to a query by POST."""
        return httpx.post(
            f"{self.url}/sparql", data={"query": query, **parameters}, headers={"Accept": accept}, timeout=60
        )

    def rows(self, query: str) -> list[dict[str, str]]:
        """The rows of a SELECT query as plain strings."""
        answer = self.query(query).raise_for_status().json()
        return [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]

    def stop(self) -> int:
        """Stop the server as a user would; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@contextmanager
def serving(data: Path, *options: str) -> Iterator[RunningServer]:
    """A server on that data directory while the block runs."""
    command = [sys.executable, "-P", "-m", "server.cli", "serve", "--data", str(data), "--port", "0", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHANSHI_")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as process:
        server = RunningServer(process, "")
        reader = threading.Thread(target=_listen, args=(process, server.said), daemon=True)
        reader.start()
        try:
            _wait_until_ready(server)
            yield server
        finally:
            server.stop()
            reader.join(timeout=5)


def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
    assert process.stderr is not None
    said.extend(line.rstrip("\n") for line in process.stderr)


def _wait_until_ready(server: RunningServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = re.search(r"at (http://\S+?)/ ", " ".join(list(server.said)))
        if found and httpx.get(f"{found[1]}/readyz", timeout=START_SECONDS).status_code == 200:
            server.url = found[1]
            return
        if server.process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError("the server did not start:\n" + "\n".join(server.said))
