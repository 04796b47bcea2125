from pathlib import Path

import pytest

from graph import readings, texts
from graph.errors import ReadingError
from graph.model import Modality, Reading


def read(folder: Path) -> Reading:
    (text,) = texts.read_all(folder)
    reading = readings.beside(text)
    assert reading
    return reading


def test_a_reading_is_what_the_standoff_says(small_corpus: Path) -> None:
    reading = read(small_corpus)
    assert len(reading.mentions) == 5
    capture, order, counterattack = reading.events
    assert capture.notes == {"when": "1941-10-01", "in": "第二次长沙会战"}
    assert [role.name for role in order.roles] == ["Agent", "Recipient", "Content"]
    assert counterattack.modality is Modality.PLANNED
    assert reading.relations[0].notes["post"] == "军长"


def test_a_text_that_nobody_read_has_no_reading(small_corpus: Path) -> None:
    (small_corpus / "900-small.ann").unlink()
    (text,) = texts.read_all(small_corpus)
    assert readings.beside(text) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("T2\tUnit 8 12", "T2\tUnit 800 812", r":2: T2: characters 800-812 lie outside the text, which has 29"),
        ("T2\tUnit 8 12\t第11军", "T2\tUnit 8 12\t第12军", r":2: T2: the text has '第11军' at 8-12, not '第12军'"),
        ("T2\tUnit", "T2\tFleet", r":2: T2: type Fleet is not in annotation\.conf"),
        ("E1\tCapture:T6 Agent:T2", "E1\tCapture:T6 Taker:T2", r":14: E1: Capture has no role Taker"),
        ("E1\tCapture:T6 Agent:T2 Place:T3", "E1\tCapture:T6 Agent:T3", r"Agent of Capture may be .*, not Place"),
        ("E1\tCapture:T6 Agent:T2", "E1\tCapture:T6 Agent:T99", r"points at T99, which is no mention"),
        ("CN/第10军", "第10军", r"begins with its side"),
        ("Modality E3 planned", "Modality E3 dreamt", r":17: A1: annotation\.conf knows no Modality dreamt"),
        ("E1\twhen=1941-10-01", "E1\twhen=1941-13-01", r":18: #1: when=1941-13-01"),
        ("in=第二次长沙会战", "within=第二次长沙会战", r"has no role or key within"),
        ("R1\tcommands Arg1:T4 Arg2:T5", "R1\tcommands Arg1:T5 Arg2:T4", r"commands takes Person here, not Unit"),
        ("#2\tAnnotatorNotes E2\t", "#2\tAnnotatorNotes E2\tquote=1,2,3 ", r"several quotations are parted by ;"),
        ("#2\tAnnotatorNotes E2\t", "#2\tAnnotatorNotes E2\tquote=1,2;3,99 ", r"quote=1,2;3,99 lies outside the text"),
        ("R1\tcommands", "#6\tAnnotatorNotes T2\tdur=P3D\nR1\tcommands", r"#6: .* a Unit's has none"),
        ("post=军长", "post=军长 Claimant=@JP/", r"commands has no key Claimant"),
        (
            "R1\tcommands Arg1:T4 Arg2:T5",
            "T9\tNumber 3 4\t1\nR1\tstrength Arg1:T5 Arg2:T9\n#5\tAnnotatorNotes R1\tClaimant=JP/",
            r"Claimant names an entity by @",
        ),
        ("T8\tCounterattack", "T7\tCounterattack", r":8: T7 stands twice"),
        ("R1\tcommands", "R1 commands", r":21: no line of brat stand-off"),
    ],
)
def test_a_fault_is_named_with_its_line(small_corpus: Path, old: str, new: str, message: str) -> None:
    path = small_corpus / "900-small.ann"
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new), encoding="utf-8")
    with pytest.raises(ReadingError, match=message):
        read(small_corpus)
