"""The mentions of passages in the style of other campaigns, and of input that is no passage at all."""

import time
from collections import Counter

import pytest

from graph.model import Mention, Span
from graph.reader.document import document
from graph.reader.mentions import mentions
from graph.reader.normalise import normalise
from tests.reading_passages import Passage, passages, read, text


def _linked(passage: Passage, found: tuple[Mention, ...]) -> tuple[list[tuple[str, str]], int]:
    """Give canonical names marked and read of the mentions that overlap one of their type, and how many were read."""
    pairs, used = [], set()
    for kind, span, name in passage.marked:
        for mention in found:
            overlap = mention.span.start < span.end and span.start < mention.span.end
            if mention.type == kind and overlap and mention.id not in used:
                used.add(mention.id)
                pairs.append((name, mention.canonical))
                break
    starts = {m.span.start for m in found if m.type == "Unit"}
    return pairs, sum(1 for m in found if m.id in used or not (m.type == "Person" and m.span.start in starts))


def test_mentions_carry_over_to_other_campaigns() -> None:
    marked = linked = read_count = right = 0
    for passage in passages():
        found = mentions(document(passage.text, normalise(passage.text.characters).characters))
        pairs, count = _linked(passage, found)
        marked, read_count, linked = marked + len(passage.marked), read_count + count, linked + len(pairs)
        right += sum(name == canonical for name, canonical in pairs)
    assert marked > 400
    assert 2 * linked / (marked + read_count) > 0.95
    assert right / linked > 0.95


def test_spans_are_of_the_original_and_ids_in_order() -> None:
    for passage in passages():
        characters = passage.text.characters
        found = mentions(document(passage.text, normalise(characters).characters))
        assert [m.id for m in found] == [f"T{n}" for n in range(1, len(found) + 1)]
        assert all(characters[m.span.start : m.span.end] == m.surface for m in found)
        assert list(found) == sorted(found, key=lambda m: (m.span.start, -m.span.end))


def test_the_same_characters_give_the_same_mentions() -> None:
    passage = passages()[0]
    normal = normalise(passage.text.characters).characters
    assert mentions(document(passage.text, normal)) == mentions(document(passage.text, normal))


@pytest.mark.parametrize(
    "characters",
    [
        "",
        " \n\n",
        "The quick brown fox jumped over the 3rd Division on 5 May 1938.",
        "".join(map(chr, range(256))) * 4,
        "第11军\ud800\udfff攻占长沙。",
        "((((" * 500 + "“" * 500,
        "9999年13月45日,第0军二月三十日。",
    ],
)
def test_any_characters_give_mentions(characters: str) -> None:
    found = read(characters, 1941)
    assert all(m.surface == characters[m.span.start : m.span.end] for m in found)


@pytest.mark.parametrize("unit", ["第11军向长沙进攻", "1", "一二三、", "12月", "长沙、"])
def test_time_grows_with_the_length(unit: str) -> None:
    read(unit, 1941)

    def seconds(times: int) -> float:
        start = time.perf_counter()
        read(unit * times, 1941)
        return time.perf_counter() - start

    short, long = 4000 // len(unit), 32000 // len(unit)
    assert seconds(long) < 8 * 4 * max(seconds(short), 0.02)


def _names(characters: str, *years: int) -> list[tuple[str, str]]:
    return [(m.surface, m.canonical) for m in read(characters, *years)]


def test_members_of_lists_are_mentions_each() -> None:
    assert _names("薛岳命第4、第20军西进。第十三、四十五、一一六共3个師團渡河")[1:6] == [
        ("第4", "CN/第4军"),
        ("第20军", "CN/第20军"),
        ("第十三", "JP/第13师团"),
        ("四十五", "JP/第45师团"),
        ("一一六", "JP/第116师团"),
    ]


def test_the_same_number_in_two_armies() -> None:
    names = dict(_names("日军第20军司令官坂西一良令第6师团北撤,我第20军军长杨汉域令第6师追击。"))
    assert {"JP/第6师团", "CN/第6师", "CN/第20军"} <= set(names.values())
    assert Counter(name for _, name in _names("日军第20军。我第20军。")) == {"JP/第20军": 1, "CN/第20军": 1}


def test_the_enemy_of_a_quotation_is_the_speakers() -> None:
    found = [m for m in read("冈村宁次命令说:“当面之敌顽强。”薛岳电称:“敌已溃退。”敌遂退。") if m.surface == "敌"]
    assert [m.canonical for m in found] == ["CN/", "JP/", "JP/"]


def test_surnames_are_the_full_name_before_them() -> None:
    assert dict(_names("师长张灵甫率部出击。张师长旋负伤。"))["张"] == "张灵甫"


def test_a_formation_named_by_its_leader_is_the_formation() -> None:
    assert ("方先觉部", "CN/第10军") in _names("第10军军长方先觉守衡阳。方先觉部伤亡甚重。")


def test_battalions_are_known_within_their_regiment() -> None:
    assert ("第2营", "CN/第398团第2营") in _names("第398团第2营据守洪桥。")


def test_damage_is_flagged() -> None:
    found = read("独立第1**联队北进。")
    assert [m.unsure for m in found if m.type == "Unit"] == [True]


def test_normal_and_original_have_the_same_length() -> None:
    for characters in ("第4o師團,１o月", "関東軍", "\ud800", "裏面著名", ""):
        normal = normalise(characters)
        assert len(normal.characters) == len(characters)
    assert normalise("第第92师**").damage == (Span(0, 2), Span(5, 7))
    assert text("甲").characters == "甲"
