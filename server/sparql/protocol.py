"""SPARQL 1.1 Protocol: a request -> the query that it asks, with its dataset and formats."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from server.engine.query import Asked
from server.errors import BadRequest, LimitReached, Refused
from server.formats import GRAPHS, RESULTS, choose, named
from server.gate import READ_ONLY

PATHS = ("/sparql", "/sparql/", "/bigdata/namespace/wdq/sparql")
"""The endpoint's paths: its own, and where Wikidata's tools look for it."""
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MAX_FIELDS = 1_000


@dataclass
class Request:
    """The parts of an HTTP request that the protocol looks at."""

    method: str
    query_string: bytes
    content_type: str = ""
    body: bytes = b""
    accept: str = ""
    gzip: bool = False
    languages: str = ""

    def key(self) -> tuple[object, ...]:
        """What two requests have in common that get the same bytes as answer."""
        return self.query_string, self.body, self.content_type, self.accept, self.gzip, self.languages


def asked(request: Request, *, query_bytes: int) -> Asked | None:
    """The query that the request asks; None where it asks none at all (GET without parameters).

    Raises BadRequest (with 400 or 415), Refused for updates, LimitReached for a text that is too long.
    """
    fields = _fields(request)
    if fields is None:
        return None
    values = dict(fields)
    text = _text(fields, values)
    size = len(text.encode())
    if size > query_bytes:
        raise LimitReached(
            f"The query has {size} bytes; the limit (query_bytes) is {query_bytes}. Ask in several queries.",
            limit="query_bytes",
            value=query_bytes,
            status=413,
        )
    wanted = values.get("format") or values.get("output") or ""
    results, graph = formats(wanted, request.accept)
    return Asked(
        text=text,
        default=_all(fields, "default-graph-uri") if len(values) > 1 else None,
        named=_all(fields, "named-graph-uri") if len(values) > 1 else None,
        results=results,
        graph=graph,
        languages=request.languages,
        gzip=request.gzip,
    )


@lru_cache(maxsize=512)
def formats(wanted: str, accept: str) -> tuple[str | None, str | None]:
    """The formats for a table and for triples that a `format=` value, or else the Accept header, wants."""
    if wanted:
        results, graph = named(wanted, RESULTS), named(wanted, GRAPHS)
        if results or graph:
            return results, graph
    return choose(accept, RESULTS), choose(accept, GRAPHS)


def parameters(request: Request) -> list[tuple[str, str]]:
    """The parameters of the URL; raises BadRequest."""
    return _decode(request.query_string, "The query string")


def _fields(request: Request) -> list[tuple[str, str]] | None:
    fields = parameters(request)
    if request.method != "POST":
        return fields or None
    kind, charset = _media_type(request.content_type)
    if kind == UPDATE:
        raise Refused(READ_ONLY)
    if kind in (FORM, QUERY) and charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise BadRequest(f"Requests are read as UTF-8, not as {charset}.", status=415)
    if kind == FORM:
        return fields + _decode(request.body, "The form")
    if kind == QUERY:
        return [*_without_query(fields), ("query", _utf8(request.body, "The query"))]
    if not request.body.strip() and any(name == "query" for name, _ in fields):
        return fields
    raise BadRequest(
        f"A POST carries a query as {QUERY}, or as the field `query` of {FORM}; this one is {kind or 'of no type'}.",
        status=415,
    )


def _media_type(content_type: str) -> tuple[str, str]:
    kind, *parameters = (part.strip() for part in content_type.lower().split(";"))
    charset = next((p.partition("=")[2].strip(' "') for p in parameters if p.startswith("charset=")), "")
    return kind, charset


def _without_query(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if any(name == "query" for name, _ in fields):
        raise BadRequest("The query stands both in the URL and in the body; send it once.")
    return fields


def _decode(data: bytes, what: str) -> list[tuple[str, str]]:
    if not data:
        return []
    if data.count(b"&") >= MAX_FIELDS:
        raise BadRequest(f"{what} cannot be read: it has more than {MAX_FIELDS} fields.")
    fields = (field.partition(b"=") for field in data.split(b"&") if field)
    try:
        return [(_unquoted(name), _unquoted(value)) for name, _, value in fields]
    except UnicodeDecodeError as error:
        _utf8(data, what)
        raise BadRequest(f"{what} holds percent-encoded bytes that are not UTF-8.") from error


def _unquoted(given: bytes) -> str:
    """A name or value as it was before it was encoded; urllib's parse_qsl says the same in many times the time."""
    spaced = given.replace(b"+", b" ")
    escapes = spaced.count(b"%")
    if escapes and b"\n" not in spaced and b"\r" not in spaced:
        # Quoted-printable is the same with another sign, and is read in C; lengths tell where a sign stands alone.
        read = binascii.a2b_qp(spaced.replace(b"=", b"=3D").replace(b"%", b"="))
        if len(spaced) - len(read) == 2 * escapes:
            return read.decode()
    return unquote_to_bytes(spaced).decode()


def _utf8(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{what} is not UTF-8: byte {error.start + 1} cannot be decoded.") from error


def _text(fields: list[tuple[str, str]], values: Mapping[str, str]) -> str:
    if len(fields) == 1 and "query" in values:
        return values["query"]
    found = [value for name, value in fields if name == "query"]
    if "update" in values:
        raise Refused(READ_ONLY)
    if len(found) != 1:
        raise BadRequest(
            "The parameter `query` is missing."
            if not found
            else f"The parameter `query` is given {len(found)} times; send one."
        )
    return found[0]


def _all(fields: Iterable[tuple[str, str]], name: str) -> tuple[str, ...] | None:
    return tuple(value for key, value in fields if key == name) or None
