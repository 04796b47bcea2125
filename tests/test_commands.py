"""The commands as a person runs them: what goes wrong is said, with its place and an exit code."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph import store
from graph.commands import COMMANDS, build


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(build, [str(arg) for arg in args])


def test_a_small_corpus_is_built_and_published(small_corpus: Path, tmp_path: Path) -> None:
    data = tmp_path / "a folder"
    done = run(small_corpus, "--data", data, "--update-ids")
    assert done.exit_code == 0, done.output
    assert "published" in done.output
    assert (data / "current" / "publication.json").is_file()
    assert "900-small|Capture|12-14" in (small_corpus / "ids.tsv").read_text(encoding="utf-8")
    silent = run(small_corpus, "--data", data, "--quiet")
    assert (silent.exit_code, silent.output) == (0, "")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("900-small.txt", b"\xff\xfe", "900-small.txt: not UTF-8: byte 0 is 0xff"),
        ("900-small.ann", b"T1\tUnit 0 900\tx\n", "900-small.ann:1: T1: characters 0-900 lie outside the text"),
        ("manifest.toml", b"", "manifest.toml: the manifest names no text"),
    ],
)
def test_bad_input_is_named_and_nothing_is_published(
    small_corpus: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (small_corpus / name).write_bytes(content)
    done = run(small_corpus, "--data", tmp_path / "data")
    assert done.exit_code == 2
    assert message in done.output
    assert not (tmp_path / "data" / "current").exists()


def test_a_base_that_is_no_root_is_refused(small_corpus: Path, tmp_path: Path) -> None:
    done = run(small_corpus, "--data", tmp_path / "data", "--base", "zhanshi")
    assert done.exit_code == 2
    assert "ends with a slash" in done.output


def test_a_second_build_is_refused(small_corpus: Path, tmp_path: Path) -> None:
    with store.locked(tmp_path / "data"):
        done = run(small_corpus, "--data", tmp_path / "data")
    assert done.exit_code == 5
    assert "another build is publishing here" in done.output


def test_an_unknown_side_is_named(small_corpus: Path, tmp_path: Path) -> None:
    path = small_corpus / "900-small.ann"
    path.write_text(path.read_text(encoding="utf-8").replace("JP/第11军", "XX/第11军"), encoding="utf-8")
    done = run(small_corpus, "--data", tmp_path / "data")
    assert done.exit_code == 2
    assert "XX" in done.output


def test_each_verb_is_there_with_its_help() -> None:
    assert {command.name for command in COMMANDS} == {"build", "read", "check", "export"}
    assert all(command.help for command in COMMANDS)
