"""For those who run the server: whether it lives, whether it can answer, its numbers."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import exposition
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import Busy


class EngineCollector(Collector):
    """The engine's numbers at the moment they are asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def collect(self) -> Iterable[Metric]:
        """The gauges of the engine that answers now."""
        if self._context.served is None:
            return
        state = self._context.engine.state()
        places = GaugeMetricFamily("zhanshi_engine_queries", "Queries, by where they are.", labels=["where"])
        for where in ("running", "long", "waiting", "idle"):
            places.add_metric([where], state.get(where, 0))
        yield places
        yield GaugeMetricFamily(
            "zhanshi_lent_connections", "Connections on which clerks answer.", value=state.get("lent", 0)
        )
        killed = GaugeMetricFamily(
            "zhanshi_engine_killed", "Queries ended early since the start, by why.", labels=["why"]
        )
        for why, count in state.get("killed", {}).items():
            killed.add_metric([why], count)
        yield killed


def routes(context: Context) -> list[BaseRoute]:
    """`/healthz`, `/readyz` and `/metrics`."""
    context.monitoring.registry.register(EngineCollector(context))

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_: Request) -> Response:
        if context.served is None or not context.engine.ready:
            raise Busy("The store is not loaded.", headers={"Retry-After": "1"})
        return JSONResponse({"status": "ready", "version": context.publication.version})

    async def metrics(_: Request) -> Response:
        body = exposition.generate_latest(context.monitoring.registry)
        return Response(body, media_type=exposition.CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
