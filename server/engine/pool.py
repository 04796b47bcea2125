"""The places in which queries run, and who gets one next.

A query begins in a place of full priority. Where others wait behind it for longer than PATIENCE, it is moved to a
place of low priority (nice 19), so that short queries pass long ones; when those places are full too, all wait.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from server.engine.fairqueue import FairQueue
from server.engine.limits import busy
from server.engine.link import Link
from server.engine.nursery import Nursery
from server.settings import Settings

PATIENCE = 0.025
"""Seconds that a query may hold a place of full priority while others wait."""


class Pool:
    """Idle workers, running ones, and the queries that wait for one."""

    def __init__(self, nursery: Nursery, settings: Settings) -> None:
        self._nursery = nursery
        self._settings = settings
        self._idle: list[Link] = []
        self._forking = 0
        self._short: dict[int, Link] = {}
        self._long: dict[int, Link] = {}
        self._of_client: Counter[str] = Counter()
        self._queue: FairQueue[asyncio.Future[Link]] = FairQueue()
        self._clients: dict[asyncio.Future[Link], str] = {}
        self._promotion: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def fill(self) -> None:
        """Have workers for all places of full priority, and as many ready to take a place at once."""
        self._grow()
        await asyncio.gather(*self._tasks)

    def _grow(self) -> None:
        wanted = 2 * self._settings.short_places - len(self._short) - len(self._idle) - self._forking
        for _ in range(0 if self._closed else wanted):
            self._forking += 1
            task = asyncio.get_running_loop().create_task(self._fork())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _fork(self) -> None:
        try:
            link = await self._nursery.fork()
        finally:
            self._forking -= 1
        self._idle.append(link)
        self._dispatch()

    async def acquire(self, client: str) -> Link:
        """A worker for that client's query; raises Busy where too many wait or the wait is too long."""
        if not self._queue and self._may_start(client):
            return self._start(client)
        if len(self._queue) >= self._settings.queue_length:
            raise busy(f"{len(self._queue)} queries wait already, the limit (queue_length).")
        return await self._wait(client)

    async def _wait(self, client: str) -> Link:
        place: asyncio.Future[Link] = asyncio.get_running_loop().create_future()
        self._queue.put(client, place)
        self._clients[place] = client
        self._dispatch()
        self._watch_long()
        try:
            async with asyncio.timeout(self._settings.queue_seconds):
                return await asyncio.shield(place)
        except TimeoutError:
            raise busy(
                f"The query waited for {self._settings.queue_seconds:g} s, the limit (queue_seconds), without its turn."
            ) from None
        finally:
            self._forget(client, place)

    def _forget(self, client: str, place: asyncio.Future[Link]) -> None:
        """Take a place out of the queue; a worker that came too late goes back."""
        self._clients.pop(place, None)
        self._queue.remove(client, place)
        taken = place.done() and not place.cancelled()
        current = asyncio.current_task()
        if taken and current is not None and current.cancelling():
            self.release(place.result())

    def _may_start(self, client: str) -> bool:
        self._idle = [link for link in self._idle if not link.lost]
        return (
            bool(self._idle)
            and len(self._short) < self._settings.short_places
            and self._of_client[client] < self._settings.places_of_a_client
        )

    def _start(self, client: str) -> Link:
        link = self._idle.pop()
        link.client = client
        link.started = time.monotonic()
        self._short[link.number] = link
        self._of_client[client] += 1
        return link

    def _dispatch(self) -> None:
        while self._queue and (place := self._queue.take(self._may_start)) is not None:
            if not place.done():
                place.set_result(self._start(self._clients[place]))

    def _watch_long(self) -> None:
        if self._queue and self._promotion is None and self._short and len(self._long) < self._settings.long_queries:
            oldest = min(link.started for link in self._short.values())
            delay = max(0.001, oldest + PATIENCE - time.monotonic())
            self._promotion = asyncio.get_running_loop().call_later(delay, self._promote)

    def _promote(self) -> None:
        """Move what has run for long to places of low priority, as far as there are any."""
        self._promotion = None
        due = time.monotonic() - PATIENCE
        for link in sorted(self._short.values(), key=lambda link: link.started):
            if link.started <= due and len(self._long) < self._settings.long_queries and self._queue:
                del self._short[link.number]
                self._long[link.number] = link
                link.is_long = True
                self._nursery.lower_priority(link)
                self._dispatch()
        self._grow()
        self._watch_long()

    def swap(self, link: Link, other: Link) -> None:
        """Let another worker, used only once, run in the place of the one that was acquired."""
        del self._short[link.number]
        other.client, other.started, other.is_long = link.client, link.started, True
        self._long[other.number] = other
        self._idle.append(link)
        self._dispatch()

    def release(self, link: Link, *, reusable: bool = True) -> None:
        """Take a worker back; one that ran for long or broke is not used again."""
        self._short.pop(link.number, None)
        self._long.pop(link.number, None)
        self._of_client[link.client] -= 1
        if not self._of_client[link.client]:
            del self._of_client[link.client]
        if reusable and not link.is_long and not link.lost:
            self._idle.append(link)
        else:
            link.close()
        self._grow()
        self._dispatch()
        self._watch_long()

    @property
    def running(self) -> int:
        """How many queries run."""
        return len(self._short) + len(self._long)

    @property
    def state(self) -> dict[str, int]:
        """How many queries run, run at low priority, wait, and how many workers are idle."""
        return {
            "running": self.running,
            "long": len(self._long),
            "waiting": len(self._queue),
            "idle": len(self._idle),
        }

    def close(self) -> None:
        """Fork no more; let idle workers go."""
        self._closed = True
        for link in self._idle:
            link.close()
        self._idle.clear()
