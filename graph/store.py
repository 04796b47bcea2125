"""Quads -> an Oxigraph store, published whole: beside the last one, then switched by one rename."""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store

from graph.errors import BusyError, PublicationError

CURRENT = "current"
VERSIONS = "versions"
KEPT = 2  # the published version and the one before it, which a server may still be draining


def loaded(quads: Iterable[Quad]) -> Store:
    """Give a store in memory that holds the quads."""
    memory = Store()
    memory.bulk_extend(quads)
    return memory


def nquads(quads: Iterable[Quad] | Store) -> bytes:
    """Give quads as N-Quads, each once, sorted, with literals as Oxigraph keeps them: the same bytes everywhere."""
    memory = quads if isinstance(quads, Store) else loaded(quads)
    dump = memory.dump(format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(dump.splitlines(keepends=True)))


def version_of(content: bytes) -> str:
    """Give the name of a version: the head of the checksum of its N-Quads."""
    return hashlib.sha256(content).hexdigest()[:16]


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data directory for one build; another that holds it is a BusyError."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = (data / "build.lock").open("w")
    except OSError as error:
        raise PublicationError(f"{data}: cannot be written: {error.strerror}") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError(f"{data}: another build is publishing here; wait for it, or give another --data") from error
        yield


Writer = Callable[[Path], None]


def publish(content: bytes, data: Path, about: Mapping[str, object], writers: Mapping[str, Writer]) -> Path:
    """Publish N-Quads as the current version of `data` and give its directory.

    `writers` write further files (by path below the version's directory). Call it inside `locked`. A failure at any
    moment leaves the version that was current in place.
    """
    version = version_of(content)
    versions = data / VERSIONS
    final = versions / version
    staging = versions / f".staging-{os.getpid()}"
    try:
        versions.mkdir(exist_ok=True)
        for left in versions.glob(".staging-*"):
            shutil.rmtree(left)
        _write(staging, content, {**about, "version": version}, writers)
        if final.exists():
            shutil.rmtree(final) if not _is_current(data, final) else shutil.rmtree(staging)
        if staging.exists():
            staging.rename(final)
        _switch(data, final)
        _drop_old(data, final)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise PublicationError(f"{data}: {_reason(error)}; what was published before is untouched") from error
    return final


def _is_current(data: Path, version: Path) -> bool:
    link = data / CURRENT
    return link.is_symlink() and link.resolve() == version.resolve()


def _write(staging: Path, content: bytes, about: Mapping[str, object], writers: Mapping[str, Writer]) -> None:
    staging.mkdir()
    (staging / "dumps").mkdir()
    dump = staging / "dumps" / "zhanshi.nq"
    dump.write_bytes(content)
    store = Store(str(staging / "store"))
    store.bulk_load(path=str(dump), format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    quads = len(store)
    del store
    for name, write in writers.items():
        target = staging / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target)
    (staging / "publication.json").write_text(json.dumps({**about, "quads": quads}, ensure_ascii=False, indent=1))
    _sync(staging)


def _sync(folder: Path) -> None:
    """Flush files and folders to the disk, so that a switched version is whole after a power cut."""
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _switch(data: Path, version: Path) -> None:
    fresh = data / f".{CURRENT}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path(VERSIONS) / version.name)
    fresh.rename(data / CURRENT)


def _drop_old(data: Path, current: Path) -> None:
    others = [p for p in (data / VERSIONS).iterdir() if p.is_dir() and p != current]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path)


def _reason(error: OSError) -> str:
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return "the disk is full"
    return error.strerror or str(error)
