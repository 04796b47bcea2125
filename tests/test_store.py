import multiprocessing
import os
import resource
import signal
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph import store
from graph.errors import BusyError, PublicationError


def content(words: str, count: int = 1) -> bytes:
    node = NamedNode("https://example.org/a")
    return store.nquads(Quad(node, node, Literal(f"{words} {i}"), node) for i in range(count))


def current(data: Path) -> bytes:
    return (data / "current" / "dumps" / "zhanshi.nq").read_bytes()


def test_quads_are_written_sorted_and_once() -> None:
    node = NamedNode("https://example.org/a")
    quads = [Quad(node, node, Literal(word), node) for word in "bab"]
    assert store.nquads(quads) == store.nquads(reversed(quads))
    assert store.nquads(quads).count(b"\n") == 2


def test_a_version_replaces_the_last_one(tmp_path: Path) -> None:
    for words in ("first", "second", "third"):
        with store.locked(tmp_path):
            final = store.publish(content(words), tmp_path, {"base": "b"}, {})
    assert current(tmp_path) == content("third")
    assert len(Store.read_only(str(final / "store"))) == 1
    assert len(list((tmp_path / "versions").iterdir())) == store.KEPT


def test_the_same_content_is_the_same_version(tmp_path: Path) -> None:
    with store.locked(tmp_path):
        first = store.publish(content("same"), tmp_path, {}, {})
        assert store.publish(content("same"), tmp_path, {}, {}) == first
    assert current(tmp_path) == content("same")


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    with (
        store.locked(tmp_path),
        pytest.raises(BusyError, match="another build is publishing here"),
        store.locked(tmp_path),
    ):
        pass


def _publish_for_ever(data: Path) -> None:
    number = 0
    while True:
        number += 1
        with store.locked(data):
            store.publish(content(f"version {number}", 300), data, {}, {})


def test_killed_at_any_moment_the_last_version_stays_whole(tmp_path: Path) -> None:
    with store.locked(tmp_path):
        store.publish(content("version 0", 300), tmp_path, {}, {})
    context = multiprocessing.get_context("fork")
    for attempt in range(12):
        child = context.Process(target=_publish_for_ever, args=(tmp_path,))
        child.start()
        time.sleep(0.02 + 0.017 * attempt)
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        dump = current(tmp_path)
        assert dump.count(b"\n") == 300
        assert len(Store.read_only(str(tmp_path / "current" / "store"))) == 300
    with store.locked(tmp_path):
        store.publish(content("after"), tmp_path, {}, {})
    assert not list((tmp_path / "versions").glob(".staging-*"))


def _publish_with_little_room(data: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        with store.locked(data):
            store.publish(content("large", 5000), data, {}, {})
    except PublicationError as error:
        os._exit(0 if "what was published before is untouched" in str(error) else 1)
    os._exit(2)


def test_a_full_disk_leaves_the_last_version(tmp_path: Path) -> None:
    with store.locked(tmp_path):
        store.publish(content("kept"), tmp_path, {}, {})
    child = multiprocessing.get_context("fork").Process(target=_publish_with_little_room, args=(tmp_path,))
    child.start()
    child.join()
    assert child.exitcode == 0
    assert current(tmp_path) == content("kept")
