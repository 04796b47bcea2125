"""Whole accounts of campaigns that no rule was written for, read by hand first, hold the reader to what it reaches.

They were written for this: telegrams in traditional script, a staff history with its order of battle, a memoir, a
diary. No rule may be written or changed with them in sight; `docs/reader.md` tells what they are for.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from graph import readings
from graph.model import Reading, Text, Way
from graph.reader.command import load
from graph.reader.read import read
from graph.texts import read_characters
from tests.reading_scores import Score, scores, summed

FOLDER = Path(__file__).with_name("carryover")
CAMPAIGNS = {
    "burma-diary": "缅北反攻战",
    "shanghai-telegrams": "淞沪会战",
    "taierzhuang-memoir": "台儿庄战役",
    "wuhan-staff-history": "武汉会战",
}
REACHED = {"mentions": 0.87, "relations": 0.64, "events": 0.68, "roles": 0.47}


def account(name: str) -> Text:
    """Give an account as a user would: its file, and the campaign that it tells of."""
    return load(FOLDER / f"{name}.txt", campaign=CAMPAIGNS[name], years=())


def by_hand(text: Text) -> Reading:
    """Give the reading made by hand."""
    path = text.path.with_suffix(".ann")
    return readings.parse(text, path, read_characters(path), Way.REVIEWED)


@cache
def measured() -> Mapping[str, Mapping[str, Score]]:
    """Give the scores of each account."""
    texts = [account(name) for name in CAMPAIGNS]
    return {text.name: scores(by_hand(text), read(text)) for text in texts}


def test_every_account_is_measured() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == CAMPAIGNS.keys()
    for name, told in measured().items():
        assert told["mentions"].wanted > 80, name
        assert told["events"].wanted > 35, name


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_reading_agrees_with_itself(name: str) -> None:
    reading = by_hand(account(name))
    assert all(score.f1 == 1 for score in scores(reading, reading).values())


@pytest.mark.parametrize(("measure", "floor"), REACHED.items())
def test_the_reader_carries_over_to_campaigns_it_was_not_made_for(measure: str, floor: float) -> None:
    each = {name: round(told[measure].f1, 3) for name, told in measured().items()}
    assert summed(measured().values())[measure].f1 >= floor, f"{measure}: {each}"


def test_what_is_planned_is_told_from_what_happened() -> None:
    told = summed(measured().values())["modality"]
    assert told.wanted > 80
    assert told.f1 >= 0.80
