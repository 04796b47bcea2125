"""What a name tells by itself: its surname, the army that surname is of, and whether it reads as a name at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graph.model import Span
from graph.reader import lexicon


@dataclass(frozen=True, slots=True)
class Named:
    """A person's name in the text; `side` by the surname or title, '' where neither shows it."""

    span: Span
    name: str
    side: str
    rule: str


@dataclass(frozen=True, slots=True)
class Names:
    """The tables that names are read by; `common` holds everyday words and places, `trade` words of war."""

    chinese: frozenset[str]
    japanese: frozenset[str]
    table: Mapping[str, str]
    common: frozenset[str]
    trade: frozenset[str]
    verbs: frozenset[str]
    wordlike: frozenset[str]
    function: frozenset[str]


_TRADE = ("battle_suffixes", "echelons", "place_after", "place_before", "person_verbs", "titles", "forces")


@cache
def names() -> Names:
    """Give the tables."""
    return Names(
        chinese=lexicon.words("surnames_cn"),
        japanese=frozenset(word for word in lexicon.words("surnames_jp") if len(word) > 1),
        table=lexicon.column("commanders", "name", "side"),
        common=lexicon.words("words") | lexicon.words("gazetteer"),
        trade=frozenset().union(*(lexicon.words(table) for table in _TRADE)),
        verbs=lexicon.words("person_verbs") | lexicon.words("titles"),
        wordlike=lexicon.words("wordlike_surnames"),
        function=lexicon.words("function_characters"),
    )


def surname(name: str) -> str:
    """Give the surname of a full name; a foreign name is all of one piece.

    >>> surname("薛岳"), surname("冈村宁次"), surname("史迪威")
    ('薛', '冈村', '史迪威')
    """
    tables = names()
    if tables.table.get(name, "CN") not in {"CN", "JP"}:
        return name
    for length in (3, 2):
        if len(name) > length and (name[:length] in tables.japanese or name[:length] in tables.chinese):
            return name[:length]
    return name[:1]


def side(name: str) -> str:
    """Give JP or CN by the surname that a full name begins with, '' where none is known or the length is odd.

    >>> side("冈村宁次"), side("欧阳修"), side("薛岳"), side("主力军")
    ('JP', 'CN', 'CN', '')
    """
    tables = names()
    if (len(name) in (3, 4, 5) and name[:2] in tables.japanese) or (
        len(name) in (4, 5) and name[:3] in tables.japanese
    ):
        return "JP"
    double = name[:2] in tables.chinese and 3 <= len(name) <= 4
    return "CN" if double or (len(name) in (2, 3) and name[0] in tables.chinese) else ""


def has_function_word(name: str) -> bool:
    """Tell whether a character of the name is one that joins words: 的, 于, 和."""
    return not names().function.isdisjoint(name)


def not_given(name: str) -> bool:
    """Tell whether what follows a Japanese surname is an everyday word or part of an echelon, and no given name."""
    given = name[len(surname(name)) :]
    everyday = len(given) > 1 and given[:2] in names().common and given[1:] != "郎"
    return everyday or not frozenset("师军团旅联队").isdisjoint(given)


def broken(name: str) -> bool:
    """Tell whether a Chinese name is rather an everyday word or the beginning of a title: 任战区司令."""
    common = names().common
    return name[1:] in common or name[:2] in common or name[-1] in "副代总前各该原军师团营连旅战区队级"


def closes(normal: str, start: int, length: int, side: str) -> bool:
    """Tell whether the characters read as a name of that side, with a mark, a verb or another word behind."""
    tables = names()
    name, end = normal[start : start + length], start + length
    if len(name) < length or not name.isalpha() or name.isascii() or has_function_word(name[1:]):
        return False
    if name in tables.common or (not_given(name) if side == "JP" else name[:2] in tables.verbs):
        return False
    if end >= len(normal) or not normal[end].isalpha():
        return True
    if side == "CN" and length == 3 and name[1:] in tables.trade:
        return False
    if any(normal[end : end + size] in tables.verbs for size in (1, 2, 3, 4)):
        return True
    return normal[end : end + 2] in tables.common and normal[end - 1 : end + 1] not in tables.common
