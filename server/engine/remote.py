"""The remote engine: any SPARQL 1.1 service answers, through the same gate and within the same limits.

The service's own limits bound what a query does there; here the connection is dropped at the deadline.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from server.engine.base import Answer, Borrowed, Head, Report, WholeAnswer
from server.engine.frames import BLOCK
from server.engine.limits import MIB, busy, too_large, too_long
from server.engine.preparation import Prepared, prepare
from server.engine.query import Asked
from server.errors import AnswerCutError, EngineFailure, Problem, QuerySyntaxError
from server.formats import FORMATS, Format
from server.gate import Limits
from server.prefixes import prefixes
from server.settings import Settings
from server.tokens import IRI, PREFIXED_NAME, tokens

EXCERPT = 500
"""Characters of the service's own words that an error repeats."""


class RemoteEngine:
    """A SPARQL 1.1 service at a URL."""

    def __init__(self, *, base: str, settings: Settings) -> None:
        self._base = base
        self._settings = settings
        self._limits = Limits(nesting=settings.nesting, patterns=settings.patterns)
        self._places = asyncio.Semaphore(settings.places)
        self._waiting = 0
        self._running = 0
        self._killed: Counter[str] = Counter()
        self._client = httpx.AsyncClient(timeout=httpx.Timeout(None, connect=5.0), follow_redirects=True)
        self._open = True

    @property
    def ready(self) -> bool:
        """Whether queries are taken; the service itself is asked only with them."""
        return self._open

    async def start(self) -> None:
        """Nothing is to be loaded."""

    async def close(self, seconds: float) -> None:
        """Let running queries end within those seconds, then drop their connections."""
        deadline = time.monotonic() + seconds
        while self._running and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        self._open = False
        await self._client.aclose()

    def state(self) -> dict[str, Any]:
        """Numbers for the metrics."""
        return {"running": self._running, "long": 0, "waiting": self._waiting, "idle": 0, "killed": dict(self._killed)}

    async def ask(self, asked: Asked, client: str) -> Answer:
        """The answer's beginning; raises Problem."""
        prepared = prepare(asked, limits=self._limits, services=self._settings.service, base=self._base)
        waited = time.monotonic()
        await self._acquire()
        self._running += 1
        passing = Passing(self, self._settings, prepared, queued=time.monotonic() - waited)
        try:
            return await passing.begin(self._request(asked, prepared))
        except BaseException:
            await passing.close()
            raise

    def begin(self, asked: Asked, client: str, told: Callable[[], None]) -> None:
        """Nothing: an answer from elsewhere is waited for."""

    def lend(self, connection: Borrowed, told: Callable[[Report], None]) -> None:
        """Nothing: there are no processes here that could answer."""

    async def _acquire(self) -> None:
        if self._waiting >= self._settings.queue_length:
            raise busy(f"{self._waiting} queries wait already, the limit (queue_length).")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.queue_seconds):
                await self._places.acquire()
        except TimeoutError:
            seconds = f"{self._settings.queue_seconds:g}"
            raise busy(f"The query waited for {seconds} s, the limit (queue_seconds), without its turn.") from None
        finally:
            self._waiting -= 1

    def _request(self, asked: Asked, prepared: Prepared) -> httpx.Request:
        fields: dict[str, Any] = {"query": with_prefixes(prepared.text, self._base)}
        if asked.default is not None:
            fields["default-graph-uri"] = list(asked.default)
        if asked.named is not None:
            fields["named-graph-uri"] = list(asked.named)
        headers = {
            "Accept": _format(prepared).media_type,
            "Accept-Encoding": "gzip" if asked.gzip else "identity",
        }
        return self._client.build_request("POST", self._settings.endpoint, data=fields, headers=headers)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """The response, of which only the head is read."""
        return await self._client.send(request, stream=True)

    def release(self, why: str) -> None:
        """Give the place of a query to the next; `why` says what ended it early, if anything did."""
        self._running -= 1
        self._places.release()
        if why:
            self._killed[why] += 1


