"""The servers that are compared, each on the same published store."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 180.0
SETTLE_SECONDS = 60.0
IDLE_SECONDS = 0.05
"""Processor seconds within one second that a server at rest may use."""
BIN = Path(sys.executable).parent
RDFLIB_ENDPOINT = """
import sys
import uvicorn
from oxrdflib.store import OxigraphStore
from pyoxigraph import Store
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
dataset = Dataset(store=OxigraphStore(store=Store.read_only(sys.argv[1])), default_union=True)
uvicorn.run(SparqlEndpoint(graph=dataset, path="/"), port=int(sys.argv[2]), log_level="error")
"""


@dataclass(frozen=True)
class Contender:
    """A server: its name, the command that starts it on a data directory and a port, the path of its endpoint."""

    name: str
    command: tuple[str, ...]
    path: str


def contenders() -> list[Contender]:
    """The servers of the comparison; those that are not installed are left out."""
    ours = (
        sys.executable,
        "-P",
        "-m",
        "server.cli",
        "serve",
        "--data",
        "{data}",
        "--port",
        "{port}",
        "--no-access-log",
    )
    native = shutil.which("oxigraph", path=f"{BIN}:{os.environ['PATH']}")
    found = [
        Contender("zhanshi memory", (*ours, "--cache-mib", "0"), "/sparql"),
        Contender("zhanshi memory, cached", ours, "/sparql"),
        Contender("zhanshi disk", (*ours, "--cache-mib", "0", "--engine", "disk"), "/sparql"),
    ]
    if native:
        command = (
            native,
            "serve-read-only",
            "--location",
            "{store}",
            "--bind",
            "127.0.0.1:{port}",
            "--union-default-graph",
        )
        found.insert(0, Contender("oxigraph", command, "/query"))
    if _has("rdflib_endpoint") and _has("oxrdflib"):
        found.append(Contender("rdflib-endpoint", (sys.executable, "-c", RDFLIB_ENDPOINT, "{store}", "{port}"), "/"))
    return found


def _has(module: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {module}"], check=False, capture_output=True).returncode == 0


@contextmanager
def running(contender: Contender, data: Path) -> Iterator[tuple[str, int]]:
    """The URL of the contender's endpoint and its process id, while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    places = {"data": str(data), "store": str((data / "current" / "store").resolve()), "port": str(port)}
    command = [re.sub(r"\{(data|store|port)\}", lambda m: places[m[1]], part) for part in contender.command]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}{contender.path}"
            _wait(url, process)
            _settle(process.pid)
            yield url, process.pid
        finally:
            process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=START_SECONDS).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"{url} did not start")


def _settle(pid: int) -> None:
    """Wait until a server does nothing any more that it began when it was started, or for SETTLE_SECONDS."""
    deadline = time.monotonic() + SETTLE_SECONDS
    used = -1.0
    while time.monotonic() < deadline and (now := processor_seconds(pid)) - used > IDLE_SECONDS:
        used = now
        time.sleep(1.0)


def memory_mib(pid: int) -> float:
    """MiB that a process and all below it hold, shared pages counted once."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
    return own + sum(memory_mib(int(child)) for child in children)


def processor_seconds(pid: int) -> float:
    """Processor seconds of a process, of all below it, and of those of them that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_seconds(int(child)) for child in children)
