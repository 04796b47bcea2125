"""What the server tells of itself while it runs: metrics, and one JSON line for each request."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from server.counting import SECONDS, Counts

ACCESS = logging.getLogger("zhanshi.access")


class Monitoring(Collector):
    """The metrics of one server, and its access log.

    Requests are counted in plain numbers, which become metrics when they are asked for: each counter of
    prometheus_client takes a lock and several calls, all for what a single thread counts.
    """

    def __init__(self, *, access_log: bool, log_queries: bool) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._access_log = access_log
        self._log_queries = log_queries
        self._requests: Counter[tuple[str, int]] = Counter()
        self._counts = Counts()
        self.registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """The metrics as they are now."""
        requests = CounterMetricFamily(
            "zhanshi_requests", "Requests, by surface and status.", labels=("surface", "status")
        )
        for (surface, status), count in self._requests.items():
            requests.add_metric((surface, str(status)), count)
        yield requests
        queries = CounterMetricFamily("zhanshi_queries", "Queries, by outcome.", labels=("outcome",))
        counts = self._counts
        for outcome, count in counts.outcomes.items():
            queries.add_metric((outcome,), count)
        yield queries
        bounds = [*map(str, SECONDS), "+Inf"]
        buckets = list(zip(bounds, accumulate(counts.within), strict=True))
        yield HistogramMetricFamily(
            "zhanshi_query_seconds", "Seconds from request to end of answer.", buckets, counts.seconds
        )
        yield CounterMetricFamily("zhanshi_answer_bytes", "Bytes of answers sent.", counts.sent)

    def query(self, *, seconds: float, outcome: str, status: int, sent: int, line: dict[str, Any], text: str) -> None:
        """Count and log a request to the endpoint that took so many seconds."""
        self._counts.add(outcome, seconds, sent)
        self.request(surface="sparql", status=status)
        self.log(seconds, {"status": status, "outcome": outcome, "bytes": sent, **line}, text)

    def queries(self, counts: Counts) -> None:
        """Count requests to the endpoint that were answered with status 200."""
        self._counts.add_all(counts)
        self._requests["sparql", 200] += counts.outcomes.total()

    def request(self, *, surface: str, status: int) -> None:
        """Count a request."""
        self._requests[surface, status] += 1

    def page(self, *, started: float, status: int, line: dict[str, Any]) -> None:
        """Count and log a request to anything but the endpoint."""
        self.request(surface="page", status=status)
        self.log(time.monotonic() - started, {"status": status, **line}, "")

    def log(self, seconds: float, line: dict[str, Any], text: str) -> None:
        """Log a request that took so many seconds, where that is wanted."""
        if not self._access_log:
            return
        shown = {"time": round(time.time(), 3), "ms": round(seconds * 1000, 2), **line}
        if text and self._log_queries:
            shown["query"] = text
        ACCESS.info(json.dumps(shown, ensure_ascii=False))


def log_to_standard_error() -> None:
    """Send the access log, and the server's own messages, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    for name in ("zhanshi", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO if name == "zhanshi" else logging.WARNING)
        logger.propagate = False
