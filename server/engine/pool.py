"""The places in which queries run, and who gets one next.

A query begins in a place of full priority. Where others wait behind it and it has used the processor for longer than
PATIENCE, or has held its place for STALLED, it is moved to a place of low priority, so that short queries pass long
ones; when those places are full too, all wait.
"""

from __future__ import annotations

import abc
import asyncio
import time
from collections import Counter
from functools import partial

from server.deadlines import Deadlines
from server.engine.fairqueue import FairQueue
from server.engine.limits import busy
from server.engine.link import Link, WorkerEndedError
from server.engine.nursery import Nursery
from server.errors import Problem, PublicationError
from server.settings import Settings

PATIENCE = 0.015
"""Processor seconds that a query may use in a place of full priority while others wait."""
STALLED = 0.5
"""Seconds that a query may hold such a place without using the processor, because its client does not read."""
SPARE_SECONDS = 10.0
"""Seconds that workers beyond those usually needed are kept."""


class Place(abc.ABC):
    """A query on its way to a worker."""

    def __init__(self, client: str) -> None:
        self.client = client

    @property
    def is_wanted(self) -> bool:
        """Whether a worker is still of use."""
        return True

    @abc.abstractmethod
    def begin(self, link: Link) -> None:
        """Take the worker."""

    @abc.abstractmethod
    def refuse(self, problem: Problem) -> None:
        """Hear that there will be none."""


class AwaitedPlace(Place):
    """A place for which a task waits."""

    def __init__(self, client: str) -> None:
        super().__init__(client)
        self.given: asyncio.Future[Link] = asyncio.get_running_loop().create_future()

    @property
    def is_wanted(self) -> bool:
        """Whether the task still waits."""
        return not self.given.done()

    def begin(self, link: Link) -> None:
        """Let the task go on."""
        self.given.set_result(link)

    def refuse(self, problem: Problem) -> None:
        """Raise the problem in the task."""
        self.given.set_exception(problem)


class Pool:
    """Idle workers, running ones, and the queries that wait for one."""

    def __init__(self, nursery: Nursery, settings: Settings) -> None:
        self._nursery = nursery
        self._settings = settings
        self._short_places = settings.short_places
        self._client_places = settings.places_of_a_client
        self._idle: list[Link] = []
        self._forking = 0
        self._short: dict[int, Link] = {}
        self._long: dict[int, Link] = {}
        self._of_client: Counter[str] = Counter()
        self._queue: FairQueue[Place] = FairQueue()
        self._expiry = Deadlines(settings.queue_seconds)
        self._promotion: asyncio.TimerHandle | None = None
        self._trimming: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def fill(self) -> None:
        """Have workers for all places of full priority, and as many ready to take a place at once."""
        self._grow()
        await asyncio.gather(*self._tasks)
        if not self._idle:
            raise PublicationError("No process that answers queries can be started; is memory_mib too small?")

    def _grow(self) -> None:
        wanted = 2 * self._short_places - len(self._short) - len(self._idle) - self._forking
        for _ in range(0 if self._closed else wanted):
            self._forking += 1
            task = asyncio.get_running_loop().create_task(self._fork())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _fork(self) -> None:
        try:
            link = await self._nursery.fork()
        except WorkerEndedError:
            return  # the next query that ends, or that waits, has another forked
        finally:
            self._forking -= 1
        self._idle.append(link)
        self._dispatch()

    async def acquire(self, client: str) -> Link:
        """A worker for that client's query; raises Busy where too many wait or the wait is too long."""
        place = AwaitedPlace(client)
        given = place.given
        self.enter(place)
        try:
            return await given
        except asyncio.CancelledError:
            self.leave(place)
            if given.done() and not given.cancelled() and given.exception() is None:
                self.release(given.result())
            raise

    def enter(self, place: Place) -> None:
        """Give the query a worker, now or when its turn comes; raises Busy where too many wait."""
        if not self._queue and self._may_start(place.client):
            place.begin(self._start(place.client))
            return
        if len(self._queue) >= self._settings.queue_length:
            raise busy(f"{len(self._queue)} queries wait already, the limit (queue_length).")
        self._expiry.add(place, partial(self._expire, place))
        self._queue.put(place.client, place)
        self._grow()
        self._dispatch()
        self._watch_long()

    def leave(self, place: Place) -> None:
        """Let a query wait no longer; nothing where it has begun."""
        self._queue.remove(place.client, place)
        self._expiry.remove(place)

    def _expire(self, place: Place) -> None:
        if self._queue.remove(place.client, place) and place.is_wanted:
            seconds = f"{self._settings.queue_seconds:g}"
            place.refuse(busy(f"The query waited for {seconds} s, the limit (queue_seconds), without its turn."))

    def _may_start(self, client: str) -> bool:
        self._idle = [link for link in self._idle if not link.lost]
        return (
            bool(self._idle) and len(self._short) < self._short_places and self._of_client[client] < self._client_places
        )

    def _start(self, client: str) -> Link:
        link = self._idle.pop()
        link.client = client
        link.started, link.busy_before = time.monotonic(), link.busy_seconds()
        self._short[link.number] = link
        self._of_client[client] += 1
        return link

    def _dispatch(self) -> None:
        while self._queue and (place := self._queue.take(self._may_start)) is not None:
            self._expiry.remove(place)
            if place.is_wanted:
                place.begin(self._start(place.client))

    def _watch_long(self) -> None:
        if self._queue and self._promotion is None and self._short and len(self._long) < self._settings.long_queries:
            self._promotion = asyncio.get_running_loop().call_later(PATIENCE / 2, self._promote)

    def _promote(self) -> None:
        """Move what has run for long to places of low priority, as far as there are any and others wait."""
        self._promotion = None
        for link in sorted(self._short.values(), key=lambda link: link.started):
            if self._queue and len(self._long) < self._settings.long_queries and _is_long(link):
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
        other.client, other.started, other.is_long, other.once = link.client, link.started, True, True
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
        if reusable and not link.lost and not link.once:
            self._take_back(link)
        else:
            link.close()
        self._grow()
        self._dispatch()
        self._watch_long()

    def _take_back(self, link: Link) -> None:
        if link.is_long:
            link.is_long = False
            self._nursery.raise_priority(link)
        self._idle.append(link)
        if len(self._idle) > 2 * self._short_places and self._trimming is None:
            self._trimming = asyncio.get_running_loop().call_later(SPARE_SECONDS, self._trim)

    def _trim(self) -> None:
        """Let go the workers that were used least lately, beyond those usually needed."""
        self._trimming = None
        kept = 2 * self._short_places
        for link in self._idle[:-kept]:
            link.close()
        self._idle = self._idle[-kept:]

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
        for timer in (self._promotion, self._trimming):
            if timer is not None:
                timer.cancel()
        for link in self._idle:
            link.close()
        self._idle.clear()


def _is_long(link: Link) -> bool:
    """Whether a worker's query has used the processor for long, or stalls."""
    return link.busy_seconds() - link.busy_before > PATIENCE or time.monotonic() - link.started > STALLED
