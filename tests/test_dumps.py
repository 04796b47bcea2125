"""The dumps as they are served: their list, HEAD, ranges, checksums."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import httpx

from graph import export
from tests.serving import RunningServer


def test_the_list_has_every_file_with_its_checksum(real_server: RunningServer, published: Path) -> None:
    page = httpx.get(f"{real_server.url}/dumps/", timeout=60).text
    for name, _ in export.FORMATS.values():
        assert f'href="/dumps/{name}"' in page
        assert export.checksum(published / "current" / "dumps" / name) in page


def test_a_file_comes_whole_in_parts_and_as_its_head_alone(real_server: RunningServer, published: Path) -> None:
    name = "wikibase.nt.gz"
    content = (published / "current" / "dumps" / name).read_bytes()
    url = f"{real_server.url}/dumps/{name}"
    with httpx.Client(timeout=60) as client:
        whole = client.get(url)
        assert whole.content == content
        assert whole.headers["content-type"] == "application/gzip"
        assert "content-encoding" not in whole.headers
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert whole.headers["repr-digest"] == f"sha-256=:{digest}:"
        head = client.head(url)
        assert (head.content, head.headers["content-length"]) == (b"", str(len(content)))
        part = client.get(url, headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, content[10:20])
        assert part.headers["content-range"] == f"bytes 10-19/{len(content)}"
        last = client.get(url, headers={"Range": "bytes=-5", "If-Range": whole.headers["etag"]})
        assert last.content == content[-5:]
        assert client.get(url, headers={"Range": f"bytes={len(content)}-"}).status_code == 416
        assert client.get(url, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304


def test_only_dumps_are_served(real_server: RunningServer) -> None:
    for name in ("publication.json", "..%2Fpublication.json", "zhanshi.xml"):
        answer = httpx.get(f"{real_server.url}/dumps/{name}")
        assert answer.status_code == 404
        assert answer.headers["access-control-allow-origin"] == "*"
    sums = httpx.get(f"{real_server.url}/dumps/SHA256SUMS")
    assert sums.headers["content-type"].startswith("text/plain")
