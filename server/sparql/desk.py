"""The bytes of a request -> the bytes of its answer, for the commonest requests: what a clerk says without the server.

It answers whole, plain GET requests of the endpoint whose answers are short. All others it leaves, and those where
anything goes wrong too: the server meets them again and tells what is to be told.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache

import httptools

from server.engine.base import Said
from server.engine.clerk import Reply
from server.engine.frames import WHOLE, About
from server.engine.query import Asked, WorkerSettings
from server.engine.runner import Runner
from server.errors import Problem
from server.sparql.cache import AnswerCache, Kept
from server.sparql.heads import FORWARDED, HIT, Pairs, answer_headers, digest_of, etag_of, read_request, timing
from server.sparql.protocol import PATHS, Request, asked

_LINE = re.compile(rb"GET (/[!-\"$->@-~]*)\?([!-\"$-~]+) HTTP/1\.1\r\n")
"""A request line whose URL is of printable characters, with a query and no fragment."""
_END = b"\r\n\r\n"
_NEVER_PLAIN = frozenset({b"if-none-match", b"expect", b"upgrade", b"content-length", b"transfer-encoding"})
_PATHS = {path.encode(): path for path in PATHS}


class LongAnswerError(Exception):
    """The answer is longer than a clerk sends."""


class Desk:
    """Answers from the stores, and from what was answered before."""

    def __init__(self, runner: Runner, settings: WorkerSettings) -> None:
        self._runner = runner
        self._settings = settings
        self._cache = AnswerCache(settings.kept_bytes)
        self._answered: tuple[About, bytes]
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
            return Reply(self._written((*kept.headers, HIT), kept.body), said)
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
            self._runner.run(query, self._receive)
        except (Problem, LongAnswerError):
            return None
        about, body = self._answered
        version = self._settings.version
        etag, digest = etag_of(query, version), digest_of(query.text)
        headers = answer_headers(about, etag)
        if not about.volatile:
            self._cache.put(request, version, Kept(headers, body, etag, about.rows, digest), len(request))
        text = query.text if self._settings.log_queries else ""
        data = self._written((*headers, timing(0.0, time.monotonic() - started)), body)
        return Reply(data, Said(path, "answered", len(body), about.rows, digest, text))

    def _receive(self, kind: bytes, about: About | None, data: bytes) -> None:
        if kind != WHOLE or about is None:
            raise LongAnswerError
        self._answered = about, data

    def _written(self, headers: Pairs, body: bytes) -> bytes:
        parts = [b"HTTP/1.1 200 OK\r\ndate: ", self._now(), b"\r\n"]
        for name, value in headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (b"content-length: %d\r\n\r\n" % len(body), body)
        return b"".join(parts)

    def _now(self) -> bytes:
        now = int(time.time())
        if now != self._second:
            self._second, self._date = now, formatdate(now, usegmt=True).encode()
        return self._date


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
