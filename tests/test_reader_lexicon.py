"""The tables of the reader's lexicon hold what they promise."""

import re
from collections import Counter

import pytest

from graph.reader import lexicon

TABLES = sorted(path.stem for path in lexicon.FOLDER.glob("*.tsv"))
SIDES = {"", "?", "CN", "JP", "US", "GB", "FR", "DE", "IT", "SU", "IN", "TH", "NL", "AL"}


def test_every_table_is_described() -> None:
    described = (lexicon.FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(TABLES) > 30
    assert [table for table in TABLES if f"`{table}`" not in described] == []


@pytest.mark.parametrize("table", TABLES)
def test_table_has_whole_lines_and_no_word_twice(table: str) -> None:
    rows = lexicon.rows(table)
    assert rows, f"{table}.tsv holds no line"
    keys = [next(iter(row.values())) for row in rows]
    if table in {"calendar", "count_words"}:
        keys = [f"{row['word']} {row['kind']}" for row in rows]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert [key for key in keys if not key or key != key.strip()] == []


@pytest.mark.parametrize("table", [table for table in TABLES if "side" in lexicon.rows(table)[0]])
def test_sides_are_known(table: str) -> None:
    assert {row["side"] for row in lexicon.rows(table)} <= SIDES


@pytest.mark.parametrize("table", ["place_before", "place_after", "gazetteer", "words", "jp_armies"])
def test_weights_are_numbers(table: str) -> None:
    assert all(isinstance(weight, float) for weight in lexicon.weights(table).values())


def test_names_with_a_side_are_canonical() -> None:
    for table in ("named_units", "organisations"):
        assert [row for row in lexicon.rows(table) if not re.fullmatch(r"[A-Z]{2}/\S+", row["canonical"])] == []


def test_a_line_of_the_wrong_width_is_told(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "faulty.tsv").write_text("word\tside\n甲\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    with pytest.raises(lexicon.LexiconError, match=r"faulty\.tsv:2: 1 cells, the header has 2"):
        lexicon.rows("faulty")
