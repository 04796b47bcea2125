"""A clerk: a process that reads short queries from the connections lent to it, and answers them itself.

All clerks wait on one epoll instance, each connection for one event (EPOLLONESHOT): whoever is free takes the next
request, and nobody else can have it. A request is read into memory that the server shares, so that whatever a clerk
cannot answer, or dies of, is still there for the server.

A clerk hears over a SOCK_SEQPACKET channel, each with a connection's number: LEND, the client's address and the
connection; WHERE, which it answers with CLEAR: what was taken back before it was asked, it does not hold; FORGET, which
it answers with FORGOTTEN: before that the number must be nobody else's. It tells READY; BACK with the number and the
bytes of an answer that are still to be sent; UNREAD with the number and the bytes that it read and did not answer;
ANSWERED with what it answered since it told that last.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
import time
from typing import NamedTuple, Protocol

from server.counting import Counts
from server.engine.base import Record, Said
from server.engine.slots import Slots
from server.engine.worker import Memory

MESSAGE = struct.Struct("!Bq")
"""A message's kind and number; what else it tells follows."""
READY, LEND, WHERE, CLEAR, FORGET, FORGOTTEN, BACK, UNREAD, ANSWERED = range(9)
ONCE = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT
HEARD_BYTES = 4_096
TOLD_SECONDS = 0.02
"""Seconds for which answers are counted before they are told."""
TOLD_BYTES = 32_768
"""Bytes of their records, beyond which they are told at once."""
RECORD_BYTES = 128
IN_A_ROW = 16
"""Requests that are answered before the channel is listened to."""


class Reply(NamedTuple):
    """An answer as it is sent, and what the log says of it."""

    data: bytes
    said: Said


class Desk(Protocol):
    """Answers the requests that a clerk takes."""

    def reply(self, request: bytes) -> Reply | None:
        """The answer to what stands at a connection; None where it is not one whole request for a short answer."""
        ...


class Clerk:
    """One clerk, with the connections lent to it."""

    def __init__(
        self, channel: socket.socket, waiting: select.epoll, slots: Slots, slot: int, desk: Desk, *, logs: bool
    ) -> None:
        self._channel = channel
        self._waiting = waiting
        self._slots = slots
        self._slot = slot
        self._place = slots.place(slot)
        self._desk = desk
        self._logs = logs
        self._connections: dict[int, socket.socket] = {}
        self._clients: dict[int, str] = {}
        self._counts = Counts()
        self._records: list[Record] = []
        self._record_bytes = 0
        self._told = 0.0
        self._memory = Memory()
        self._open = True

    def serve(self) -> None:
        """Answer until the channel is closed."""
        both = select.epoll()
        both.register(self._channel, select.EPOLLIN)
        both.register(self._waiting, select.EPOLLIN)
        self._tell(READY)
        channel = self._channel.fileno()
        while self._open:
            if any(ready == channel for ready, _ in both.poll(TOLD_SECONDS if self._counts.outcomes else None)):
                self._hear()
            answered = 0
            while answered < IN_A_ROW and self._take():
                answered += 1
            if self._counts.outcomes and time.monotonic() - self._told > TOLD_SECONDS:
                self._report()

    def _hear(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self._channel, HEARD_BYTES, 1)
        if not message:
            self._open = False
            return
        what, number = MESSAGE.unpack_from(message)
        if what == LEND:
            os.dup2(descriptors[0], number)
            os.close(descriptors[0])
            self._connections[number] = socket.socket(fileno=number)
            self._clients[number] = message[MESSAGE.size :].decode()
        elif what == FORGET:
            self._connections.pop(number).close()
            self._tell(FORGOTTEN, number)
        else:
            self._report()
            self._tell(CLEAR, number)

    def _take(self) -> bool:
        """Answer one request; whether there was one."""
        taken = self._waiting.poll(0, 1)
        if not taken:
            return False
        number = taken[0][0]
        self._slots.hold(self._slot, number)
        while number not in self._connections and self._open:
            self._hear()  # it was lent before its request came
        if not self._open:
            return False
        started = time.monotonic()
        back = self._answer(self._connections[number], number, started)
        if back is None:
            self._slots.let_go(self._slot)  # first, for another clerk may have the next request at once
            back = None if self._waits_again(number) else (BACK, b"")
        if back is not None:
            self._report()
            what, rest = back
            self._tell(what, number, rest)
            self._slots.let_go(self._slot)  # last, so that the rest is not lost with its clerk
        self._memory.look(time.monotonic() - started)
        return True

    def _waits_again(self, number: int) -> bool:
        try:
            self._waiting.modify(number, ONCE)
        except FileNotFoundError:
            return False  # it was taken back meanwhile
        return True

    def _answer(self, connection: socket.socket, number: int, started: float) -> tuple[int, bytes] | None:
        """None where the request is answered; else what to tell the server, and what is left for it to do."""
        self._slots.read(self._slot)
        try:
            length = connection.recv_into(self._place, 0, socket.MSG_DONTWAIT)
        except OSError:
            length = 0  # the client has gone, or nothing has come
        self._slots.has_read(self._slot, length)
        request = bytes(self._place[:length])
        reply = self._desk.reply(request)
        if reply is None:
            return UNREAD, request
        self._slots.send(self._slot)
        try:
            sent = connection.send(reply.data, socket.MSG_DONTWAIT)
        except OSError:
            sent = 0  # the client has gone, or does not read
        self._note(self._clients[number], time.monotonic() - started, reply.said)
        return None if sent == len(reply.data) else (BACK, reply.data[sent:])

    def _note(self, client: str, seconds: float, said: Said) -> None:
        self._counts.add(said.outcome, seconds, said.sent)
        if self._logs:
            self._records.append(Record(client, seconds, said))
            self._record_bytes += RECORD_BYTES + len(said.text) * 3
            if self._record_bytes > TOLD_BYTES:
                self._report()

    def _report(self) -> None:
        self._told = time.monotonic()
        if self._counts.outcomes:
            self._tell(ANSWERED, 0, json.dumps([self._counts.to_json(), self._records]).encode())
            self._counts = Counts()
            self._records.clear()
            self._record_bytes = 0

    def _tell(self, what: int, number: int = 0, more: bytes = b"") -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._channel.send(MESSAGE.pack(what, number) + more)
