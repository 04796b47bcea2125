"""Connections that are lent to clerks, which answer short queries on them without a way through the server.

A small query costs less than to hand it from one process to another and back. So a connection that has asked several
of them in a row is lent, for a while at most. Whatever is not such a query comes back, unread. A clerk that takes
long is killed and its query asked again in the usual way, where it has its turn and its limits; and while one takes
longer than others should wait, no connection is lent.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import select
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from server.counting import Counts
from server.engine.base import Borrowed, Record, Report, Said
from server.engine.clerk import ANSWERED, BACK, CLEAR, FORGET, FORGOTTEN, LEND, MESSAGE, ONCE, READY, UNREAD, WHERE
from server.engine.link import Child
from server.engine.nursery import SOCKET_BUFFER, Nursery
from server.engine.slots import COUNT, Slots, shared_memory

HEARD_BYTES = 262_144
"""Bytes of the longest message of a clerk: the rest of an answer, or a record with its query."""
LOG = logging.getLogger("zhanshi.engine")
LOOK_SECONDS = 0.01
LONG_SECONDS = 0.03
"""Seconds after which others that wait for a clerk go another way."""
LONGEST_SECONDS = 0.5
"""Seconds that a clerk may take for a request, or to say that it does not hold a connection."""
LOAN_SECONDS = 10.0
"""Seconds after which a connection comes back, so that the server sees what it has to see of it."""
PAUSE_SECONDS = 1.0
"""Seconds without lending after a query that took long."""
MOST = 256
"""Connections that are lent at once."""
MOST_OF_A_CLIENT = 8
"""Of them, where there are several clients: each waits for all that asked before."""
FIRST_NUMBER = 2_048
"""The lowest descriptor of a lent connection: it has the same number in all processes, and no other file there has."""


class Loan:
    """A lent connection: `awaited` are the clerks that may still hold it while it is being taken back."""

    def __init__(self, number: int, connection: Borrowed) -> None:
        self.number = number
        self.connection = connection
        self.until = time.monotonic() + LOAN_SECONDS
        self.ending = False
        self.awaited: set[Clerk] = set()


class Clerk:
    """The server's end of a clerk."""

    def __init__(self, slot: int, channel: socket.socket, child: Child) -> None:
        self.slot = slot
        self.channel = channel
        self.child = child
        self.is_ready = False
        self.is_killed = False
        self.is_open = True


def _unheard(_: Report) -> None:
    """Nothing: nobody has asked to be told."""


def _log_end(clerk: Clerk, ended: asyncio.Future[dict[str, Any]]) -> None:
    """Say of a clerk that was not killed why it ended."""
    signal, said = ended.result()["signal"], ended.result()["said"]
    if not clerk.is_killed and (signal or said):
        LOG.error(json.dumps({"clerk": "ended unexpectedly", "signal": signal, "said": said}))


