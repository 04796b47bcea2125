"""A folder of texts with its manifest -> Text."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graph.errors import TextError
from graph.model import Span, Supplied, Text

MANIFEST = "manifest.toml"

_SENTENCE = re.compile(r"\S.*?(?:[。!?！？;；]+[”」』\")）]*|(?=\n)|\Z)", re.DOTALL)


def sentences(characters: str) -> tuple[Span, ...]:
    """Give the sentences: they end with a full stop, a semicolon, an exclamation or question mark, or the line.

    >>> [s.end for s in sentences("甲进攻。乙撤退;\\n丙固守")]
    [4, 8, 12]
    """
    return tuple(Span(m.start(), m.end()) for m in _SENTENCE.finditer(characters) if m.end() > m.start())


def read_characters(path: Path) -> str:
    """Give the characters of a UTF-8 file, line ends as they stand; else a TextError naming the byte."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TextError(path, f"the text cannot be read: {error.strerror}") from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        message = f"not UTF-8: byte {error.start} is 0x{byte:02x} ({error.reason}); save the text as UTF-8"
        raise TextError(path, message) from error


def _text(folder: Path, entry: Mapping[str, Any]) -> Text:
    path = folder / f"{entry['name']}.txt"
    characters = read_characters(path)
    if not characters.strip():
        raise TextError(path, "the text is empty")
    return Text(
        name=entry["name"],
        path=path,
        characters=characters,
        sha256=hashlib.sha256(characters.encode()).hexdigest(),
        titles=entry["titles"],
        campaign=entry["campaign"],
        script=entry["script"],
        original=entry["original"],
        rights=entry["rights"],
        supplied=tuple(Supplied(s["year"], s["reason"]) for s in entry.get("supplied", ())),
        sentences=sentences(characters),
    )


def manifest(folder: Path) -> Mapping[str, Any]:
    """Give the manifest of a folder of texts; a missing or faulty one is a TextError."""
    path = folder / MANIFEST
    try:
        content = tomllib.loads(read_characters(path))
    except tomllib.TOMLDecodeError as error:
        raise TextError(path, f"not TOML: {error}") from error
    if not content.get("text"):
        raise TextError(path, "the manifest names no text; add a [[text]] for each .txt in the folder")
    for key in ("date",):
        if key not in content:
            raise TextError(path, f"the manifest lacks `{key}`")
    return content


_REQUIRED = ("name", "titles", "campaign", "script", "original", "rights")


def read_all(folder: Path) -> Iterator[Text]:
    """Give the texts of a folder in the manifest's order; a text without an entry is an error, not left out."""
    path = folder / MANIFEST
    entries = manifest(folder)["text"]
    for number, entry in enumerate(entries, 1):
        for key in _REQUIRED:
            if key not in entry:
                raise TextError(path, f"text {number} ({entry.get('name', 'unnamed')}) lacks `{key}`")
    named = {entry["name"] for entry in entries}
    if len(named) < len(entries):
        raise TextError(path, "two texts have the same name")
    strangers = sorted(p.name for p in folder.glob("*.txt") if p.stem not in named)
    if strangers:
        raise TextError(path, f"no entry for {', '.join(strangers)}; add a [[text]] for each")
    for entry in entries:
        yield _text(folder, entry)
