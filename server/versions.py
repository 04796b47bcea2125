"""What is made from a publication once, and kept while that publication lives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from server.publication import Publication

Made = TypeVar("Made")


def once_a_version(make: Callable[[Publication], Made]) -> Callable[[Publication], Made]:
    """The function that makes its value at the first call for a publication, and gives the same one after that.

    What is made must not hold the publication itself, or neither is ever let go.
    """
    kept: WeakKeyDictionary[Publication, Made] = WeakKeyDictionary()
    lock = threading.Lock()

    @wraps(make)
    def of(publication: Publication) -> Made:
        with lock:
            if publication not in kept:
                kept[publication] = make(publication)
            return kept[publication]

    return of
