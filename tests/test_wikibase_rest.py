"""The REST API answers as Wikibase's does."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.serving import RunningServer


@pytest.fixture(scope="module")
def root(real_server: RunningServer) -> str:
    return f"{real_server.url}/w/rest.php/wikibase/v1"


def test_an_item_and_its_parts(root: str) -> None:
    item = httpx.get(f"{root}/entities/items/Q4005").raise_for_status().json()
    assert (item["id"], item["type"], item["labels"]["zh-hans"], item["sitelinks"]) == ("Q4005", "item", "薛岳", {})
    statement = item["statements"]["P31"][0]
    assert statement["property"] == {"id": "P31", "data_type": "wikibase-item"}
    assert statement["value"] == {"type": "value", "content": "Q140"}
    assert statement["references"][0]["parts"]

    def part(path: str) -> Any:
        return httpx.get(f"{root}/entities/items/Q4005/{path}").raise_for_status().json()

    assert part("labels") == item["labels"]
    assert part("aliases") == item["aliases"]
    assert part("statements?property=P31") == {"P31": [statement]}
    assert part(f"statements/{statement['id']}") == statement
    assert httpx.get(f"{root}/statements/{statement['id']}").json() == statement
    assert part("labels/zh") == "薛岳"
    assert part("labels_with_language_fallback/de") == "Xue Yue"
    assert part("descriptions/en") == item["descriptions"]["en"]
    fields = httpx.get(f"{root}/entities/items/Q4005?_fields=labels,type").json()
    assert fields.keys() == {"id", "type", "labels"}


def test_values_have_the_shapes_of_the_rest_api(root: str, real_server: RunningServer) -> None:
    row = real_server.rows("SELECT ?x WHERE { ?x wdt:P585 [] ; p:P31/prov:wasDerivedFrom/pr:P1683 [] } LIMIT 1")[0]
    number = row["x"].rsplit("/", 1)[-1]
    statements = httpx.get(f"{root}/entities/items/{number}/statements").json()
    assert statements["P585"][0]["value"]["content"].keys() == {"time", "precision", "calendarmodel"}
    parts = {p["property"]["id"]: p["value"]["content"] for p in statements["P31"][0]["references"][0]["parts"]}
    assert parts["P1683"].keys() == {"text", "language"}
    quantity = real_server.rows("SELECT ?x WHERE { ?x wdt:P1114 [] } LIMIT 1")[0]["x"].rsplit("/", 1)[-1]
    amount = httpx.get(f"{root}/entities/items/{quantity}/statements?property=P1114").json()["P1114"][0]
    assert {"amount", "unit"} <= amount["value"]["content"].keys()


def test_a_property(root: str) -> None:
    prop = httpx.get(f"{root}/entities/properties/P585").raise_for_status().json()
    assert (prop["type"], prop["data_type"], prop["labels"]["en"]) == ("property", "time", "point in time")
    assert httpx.get(f"{root}/property-data-types").json()["quantity"] == "quantity"


def test_answers_are_tagged_and_dated(root: str) -> None:
    first = httpx.get(f"{root}/entities/items/Q4005")
    assert first.headers["last-modified"].endswith("GMT")
    again = httpx.get(str(first.url), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_search(root: str) -> None:
    found = httpx.get(f"{root}/search/items", params={"q": "第七十四軍", "language": "en"}).json()["results"][0]
    assert found["id"] == "Q2039"
    assert found["display-label"] == {"language": "en", "value": "Chinese 74th Corps"}
    assert found["match"] == {"type": "label", "language": "zh-hans", "text": "第74军"}
    props = httpx.get(f"{root}/suggest/properties", params={"q": "point", "language": "en", "limit": 1}).json()
    assert [each["id"] for each in props["results"]] == ["P585"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("entities/items/Q999999999", 404, "resource-not-found"),
        ("entities/items/P31", 400, "invalid-path-parameter"),
        ("entities/properties/Q1", 400, "invalid-path-parameter"),
        ("entities/lexemes/L1", 404, "rest-no-match"),
        ("entities/items/Q4005/labels/fr", 404, "resource-not-found"),
        ("entities/items/Q4005/labels/!", 400, "invalid-path-parameter"),
        ("entities/items/Q4005/lemmas", 404, "rest-no-match"),
        ("entities/items/Q4005/sitelinks/enwiki", 404, "resource-not-found"),
        ("entities/items/Q4005/statements?property=x", 400, "invalid-query-parameter"),
        ("entities/items/Q4005?_fields=x", 400, "invalid-query-parameter"),
        ("entities/items/Q4005/statements/Q1$00000000-0000-0000-0000-000000000000", 404, "resource-not-found"),
        ("statements/Q4005$00000000-0000-0000-0000-000000000000", 404, "resource-not-found"),
        ("statements/x", 400, "invalid-path-parameter"),
        ("search/items?q=x", 400, "missing-query-parameter"),
        ("search/items?q=x&language=en&limit=0", 400, "invalid-query-parameter"),
        ("nothing", 404, "rest-no-match"),
    ],
)
def test_errors(root: str, path: str, status: int, code: str) -> None:
    answer = httpx.get(f"{root}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_is_refused_with_the_reason(root: str, method: str) -> None:
    answer = httpx.request(method, f"{root}/entities/items/Q4005/labels", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission-denied")
    assert "read-only" in answer.json()["message"]