class Loans:
    """The clerks and what is lent to them."""

    def __init__(self, nursery: Nursery, clerks: int) -> None:
        self._nursery = nursery
        self._wanted = min(clerks, COUNT)
        self._clerks: dict[int, Clerk] = {}
        self._loans: dict[int, Loan] = {}
        self._leaving: dict[int, set[Clerk]] = {}
        """Numbers that are no longer lent, and the clerks that have not forgotten them."""
        self._paused_until = 0.0
        self._told: Callable[[Report], None] = _unheard
        self._looking: asyncio.TimerHandle | None = None
        self._closed = False
        self._waiting = select.epoll()
        self._memory = shared_memory()
        self._slots = Slots(self._memory)

    def __len__(self) -> int:
        return len(self._loans)

    def start(self) -> None:
        """Have the clerks forked; connections are lent once they are ready."""
        for slot in range(self._wanted):
            self._fork(slot)

    def _fork(self, slot: int) -> None:
        if self._closed or not self._nursery.is_open:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
        ours.setblocking(False)
        self._slots.let_go(slot)
        with theirs:
            child = self._nursery.fork_clerk(slot, theirs.fileno(), self._waiting.fileno(), self._memory)
        clerk = self._clerks[slot] = Clerk(slot, ours, child)
        child.ended.add_done_callback(partial(_log_end, clerk))
        asyncio.get_running_loop().add_reader(ours.fileno(), self._hear, clerk)
        for loan in self._loans.values():
            self._give(clerk, loan)

    def lend(self, connection: Borrowed, told: Callable[[Report], None]) -> Callable[[], None] | None:
        """What takes the connection back, where it is lent; the lender no longer reads from it until it is back.

        `told` hears of every answer that clerks give, from now on, soon after they have given it.
        """
        if not self._may_lend() or not self._has_share(connection.address):
            return None
        try:
            number = fcntl.fcntl(connection.descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_NUMBER)
        except OSError:
            return None  # there are no more descriptors
        try:
            self._waiting.register(number, ONCE)
        except OSError:
            os.close(number)  # there is no more room
            return None
        self._told = told
        loan = self._loans[number] = Loan(number, connection)
        for clerk in list(self._clerks.values()):
            self._give(clerk, loan)
        self._look_soon()
        return lambda: self._take_back(loan)

    def _may_lend(self) -> bool:
        return (
            not self._closed
            and len(self._loans) < MOST
            and time.monotonic() > self._paused_until
            and any(clerk.is_ready for clerk in self._clerks.values())
        )

    def _has_share(self, address: str) -> bool:
        """Whether that client may have one more; where there are several, none keeps more than its part."""
        of_clients: dict[str, list[Loan]] = {address: []}
        for loan in self._loans.values():
            of_clients.setdefault(loan.connection.address, []).append(loan)
        if len(of_clients) == 1:
            return True
        for loans in of_clients.values():
            for loan in loans[MOST_OF_A_CLIENT:]:
                self._take_back(loan)
        return len(of_clients[address]) < MOST_OF_A_CLIENT

    def _take_back(self, loan: Loan) -> None:
        """Let no clerk take another request of the connection; it is back when none holds it."""
        if loan.ending or self._loans.get(loan.number) is not loan:
            return
        loan.ending = True
        loan.until = time.monotonic() + LONGEST_SECONDS
        self._waiting.unregister(loan.number)
        loan.awaited = set(self._clerks.values())
        for clerk in loan.awaited:
            self._say(clerk, WHERE, loan.number)

    def _settle(self) -> None:
        """End the loans that nobody holds: who holds another connection has told before that he is done with one."""
        held = {clerk: self._slots.held(clerk.slot) for clerk in self._clerks.values()}
        for clerk in held:
            while clerk.is_open and self._hear(clerk):
                pass
        for loan in [loan for loan in self._loans.values() if loan.ending]:
            loan.awaited = {
                clerk for clerk in loan.awaited if clerk.is_ready and held.get(clerk, 0) in (0, loan.number)
            }
            self._end_unless_awaited(loan)

    def _end_unless_awaited(self, loan: Loan) -> None:
        if not loan.awaited and self._loans.get(loan.number) is loan:
            self._end(loan)

    def _end(self, loan: Loan, *, rest: bytes = b"", unread: bytes | None = b"") -> None:
        """Give a connection back, with what is to be sent and what was read from it, unless that is lost."""
        del self._loans[loan.number]
        if not loan.ending:
            self._waiting.unregister(loan.number)
        self._leaving[loan.number] = set(self._clerks.values())
        for clerk in list(self._clerks.values()):
            self._say(clerk, FORGET, loan.number)
        self._forgotten(loan.number, None)
        if unread is None:
            loan.connection.cut()
        else:
            loan.connection.back(rest, unread)

    def _forgotten(self, number: int, clerk: Clerk | None) -> None:
        """Close a number that no clerk knows any more: given to another connection before, it would be both."""
        knowing = self._leaving[number]
        knowing.discard(clerk)
        if not knowing:
            del self._leaving[number]
            os.close(number)

    def _give(self, clerk: Clerk, loan: Loan) -> None:
        self._say(clerk, LEND, loan.number, loan.connection.address.encode(), [loan.number])

    def _say(self, clerk: Clerk, what: int, number: int, more: bytes = b"", descriptors: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(clerk.channel, [MESSAGE.pack(what, number) + more], descriptors)
        except BlockingIOError:
            self._kill(clerk)  # it has not listened for long
        except OSError:
            pass  # it has ended, which is heard next

    def _hear(self, clerk: Clerk) -> bool:
        """Hear one message; whether there was one."""
        try:
            message = clerk.channel.recv(HEARD_BYTES)
        except BlockingIOError:
            return False
        except ConnectionError:
            message = b""
        if message:
            what, number = MESSAGE.unpack_from(message)
            self._take(clerk, what, number, message[MESSAGE.size :])
        else:
            self._ended(clerk)
        return True

    def _take(self, clerk: Clerk, what: int, number: int, more: bytes) -> None:
        if what == READY:
            clerk.is_ready = True
        elif what == ANSWERED:
            counts, records = json.loads(more)
            logged = [Record(client, seconds, Said(*said)) for client, seconds, said in records]
            self._told(Report(Counts.from_json(counts), logged))
        elif what == BACK:
            self._end(self._loans[number], rest=more)
        elif what == UNREAD:
            self._end(self._loans[number], unread=more)
        elif what == FORGOTTEN:
            self._forgotten(number, clerk)
        elif what == CLEAR and number in self._loans:
            self._let_go(clerk, [self._loans[number]])

    def _let_go(self, clerk: Clerk, loans: list[Loan]) -> None:
        """Know that the clerk does not hold these."""
        for loan in loans:
            loan.awaited.discard(clerk)
            if loan.ending:
                self._end_unless_awaited(loan)

    def _ended(self, clerk: Clerk) -> None:
        """Take back what a clerk held that has ended, and have another in its stead."""
        self._close(clerk)
        held = self._slots.held(clerk.slot)
        del self._clerks[clerk.slot]
        self._pause()
        if not self._closed:
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._fork, clerk.slot)
        if held in self._loans:
            self._end(self._loans[held], unread=self._slots.unanswered(clerk.slot))
        self._let_go(clerk, list(self._loans.values()))
        for number in list(self._leaving):
            self._forgotten(number, clerk)

    def _close(self, clerk: Clerk) -> None:
        clerk.is_open = False
        asyncio.get_running_loop().remove_reader(clerk.channel.fileno())
        clerk.channel.close()

    def _kill(self, clerk: Clerk) -> None:
        if not clerk.is_killed:
            clerk.is_killed = True
            self._nursery.kill(clerk.child)

    def _pause(self) -> None:
        """Lend nothing for a while, and take back what no clerk holds."""
        self._paused_until = time.monotonic() + PAUSE_SECONDS
        for loan in list(self._loans.values()):
            self._take_back(loan)

    def _look_soon(self) -> None:
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        """See to it that no clerk takes long, that loans end, and that what is taken back comes back."""
        self._looking = None
        if not self._loans:
            return
        self._look_soon()
        longest = 0.0
        for clerk in list(self._clerks.values()):
            seconds = self._slots.seconds(clerk.slot)
            longest = max(longest, seconds)
            if seconds > LONGEST_SECONDS:
                self._kill(clerk)
        if longest > LONG_SECONDS:
            self._pause()
        now = time.monotonic()
        for loan in [loan for loan in self._loans.values() if loan.until < now]:
            if loan.ending:
                for clerk in loan.awaited:
                    self._kill(clerk)
            else:
                self._take_back(loan)
        self._settle()

    async def close(self) -> None:
        """Take back all that is lent, and let the clerks go."""
        self._closed = True
        self._pause()
        while self._loans:
            await asyncio.sleep(LOOK_SECONDS)
        if self._looking is not None:
            self._looking.cancel()
        for clerk in self._clerks.values():
            self._close(clerk)
        self._clerks.clear()
        for number in self._leaving:
            os.close(number)
        self._leaving.clear()
        self._waiting.close()
        self._slots.close()
        os.close(self._memory)
