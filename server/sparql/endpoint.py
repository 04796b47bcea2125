"""The SPARQL endpoint: a query by GET or POST is answered; GET without one describes the service."""

from __future__ import annotations

from server.context import Served
from server.engine.query import Asked
from server.errors import BadRequest
from server.sparql.answering import Answering, Document, Exchange
from server.sparql.description import describe
from server.sparql.protocol import asked

ALLOWED = "GET, HEAD, POST, OPTIONS"


class Endpoint(Answering):
    """SPARQL 1.1 Protocol."""

    def question(self, exchange: Exchange, served: Served) -> Asked | Document:
        """The query of the request, or the service's description."""
        if exchange.scope["method"] not in ("GET", "HEAD", "POST"):
            raise BadRequest(f"This endpoint takes {ALLOWED}.", status=405, headers={"Allow": ALLOWED})
        query = asked(exchange.request, query_bytes=self.settings.query_bytes)
        if query is not None:
            return query
        body, content_type = describe(self.context, exchange.scope, exchange.request.accept)
        return Document(body, content_type)
