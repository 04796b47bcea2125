"""A published store on disk -> the same in memory, two to four times as fast to query."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

QUADS = "quads.nq"


def load(directory: str) -> ox.Store:
    """The store of that directory in memory.

    Where the same triple stands in several named graphs, the default graph gets each triple once: Oxigraph's union of
    graphs would count it as often as it stands there. Raises OSError where the directory holds no store.
    """
    with tempfile.TemporaryDirectory(prefix="zhanshi-") as folder:
        # In a process of its own: what it needs to read the store and to find double triples is free again afterwards.
        done = subprocess.run(
            [sys.executable, "-P", "-m", "server.engine.loading", directory, folder],
            check=False,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        if done.returncode != 0:
            raise OSError(done.stderr.strip().rpartition("\n")[2])
        store = ox.Store()
        store.bulk_load(path=str(Path(folder, QUADS)), format=ox.RdfFormat.N_QUADS, lenient=True)
        return store


def unpack(directory: Path, folder: Path) -> None:
    """Write the store's quads as N-Quads, and once more without their graph where a triple stands in several graphs.

    One file, so that a blank node is the same node in both.
    """
    store = ox.Store.read_only(str(directory))
    path = folder / QUADS
    store.dump(str(path), format=ox.RdfFormat.N_QUADS)
    if next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is not None:
        return
    with path.open("rb") as quads:
        doubles = _has_doubles(map(_triple, quads))
    if doubles:
        size = path.stat().st_size
        with path.open("rb") as quads, path.open("ab") as triples:
            triples.writelines(map(_triple, _lines(quads, size)))


def _lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The lines of a file up to that many bytes."""
    while file.tell() < size:
        yield file.readline()


def _triple(quad: bytes) -> bytes:
    """A line of N-Quads without its graph, which is an IRI and so holds no blank."""
    return quad[: quad.rindex(b" ", 0, -3)] + b" .\n"


def _has_doubles(lines: Iterable[bytes]) -> bool:
    seen: set[int] = set()
    for count, line in enumerate(lines, 1):
        seen.add(hash(line))
        if len(seen) != count:
            return True
    return False


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))
