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


def test_days_are_counted_from_the_first_and_today_is_the_speakers() -> None:
    counted = dates("1943年5月21日,敌攻石牌。第二天,敌又来。第三天拂晓,敌退。第4天,我追击。")
    assert [name for _, name in counted] == ["1943-05-21", "1943-05-22", "1943-05-23", "1943-05-24"]
    counted = dates("1938年4月5日,我抵临沂。次日拂晓攻击。第三天攻占。")
    assert [name for _, name in counted] == ["1938-04-05", "1938-04-06", "1938-04-07"]
    spoken = dates("1937年11月8日,电:昨9日松江失守。今晨敌续进。")
    assert [name for _, name in spoken] == ["1937-11-08", "1937-11-09", "1937-11-10"]


def test_the_battles_days_tell_the_month() -> None:
    words = "长衡会战,28日,敌渡河。6月24日,敌攻城。5日,敌退。1944年春季,敌来。6日,敌又来。"
    assert [name for _, name in dates(words, 1944)][:3] == ["1944-05-28", "1944-06-24", "1944-07-05"]
    assert dates(words, 1944)[-1] == ("6日", "1944-07-06")


def test_a_look_back_does_not_date_the_days_before_it() -> None:
    words = "鄂西会战,25日,敌渡河。28日,敌攻城。早在5月12日,敌已来。次日退。\n30日,敌又来。"
    assert [name for _, name in dates(words, 1943)] == [
        "1943-05-25",
        "1943-05-28",
        "1943-05-12",
        "1943-05-13",
        "1943-05-30",
    ]
    rolled = "25日,敌渡河。30日,敌攻城。2日,敌退。6月5日,敌又来。"
    assert [name for _, name in dates(rolled, 1943)] == ["1943-05-25", "1943-05-30", "1943-06-02", "1943-06-05"]


def test_a_battle_dates_what_prints_no_year() -> None:
    assert [name for _, name in dates("昆仑关战役,12月18日我军攻击,1月11日结束。")] == ["1939-12-18", "1940-01-11"]


@pytest.mark.parametrize(
    "words",
    [
        "昆仑关战役,12月18日我军攻击。\n1938年12月20日,敌反攻。22日,敌退。",
        "昆仑关战役,12月18日我军攻击,一位老兵1985年8月1日还说起此事。\n22日,敌退。",
    ],
)
def test_a_year_outside_the_battle_is_told_in_passing_or_by_mistake(words: str) -> None:
    assert dates(words)[-1] == ("22日", "1939-12-22")


def test_a_telegram_names_days_by_characters() -> None:
    words = "1938年3月,委员长蒋钧鉴:敌寒日拂晓犯滕县,我师删晚反攻,激战至筱午城陷。"
    words += "洛阳日军未动,现有日军三千。职震叩。养戌印。"
    assert dates(words)[1:] == [
        ("寒日拂晓", "1938-03-14"),
        ("删晚", "1938-03-15"),
        ("筱午", "1938-03-17"),
        ("养戌", "1938-03-22"),
    ]
    assert dates("1938年3月,敌寒日拂晓犯滕县,江东日出。") == [("1938年3月", "1938-03")]
    assert dates("1938年3月,计划严守秘密。敌寒日拂晓犯滕县。") == [("1938年3月", "1938-03")]
    assert dates("1938年3月,敌有未到者,我有子弟三千,经江夜渡。职震叩。养戌印。") == [
        ("1938年3月", "1938-03"),
        ("养戌", "1938-03-22"),
    ]


def test_the_year_comes_from_the_manifest() -> None:
    assert dates("5日,日军攻占沙洋,6月15日下令撤退。", 1940) == [("5日", "1940-06-05"), ("6月15日", "1940-06-15")]


def test_without_any_year_the_words_stay_and_are_doubtful() -> None:
    found = [m for m in read("5月3日,战斗开始。") if m.type == "Date"]
    assert [(m.canonical, m.unsure) for m in found] == [("5月3日", True)]
