"""A published version of the graph, as the server sees it: its store, its dumps, its description."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from server.errors import PublicationError

Subject = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
NOTHING = "none"
DUMP = "zhanshi.nq"
DEFAULT_BASE = "https://w3id.org/zhanshi/"


@dataclass(frozen=True)
class Publication:
    """One version: its name, the root of its IRIs, when it was built, its title, its folder, its store to look into.

    The store is read-only and answers `quads_for_pattern` at once; queries go to the engine, which can be stopped.
    """

    version: str
    base: str
    built: str
    title: str
    quads: int
    directory: Path
    store: ox.Store

    @property
    def store_directory(self) -> Path:
        """The folder of the Oxigraph store."""
        return self.directory / "store"

    @property
    def is_empty(self) -> bool:
        """Whether this server has no data of its own."""
        return self.version == NOTHING

    @property
    def dumps(self) -> tuple[Path, ...]:
        """The dump files, by name."""
        return tuple(sorted(path for path in (self.directory / "dumps").glob("*") if path.is_file()))

    @property
    def nquads(self) -> Path | None:
        """The dump of all that is in the store as N-Quads, uncompressed, where there is one."""
        return next((path for path in self.dumps if path.name == DUMP), None)

    @property
    def validation(self) -> Path:
        """The SHACL report; it may not be there."""
        return self.directory / "validation.ttl"

    def triples(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
    ) -> list[ox.Triple]:
        """The matching triples of all graphs, each once, whatever the number of graphs it stands in."""
        found = self.store.quads_for_pattern(subject, predicate, object, None)
        return list(dict.fromkeys(quad.triple for quad in found))


def current_version(data: Path) -> str:
    """The name of the version that is published in the data directory; raises PublicationError where there is none."""
    link = data / "current"
    try:
        return Path(os.readlink(link)).name
    except OSError as error:
        raise PublicationError(
            f"Nothing is published in {data}: {link} is no link to a version ({error.strerror})."
            " Run `zhanshi build` first."
        ) from error


def load(data: Path) -> Publication:
    """The version that is published in the data directory; raises PublicationError where it cannot be read."""
    directory = (data / "versions" / current_version(data)).resolve()
    described = directory / "publication.json"
    try:
        values = json.loads(described.read_text(encoding="utf-8"))
        store = ox.Store.read_only(str(directory / "store"))
        return Publication(
            version=str(values["version"]),
            base=str(values["base"]),
            built=str(values.get("built", "")),
            title=str(values.get("title", "")),
            quads=int(values.get("quads", 0)),
            directory=directory,
            store=store,
        )
    except (OSError, ValueError, KeyError) as error:
        raise PublicationError(f"The published version in {directory} cannot be read: {error}.") from error


def empty() -> Publication:
    """No data of our own: what a server has that only passes queries to another endpoint."""
    return Publication(NOTHING, DEFAULT_BASE, "", "", 0, Path(os.devnull), ox.Store())
