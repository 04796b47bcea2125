"""The server's end of a zygote: workers are born here, killed here, and their ends are told here."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from server.engine.link import Child, Link
from server.engine.query import WorkerSettings
from server.errors import PublicationError

SOCKET_BUFFER = 1 << 20
ALLOCATION = "glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=2000"
"""How glibc hands out memory there, unless the environment says otherwise: from huge pages, which makes a store in
memory a sixth faster, and with room at hand for the thousands of small pieces that reading a query takes."""


class Nursery:
    """A running zygote and the links to its workers."""

    def __init__(self, settings: WorkerSettings, on_lost: Callable[[], None]) -> None:
        self._settings = settings
        self._on_lost = on_lost
        self._links: dict[int, Child] = {}
        self._next = 0
        self._control: socket.socket | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._ready: asyncio.Future[float] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the zygote takes orders."""
        return self._control is not None

    @property
    def pid(self) -> int:
        """The zygote's process id, 0 before it is started."""
        return self._process.pid if self._process else 0

    async def start(self) -> float:
        """Start the zygote; the seconds it took to load the store. Raises PublicationError where it cannot."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._control, self._ready = ours, loop.create_future()
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "server.engine.zygote", str(theirs.fileno()), self._settings.to_json(),
                pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL, start_new_session=True,
                env={"GLIBC_TUNABLES": ALLOCATION, **os.environ},
            )  # fmt: skip
        loop.add_reader(ours.fileno(), self._hear)
        return await self._ready

    def _hear(self) -> None:
        assert self._control is not None
        try:
            message = self._control.recv(65_536)
        except BlockingIOError:
            return
        except ConnectionResetError:
            message = b""
        if not message:
            self._lost("The process that holds the store has ended.")
            return
        self._take(json.loads(message))

    def _take(self, message: dict[str, Any]) -> None:
        if "exit" in message:
            link = self._links.pop(message["exit"], None)
            if link is not None and not link.ended.done():
                link.ended.set_result(message)
        elif "forked" in message:
            if (link := self._links.get(message["forked"])) is not None:
                link.pid = message["pid"]
        elif self._ready is not None and not self._ready.done():
            if "ready" in message:
                self._ready.set_result(message["ready"]["seconds"])
            else:
                self._ready.set_exception(
                    PublicationError(f"The published store cannot be loaded: {message['failed']}")
                )

    def _lost(self, why: str) -> None:
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(PublicationError(why))
        else:
            self._on_lost()

    async def fork(self, *, online: bool = False) -> Link:
        """The link to a new worker that is ready; raises WorkerEndedError where it is not."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
        link = Link(self._number())
        self._links[link.number] = link
        with theirs:
            self._order({"fork": link.number, "online": online}, theirs.fileno())
        ours.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: link, ours)
        await link.frame()
        return link

    def fork_clerk(self, slot: int, channel: int, waiting: int, memory: int) -> Child:
        """A new clerk of that slot, on the descriptors of its channel, its connections and the slots."""
        child = Child(self._number())
        self._links[child.number] = child
        self._order({"clerk": child.number, "slot": slot}, channel, waiting, memory)
        return child

    def _number(self) -> int:
        self._next += 1
        return self._next

    def kill(self, link: Child) -> None:
        """Kill a process, whatever it does."""
        self._order({"kill": link.number})

    def lower_priority(self, link: Link) -> None:
        """Let a worker give way to others."""
        self._order({"lower": link.number})

    def raise_priority(self, link: Link) -> None:
        """Let a worker run as all others do."""
        self._order({"raise": link.number})

    def _order(self, order: dict[str, Any], *descriptors: int) -> None:
        if self._control is not None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # that it has ended is heard next
                socket.send_fds(self._control, [json.dumps(order).encode()], descriptors)

    async def close(self) -> None:
        """End the zygote and with it every worker."""
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        if self._process is not None:
            await self._process.wait()
