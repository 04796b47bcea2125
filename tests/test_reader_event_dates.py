"""Passages in the style of other campaigns hold the dates of events to what the rules do not know by heart."""

import re
from collections.abc import Iterator
from pathlib import Path

from graph.reader.document import known_battles
from graph.reader.read import read
from graph.reader.stretches import stretch
from tests.reading_passages import text

FILE = Path(__file__).with_name("passages") / "dates.txt"
AUTHORITY = Path(__file__).parents[1] / "graph" / "authority" / "battles.tsv"
_MARK = re.compile(r"\{([^{}=]+)=([^{}]+)\}")


def passages() -> Iterator[tuple[str, str, dict[int, str]]]:
    """Give each passage: title, characters, and the date asked for by where the trigger begins."""
    for block in FILE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, lines = block.strip().partition("\n")
        marked = lines.replace("\n\n", "\r").replace("\n", "").replace("\r", "\n")
        characters, asked, end = "", {}, 0
        for match in _MARK.finditer(marked):
            characters += marked[end : match.start()]
            asked[len(characters)] = match[2]
            characters += match[1]
            end = match.end()
        yield title, characters + marked[end:], asked


def answers() -> Iterator[tuple[str, str, str, str]]:
    """Give title, trigger, date asked for and date found of each event that the reader finds."""
    for title, characters, asked in passages():
        years = [int(year) for year in re.findall(r"\b1\d{3}\b", title)]
        for event in read(text(characters, *years, title=title)).events:
            at = next((at for at in asked if event.trigger.start <= at < event.trigger.end), None)
            if at is not None:
                yield title, event.words, asked.pop(at), event.notes.get("when", "")


def test_dates_carry_over_to_other_campaigns() -> None:
    wanted = sum(len(asked) for _, _, asked in passages())
    found = list(answers())
    wrong = [answer for answer in found if answer[2].rstrip("~") != answer[3].rstrip("~")]
    assert wanted > 100, "the passages were not found"
    assert len(found) / wanted >= 0.85, f"{len(found)} of {wanted} events found"
    assert len(wrong) / len(found) <= 0.1, f"{len(wrong)} of {len(found)} wrong: {wrong}"


def test_a_battle_has_the_same_days_for_the_reader_and_in_the_graph() -> None:
    lines = AUTHORITY.read_text(encoding="utf-8").rstrip("\n").split("\n")
    names = lines[0].split("\t")
    rows = (dict(zip(names, line.split("\t"), strict=False)) for line in lines[1:])
    stated = {row["name"]: stretch(row["start"], row["end"]) for row in rows if row.get("end")}
    shared = {battle.name: battle.dates for battle in known_battles() if battle.name in stated}
    assert len(shared) > 15
    assert shared == {name: stated[name] for name in shared}
