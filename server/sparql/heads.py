"""The head of a request -> what the protocol looks at; an answer -> its head."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b

from server.cors import CORS_HEADERS
from server.engine.base import Head
from server.engine.query import Asked
from server.formats import FORMATS
from server.sparql.protocol import Request

Pairs = tuple[tuple[bytes, bytes], ...]
KEPT = (b"cache-control", b"public, no-cache")
VARY = (b"vary", b"Accept, Accept-Encoding, Accept-Language")
HIT = (b"server-timing", b"cache;desc=hit")
FORWARDED = b"x-forwarded-"
"""Headers that begin so tell of another client than the connection does: uvicorn's middleware reads them."""


def read_request(method: str, query_string: bytes, headers: Iterable[tuple[bytes, bytes]]) -> tuple[Request, str]:
    """What the protocol looks at in a request without its body, and its If-None-Match header."""
    request = Request(method, query_string)
    none_match = ""
    for name, value in headers:
        if name == b"accept":
            request.accept = (
                f"{request.accept},{value.decode('latin-1')}" if request.accept else value.decode("latin-1")
            )
        elif name == b"accept-encoding":
            request.gzip = b"gzip" in value
        elif name == b"accept-language":
            request.languages = value.decode("latin-1")
        elif name == b"content-type":
            request.content_type = value.decode("latin-1")
        elif name == b"if-none-match":
            none_match = value.decode("latin-1")
    return request, none_match


def etag_of(query: Asked, version: str) -> str:
    """The tag that an answer of that version has for all who ask the same in the same way."""
    whole = (
        f"{version}\0{query.text}\0{query.default}\0{query.named}\0{query.results}\0{query.graph}\0{query.gzip}\0"
        f"{query.languages}"
    )
    return f'"{blake2b(whole.encode(), digest_size=16).hexdigest()}"'


def digest_of(text: str) -> str:
    """What the log calls a query by."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def cacheable(etag: str) -> Pairs:
    """The headers of what may be kept as long as its tag is the same."""
    return (tag(etag), KEPT, VARY, *CORS_HEADERS)


def answer_headers(head: Head, etag: str) -> Pairs:
    """The headers of an answer, but for its timing."""
    fixed = fixed_headers(head.format, gzip=head.gzip, volatile=head.volatile)
    return fixed if head.volatile else (*fixed, tag(etag))


@cache
def fixed_headers(name: str, *, gzip: bool, volatile: bool) -> Pairs:
    """Those headers that all answers in the format of that name have, but for the tag of those that may be kept."""
    encoding: Pairs = ((b"content-encoding", b"gzip"),) if gzip else ()
    kept = (b"cache-control", b"no-store") if volatile else KEPT
    return ((b"content-type", FORMATS[name].content_type.encode()), *encoding, kept, VARY, *CORS_HEADERS)


def tag(etag: str) -> tuple[bytes, bytes]:
    """The header that tells an answer's tag."""
    return b"etag", etag.encode()


def line(header: tuple[bytes, bytes]) -> bytes:
    """The header as it is sent."""
    return b"%b: %b\r\n" % header


def timing(queued: float, engine: float) -> tuple[bytes, bytes]:
    """The header that tells the seconds of waiting and of answering, in milliseconds."""
    return b"server-timing", b"queue;dur=%.2f, engine;dur=%.2f" % (queued * 1000, engine * 1000)
