"""The example queries with their expected answers and the page that lists them: `python -m tests.example_queries DATA`.

Run so, it writes the answers of the graph published in DATA into the CSV files, the page anew, and the answers of the
cases (`docs/cases.md`) below their queries. Read the difference
before you commit it: an answer is right when the text says it, not when the graph gives it.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from graph.namespaces import DEFAULT_BASE
from server.examples import QUERIES, Example, examples
from server.prefixes import prefixes

PAGE = QUERIES.parents[1] / "docs" / "queries.md"
CASES = PAGE.with_name("cases.md")
_CASE = re.compile(r"(```sparql\n([^`]*)```\n)(?:\n(?:\|.*\n)+)?")
SHOWN_ROWS, SHOWN_CHARACTERS, WHOLE = 6, 60, 240
# Columns that hold whole sentences: the page leaves them to the query itself.
LONG = frozenset({"words", "wording", "reason", "quotation"})
HEAD = """# Example queries

Every query of `ontology/queries/`, with its question and the beginning of its answer. They stand on the query page
too, and are tests: `NN-name.csv` beside each holds the whole answer, checked against the texts. Quotations are left
out here.
[The model](model.md) says how to write your own.
"""

Rows = list[list[str]]


def store(data: Path) -> ox.Store:
    """The published store of a data directory, read-only."""
    return ox.Store.read_only(str(data / "current" / "store"))


def answer(graph: ox.Store, query: str) -> Rows:
    """The header and rows of a query over the union of the graphs, in its own order or else sorted."""
    result = cast(
        ox.QuerySolutions,
        graph.query(query, prefixes=prefixes(DEFAULT_BASE), base_iri=DEFAULT_BASE, use_default_graph_as_union=True),
    )
    header = [variable.value for variable in result.variables]
    rows = [[_cell(term) for term in solution] for solution in result]
    return [header, *(rows if "ORDER BY" in query else sorted(rows))]


def _cell(term: object) -> str:
    return cast(ox.Literal, term).value if term is not None else ""


def expected(example: Example) -> Rows:
    """The answer as it stands beside the query; FileNotFoundError where there is none."""
    with (QUERIES / f"{example.name}.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file)]


def written(rows: Rows) -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def page(found: Iterable[Example], answers: Mapping[str, Rows]) -> str:
    """The page that lists every query with its question and the beginning of its answer."""
    return "\n".join([HEAD, *(_section(example, answers[example.name]) for example in found)])


def cases(text: str, graph: ox.Store) -> str:
    """The page of cases with the answer below each query."""

    def answered(match: re.Match[str]) -> str:
        return "\n".join([match[1], *_table(answer(graph, match[2]), WHOLE, frozenset({"words"})), ""])

    return _CASE.sub(answered, text)


def _table(rows: Rows, characters: int = SHOWN_CHARACTERS, left_out: Set[str] = LONG) -> list[str]:
    columns = [index for index, name in enumerate(rows[0]) if name not in left_out]
    head, *lines = (_line(_shown(row[index], characters) for index in columns) for row in rows)
    return [head, _line("---" for _ in columns), *lines]


def _section(example: Example, rows: Rows) -> str:
    rest = len(rows) - 1 - SHOWN_ROWS
    path = f"../ontology/queries/{example.name}"
    more = [f"\n… and {rest} more."] if rest > 0 else []
    return "\n".join([
        f"## {example.name}\n",
        f"{example.english}  \n{example.chinese}\n",
        f"[The query]({path}.ttl), [the whole answer]({path}.csv)\n",
        *_table(rows[: SHOWN_ROWS + 1]),
        *more,
        "",
    ])  # fmt: skip


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(text: str, characters: int) -> str:
    line = " ".join(text.split()).replace("|", "\\|")
    return line if len(line) <= characters else line[: characters - 1] + "…"


def main(arguments: Sequence[str]) -> None:
    """Write the answers of a published graph, and the page."""
    graph = store(Path(arguments[0]))
    found = examples()
    answers = {example.name: answer(graph, example.query) for example in found}
    for name, rows in answers.items():
        (QUERIES / f"{name}.csv").write_text(written(rows), encoding="utf-8")
    PAGE.write_text(page(found, answers), encoding="utf-8")
    CASES.write_text(cases(CASES.read_text(encoding="utf-8"), graph), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
