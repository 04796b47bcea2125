"""The passages of `passages/mentions.txt`: characters, and the mentions marked in them."""

import re
from dataclasses import dataclass
from pathlib import Path

from graph.model import Mention, Span, Supplied, Text
from graph.reader.document import document
from graph.reader.mentions import mentions
from graph.reader.normalise import normalise

FOLDER = Path(__file__).with_name("passages")
TYPES = {
    "U": "Unit",
    "F": "Force",
    "O": "Organization",
    "P": "Person",
    "L": "Place",
    "B": "Battle",
    "D": "Date",
    "N": "Number",
    "M": "Materiel",
    "A": "Award",
}
_MARK = re.compile(r"\[([UFOPLBDNMA]):([^\[\]=]+)(?:=([^\[\]]*))?\]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with its marked mentions: type, span, canonical name."""

    title: str
    text: Text
    marked: tuple[tuple[str, Span, str], ...]


def text(characters: str, *years: int, title: str = "passage") -> Text:
    """Give a text of those characters, with supplied years."""
    supplied = tuple(Supplied(year, "said in the heading of the passage") for year in years)
    return Text(title, Path(title), characters, "", {}, "", "Hans", "", "", supplied, ())


def read(characters: str, *years: int) -> tuple[Mention, ...]:
    """Give the mentions that the reader finds in some characters."""
    source = text(characters, *years)
    return mentions(document(source, normalise(characters).characters))


def passages() -> list[Passage]:
    """Give the passages in the order of the file."""
    found = []
    for block in (FOLDER / "mentions.txt").read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, marked = block.partition("\n")
        characters, spans, end = "", [], 0
        for match in _MARK.finditer(marked.strip()):
            characters += marked.strip()[end : match.start()]
            span = Span(len(characters), len(characters) + len(match[2]))
            spans.append((TYPES[match[1]], span, match[3] if match[3] is not None else match[2]))
            characters += match[2]
            end = match.end()
        characters += marked.strip()[end:]
        years = [int(year) for year in re.findall(r"\b1\d{3}\b", title)]
        found.append(Passage(title, text(characters, *years, title=title), tuple(spans)))
    return found
