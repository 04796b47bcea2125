"""A request -> the answer of a query, sent with its headers: cached, compressed, streamed, cut off where it breaks."""

from __future__ import annotations

import abc
import asyncio
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send

from server.asgi import ClientWatch, client_address, preflight, read_body
from server.context import Context, Served
from server.cors import CORS_HEADERS
from server.engine.base import Answer, Beginning, Report
from server.engine.limits import too_long
from server.engine.query import Asked
from server.errors import PROBLEM_TYPE, AnswerCutError, Problem
from server.http import abort
from server.sparql.cache import AnswerCache, Kept
from server.sparql.heads import HIT, VARY, Pairs, answer_headers, cacheable, digest_of, etag_of, read_request, timing
from server.sparql.protocol import Request

BEGUN = "zhanshi.begun"
"""The scope's extension that hands over a query which has been asked already."""
URL_ENCODED_GROWTH = 3
UNREAD_GRACE = 0.25
"""Seconds after the engine's own deadline at which an answer is cut off that its client does not read."""


@dataclass(frozen=True)
class Document:
    """An answer that needs no query."""

    body: bytes
    content_type: str


@dataclass
class Exchange:
    """One request on its way: what came in, and what the log will say."""

    scope: Scope
    receive: Receive
    send: Send
    request: Request
    none_match: str
    started: float = field(default_factory=time.monotonic)
    digest: str = ""
    text: str = ""
    rows: int | None = None
    outcome: str = "answered"
    status: int = 200
    sent: int = 0

    @property
    def key(self) -> Hashable:
        """What another request has in common with this one, to get the same answer."""
        return (self.scope["path"], *self.request.key())

    def asks(self, query: Asked) -> None:
        """Note the query that is run."""
        self.text = query.text
        self.digest = digest_of(query.text)

    def has(self, kept: Kept) -> None:
        """Note that the answer was kept."""
        self.outcome, self.rows, self.digest = "cached", kept.rows, kept.digest


@dataclass(frozen=True)
class Begun:
    """A query that has been asked already, of what was served then."""

    beginning: Beginning
    served: Served
    started: float


