"""The bytes of a request -> the bytes of its answer, for the commonest requests: what a clerk says without the server.

It answers whole, plain GET requests of the endpoint whose answers are short. All others it leaves, and those where
anything goes wrong too: the server meets them again and tells what is to be told.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import cache, lru_cache
from typing import NamedTuple

import httptools

from server.engine.base import Said
from server.engine.clerk import Reply
from server.engine.output import LongAnswerError, ShortOutput
from server.engine.query import Asked, WorkerSettings
from server.engine.runner import Runner
from server.errors import Problem
from server.sparql.cache import AnswerCache
from server.sparql.heads import FORWARDED, HIT, digest_of, etag_of, fixed_headers, line, read_request, tag, timing
from server.sparql.protocol import PATHS, Request, asked

_LINE = re.compile(rb"GET (/[!-\"$->@-~]*)\?([!-\"$-~]+) HTTP/1\.1\r\n")
"""A request line whose URL is of printable characters, with a query and no fragment."""
_END = b"\r\n\r\n"
_NEVER_PLAIN = frozenset({b"if-none-match", b"expect", b"upgrade", b"content-length", b"transfer-encoding"})
_PATHS = {path.encode(): path for path in PATHS}


_HIT_LINE = line(HIT)


class _Kept(NamedTuple):
    """An answer that was given: the lines of its head that are always the same, its body, what the log says of it."""

    head: bytes
    body: bytes
    rows: int | None
    digest: str


class Desk:
    """Answers from the stores, and from what was answered before."""

    def __init__(self, runner: Runner, settings: WorkerSettings) -> None:
        self._runner = runner
        self._settings = settings
        self._cache: AnswerCache[_Kept] = AnswerCache(settings.kept_bytes)
        self._second, self._date = 0, b""

    def reply(self, request: bytes) -> Reply | None:
        """The answer to one whole request; None where the server must answer."""
        line = _LINE.match(request)
        if line is None or request.find(_END) != len(request) - len(_END):
            return None
        path = _PATHS.get(line[1])
        plain = _plain_head(request[line.end() :])
        if path is None or plain is None:
            return None
        kept = self._cache.get(request, self._settings.version)
        if kept is not None:
            said = Said(path, "cached", len(kept.body), kept.rows, kept.digest, "")
            return Reply(self._written(kept.head, _HIT_LINE, kept.body), said)
        query = self._query(Request("GET", line[2], plain.content_type, b"", plain.accept, plain.gzip, plain.languages))
        return None if query is None else self._answer(request, path, query)

    def _query(self, request: Request) -> Asked | None:
        try:
            query = asked(request, query_bytes=self._settings.query_bytes)
        except Problem:
            return None
        if query is None or (self._settings.services and "service" in query.text.lower()):
            return None
        return query

    def _answer(self, request: bytes, path: str, query: Asked) -> Reply | None:
        started = time.monotonic()
        try:
            answer = self._runner.run(query, ShortOutput)
        except (Problem, LongAnswerError):
            return None
        about, body = answer.about, answer.body
        settings = self._settings
        digest = digest_of(query.text) if settings.access_log else ""
        head = _fixed_lines(about.format, about.gzip, about.volatile)
        if not about.volatile:
            head += line(tag(etag_of(query, settings.version)))
            self._cache.put(request, settings.version, _Kept(head, body, about.rows, digest), len(request))
        text = query.text if settings.log_queries else ""
        data = self._written(head, line(timing(0.0, time.monotonic() - started)), body)
        return Reply(data, Said(path, "answered", len(body), about.rows, digest, text))

    def _written(self, head: bytes, more: bytes, body: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\ndate: %b\r\n%b%bcontent-length: %d\r\n\r\n%b" % (
            self._now(), head, more, len(body), body,
        )  # fmt: skip

    def _now(self) -> bytes:
        now = int(time.time())
        if now != self._second:
            self._second, self._date = now, formatdate(now, usegmt=True).encode()
        return self._date


@cache
def _fixed_lines(name: str, gzip: bool, volatile: bool) -> bytes:
    return b"".join(map(line, fixed_headers(name, gzip=gzip, volatile=volatile)))


class _Headers:
    """Takes what the parser finds."""

    def __init__(self) -> None:
        self.found: list[tuple[bytes, bytes]] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.found.append((name.lower(), value))


@lru_cache(maxsize=256)
def _plain_head(headers: bytes) -> Request | None:
    """What the protocol looks at in these headers; None where they ask for more than a plain answer."""
    found = _Headers()
    parser = httptools.HttpRequestParser(found)
    try:
        parser.feed_data(b"GET / HTTP/1.1\r\n" + headers)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    if not parser.should_keep_alive() or not _are_plain(name for name, _ in found.found):
        return None
    return read_request("GET", b"", found.found)[0]


def _are_plain(names: Iterable[bytes]) -> bool:
    return all(name not in _NEVER_PLAIN and not name.startswith(FORWARDED) for name in names)
