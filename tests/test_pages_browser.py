"""Every page in a real browser: no request to another host, no error, nothing wider than a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browsing import BROWSER, DESKTOP, DRIVER, PHONE, browser, seen, visit
from tests.serving import RunningServer

pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER) and not os.environ.get("CI"), reason="needs Debian's chromium and chromium-driver"
)
EVENT = "SELECT ?e { ?e a z:Withdrawal ; z:agent ?a ; z:passage ?p } ORDER BY ?e LIMIT 1"
PLANNED = "SELECT ?e { ?e a z:PlannedAction } ORDER BY ?e LIMIT 1"
LOSS = "SELECT ?e { ?e a z:Loss ; z:claimedBy ?c } ORDER BY ?e LIMIT 1"
PASSAGE = "SELECT ?p { ?e a z:Capture ; z:passage ?p } ORDER BY ?e LIMIT 1"
MAP = """#defaultView:Map
SELECT ?place ?placeLabel ?point {
  ?place z:coordinates ?point ; rdfs:label ?placeLabel FILTER(LANG(?placeLabel) = "en")
} LIMIT 20"""
TIMELINE = """#defaultView:Timeline
SELECT ?e ?eLabel ?d { ?e a z:Capture ; z:startDate ?d ; rdfs:label ?eLabel FILTER(LANG(?eLabel) = "en") } LIMIT 20"""
GRAPH = "#defaultView:Graph\nSELECT ?u ?s { ?u z:organicPartOf ?s } LIMIT 20"
CHART = """#defaultView:BarChart
SELECT ?l (COUNT(?e) AS ?n) { ?e z:partOf/rdfs:label ?l FILTER(LANG(?l) = "en") }
GROUP BY ?l ORDER BY DESC(?n) LIMIT 8"""


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("browser"), size=request.param) as started:
        yield started


def one(real_server: RunningServer, query: str) -> str:
    (row,) = real_server.rows(query)
    (iri,) = row.values()
    return iri


def pages(real_server: RunningServer) -> list[str]:
    """The path of one page of every kind."""
    items = [one(real_server, query).rsplit("/", 1)[-1] for query in (EVENT, PLANNED, LOSS)]
    text, span = one(real_server, PASSAGE).rsplit("/", 2)[-2:]
    return [
        "/",
        "/search?q=" + quote("第4军"),
        *(f"/wiki/{item}" for item in items),
        "/wiki/Q30",
        "/wiki/Property:P31",
        "/texts",
        f"/text/{text}?span={span}#{span}",
        "/battles",
        "/battle/Q1010",
        "/ontology",
        "/validation",
        "/docs",
        "/docs/model.md",
        "/docs/queries.md",
        "/dumps/",
        "/query",
    ]


def test_pages_ask_no_other_host_and_fit_a_phone(real_server: RunningServer, driver: Chrome) -> None:
    host = urlsplit(real_server.url).netloc
    for path in pages(real_server):
        found = visit(driver, real_server.url + path)
        assert found.hosts == {host}, path
        assert not found.failed, path
        assert not found.said, path
        width = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1] + 1, f"{path} is {width[0]} wide on a screen of {width[1]}"
        assert driver.find_element(By.TAG_NAME, "h1").text, path


def test_a_quote_leads_to_its_characters(real_server: RunningServer, driver: Chrome) -> None:
    number = one(real_server, EVENT).rsplit("/", 1)[-1]
    visit(driver, f"{real_server.url}/wiki/{number}")
    quotation = driver.find_element(By.CSS_SELECTOR, "blockquote a")
    words = quotation.text
    visit(driver, str(quotation.get_attribute("href")))
    marked = [
        driver.execute_script("return [...arguments[0].childNodes].map(n => n.textContent).join('')", mark)
        for mark in driver.find_elements(By.TAG_NAME, "mark")
    ]
    assert "".join(marked) == words.replace("\n", "")
    top = driver.execute_script("return document.querySelector('mark').getBoundingClientRect().top")
    assert 0 <= top <= driver.execute_script("return window.innerHeight")


@pytest.mark.parametrize(
    ("query", "drawn"),
    [
        (MAP, ".view-map path.leaflet-interactive"),
        (TIMELINE, ".view-timeline .vis-item"),
        (GRAPH, ".view-graph canvas"),
        (CHART, ".view-chart .bar"),
    ],
    ids=["map", "timeline", "graph", "chart"],
)
def test_a_query_opens_in_its_default_view(real_server: RunningServer, driver: Chrome, query: str, drawn: str) -> None:
    found = visit(driver, f"{real_server.url}/query#query={quote(query)}")
    assert not found.said
    WebDriverWait(driver, 20).until(lambda _: driver.find_elements(By.CSS_SELECTOR, drawn))
    then = seen(driver)
    assert found.hosts | then.hosts == {urlsplit(real_server.url).netloc}
    assert not found.failed + then.failed
    assert not then.said


def test_pages_are_usable_from_the_keyboard(real_server: RunningServer, driver: Chrome) -> None:
    visit(driver, real_server.url + "/")
    driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    skip = driver.switch_to.active_element
    assert skip.get_attribute("href") == f"{real_server.url}/#content"
    skip.send_keys(Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "content"
