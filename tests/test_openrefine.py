"""OpenRefine as a researcher uses it: over its command API and in its own page, with the real graph."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.remote.webelement import WebElement

from tests import openrefine
from tests.browsing import BROWSER, DRIVER, HOST, Hands, browser, seen
from tests.openrefine import ENGINE, OpenRefine
from tests.serving import RunningServer, serving

UNITS = Path(__file__).resolve().parent.parent / "graph" / "authority" / "units.tsv"
FORMATION = "Q139"
COLUMN = [
    ("第四軍", "國軍", "CN/第4军"),
    ("第10军", "中国", "CN/第10军"),
    ("第六師團", "日军", "JP/第6师团"),
    ("第６师团", "", "JP/第6师团"),
    ("第6师", "日军", "JP/第6师团"),
    ("第6師", "國軍", "CN/第6师"),
    ("第20军", "日方", "JP/第20军"),
    ("第二十军", "中国", "CN/第20军"),
    ("日军第11军", "", "JP/第11军"),
    ("第九戰區", "", "CN/第九战区"),
    ("第19集團軍", "", "CN/第19集团军"),
    ("預備第十師", "", "CN/预备第10师"),
    ("预10师", "国军", "CN/预备第10师"),
    ("Chinese 74th Corps", "", "CN/第74军"),
    ("Japanese 13th Division", "", "JP/第13师团"),
    ("独混14旅团", "", "JP/独立混成第14旅团"),
    ("早淵支隊", "", "JP/早渊支队"),
    ("一九〇师", "China", "CN/第190师"),
    ("國軍第三師", "", "CN/第3师"),
    ("暂六师", "中国", "CN/暂编第6师"),
    ("第6师", "", ""),
    ("第20军", "", ""),
    ("第4軍", "日本", ""),
    ("第4711师", "中国", ""),
]
"""Twenty names of units in mixed spellings, with the side where the column has one, and four that must stay open."""
TABLE = "unit\tside\n" + "".join(f"{name}\t{side}\n" for name, side, _ in COLUMN)
EXTENSION = ["P4791", "P749", "^P50010/P361"]
"""Commander, superior, battles."""

if openrefine.executable() is None:
    pytest.skip("OpenRefine is not installed (Debian's package openrefine)", allow_module_level=True)


@pytest.fixture(scope="module")
def server(published: Path) -> Iterator[RunningServer]:
    with serving(published) as running:
        yield running


@pytest.fixture(scope="module")
def refine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRefine]:
    with openrefine.running(tmp_path_factory.mktemp("openrefine")) as running:
        yield running


@pytest.fixture(scope="module")
def service(server: RunningServer, refine: OpenRefine) -> dict[str, Any]:
    """Give the service's manifest as OpenRefine remembers it, its address with it."""
    url = f"{server.url}/reconcile"
    manifest: dict[str, Any] = httpx.get(url, timeout=60).json()
    httpx.get(f"{url}/suggest/entity", params={"prefix": "a"}, timeout=60)
    known = {**manifest, "url": url, "ui": {"handler": "ReconStandardServicePanel", "access": "json"}}
    refine.post("core/set-preference", name="reconciliation.standardServices", value=json.dumps([known]))
    return known


@pytest.fixture(scope="module")
def project(refine: OpenRefine, service: dict[str, Any]) -> str:
    """Give a project whose units are reconciled, with their side as evidence."""
    number = refine.create("units", TABLE)
    side = {"column": "side", "property": {"id": "P945", "name": "side"}}
    config = {
        "mode": "standard-service",
        "service": service["url"],
        "identifierSpace": service["identifierSpace"],
        "schemaSpace": service["schemaSpace"],
        "type": {"id": FORMATION, "name": "部队"},
        "autoMatch": True,
        "columnDetails": [side],
    }
    refine.post("core/reconcile", project=number, columnName="unit", engine=ENGINE, config=json.dumps(config))
    refine.wait(number)
    return number


def numbers() -> dict[str, str]:
    """The items' numbers by their canonical names."""
    with UNITS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["id"] for row in csv.DictReader(file, delimiter="\t")}


def expected() -> list[str]:
    """The number of each row's item, nothing where it must stay open."""
    known = numbers()
    return [known[name] if name else "" for _, _, name in COLUMN]


def matched(rows: list[dict[str, Any]]) -> list[str]:
    """The number of the item that each row is matched with."""
    found = []
    for row in rows:
        recon = row["unit"]["recon"] or {}
        found.append(recon["m"]["id"] if recon.get("j") == "matched" else "")
    return found


