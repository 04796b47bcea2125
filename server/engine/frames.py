"""The frames that a worker and the server exchange over a socket: kind, head, data."""

from __future__ import annotations

import struct
from typing import NamedTuple

HEADER = struct.Struct("!cII")
WHOLE = b"W"
PART = b"P"
END = b"E"
FAILURE = b"F"
QUERY = b"Q"
READY = b"R"
BLOCK = 65_536
"""Bytes of an answer that are held back until it is known that they can be sent with a good status."""


class Frame(NamedTuple):
    """One message: its kind, what is told with it, and bytes of an answer."""

    kind: bytes
    head: bytes
    data: bytes = b""

    def to_bytes(self) -> bytes:
        """The frame as it goes over the socket."""
        return HEADER.pack(self.kind, len(self.head), len(self.data)) + self.head + self.data


class About(NamedTuple):
    """The head of an answer: its format, the query's form, whether it may differ next time, what is known of it."""

    format: str
    form: str
    volatile: bool
    gzip: bool
    rows: int | None = None

    def to_bytes(self) -> bytes:
        """The head as five words; -1 for unknown rows."""
        rows = -1 if self.rows is None else self.rows
        return f"{self.format} {self.form} {self.volatile:d} {self.gzip:d} {rows}".encode()

    @classmethod
    def from_bytes(cls, words: bytes) -> About:
        """The head that `to_bytes` wrote."""
        name, form, volatile, gzip, rows = words.decode().split()
        return cls(name, form, volatile == "1", gzip == "1", None if rows == "-1" else int(rows))


class FrameReader:
    """Bytes as they arrive -> whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        self._buffer += data
        frames = []
        while (frame := self._take()) is not None:
            frames.append(frame)
        return frames

    def _take(self) -> Frame | None:
        if len(self._buffer) < HEADER.size:
            return None
        kind, head, data = HEADER.unpack_from(self._buffer)
        middle = HEADER.size + head
        end = middle + data
        if len(self._buffer) < end:
            return None
        frame = Frame(kind, bytes(self._buffer[HEADER.size : middle]), bytes(self._buffer[middle:end]))
        del self._buffer[:end]
        return frame
