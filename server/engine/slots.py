"""Memory that the server shares with its clerks: which connection each of them holds, and since when.

Each word is written by its clerk alone and in one piece, so that no lock is needed.
"""

from __future__ import annotations

import mmap
import os
import time

COUNT = 256
_WORDS = 8
"""Words of eight bytes a slot: as many as a line of the processor's cache has."""
_BYTES = COUNT * _WORDS * 8
_HELD, _SINCE, _SENDING = range(3)


def shared_memory() -> int:
    """A descriptor of such memory, in which nobody holds anything; whoever has it can give it to another process."""
    descriptor = os.memfd_create("slots", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, _BYTES)
    return descriptor


class Slots:
    """The slots in the memory of a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, _BYTES)
        self._words = memoryview(self._map).cast("q")

    def close(self) -> None:
        """Have nothing to do with the memory any more."""
        self._words.release()
        self._map.close()

    def hold(self, slot: int, connection: int) -> None:
        """Say that this connection is held from now on."""
        self._words[slot * _WORDS + _SINCE] = time.monotonic_ns()
        self._words[slot * _WORDS + _HELD] = connection

    def send(self, slot: int) -> None:
        """Say that from here on the connection's request is taken from it."""
        self._words[slot * _WORDS + _SENDING] = 1

    def let_go(self, slot: int) -> None:
        """Say that no connection is held."""
        self._words[slot * _WORDS + _SENDING] = 0
        self._words[slot * _WORDS + _HELD] = 0

    def held(self, slot: int) -> int:
        """The connection that is held; 0 for none."""
        return self._words[slot * _WORDS + _HELD]

    def seconds(self, slot: int) -> float:
        """Since when a connection is held; 0 where none is."""
        if not self.held(slot):
            return 0.0
        return max(0, time.monotonic_ns() - self._words[slot * _WORDS + _SINCE]) / 1e9

    def is_sending(self, slot: int) -> bool:
        """Whether the request was taken and its answer perhaps sent in part."""
        return self._words[slot * _WORDS + _SENDING] == 1
