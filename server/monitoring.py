"""What the server tells of itself while it runs: metrics, and one JSON line for each request."""

from __future__ import annotations

import json
import logging
import sys
import time
from functools import lru_cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

ACCESS = logging.getLogger("zhanshi.access")
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Monitoring:
    """The metrics of one server, and its access log."""

    def __init__(self, *, access_log: bool, log_queries: bool) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._access_log = access_log
        self._log_queries = log_queries
        self._requests = Counter(
            "zhanshi_requests", "Requests, by surface and status.", ("surface", "status"), registry=self.registry
        )
        self._queries = Counter("zhanshi_queries", "Queries, by outcome.", ("outcome",), registry=self.registry)
        self._seconds = Histogram(
            "zhanshi_query_seconds", "Seconds from request to end of answer.", buckets=SECONDS, registry=self.registry
        )
        self._request_counter = lru_cache(maxsize=256)(
            lambda surface, status: self._requests.labels(surface, str(status))
        )
        self._query_counter = lru_cache(maxsize=256)(self._queries.labels)
        self._bytes = Counter("zhanshi_answer_bytes", "Bytes of answers sent.", registry=self.registry)

    def query(self, *, started: float, outcome: str, status: int, sent: int, line: dict[str, Any], text: str) -> None:
        """Count and log a request to the endpoint; `started` is of time.monotonic()."""
        seconds = time.monotonic() - started
        self._query_counter(outcome).inc()
        self._seconds.observe(seconds)
        self._bytes.inc(sent)
        self.request(surface="sparql", status=status)
        if self._access_log:
            self._write(seconds, {"status": status, "outcome": outcome, "bytes": sent, **line}, text)

    def request(self, *, surface: str, status: int) -> None:
        """Count a request."""
        self._request_counter(surface, status).inc()

    def page(self, *, started: float, status: int, line: dict[str, Any]) -> None:
        """Count and log a request to anything but the endpoint."""
        self.request(surface="page", status=status)
        if self._access_log:
            self._write(time.monotonic() - started, {"status": status, **line}, "")

    def _write(self, seconds: float, line: dict[str, Any], text: str) -> None:
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
