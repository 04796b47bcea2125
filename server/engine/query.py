"""A query on its way to an engine, and what the engine is told about every query: plain data that crosses processes."""

from __future__ import annotations

import json
import marshal
from dataclasses import asdict, dataclass, field
from typing import NamedTuple


class Asked(NamedTuple):
    """A query as it was asked: its text, its dataset, the formats that fit its Accept header, its reader's languages.

    `default` and `named` are the graph IRIs of the protocol's parameters; both None: the query or the store decides.
    `results` and `graph` are names of formats, one for tables and one for triples; None: nothing that is offered fits.
    """

    text: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    results: str | None = "json"
    graph: str | None = "turtle"
    languages: str = ""
    base: str = ""
    gzip: bool = False

    def to_bytes(self) -> bytes:
        """The query for a worker, which runs the same Python: several times as fast as JSON."""
        return marshal.dumps(tuple(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> Asked:
        """The query that `to_bytes` wrote."""
        return cls(*marshal.loads(data))


@dataclass(frozen=True, kw_only=True)
class WorkerSettings:
    """What a worker process must know: where its store and the store's dump ("" for none) are, what a query may use.

    `version` is what the published data are called, `kept_bytes` how many bytes of answers one clerk keeps.
    """

    store: str
    dump: str
    base: str
    in_memory: bool
    cpu_seconds: int
    memory_bytes: int
    answer_bytes: int
    query_bytes: int
    nesting: int
    patterns: int
    services: tuple[str, ...] = field(default=())
    version: str = ""
    kept_bytes: int = 0
    access_log: bool = False
    log_queries: bool = False

    def to_json(self) -> str:
        """The settings as a JSON object."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, document: str) -> WorkerSettings:
        """The settings that `to_json` wrote."""
        values = json.loads(document)
        return cls(**{**values, "services": tuple(values["services"])})
