"""What is made from a publication once, and kept while that publication lives."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from server.publication import Publication

Made = TypeVar("Made")
Given = ParamSpec("Given")


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


def kept_a_version(
    most: int,
) -> Callable[[Callable[Concatenate[Publication, Given], Made]], Callable[Concatenate[Publication, Given], Made]]:
    """A function of a publication and more, whose last `most` values are kept for each publication while it lives.

    The other arguments are hashable. What is made must not hold the publication itself, nor call for itself again.
    """

    def decorate(
        make: Callable[Concatenate[Publication, Given], Made],
    ) -> Callable[Concatenate[Publication, Given], Made]:
        kept: WeakKeyDictionary[Publication, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
        lock = threading.Lock()

        def of(publication: Publication, /, *given: Given.args, **named: Given.kwargs) -> Made:
            key = (given, tuple(sorted(named.items())))
            with lock:
                values = kept.setdefault(publication, OrderedDict())
                if key not in values:  # made under the lock: who asks at the same time waits instead of making it too
                    values[key] = make(publication, *given, **named)
                values.move_to_end(key)
                made = values[key]
                if len(values) > most:
                    values.popitem(last=False)
            return made  # type: ignore[no-any-return]

        update_wrapper(of, make)
        return of

    return decorate
