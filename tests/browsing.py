"""A real browser on a real server, and what it asked for while it showed a page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
DESKTOP, PHONE = (1280, 1000), (390, 844)
INNER = ("data", "blob", "about", "chrome")
"""Schemes of addresses that lead to no host."""


@dataclass
class Visit:
    """What came of one page: the hosts it asked, the addresses that failed, what it said on the console."""

    hosts: set[str]
    failed: list[str]
    said: list[str]


@contextmanager
def browser(folder: Path, *, size: tuple[int, int] = DESKTOP, language: str = "en") -> Iterator[webdriver.Chrome]:
    """A headless Chromium with a fresh profile below that folder."""
    assert BROWSER
    assert DRIVER
    options = Options()
    options.binary_location = BROWSER
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        f"--window-size={size[0]},{size[1]}",
        f"--user-data-dir={folder / 'profile'}",
        f"--accept-lang={language}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(executable_path=DRIVER))
    try:
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE},
        )
        yield driver
    finally:
        driver.quit()


def visit(driver: webdriver.Chrome, url: str) -> Visit:
    """Load a page and give what came of it."""
    driver.get("about:blank")  # else an address that differs in its fragment alone is not loaded
    _events(driver)
    _log(driver, "browser")
    driver.get(url)
    return seen(driver)


def seen(driver: webdriver.Chrome) -> Visit:
    """What came of the page since the last look."""
    hosts, failed = set(), []
    for event in _events(driver):
        parameters = event["params"]
        if event["method"] == "Network.requestWillBeSent":
            parts = urlsplit(parameters["request"]["url"])
            if parts.scheme not in INNER:
                hosts.add(parts.netloc)
        elif event["method"] == "Network.responseReceived" and parameters["response"]["status"] >= 400:
            failed.append(f"{parameters['response']['status']} {parameters['response']['url']}")
    said = [line["message"] for line in _log(driver, "browser") if line["level"] in ("SEVERE", "WARNING")]
    return Visit(hosts, failed, said)


def _events(driver: webdriver.Chrome) -> list[dict[str, Any]]:
    return [json.loads(line["message"])["message"] for line in _log(driver, "performance")]


def _log(driver: webdriver.Chrome, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = driver.execute("getLog", {"type": name})["value"]
    return found