class Passing:
    """A query that the service answers, and its answer on the way through."""

    def __init__(self, engine: RemoteEngine, settings: Settings, prepared: Prepared, *, queued: float) -> None:
        self._engine = engine
        self._settings = settings
        self._prepared = prepared
        self._queued = queued
        self._started = time.monotonic()
        self._deadline = asyncio.get_running_loop().time() + settings.wall_seconds
        self._response: httpx.Response | None = None
        self._blocks: AsyncIterator[bytes] | None = None
        self._released = False
        self.head: Head
        self.first = b""
        self.rows: int | None = None

    async def begin(self, request: httpx.Request) -> Answer:
        """The answer's beginning; raises Problem."""
        async with self._bounded():
            self._response = await self._engine.send(request)
            if self._response.status_code != httpx.codes.OK:
                raise await _refusal(self._response)
            self._check_format(self._response)
            self._blocks = self._response.aiter_raw(BLOCK)
            whole = await self._read_first()
        checked = self._prepared.checked
        self.head = Head(
            format=self._prepared.format,
            form=checked.form,
            volatile=True,  # nobody tells when the data there changes
            gzip=self._response.headers.get("content-encoding") == "gzip",
            whole=whole,
            seconds_queued=self._queued,
            seconds_engine=time.monotonic() - self._started,
        )
        if whole:
            await self._end("")
            return WholeAnswer(self.head, self.first)
        return self

    async def _read_first(self) -> bool:
        """Read up to 64 KiB; whether that is all."""
        assert self._blocks is not None
        async for block in self._blocks:
            self.first += block
            if len(self.first) >= BLOCK:
                return False
        return True

    def _check_format(self, response: httpx.Response) -> None:
        given = response.headers.get("content-type", "").partition(";")[0].strip()
        wanted = _format(self._prepared)
        if given not in wanted.media_types:
            raise EngineFailure(
                f"The service was asked for {wanted.media_type} and answered {given or 'without a type'}.", status=502
            )

    async def rest(self) -> AsyncIterator[bytes]:
        """The blocks after the first; raises AnswerCutError where the answer cannot be ended."""
        assert self._blocks is not None
        size = len(self.first)
        try:
            while (block := await self._next()) is not None:
                size += len(block)
                if size > self._settings.answer_mib * MIB:
                    raise too_large(self._settings.answer_mib * MIB)
                yield block
        except Problem as problem:
            raise AnswerCutError(problem) from problem
        await self._end("")

    async def _next(self) -> bytes | None:
        assert self._blocks is not None
        async with self._bounded():
            return await anext(self._blocks, None)

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(self._deadline):
                yield
        except TimeoutError:
            await self._end("wall_seconds")
            raise too_long("wall_seconds", self._settings.wall_seconds) from None
        except httpx.HTTPError as error:
            raise EngineFailure(
                f"The service at {self._settings.endpoint} cannot be reached or broke off:"
                f" {error or type(error).__name__}.",
                status=502,
            ) from error

    async def close(self) -> None:
        """Drop the connection where the query still runs."""
        await self._end("" if self._response is not None and self._response.is_stream_consumed else "client")

    async def _end(self, why: str) -> None:
        if self._released:
            return
        self._released = True
        self._engine.release(why)
        if self._response is not None:
            await self._response.aclose()


def _format(prepared: Prepared) -> Format:
    return FORMATS[prepared.format]


async def _refusal(response: httpx.Response) -> Problem:
    said = (await response.aread()).decode(errors="replace").strip()[:EXCERPT]
    if response.status_code == httpx.codes.BAD_REQUEST:
        return QuerySyntaxError(f"The service cannot read the query: {said}")
    return EngineFailure(f"The service answered {response.status_code}: {said}", status=502)


def with_prefixes(query: str, base: str) -> str:
    """The query with those predeclared prefixes declared that it uses and does not declare itself.

    >>> with_prefixes("SELECT * { ?s z:agent ?o }", "https://example.org/")
    'PREFIX z: <https://w3id.org/zhanshi/ontology#> SELECT * { ?s z:agent ?o }'
    """
    found = tokens(query)
    named = {token.text.partition(":")[0] for token in found if token.kind == PREFIXED_NAME}
    declared = {
        name.text.partition(":")[0]
        for name, iri in itertools.pairwise(found)
        if name.kind == PREFIXED_NAME and iri.kind == IRI and name.text.endswith(":")
    }
    known = prefixes(base)
    wanted = sorted((named & set(known)) - declared)
    return "".join(f"PREFIX {name}: <{known[name]}> " for name in wanted) + query
