from pathlib import Path

from graph import basis
from graph.model import Mention, Span, Text
from graph.texts import sentences

WORDS = "1941年9月7日,日军进攻。10日,敌退。次日又进。当年冬,战止。12月上旬,再战。馬午,敌又来。"


def text() -> Text:
    return Text("t", Path("t.txt"), WORDS, "", {}, "", "Hans", "", "", (), sentences(WORDS))


def date(surface: str, canonical: str) -> Mention:
    start = WORDS.index(surface)
    return Mention(surface, "Date", Span(start, start + len(surface)), surface, canonical)


DATES = (
    date("1941年9月7日", "1941-09-07"),
    date("10日", "1941-09-10"),
    date("次日", "1941-09-11"),
    date("12月上旬", "1941-12-01/1941-12-10"),
    date("馬午", "1941-12-21"),
)


def how(words: str, when: str) -> dict[str, str]:
    at = WORDS.index(words)
    return {part.part: part.how for part in basis.of_date(text(), when, Span(at, at + 1), DATES)}


def test_what_the_sentence_prints_is_printed() -> None:
    assert how("进攻", "1941-09-07") == {"year": "printed", "month": "printed", "day": "printed"}


def test_what_stands_before_is_carried() -> None:
    assert how("敌退", "1941-09-10") == {"year": "carried", "month": "carried", "day": "printed"}


def test_a_third_of_a_month_prints_its_days() -> None:
    assert how("再战", "1941-12-01/1941-12-10") == {"year": "carried", "month": "printed", "day": "printed"}


def test_a_telegrams_character_prints_its_day() -> None:
    assert how("敌又来", "1941-12-21") == {"year": "carried", "month": "carried", "day": "printed"}


def test_what_no_date_prints_is_supplied() -> None:
    assert how("战止", "1942") == {"year": "supplied"}


def test_a_day_counted_on_from_another_is_carried() -> None:
    assert how("又进", "1941-09-11") == {"year": "carried", "month": "carried", "day": "carried"}


def test_a_day_of_a_table_is_not_counted_on_from_another() -> None:
    at = WORDS.index("战止")
    found = basis.of_date(text(), "1941-08-01/1941-12-20", Span(at, at + 1), DATES, counted=False)
    assert {part.part: part.how for part in found} == {"year": "carried", "month": "supplied", "day": "supplied"}
