"""The memory and the disk engine: the published store, queried in forked workers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from server import errors
from server.engine.base import Answer, Head, WholeAnswer
from server.engine.frames import END, FAILURE, QUERY, WHOLE, Frame
from server.engine.limits import MIB, too_deep, too_long, too_much_memory
from server.engine.link import Link, WorkerEndedError
from server.engine.nursery import Nursery
from server.engine.pool import Pool
from server.engine.preparation import prepare
from server.engine.query import Asked, WorkerSettings
from server.errors import AnswerCutError, EngineFailure, Problem
from server.gate import Limits
from server.settings import Settings

EXIT_SECONDS = 5.0
LOG = logging.getLogger("zhanshi.engine")


class LocalEngine:
    """The published store, in memory or on disk."""

    def __init__(self, store: Path, dump: Path | None, *, base: str, settings: Settings, in_memory: bool) -> None:
        self._settings = settings
        worker = WorkerSettings(
            store=str(store),
            dump=str(dump) if dump else "",
            base=base,
            in_memory=in_memory,
            cpu_seconds=settings.cpu_seconds,
            memory_bytes=settings.memory_mib * MIB,
            answer_bytes=settings.answer_mib * MIB,
            nesting=settings.nesting,
            patterns=settings.patterns,
            services=settings.service,
        )
        self._base = base
        self._limits = Limits(nesting=settings.nesting, patterns=settings.patterns)
        self.lost = False
        self._nursery = Nursery(worker, self._on_lost)
        self._pool = Pool(self._nursery, settings)
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

    async def ask(self, asked: Asked, client: str) -> Answer:
        """The answer's beginning; raises Problem."""
        waited = time.monotonic()
        link = await self._pool.acquire(client)
        if self._calls_out(asked):
            link = await self._with_network(link)
        running = Running(self, link, asked, started=time.monotonic(), waited=waited)
        try:
            return await running.begin()
        except BaseException:
            await running.close()
            raise

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

    @property
    def wall_seconds(self) -> float:
        """Seconds that a query has until its whole answer is taken."""
        return self._settings.wall_seconds

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
        deadline = time.monotonic() + seconds
        while self._pool.running and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        await self._nursery.close()

    def state(self) -> dict[str, Any]:
        """Numbers for the metrics."""
        return {
            **self._pool.state,
            "killed": dict(self.killed),
            "load_seconds": self.load_seconds,
            "pid": self._nursery.pid,
        }


class Running:
    """A query in its worker."""

    def __init__(self, engine: LocalEngine, link: Link, asked: Asked, *, started: float, waited: float) -> None:
        self._engine = engine
        self._link = link
        self._asked = asked
        self._started = started
        self._queued = started - waited
        self._open = True
        self._done = False
        self._timer = asyncio.get_running_loop().call_later(engine.wall_seconds, engine.kill, link, "wall_seconds")
        self.head: Head
        self.first = b""
        self.rows: int | None = None

    async def begin(self) -> Answer:
        """The answer's beginning; raises Problem."""
        self._link.send(Frame(QUERY, self._asked.to_json()))
        frame = await self._frame()
        if frame.kind == FAILURE:
            self._finish()
            raise _problem(frame)
        values = json.loads(frame.head)
        whole = frame.kind == WHOLE
        self.head = Head(
            format=values["format"],
            form=values["form"],
            volatile=values["volatile"],
            gzip=values["gzip"],
            whole=whole,
            rows=values.get("rows"),
            seconds_queued=self._queued,
            seconds_engine=time.monotonic() - self._started,
        )
        if whole:
            self._finish()
            return WholeAnswer(self.head, frame.data)
        self.first = frame.data
        return self

    async def rest(self) -> AsyncIterator[bytes]:
        """The blocks after the first; raises AnswerCutError where the answer cannot be ended."""
        while True:
            try:
                frame = await self._frame()
            except Problem as problem:
                raise AnswerCutError(problem) from problem
            if frame.kind == FAILURE:
                self._finish()
                raise AnswerCutError(_problem(frame))
            if frame.kind == END:
                self.rows = json.loads(frame.head)["rows"]
                self._finish()
            if frame.data:
                yield frame.data
            if frame.kind == END:
                return

    async def _frame(self) -> Frame:
        try:
            return await self._link.frame()
        except WorkerEndedError:
            self._done = True
            self._release(reusable=False)
            raise await self._engine.explain(self._link) from None

    def _finish(self) -> None:
        self._done = True
        self._release(reusable=True)

    def _release(self, *, reusable: bool) -> None:
        if self._open:
            self._open = False
            self._timer.cancel()
            self._engine.release(self._link, reusable=reusable)

    async def close(self) -> None:
        """Kill the query where it still runs."""
        if not self._done:
            self._engine.kill(self._link, "client")
        self._release(reusable=False)


def _problem(frame: Frame) -> Problem:
    told = json.loads(frame.head)
    kind: type[Problem] = getattr(errors, told["problem"])
    return kind(told["detail"], status=told["code"], **told["members"])


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
