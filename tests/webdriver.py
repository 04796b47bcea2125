"""A headless Chromium, driven over W3C WebDriver by Debian's chromedriver."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from tests.openrefine import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver names an element."""
HOST = "zhanshi.example.org"
"""A name under which the browser finds the servers of this machine."""
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--window-size=1400,1000",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
]
WAIT_SECONDS = 30.0
Seen = TypeVar("Seen")


class StaleElementError(Exception):
    """The page has drawn itself anew, and the element is no longer in it."""


def is_there() -> bool:
    """Whether there is a browser, and what drives it."""
    return bool(shutil.which("chromium") and shutil.which("chromedriver"))


@dataclass(frozen=True)
class Browser:
    """A browser with one window."""

    client: httpx.Client

    def _post(self, path: str, **parameters: Any) -> Any:
        answer = self.client.post(path, json=parameters)
        if answer.status_code == 404 and answer.json()["value"]["error"] == "stale element reference":
            raise StaleElementError(answer.text)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._post("url", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a piece of JavaScript returns."""
        return self._post("execute/sync", script=script, args=list(arguments))

    def find(self, selector: str) -> list[str]:
        """The elements of a CSS selector."""
        found = self._post("elements", using="css selector", value=selector)
        return [each[ELEMENT] for each in found]

    def wait(self, selector: str) -> str:
        """The first visible element of that selector, as soon as there is one."""
        return self.until(selector, lambda: next((each for each in self.find(selector) if self._is_shown(each)), None))

    def until(self, what: str, look: Callable[[], Seen | None]) -> Seen:
        """What `look` sees, as soon as it sees something; an element that is gone again is looked for once more."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            try:
                if seen := look():
                    return seen
            except StaleElementError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"waited {WAIT_SECONDS:g} s for {what}")

    def click(self, selector: str) -> None:
        """Click on the first visible element of that selector."""
        self._post(f"element/{self.wait(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        """Write into an input, in place of what stands there."""
        element = self.wait(selector)
        self._post(f"element/{element}/clear")
        self._post(f"element/{element}/value", text=text)

    def hover(self, selector: str) -> None:
        """Move the mouse over the first visible element of that selector."""
        origin = {ELEMENT: self.wait(selector)}
        move = {"type": "pointerMove", "duration": 50, "x": 0, "y": 0, "origin": origin}
        self._post("actions", actions=[{"type": "pointer", "id": "mouse", "actions": [move]}])

    def enter(self, selector: str) -> None:
        """Look into a frame from now on."""
        self._post("frame", id={ELEMENT: self.wait(selector)})

    def leave(self) -> None:
        """Look at the whole page again."""
        self._post("frame", id=None)

    def text(self, selector: str) -> str:
        """The visible text of an element."""
        return str(self.client.get(f"element/{self.wait(selector)}/text").json()["value"])

    def errors(self) -> list[str]:
        """What the console has complained of since the last call."""
        entries = self._post("se/log", type="browser")
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]

    def _is_shown(self, element: str) -> bool:
        return self.client.get(f"element/{element}/displayed").json().get("value") is True


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser while the block runs."""
    port = free_port()
    with subprocess.Popen(
        ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as driver:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                session = _session(client)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}/session/{session}/", timeout=60) as client:
                yield Browser(client)
                client.delete(f"http://127.0.0.1:{port}/session/{session}")
        finally:
            driver.terminate()


def _session(client: httpx.Client) -> str:
    wanted = {
        "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": ARGUMENTS, "binary": shutil.which("chromium")},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
    }
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            answer = client.post("/session", json={"capabilities": wanted})
        except httpx.TransportError:
            assert time.monotonic() < deadline, "chromedriver did not start"
            time.sleep(0.1)
        else:
            assert answer.status_code == 200, answer.text
            return str(answer.json()["value"]["sessionId"])
