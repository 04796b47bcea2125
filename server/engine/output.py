"""The blocks of an answer, as the engine writes them -> frames on a socket, the first block held back."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from server.engine.frames import BLOCK, END, PART, WHOLE, About

COMPRESS_FROM = 1_024
"""Bytes from which an answer is worth compressing."""
ROW_MARKS = {
    "json": b'},{"', "xml": b"<result>", "csv": b"\r\n", "tsv": b"\n",
    "ntriples": b"\n", "nquads": b"\n",
}  # fmt: skip

NO_ROWS = b"[]}}"
"""The end of an answer in JSON that has none."""


Send = Callable[[bytes, About | None, bytes], None]
"""Sends a frame: its kind, its head (the first frame of an answer and its last have one), its data."""


class AnswerTooLargeError(Exception):
    """The answer has more bytes than the limit."""


class FrameOutput:
    """What takes an answer as a binary file does; it leaves as frames, a small answer whole, in one."""

    def __init__(self, send: Send, about: About, *, limit: int) -> None:
        self._send = send
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

    def write(self, data: bytes) -> int:
        """Take a block; it is sent once 64 KiB are together."""
        self._bytes += len(data)
        if self._bytes > self._limit:
            raise AnswerTooLargeError
        self._blocks.append(data)
        self._held += len(data)
        if self._held >= BLOCK:
            self._send_part()
        return len(data)

    def flush(self) -> None:
        """Nothing: `finish` tells the end."""

    def finish(self) -> None:
        """Send what is held, and that the answer is complete."""
        if self.started:
            if self._held:
                self._send_part()
            rest = self._compressor.flush() if self._compressor else b""
            self._send(END, self._about._replace(rows=self._rows()), rest)
            return
        about, data = self._about, self._take()
        zipped = about.gzip and len(data) >= COMPRESS_FROM
        head = About(about.format, about.form, about.volatile, zipped, self._rows())
        if zipped:
            compressor = zlib.compressobj(1, wbits=31)
            data = compressor.compress(data) + compressor.flush()
        self._send(WHOLE, head, data)

    def _send_part(self) -> None:
        data = self._take()
        head = None
        if not self.started:
            self.started = True
            head = self._about
            self._compressor = zlib.compressobj(1, wbits=31) if self._about.gzip else None
        if self._compressor:
            data = self._compressor.compress(data)
        self._send(PART, head, data)

    def _take(self) -> bytes:
        data = self._blocks[0] if len(self._blocks) == 1 else b"".join(self._blocks)
        self._blocks.clear()
        self._held = 0
        mark = self._mark
        if mark:
            seen = self._tail + data if self._tail else data
            self._marks += seen.count(mark)
            self._tail = seen[len(seen) - len(mark) + 1 :] if len(mark) > 1 else b""
            self._end = (self._end + data[-len(NO_ROWS) :])[-len(NO_ROWS) :]
        return data

    def _rows(self) -> int | None:
        """The number of rows or triples where the format lets it be counted."""
        if self._about.form == "ASK" or self._mark is None:
            return None
        if self._about.format == "json":
            return 0 if self._end == NO_ROWS else self._marks + 1
        return max(0, self._marks - (self._about.format in ("csv", "tsv")))
