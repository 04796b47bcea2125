"""Which form of a thing a request wants, and answers that need not be sent again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.formats import GRAPHS, GRAPHS_ENGINE, Format, choose, quality
from server.prefixes import used_prefixes

HTML, PLAIN = "text/html", "text/plain"
DATA: dict[str, Format] = {
    "json": Format("json", "application/json", charset=True),
    "turtle": GRAPHS["turtle"],
    "jsonld": Format("jsonld", "application/ld+json"),
    "ntriples": Format("ntriples", "application/n-triples"),
    "rdfxml": GRAPHS["rdfxml"],
}
"""The forms of an entity's data, the one for those who ask for nothing first."""
RDF: dict[str, Format] = {
    "turtle": DATA["turtle"],
    "jsonld": GRAPHS["jsonld"],
    "ntriples": DATA["ntriples"],
    "rdfxml": DATA["rdfxml"],
}
"""The forms of what is no entity; plain JSON is JSON-LD there."""
SUFFIXES = {"json": "json", "ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml", "jsonld": "jsonld"}
"""The endings of data documents."""


def accept(request: Request) -> str:
    """The Accept header of the request, all its lines."""
    return ",".join(request.headers.getlist("accept"))


def wants_page(request: Request) -> bool:
    """Whether the request would rather have a page for people than data."""
    wanted = accept(request)
    if not wanted.strip():
        return False
    page = max(quality(wanted, HTML), quality(wanted, "application/xhtml+xml"))
    named = HTML in wanted.lower() or "application/xhtml+xml" in wanted.lower()
    data = max(quality(wanted, kind) for form in DATA.values() for kind in form.media_types)
    return page > data or (named and page == data and page > 0)


def wants_text(request: Request) -> bool:
    """Whether the request would rather have bare characters than RDF."""
    wanted = accept(request)
    return PLAIN in wanted.lower() and quality(wanted, PLAIN) >= max(
        quality(wanted, f.media_type) for f in RDF.values()
    )


def form_of(request: Request, offered: dict[str, Format]) -> str | None:
    """The name of the offered form that the request wants most, or None."""
    return choose(accept(request), offered)


def see_other(request: Request, path: str) -> Response:
    """The redirection to another document about what was asked for, by its path on this server."""
    location = f"{request.scope.get('root_path', '')}/{path}"
    headers = {"Vary": "Accept", "Cache-Control": "public, max-age=0, must-revalidate"}
    return RedirectResponse(location, status_code=303, headers=headers)


def etag(*parts: str) -> str:
    """The tag of a version of an answer.

    >>> etag("v1", "Q1") == etag("v1", "Q1"), etag("v1", "Q1") == etag("v1Q1")
    (True, False)
    """
    return f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the client says that it has this version of the answer."""
    given = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    return tag in given or "*" in given


def http_date(moment: str) -> str:
    """A moment of ISO 8601 in UTC as HTTP writes it.

    >>> http_date("2026-01-01T00:00:00Z")
    'Thu, 01 Jan 2026 00:00:00 GMT'
    """
    return format_datetime(datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(UTC), usegmt=True)


def unchanged(headers: dict[str, str]) -> Response:
    """The answer to a client that has it already."""
    return Response(status_code=304, headers=headers)


def rdf(triples: list[ox.Triple], form: str, base: str) -> bytes:
    """Those triples in a form of RDF, with the prefixes they use."""
    used = used_prefixes(base, triples) if form in ("turtle", "rdfxml") else {}
    return ox.serialize(triples, format=GRAPHS_ENGINE[form], prefixes=used) or b""
