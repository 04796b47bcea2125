"""Tab-separated tables with a header, as rows that know their line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import AuthorityError


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells by column, its file and line."""

    cells: Mapping[str, str]
    path: Path
    line: int

    def __getitem__(self, column: str) -> str:
        """Give a cell, stripped."""
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """Give the parts of a cell separated by `|`."""
        return tuple(part for part in self.cells[column].split("|") if part)

    def error(self, message: str) -> AuthorityError:
        """Give an error that names this line."""
        return AuthorityError(self.path, message, self.line)


def rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Give the rows of a table; a missing column or a line of another width is an AuthorityError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise AuthorityError(path, "the table is missing") from error
    header = lines[0].split("\t") if lines else []
    missing = [column for column in columns if column not in header]
    if missing:
        raise AuthorityError(path, f"the header lacks {', '.join(missing)}", 1)
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise AuthorityError(path, f"{len(cells)} cells where the header has {len(header)}", number)
        yield Row(dict(zip(header, (cell.strip() for cell in cells), strict=True)), path, number)
