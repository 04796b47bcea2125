"""The queue of waiting queries: each client has a line of its own, and the lines take turns."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """What waits, by client; a client with a long line does not delay the others."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, client: str, item: T) -> None:
        """Let the item wait at the end of its client's line."""
        self._lines.setdefault(client, deque()).append(item)
        self._length += 1

    def take(self, may: Callable[[str], bool]) -> T | None:
        """The next item of the first client that may go on; that client's turn then comes last."""
        for client, line in self._lines.items():
            if may(client):
                item = line.popleft()
                self._length -= 1
                if line:
                    self._lines.move_to_end(client)
                else:
                    del self._lines[client]
                return item
        return None

    def remove(self, client: str, item: T) -> bool:
        """Take an item that no longer waits out of its line; False where it is not in it."""
        line = self._lines.get(client)
        if line is None or item not in line:
            return False
        line.remove(item)
        self._length -= 1
        if not line:
            del self._lines[client]
        return True
