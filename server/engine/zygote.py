"""The zygote: a process that loads the store once and forks workers from itself on demand.

Run as `python -P -m server.engine.zygote FD SETTINGS`; FD is a SOCK_SEQPACKET socket. It takes
{"fork": id, "online": bool} with the worker's socket beside it, {"clerk": id, "slot": number} with what a clerk needs,
{"kill": id}, {"lower": id} and {"raise": id}, and tells {"ready": …}, {"failed": why}, {"forked": id, "pid": pid} and
{"exit": id, "signal": number, "said": standard error}.
multiprocessing's forkserver was tried for this: it has one instance a process (two versions must live side by side
while one is taken up), loads at import, unpickles a process object for each fork, and tells no exit status.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pyoxigraph as ox

from server.engine import confinement
from server.engine.clerk import Clerk
from server.engine.loading import Stores, load
from server.engine.query import WorkerSettings
from server.engine.runner import Runner
from server.engine.slots import Slots
from server.engine.worker import confined, work
from server.sparql.desk import Desk

SAID_BYTES = 2_000
GARBAGE = 20_000
"""New objects after which a worker's garbage collector looks: seldom, for each look touches shared memory."""


class Zygote:
    """The stores and the living workers, by their ids."""

    def __init__(self, control: socket.socket, settings: WorkerSettings) -> None:
        self.control = control
        self.settings = settings
        self.stores = load(settings.store, settings.dump) if settings.in_memory else None
        self._pids: dict[int, int] = {}
        self._errors: dict[int, int] = {}

    def run(self, wakeup: int) -> None:
        """Obey the control socket until it is closed; then kill every worker."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(wakeup, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if wakeup in ready:
                os.read(wakeup, 4_096)
                self._reap()
            if self.control.fileno() in ready and not self._obey():
                return

    def _obey(self) -> bool:
        try:
            message, descriptors, _, _ = socket.recv_fds(self.control, 4_096, 3)
        except ConnectionResetError:  # the server has gone without hearing all
            message = b""
        if not message:
            return False
        order = json.loads(message)
        if "fork" in order:
            self._fork(order["fork"], partial(self._work, descriptors), descriptors, online=order["online"])
        elif "clerk" in order:
            self._fork(order["clerk"], partial(self._attend, descriptors, order["slot"]), descriptors, online=False)
        elif "kill" in order and order["kill"] in self._pids:
            os.kill(self._pids[order["kill"]], signal.SIGKILL)
        elif "lower" in order and order["lower"] in self._pids:
            confinement.lower_priority(self._pids[order["lower"]])
        elif "raise" in order and order["raise"] in self._pids:
            confinement.raise_priority(self._pids[order["raise"]])
        return True

    def _fork(self, worker: int, task: Callable[[], None], descriptors: list[int], *, online: bool) -> None:
        errors = os.memfd_create("errors", os.MFD_CLOEXEC)
        pid = os.fork()
        if pid == 0:
            self._become(task, errors, online=online)
        for descriptor in descriptors:
            os.close(descriptor)
        self._pids[worker] = pid
        self._errors[worker] = errors
        tell(self.control, {"forked": worker, "pid": pid})

    def _become(self, task: Callable[[], None], errors: int, *, online: bool) -> None:
        try:
            confinement.die_with_parent()
            os.dup2(errors, 2)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.control.close()
            confined(task, self.settings, online=online)
        finally:
            os._exit(0)

    def _work(self, descriptors: list[int]) -> None:
        work(socket.socket(fileno=descriptors[0]), self._runner(), self.settings)

    def _attend(self, descriptors: list[int], slot: int) -> None:
        channel, waiting, memory = descriptors
        desk = Desk(self._runner(), self.settings)
        confinement.stay_on_processor(slot)
        at, clerk = select.epoll.fromfd(waiting), socket.socket(fileno=channel)
        Clerk(clerk, at, Slots(memory), slot, desk, logs=self.settings.access_log).serve()

    def _runner(self) -> Runner:
        return Runner(self.stores or self._on_disk(), self.settings)

    def _on_disk(self) -> Stores:
        store = ox.Store.read_only(self.settings.store)
        return Stores(store, store)

    def _reap(self) -> None:
        for worker, pid in list(self._pids.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                del self._pids[worker]
                ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                said = _drain(self._errors.pop(worker))
                tell(self.control, {"exit": worker, "signal": ended, "said": said})


def _drain(descriptor: int) -> str:
    said = os.pread(descriptor, SAID_BYTES, 0)
    os.close(descriptor)
    return said.decode(errors="replace")


def tell(control: socket.socket, message: dict[str, Any]) -> None:
    """Send a message to the server; that it is gone is noticed when reading."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        control.send(json.dumps(message).encode())


def _child_ended(number: int, frame: FrameType | None) -> None:
    """Take the signal; the wakeup descriptor has told the loop already."""


def main() -> None:
    """Load the store, say that it is ready, fork workers until the server is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = WorkerSettings.from_json(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confinement.die_with_parent()
    confinement.forbid_core_files()
    started = time.monotonic()
    try:
        zygote = Zygote(control, settings)
    except OSError as error:
        tell(control, {"failed": str(error)})
        return
    wakeup, signalled = os.pipe()
    os.set_blocking(signalled, False)
    signal.set_wakeup_fd(signalled, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _child_ended)
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    tell(control, {"ready": {"seconds": time.monotonic() - started}})
    zygote.run(wakeup)


if __name__ == "__main__":
    main()
