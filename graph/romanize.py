"""English and traditional names for what no authority table names."""

import re
from collections.abc import Mapping
from functools import cache

import opencc
import pypinyin

from graph.authority import FOLDER
from graph.tables import rows

_NUMBERED = re.compile(r"(?P<prefix>\D*?)第?(?P<number>\d+)(?P<word>\D+)")


@cache
def _converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)


@cache
def _echelons() -> Mapping[tuple[str, str], str]:
    return {(row["side"], row["word"]): row["en"] for row in rows(FOLDER / "echelon_words.tsv", ("side", "word", "en"))}


def traditional(words: str) -> str:
    """Give words in traditional script."""
    return str(_converter("s2t").convert(words))


def simplified(words: str) -> str:
    """Give words in simplified script."""
    return str(_converter("t2s").convert(words))


def pinyin(words: str) -> str:
    """Give words in pinyin without tones, one capitalised word.

    >>> pinyin("桃树港")
    'Taoshugang'
    """
    return "".join(pypinyin.lazy_pinyin(words)).capitalize()


def person(name: str) -> str:
    """Give a Chinese person's name in pinyin: surname and given name.

    >>> person("葛先才")
    'Ge Xiancai'
    """
    surname, given = name[:1], name[1:]
    return f"{pinyin(surname)} {pinyin(given)}".strip()


def ordinal(number: int) -> str:
    """Give an English ordinal: 1st, 2nd, 11th."""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def formation(side: str, name: str, adjective: str) -> str:
    """Give a formation's English name, its number and echelon translated where both are known.

    >>> formation("JP", "第3师团", "Japanese")
    'Japanese 3rd Division'
    """
    match = _NUMBERED.fullmatch(name)
    if match:
        word = _echelons().get((side, match["word"])) or _echelons().get(("", match["word"]))
        prefix = _echelons().get(("", match["prefix"]), "") if match["prefix"] else ""
        if word and (prefix or not match["prefix"]):
            return " ".join(filter(None, (adjective, prefix, ordinal(int(match["number"])), word)))
    return f"{adjective} {pinyin(name)}"
