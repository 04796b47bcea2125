"""The worker: a forked process that answers one query after another over its socket, until it is killed or let go."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import IO, Any, cast

import pyoxigraph as ox

from server.engine import confinement
from server.engine.evaluation import evaluate, write
from server.engine.frames import FAILURE, READY, About, Frame, FrameReader
from server.engine.limits import MIB, too_large, too_much_memory
from server.engine.loading import Stores
from server.engine.output import AnswerTooLargeError, FrameOutput
from server.engine.preparation import Prepared, prepare
from server.engine.query import Asked, WorkerSettings
from server.errors import BadRequest, EngineFailure, Problem
from server.gate import Limits

STACK = 512 << 20
"""Bytes of stack for the thread that parses and runs queries: deep nesting needs it, and only touched pages cost."""
RECEIVED = 32_768
"""Bytes taken from the socket at once: enough for nearly every query, few enough to need no memory of their own."""
LONG = 0.05
"""Seconds after which a query may have used memory worth looking at."""
TRIM_ABOVE = 64 << 20
"""Bytes of growth after which memory is worth giving back to the system."""


def work(connection: socket.socket, stores: Stores, settings: WorkerSettings, *, online: bool) -> None:
    """Answer the queries that come over the socket; return when it is closed."""
    if not online:
        confinement.leave_network()
    threading.stack_size(STACK)
    thread = threading.Thread(target=_serve, args=(connection, stores, settings))
    thread.start()
    thread.join()


def _serve(connection: socket.socket, stores: Stores, settings: WorkerSettings) -> None:
    confinement.limit_memory(settings.memory_bytes)
    worker = Worker(connection, stores, settings)
    connection.sendall(Frame(READY, b"").to_bytes())
    reader = FrameReader()
    processor = confinement.ProcessorLimit(settings.cpu_seconds)
    resident = confinement.resident_bytes()
    while data := connection.recv(RECEIVED):
        for frame in reader.feed(data):
            processor.start()
            started = time.monotonic()
            worker.answer(Asked.from_bytes(frame.head))
            if time.monotonic() - started > LONG and confinement.resident_bytes() > resident + TRIM_ABOVE:
                confinement.return_memory()
                resident = confinement.resident_bytes()


class Worker:
    """Answers one query after another."""

    def __init__(self, connection: socket.socket, stores: Stores, settings: WorkerSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._limits = Limits(nesting=settings.nesting, patterns=settings.patterns)
        self._whole = _with_scope(stores.whole)
        self._triples = _with_scope(stores.triples)

    def answer(self, asked: Asked) -> None:
        """Send the answer of a query, or what stands in its way."""
        try:
            self._evaluate(asked)
        except MemoryError:
            self._fail(too_much_memory(self._settings.memory_bytes // MIB))
        except Problem as problem:
            self._fail(problem)

    def _fail(self, problem: Problem) -> None:
        failure: dict[str, Any] = {"problem": type(problem).__name__, "detail": problem.detail, "code": problem.code}
        self._connection.sendall(
            Frame(FAILURE, json.dumps({**failure, "members": problem.members}).encode()).to_bytes()
        )

    def _evaluate(self, asked: Asked) -> None:
        settings = self._settings
        prepared = prepare(asked, limits=self._limits, services=settings.services, base=settings.base)
        about = About(prepared.format, prepared.checked.form, prepared.checked.volatile, asked.gzip)
        output = FrameOutput(self._connection, about, limit=settings.answer_bytes)
        store, union = self._whole if _names_graphs(asked, prepared) else self._triples
        try:
            answer = evaluate(store, asked, prepared, base=settings.base, union=union)
            write(answer, cast(IO[bytes], output), prepared.format, base=settings.base)
            output.finish()
        except AnswerTooLargeError:
            raise too_large(settings.answer_bytes) from None
        except (OSError, ValueError, RuntimeError) as error:
            if str(error).startswith("The custom function"):
                raise BadRequest(f"{error}: it is no function of SPARQL 1.1, GeoSPARQL or xsd.") from error
            raise EngineFailure(
                f"The query could not be run to its end: {error}.", status=_status(prepared.checked.services)
            ) from error


def _with_scope(store: ox.Store) -> tuple[ox.Store, bool]:
    """The store, warmed up, and whether what it holds is in named graphs alone."""
    bool(store.query("ASK {}"))
    return store, next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is None


def _names_graphs(asked: Asked, prepared: Prepared) -> bool:
    """Whether it matters to the query in which graphs the triples stand."""
    checked = prepared.checked
    return checked.graphs or checked.dataset or asked.default is not None or asked.named is not None


def _status(services: tuple[str, ...]) -> int:
    return 502 if services else 500
