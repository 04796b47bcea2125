"""The worker: a forked process that answers one query after another over its socket, until it is killed or let go."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

from server.engine import confinement
from server.engine.frames import FAILURE, READY, About, Frame, FrameReader
from server.engine.output import FrameOutput
from server.engine.query import Asked, WorkerSettings
from server.engine.runner import Runner
from server.errors import Problem

STACK = 512 << 20
"""Bytes of stack for the thread that parses and runs queries: deep nesting needs it, and only touched pages cost."""
RECEIVED = 32_768
"""Bytes taken from the socket at once: enough for nearly every query, few enough to need no memory of their own."""
LONG = 0.05
"""Seconds after which a query may have used memory worth looking at."""
TRIM_ABOVE = 64 << 20
"""Bytes of growth after which memory is worth giving back to the system."""


def confined(task: Callable[[], None], settings: WorkerSettings, *, online: bool) -> None:
    """Do the task, which runs queries, with stack enough, within a query's memory and, unless online, off the net."""
    if not online:
        confinement.leave_network()
    threading.stack_size(STACK)

    def limited() -> None:
        confinement.limit_memory(settings.memory_bytes)
        task()

    thread = threading.Thread(target=limited)
    thread.start()
    thread.join()


class Memory:
    """What this process holds beyond what it needs."""

    def __init__(self) -> None:
        self._resident = confinement.resident_bytes()

    def look(self, seconds: float) -> None:
        """Give memory back to the system after a query of so many seconds, where it left much."""
        if seconds > LONG and confinement.resident_bytes() > self._resident + TRIM_ABOVE:
            confinement.return_memory()
            self._resident = confinement.resident_bytes()


def work(connection: socket.socket, runner: Runner, settings: WorkerSettings) -> None:
    """Answer the queries that come over the socket; return when it is closed."""

    def send(kind: bytes, about: About | None, data: bytes) -> None:
        connection.sendall(Frame(kind, about.to_bytes() if about else b"", data).to_bytes())

    make = partial(FrameOutput, send, limit=settings.answer_bytes)
    send(READY, None, b"")
    reader = FrameReader()
    processor = confinement.ProcessorLimit(settings.cpu_seconds)
    memory = Memory()
    while data := connection.recv(RECEIVED):
        for frame in reader.feed(data):
            processor.start()
            started = time.monotonic()
            try:
                runner.run(Asked.from_bytes(frame.head), make)
            except Problem as problem:
                connection.sendall(_failure(problem).to_bytes())
            memory.look(time.monotonic() - started)


def _failure(problem: Problem) -> Frame:
    told = {"problem": type(problem).__name__, "detail": problem.detail, "code": problem.code}
    return Frame(FAILURE, json.dumps({**told, "members": problem.members}).encode())