class Answering(abc.ABC):
    """A plain ASGI application, because a framework's machinery costs more than a small query."""

    surface = "sparql"
    methods: tuple[str, ...] = ("GET", "HEAD", "POST")

    def __init__(self, context: Context) -> None:
        self.context = context
        self.settings = context.settings
        self.cache: AnswerCache[Kept] = AnswerCache(context.settings.kept_bytes)

    @abc.abstractmethod
    def question(self, exchange: Exchange, served: Served) -> Asked | Document:
        """The query that the request asks, or a document that answers it without one; raises Problem."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and log it."""
        if scope["method"] == "OPTIONS":
            await preflight(scope, receive, send)
            return
        exchange = Exchange(
            scope, receive, send, *read_request(scope["method"], scope["query_string"], scope["headers"])
        )
        begun: Begun | None = scope.get("extensions", {}).pop(BEGUN, None)
        if begun is not None:
            exchange.started = begun.started
        try:
            await self._answer(exchange, begun)
        except Problem as problem:
            await self._send_problem(exchange, problem)
        except AnswerCutError as cut:
            exchange.outcome = f"cut: {cut.problem.members.get('limit', cut.problem.name)}"
            await abort(scope)
        finally:
            self.log(exchange)

    async def _answer(self, exchange: Exchange, begun: Begun | None) -> None:
        if exchange.scope["method"] == "POST":
            limit = self.settings.query_bytes * URL_ENCODED_GROWTH + 4_096
            exchange.request.body = await read_body(exchange.receive, limit)
        served = begun.served if begun is not None else self.context.served
        assert served is not None
        key = exchange.key
        kept = self.cache.get(key, served.publication.version) if begun is None else None
        if kept is not None:
            await self._send_kept(exchange, kept)
        else:
            await self._run(exchange, served, key, begun)

    async def _run(self, exchange: Exchange, served: Served, key: Hashable, begun: Begun | None) -> None:
        query = self.question(exchange, served)
        if isinstance(query, Document):
            exchange.outcome = "described"
            headers = ((b"content-type", query.content_type.encode()), VARY, *CORS_HEADERS)
            await self._send(exchange, 200, headers, query.body)
            return
        exchange.asks(query)
        etag = etag_of(query, served.publication.version)
        if _matches(exchange.none_match, etag):
            await self._send(exchange, 304, cacheable(etag), b"")
            exchange.outcome = "unchanged"
            return
        watch = ClientWatch(exchange.receive)
        try:
            if begun is not None:
                answer = await begun.beginning.answer()
            else:
                answer = await served.engine.ask(query, client_address(exchange.scope))
            try:
                await self._give(exchange, answer, etag, key, served.publication.version)
            finally:
                await answer.close()
        except asyncio.CancelledError:
            exchange.outcome = "client gone" if watch.gone else "stopped"
            await abort(exchange.scope)
        finally:
            watch.end()

    async def _give(self, exchange: Exchange, answer: Answer, etag: str, key: Hashable, version: str) -> None:
        headers = self.keep(exchange, answer, etag, key, version)
        if answer.head.whole:
            await self._send(exchange, 200, headers, answer.first)
            return
        await exchange.send(_start(200, headers))
        await self._stream(exchange, answer)
        exchange.rows = answer.rows

    def keep(self, exchange: Exchange, answer: Answer, etag: str, key: Hashable, version: str) -> Pairs:
        """The headers of an answer, which is kept for the next who asks if it is whole and always the same."""
        head = answer.head
        exchange.rows = head.rows
        headers = answer_headers(head, etag)
        if head.whole and not head.volatile:
            kept = Kept(headers, answer.first, etag, head.rows, exchange.digest)
            self.cache.put(key, version, kept, len(exchange.request.query_string) + len(exchange.request.body))
        return (*headers, timing(head.seconds_queued, head.seconds_engine))

    async def _stream(self, exchange: Exchange, answer: Answer) -> None:
        if exchange.scope["method"] == "HEAD":
            await exchange.send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        wall = self.settings.wall_seconds
        try:
            async with asyncio.timeout(max(0.0, wall - answer.head.seconds_engine) + UNREAD_GRACE):
                await self._send_block(exchange, answer.first)
                async for block in answer.rest():
                    await self._send_block(exchange, block)
                await exchange.send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            raise AnswerCutError(too_long("wall_seconds", wall)) from None

    async def _send_block(self, exchange: Exchange, block: bytes) -> None:
        exchange.sent += len(block)
        await exchange.send({"type": "http.response.body", "body": block, "more_body": True})

    async def _send_kept(self, exchange: Exchange, kept: Kept) -> None:
        exchange.has(kept)
        if exchange.none_match and _matches(exchange.none_match, kept.etag):
            await self._send(exchange, 304, cacheable(kept.etag), b"")
            return
        await self._send(exchange, 200, (*kept.headers, HIT), kept.body)

    async def _send_problem(self, exchange: Exchange, problem: Problem) -> None:
        exchange.outcome = f"refused: {problem.members.get('limit', problem.name)}"
        given = ((name.lower().encode(), value.encode()) for name, value in problem.headers.items())
        headers = ((b"content-type", PROBLEM_TYPE.encode()), (b"cache-control", b"no-store"), *given, *CORS_HEADERS)
        await self._send(exchange, problem.code, headers, problem.body())

    async def _send(self, exchange: Exchange, status: int, headers: Pairs, body: bytes) -> None:
        exchange.status, exchange.sent = status, len(body)
        length = () if status == 304 else ((b"content-length", b"%d" % len(body)),)
        await exchange.send(_start(status, (*headers, *length)))
        if exchange.scope["method"] == "HEAD":
            body = b""
        await exchange.send({"type": "http.response.body", "body": body, "more_body": False})

    def log(self, exchange: Exchange) -> None:
        """Count the request and write it to the log."""
        scope = exchange.scope
        self.context.monitoring.query(
            seconds=time.monotonic() - exchange.started,
            outcome=exchange.outcome,
            status=exchange.status,
            sent=exchange.sent,
            line=_line(client_address(scope), scope["method"], scope["path"], exchange.digest, exchange.rows),
            text=exchange.text,
        )

    def log_report(self, report: Report) -> None:
        """Count and log what one of the engine's processes answered."""
        monitoring = self.context.monitoring
        monitoring.queries(report.counts)
        for client, seconds, said in report.records:
            line = _line(client, "GET", said.path, said.digest, said.rows)
            monitoring.log(seconds, {"status": 200, "outcome": said.outcome, "bytes": said.sent, **line}, said.text)


def _line(client: str, method: str, path: str, digest: str, rows: int | None) -> dict[str, Any]:
    return {"client": client, "method": method, "path": path, "query_hash": digest, "rows": rows}


def _matches(none_match: str, etag: str) -> bool:
    return bool(none_match) and any(tag.strip().removeprefix("W/") in (etag, "*") for tag in none_match.split(","))


def _start(status: int, headers: Pairs) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}
