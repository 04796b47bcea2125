from decimal import Decimal

import pytest

from graph.amounts import parse


@pytest.mark.parametrize(
    ("words", "value", "lower", "upper", "measure"),
    [
        ("3550人", 3550, None, None, "人"),
        ("567o人", 5670, None, None, "人"),
        ("43oo人", 4300, None, None, "人"),
        ("1.1万余人", 11000, 11000, 12000, "人"),
        ("30余万人", 300000, 300000, 400000, "人"),
        ("31万余人", 310000, 310000, 320000, "人"),
        ("1万1千多人", 11000, 11000, 12000, "人"),
        ("3万6358人", 36358, None, None, "人"),
        ("约3万人", 30000, 25000, 35000, "人"),
        ("至少在3万人以上", 30000, 30000, None, "人"),
        ("近40萬人", 400000, 300000, 400000, "人"),
        ("14.8萬", 148000, None, None, ""),
        ("一二○架", 120, None, None, "架"),
        ("四千八百", 4800, None, None, ""),
        ("2个联队长", 2, None, None, "联队长"),
        ("数十人", 10, 10, 100, "人"),
        ("萬餘人", 10000, 10000, 20000, "人"),
        ("万人以上", 10000, 10000, None, "人"),
        ("1个加强营", 1, None, None, "加强营"),
        ("3万强", 30000, 30000, None, ""),
        ("30∼40噸", 35, 30, 40, "吨"),
    ],
)
def test_words_of_amount(words: str, value: int, lower: int | None, upper: int | None, measure: str) -> None:
    amount = parse(words)
    assert amount
    found = [None if n is None else int(n) for n in (amount.value, amount.lower, amount.upper)]
    assert (*found, amount.measure) == (value, lower, upper, measure)


@pytest.mark.parametrize(("words", "value"), [("过半", "0.5"), ("十分之八", "0.8"), ("半", "0.5"), ("35%", "0.35")])
def test_shares(words: str, value: str) -> None:
    amount = parse(words)
    assert amount
    assert (amount.value, amount.measure) == (Decimal(value), "%")


@pytest.mark.parametrize("words", ["", "无数", "大量"])
def test_uncounted(words: str) -> None:
    assert parse(words) is None
