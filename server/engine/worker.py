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
from server.engine.frames import FAILURE, READY, Frame, FrameReader
from server.engine.limits import MIB, too_large, too_much_memory
from server.engine.output import AnswerTooLargeError, FrameOutput
from server.engine.preparation import prepare
from server.engine.query import Asked, WorkerSettings
from server.errors import BadRequest, EngineFailure, Problem
from server.gate import Limits

STACK = 512 << 20
"""Bytes of stack for the thread that parses and runs queries: deep nesting needs it, and only touched pages cost."""
LONG = 0.05
"""Seconds after which a query may have used memory worth looking at."""
TRIM_ABOVE = 64 << 20
"""Bytes of growth after which memory is worth giving back to the system."""


def work(connection: socket.socket, store: ox.Store, settings: WorkerSettings, *, online: bool) -> None:
    """Answer the queries that come over the socket; return when it is closed."""
    if not online:
        confinement.leave_network()
    threading.stack_size(STACK)
    thread = threading.Thread(target=_serve, args=(connection, store, settings))
    thread.start()
    thread.join()


def _serve(connection: socket.socket, store: ox.Store, settings: WorkerSettings) -> None:
    confinement.limit_memory(settings.memory_bytes)
    union = next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is None
    bool(store.query("ASK {}"))
    connection.sendall(Frame(READY, b"").to_bytes())
    reader = FrameReader()
    resident = confinement.resident_bytes()
    while data := connection.recv(262_144):
        for frame in reader.feed(data):
            confinement.limit_processor(settings.cpu_seconds)
            started = time.monotonic()
            _answer(connection, store, Asked.from_json(frame.head), settings, union=union)
            if time.monotonic() - started > LONG and confinement.resident_bytes() > resident + TRIM_ABOVE:
                confinement.return_memory()
                resident = confinement.resident_bytes()


def _answer(connection: socket.socket, store: ox.Store, asked: Asked, settings: WorkerSettings, *, union: bool) -> None:
    try:
        _evaluate(connection, store, asked, settings, union=union)
    except MemoryError:
        _fail(connection, too_much_memory(settings.memory_bytes // MIB))
    except Problem as problem:
        _fail(connection, problem)


def _fail(connection: socket.socket, problem: Problem) -> None:
    failure: dict[str, Any] = {"problem": type(problem).__name__, "detail": problem.detail, "code": problem.code}
    connection.sendall(Frame(FAILURE, json.dumps({**failure, "members": problem.members}).encode()).to_bytes())


def _evaluate(
    connection: socket.socket, store: ox.Store, asked: Asked, settings: WorkerSettings, *, union: bool
) -> None:
    limits = Limits(nesting=settings.nesting, patterns=settings.patterns)
    prepared = prepare(asked, limits=limits, services=settings.services, base=settings.base)
    head = {"format": prepared.format, "form": prepared.checked.form, "volatile": prepared.checked.volatile}
    output = FrameOutput(
        connection, format_name=prepared.format, head=head, limit=settings.answer_bytes, gzip=asked.gzip
    )
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


def _status(services: tuple[str, ...]) -> int:
    return 502 if services else 500
