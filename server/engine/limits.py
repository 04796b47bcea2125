"""The refusals that tell which limit a query reached, its value, and what to do."""

from __future__ import annotations

from server.errors import Busy, LimitReached

MIB = 1 << 20
ADVICE = "Restrict it by a class, a date, a battle or LIMIT, or load the dumps into a store of your own."
TIMES = {
    "wall_seconds": "seconds from its start to the end of its answer",
    "cpu_seconds": "seconds of processor time",
}


def too_long(limit: str, value: float) -> LimitReached:
    """The refusal of a query that reached one of the limits in seconds."""
    detail = f"The query took more than {value:g} {TIMES[limit]}, the limit ({limit}). {ADVICE}"
    return LimitReached(detail, limit=limit, value=value, status=504)


def too_large(limit: int) -> LimitReached:
    """The refusal of an answer above that many bytes."""
    mebibytes = limit // MIB
    return LimitReached(
        f"The answer has more than {mebibytes} MiB, the limit (answer_mib). Add LIMIT, or select fewer columns.",
        limit="answer_mib",
        value=mebibytes,
        status=507,
    )


def too_much_memory(mebibytes: int) -> LimitReached:
    """The refusal of a query that needs more memory."""
    return LimitReached(
        f"The query needs more than {mebibytes} MiB of memory, the limit (memory_mib)."
        " Sort, group or join less at once: restrict it by a class, a date or a battle.",
        limit="memory_mib",
        value=mebibytes,
        status=507,
    )


def too_deep(depth: int) -> LimitReached:
    """The refusal of a query under whose nesting the engine broke."""
    return LimitReached(
        "The query is nested too deeply for the engine, brackets or operators in a row. Write it flatter.",
        limit="nesting",
        value=depth,
    )


def busy(why: str) -> Busy:
    """The refusal of a query for which there is no place now."""
    return Busy(f"{why} Try again later.", headers={"Retry-After": "5"})
