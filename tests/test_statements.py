"""The small corpus, stated: roles, modality, dates, claims and their evidence."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from graph import authority, linking, naming, readings, statements, texts
from graph.model import ItemValue, Links, MonolingualValue, QuantityValue, Snak, Statement, StringValue

KNOWN = authority.load()


def stated(folder: Path) -> tuple[Links, Sequence[Statement]]:
    folder_texts = list(texts.read_all(folder))
    found = [reading for text in folder_texts if (reading := readings.beside(text))]
    links = linking.link(folder_texts, found, KNOWN)
    return links, statements.state(folder_texts, found, KNOWN, links)


def rewritten(folder: Path, *changes: tuple[str, str]) -> tuple[Links, Sequence[Statement]]:
    path = folder / "900-small.ann"
    source = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    path.write_text(source, encoding="utf-8")
    return stated(folder)


def about(links: Links, found: Sequence[Statement], annotation: str) -> dict[str, list[Statement]]:
    number = {**links.occurrences, **links.strengths}["900-small", annotation]
    told: dict[str, list[Statement]] = {}
    for statement in found:
        if statement.subject == number:
            told.setdefault(statement.property, []).append(statement)
    return told


def named(links: Links, statement: Statement) -> str:
    assert isinstance(statement.value, ItemValue)
    return links.items[statement.value.id].key


def test_an_event_that_happened_has_its_roles(small_corpus: Path) -> None:
    links, found = stated(small_corpus)
    capture = about(links, found, "E1")
    assert [named(links, s) for s in capture["instanceOf"]] == ["Event", "Capture"]
    assert [named(links, s) for s in capture["agent"]] == ["JP/第11军"]
    assert [named(links, s) for s in capture["place"]] == ["长沙"]
    assert [named(links, s) for s in capture["partOf"]] == ["第二次长沙会战"]


def test_a_planned_action_has_no_role_of_what_happened(small_corpus: Path) -> None:
    links, found = stated(small_corpus)
    counterattack = about(links, found, "E3")
    assert [named(links, s) for s in counterattack["instanceOf"]] == ["PlannedAction"]
    assert [named(links, s) for s in counterattack["actionType"]] == ["Counterattack"]
    assert [named(links, s) for s in counterattack["plannedAgent"]] == ["CN/第10军"]
    assert "agent" not in counterattack


def test_an_order_leads_to_what_it_orders(small_corpus: Path) -> None:
    links, found = stated(small_corpus)
    (content,) = about(links, found, "E2")["content"]
    assert content.value == ItemValue(links.occurrences["900-small", "E3"])


def test_every_statement_quotes_its_sentence(small_corpus: Path) -> None:
    links, found = stated(small_corpus)
    (agent,) = about(links, found, "E1")["agent"]
    (reference,) = agent.references
    assert reference.passage
    assert reference.passage.quote == "10月1日,日军第11军攻占长沙。"
    assert Snak("quotation", MonolingualValue(reference.passage.quote, "zh")) in reference.snaks


def test_the_year_is_supplied_with_its_reason_and_the_day_printed(small_corpus: Path) -> None:
    links, found = stated(small_corpus)
    capture = about(links, found, "E1")
    (year,) = capture["yearBasis"]
    assert named(links, year) == "supplied"
    assert year.qualifiers == (Snak("reason", StringValue("the test says so")),)
    assert [named(links, s) for s in capture["dayBasis"]] == ["printed"]
    order = about(links, found, "E2")
    assert [named(links, s) for s in order["dayBasis"]] == ["carried"]


def test_a_role_from_another_sentence_is_inferred(small_corpus: Path) -> None:
    links, found = rewritten(small_corpus, ("E3\tCounterattack:T8 Agent:T5", "E3\tCounterattack:T8 Agent:T5 Target:T2"))
    (target,) = about(links, found, "E3")["plannedTarget"]
    assert target.qualifiers == (Snak("basis", ItemValue(KNOWN.concepts["inferred"].id)),)
    assert target.references[0].passage
    assert target.references[0].passage.quote == "10月1日,日军第11军攻占长沙。\n薛岳命第10军反攻。"


def test_a_direction_is_no_arrival(small_corpus: Path) -> None:
    links, found = rewritten(
        small_corpus,
        ("T6\tCapture", "T6\tAdvance"),
        ("E1\tCapture:T6 Agent:T2 Place:T3", "E1\tAdvance:T6 Agent:T2 To:T3"),
        ("#1\tAnnotatorNotes E1\twhen", "#1\tAnnotatorNotes E1\treached=no when"),
    )
    told = about(links, found, "E1")
    assert "to" not in told
    assert [named(links, s) for s in told["toward"]] == ["长沙"]


def test_command_is_attested_not_begun(small_corpus: Path) -> None:
    links, found = stated(small_corpus)
    commands = [s for s in found if s.property == "commandedBy"]
    (command,) = commands
    assert named(links, command) == "薛岳"
    terms = {snak.property for snak in command.qualifiers}
    assert {"post", "postKind", "edtf", "earliest", "latest", "pointInTime"} <= terms
    assert not terms & {"startDate", "endDate"}


@pytest.mark.parametrize(
    ("claimant", "expected"), [("", "900-small"), (" Claimant=@JP/", "JP/")], ids=["narrator", "the enemy"]
)
def test_a_loss_is_a_claim(small_corpus: Path, claimant: str, expected: str) -> None:
    path = small_corpus / "900-small.txt"
    path.write_text(path.read_text(encoding="utf-8") + "日军伤亡1.1万余人。\n", encoding="utf-8")
    links, found = rewritten(
        small_corpus,
        (
            "R1\t",
            "T9\tForce 29 31\t日军\nN9\tReference T9 Name:JP/\tJP/\nT10\tNumber 33 39\t1.1万余人\n"
            "N10\tReference T10 Name:11000人\t11000人\nT11\tLoss 31 33\t伤亡\nE4\tLoss:T11 Of:T9 Amount:T10\n"
            f"A2\tLossKind E4 casualties\n#5\tAnnotatorNotes E4\tin=第二次长沙会战{claimant}\nR1\t",
        ),
    )
    loss = about(links, found, "E4")
    (amount,) = loss["amount"]
    unit = KNOWN.concepts["persons"].id
    assert amount.value == QuantityValue(Decimal("11000.0"), Decimal("11000.0"), Decimal("12000.0"), unit)
    assert [named(links, s) for s in loss["claimedBy"]] == [expected]
    assert "edtf" not in loss
    assert {s.property for s in found if s.subject == loss["amount"][0].subject} >= {"earliest", "latest"}


def test_one_statement_for_what_two_passages_say(small_corpus: Path) -> None:
    _, found = rewritten(
        small_corpus, ("R1\tcommands Arg1:T4 Arg2:T5\n", "R1\tcommands Arg1:T4 Arg2:T5\nR2\tcommands Arg1:T4 Arg2:T5\n")
    )
    ids = {(s.subject, s.property, s.value, s.qualifiers) for s in found}
    assert len(ids) == len(found)


def relations_of(found: Sequence[Statement], name: str) -> list[Statement]:
    return [s for s in found if s.property == name and any(snak.property == "earliest" for snak in s.qualifiers)]


def inferred(statement: Statement) -> bool:
    return Snak("basis", ItemValue(KNOWN.concepts["inferred"].id)) in statement.qualifiers


def quotes(statement: Statement) -> list[str]:
    return [reference.passage.quote for reference in statement.references if reference.passage]


def with_text(folder: Path, added: str, *changes: tuple[str, str]) -> tuple[Links, Sequence[Statement]]:
    path = folder / "900-small.txt"
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    return rewritten(folder, *changes)


def test_a_relation_is_quoted_from_the_sentence_that_holds_both_ends(small_corpus: Path) -> None:
    _, found = stated(small_corpus)
    (command,) = relations_of(found, "commandedBy")
    assert quotes(command) == ["薛岳命第10军反攻。"]
    assert not inferred(command)


def test_a_relation_over_two_sentences_is_inferred(small_corpus: Path) -> None:
    _, found = rewritten(small_corpus, ("R1\tcommands Arg1:T4 Arg2:T5", "R1\tcommands Arg1:T4 Arg2:T2"))
    (command,) = relations_of(found, "commandedBy")
    assert quotes(command) == ["10月1日,日军第11军攻占长沙。\n薛岳命第10军反攻。"]
    assert inferred(command)


FILLING = "又战。" * 100


@pytest.mark.parametrize(
    ("last", "arguments", "expected", "alone"),
    [
        ("第10军到达。", "Arg1:T4 Arg2:T9", "第10军到达。", True),
        ("薛岳到第10军。", "Arg1:T4 Arg2:T9", "薛岳到第10军。", False),
    ],
    ids=["an end too far away is not quoted", "a nearer mention of it counts"],
)
def test_a_relation_leads_to_what_says_it(
    small_corpus: Path, last: str, arguments: str, expected: str, *, alone: bool
) -> None:
    start = 29 + len(FILLING)
    unit = start + last.index("第10军")
    mentions = f"T9\tUnit {unit} {unit + 4}\t第10军\nN9\tReference T9 Name:CN/第10军\tCN/第10军\n"
    if not alone:
        mentions += f"T10\tPerson {start} {start + 2}\t薛岳\nN10\tReference T10 Name:薛岳\t薛岳\n"
    _, found = with_text(
        small_corpus, FILLING + last + "\n", ("R1\tcommands Arg1:T4 Arg2:T5", f"{mentions}R1\tcommands {arguments}")
    )
    (command,) = relations_of(found, "commandedBy")
    assert quotes(command) == [expected]
    assert inferred(command) is alone


def test_a_damaged_string_says_which_end_it_names(small_corpus: Path) -> None:
    notes = "#4\tAnnotatorNotes R1"
    for mention, expected in (("T4", ("asPrinted", "薛岳")), ("T5", ("subjectAsPrinted", "第10军"))):
        _, found = rewritten(small_corpus, (notes, f"#5\tAnnotatorNotes {mention}\tunsure\n{notes}"))
        (command,) = relations_of(found, "commandedBy")
        printed = {(s.property, s.value) for s in command.qualifiers if s.property.endswith("sPrinted")}
        assert printed == {(expected[0], StringValue(expected[1]))}
        path = small_corpus / "900-small.ann"
        path.write_text(
            path.read_text(encoding="utf-8").replace(f"#5\tAnnotatorNotes {mention}\tunsure\n", ""), "utf-8"
        )


def test_a_strength_has_the_claimant_that_its_note_names(small_corpus: Path) -> None:
    mentions = "T9\tUnit 29 33\t第10军\nT10\tNumber 33 36\t2万人\nN9\tReference T9 Name:CN/第10军\tCN/第10军\n"
    links, found = with_text(
        small_corpus,
        "第10军2万人。\n",
        ("R1\t", f"{mentions}R2\tstrength Arg1:T9 Arg2:T10\n#6\tAnnotatorNotes R2\tClaimant=@日本战史\nR1\t"),
    )
    assert [named(links, s) for s in about(links, found, "R2")["claimedBy"]] == ["日本战史"]


def test_every_quotation_of_an_order_is_a_wording(small_corpus: Path) -> None:
    links, found = rewritten(small_corpus, ("#2\tAnnotatorNotes E2\t", "#2\tAnnotatorNotes E2\tquote=18,20;25,27 "))
    wordings = about(links, found, "E2")["wording"]
    assert {s.value for s in wordings} == {MonolingualValue("薛岳", "zh"), MonolingualValue("反攻", "zh")}


def test_a_planned_death_is_no_death_in_action(small_corpus: Path) -> None:
    links, _ = rewritten(
        small_corpus, ("T8\tCounterattack", "T8\tDeath"), ("E3\tCounterattack:T8 Agent:T5", "E3\tDeath:T8 Person:T4")
    )
    label = links.items[links.occurrences["900-small", "E3"]].labels["zh-hans"]
    assert "死亡" in label
    assert "阵亡" not in label


def test_a_pursuit_is_of_somebody_and_no_name_is_said_twice(small_corpus: Path) -> None:
    links, _ = rewritten(
        small_corpus,
        ("T6\tCapture", "T6\tBombardment"),
        ("E1\tCapture:T6 Agent:T2 Place:T3", "E1\tBombardment:T6 Agent:T2 Agent2:T2 Target:T3 Place:T3"),
    )
    label = links.items[links.occurrences["900-small", "E1"]].labels["en"]
    assert label == "Bombardment of Changsha by the Japanese 11th Army, 1 October 1941"


@pytest.mark.parametrize(
    ("event", "place", "label"),
    [
        ("Attack:T6 Agent:T2 Place:T3", "长沙", "Attack on Changsha by the Japanese 11th Army"),
        ("Attack:T6 Agent:T2 Place:T3", "中国", "Attack in China by the Japanese 11th Army"),
        ("Attack:T6 Agent:T2 Place:T3", "湘江", "Attack on the Xiang River by the Japanese 11th Army"),
        ("Deployment:T6 Agent:T2 Place:T3", "湖南", "Deployment by the Japanese 11th Army in Hunan"),
        ("Deployment:T6 Agent:T2 Place:T3", "汨罗江", "Deployment by the Japanese 11th Army on the Miluo River"),
        ("Defence:T6 Agent:T2 Place:T3", "长沙", "Defence of Changsha by the Japanese 11th Army"),
        ("Defence:T6 Agent:T2 Target:T5", "长沙", "Defence by the Japanese 11th Army against the Chinese 10th Corps"),
        (
            "Breakthrough:T6 Agent:T2 Target:T5",
            "长沙",
            "Breakthrough against the Chinese 10th Corps by the Japanese 11th Army",
        ),
        ("Encirclement:T6 Agent:T2 Place:T3", "长沙", "Encirclement of Changsha by the Japanese 11th Army"),
    ],
)
def test_english_puts_the_word_before_a_place_that_its_kind_has(
    small_corpus: Path, event: str, place: str, label: str
) -> None:
    links, _ = rewritten(
        small_corpus,
        ("T6\tCapture", f"T6\t{event.partition(':')[0]}"),
        ("E1\tCapture:T6 Agent:T2 Place:T3", f"E1\t{event}"),
        ("Name:长沙\t长沙", f"Name:{place}\t{place}"),
    )
    assert links.items[links.occurrences["900-small", "E1"]].labels["en"] == f"{label}, 1 October 1941"


def test_what_is_defended_is_no_enemy(small_corpus: Path) -> None:
    links, _ = rewritten(
        small_corpus,
        ("T6\tCapture", "T6\tDefence"),
        ("T3\tPlace", "T3\tMateriel"),
        ("Name:长沙\t长沙", "Name:军旗\t军旗"),
        ("E1\tCapture:T6 Agent:T2 Place:T3", "E1\tDefence:T6 Agent:T2 Target:T3"),
    )
    label = links.items[links.occurrences["900-small", "E1"]].labels["en"]
    assert label.startswith("Defence of ")
    assert "against" not in label


def test_a_damaged_name_says_so_in_english() -> None:
    item = naming.new_item("Q1", "Formation", "JP/1****队", KNOWN)
    assert item.labels["en"] == "Japanese formation with a damaged name: 1****"
    assert item.labels["zh-hans"] == "1****队"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("三個師", "3 divisions"),
        ("5.4万具", "54,000 bodies"),
        ("7000余人", "over 7,000 persons"),
        ("近7万人", "nearly 70,000 persons"),
        ("约3万人", "about 30,000 persons"),
        ("1个大队", "1 battalion"),
        ("過十分之八", "over 80 %"),
        ("其餘全部", "not in figures"),
    ],
)
def test_figures_are_named_in_english_figures(words: str, said: str) -> None:
    assert naming.counted(words, "persons", KNOWN) == said


def test_a_battle_lasted_as_long_as_the_text_that_names_it_says(small_corpus: Path) -> None:
    named_battle = "T9\tBattle 14 16\t长沙\nN9\tReference T9 Name:第二次长沙会战\t第二次长沙会战\n"
    links, found = rewritten(small_corpus, ("N1\t", f"{named_battle}#5\tAnnotatorNotes T9\tdur=P33D\nN1\t"))
    (lasted,) = (statement for statement in found if statement.property == "duration")
    assert links.items[lasted.subject].key == "第二次长沙会战"
    assert isinstance(lasted.value, QuantityValue)
    assert lasted.value.amount == Decimal(33)
