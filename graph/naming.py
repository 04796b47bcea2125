"""Labels and descriptions of what no table names: new things, events, losses, strengths and sources."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from graph import amounts, days, measures, romanize
from graph.model import Authority, Entry, Event, Item, Reading, Relation, Text

Labels = Mapping[str, str]
Filler = tuple[str, str, str]  # role, item number ('' for a value), surface
FORCES = frozenset({"Formation", "Side", "Organization", "Person"})
MANY = 2  # fillers of one role that a label names before it says "and others"


@cache
def _data() -> Mapping[str, Any]:
    with Path(__file__).with_name("naming.toml").open("rb") as file:
        return tomllib.load(file)


def both_scripts(simplified: str, english: str) -> dict[str, str]:
    """Give the labels of a simplified and an English name, the traditional one converted."""
    return {"zh-hans": simplified, "zh-hant": romanize.traditional(simplified), "en": english}


def by_script(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Give names sorted under zh-hant where their script is traditional, under en where Latin, else under zh-hans."""
    found: dict[str, list[str]] = {}
    for name in names:
        latin = name.isascii() and any(c.isalpha() for c in name)
        language = "en" if latin else "zh-hant" if romanize.simplified(name) != name else "zh-hans"
        found.setdefault(language, []).append(name)
    return {language: tuple(names) for language, names in found.items()}


def described(entry: Entry) -> Labels:
    """Give the descriptions of an authority's item: its kind, and its side where it has one."""
    words = _data()["descriptions"][entry.kind]
    side = _data()["sides"].get(entry.facts.get("side", ""))
    if not side:
        return both_scripts(words["zh-hans"], words["en"])
    return both_scripts(f"{side['zh-hans']}{words['zh-hans']}", f"{side['adjective']} {words['en']}")


def new_item(number: str, kind: str, name: str, authority: Authority) -> Item:
    """Give an item for something that a text names and the authority does not have."""
    side, slash, plain = name.rpartition("/")
    adjective = _data()["sides"].get(side, {}).get("adjective", side)
    entry = Entry(number, kind, name, {}, (), (), {"side": side} if slash else {})
    if _data()["damaged"]["sign"] in plain:
        english = _damaged(plain, described(entry)["en"])
    elif kind == "Formation":
        english = romanize.formation(side, plain, adjective)
    elif kind == "Person" and len(plain) <= 3:
        english = romanize.person(plain)
    else:
        english = romanize.pinyin(plain)
    return Item(number, kind, name, both_scripts(plain or name, english), {}, described(entry))


def _damaged(name: str, what: str) -> str:
    """Give what has a name that cannot be read, with the part of it that needs no translation."""
    words: str = _data()["damaged"]["en"].format(what, "".join(c for c in name if c.isascii()))
    return words[:1].upper() + words[1:]


def source_item(number: str, text: Text) -> Item:
    """Give the item of a text."""
    words = _data()["descriptions"]["Source"]
    zh, en = words["zh-hans"], words["en"]
    return Item(
        number,
        "Source",
        text.name,
        text.titles,
        {"en": (text.name,)},
        both_scripts(f"{zh}:{text.name}", f"{en} text {text.name}"),
    )


def occurrence_item(
    number: str,
    kind: str,
    event: Event,
    fillers: Iterable[Filler],
    items: Mapping[str, Item],
    battle: str | None,
    reading: Reading,
    authority: Authority,
) -> Item:
    """Give the item of an event or loss, labelled by type, roles and date."""
    by_role = _by_role(fillers, items)
    shape = _shape(event)
    concept = authority.concepts[event.loss_term if event.type == "Loss" else event.type]
    head = event.type if event.type == "Loss" else concept.labels["en"]
    english = _english(head, _data()["parts"]["en"][shape], by_role, items, authority)
    chinese = _chinese(concept.labels["zh-hans"], _data()["parts"]["zh"][shape], by_role, items)
    if event.type == "Loss":
        figures = [surface for role, _, surface in _surfaces(event, reading) if role == "Amount"]
        amount = ", ".join(counted(figure, event.counted, authority) for figure in figures)
        english, chinese = f"{english}, {concept.labels['en']}: {amount}", f"{chinese}:{'、'.join(figures)}"
    when = event.notes.get("when")
    english, chinese = _dated(english, chinese, when)
    if form := _data()["modality"].get(kind):
        english, chinese = form["en"].format(english), form["zh-hans"].format(chinese)
    place = items[battle] if battle else None
    ordinal = reading.events.index(event) + 1
    return Item(number, kind, event.id, both_scripts(chinese, english), {}, _told(kind, place, reading.text, ordinal))


def _by_role(fillers: Iterable[Filler], items: Mapping[str, Item]) -> Mapping[str, list[str]]:
    """Give the numbers of the fillers of each role; and of the targets those that are a force, and the others."""
    found: dict[str, list[str]] = {}
    for role, filler, _ in fillers:
        if filler:
            found.setdefault(role.lower(), []).append(filler)
    for number in found.get("target", ()):
        found.setdefault("foe" if items[number].kind in FORCES else "kept", []).append(number)
    return found


def _shape(event: Event) -> str:
    shape: str = next(name for name, types in _data()["kinds"].items() if event.type in types)
    if shape == "change" and romanize.simplified(event.words) in _data()["verbs"]["renewal"]:
        return "renewal"
    return shape


