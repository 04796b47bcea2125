"""What the finders of names hand on: a stretch of text with its type and the name it is read as."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.model import Span

# Stands for each character of a mention already found, where the next finder reads on.
HOLE = "\x01"


@dataclass(frozen=True, slots=True)
class Find:
    """A name found: `name` without its side, `side` where the words show it ('' where they do not)."""

    type: str
    span: Span
    name: str
    rule: str
    side: str = ""
    unsure: bool = False


@dataclass(slots=True)
class Taken:
    """Which characters of a text are spoken for."""

    marks: bytearray = field(default_factory=bytearray)

    @classmethod
    def of(cls, length: int) -> "Taken":
        """Give a text of `length` characters with none taken."""
        return cls(bytearray(length))

    def free(self, span: Span) -> bool:
        """Tell whether no character of the span is taken."""
        return not any(self.marks[span.start : span.end])

    def take(self, span: Span) -> None:
        """Mark the span's characters as taken."""
        self.marks[span.start : span.end] = b"\1" * (span.end - span.start)

    def keep(self, finds: Iterable[Find]) -> Iterator[Find]:
        """Give the finds that lie on free characters, and take them, in the order given."""
        for find in finds:
            if self.free(find.span):
                self.take(find.span)
                yield find
