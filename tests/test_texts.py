from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import texts
from graph.errors import TextError


def test_a_text_comes_with_its_manifest(small_corpus: Path) -> None:
    (text,) = texts.read_all(small_corpus)
    assert (text.name, text.script, text.supplied[0].year) == ("900-small", "Hans", 1941)
    assert [text.characters[s.start : s.end] for s in text.sentences] == [
        "10月1日,日军第11军攻占长沙。",
        "薛岳命第10军反攻。",
    ]


def test_what_is_not_utf8_is_refused_with_its_byte(small_corpus: Path) -> None:
    path = small_corpus / "900-small.txt"
    path.write_bytes("日军".encode() + "攻".encode("gb18030"))
    with pytest.raises(TextError, match=r"900-small\.txt: not UTF-8: byte 6 is 0xb9"):
        list(texts.read_all(small_corpus))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("", "names no text"),
        ("[[text]", "not TOML"),
        ('date = "2026-01-01"\n[[text]]\nname = "900-small"\n', "lacks `titles`"),
    ],
)
def test_a_faulty_manifest_says_what_is_wrong(small_corpus: Path, manifest: str, message: str) -> None:
    (small_corpus / "manifest.toml").write_text(manifest)
    with pytest.raises(TextError, match=message):
        list(texts.read_all(small_corpus))


def test_a_text_without_an_entry_is_not_left_out(small_corpus: Path) -> None:
    (small_corpus / "901-stranger.txt").write_text("敌退。")
    with pytest.raises(TextError, match=r"no entry for 901-stranger\.txt"):
        list(texts.read_all(small_corpus))


def test_an_empty_text_is_refused(small_corpus: Path) -> None:
    (small_corpus / "900-small.txt").write_text(" \n")
    with pytest.raises(TextError, match="the text is empty"):
        list(texts.read_all(small_corpus))


@given(st.text(alphabet="甲乙。!;\n」 ", max_size=60))
def test_sentences_hold_every_character_that_is_not_blank(characters: str) -> None:
    spans = texts.sentences(characters)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {i for s in spans for i in range(s.start, s.end)}
    assert all(characters[i].isspace() for i in set(range(len(characters))) - covered)
