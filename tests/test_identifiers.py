from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import identifiers
from graph.errors import AuthorityError

keys = st.sets(st.tuples(st.sampled_from(["Person", "Place"]), st.text(min_size=1, max_size=8)), max_size=30)


@given(keys)
def test_numbers_are_distinct_and_under_two_to_the_31(wanted: set[identifiers.Key]) -> None:
    numbers = identifiers.mint(wanted, {}, ())
    assert numbers.keys() == wanted
    assert len(set(numbers.values())) == len(wanted)
    assert all(identifiers.LOWEST <= int(number[1:]) < identifiers.HIGHEST for number in numbers.values())


def test_the_ledger_is_read_first() -> None:
    key = ("Person", "薛岳")
    assert identifiers.mint([key], {key: "Q5000000"}, ()) == {key: "Q5000000"}


def test_in_a_collision_the_later_key_is_hashed_again() -> None:
    key = ("Person", "薛岳")
    assert identifiers.mint([key], {}, {identifiers.hashed(key)}) == {key: identifiers.hashed(key, 1)}


def test_a_ledger_survives_being_written_and_read(tmp_path: Path) -> None:
    ledger = {("Person", "薛岳"): "Q1", ("Place", "长沙"): "Q2"}
    path = tmp_path / "ids.tsv"
    path.write_text(identifiers.ledger_lines(ledger), encoding="utf-8")
    assert identifiers.read_ledger(path) == ledger


def test_a_number_that_stands_for_two_things_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ids.tsv"
    path.write_text("id\ttype\tkey\nQ1\tPerson\t薛岳\nQ1\tPlace\t长沙\n", encoding="utf-8")
    with pytest.raises(AuthorityError, match=r"ids\.tsv:3: Q1 is the number of"):
        identifiers.read_ledger(path)
