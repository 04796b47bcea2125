"""Reconciliation of names with the items of the real graph, by a running server; answers fit the official schemas."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import referencing
import referencing.jsonschema

from tests.serving import BASE, RunningServer, serving

FORMATION, PERSON, PLACE = "Q139", "Q140", "Q142"
CHINA, JAPAN = "Q30", "Q31"
DEFAULT = Path(__file__).resolve().parent.parent.parent / "shared" / "conformance"
SCHEMAS = {"0.1": 8, "0.2": 11, "1.0-draft": 13}
"""The versions with the number of schemas each has."""


@pytest.fixture(scope="module")
def server(published: Path) -> Iterator[RunningServer]:
    with serving(published) as running:
        yield running


def fits(version: str, name: str, document: Any) -> None:
    """Fail where the document does not fit the official schema; skip where there is none, but not where CI runs."""
    folder = Path(os.environ.get("ZHANSHI_CONFORMANCE", DEFAULT), "reconciliation", version, "schemas")
    files = sorted(folder.glob("*.json"))
    if not files and not os.environ.get("CI"):
        pytest.skip(
            f"the schemas are not at {folder}; set ZHANSHI_CONFORMANCE to the folder that holds reconciliation/"
        )
    assert len(files) == SCHEMAS[version]
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in files}
    # OpenAPI's schema says of itself that it is at two addresses; the others name it by the one with a number sign.
    resources = [
        (address, referencing.Resource.from_contents(schema, default_specification=referencing.jsonschema.DRAFT4))
        for file, schema in schemas.items()
        for address in {schema["$id"], schema["$id"].removesuffix("#"), schema["$id"].rpartition("/")[0] + "/" + file}
    ]
    registry: referencing.Registry[Any] = referencing.Registry().with_resources(resources)
    jsonschema.Draft7Validator(schemas[name], registry=registry).validate(document)


def batch(server: RunningServer, *queries: dict[str, Any], path: str = "/reconcile") -> list[list[dict[str, Any]]]:
    asked = {f"q{i}": query for i, query in enumerate(queries)}
    response = httpx.post(f"{server.url}{path}", data={"queries": json.dumps(asked)}, timeout=60).raise_for_status()
    fits("0.2", "reconciliation-result-batch.json", response.json())
    fits("0.1", "reconciliation-result-batch.json", response.json())
    return [response.json()[key]["result"] for key in asked]


def matches(server: RunningServer, *queries: dict[str, Any]) -> list[str]:
    """The names of the matched items, `-` where nothing is one."""
    found = batch(server, *queries)
    return [next((c["name"] for c in result if c["match"]), "-") for result in found]


def unit(name: str, **evidence: str) -> dict[str, Any]:
    return {
        "query": name,
        "type": FORMATION,
        "properties": [{"pid": number, "v": value} for number, value in evidence.items()],
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_manifest_fits_both_old_versions(server: RunningServer, method: str) -> None:
    response = httpx.request(method, f"{server.url}/reconcile", timeout=60)
    manifest = response.json()
    fits("0.2", "manifest.json", manifest)
    fits("0.1", "manifest.json", manifest)
    assert response.headers["access-control-allow-origin"] == "*"
    assert manifest["identifierSpace"] == f"{BASE}entity/"
    assert {"id": FORMATION, "name": "部队"} in manifest["defaultTypes"]


def test_the_draft_has_its_own_manifest(server: RunningServer) -> None:
    manifest = httpx.get(f"{server.url}/reconcile/1.0", headers={"Accept-Language": "en"}, timeout=60).json()
    fits("1.0-draft", "manifest.json", manifest)
    assert {"id": FORMATION, "name": "military formation"} in manifest["defaultTypes"]
    assert manifest["standardizedScore"] is True


def test_mixed_spellings_find_their_item(server: RunningServer) -> None:
    names = ["第六師團", "第６师团", "6師團", "Japanese 6th Division", "日軍第六師團", "日军第6师", "JP 6th"]
    assert matches(server, *map(unit, names)) == ["第6师团"] * 6 + ["-"]
    assert matches(server, unit("预备第十师"), unit("預10師"), unit("第二十集團軍")) == ["预备第10师"] * 2 + [
        "第20集团军"
    ]


def test_a_short_name_is_a_match_only_with_a_side(server: RunningServer) -> None:
    assert matches(server, unit("第6师"), unit("第20军"), unit("第4軍"), unit("6th Division")) == ["-"] * 4
    sided = [
        unit("第6师", P945=CHINA),
        unit("第6师", P945="日军"),
        unit("第4軍", P945="China"),
        unit("第4軍", P945=JAPAN),
    ]
    assert matches(server, *sided) == ["第6师", "第6师团", "第4军", "-"]
    (chinese,), (japanese,) = (
        [c["id"] for c in result if c["match"]]
        for result in batch(server, unit("第20军", P945=CHINA), unit("第20军", P945=JAPAN))
    )
    assert chinese != japanese


def test_without_a_side_both_are_offered_the_likelier_first(server: RunningServer) -> None:
    (result,) = batch(server, unit("第6师"))
    assert [c["name"] for c in result[:2]] == ["第6师", "第6师团"]
    assert all(0 <= c["score"] <= 100 for c in result)
    assert [c["score"] for c in result] == sorted((c["score"] for c in result), reverse=True)
    assert result[0]["type"] == [{"id": FORMATION, "name": "部队"}]


def test_a_commander_tells_formations_apart_and_a_wrong_one_unmakes_a_match(server: RunningServer) -> None:
    commander = "方先觉"
    (with_commander,), (plain,) = batch(server, unit("第10军", P4791=commander)), batch(server, unit("第10军"))
    assert [c["name"] for c in with_commander if c["match"]] == ["第10军"]
    assert not any(c["match"] for c in plain)
    assert matches(server, unit("国军第10军"), unit("国军第10军", P4791="冈村宁次")) == ["第10军", "-"]
    features = {feature["id"]: feature["value"] for feature in with_commander[0]["features"]}
    assert features["name"] == 100
    assert features["P4791"] == 100


def test_numbers_that_repeat_in_every_regiment_need_their_superior(server: RunningServer) -> None:
    assert matches(server, unit("第1连"), unit("第1连", P945=CHINA), unit("第398团第2营")) == ["-", "-", "第398团第2营"]


def test_a_date_is_evidence(server: RunningServer) -> None:
    (battles,) = batch(server, {"query": "长沙会战", "type": "Q143", "properties": [{"pid": "P580", "v": "1941"}]})
    met = [c for c in battles if {"id": "P580", "value": 100} in c["features"]]
    assert met
    assert battles[0] in met


def test_types_and_identifiers(server: RunningServer) -> None:
    place, thing, person = batch(
        server, {"query": "中国", "type": PLACE}, {"query": "中国"}, {"query": "薛岳", "type": [PERSON, PLACE]}
    )
    assert [c["name"] for c in place if c["match"]] == ["中国"]
    assert not any(c["match"] for c in thing)
    (xue,) = (c for c in person if c["match"])
    for query in (xue["id"], xue["id"].lower(), f"{BASE}entity/{xue['id']}"):
        assert batch(server, {"query": query})[0][0] == {**xue, "score": 100, "match": True}


def test_queries_without_a_name_find_by_their_evidence(server: RunningServer) -> None:
    (result,) = batch(server, {"type": FORMATION, "properties": [{"pid": "P4791", "v": "方先觉"}]})
    assert "第10军" in [c["name"] for c in result]


def test_names_come_in_the_language_of_the_path(server: RunningServer) -> None:
    for path, name in (
        ("/reconcile", "第6师团"),
        ("/reconcile/en", "Japanese 6th Division"),
        ("/reconcile/zh-TW", "第6師團"),
    ):
        (result,) = batch(server, unit("第六师团"), path=path)
        assert result[0]["name"] == name
        assert httpx.get(f"{server.url}{path}").json()["suggest"]["entity"]["service_url"].endswith(path)


def test_by_get_by_script_and_one_by_one(server: RunningServer) -> None:
    queries = json.dumps({"q": unit("第六师团")})
    got = httpx.get(f"{server.url}/reconcile", params={"queries": queries})
    script = httpx.get(f"{server.url}/reconcile", params={"queries": queries, "callback": "jQuery1.cb"})
    assert script.headers["content-type"].startswith("application/javascript")
    assert script.text.startswith("/**/jQuery1.cb(")
    assert json.loads(script.text[len("/**/jQuery1.cb(") : -2]) == got.json()
    for query in ("第六师团", json.dumps(unit("第六师团"))):
        single = httpx.post(f"{server.url}/reconcile", data={"query": query}).json()
        assert single["result"][0]["name"] == "第6师团"
    assert httpx.get(f"{server.url}/reconcile", params={"callback": "alert(1)//"}).status_code == 400


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": '{"q": {"query": ""}}'}, 400),
        ({"queries": '{"q": {"query": 5}}'}, 400),
        ({"queries": '{"q": {"query": "a", "properties": [{"pid": "P999999999", "v": 1}]}}'}, 400),
        ({"queries": json.dumps({str(i): {"query": "a"} for i in range(201)})}, 413),
        ({"extend": '{"ids": "Q1", "properties": []}'}, 400),
        ({"extend": '{"ids": [], "properties": [{"id": "P361/"}]}'}, 400),
    ],
)
def test_what_cannot_be_understood_is_said(server: RunningServer, form: dict[str, str], status: int) -> None:
    response = httpx.post(f"{server.url}/reconcile", data=form)
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == "*"
    assert len(response.json()["detail"]) > 20


def test_suggestions_and_flyouts(server: RunningServer) -> None:
    def ask(kind: str, **parameters: str) -> list[dict[str, Any]]:
        response = httpx.get(f"{server.url}/reconcile/suggest/{kind}", params=parameters, timeout=60)
        schema = {"entity": "entities", "property": "properties", "type": "types"}[kind]
        fits("0.2", f"suggest-{schema}-response.json", response.json())
        fits("1.0-draft", f"suggest-{schema}-response.json", response.json())
        assert response.headers["access-control-allow-origin"] == "*"
        found: list[dict[str, Any]] = response.json()["result"]
        return found

    assert "薛岳" in [each["name"] for each in ask("entity", prefix="xue")]
    assert [each["name"] for each in ask("entity", prefix="Q30")][:1] == ["中国"]
    assert (
        ask("entity", prefix="第10", type=FORMATION, cursor="2")[0] == ask("entity", prefix="第10", type=FORMATION)[2]
    )
    assert "P4791" in [each["id"] for each in ask("property", prefix="commanded")]
    assert "^P50010/P361" in [each["id"] for each in ask("property", prefix="参加的战")]
    assert [each["id"] for each in ask("property", prefix="P749/P4791")] == ["P749/P4791"]
    assert FORMATION in [each["id"] for each in ask("type", prefix="部队")]
    assert FORMATION in [each["id"] for each in ask("type", prefix="")]
    assert all(each["id"] in ("Q118", "Q105", "Q100", "Q104") for each in ask("type", prefix="capture")[:1])
    flyout = httpx.get(f"{server.url}/reconcile/flyout/entity", params={"id": CHINA}).json()
    assert flyout["id"] == CHINA
    assert "中国" in flyout["html"]
    assert httpx.get(f"{server.url}/reconcile/flyout/entity", params={"id": "Q999999999"}).status_code == 404
    assert httpx.get(f"{server.url}/reconcile/suggest/nothing").status_code == 404


def test_the_preview_may_stand_in_a_frame(server: RunningServer) -> None:
    (result,) = batch(server, unit("第六师团"))
    manifest = httpx.get(f"{server.url}/reconcile").json()
    page = httpx.get(manifest["preview"]["url"].replace("{{id}}", result[0]["id"]))
    assert page.status_code == 200
    assert "x-frame-options" not in page.headers
    assert "frame-ancestors" not in page.headers.get("content-security-policy", "")
    assert "第6师团" in page.text
    assert "第6師團" in page.text
    assert "日本" in page.text


def extend(server: RunningServer, ids: list[str], *properties: Any) -> dict[str, Any]:
    asked = {"ids": ids, "properties": [each if isinstance(each, dict) else {"id": each} for each in properties]}
    response = httpx.post(f"{server.url}/reconcile", data={"extend": json.dumps(asked)}, timeout=60)
    fits("0.2", "data-extension-response.json", response.json())
    answer: dict[str, Any] = response.raise_for_status().json()
    return answer


def test_extension_has_every_cell(server: RunningServer) -> None:
    ids = [c[0]["id"] for c in batch(server, unit("第10军", P945=CHINA), unit("第六师团"), unit("外园支队"))]
    paths = ["P4791", "P749", "^P50010/P361", "P749/P945", "P585", "P4791|P945", "Len", "Aja"]
    answer = extend(server, [*ids, "Q999999999", "nonsense"], *paths)
    assert [column["id"] for column in answer["meta"]] == paths
    assert all(list(row) == paths for row in answer["rows"].values())
    first = answer["rows"][ids[0]]
    assert "方先觉" in [value["name"] for value in first["P4791"]]
    assert first["^P50010/P361"]
    assert first["Len"] == [{"str": "Chinese 10th Corps"}]
    assert {value["name"] for value in first["P4791|P945"]} > {"中国"}
    assert answer["rows"]["nonsense"] == answer["rows"]["Q999999999"] == {path: [] for path in paths}
    told = {column["id"]: column for column in answer["meta"]}
    assert told["P4791"]["type"] == {"id": PERSON, "name": "人物"}
    assert told["P4791"]["service"] == f"{server.url}/reconcile"
    assert told["^P50010/P361"]["name"] == "参加的战役"


def test_extension_gives_dates_numbers_and_counts(server: RunningServer) -> None:
    (battle,) = batch(server, {"query": "抗日战争", "type": "Q143"})
    number = battle[0]["id"]
    answer = extend(
        server, [number], "P580", {"id": "^P361", "settings": {"count": "on"}}, {"id": "Azh", "settings": {"limit": 2}}
    )
    row = answer["rows"][number]
    assert row["P580"] == [{"date": "1937-07-07T00:00:00Z"}]
    assert row["^P361"][0]["int"] > 5
    assert len(row["Azh"]) == 2


def test_properties_are_proposed_for_a_class(server: RunningServer) -> None:
    for path in ("/reconcile/properties", "/reconcile/1.0/extend/propose"):
        answer = httpx.get(f"{server.url}{path}", params={"type": FORMATION, "limit": "60"}, timeout=60).json()
        fits("0.2", "data-extension-property-proposal.json", answer)
        fits("1.0-draft", "data-extension-property-proposal.json", answer)
        ids = [each["id"] for each in answer["properties"]]
        assert {"P945", "P4791", "P749", "^P50010/P361"} <= set(ids)
        assert "P50010" not in ids
    everything = httpx.get(f"{server.url}/reconcile/properties", params={"type": ""}).json()["properties"]
    assert len(everything) > 30


def match10(server: RunningServer, *queries: dict[str, Any]) -> list[list[dict[str, Any]]]:
    body = {"queries": list(queries)}
    fits("1.0-draft", "reconciliation-query-batch.json", body)
    response = httpx.post(f"{server.url}/reconcile/1.0/match", json=body, timeout=60).raise_for_status()
    fits("1.0-draft", "reconciliation-result-batch.json", response.json())
    return [result["candidates"] for result in response.json()["results"]]


def test_the_draft_matches_in_order(server: RunningServer) -> None:
    name = {"matchType": "name", "propertyValue": "第6师"}
    side = {
        "matchType": "property",
        "propertyId": "P945",
        "propertyValue": {"id": JAPAN, "name": "x"},
        "required": True,
    }
    none = {**side, "matchQuantifier": "none"}
    plain, japanese, other, by_id = match10(
        server,
        {"type": FORMATION, "conditions": [name]},
        {"type": FORMATION, "conditions": [name, side], "lang": "en"},
        {"type": FORMATION, "conditions": [name, none], "limit": 2},
        {"conditions": [{"matchType": "id", "propertyValue": CHINA}]},
    )
    assert not any(c["match"] for c in plain)
    assert [c["name"] for c in japanese if c["match"]] == ["Japanese 6th Division"]
    assert all("Japanese" in c["name"] for c in japanese)
    assert len(other) == 2
    assert not any("师团" in c["name"] for c in other)
    assert [(c["id"], c["match"]) for c in by_id] == [(CHINA, True)]


def test_the_draft_extends_with_rows_in_order(server: RunningServer) -> None:
    body = {"ids": [CHINA, "Q999999999"], "properties": [{"id": "P31"}, {"id": "P585"}]}
    response = httpx.post(f"{server.url}/reconcile/1.0/extend", json=body)
    fits("1.0-draft", "data-extension-response.json", response.json())
    first, second = response.json()["rows"]
    assert first["properties"][0]["values"] == [{"id": "Q144", "name": "阵营"}]
    assert [cell["values"] for cell in (first["properties"][1], *second["properties"])] == [[], [], []]


def test_the_draft_refuses_what_it_cannot_answer(server: RunningServer) -> None:
    for body, status in (
        (b"{", 400),
        (b"[]", 400),
        (b'{"queries": [{"conditions": []}]}', 400),
        (b'{"queries": [{"conditions": [{"matchType": "colour", "propertyValue": "red"}]}]}', 400),
        (json.dumps({"queries": [{"conditions": []}] * 201}).encode(), 413),
    ):
        assert httpx.post(f"{server.url}/reconcile/1.0/match", content=body).status_code == status


def test_any_site_may_ask(server: RunningServer) -> None:
    for path in ("/reconcile", "/reconcile/suggest/entity", "/reconcile/1.0/match", "/openrefine/manifest.json"):
        response = httpx.options(
            f"{server.url}{path}", headers={"Origin": "http://x.org", "Access-Control-Request-Method": "POST"}
        )
        assert response.status_code == 204
        assert response.headers["access-control-allow-origin"] == "*"


def test_the_manifest_for_openrefines_wikibase_extension(server: RunningServer) -> None:
    manifest = httpx.get(f"{server.url}/openrefine/manifest.json").json()
    assert manifest["version"] == "2.0"
    service = httpx.get(manifest["entity_types"]["item"]["reconciliation_endpoint"].replace("${lang}", "en")).json()
    assert service["identifierSpace"] == manifest["wikibase"]["site_iri"] == f"{BASE}entity/"
    assert manifest["mediawiki"]["api"] == f"{server.url}/w/api.php"