def test_it_guesses_that_the_column_holds_formations(refine: OpenRefine, service: dict[str, Any], project: str) -> None:
    answer = refine.post("core/guess-types-of-column", project=project, columnName="unit", service=service["url"])
    assert answer["types"][0]["id"] == FORMATION
    assert answer["types"][0]["name"] == "部队"


def test_every_name_finds_its_item_and_none_a_false_one(refine: OpenRefine, project: str) -> None:
    rows = refine.rows(project)
    assert len(rows) == len(COLUMN) == 24
    assert matched(rows) == expected()
    assert [c["name"] for c in rows[-4]["unit"]["recon"]["c"]][:2] == ["第6师", "第6师团"]


def told(server: RunningServer, path: str) -> dict[str, set[str]]:
    """What the endpoint answers to the same question."""
    query = f"SELECT DISTINCT ?unit ?value {{ ?unit a z:Formation . {path} }}"
    answers: dict[str, set[str]] = {}
    for row in server.rows(query):
        answers.setdefault(row["unit"].rpartition("/")[2], set()).add(row["value"].rpartition("/")[2])
    return answers


def test_columns_are_added_as_the_endpoint_has_them(
    server: RunningServer, refine: OpenRefine, service: dict[str, Any], project: str
) -> None:
    extension = json.dumps({"properties": [{"id": path, "name": path} for path in EXTENSION]})
    preview = refine.post(
        "core/preview-extend-data",
        project=project,
        columnName="unit",
        rowIndices=json.dumps(list(range(len(COLUMN)))),
        extension=extension,
    )
    assert [column["name"] for column in preview["columns"]] == ["指挥官", "隶属", "参加的战役"]
    found: list[dict[str, set[str]]] = [{} for _ in EXTENSION]
    units = iter(expected())
    unit = ""
    for first, *cells in preview["rows"]:
        unit = unit if first is None else next(units)
        for column, cell in zip(found, cells, strict=False):
            if cell is not None:
                column.setdefault(unit, set()).add(cell["id"])
    assert next(units, None) is None
    asked = (
        "?unit wdt:P4791 ?value",
        "?unit z:subordinateTo ?value",
        "?event wdt:P50010 ?unit ; wdt:P361 ?value",
    )
    wanted = set(expected()) - {""}
    for column, path in zip(found, asked, strict=True):
        truth = {number: values for number, values in told(server, path).items() if number in wanted}
        assert column == truth
        assert truth


def test_the_wikibase_extension_exports_quickstatements(
    server: RunningServer, refine: OpenRefine, service: dict[str, Any], project: str
) -> None:
    refine.post(
        "core/extend-data",
        project=project,
        baseColumnName="unit",
        endpoint=service["url"],
        identifierSpace=service["identifierSpace"],
        schemaSpace=service["schemaSpace"],
        columnInsertIndex="1",
        engine=ENGINE,
        extension=json.dumps({"properties": [{"id": "P4791", "settings": {"limit": "1"}}]}),
    )
    refine.wait(project)
    manifest = httpx.get(f"{server.url}/openrefine/manifest.json").json()
    schema = json.dumps(_schema(manifest))
    refine.post("wikidata/save-wikibase-schema", project=project, schema=schema)
    preview = refine.post(
        "wikidata/preview-wikibase-schema",
        project=project,
        schema=schema,
        manifest=json.dumps(manifest),
        engine=ENGINE,
    )
    assert preview["edit_count"] > 5
    export = refine.client.post(
        "/command/core/export-rows", data={"project": project, "format": "quickstatements", "engine": ENGINE}
    )
    lines = [line.split("\t") for line in export.text.splitlines() if line]
    commanders = told(server, "?unit wdt:P4791 ?value")
    assert len(lines) == preview["edit_count"]
    assert all(prop == "P4791" and value in commanders[item] for item, prop, value in lines)
    assert {item for item, _, _ in lines} <= set(expected())


def _schema(manifest: dict[str, Any]) -> dict[str, Any]:
    site = manifest["wikibase"]["site_iri"]
    statement = {
        "value": {"type": "wbentityvariable", "columnName": "指挥官"},
        "qualifiers": [],
        "references": [],
        "mode": "add_or_merge",
        "mergingStrategy": {"type": "qualifiers", "valueMatcher": {"type": "strict"}},
    }
    group = {
        "property": {
            "type": "wbpropconstant", "pid": "P4791", "label": "commanded by", "datatype": "wikibase-item",
        },
        "statements": [statement],
    }  # fmt: skip
    edit = {
        "type": "wbitemeditexpr",
        "subject": {"type": "wbentityvariable", "columnName": "unit"},
        "statementGroups": [group],
        "nameDescs": [],
    }
    return {
        "entityEdits": [edit],
        "siteIri": site,
        "mediaWikiApiEndpoint": manifest["mediawiki"]["api"],
        "entityTypeSiteIRI": {kind: each["site_iri"] for kind, each in manifest["entity_types"].items()},
    }


