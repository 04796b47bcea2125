"""Deadlines of many things that all have the same time: one timer for them all, because each timer costs as it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable


class Deadlines:
    """Calls for each thing that is still there when its time is over; times run from when a thing is added."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._things: dict[Hashable, tuple[float, Callable[[], None]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, thing: Hashable, late: Callable[[], None]) -> None:
        """Call `late` unless the thing is removed in time; a thing that is added again begins anew."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._seconds
        self._things.pop(thing, None)
        self._things[thing] = deadline, late
        if self._timer is None:
            self._timer = loop.call_at(deadline, self._look)

    def remove(self, thing: Hashable) -> None:
        """Let the thing be; nothing where it is not there."""
        self._things.pop(thing, None)

    def _look(self) -> None:
        """Call for all whose time is over; dictionaries keep their order, so the first has the least time left."""
        loop = asyncio.get_running_loop()
        self._timer = None
        while self._things:
            thing, (deadline, late) = next(iter(self._things.items()))
            if deadline > loop.time():
                self._timer = loop.call_at(deadline, self._look)
                return
            del self._things[thing]
            late()
