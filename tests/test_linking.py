"""Names that are one thing become one item; names that are not never do."""

import pytest

from graph import authority
from graph.linking import keys

KNOWN = authority.load()


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("Unit", "CN/第四军", "CN/第4军"),
        ("Unit", "CN/第一九〇师", "CN/第190师"),
        ("Person", "橫山勇", "横山勇"),
        ("Person", "郭先才", "葛先才"),
        ("Person", "岡村寧次", "冈村宁次"),
        ("Battle", "芷江会战", "湘西会战"),
        ("Place", "泪罗江", "汨罗江"),
        ("Place", "旧水", "汨罗江"),
        ("Place", "悟口", "浯口"),
        ("Place", "涪口", "浯口"),
    ],
)
def test_one_thing(kind: str, one: str, other: str) -> None:
    assert keys.key(kind, one, KNOWN) == keys.key(kind, other, KNOWN)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("Unit", "CN/第20军", "JP/第20军"),
        ("Unit", "CN/第6师", "JP/第6师团"),
        ("Unit", "CN/第10军", "CN/第10师"),
        ("Place", "长沙", "长乐街"),
    ],
)
def test_two_things(kind: str, one: str, other: str) -> None:
    assert keys.key(kind, one, KNOWN) != keys.key(kind, other, KNOWN)


def test_a_side_alone_is_the_side() -> None:
    assert keys.key("Force", "JP/", KNOWN) == ("Side", "JP/")


def test_what_links_to_nothing_becomes_a_new_thing() -> None:
    assert keys.key("Unit", "CN/第九九九师", KNOWN) == ("Formation", "CN/第999师")
