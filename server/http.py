"""uvicorn's HTTP connection, with what it lacks against slow and silent clients, and a way to cut an answer off.

The scope's extension `zhanshi.abort` resets the connection: no proxy and no client can take what was sent for whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ABORT = "zhanshi.abort"
LARGE = 16_384
HEAD_BYTES = 262_144
"""Bytes of request line and headers; a query of 64 KiB in a URL is three times as long when percent-encoded."""
_NO_LINGER = struct.pack("ii", 1, 0)


class Gathering:
    """A transport that writes what one turn of the loop brings in one piece: head and body of a small answer together.

    uvicorn writes them apart, which costs half of all the time that a cached answer takes.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write soon, or at once what is large anyway."""
        self._parts.append(data)
        if len(data) > LARGE:
            self.flush()
        elif len(self._parts) == 1:
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write now what has been gathered."""
        if self._parts:
            data = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            self._parts.clear()
            self._transport.write(data)

    def close(self) -> None:
        """Close after what has been gathered."""
        self.flush()
        self._transport.close()


class BoundedConnection(HttpToolsProtocol):
    """A connection whose requests must arrive in time and within their size, and whose answers must be taken."""

    request_seconds = 10.0
    request_bytes = 16 << 20

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(cast(asyncio.Transport, Gathering(transport, self.loop)))
        self._arriving: asyncio.TimerHandle | None = None
        self._arrived = 0
        self._head_done = False
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, as long as it is within its size."""
        self._arrived += len(data)
        if self._arrived > (self.request_bytes if self._head_done else HEAD_BYTES):
            self._refuse(b"413 Content Too Large" if self._head_done else b"431 Request Header Fields Too Large")
            return
        super().data_received(data)
        if self._arrived and self._arriving is None and self.parser is not None and not self.transport.is_closing():
            self._wait()

    def on_message_begin(self) -> None:
        """Give the request a way to be cut off."""
        super().on_message_begin()
        cast(dict[str, Any], self.scope)["extensions"] = {ABORT: self.abort}

    def on_headers_complete(self) -> None:
        """From here on bytes count as body."""
        self._head_done = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is here whole."""
        self._stop_waiting()
        self._arrived, self._head_done = 0, False
        super().on_message_complete()

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

    def _wait(self) -> None:
        self._arriving = self.loop.call_later(self.request_seconds, self._too_late)

    def _stop_waiting(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _too_late(self) -> None:
        self._arriving = None
        if self._arrived and not self.transport.is_closing():
            self._refuse(b"408 Request Timeout")
        else:
            self.transport.close()

    def _refuse(self, status: bytes) -> None:
        if not self.transport.is_closing():
            answer = b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-length: 0\r\naccess-control-allow-origin: *\r\n\r\n"
            self.transport.write(answer % status)
            self.transport.close()


def bounded(*, request_seconds: float, request_bytes: int) -> type[BoundedConnection]:
    """The connection class with these limits."""
    return type(
        "Connection", (BoundedConnection,), {"request_seconds": request_seconds, "request_bytes": request_bytes}
    )


async def abort(scope: Any) -> None:
    """Cut off the answer of that request; where the server has no way to, raise, which closes the connection."""
    cut: Callable[[], None] | None = scope.get("extensions", {}).get(ABORT)
    if cut is None:
        raise ConnectionAbortedError("the answer could not be ended")
    cut()
    await asyncio.sleep(0)
