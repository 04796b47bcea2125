"""Dates of texts: what counts as one, and the year, month and day that the context gives."""

import pytest

from graph.periods import bounds
from tests.reading_passages import read


def dates(characters: str, *years: int) -> list[tuple[str, str]]:
    return [(m.surface, m.canonical) for m in read(characters, *years) if m.type == "Date"]


@pytest.mark.parametrize(
    ("characters", "edtf"),
    [
        ("1941年9月18日拂晓,", "1941-09-18"),
        ("民国三十年九月,", "1941-09"),
        ("昭和十六年末,", "1941-12"),
        ("二十七年三月,", "1938-03"),
        ("1939年9月上旬,", "1939-09-01/1939-09-10"),
        ("1940年2月下旬,", "1940-02-21/1940-02-29"),
        ("1941年春,", "1941-21"),
        ("1941年夏秋之际,", "1941-22/1941-23"),
        ("1942年元旦,", "1942-01-01"),
        ("1943年10月10日前后,", "1943-10-10~"),
        ("1944年7月底,", "1944-07-21/1944-07-31"),
        ("1943年9月6日至13日,", "1943-09-06/1943-09-13"),
        ("1937年至1945年,", "1937/1945"),
        ("一九四四年上半年,", "1944-01/1944-06"),
        ("1938年3月15至17日,", "1938-03-15/1938-03-17"),
        ("1938年3月15、16两日,", "1938-03-15/1938-03-16"),
        ("民国廿七年七八月间,", "1938-07/1938-08"),
        ("1938年7、8月间,", "1938-07/1938-08"),
        ("1938年8月中下旬,", "1938-08-11/1938-08-31"),
        ("一九三八年的八月三日,", "1938-08-03"),
    ],
)
def test_printed_dates(characters: str, edtf: str) -> None:
    assert [name for _, name in dates(characters)] == [edtf]
    bounds(edtf)


@pytest.mark.parametrize(
    "characters", ["激战6日夜,", "一日之内可下。", "坚守47天。", "3月之久", "9日军部", "日本天皇", "第一号高地"]
)
def test_no_dates(characters: str) -> None:
    assert dates(characters, 1941) == []


def test_the_context_gives_month_and_year() -> None:
    words = "1943年12月3日攻占常德。当晚撤退。次日,敌至。4天之后夺回。1月1日,蒋介石发表讲话。翌晨。次(3)日。月底"
    assert [name for _, name in dates(words)] == [
        "1943-12-03",
        "1943-12-03",
        "1943-12-04",
        "1943-12-08",
        "1944-01-01",
        "1944-01-02",
        "1944-01-03",
        "1944-01-21/1944-01-31",
    ]


def test_brackets_and_quotations_do_not_move_the_time() -> None:
    words = "1944年8月4日,敌攻城(指1904年日俄战争)。6日,城破。“自七月三十日起,敌猛攻不止。”7日"
    assert [name for _, name in dates(words)][-1] == "1944-08-07"


def test_a_digression_ends_with_its_paragraph() -> None:
    words = "1944年6月20日,外围激战。\n1942年1月4日,长沙守军反击。1月5日,追击。\n6月23日凌晨,战斗打响。"
    assert [name for _, name in dates(words)] == ["1944-06-20", "1942-01-04", "1942-01-05", "1944-06-23"]


def test_a_battle_dates_what_prints_no_year() -> None:
    assert [name for _, name in dates("昆仑关战役,12月18日我军攻击,1月11日结束。")] == ["1939-12-18", "1940-01-11"]


def test_the_year_comes_from_the_manifest() -> None:
    assert dates("5日,日军攻占沙洋,6月15日下令撤退。", 1940) == [("5日", "1940-06-05"), ("6月15日", "1940-06-15")]


def test_without_any_year_the_words_stay_and_are_doubtful() -> None:
    found = [m for m in read("5月3日,战斗开始。") if m.type == "Date"]
    assert [(m.canonical, m.unsure) for m in found] == [("5月3日", True)]
