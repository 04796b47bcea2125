"""The short way for the commonest requests: a GET whose answer is kept, or comes from its worker in one piece.

It spares them the task, the timers and the messages that an ASGI application needs, which cost more than a small query.
All else, errors and long answers too, takes the long way through `Answering`; both say the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from server.asgi import WATCH_AFTER, client_address
from server.context import Served
from server.engine.base import Beginning, Borrowed
from server.engine.query import Asked
from server.errors import Problem
from server.http import ShortRequest
from server.sparql.answering import BEGUN, Answering, Begun, Exchange
from server.sparql.heads import FORWARDED, HIT, Pairs, etag_of, read_request
from server.sparql.protocol import PATHS

QUICK_SECONDS = 0.02
"""Seconds in the engine that a query may take to count as short."""


class ShortWay:
    """The endpoints by their paths."""

    def __init__(self, endpoints: Mapping[str, Answering]) -> None:
        self._endpoints = endpoints

    def take(self, request: ShortRequest) -> bool:
        """Whether the request is being answered here; else the application answers it."""
        scope = request.scope
        endpoint = self._endpoints.get(scope["path"])
        if endpoint is None or scope["method"] != "GET" or endpoint.context.served is None:
            return False
        for name, _ in scope["headers"]:
            if name.startswith(FORWARDED):
                return False
        return Passing(endpoint, request, endpoint.context.served).begin()


class Passing:
    """One request on the short way."""

    def __init__(self, endpoint: Answering, request: ShortRequest, served: Served) -> None:
        self._endpoint = endpoint
        self._request = request
        self._served = served
        scope = request.scope
        read = read_request(scope["method"], scope["query_string"], scope["headers"])
        self._exchange = Exchange(scope, request.receive, request.send, *read)
        self._key = self._exchange.key
        self._beginning: Beginning | None = None
        self._etag = ""
        self._leaving: asyncio.TimerHandle | None = None

    def begin(self) -> bool:
        """Whether the answer is given or will be."""
        exchange, version = self._exchange, self._served.publication.version
        if exchange.none_match:
            return False
        kept = self._endpoint.cache.get(self._key, version)
        if kept is not None:
            exchange.has(kept)
            self._answer((*kept.headers, HIT), kept.body, quick=True)
            return True
        try:
            query = self._endpoint.question(exchange, self._served)
            return isinstance(query, Asked) and self._ask(query)
        except Problem:
            return False  # the long way meets it again, and tells it

    def _ask(self, query: Asked) -> bool:
        exchange = self._exchange
        exchange.asks(query)
        self._etag = etag_of(query, self._served.publication.version)
        self._request.on_gone = self._gone
        self._beginning = self._served.engine.begin(query, client_address(exchange.scope), self._told)
        return self._beginning is not None

    def _told(self) -> None:
        """Give the answer where it is whole, or go on the long way with it."""
        beginning, self._beginning = self._beginning, None
        assert beginning is not None
        if self._leaving is not None:
            self._leaving.cancel()
        answer = beginning.whole()
        if answer is None:
            begun = Begun(beginning, self._served, self._exchange.started)
            self._exchange.scope["extensions"][BEGUN] = begun
            self._request.pass_on()
            return
        version = self._served.publication.version
        headers = self._endpoint.keep(self._exchange, answer, self._etag, self._key, version)
        self._answer(headers, answer.first, quick=answer.head.seconds_engine < QUICK_SECONDS)

    def _answer(self, headers: Pairs, body: bytes, *, quick: bool) -> None:
        self._exchange.sent = len(body)
        self._endpoint.log(self._exchange)  # first, so that who has an answer finds it counted
        self._request.answer(headers, body)
        if quick and self._request.scope["path"] in PATHS:
            self._request.lend_after(self._endpoint.settings.lend_after, self._lend)

    def _lend(self, connection: Borrowed) -> Callable[[], None] | None:
        if self._endpoint.context.served is not self._served:
            return None  # another version is served by now
        return self._served.engine.lend(connection, self._endpoint.log_report)

    def _gone(self) -> None:
        """Let a query end that soon will, for another worker would cost more; kill one that does not."""
        self._leaving = asyncio.get_running_loop().call_later(WATCH_AFTER, self._leave)

    def _leave(self) -> None:
        if self._beginning is not None:
            self._beginning.end()
            self._exchange.outcome = "client gone"
            self._endpoint.log(self._exchange)
