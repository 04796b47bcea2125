"""A real browser on a real server, and what it asked for while it showed a page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
DESKTOP, PHONE = (1280, 1000), (390, 844)
HOST = "zhanshi.example.org"
"""A name under which the browser finds the servers of this machine."""
WAIT_SECONDS = 30.0
Seen = TypeVar("Seen")
INNER = ("data", "blob", "about", "chrome")
"""Schemes of addresses that lead to no host."""


@dataclass
class Visit:
    """What came of one page: the hosts it asked, the addresses that failed, what it said on the console."""

    hosts: set[str]
    failed: list[str]
    said: list[str]


class Hands:
    """What a person does in a browser: wait until a thing is there, click on it, write into it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def run(self, script: str, *arguments: Any) -> Any:
        """What a piece of JavaScript returns."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> list[WebElement]:
        """The elements of a CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, what: str, look: Callable[[], Seen | None]) -> Seen:
        """What `look` sees, as soon as it sees something; an element that is gone again is looked for once more."""
        patience = WebDriverWait(self.driver, WAIT_SECONDS, 0.1, [StaleElementReferenceException])
        return patience.until(lambda _: look() or False, f"waited {WAIT_SECONDS:g} s for {what}")

    def wait(self, selector: str) -> WebElement:
        """The first visible element of that selector, as soon as there is one."""
        return self.until(selector, lambda: next((each for each in self.find(selector) if each.is_displayed()), None))

    def click(self, selector: str) -> None:
        """Click on the first visible element of that selector."""
        self.wait(selector).click()

    def type(self, selector: str, text: str) -> None:
        """Write into an input, in place of what stands there."""
        element = self.wait(selector)
        element.clear()
        element.send_keys(text)

    def hover(self, selector: str) -> None:
        """Move the mouse over the first visible element of that selector."""
        ActionChains(self.driver).move_to_element(self.wait(selector)).perform()

    def enter(self, selector: str) -> None:
        """Look into a frame from now on."""
        self.driver.switch_to.frame(self.wait(selector))

    def leave(self) -> None:
        """Look at the whole page again."""
        self.driver.switch_to.default_content()

    def text(self, selector: str) -> str:
        """The visible text of an element."""
        return self.wait(selector).text


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
        "--disable-dev-shm-usage",
        f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
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
