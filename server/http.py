"""uvicorn's HTTP connection, with what it lacks against slow and silent clients, and a way to cut an answer off.

The scope's extension `zhanshi.abort` resets the connection: no proxy and no client can take what was sent for whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol, cast

from starlette.types import Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from server.deadlines import Deadlines
from server.errors import PROBLEM_TYPE, BadRequest, LimitReached, Problem
from server.gathering import Gathering

ABORT = "zhanshi.abort"
HEAD_BYTES = 262_144
"""Bytes of request line and headers."""
URL_BYTES = 65_535
"""Bytes of a URL, which the parser counts in sixteen bits; a query that is longer there comes by POST."""
LINGER_SECONDS, LINGER_BYTES = 2.0, 4 << 20
"""How much of a refused request is still thrown away; a connection closed at once would lose the refusal."""
_NO_LINGER = struct.pack("ii", 1, 0)


class Shortcut(Protocol):
    """Answers some requests at once, without an ASGI application's task and messages."""

    def take(self, request: ShortRequest) -> bool:
        """Whether the request is being answered here; else the application answers it."""
        ...


Lender = Callable[["BoundedConnection"], Callable[[], None] | None]
"""Takes a connection, or not, and gives what takes it back."""


class ShortRequest:
    """A request whose headers are here, and its connection, for those who answer it in one piece."""

    def __init__(self, connection: BoundedConnection, cycle: RequestResponseCycle) -> None:
        self._connection = connection
        self._cycle = cycle
        self.scope = cast(Scope, cycle.scope)
        self.receive = cast(Receive, cycle.receive)
        self.send = cast(Send, cycle.send)
        self.on_gone: Callable[[], None] | None = None
        self._quick_before, connection.quick = connection.quick, 0

    def lend_after(self, count: int, lender: Lender) -> None:
        """Note that the answer was quick; lend the connection after so many in a row, once it has nothing to do."""
        connection = self._connection
        connection.quick = self._quick_before + 1
        if count and connection.quick >= count:
            connection.loop.call_soon(connection.lend, lender)

    def answer(self, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> None:
        """Send status 200, those headers and the body, and go on to the connection's next request."""
        cycle, transport = self._cycle, cast(Gathering, self._connection.transport)
        self._connection.short = self.on_gone = None
        if not cycle.disconnected and not transport.is_closing():
            parts = [STATUS_LINE[200]]
            for name, value in (*cycle.default_headers, *headers):
                parts += (name, b": ", value, b"\r\n")
            closing = b"" if cycle.keep_alive else b"connection: close\r\n"
            parts.append(b"%scontent-length: %d\r\n\r\n" % (closing, len(body)))
            parts.append(body)
            transport.write_now(b"".join(parts))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            transport.close()
        self._connection.go_on(cycle)

    def pass_on(self) -> None:
        """Let the application answer after all."""
        self._connection.short = self.on_gone = None
        self._connection.start_application(self._cycle)


class BoundedConnection(HttpToolsProtocol):
    """A connection whose requests must arrive in time and within their size, and whose answers must be taken."""

    request_seconds = 10.0
    request_bytes = 16 << 20
    shortcut: Shortcut | None = None
    idle: Deadlines

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(cast(asyncio.Transport, Gathering(transport, self.loop)))
        self._arriving: asyncio.TimerHandle | None = None
        self._arrived = 0
        self._head_done = self._refused = False
        self.url = b""
        self.short: ShortRequest | None = None
        self.quick = 0
        self._take_back: Callable[[], None] | None = None
        self._going_on = self._stopping = self._within = False
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        self.idle.remove(self)
        super().connection_lost(exc)
        short, self.short = self.short, None
        if short is not None and short.on_gone is not None:
            short.on_gone()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, as long as it is within its size."""
        self._arrived += len(data)
        if self._refused:
            if self._arrived > LINGER_BYTES:
                self.transport.abort()
            return
        if self._arrived > (self.request_bytes if self._head_done else HEAD_BYTES):
            self._refuse(self._too_large())
            return
        super().data_received(data)
        if self._arrived and self._arriving is None and self.parser is not None and not self.transport.is_closing():
            self._wait()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed; a URL that is too long is such a thing to the parser."""
        self._refuse(self._too_large() if len(self.url) > URL_BYTES else BadRequest(msg))

    def on_message_begin(self) -> None:
        """Give the request a way to be cut off."""
        super().on_message_begin()
        self._within = True
        cast(dict[str, Any], self.scope)["extensions"] = {ABORT: self.abort}

    def on_headers_complete(self) -> None:
        """From here on bytes count as body."""
        self._head_done = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is here whole."""
        self._stop_waiting()
        self._within = False
        self._arrived, self._head_done = 0, False
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Answer the request at once, or have the application do it."""
        busy = self._going_on or self.flow.write_paused or cycle.waiting_for_100_continue
        if self.shortcut is not None and app is self.app and not busy:
            self.short = ShortRequest(self, cycle)
            if self.shortcut.take(self.short):
                return
            self.short = None
        super()._start_asgi_task(cycle, app)

    def go_on(self, cycle: RequestResponseCycle) -> None:
        """Wait for the next request, or have the application answer one that has come already."""
        self._going_on = True  # one answer at once after the other would nest as deep as requests have come
        cycle.on_response()
        self._going_on = False

    def start_application(self, cycle: RequestResponseCycle) -> None:
        """Have the application answer."""
        super()._start_asgi_task(cycle, self.app)

    def on_response_complete(self) -> None:
        """Go on to a request that has come already, or wait for one; as uvicorn does, but with one timer for all."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self.idle.add(self, self.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        self.idle.remove(self)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; reset one whose client does not take its answer."""
        if self.transport.get_write_buffer_size():
            self.abort()
        else:
            super().timeout_keep_alive_handler()

    def abort(self) -> None:
        """Reset the connection."""
        if self.transport.is_closing() and not self.transport.get_write_buffer_size():
            return
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    @property
    def descriptor(self) -> int:
        """The socket's descriptor."""
        return cast(int, self.transport.get_extra_info("socket").fileno())

    @property
    def address(self) -> str:
        """The client's address, without its port."""
        return self.client[0] if self.client else ""

    def lend(self, lender: Lender) -> None:
        """Read no more from the connection, if it has nothing to do and the lender takes it."""
        transport = self.transport
        if self._stopping or self._refused or transport.is_closing() or transport.get_write_buffer_size():
            return
        if self._take_back is not None or self._within or self.pipeline or not self.cycle.response_complete:
            return
        self._take_back = lender(self)
        if self._take_back is not None:
            cast(Gathering, transport).is_shared = True
            self.idle.remove(self)
            self.flow.pause_reading()

    def back(self, rest: bytes, unread: bytes) -> None:
        """Read from the connection again, after the rest of an answer, and first what was read from it already."""
        self._take_back, self.quick = None, 0
        if self.transport.is_closing():
            return
        if rest:
            cast(Gathering, self.transport).write_now(rest)
        self.idle.add(self, self.timeout_keep_alive_handler)
        self.flow.resume_reading()
        if unread:
            self.data_received(unread)
        if self._stopping:
            super().shutdown()

    def cut(self) -> None:
        """Reset the connection, whose answer broke off."""
        self._take_back = None
        self.abort()

    def shutdown(self) -> None:
        """Close when there is no answer on its way, after taking back what is lent."""
        self._stopping = True
        if self._take_back is not None:
            self._take_back()
        else:
            super().shutdown()

    def _wait(self) -> None:
        self._arriving = self.loop.call_later(self.request_seconds, self._too_late)

    def _stop_waiting(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _too_late(self) -> None:
        self._arriving = None
        if self._arrived and not self.transport.is_closing():
            self._refuse(_limit("request_seconds", self.request_seconds, 408, "The request took", "seconds to arrive"))
        else:
            self.transport.close()

    def _too_large(self) -> Problem:
        """The refusal of a request by the part of it that is too large."""
        if self._head_done and len(self.url) <= URL_BYTES:
            return _limit("request_bytes", self.request_bytes, 413, "The request has", "bytes")
        if len(self.url) > URL_BYTES:
            return _limit("url_bytes", URL_BYTES, 414, "The URL has", "bytes", " Send the query by POST.")
        return _limit("head_bytes", HEAD_BYTES, 431, "The request's headers have", "bytes")

    def _refuse(self, problem: Problem) -> None:
        """Answer with the problem, and close the connection; one whose answer is on its way is cut off instead."""
        if self.transport.is_closing():
            return
        self._refused = True
        self._stop_waiting()
        running = self.cycle is not None and not self.cycle.response_complete
        if running and self.cycle.response_started:
            self.abort()
            return
        self.transport.write(_answer(problem))
        if running or not self.transport.can_write_eof():
            self.transport.close()
            return
        cast(Gathering, self.transport).flush()
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)


def _limit(name: str, value: float, status: int, what: str, unit: str, advice: str = "") -> LimitReached:
    detail = f"{what} more than {value:,.10g} {unit}, the limit ({name}).{advice}"
    return LimitReached(detail, limit=name, value=value, status=status)


def _answer(problem: Problem) -> bytes:
    """The whole answer that tells a problem of a request that never came to the application."""
    body = problem.body()
    head = (
        f"HTTP/1.1 {problem.code} {HTTPStatus(problem.code).phrase}\r\nconnection: close\r\n"
        f"content-type: {PROBLEM_TYPE}\r\ncontent-length: {len(body)}\r\naccess-control-allow-origin: *\r\n\r\n"
    )
    return head.encode() + body


def bounded(
    *, request_seconds: float, request_bytes: int, idle_seconds: float, shortcut: Shortcut
) -> type[BoundedConnection]:
    """The connection class with these limits and this shortcut."""
    members = {
        "request_seconds": request_seconds,
        "request_bytes": request_bytes,
        "idle": Deadlines(idle_seconds),
        "shortcut": shortcut,
    }
    return type("Connection", (BoundedConnection,), members)


async def abort(scope: Any) -> None:
    """Cut off the answer of that request; where the server has no way to, raise, which closes the connection."""
    cut: Callable[[], None] | None = scope.get("extensions", {}).get(ABORT)
    if cut is None:
        raise ConnectionAbortedError("the answer could not be ended")
    cut()
    await asyncio.sleep(0)
