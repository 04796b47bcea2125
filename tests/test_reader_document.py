"""The reader's view of a text: sentences, clauses, quotations, brackets, and the skeleton of a sentence."""

from pathlib import Path

import pytest

from graph.model import Mention, Span, Text
from graph.reader.document import LONGEST_SENTENCE, Document, document, known_battles
from graph.reader.skeleton import CODES, expand, index, skeleton


def doc(characters: str) -> Document:
    return document(Text("t", Path("t"), characters, "", {}, "", "Hans", "", "", (), ()), characters)


def test_sentences_and_clauses_cover_every_character() -> None:
    characters = "日军进攻,守军(3个师,欠1团)后撤;“敌退,我追。”\n次日,5,000人渡江。"
    view = doc(characters)
    for spans in (view.sentences, view.clauses):
        assert "".join(characters[s.start : s.end] for s in spans) == characters.replace("\n", "")
    assert [characters[s.start : s.end] for s in view.brackets] == ["(3个师,欠1团)"]
    assert [characters[s.start : s.end] for s in view.quotes] == ["“敌退,我追。”"]
    assert view.quote_at(characters.index("敌退")) == view.quotes[0]
    assert view.quote_at(0) is None


def test_marks_that_never_close_are_no_quotations() -> None:
    assert doc("他说:“敌退。\n我追(一部").quotes == ()
    assert doc("「『甲』乙」").quotes == (Span(0, 6), Span(1, 4))


def test_a_text_without_a_full_stop_is_cut() -> None:
    view = doc("进攻" * 5000)
    assert max(s.end - s.start for s in view.sentences) <= LONGEST_SENTENCE
    assert sum(s.end - s.start for s in view.sentences) == 10000


def test_normalised_characters_have_the_same_length() -> None:
    with pytest.raises(ValueError, match="normalised characters"):
        document(Text("t", Path("t"), "甲乙", "", {}, "", "", "", "", (), ()), "甲")


def test_battles_have_their_days_and_their_wars() -> None:
    battles = {battle.name: battle for battle in known_battles()}
    assert len(battles) > 50
    for battle in battles.values():
        assert battle.within is None or battle.within in battles, battle.name
        if battle.within:
            whole = battles[battle.within].period
            assert battle.period.earliest <= whole.latest, battle.name
    names = [name for battle in battles.values() for name in (battle.name, *battle.aliases)]
    assert len(names) == len(set(names)), "two battles have the same name"


def test_a_skeleton_leaves_brackets_out_and_keeps_offsets() -> None:
    characters = "“华北方面军”(司令官冈村宁次)渡黄河"
    view = doc(characters)
    mentions = [
        Mention("T1", "Unit", Span(1, 6), "华北方面军", "JP/华北方面军"),
        Mention("T2", "Person", Span(11, 15), "冈村宁次", "冈村宁次"),
        Mention("T3", "Place", Span(17, 19), "黄河", "黄河"),
    ]
    bare = skeleton(view, view.sentences[0], index(mentions))
    assert bare.text == f"{CODES['Unit']}渡{CODES['Place']}"
    assert bare.span(0, 3) == Span(1, 19)
    whole = skeleton(view, view.sentences[0], index(mentions), brackets=True)
    assert whole.text == f"{CODES['Unit']}(司令官{CODES['Person']})渡{CODES['Place']}"


def test_mention_letters_expand_inside_and_outside_classes() -> None:
    unit, place = CODES["Unit"], CODES["Place"]
    assert expand("<UL>攻[^<U>,]") == f"[{unit}{place}]攻[^{unit},]"
    assert expand("(?P<post>长)") == "(?P<post>长)"
