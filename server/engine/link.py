"""The server's end of a worker: frames in, frames out, and how the worker ended."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from server.engine.frames import Frame, FrameReader

_CPUCLOCK_SCHED = 2  # the low bits of the clock that counts the processor time of another process
HIGH_WATER = 4
"""Frames that may wait here before the worker is made to wait."""


class WorkerEndedError(Exception):
    """The worker ended before its answer did."""


class Child:
    """A process that the zygote forked: its number there, its process id, and how it ended."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid = 0
        self.ended: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()


class Link(Child, asyncio.Protocol):
    """A connection to one worker."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.client = ""
        self.started = 0.0
        self.busy_before = 0.0
        self.killed_for = ""
        self.is_long = False
        self.once = False
        self._transport: asyncio.Transport | None = None
        self._frames: deque[Frame] = deque()
        self._reader = FrameReader()
        self._waiter: asyncio.Future[None] | None = None
        self._listener: Callable[[], None] | None = None
        self._paused = False
        self.lost = False

    def busy_seconds(self) -> float:
        """Processor seconds that the worker has used in all; 0 where that cannot be told."""
        try:
            return time.clock_gettime(~self.pid << 3 | _CPUCLOCK_SCHED)
        except OSError:
            return 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Keep whole frames until they are asked for."""
        self._frames.extend(self._reader.feed(data))
        if self._frames:
            self._wake()
        if len(self._frames) > HIGH_WATER and self._transport and not self._paused:
            self._transport.pause_reading()
            self._paused = True

    def connection_lost(self, exc: Exception | None) -> None:
        """The worker is gone."""
        self.lost = True
        self._wake()

    def _wake(self) -> None:
        if self._listener is not None:
            listener, self._listener = self._listener, None
            listener()
        elif self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def send(self, frame: Frame) -> None:
        """Send a query."""
        if self._transport:
            self._transport.write(frame.to_bytes())

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Call that once, when a frame comes or none will; None: nobody listens any more."""
        self._listener = listener

    async def frame(self) -> Frame:
        """The next frame; raises WorkerEndedError when there will be none."""
        while not self._frames:
            if self.lost:
                raise WorkerEndedError
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self.take()

    def next_is(self, kind: bytes) -> bool:
        """Whether a frame of that kind is the next and is here."""
        return bool(self._frames) and self._frames[0].kind == kind

    def take(self) -> Frame:
        """The next frame, which is here."""
        frame = self._frames.popleft()
        if self._paused and not self._frames and self._transport:
            self._transport.resume_reading()
            self._paused = False
        return frame

    def cut(self, reason: str) -> None:
        """Take nothing more from a worker that is being killed: a large process takes its time to end."""
        self.killed_for = reason
        self._frames.clear()
        self.lost = True
        self._wake()
        self.close()

    def close(self) -> None:
        """Let the worker go."""
        if self._transport:
            self._transport.close()
