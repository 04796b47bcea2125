"""The cache, the queue, the frames, the protocol's reading of requests, the settings and the command."""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from server.cli import main
from server.deadlines import Deadlines
from server.engine.fairqueue import FairQueue
from server.engine.frames import About, Frame, FrameReader
from server.engine.loading import prepare
from server.engine.query import Asked
from server.errors import BadRequest, LimitReached, PublicationError, Refused
from server.publication import Publication, load
from server.settings import Settings, environment_name, table
from server.sparql.cache import OVERHEAD, AnswerCache, Kept
from server.sparql.protocol import Request, asked
from server.versions import kept_a_version
from tests.serving import example_quads, publish

FORM = "application/x-www-form-urlencoded"


def kept(body: bytes) -> Kept:
    return Kept((), body, '"tag"', None, "")


def test_the_cache_keeps_to_its_bound_and_drops_the_longest_unused() -> None:
    cache: AnswerCache[Kept] = AnswerCache(3 * (OVERHEAD + 100))
    for key in "abc":
        cache.put(key, "v1", kept(b"x" * 100), 0)
    assert cache.get("a", "v1") is not None
    cache.put("d", "v1", kept(b"x" * 100), 0)
    assert cache.get("b", "v1") is None
    assert cache.get("a", "v1") is not None
    assert cache.bytes <= 3 * (OVERHEAD + 100)
    cache.put("huge", "v1", kept(b"x" * 10_000), 0)
    assert cache.get("huge", "v1") is None


def test_the_cache_never_answers_for_another_version() -> None:
    cache: AnswerCache[Kept] = AnswerCache(1 << 20)
    cache.put("a", "v1", kept(b"old"), 0)
    assert cache.get("a", "v2") is None
    cache.put("b", "v2", kept(b"new"), 0)
    assert cache.get("a", "v1") is None
    assert len(cache) == 1


def test_the_lines_of_clients_take_turns() -> None:
    queue: FairQueue[int] = FairQueue()
    for item in range(4):
        queue.put("greedy", item)
    queue.put("modest", 9)
    assert [queue.take(lambda _: True) for _ in range(5)] == [0, 9, 1, 2, 3]
    assert queue.take(lambda _: True) is None


def test_a_client_at_its_limit_is_passed_over() -> None:
    queue: FairQueue[int] = FairQueue()
    queue.put("greedy", 1)
    queue.put("modest", 2)
    assert queue.take(lambda client: client != "greedy") == 2
    assert queue.take(lambda client: client != "greedy") is None
    assert queue.remove("greedy", 1)
    assert not queue.remove("greedy", 1)
    assert len(queue) == 0


@given(st.lists(st.tuples(st.sampled_from(b"WPEFQ"), st.binary(), st.binary())), st.integers(1, 50))
def test_frames_come_out_as_they_went_in(parts: list[tuple[int, bytes, bytes]], step: int) -> None:
    frames = [Frame(bytes([kind]), head, data) for kind, head, data in parts]
    stream = b"".join(frame.to_bytes() for frame in frames)
    reader = FrameReader()
    found = [frame for start in range(0, len(stream), step) for frame in reader.feed(stream[start : start + step])]
    assert found == frames


@pytest.mark.parametrize("rows", [None, 0, 7])
def test_what_is_told_of_an_answer_comes_out_as_it_went_in(rows: int | None) -> None:
    about = About("json", "SELECT", True, False, rows)
    assert About.from_bytes(about.to_bytes()) == about


def test_one_timer_serves_all_deadlines() -> None:
    late: list[str] = []

    async def watch() -> None:
        deadlines = Deadlines(1.0)
        for name in ("done", "late", "again"):
            deadlines.add(name, partial(late.append, name))
        deadlines.remove("done")
        deadlines.remove("never there")
        await asyncio.sleep(0.5)
        deadlines.add("again", partial(late.append, "again"))
        await asyncio.sleep(0.8)
        assert late == ["late"]
        await asyncio.sleep(0.6)

    asyncio.run(watch())
    assert late == ["late", "again"]


def test_a_query_crosses_processes_unchanged() -> None:
    query = Asked(text="ASK { ?s ?p '第4军' }", default=("urn:g",), named=(), languages="zh", gzip=True)
    assert Asked.from_bytes(query.to_bytes()) == query


def read(method: str = "GET", url: bytes = b"", kind: str = "", body: bytes = b"") -> Asked | None:
    return asked(Request(method, url, kind, body), query_bytes=1_000)


def test_a_query_is_read_from_url_form_and_body() -> None:
    for found in (
        read(url=b"query=ASK%20%7B%7D&default-graph-uri=urn:a&default-graph-uri=urn:b"),
        read("POST", kind=FORM, body=b"query=ASK+%7B%7D&default-graph-uri=urn:a&default-graph-uri=urn:b"),
        read("POST", b"default-graph-uri=urn:a&default-graph-uri=urn:b", "application/sparql-query", b"ASK {}"),
        read("POST", b"query=ASK%20%7B%7D&default-graph-uri=urn:a&default-graph-uri=urn:b", "multipart/form-data"),
    ):
        assert found is not None
        assert found.text == "ASK {}"
        assert found.default == ("urn:a", "urn:b")
        assert found.named is None
    assert read() is None


