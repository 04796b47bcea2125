"""Who tells a text in the first person, lists printed one formation a line, and words that count several things."""

import pytest

from graph.model import Reading
from tests.reading_examples import example


def reading(source: str) -> Reading:
    return example(source).reading()


def agents(source: str, words: str) -> list[str]:
    found = reading(source)
    event = next(event for event in found.events if event.words == words)
    return [found.mentions[role.filler].surface for role in event.roles if role.name == "Agent"]


def ties(source: str, kind: str = "partOf") -> set[tuple[str, str]]:
    found = reading(source)
    names = {key: mention.surface for key, mention in found.mentions.items()}
    return {(names[one.subject], names[one.object]) for one in found.relations if one.type == kind}


@pytest.mark.parametrize(
    ("source", "words", "who"),
    [
        ("[U 第600团]战斗详报。[D 四日],[U 第200师]到达。我团攻占[L 界首]。", "攻占", ["第600团"]),
        ("余时任[U 第7师]参谋。[D 八日]进攻[L 夏县]。", "进攻", ["第7师"]),
        ("[P 李宗仁]致[P 蒋介石]电。已令[U 第59军]攻[L 峄县]。", "令", ["李宗仁"]),
        ("[F 敌]犯[L 峄县]。已令[U 第59军]攻[L 峄县]。职[P 孙连仲]叩。", "令", ["孙连仲"]),
        ("[U 第59军]到达。[F 敌]又犯[L 峄县],被我击退。", "击退", ["第59军"]),
    ],
)
def test_the_narrator_acts(source: str, words: str, who: list[str]) -> None:
    assert agents(source, words) == who


@pytest.mark.parametrize(
    ("source", "words", "wrong"),
    [
        ("[P 李宗仁]致[P 蒋介石]电,[P 汤恩伯]在旁。\n[P 白崇禧]到达[L 武汉]。令[U 第59军]攻[L 峄县]。", "令", "李宗仁"),
        ("[P 李宗仁]致[P 蒋介石]电。\n[U 第31师]到达。\n第二章 会战经过\n已令[U 第59军]攻[L 峄县]。", "令", "李宗仁"),
        ("余时任[U 第7师]参谋。[D 八日],[U 第12师]进攻[L 夏县]。", "进攻", "第7师"),
    ],
)
def test_who_is_named_acts_and_no_telegram_lies_in_a_narrative(source: str, words: str, wrong: str) -> None:
    assert wrong not in agents(source, words)


@pytest.mark.parametrize("words", ["[F 敌]大部为我所歼灭。", "[F 敌]被我歼灭。", "[U 第59军]猛进,[F 敌]为我歼灭。"])
def test_what_we_do_to_the_enemy_is_not_done_to_us(words: str) -> None:
    found = reading(f"[U 第59军]攻[L 临沂]。{words}")
    event = next(event for event in found.events if event.type == "Destruction")
    told = {(role.name, found.mentions[role.filler].surface) for role in event.roles if role.name != "Place"}
    assert told == {("Agent", "第59军"), ("Target", "敌")}


def test_a_list_has_each_formation_under_the_nearest_above_it() -> None:
    listed = "[U 第19集团军]序列\n[U 第49军] 军长 [P 刘多荃]\n  [U 第26师] 师长 [P 王克俊]\n[U 保安纵队]\n"
    assert ties(listed) == {("第49军", "第19集团军"), ("第26师", "第49军"), ("保安纵队", "第19集团军")}
    assert ties(listed, "commands") == {("刘多荃", "第49军"), ("王克俊", "第26师")}


def test_lines_numbered_alike_stand_beside_one_another() -> None:
    listed = "[U 第19集团军]序列\n{}[U 第49军]\n{}[U 第26师]\n{}[U 第105师]\n"
    under_the_corps = {("第26师", "第49军"), ("第105师", "第49军")}
    assert not ties(listed.format("一、", "二、", "十三、")) & under_the_corps
    assert ties(listed.format("一、", "(一)", "(二)")) >= under_the_corps


def test_lines_that_tell_what_happened_are_no_list() -> None:
    told = "[U 第19集团军]命令各军反攻高安。\n[U 第49军]由樟树渡江西进,\n[U 第26师]攻占[L 莲塘]。\n"
    assert ties(told) == set()


def test_what_is_named_in_one_breath_stands_beside_or_under_what_is_before_it() -> None:
    listed = "[U 第27集团军]下辖[U 第94军]([P 牟庭芳])[U 第5师]、[U 第43师],[U 第26军]([P 丁治磐])[U 第41师]。"
    assert ties(listed) == {
        ("第94军", "第27集团军"),
        ("第26军", "第27集团军"),
        ("第5师", "第94军"),
        ("第43师", "第94军"),
        ("第41师", "第26军"),
    }


def test_a_word_of_loss_counts_each_figure_once() -> None:
    found = reading("[U 第98师]毙敌,缴获[M 步枪][N 40支]、[M 机枪][N 2挺],伤亡[N 20名]。")
    told = [
        [found.mentions[role.filler].surface for role in event.roles if role.name in {"Materiel", "Amount"}]
        for event in found.events
        if event.type == "Loss"
    ]
    assert told == [["步枪", "40支"], ["机枪", "2挺"], ["20名"]]
