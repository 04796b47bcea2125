"""What several test modules share: a small corpus to break, and the real graph, built once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import pipeline, store
from graph.pipeline import Graph
from graph.progress import reporter
from tests.serving import RunningServer, serving

SMALL_TEXT = "10月1日,日军第11军攻占长沙。\n薛岳命第10军反攻。\n"
SMALL_READING = """\
T1	Date 0 5	10月1日
T2	Unit 8 12	第11军
T3	Place 14 16	长沙
T4	Person 18 20	薛岳
T5	Unit 21 25	第10军
T6	Capture 12 14	攻占
T7	Order 20 21	命
T8	Counterattack 25 27	反攻
N1	Reference T1 Name:1941-10-01	1941-10-01
N2	Reference T2 Name:JP/第11军	JP/第11军
N3	Reference T3 Name:长沙	长沙
N4	Reference T4 Name:薛岳	薛岳
N5	Reference T5 Name:CN/第10军	CN/第10军
E1	Capture:T6 Agent:T2 Place:T3
E2	Order:T7 Agent:T4 Recipient:T5 Content:E3
E3	Counterattack:T8 Agent:T5
A1	Modality E3 planned
#1	AnnotatorNotes E1	when=1941-10-01 in=第二次长沙会战
#2	AnnotatorNotes E2	when=1941-10-01 in=第二次长沙会战
#3	AnnotatorNotes E3	when=1941-10-01 in=第二次长沙会战
R1	commands Arg1:T4 Arg2:T5
#4	AnnotatorNotes R1	when=1941-10-01 post=军长
"""
SMALL_MANIFEST = """\
date = "2026-01-01"
[[text]]
name = "900-small"
original = "small.txt"
script = "Hans"
campaign = "第二次长沙会战"
rights = "made for the tests"
titles = { zh-hans = "小文", zh-hant = "小文", en = "A small text" }
[[text.supplied]]
year = 1941
reason = "the test says so"
"""


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """Give a folder with one small text and its reading, which a test may break."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "manifest.toml").write_text(SMALL_MANIFEST, encoding="utf-8")
    (folder / "900-small.txt").write_text(SMALL_TEXT, encoding="utf-8")
    (folder / "900-small.ann").write_text(SMALL_READING, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def real_graph() -> Graph:
    """Give the graph of the five texts, assembled and validated."""
    with reporter(pipeline.STEPS, quiet=True) as report:
        return pipeline.assemble(pipeline.CORPUS, report)


@pytest.fixture(scope="session")
def published(real_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a data directory where the graph of the five texts is published."""
    data = tmp_path_factory.mktemp("data")
    with store.locked(data), reporter(pipeline.STEPS, quiet=True) as report:
        pipeline.publish(real_graph, data, report)
    yield data
    shutil.rmtree(data)


@pytest.fixture(scope="session")
def real_server(published: Path) -> Iterator[RunningServer]:
    """Give a server on the graph of the five texts."""
    with serving(published, "--no-access-log") as running:
        yield running
