"""OpenRefine, driven over its command API."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 90.0
PROCESS_SECONDS = 60.0
ENGINE = json.dumps({"facets": [], "mode": "row-based"})
"""Without an engine some commands fail where nobody sees it."""


def executable() -> str | None:
    """Where OpenRefine is."""
    return shutil.which("openrefine")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True)
class OpenRefine:
    """A running OpenRefine."""

    url: str
    client: httpx.Client

    def post(self, command: str, *, project: str = "", **form: str) -> Any:
        """The JSON answer of a command that changes something."""
        token = self.client.get("/command/core/get-csrf-token").json()["token"]
        answer = self.client.post(
            f"/command/{command}", params={"project": project} if project else {}, data={**form, "csrf_token": token}
        ).raise_for_status()
        document = answer.json()
        assert document.get("code", "ok") in ("ok", "pending"), document
        return document

    def get(self, command: str, **parameters: str) -> Any:
        """The JSON answer of a command that changes nothing."""
        return self.client.get(f"/command/{command}", params=parameters).raise_for_status().json()

    def create(self, name: str, table: str) -> str:
        """The number of a new project with that tab-separated table."""
        token = self.client.get("/command/core/get-csrf-token").json()["token"]
        options = {"encoding": "UTF-8", "separator": "\t", "headerLines": 1, "guessCellValueTypes": False}
        answer = self.client.post(
            "/command/core/create-project-from-upload",
            params={"csrf_token": token},
            data={"project-name": name, "format": "text/line-based/*sv", "options": json.dumps(options)},
            files={"project-file": (f"{name}.tsv", table.encode(), "text/tab-separated-values")},
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["location"].rpartition("project=")[2]

    def wait(self, project: str) -> None:
        """Wait until the project's processes have ended."""
        deadline = time.monotonic() + PROCESS_SECONDS
        while time.monotonic() < deadline:
            processes = self.get("core/get-processes", project=project)["processes"]
            if all(process["status"] == "done" for process in processes):
                return
            time.sleep(0.1)
        raise AssertionError(f"OpenRefine is still at work: {processes}")

    def rows(self, project: str) -> list[dict[str, Any]]:
        """The rows, each cell by the name of its column: value, and the reconciliation as `recon`."""
        told = self.get("core/get-models", project=project)["columnModel"]["columns"]
        found = self.get("core/get-rows", project=project, start="0", limit="1000")
        pool = found.get("pool", {}).get("recons", {})
        return [
            {column["name"]: _cell(row["cells"], column["cellIndex"], pool) for column in told} for row in found["rows"]
        ]


def _cell(cells: list[Any], index: int, pool: dict[str, Any]) -> dict[str, Any]:
    cell = (cells[index] if index < len(cells) else None) or {"v": None}
    recon = cell.get("r")
    return {"value": cell["v"], "recon": pool.get(str(recon), recon) if recon is not None else None}


@contextmanager
def running(folder: Path) -> Iterator[OpenRefine]:
    """An OpenRefine that keeps its projects in that folder while the block runs."""
    port = free_port()
    command = [executable() or "openrefine", "-i", "127.0.0.1", "-p", str(port), "-d", str(folder), "-m", "512M"]
    with subprocess.Popen(
        [*command, "-x", "refine.headless=true"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
    ) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                _wait_until_ready(client, process)
                yield OpenRefine(f"http://127.0.0.1:{port}", client)
        finally:
            # The command is a script: Java runs in its process group.
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/command/core/get-version").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError("OpenRefine did not start")
