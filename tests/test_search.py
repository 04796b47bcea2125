"""Items and properties are found by whatever spelling of their names."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from server.publication import Publication, load
from server.search import Hit, Search

CORPS_10, CORPS_74, DIVISION_6, DIVISION_6_JP, XUE = "Q2025", "Q2039", "Q2046", "Q2096", "Q4005"
FORMATION, PERSON = "Q139", "Q140"


@pytest.fixture(scope="module")
def publication(published: Path) -> Publication:
    return load(published)


@pytest.fixture(scope="module")
def search(publication: Publication) -> Search:
    return Search.of(publication)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("第10军", CORPS_10),
        ("第十军", CORPS_10),
        ("第十軍", CORPS_10),
        ("10军", CORPS_10),
        ("第１０軍", CORPS_10),
        ("dishijun", CORPS_10),
        ("di 10 jun", CORPS_10),
        ("chinese 10TH corps", CORPS_10),
        ("国民革命军第七十四军", CORPS_74),
        ("第6师", DIVISION_6),
        ("第六師", DIVISION_6),
        ("第6师团", DIVISION_6_JP),
        ("第六師團", DIVISION_6_JP),
        ("薛岳", XUE),
        ("Xue Yue", XUE),
        ("xueyue", XUE),
        ("hsueh yueh", XUE),
        ("时间点", "P585"),
        ("時間點", "P585"),
        ("point in time", "P585"),
        ("P585", "P585"),
        ("wd:q4005", XUE),
        ("https://w3id.org/zhanshi/entity/Q4005", XUE),
    ],
)
def test_a_name_in_any_spelling_finds_its_item_first(search: Search, words: str, number: str) -> None:
    found = search.find(words)
    assert found[0].id == number
    assert found[0].score >= 90


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("葛先", "Q4023"),
        ("Xue", XUE),
        ("Xue Y", XUE),
        ("third battle o", "Q1014"),
        ("yue xue", XUE),
        ("corps 74", CORPS_74),
    ],
)
def test_beginnings_and_words_in_any_order_find_it_too(search: Search, words: str, number: str) -> None:
    found = search.find(words)
    assert found[0].id == number
    assert 30 < found[0].score < 90


def test_two_armies_with_one_number_are_both_found(search: Search) -> None:
    found = {hit.id: hit.score for hit in search.find("6th Division", kinds={FORMATION}, limit=3)}
    assert {DIVISION_6, DIVISION_6_JP} <= found.keys()
    assert max(found.values()) < 90


def test_a_number_is_never_cut(search: Search) -> None:
    assert "16" not in "".join(hit.label for hit in search.find("第6师", limit=50))


def test_kinds_keep_to_items_properties_and_classes_with_their_subclasses(search: Search) -> None:
    assert {hit.kind for hit in search.find("长", limit=50)} == {"item"}
    assert {hit.kind for hit in search.find("日期", kinds={"property"}, limit=50)} == {"property"}
    assert all(PERSON in hit.classes for hit in search.find("薛", kinds={PERSON}))
    events = search.find("第10军", kinds={"Q100"}, limit=50)
    assert events
    assert CORPS_10 not in {hit.id for hit in events}


def test_languages_keep_to_names_in_them(search: Search) -> None:
    assert search.find("第10軍", languages={"zh-hant"})[0].label == "第10軍"
    assert search.find("薛岳", languages={"en"}) == []


def test_the_name_as_it_was_written_is_the_one_that_matched(search: Search) -> None:
    assert search.find("第10軍")[0] == Hit(CORPS_10, 100.0, "第10軍", "zh-hant", "item", (FORMATION,))


def test_fuzzy_gives_names_that_are_only_alike(search: Search) -> None:
    assert search.find("国民革命军第七四军團") == []
    assert search.find("第三次长沙会占", fuzzy=True)[0].id == search.find("第三次长沙会战")[0].id
    assert search.find("第三次长沙会占", fuzzy=True)[0].score < 60


@pytest.mark.parametrize("words", ["", "   ", "、。", "\0", "没有这样的名字", "x" * 10_000, "Q99999999999", "(.*"])
def test_what_nothing_is_called_finds_nothing(search: Search, words: str) -> None:
    assert search.find(words) == []


def test_it_is_built_once_for_a_version(publication: Publication, search: Search) -> None:
    assert Search.of(publication) is search


def test_ten_names_are_found_in_a_moment(search: Search) -> None:
    words = [
        "第10军",
        "第六师团",
        "薛岳",
        "Changsha",
        "第三次长沙会战",
        "74军",
        "xueyue",
        "第3师团",
        "方先觉",
        "10th Corps",
    ]
    started = time.process_time()
    assert all(search.find(each, fuzzy=True) for each in words)
    assert time.process_time() - started < 0.5