@pytest.mark.skipif(not (BROWSER and DRIVER), reason="Chromium or chromedriver is not installed")
def test_in_its_own_page(server: RunningServer, refine: OpenRefine, service: dict[str, Any], tmp_path: Path) -> None:
    # OpenRefine calls Wikidata's service where it knows no other; this one, in another language, keeps it at home.
    other = {**service, "url": f"{service['url']}/en", "name": "English"}
    refine.post("core/set-preference", name="reconciliation.standardServices", value=json.dumps([other]))
    number = refine.create("page", TABLE)
    with browser(tmp_path) as driver:
        driver.get(f"{refine.url}/project?project={number}")
        hands = Hands(driver)
        hands.wait(".data-table .data-table-cell-content")
        _add_the_service(hands, service["url"])
        _start_reconciling(hands)
        refine.wait(number)
        assert matched(refine.rows(number)) == expected()
        _see_the_preview(hands, server)
        _see_the_columns(hands)
        _add_the_wikibase(hands, server)
        assert [said for said in seen(driver).said if server.url in said] == []


def _add_the_service(hands: Hands, url: str) -> None:
    hands.run("new ReconDialog(theProject.columnModel.columns[0])")
    hands.click("button[bind=addStandardServiceButton]")
    hands.type("input[bind=input]", url)
    hands.click("button[bind=addButton]")
    hands.wait(f"input[name=type-choice][value={FORMATION}]")
    assert hands.run("return ReconciliationManager.standardServices.map(service => service.url)")[-1] == url
    assert hands.run("return ReconciliationManager.standardServices.at(-1).ui.access") == "json"


def _start_reconciling(hands: Hands) -> None:
    """Take the guessed class, and the second column as the side, which the page suggests."""
    assert hands.run("return document.querySelector('input[name=type-choice]:checked').value") == FORMATION
    hands.click("input[name=include][columnName=side]")
    hands.type("input[name=property][columnName=side]", "阵营")
    hands.click(".fbs-list li")
    hands.click("button[bind=reconcileButton]")
    hands.wait(".data-table-recon-action")


def _see_the_preview(hands: Hands, server: RunningServer) -> None:
    link = ".data-table-cell-content a[href^='" + server.url + "/wiki/Q']"
    popup = ".data-table-topic-popup iframe"

    def hovered() -> list[WebElement]:
        # The page draws its table anew once reconciling has ended, and with it goes what hangs on it.
        hands.hover("#project-title")
        hands.hover(link)
        return hands.find(popup)

    hands.until("the preview", hovered)
    hands.enter(popup)
    assert "第4军" in hands.text("h1")
    assert "中国" in hands.text("dl")
    hands.leave()


def _see_the_columns(hands: Hands) -> None:
    """The dialog that adds columns: the properties that are proposed, and what they would give."""
    hands.run(
        "const column = theProject.columnModel.columns[0];"
        "new ExtendReconciledDataPreviewDialog(column, 0, DataTableView.sampleVisibleRows(column).rowIndices, () => {})"
    )
    proposed = ".suggested-property-container a"
    hands.wait(proposed)
    names = hands.run(f"return [...document.querySelectorAll('{proposed}')].map(link => link.textContent)")
    assert {"指挥官", "隶属", "参加的战役"} <= set(names)
    hands.run(f"[...document.querySelectorAll('{proposed}')].find(link => link.textContent === '指挥官').click()")
    hands.until("a commander", lambda: "方先觉" in hands.text(".preview-container"))
    hands.click("button[bind=cancelButton]")


def _add_the_wikibase(hands: Hands, server: RunningServer) -> None:
    # The page takes no manifest from an address in numbers; the browser knows where this name leads.
    named = server.url.replace("127.0.0.1", HOST)
    hands.run("WikibaseDialog.launch()")
    hands.click("button[bind=addButton]")
    hands.type("input[bind=manifestURLInput]", f"{named}/openrefine/manifest.json")
    hands.click(".add-wikibase-dialog button[bind=addButton]")
    known = "return Object.values(WikibaseManager.wikibases).map(each => each.mediawiki.root)"
    hands.until("the manifest", lambda: f"{named}/wiki/" in hands.run(known))