def test_chinese_is_decoded_once() -> None:
    found = read(
        "POST", kind=f"{FORM}; charset=UTF-8", body=b"query=ASK+%7B%3Curn%3A%25E5%258D%258E%3E+a+%22%E5%8D%8E%22%7D"
    )
    assert found is not None
    assert found.text == 'ASK {<urn:%E5%8D%8E> a "华"}'


@pytest.mark.parametrize(
    ("method", "url", "kind", "body", "status"),
    [
        ("GET", b"query=ASK%7B%7D&query=ASK%7B%7D", "", b"", 400),
        ("GET", b"format=json", "", b"", 400),
        ("GET", b"query=%FF%FE", "", b"", 400),
        ("POST", b"", "", b"query=ASK%7B%7D", 415),
        ("POST", b"", "text/plain", b"ASK {}", 415),
        ("POST", b"", "application/sparql-query; charset=UTF-16", "ASK {}".encode("utf-16"), 415),
        ("POST", b"", "application/sparql-query", "ASK {}".encode("utf-16"), 400),
        ("POST", b"query=ASK%7B%7D", "application/sparql-query", b"ASK {}", 400),
        ("POST", b"", FORM, b"query=ASK%7B%7D&" + b"a=b&" * 2_000, 400),
    ],
)
def test_what_the_protocol_forbids_is_refused(method: str, url: bytes, kind: str, body: bytes, status: int) -> None:
    with pytest.raises(BadRequest) as caught:
        read(method, url, kind, body)
    assert caught.value.code == status


UPDATES = [
    (b"update=DROP+ALL", "", b""),
    (b"", FORM, b"update=DROP+ALL"),
    (b"", "application/sparql-update", b""),
]


@pytest.mark.parametrize(("url", "kind", "body"), UPDATES)
def test_updates_are_refused(url: bytes, kind: str, body: bytes) -> None:
    with pytest.raises(Refused):
        read("POST" if kind else "GET", url, kind, body)


def test_a_long_query_is_refused_with_the_limit() -> None:
    with pytest.raises(LimitReached, match="query_bytes") as caught:
        read(url=b"query=" + b"x" * 2_000)
    assert caught.value.code == 413


def test_every_setting_is_an_option_with_its_help_and_environment_name() -> None:
    shown = CliRunner().invoke(main, ["serve", "--help"]).output
    flat = " ".join(shown.split())
    assert len(table()) > 20
    for setting in table():
        assert f"--{setting.name.replace('_', '-')}" in shown
        assert environment_name(setting.name) in flat
        assert setting.metadata["help"].endswith(".")
    assert Settings(workers=3, long_queries=5).places == 8


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    publish(tmp_path, example_quads())
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--data", str(tmp_path), "--port", str(port)])
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--data", "nowhere"], 1, "Run `zhanshi build` first"),
        (["--engine", "remote"], 2, "needs --endpoint"),
        (["--engine", "fast"], 2, "is not one of"),
        (["--wall-seconds", "-1"], 2, "wall-seconds"),
    ],
)
def test_bad_options_are_told(arguments: list[str], code: int, message: str) -> None:
    result = CliRunner().invoke(main, ["serve", *arguments])
    assert result.exit_code == code
    assert message in result.output


def test_a_broken_publication_is_told(tmp_path: Path) -> None:
    folder = publish(tmp_path, example_quads())
    (folder / "publication.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PublicationError, match="cannot be read"):
        load(tmp_path)
    (folder / "publication.json").unlink()
    with pytest.raises(PublicationError, match=r"publication\.json"):
        load(tmp_path)


def test_triples_that_stand_in_several_graphs_are_found_once(tmp_path: Path) -> None:
    publish(tmp_path, example_quads())
    publication = load(tmp_path)
    everything = publication.triples()
    assert len(everything) == len(set(everything)) == publication.quads - 2


def test_a_dump_is_doubled_only_where_triples_stand_in_several_graphs(tmp_path: Path) -> None:
    once, twice = tmp_path / "once.nq", tmp_path / "twice.nq"
    once.write_bytes(b'<urn:a> <urn:p> "x <y" <urn:g> .\n<urn:a> <urn:p> "x <z>"^^<urn:t> <urn:g> .\n')
    assert prepare(tmp_path, once, tmp_path) == (once, once)
    twice.write_bytes(
        b'<urn:a> <urn:p> "x <y>" <urn:g> .\n<urn:a> <urn:p> "x <y>" <urn:h> .\n_:b <urn:p> "<z"^^<urn:t> .\n'
    )
    whole, triples = (path.read_bytes() for path in prepare(tmp_path, twice, tmp_path))
    lines = whole.splitlines()
    assert len(lines) == 6
    assert lines.count(b'<urn:a> <urn:p> "x <y>" .') == 2
    assert lines.count(b'_:b <urn:p> "<z"^^<urn:t> .') == 2
    assert triples == b'<urn:a> <urn:p> "x <y>" .\n' * 2 + b'_:b <urn:p> "<z"^^<urn:t> .\n'


def test_what_is_kept_for_a_publication_is_made_once_and_bounded(tmp_path: Path) -> None:
    made: list[int] = []

    @kept_a_version(2)
    def double(_: Publication, number: int) -> int:
        made.append(number)
        return number * 2

    publish(tmp_path, example_quads())
    publication = load(tmp_path)
    assert [double(publication, n) for n in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]
    assert made == [1, 2, 3, 2]
