"""The files of the published graph: their list with checksums, and each file whole or in ranges."""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import NotFound
from server.pages.respond import respond
from server.publication import Publication
from server.versions import once_a_version
from server.wikibase.negotiation import etag, is_known, unchanged

SUMS = "SHA256SUMS"
MEDIA_TYPES = {
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
}
"""What `mimetypes` does not know everywhere."""


@dataclass(frozen=True)
class Dump:
    """A file: its name, its bytes, its SHA-256 (nothing where none was published)."""

    name: str
    size: int
    sha256: str


def routes(context: Context) -> list[BaseRoute]:
    """`/dumps/` and `/dumps/NAME`; HEAD and ranges work as for any file."""

    def index(request: Request) -> Response:
        return respond(context, request, "dumps.html", dumps=listed(context.publication))

    def dump(request: Request) -> Response:
        publication = context.publication
        path = _path(publication, request.path_params["name"])
        tag = etag(publication.version, path.name)
        headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
        if "range" not in request.headers and is_known(request, tag):
            return unchanged(headers)
        sums = {each.name: each.sha256 for each in listed(publication)}
        if sums.get(path.name):
            headers["Repr-Digest"] = f"sha-256=:{_base64(sums[path.name])}:"
        return FileResponse(path, media_type=media_type(path.name), headers=headers)

    return [Route("/dumps", index), Route("/dumps/", index), Route("/dumps/{name}", dump)]


@once_a_version
def listed(publication: Publication) -> tuple[Dump, ...]:
    """The files of a publication, by name."""
    sums = publication.directory / "dumps" / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return tuple(Dump(path.name, path.stat().st_size, known.get(path.name, "")) for path in publication.dumps)


def media_type(name: str) -> str:
    """The media type of a file; of one that is compressed that of gzip, since it is kept and sent compressed.

    >>> media_type("zhanshi.nq"), media_type("zhanshi.nq.gz"), media_type("SHA256SUMS")
    ('application/n-quads', 'application/gzip', 'text/plain; charset=utf-8')
    """
    path = Path(name)
    if path.suffix == ".gz":
        return "application/gzip"
    found = MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def _path(publication: Publication, name: str) -> Path:
    for path in publication.dumps:
        if path.name == name:
            return path
    raise NotFound(f"There is no file {name} in this publication; /dumps/ lists those there are.")


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()
