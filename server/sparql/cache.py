"""Answers kept to be given again, up to a number of bytes; the longest unused go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, NamedTuple, Protocol, TypeVar

OVERHEAD = 1_200
"""Bytes that an entry takes beside its body: headers, key, dictionary."""


class Kept(NamedTuple):
    """An answer as it was sent: headers, body, its tag, and what the log says of it."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    etag: str
    rows: int | None
    digest: str


class HasBody(Protocol):
    """An answer that can be kept."""

    @property
    def body(self) -> bytes:
        """What is sent, as long as the answer is."""
        ...


Given = TypeVar("Given", bound=HasBody)


class AnswerCache(Generic[Given]):
    """A bounded table of answers, for one version of the data at a time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Given, int]] = OrderedDict()
        self.bytes = 0
        self.version = ""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, version: str) -> Given | None:
        """The answer kept for that request, if it was given for this version."""
        if version != self.version:
            return None
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, version: str, answer: Given, key_bytes: int) -> None:
        """Keep an answer; a new version drops those of the old one."""
        if version != self.version:
            self._kept.clear()
            self.bytes, self.version = 0, version
        size = len(answer.body) + key_bytes + OVERHEAD
        if size > self._limit or key in self._kept:
            return
        self._kept[key] = (answer, size)
        self.bytes += size
        while self.bytes > self._limit:
            _, (_, dropped) = self._kept.popitem(last=False)
            self.bytes -= dropped
