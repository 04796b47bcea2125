"""The errors of the build, one tree.

ZhanshiError
├── InputError          what a person wrote is wrong: says which file, which line or byte, and how to mend it
│   ├── TextError       a text or the manifest
│   ├── ReadingError    a reading (brat stand-off)
│   └── AuthorityError  a table of the authority or the ledger of ids
├── ValidationError     the graph breaks a shape; carries the report's path
├── PublicationError    the store could not be published; the last published one is untouched
└── BusyError           another build is publishing into the same directory
"""

from dataclasses import dataclass
from pathlib import Path


class ZhanshiError(Exception):
    """Anything that ends a command with a message instead of a traceback."""

    exit_code = 1


@dataclass
class InputError(ZhanshiError):
    """A fault in what a person wrote, with the file and the place in it."""

    path: Path | str
    message: str
    line: int | None = None

    exit_code = 2

    def __str__(self) -> str:
        """Give `file:line: message`."""
        place = f"{self.path}:{self.line}" if self.line else f"{self.path}"
        return f"{place}: {self.message}"


class TextError(InputError):
    """A text that cannot be read, or a manifest that does not describe it."""


class ReadingError(InputError):
    """A line of a reading that does not fit the text or the annotation's configuration."""


class AuthorityError(InputError):
    """A line of an authority table or of the ledger of ids that does not hold."""


class ValidationError(ZhanshiError):
    """The graph breaks a shape of severity violation and is not published."""

    exit_code = 3


class PublicationError(ZhanshiError):
    """The store could not be written; what was published before stays."""

    exit_code = 4


class BusyError(PublicationError):
    """Another build holds the lock of the data directory."""

    exit_code = 5