def counted(words: str, default: str, authority: Authority) -> str:
    """Give an amount in English: its figure, as the words bound it, and what it counts; or that there is no figure."""
    amount = amounts.parse(words)
    if amount is None:
        return str(_data()["figures"]["none"])
    unit = measures.unit(amount, default)
    share = unit == "fraction"
    figure = f"{float(amount.value * 100):.3g} %" if share else f"{float(amount.value):,.9g}"
    if bound := _bound(amount):
        figure = _data()["figures"][bound].format(figure)
    if share:
        return figure
    one = _data()["one"].get(unit) if amount.value == 1 else None
    return f"{figure} {one or authority.concepts[unit].labels['en']}"


def _bound(amount: amounts.Amount) -> str:
    if amount.lower is None and amount.upper is None:
        return ""
    if amount.lower == amount.value:
        return "over"
    return "nearly" if amount.upper == amount.value else "about"


def _surfaces(event: Event, reading: Reading) -> Iterable[Filler]:
    for role in event.roles:
        if role.filler in reading.mentions:
            yield role.name, "", reading.mentions[role.filler].surface


def strength_item(
    number: str, unit: Item, amount: str, relation: Relation, reading: Reading, authority: Authority
) -> Item:
    """Give the item of a strength: whose, how much, and when where it is told."""
    attached = relation.notes.get("kind") == "attached"
    what_en, what_zh = ("Forces attached to", "配属兵力") if attached else ("Strength of", "兵力")
    english = f"{what_en} {_article(unit, authority)}{_english_name(unit)}: {counted(amount, 'persons', authority)}"
    english, chinese = _dated(english, f"{_chinese_name(unit)}{what_zh}:{amount}", relation.notes.get("when"))
    description = _told("Strength", None, reading.text, int(relation.id[1:]))
    return Item(number, "Strength", relation.id, both_scripts(chinese, english), {}, description)


def _told(kind: str, battle: Item | None, text: str, ordinal: int) -> Labels:
    words = _data()["descriptions"][kind]
    where_en = f" in {battle.labels['en']}" if battle else ""
    where_zh = f"{battle.labels['zh-hans']}," if battle else ""
    chinese = f"{where_zh}{words['zh-hans']}(据{text},第{ordinal})"
    return both_scripts(chinese, f"{words['en']}{where_en} ({text}, no. {ordinal})")


def _english(
    head: str,
    parts: Sequence[Sequence[str]],
    roles: Mapping[str, list[str]],
    items: Mapping[str, Item],
    authority: Authority,
) -> str:
    words, said = [head[:1].upper() + head[1:]], set[str]()
    for either, before in parts:
        fillers = [item for item in _either(either, roles, items, authority) if item.id not in said]
        if fillers:
            said |= {item.id for item in fillers if item.kind == "Place"}
            names = [f"{_article(item, authority)}{_english_name(item)}" for item in fillers[:MANY]]
            more = " and others" if len(fillers) > MANY else ""
            before = _place(fillers[0], authority).get(before, before)
            words.append(f"{before} {' and '.join(names) if not more else ', '.join(names)}{more}")
    return " ".join(words)


def _either(
    either: str, roles: Mapping[str, list[str]], items: Mapping[str, Item], authority: Authority
) -> Sequence[Item]:
    """Give the fillers of the first of some roles that has any; a place that stands in for another role is no area."""
    first, *others = either.split("|")
    if found := _distinct(first, roles, items):
        return found
    instead = (_distinct(role, roles, items) for role in others)
    return next(filter(None, ([i for i in found if not _place(i, authority).get("area")] for found in instead)), ())


def _place(item: Item, authority: Authority) -> Mapping[str, Any]:
    """Give how a place is spoken of, by its kind."""
    entry = authority.by_name.get((item.kind, item.key)) if item.kind == "Place" else None
    found: Mapping[str, Any] = _data()["places"].get(entry.facts.get("kind"), {}) if entry else {}
    return found


def _distinct(role: str, roles: Mapping[str, list[str]], items: Mapping[str, Item]) -> list[Item]:
    """Give the fillers of a role, each once; a place that is the target or goes with another role is not said again."""
    numbers = dict.fromkeys(roles.get(role, ()))
    said = {number for other in ("target", "object", "to", "from") for number in roles.get(other, ())}
    return [items[number] for number in numbers if role != "place" or number not in said]


def _english_name(item: Item) -> str:
    return _data()["sides"][item.key[:2]]["en"] if item.kind == "Side" else item.labels["en"]


def _chinese(
    head: str, parts: Sequence[Sequence[Sequence[str]]], roles: Mapping[str, list[str]], items: Mapping[str, Item]
) -> str:
    def side(group: Sequence[Sequence[str]]) -> str:
        words = []
        for role, before in group:
            fillers = _distinct(role, roles, items)
            if fillers:
                more = "等" if len(fillers) > MANY else ""
                words.append(before + "、".join(_chinese_name(item) for item in fillers[:MANY]) + more)
        return "".join(words)

    return side(parts[0]) + head + side(parts[1])


def _chinese_name(item: Item) -> str:
    return _data()["sides"][item.key[:2]]["zh-hans"] if item.kind == "Side" else item.labels["zh-hans"]


def _article(item: Item, authority: Authority) -> str:
    named = item.kind in {"Formation", "Organization", "Battle"}
    return "the " if named else str(_place(item, authority).get("article", ""))


def _dated(english: str, chinese: str, when: str | None) -> tuple[str, str]:
    if not when:
        return english, chinese
    day_en, day_zh = days.words(when)
    return f"{english}, {day_en}", f"{chinese}({day_zh})"
