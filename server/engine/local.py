"""The memory and the disk engine: the published store, queried in forked workers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.deadlines import Deadlines
from server.engine.base import Answer, Borrowed, Report
from server.engine.limits import MIB, too_deep, too_long, too_much_memory
from server.engine.link import Link
from server.engine.loans import Loans
from server.engine.nursery import Nursery
from server.engine.pool import Place, Pool
from server.engine.preparation import prepare
from server.engine.query import Asked, WorkerSettings
from server.engine.running import Beginning, Running
from server.errors import EngineFailure, Problem
from server.gate import Limits
from server.settings import Settings

EXIT_SECONDS = 5.0
LOG = logging.getLogger("zhanshi.engine")


class LocalEngine:
    """The published store, in memory or on disk."""

    def __init__(
        self, store: Path, dump: Path | None, *, base: str, version: str, settings: Settings, in_memory: bool
    ) -> None:
        self._settings = settings
        worker = WorkerSettings(
            store=str(store),
            dump=str(dump) if dump else "",
            base=base,
            in_memory=in_memory,
            cpu_seconds=settings.cpu_seconds,
            memory_bytes=settings.memory_mib * MIB,
            answer_bytes=settings.answer_mib * MIB,
            query_bytes=settings.query_bytes,
            nesting=settings.nesting,
            patterns=settings.patterns,
            services=settings.service,
            version=version,
            kept_bytes=settings.kept_bytes,
            access_log=settings.access_log,
            log_queries=settings.log_queries,
        )
        self._base = base
        self._limits = Limits(nesting=settings.nesting, patterns=settings.patterns)
        self.lost = False
        self.deadlines = Deadlines(settings.wall_seconds)
        self._nursery = Nursery(worker, self._on_lost)
        self._pool = Pool(self._nursery, settings)
        self._loans = Loans(self._nursery, settings.clerks)
        self.killed: Counter[str] = Counter()
        self.load_seconds = 0.0

    def _on_lost(self) -> None:
        self.lost = True

    @property
    def ready(self) -> bool:
        """Whether the store is loaded and its process lives."""
        return self._nursery.pid != 0 and not self.lost

    async def start(self) -> None:
        """Load the store and fork the first workers; raises PublicationError where the store cannot be loaded."""
        self.load_seconds = await self._nursery.start()
        await self._pool.fill()
        self._loans.start()

    async def ask(self, asked: Asked, client: str) -> Answer:
        """The answer's beginning; raises Problem."""
        waited = time.monotonic()
        link = await self._pool.acquire(client)
        if self._calls_out(asked):
            link = await self._with_network(link)
        running = Running(self, link, asked, waited=waited)
        try:
            running.send()
            return await running.begin()
        except BaseException:
            await running.close()
            raise

    def begin(self, asked: Asked, client: str, told: Callable[[], None]) -> Beginning | None:
        """Begin to answer without waiting; None where the query may need another worker than any. Raises Busy."""
        if self._settings.service and "service" in asked.text.lower():
            return None
        beginning = Beginning(self, asked, client, told)
        self._pool.enter(beginning)
        return beginning

    def lend(self, connection: Borrowed, told: Callable[[Report], None]) -> Callable[[], None] | None:
        """What takes the connection back, where clerks take it for now; `told` hears of their answers."""
        return self._loans.lend(connection, told)

    def forget(self, place: Place) -> None:
        """Let a query that has not begun wait no longer."""
        self._pool.leave(place)

    def _calls_out(self, asked: Asked) -> bool:
        """Whether the query calls a service; one that will be refused anyway does not count."""
        if not self._settings.service or "service" not in asked.text.lower():
            return False
        try:
            prepared = prepare(asked, limits=self._limits, services=self._settings.service, base=self._base)
        except Problem:
            return False
        return bool(prepared.checked.services)

    async def _with_network(self, link: Link) -> Link:
        """A worker that may reach other servers, for this one query, in place of one that may not."""
        other = await self._nursery.fork(online=True)
        self._pool.swap(link, other)
        return other

    def kill(self, link: Link, reason: str) -> None:
        """Kill the worker of a running query, and remember why."""
        if not link.killed_for:
            self.killed[reason] += 1
            self._nursery.kill(link)
            link.cut(reason)

    def release(self, link: Link, *, reusable: bool) -> None:
        """Take a worker back from its query."""
        self._pool.release(link, reusable=reusable)

    async def explain(self, link: Link) -> Problem:
        """Why a worker ended before its answer did."""
        ended: dict[str, Any] = {"signal": 0, "said": ""}
        if not link.killed_for:
            with contextlib.suppress(TimeoutError):
                ended = await asyncio.wait_for(asyncio.shield(link.ended), EXIT_SECONDS)
        problem = _explain(link.killed_for, ended["signal"], ended["said"], self._settings)
        if not link.killed_for:
            self.killed[str(problem.members.get("limit", problem.name))] += 1
        return problem

    async def close(self, seconds: float) -> None:
        """Let running queries end within those seconds, then kill them."""
        self._pool.close()
        await self._loans.close()
        deadline = time.monotonic() + seconds
        while self._pool.running and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        await self._nursery.close()

    def state(self) -> dict[str, Any]:
        """Numbers for the metrics."""
        return {
            **self._pool.state,
            "lent": len(self._loans),
            "killed": dict(self.killed),
            "load_seconds": self.load_seconds,
            "pid": self._nursery.pid,
        }


def _explain(killed_for: str, number: int, said: str, settings: Settings) -> Problem:
    if killed_for == "wall_seconds":
        return too_long("wall_seconds", settings.wall_seconds)
    if killed_for:
        return EngineFailure(f"The query was ended: {killed_for}.", status=503)
    if number == signal.SIGXCPU:
        return too_long("cpu_seconds", settings.cpu_seconds)
    if "memory allocation" in said:
        return too_much_memory(settings.memory_mib)
    if "overflowed its stack" in said or number == signal.SIGSEGV:
        return too_deep(settings.nesting)
    LOG.error(json.dumps({"engine": "ended unexpectedly", "signal": number, "said": said}))
    return EngineFailure("The engine's process ended unexpectedly; it has been replaced.")
