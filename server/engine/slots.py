"""Memory that the server shares with its clerks: which connection each of them holds, since when, and its request.

Each word is written by its clerk alone and in one piece, so that no lock is needed.
"""

from __future__ import annotations

import mmap
import os
import time

COUNT = 256
_WORDS = 8
"""Words of eight bytes a slot: as many as a line of the processor's cache has."""
_WORD_BYTES = COUNT * _WORDS * 8
_HELD, _SINCE, _STATE, _LENGTH = range(4)
_NOTHING, _READING, _READ, _SENDING = range(4)
REQUEST_BYTES = 32_768
"""Bytes of the largest request that a clerk answers; those that are never used take no memory."""
_BYTES = _WORD_BYTES + COUNT * REQUEST_BYTES


def shared_memory() -> int:
    """A descriptor of such memory, in which nobody holds anything; whoever has it can give it to another process."""
    descriptor = os.memfd_create("slots", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, _BYTES)
    return descriptor


class Slots:
    """The slots in the memory of a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, _BYTES)
        self._all = memoryview(self._map)
        self._words = self._all[:_WORD_BYTES].cast("q")

    def close(self) -> None:
        """Have nothing to do with the memory any more."""
        self._words.release()
        self._all.release()
        self._map.close()

    def hold(self, slot: int, connection: int) -> None:
        """Say that this connection is held from now on."""
        self._words[slot * _WORDS + _SINCE] = time.monotonic_ns()
        self._words[slot * _WORDS + _HELD] = connection

    def place(self, slot: int) -> memoryview:
        """Where the request of the connection is put that is held."""
        return self._all[_WORD_BYTES + slot * REQUEST_BYTES :][:REQUEST_BYTES]

    def read(self, slot: int) -> None:
        """Say that from here on the request is read from the connection."""
        self._words[slot * _WORDS + _STATE] = _READING

    def has_read(self, slot: int, length: int) -> None:
        """Say that so many bytes of a request were read, and stand at their place."""
        self._words[slot * _WORDS + _LENGTH] = length
        self._words[slot * _WORDS + _STATE] = _READ

    def send(self, slot: int) -> None:
        """Say that from here on an answer is sent."""
        self._words[slot * _WORDS + _STATE] = _SENDING

    def let_go(self, slot: int) -> None:
        """Say that no connection is held."""
        self._words[slot * _WORDS + _STATE] = _NOTHING
        self._words[slot * _WORDS + _HELD] = 0

    def held(self, slot: int) -> int:
        """The connection that is held; 0 for none."""
        return self._words[slot * _WORDS + _HELD]

    def seconds(self, slot: int) -> float:
        """Since when a connection is held; 0 where none is."""
        if not self.held(slot):
            return 0.0
        return max(0, time.monotonic_ns() - self._words[slot * _WORDS + _SINCE]) / 1e9

    def unanswered(self, slot: int) -> bytes | None:
        """What was read from the connection that is held; None where it may be lost, or its answer sent in part."""
        state = self._words[slot * _WORDS + _STATE]
        if state == _NOTHING:
            return b""
        return bytes(self.place(slot)[: self._words[slot * _WORDS + _LENGTH]]) if state == _READ else None
