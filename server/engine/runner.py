"""Runs queries on the loaded stores, one after another, each to an output of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, TypeVar, cast

import pyoxigraph as ox

from server.engine.evaluation import evaluate, write
from server.engine.frames import About
from server.engine.limits import MIB, too_large, too_much_memory
from server.engine.loading import Stores
from server.engine.output import AnswerTooLargeError, Output
from server.engine.preparation import Prepared, prepare
from server.engine.query import Asked, WorkerSettings
from server.errors import BadRequest, EngineFailure
from server.gate import Limits

Made = TypeVar("Made", bound=Output)


class Runner:
    """The stores with the limits of a query."""

    def __init__(self, stores: Stores, settings: WorkerSettings) -> None:
        self._settings = settings
        self._limits = Limits(nesting=settings.nesting, patterns=settings.patterns)
        self._whole = _with_scope(stores.whole)
        self._triples = _with_scope(stores.triples)

    def run(self, asked: Asked, make: Callable[[About], Made]) -> Made:
        """Write the answer of a query to the output that is made for it; raises Problem, and what the output raises."""
        settings = self._settings
        try:
            prepared = prepare(asked, limits=self._limits, services=settings.services, base=settings.base)
            about = About(prepared.format, prepared.checked.form, prepared.checked.volatile, asked.gzip)
            output = make(about)
            store, union = self._whole if _names_graphs(asked, prepared) else self._triples
            self._evaluate(asked, prepared, store, output, union=union)
            return output
        except MemoryError:
            raise too_much_memory(settings.memory_bytes // MIB) from None
        except AnswerTooLargeError:
            raise too_large(settings.answer_bytes) from None

    def _evaluate(self, asked: Asked, prepared: Prepared, store: ox.Store, output: Output, *, union: bool) -> None:
        base = self._settings.base
        try:
            answer = evaluate(store, asked, prepared, base=base, union=union)
            write(answer, cast("IO[bytes]", output), prepared.format, base=base)
            output.finish()
        except (OSError, ValueError, RuntimeError) as error:
            if str(error).startswith("The custom function"):
                raise BadRequest(f"{error}: it is no function of SPARQL 1.1, GeoSPARQL or xsd.") from error
            raise EngineFailure(
                f"The query could not be run to its end: {error}.", status=_status(prepared.checked.services)
            ) from error


def _with_scope(store: ox.Store) -> tuple[ox.Store, bool]:
    """The store, warmed up, and whether what it holds is in named graphs alone."""
    bool(store.query("ASK {}"))
    return store, next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is None


def _names_graphs(asked: Asked, prepared: Prepared) -> bool:
    """Whether it matters to the query in which graphs the triples stand."""
    checked = prepared.checked
    return checked.graphs or checked.dataset or asked.default is not None or asked.named is not None


def _status(services: tuple[str, ...]) -> int:
    return 502 if services else 500
