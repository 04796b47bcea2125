"""The shipped readings beside their texts; each message says how to mend the line."""

import csv
import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph import authority, readings, texts
from graph.linking import keys
from graph.model import Authority, Event, Modality, Reading, Text
from graph.periods import Period, bounds

CORPUS = Path(authority.__file__).with_name("corpus")
OUTSIDE = Path(__file__).with_name("fixtures") / "outside_battle.tsv"
TEXTS = tuple(texts.read_all(CORPUS))
ROLES_OF_A_FIGHT = {"Agent", "Target"}
FIGHTS = {"Attack", "Counterattack", "Pursuit", "Encirclement", "Destruction", "Bombardment"}
# On the Chinese side, but a camp that the government's armies may move against.
CAMPS_OF_THEIR_OWN = {"CN/中共", "CN/陕甘宁边区人民政府"}
# A name with characters that nobody can read has no line: it becomes an item of its own.
UNREADABLE = re.compile(r"\*")


@pytest.fixture(scope="module")
def known() -> Authority:
    """Give the shipped authority."""
    return authority.load()


@pytest.fixture(params=TEXTS, ids=lambda text: str(text.name))
def text(request: pytest.FixtureRequest) -> Text:
    """Give each text of the corpus in turn."""
    assert isinstance(request.param, Text)
    return request.param


@pytest.fixture
def reading(text: Text) -> Reading:
    """Give the text's reading, whose surfaces, roles and dates the parser has checked."""
    found = readings.beside(text)
    assert found, f"{text.name}.ann is missing; every text of the corpus has a reviewed reading"
    return found


def where(reading: Reading, event: Event) -> str:
    """Give the words that say which line of which file is meant."""
    return f"{reading.text}.ann {event.id} ({event.words} at {event.trigger.start})"


