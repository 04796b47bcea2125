"""Small ASGI parts that all surfaces share: header lookup, bodies with a bound, problems, CORS, the log of pages."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.cors import CORS_HEADERS, PREFLIGHT_HEADERS
from server.errors import PROBLEM_TYPE, BadRequest, LimitReached, Problem
from server.monitoring import Monitoring

WATCH_AFTER = 0.05
"""Seconds after which a running query is worth watching whether its client is still there."""


def problem_response(problem: Problem) -> Response:
    """The HTTP answer that tells a problem."""
    return Response(problem.body(), status_code=problem.code, media_type=PROBLEM_TYPE, headers=problem.headers)


async def problem_handler(_: Request, problem: Exception) -> Response:
    """Answer a Problem that a surface raised."""
    assert isinstance(problem, Problem)
    return problem_response(problem)


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body of a request; raises LimitReached above that many bytes, BadRequest where it breaks off."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The request broke off.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise LimitReached(
                f"The request's body has more than {limit} bytes.", limit="request_bytes", value=limit, status=413
            )
        if not message.get("more_body", False):
            return b"".join(parts)


class ClientWatch:
    """Cancels the running task when its client goes away; looks only once the task has run for a while."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task = asyncio.current_task()
        self._watcher: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER, self._begin)
        self.gone = False

    def _begin(self) -> None:
        self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self._task is not None:
            self._task.cancel()

    def end(self) -> None:
        """Watch no more."""
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()


class Surfaces:
    """All surfaces but the endpoint, with CORS on every answer, errors included, and each request in the log."""

    def __init__(self, app: ASGIApp, monitoring: Monitoring) -> None:
        self._app = app
        self._monitoring = monitoring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS here; pass everything else on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _allow_all_origins(message)
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await preflight(scope, receive, observed)
            else:
                await self._app(scope, receive, observed)
        finally:
            self._monitoring.page(started=started, status=status, line=request_line(scope))


def _allow_all_origins(message: Message) -> None:
    headers = MutableHeaders(raw=list(message.get("headers", [])))
    for name, value in CORS_HEADERS:
        headers[name.decode()] = value.decode()
    message["headers"] = headers.raw


async def preflight(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer OPTIONS: what is allowed, to every origin."""
    headers = {name.decode(): value.decode() for name, value in (*CORS_HEADERS, *PREFLIGHT_HEADERS)}
    await Response(status_code=204, headers={**headers, "allow": "GET, HEAD, POST, OPTIONS"})(scope, receive, send)


def request_line(scope: Scope) -> dict[str, Any]:
    """What the log says of every request."""
    return {"client": client_address(scope), "method": scope["method"], "path": scope["path"]}


def client_address(scope: Scope) -> str:
    """The address of the client, without its port."""
    client = scope.get("client")
    return client[0] if client else ""
