"""The table of settings, each with its default and its help; the command line and the environment follow it."""

from __future__ import annotations

import os
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

ENVIRONMENT_PREFIX = "ZHANSHI_"


def cores() -> int:
    """The number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the server runs; every limit that a query can reach is one of these."""

    data: Path = field(
        default=Path("data"), metadata={"help": "Data directory; its `current` is the published version."}
    )
    host: str = field(default="127.0.0.1", metadata={"help": "Address to listen on."})
    port: int = field(default=7878, metadata={"help": "Port to listen on; 0 takes a free one."})
    public_url: str = field(
        default="", metadata={"help": "URL under which others reach this server; empty: as each request names it."}
    )
    engine: str = field(
        default="memory",
        metadata={"help": "memory (store loaded once), disk (store read in place) or remote (--endpoint)."},
    )
    endpoint: str = field(
        default="",
        metadata={"help": "URL of a SPARQL 1.1 service that answers the queries instead of the published store."},
    )
    service: tuple[str, ...] = field(
        default=(), metadata={"help": "IRI that SERVICE may call; may be repeated. None: SERVICE is refused."}
    )
    workers: int = field(
        default=0, metadata={"help": "Queries that run at once at full priority; 0: the number of cores."}
    )
    long_queries: int = field(
        default=6, metadata={"help": "Further queries that run at low priority because others wait behind them."}
    )
    client_queries: int = field(
        default=0,
        metadata={
            "help": "Queries one client address may run at once, lent connections aside; 0: two fewer than all places."
        },
    )
    queue_length: int = field(default=256, metadata={"help": "Queries that may wait; the next is answered 503."})
    queue_seconds: float = field(
        default=10.0, metadata={"help": "Seconds that a query waits for its turn before it is answered 503."}
    )
    wall_seconds: float = field(
        default=30.0, metadata={"help": "Seconds from a query's start until its whole answer is taken."}
    )
    cpu_seconds: int = field(default=30, metadata={"help": "Processor seconds a query may use."})
    memory_mib: int = field(default=1024, metadata={"help": "MiB of memory a query may use beyond the loaded store."})
    answer_mib: int = field(default=1024, metadata={"help": "MiB of answer, before compression."})
    query_bytes: int = field(default=65_536, metadata={"help": "Bytes of query text."})
    nesting: int = field(default=200, metadata={"help": "Depth of nested brackets in a query."})
    patterns: int = field(default=100, metadata={"help": "Triple patterns in a query."})
    lend_after: int = field(
        default=2,
        metadata={
            "help": "Short queries in a row after which a connection is lent to a process that answers them; 0: never."
        },
    )
    request_mib: int = field(default=16, metadata={"help": "MiB of request body."})
    request_seconds: float = field(default=10.0, metadata={"help": "Seconds until a request has arrived whole."})
    idle_seconds: float = field(default=10.0, metadata={"help": "Seconds that an idle connection is kept."})
    connections: int = field(default=8_192, metadata={"help": "Connections at once; the next is answered 503."})
    cache_mib: int = field(
        default=64,
        metadata={
            "help": "MiB of answers kept to be given again, by the server and those it lends connections; 0: none."
        },
    )
    stop_seconds: float = field(
        default=10.0, metadata={"help": "Seconds that running queries have to end when the server stops."}
    )
    watch_seconds: float = field(default=1.0, metadata={"help": "Seconds between looks for a newly published version."})
    access_log: bool = field(default=True, metadata={"help": "Write one JSON line for each request to standard error."})
    log_queries: bool = field(
        default=False, metadata={"help": "Write the text of queries to the access log, not only their hash."}
    )

    @property
    def places(self) -> int:
        """How many queries run at once, those of low priority included."""
        return self.short_places + self.long_queries

    @property
    def short_places(self) -> int:
        """How many queries run at once at full priority."""
        return self.workers or cores()

    @property
    def clerks(self) -> int:
        """How many processes answer on connections that are lent to them."""
        return self.short_places if self.lend_after and self.engine != "remote" else 0

    @property
    def kept_bytes(self) -> int:
        """How many bytes of answers each process keeps that answers requests."""
        return (self.cache_mib << 20) // (1 + self.clerks)

    @property
    def places_of_a_client(self) -> int:
        """How many queries one client address may run at once."""
        return self.client_queries or max(1, self.places - 2)


def table() -> tuple[Field[Any], ...]:
    """The settings in their order, each a dataclass field whose metadata holds the help."""
    return fields(Settings)


def environment_name(name: str) -> str:
    """The environment variable of that setting.

    >>> environment_name("cpu_seconds")
    'ZHANSHI_CPU_SECONDS'
    """
    return ENVIRONMENT_PREFIX + name.upper()
