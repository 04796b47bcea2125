"""Whatever is sent to the Wikibase surfaces, the answer is one of theirs, and never a failure of the server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.serving import RunningServer

DIGITS = "9" * 5_000
PATHS = [
    "entity/statement/<x>",
    "entity/statement/Q1 ",
    f"entity/Q{DIGITS}",
    "entity/Q１",
    "wiki/Special:EntityData/Q٣.json",
    f"wiki/Special:EntityData/Q{DIGITS}.json",
    "wiki/Special:EntityData/.json",
    "prop/<>/P31",
    "prop/\0/P31",
    f"passage/004-hengyang-1944/0-{DIGITS}",
    "passage/004-hengyang-1944/٣-٤",
    "passage/<x>/1-2",
    "mention/a b/<>",
    "value/\ud7ff\U0010ffff",
    "text/<x>",
    f"w/rest.php/wikibase/v1/search/items?q=x&language=en&limit={DIGITS}",
    "w/rest.php/wikibase/v1/search/items?q=x&language=en&offset=٣",
    f"w/rest.php/wikibase/v1/entities/items/Q{DIGITS}",
    "w/rest.php/wikibase/v1/entities/items/Q4005/labels/" + "a-" * 2_000 + "a",
]
VALUES: list[Any] = [
    "[" * 100_000,
    '{"type": "string", "value": "\\ud800"}',
    '{"type": "quantity", "value": {"amount": "1e999999999", "unit": "1"}}',
    '{"type": "quantity", "value": {"amount": "NaN", "unit": "1"}}',
    '{"type": "quantity", "value": {"amount": "1", "unit": 7}}',
    '{"type": "quantity", "value": {"amount": [], "unit": "1"}}',
    '{"type": "quantity", "value": {"amount": "1", "unit": "1", "upperBound": "Infinity", "lowerBound": "1"}}',
    '{"type": "globecoordinate", "value": {"latitude": 1e999, "longitude": 0}}',
    '{"type": "globecoordinate", "value": {"latitude": NaN, "longitude": 0}}',
    '{"type": "globecoordinate", "value": {"latitude": "1", "longitude": 0}}',
    '{"type": "time", "value": {"time": "-0490-09-12T00:00:00Z", "precision": 11}}',
    '{"type": "time", "value": {"time": "+1941-10-01T00:00:00Z", "precision": "x"}}',
    '{"type": "time", "value": {"time": null, "precision": 11}}',
    '{"type": "monolingualtext", "value": {"text": 1, "language": 2}}',
    '{"type": "wikibase-entityid", "value": {"id": {}}}',
    '{"type": "wikibase-entityid", "value": []}',
    '{"type": "string", "value": null}',
    '{"type": {}, "value": null}',
    "null",
    "1e999",
]
CALLS = [
    {"action": "query", "pageids": DIGITS},
    {"action": "query", "pageids": "٣"},
    {
        "action": "query",
        "titles": "|".join(["", "Q", "P31:Q1", ":", "Property:", "\0", "Q0"]),
        "prop": "info|revisions",
    },
    {"action": "query", "titles": "Q4005", "prop": "revisions", "rvlimit": "-5"},
    {"action": "query", "list": "search", "srsearch": "*", "sroffset": "999999999"},
    {"action": "wbgetentities", "ids": f"Q{DIGITS}"},
    {"action": "wbgetentities", "ids": "|"},
    {"action": "wbgetentities", "ids": "\x1fQ4005\x1fQ1"},
    {"action": "wbgetentities", "ids": "Q4005", "languages": "-|" + "x-" * 500, "languagefallback": ""},
    {"action": "wbsearchentities", "search": "\ud7ff(.*", "language": "-"},
    {"action": "wbsearchentities", "search": "军", "language": "zh", "limit": "max", "continue": "99999999"},
    {"action": "wbsearchentities", "search": "军" * 5_000, "language": "zh", "continue": "-4"},
    {"action": "wbgetclaims", "claim": "Q4005$" + "-" * 36},
    {"action": "paraminfo", "modules": "|".join(["+", "query+", "main", "*"]), "mainmodule": "x"},
    {"action": "parse", "page": "examples" * 2_000},
    {"formatversion": "3"},
    {"action": "wbgetentities", "ids": "Q4005", "callback": "x", "format": "none"},
]


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
@pytest.mark.parametrize("accept", ["text/html", "text/plain, x/y;q=z, ;;"])
def test_no_path_breaks_the_server(real_server: RunningServer, path: str, accept: str) -> None:
    answer = httpx.get(f"{real_server.url}/{quote(path, safe='/?=&')}", headers={"Accept": accept})
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("form", ["text/plain", "text/html"])
def test_no_value_breaks_the_formatter(real_server: RunningServer, value: str, form: str) -> None:
    fields = {"action": "wbformatvalue", "datavalue": value, "generate": form, "format": "json", "formatversion": "2"}
    answer = httpx.post(f"{real_server.url}/w/api.php", data=fields, timeout=30)
    assert answer.status_code == 200
    assert len(answer.content) < 1_000
    assert "result" in answer.json() or answer.json()["error"]["code"] == "baddatavalue"


@pytest.mark.parametrize("call", CALLS, ids=range(len(CALLS)))
def test_no_call_breaks_the_api(real_server: RunningServer, call: dict[str, str]) -> None:
    for version in ("1", "2"):
        fields = {"format": "json", "formatversion": version, **call}
        answer = httpx.post(f"{real_server.url}/w/api.php", data=fields, timeout=30)
        assert answer.status_code == 200, answer.text
        assert answer.content


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=", b""),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%zz&&&=="),
        ("application/json", json.dumps({"action": "query"}).encode()),
        ("application/x-www-form-urlencoded", b"a=" + b"b" * (2 << 20)),
    ],
)
def test_no_form_breaks_the_api(real_server: RunningServer, kind: str, body: bytes) -> None:
    answer = httpx.post(f"{real_server.url}/w/api.php", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (200, 413), answer.text
