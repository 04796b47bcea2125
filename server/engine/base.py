"""What an engine is to the rest of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from server.counting import Counts
from server.engine.query import Asked


@dataclass(frozen=True)
class Head:
    """What is known of an answer once its first bytes are there; rows and bytes only where it is whole."""

    format: str
    form: str
    volatile: bool
    gzip: bool
    whole: bool
    rows: int | None = None
    seconds_queued: float = 0.0
    seconds_engine: float = 0.0


@dataclass
class WholeAnswer:
    """An answer that is here whole; its worker already runs the next query."""

    head: Head
    first: bytes

    async def rest(self) -> AsyncIterator[bytes]:
        """Nothing."""
        return
        yield b""

    async def close(self) -> None:
        """Nothing is left to do."""

    @property
    def rows(self) -> int | None:
        """The rows or triples of the answer, where known."""
        return self.head.rows


class Answer(Protocol):
    """An answer whose first 64 KiB are there. Whoever takes it must close it."""

    head: Head
    first: bytes

    def rest(self) -> AsyncIterator[bytes]:
        """The blocks after the first; raises AnswerCutError where the answer cannot be ended."""
        ...

    async def close(self) -> None:
        """Be done with the answer; a query that still runs is killed."""
        ...

    @property
    def rows(self) -> int | None:
        """The rows or triples of the answer, where known; for a long one only after its end."""
        ...


class Beginning(Protocol):
    """A query that was asked without waiting for its answer."""

    def whole(self) -> WholeAnswer | None:
        """The answer, where all of it is here; for all else, ask for `answer`."""
        ...

    async def answer(self) -> Answer:
        """The answer's beginning; raises Problem."""
        ...

    def end(self) -> None:
        """Be done with the query before its answer: kill it where it runs."""
        ...


class Borrowed(Protocol):
    """A connection that is lent."""

    @property
    def descriptor(self) -> int:
        """Its descriptor."""
        ...

    @property
    def address(self) -> str:
        """The client's address, without its port."""
        ...

    def back(self, rest: bytes, unread: bytes) -> None:
        """Take it back, send the rest of an answer, and take what was read from it as if it came now."""
        ...

    def cut(self) -> None:
        """Take it back after an answer that broke off."""
        ...


class Said(NamedTuple):
    """What the log says of an answer that one of the engine's processes gave; `rows` is None where unknown."""

    path: str
    outcome: str
    sent: int
    rows: int | None
    digest: str
    text: str


class Record(NamedTuple):
    """Such an answer: the client's address, the seconds it took, what else the log says of it."""

    client: str
    seconds: float
    said: Said


class Report(NamedTuple):
    """What one of the engine's processes answered: counts of all, and records where they are logged."""

    counts: Counts
    records: list[Record]


class Engine(Protocol):
    """Answers queries, each in a process of its own that can be killed."""

    async def start(self) -> None:
        """Be ready to answer; raises PublicationError where that is impossible."""
        ...

    async def ask(self, asked: Asked, client: str) -> Answer:
        """The answer's beginning; raises Problem."""
        ...

    def begin(self, asked: Asked, client: str, told: Callable[[], None]) -> Beginning | None:
        """Begin to answer without waiting; `told` is called once the beginning is there. Raises Busy.

        None where this engine, or this query, can only be waited for.
        """
        ...

    def lend(self, connection: Borrowed, told: Callable[[Report], None]) -> Callable[[], None] | None:
        """What takes the connection back, where the engine's own processes answer on it for now; None where not.

        `told` hears of their answers.
        """
        ...

    async def close(self, seconds: float) -> None:
        """Let running queries end within those seconds, then kill them."""
        ...

    def state(self) -> dict[str, Any]:
        """Numbers for the metrics: running, long, waiting, killed, processes."""
        ...

    @property
    def ready(self) -> bool:
        """Whether queries can be answered."""
        ...
