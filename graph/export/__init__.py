"""A graph -> files for others: N-Quads, TriG, Wikibase RDF and JSON, QuickStatements, each with its checksum."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from graph.errors import PublicationError
from graph.export import quickstatements
from graph.export.rdf import Layer, prefixes
from graph.export.wikidata import Proposal, Proposals
from graph.wikibase_json import Documents

SUMS = "SHA256SUMS"
COMPRESSION = 6
"""gzip's level: the best one takes three times as long for a hundredth of the size."""
FORMATS: Mapping[str, tuple[str, str]] = {
    "nquads": ("zhanshi.nq.gz", "every quad, as N-Quads"),
    "trig": ("zhanshi.trig.gz", "every quad, as TriG with prefixes"),
    "json": ("wikibase.json.gz", "items and properties as Wikibase JSON, one a line"),
    "ntriples": ("wikibase.nt.gz", "the statement layer as Wikibase dumps it, as N-Triples"),
    "turtle": ("wikibase.ttl.gz", "the statement layer as Wikibase dumps it, as Turtle"),
    "quickstatements": ("quickstatements-known.txt", "statements for the items that Wikidata has"),
    "quickstatements-new": ("quickstatements-new.txt", "items that Wikidata lacks, with their statements"),
    "csv": ("quickstatements-known.csv", "the same as CSV: statements for the items that Wikidata has"),
    "csv-new": ("quickstatements-new.csv", "the same as CSV: items that Wikidata lacks"),
}
"""The files by the name of their format, each with what it holds."""

Writer = Callable[[Path], None]


class Export:
    """Writes a graph, given as sorted N-Quads under the root `base`, in every format; same graph, same bytes."""

    def __init__(self, content: bytes, base: str, date: str) -> None:
        self._content = content
        self._base = base
        self._date = date

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        store.bulk_load(self._content, format=ox.RdfFormat.N_QUADS)
        return store

    @cached_property
    def _layer(self) -> Layer:
        return Layer(self._content, self._base, self._date)

    @cached_property
    def _proposals(self) -> list[Proposal]:
        return Proposals(self._store, self._base).all()

    def content(self, name: str) -> bytes:
        """The bytes of a format, not compressed."""
        match name:
            case "nquads":
                return self._content
            case "trig":
                quads = ox.parse(self._content, format=ox.RdfFormat.N_QUADS)
                ordered = sorted(quads, key=lambda quad: str(quad.graph_name))
                return ox.serialize(ordered, format=ox.RdfFormat.TRIG, prefixes=prefixes(self._base)) or b""
            case "json":
                return b"".join(self._json())
            case "ntriples":
                return self._layer.ntriples()
            case "turtle":
                return self._layer.turtle()
            case _:
                return self._quickstatements(name).encode()

    def _json(self) -> Iterator[bytes]:
        """An array with one entity on each line, as Wikibase dumps it."""
        yield b"["
        for place, entity in enumerate(Documents(self._store, self._base).entities()):
            line = json.dumps(entity, ensure_ascii=False, separators=(",", ":"))
            yield (",\n" if place else "\n").encode() + line.encode()
        yield b"\n]\n"

    def _quickstatements(self, name: str) -> str:
        is_new = name.endswith("-new")
        chosen = [proposal for proposal in self._proposals if bool(proposal.wikidata) != is_new]
        return quickstatements.table(chosen) if name.startswith("csv") else quickstatements.version_1(chosen)

    def write(self, name: str, path: Path) -> None:
        """Write a format into a file, compressed where its name says so, with no time in it."""
        content = self.content(name)
        path.write_bytes(gzip.compress(content, COMPRESSION, mtime=0) if path.suffix == ".gz" else content)


def published(data: Path) -> Export:
    """Give the export of what is published in a data directory; a PublicationError where nothing is."""
    current = data / "current"
    try:
        about = json.loads((current / "publication.json").read_text(encoding="utf-8"))
        content = (current / "dumps" / "zhanshi.nq").read_bytes()
    except (OSError, ValueError) as error:
        raise PublicationError(f"{data}: nothing that can be exported is published here; run zhanshi build") from error
    return Export(content, about["base"], about["built"])


def writers(content: bytes, base: str, date: str) -> Mapping[str, Writer]:
    """Give the writers of all dumps by path below a version's directory, the checksums last."""
    export = Export(content, base, date)

    def writer(name: str) -> Writer:
        return lambda path: export.write(name, path)

    found = {f"dumps/{file}": writer(name) for name, (file, _) in FORMATS.items()}
    return {**found, f"dumps/{SUMS}": write_sums}


def write_sums(path: Path) -> None:
    """Write the SHA-256 checksums of the other files of the folder, as `sha256sum --check` reads them."""
    files = sorted(file for file in path.parent.iterdir() if file.is_file() and file != path)
    path.write_text("".join(f"{checksum(file)}  {file.name}\n" for file in files), encoding="utf-8")


def checksum(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
