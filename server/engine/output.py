"""The blocks of an answer, as the engine writes them -> frames on a socket, the first block held back."""

from __future__ import annotations

import io
import socket
import zlib
from typing import Any

from server.engine.frames import BLOCK, END, PART, WHOLE, About, Frame

COMPRESS_FROM = 1_024
"""Bytes from which an answer is worth compressing."""
ROW_MARKS = {
    "json": b'},{"', "xml": b"<result>", "csv": b"\r\n", "tsv": b"\n",
    "ntriples": b"\n", "nquads": b"\n",
}  # fmt: skip

NO_ROWS = b"[]}}"
"""The end of an answer in JSON that has none."""


class AnswerTooLargeError(Exception):
    """The answer has more bytes than the limit."""


class FrameOutput(io.RawIOBase):
    """A binary file whose bytes leave as frames; small answers leave whole, in one frame."""

    def __init__(self, connection: socket.socket, about: About, *, limit: int) -> None:
        super().__init__()
        self._connection = connection
        self._about = about
        self._limit = limit
        self._mark = ROW_MARKS.get(about.format)
        self._tail = self._end = b""
        self._marks = 0
        self._blocks: list[bytes] = []
        self._held = 0
        self._bytes = 0
        self._compressor: Any = None
        self.started = False

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any, /) -> int:
        """Take a block; it is sent once 64 KiB are together."""
        block = bytes(data)
        self._bytes += len(block)
        if self._bytes > self._limit:
            raise AnswerTooLargeError
        self._blocks.append(block)
        self._held += len(block)
        if self._held >= BLOCK:
            self._send_part()
        return len(block)

    def finish(self) -> None:
        """Send what is held, and that the answer is complete."""
        if self.started:
            if self._held:
                self._send_part()
            rest = self._compressor.flush() if self._compressor else b""
            self._connection.sendall(Frame(END, self._about._replace(rows=self._rows()).to_bytes(), rest).to_bytes())
            return
        data = self._take()
        zipped = self._about.gzip and len(data) >= COMPRESS_FROM
        head = self._about._replace(gzip=zipped, rows=self._rows())
        if zipped:
            compressor = zlib.compressobj(1, wbits=31)
            data = compressor.compress(data) + compressor.flush()
        self._connection.sendall(Frame(WHOLE, head.to_bytes(), data).to_bytes())

    def _send_part(self) -> None:
        data = self._take()
        head = b""
        if not self.started:
            self.started = True
            head = self._about.to_bytes()
            self._compressor = zlib.compressobj(1, wbits=31) if self._about.gzip else None
        if self._compressor:
            data = self._compressor.compress(data)
        self._connection.sendall(Frame(PART, head, data).to_bytes())

    def _take(self) -> bytes:
        data = b"".join(self._blocks)
        self._blocks.clear()
        self._held = 0
        if self._mark:
            seen = self._tail + data
            self._marks += seen.count(self._mark)
            self._tail = seen[len(seen) - len(self._mark) + 1 :] if len(self._mark) > 1 else b""
            self._end = (self._end + data[-len(NO_ROWS) :])[-len(NO_ROWS) :]
        return data

    def _rows(self) -> int | None:
        """The number of rows or triples where the format lets it be counted."""
        if self._about.form == "ASK" or self._mark is None:
            return None
        if self._about.format == "json":
            return 0 if self._end == NO_ROWS else self._marks + 1
        return max(0, self._marks - (self._about.format in ("csv", "tsv")))
