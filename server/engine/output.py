"""The blocks of an answer, as the engine writes them -> frames on a socket, or one short answer."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Protocol

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


class Output(Protocol):
    """What takes an answer as a binary file does, and is told its end."""

    def write(self, data: bytes) -> int:
        """Take a block."""
        ...

    def flush(self) -> None:
        """Nothing: `finish` tells the end."""
        ...

    def finish(self) -> None:
        """Know that the answer is complete."""
        ...


class AnswerTooLargeError(Exception):
    """The answer has more bytes than the limit."""


class LongAnswerError(Exception):
    """The answer has more bytes than are held back."""


class ShortOutput:
    """Keeps an answer of less than 64 KiB: at its end `body` has it whole, as `about` says."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.body = b""
        self._blocks: list[bytes] = []
        self._bytes = 0

    def write(self, data: bytes) -> int:
        """Take a block; raises LongAnswerError."""
        size = len(data)
        self._bytes += size
        if self._bytes >= BLOCK:
            raise LongAnswerError
        self._blocks.append(data)
        return size

    def flush(self) -> None:
        """Nothing: `finish` tells the end."""

    def finish(self) -> None:
        """Put the answer together."""
        self.about, self.body = _whole(self.about, b"".join(self._blocks))


class FrameOutput:
    """Sends an answer as frames; a short one whole, in one."""

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
        """Take a block; it is sent once 64 KiB are together. Raises AnswerTooLargeError."""
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
        if not self.started:
            self._send(WHOLE, *_whole(self._about, b"".join(self._blocks)))
            return
        if self._held:
            self._send_part()
        rest = self._compressor.flush() if self._compressor else b""
        self._send(END, self._about._replace(rows=_rows(self._about, self._marks, self._end)), rest)

    def _send_part(self) -> None:
        data = b"".join(self._blocks)
        self._blocks.clear()
        self._held = 0
        self._count(data)
        head = None
        if not self.started:
            self.started = True
            head = self._about
            self._compressor = zlib.compressobj(1, wbits=31) if self._about.gzip else None
        self._send(PART, head, self._compressor.compress(data) if self._compressor else data)

    def _count(self, data: bytes) -> None:
        mark = self._mark
        if mark:
            seen = self._tail + data
            self._marks += seen.count(mark)
            self._tail = seen[len(seen) - len(mark) + 1 :] if len(mark) > 1 else b""
            self._end = (self._end + data[-len(NO_ROWS) :])[-len(NO_ROWS) :]


def _whole(about: About, data: bytes) -> tuple[About, bytes]:
    """The answer with its rows counted, compressed where that is asked for and worth it."""
    mark = ROW_MARKS.get(about.format)
    rows = _rows(about, data.count(mark), data) if mark else None
    zipped = about.gzip and len(data) >= COMPRESS_FROM
    if zipped:
        compressor = zlib.compressobj(1, wbits=31)
        data = compressor.compress(data) + compressor.flush()
    return About(about.format, about.form, about.volatile, zipped, rows), data


def _rows(about: About, marks: int, end: bytes) -> int | None:
    """The number of rows or triples where the format lets it be counted, from its marks and the answer's end."""
    if about.form == "ASK" or about.format not in ROW_MARKS:
        return None
    if about.format == "json":
        return 0 if end.endswith(NO_ROWS) else marks + 1
    return max(0, marks - (about.format in ("csv", "tsv")))
