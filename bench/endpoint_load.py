"""Load on an endpoint by wrk: requests a second, milliseconds, failures."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

SCRIPT = Path(__file__).with_name("endpoint.lua")
TIMEOUT_SECONDS = 60
RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples"


@dataclass(frozen=True)
class Load:
    """What a run of one query kind at some number of clients gave; p50 and p99 in milliseconds."""

    requests: int
    failed: int
    seconds: float
    p50: float
    p99: float
    bytes: int
    warming: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return max(0, self.requests - self.failed) / self.seconds


def require_wrk() -> None:
    """Raise SystemExit where wrk is not installed."""
    if shutil.which("wrk") is None:
        raise SystemExit("This benchmark needs wrk (Debian: apt-get install wrk).")


def run(url: str, queries: list[str], *, graph: bool, clients: int, seconds: int) -> Load:
    """The load that so many clients put on the endpoint with these queries, after one short run to warm it up."""
    path = url[url.index("/", 8) :]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{path}?{urlencode({'query': query})}\n" for query in queries)
        file.flush()
        accept = TRIPLES if graph else RESULTS
        command = [
            "wrk", f"--connections={clients}", "--threads=1", f"--timeout={TIMEOUT_SECONDS}s", f"--script={SCRIPT}",
        ]  # fmt: skip
        root = url[: url.index("/", 8)]
        arguments = [root, "--", file.name, accept]
        warming = _wrk([*command, "--duration=1s", *arguments])
        return Load(**_wrk([*command, f"--duration={seconds}s", *arguments]), warming=warming["requests"])


def _wrk(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return figures
