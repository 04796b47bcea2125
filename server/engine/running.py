"""A query in its worker: how its answer comes, and how it is ended before it has."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Protocol

from server import errors
from server.deadlines import Deadlines
from server.engine.base import Answer, Head, WholeAnswer
from server.engine.frames import END, FAILURE, QUERY, WHOLE, About, Frame
from server.engine.link import Link, WorkerEndedError
from server.engine.pool import Place
from server.engine.query import Asked
from server.errors import AnswerCutError, EngineFailure, Problem


class Workers(Protocol):
    """What a query in its worker asks of the engine that gave it."""

    deadlines: Deadlines

    def kill(self, link: Link, reason: str) -> None:
        """Kill the worker, and remember why."""

    def release(self, link: Link, *, reusable: bool) -> None:
        """Take the worker back."""

    def forget(self, place: Place) -> None:
        """Let a query that has not begun wait no longer."""

    async def explain(self, link: Link) -> Problem:
        """Why the worker ended before its answer did."""
        ...


class Running:
    """A query in its worker."""

    def __init__(self, engine: Workers, link: Link, asked: Asked, *, waited: float) -> None:
        self._engine = engine
        self._link = link
        self._asked = asked
        self._started = time.monotonic()
        self._queued = self._started - waited
        self._open = True
        self._done = False
        engine.deadlines.add(self, partial(engine.kill, link, "wall_seconds"))
        self.head: Head
        self.first = b""
        self.rows: int | None = None

    def send(self) -> None:
        """Give the query to its worker."""
        self._link.send(Frame(QUERY, self._asked.to_bytes()))

    async def begin(self) -> Answer:
        """The answer's beginning; raises Problem."""
        return self._begun(await self._frame())

    def whole(self) -> WholeAnswer | None:
        """The answer, where all of it is here."""
        answer = self._begun(self._link.take()) if self._link.next_is(WHOLE) else None
        return answer if isinstance(answer, WholeAnswer) else None

    def _begun(self, frame: Frame) -> Answer:
        if frame.kind == FAILURE:
            self._finish()
            raise _problem(frame)
        about = About.from_bytes(frame.head)
        whole = frame.kind == WHOLE
        self.head = Head(
            format=about.format,
            form=about.form,
            volatile=about.volatile,
            gzip=about.gzip,
            whole=whole,
            rows=about.rows,
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
                self.rows = About.from_bytes(frame.head).rows
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
            self._engine.deadlines.remove(self)
            self._engine.release(self._link, reusable=reusable)

    async def close(self) -> None:
        """Kill the query where it still runs."""
        self.end()

    def end(self) -> None:
        """Kill the query where it still runs."""
        if not self._done:
            self._engine.kill(self._link, "client")
        self._release(reusable=False)


class Beginning(Place):
    """A query that was asked without waiting: `told` is called once, when the beginning of its answer is there."""

    def __init__(self, engine: Workers, asked: Asked, client: str, told: Callable[[], None]) -> None:
        super().__init__(client)
        self._engine = engine
        self._asked = asked
        self._told = told
        self._waited = time.monotonic()
        self._running: Running | None = None
        self._link: Link | None = None
        self._refused: Problem | None = None

    def begin(self, link: Link) -> None:
        """Have the worker run the query."""
        self._link = link
        self._running = Running(self._engine, link, self._asked, waited=self._waited)
        self._running.send()
        link.listen(self._told)

    def refuse(self, problem: Problem) -> None:
        """Keep the problem for who asks for the answer."""
        self._refused = problem
        self._told()

    def whole(self) -> WholeAnswer | None:
        """The answer, where all of it is here; for all else, ask for `answer`."""
        return self._running.whole() if self._running is not None else None

    async def answer(self) -> Answer:
        """The answer's beginning; raises Problem."""
        if self._running is None:
            raise self._refused or EngineFailure("The query was never begun.")
        try:
            return await self._running.begin()
        except BaseException:
            await self._running.close()
            raise

    def end(self) -> None:
        """Be done with the query before its answer: kill it where it runs."""
        self._engine.forget(self)
        if self._link is not None and self._running is not None:
            self._link.listen(None)
            self._running.end()


def _problem(frame: Frame) -> Problem:
    told = json.loads(frame.head)
    kind: type[Problem] = getattr(errors, told["problem"])
    return kind(told["detail"], status=told["code"], **told["members"])