def named(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Give (line, type, canonical name) of every mention of a thing."""
    for mention in keys.things(reading):
        yield f"{reading.text}.ann {mention.id} ({mention.surface})", mention.type, mention.canonical


def period(known: Authority, battle: str) -> Period:
    """Give the bounds of a battle of the authority."""
    facts = known.by_name["Battle", battle].facts
    start, end = facts["start"], facts.get("end", facts["start"])
    return bounds(start if start == end else f"{start}/{end}")


def excused(text: str, battle: str, told: Period) -> bool:
    """Tell whether the list of exceptions gives a reason for these days."""
    with OUTSIDE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if (row["text"], row["battle"]) == (text, battle)]
    spans = [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])) for row in rows]
    return any(first <= told.earliest and told.latest <= last for first, last in spans)


def test_corpus_has_five_texts_with_readings() -> None:
    assert len(TEXTS) >= 5
    assert all((CORPUS / f"{text.name}.ann").exists() for text in TEXTS)


def test_reading_covers_its_text(text: Text, reading: Reading) -> None:
    """A stretch of a thousand characters without an event is a stretch that nobody read."""
    places = [0, *(event.trigger.start for event in reading.events), len(text.characters)]
    widest = max((after - before, before) for before, after in itertools.pairwise(places))
    assert widest[0] < 1000, f"{text.name}: no event in {widest[0]} characters from {widest[1]}; read on from there"


def test_every_name_has_a_line_of_the_authority(reading: Reading, known: Authority) -> None:
    found = list(named(reading))
    assert found, f"{reading.text}: no names"
    for line, kind, canonical in found:
        if not UNREADABLE.search(canonical):
            linked = keys.key(kind, canonical, known) in known.by_name
            assert linked, f"{line}: {kind} {canonical} is in no table; add a line or an alias"


def test_names_that_the_text_does_not_print_have_a_line(reading: Reading, known: Authority) -> None:
    for event in reading.events:
        for role in event.roles:
            if role.filler.startswith("@") and role.filler != "@narrator":
                linked = keys.name_key(role.filler, reading, known) in known.by_name
                assert linked, f"{where(reading, event)}: {role.name}={role.filler} is in no table; add a line"


def test_battles_named_by_events_and_relations_have_a_line(reading: Reading, known: Authority) -> None:
    notes = [(event.id, event.notes) for event in reading.events]
    notes += [(relation.id, relation.notes) for relation in reading.relations]
    for line, keyed in notes:
        battle = keyed.get("in")
        linked = not battle or ("Battle", battle) in known.by_name
        assert linked, f"{reading.text}.ann {line}: in={battle} is no line of battles.tsv; mend it or add the line"


def test_events_lie_within_their_battle(reading: Reading, known: Authority) -> None:
    for event in reading.events:
        battle, when = event.notes.get("in"), event.notes.get("when")
        if battle and when:
            told, held = bounds(when), period(known, battle)
            inside = told.latest >= held.earliest and told.earliest <= held.latest
            assert inside or excused(reading.text, battle, told), (
                f"{where(reading, event)}: when={when} lies outside {battle} ({held.earliest} to {held.latest}); "
                f"mend when= or in=, or give the reason in {OUTSIDE.name}"
            )


def test_every_exception_is_needed(known: Authority) -> None:
    with OUTSIDE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert rows
    assert all(row["reason"] for row in rows)
    found = [reading for reading in map(readings.beside, TEXTS) if reading]
    for row in rows:
        held = period(known, row["battle"])
        events = [e for r in found if r.text == row["text"] for e in r.events if e.notes.get("in") == row["battle"]]
        told = [bounds(e.notes["when"]) for e in events if "when" in e.notes]
        used = any(t.latest < held.earliest or t.earliest > held.latest for t in told)
        assert used, f"{OUTSIDE.name}: no event of {row['text']} needs the exception for {row['battle']}; drop it"


def test_date_mentions_are_dates(reading: Reading) -> None:
    for mention in reading.mentions.values():
        if mention.type == "Date":
            try:
                bounds(mention.canonical)
            except ValueError as error:
                pytest.fail(f"{reading.text}.ann {mention.id} ({mention.surface}): {error}; write EDTF on its N line")


def test_nobody_fights_himself(reading: Reading) -> None:
    for event in reading.events:
        sides: dict[str, set[str]] = {role: set() for role in ROLES_OF_A_FIGHT}
        for role in event.roles:
            if role.name in sides and role.filler in reading.mentions:
                mention = reading.mentions[role.filler]
                if mention.type in {"Unit", "Force"} and mention.canonical not in CAMPS_OF_THEIR_OWN:
                    sides[role.name].add(mention.canonical.partition("/")[0])
        if event.type in FIGHTS:
            both = sides["Agent"] & sides["Target"]
            assert not both, f"{where(reading, event)}: Agent and Target are both {both}; mend one"


def test_orders_point_at_what_is_ordered(reading: Reading) -> None:
    by_id = {event.id: event for event in reading.events}
    for event in reading.events:
        for role in event.roles:
            if role.name == "Content":
                assert role.filler in by_id, f"{where(reading, event)}: Content points at no event"
                assert role.filler != event.id, f"{where(reading, event)}: Content points at itself"


def test_loss_has_an_amount(reading: Reading) -> None:
    for event in reading.events:
        if event.type == "Loss":
            roles = {role.name for role in event.roles}
            assert {"Amount"} <= roles, f"{where(reading, event)}: a Loss needs its Amount; give the Number"


def test_what_is_ordered_or_planned_does_not_lie_before_its_order(reading: Reading) -> None:
    by_id = {event.id: event for event in reading.events}
    seen = 0
    for order in reading.events:
        if order.type not in {"Order", "Plan"} or "when" not in order.notes:
            continue
        for content in (by_id[role.filler] for role in order.roles if role.name == "Content"):
            if content.modality is Modality.PLANNED and "when" in content.notes:
                seen += 1
                late = bounds(content.notes["when"]).latest >= bounds(order.notes["when"]).earliest
                assert late, (
                    f"{where(reading, content)}: planned for {content.notes['when']}, before {where(reading, order)}, "
                    f"of {order.notes['when']}; see 'How an event is dated' in docs/readings.md and mend one"
                )
    assert seen, f"{reading.text}: no order or plan tells what is to be done"
