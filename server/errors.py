"""What can go wrong between a request and its answer.

Problem                   an answer with a status and a plain sentence (application/problem+json)
├── BadRequest            400  the request does not follow the protocol
├── QuerySyntaxError      400  the query cannot be read; says where
├── Refused               403  read-only by design, SERVICE or LOAD
├── NotFound              404  no such thing here
├── NotAcceptable         406  none of the wanted formats is offered; lists what is
├── LimitReached          413, 422, 504, 507  a limit was reached; says which, its value and what to do
├── Busy                  503  too many queries at once; says when to come back
└── EngineFailure         500, 502  the engine broke; the query did not necessarily do it
AnswerCutError            the answer failed after its first bytes were sent: the connection is cut
PublicationError          the data directory holds nothing that can be served
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

PROBLEM_TYPE = "application/problem+json"
BLAZEGRAPH_ERROR = "java.util.concurrent.ExecutionException"
TIME_LIMITS = ("wall_seconds", "cpu_seconds")


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """An error with its HTTP status, a name, a plain sentence, and further members for the answer's body."""

    status: ClassVar[int] = 500
    name: ClassVar[str] = "problem"
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self, detail: str, *, status: int | None = None, headers: dict[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = status or self.status
        self.headers = headers or {}
        self.members = members

    def body(self) -> bytes:
        """The problem as RFC 9457 JSON."""
        document = {
            "type": f"urn:zhanshi:problem:{self.name}",
            "title": self.title,
            "status": self.code,
            "detail": self.detail,
            **self.members,
        }
        if self.blazegraph:
            # The line separator ends the words where the reader of a line would take the JSON's quotation mark too.
            words = self.detail[:1].lower() + self.detail[1:]
            document["blazegraph"] = f"{BLAZEGRAPH_ERROR}: {self.blazegraph}: {words}\u2028"
        return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"

    @property
    def blazegraph(self) -> str:
        """The exception by which clients written for Blazegraph, Wikidata's query page among them, know this kind."""
        return ""


class BadRequest(Problem):
    """The request does not follow the protocol."""

    status, name, title = 400, "bad-request", "The request cannot be understood"


class QuerySyntaxError(Problem):
    """The query cannot be read; `line` and `column` (from 1) say where."""

    status, name, title = 400, "syntax-error", "The query cannot be read"

    def at(self, line: int, column: int) -> QuerySyntaxError:
        """The same of another place; the sentence begins with it."""
        members = {**self.members, "line": line, "column": column}
        said = self.detail.removeprefix(f"Line {self.members['line']}, column {self.members['column']}")
        return QuerySyntaxError(f"Line {line}, column {column}{said}", **members)

    @property
    def blazegraph(self) -> str:
        """That the query is malformed; the words after it begin with the line and column."""
        return "org.openrdf.query.MalformedQueryException"


class Refused(Problem):
    """What this server does not do, with the reason."""

    status, name, title = 403, "refused", "This endpoint does not do that"


class NotFound(Problem):
    """There is no such thing here."""

    status, name, title = 404, "not-found", "There is no such thing here"


class NotAcceptable(Problem):
    """None of the wanted formats is offered."""

    status, name, title = 406, "not-acceptable", "No wanted format is offered"


class LimitReached(Problem):
    """A limit was reached: `limit` names it as in the settings, `value` is its value."""

    status, name, title = 422, "limit-reached", "A limit was reached"

    def __init__(self, detail: str, *, limit: str, value: float, status: int | None = None) -> None:
        super().__init__(detail, status=status, limit=limit, value=value)

    @property
    def blazegraph(self) -> str:
        """That the query took too long; other limits are not Blazegraph's."""
        return "java.util.concurrent.TimeoutException" if self.members["limit"] in TIME_LIMITS else ""


class Busy(Problem):
    """Too much is asked at once; the Retry-After header says when to come back."""

    status, name, title = 503, "busy", "The server is busy"


class EngineFailure(Problem):
    """The engine, here or elsewhere, broke while it ran the query."""

    status, name, title = 500, "engine-failure", "The engine failed"


class AnswerCutError(Exception):
    """The answer failed after its first bytes were sent, so only cutting the connection says so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class PublicationError(Exception):
    """The data directory holds nothing that can be served; the message says why."""
