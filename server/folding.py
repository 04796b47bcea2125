"""Words -> the one form that their spellings share, whatever the script, width, case, accents, numerals or blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import opencc
import pypinyin

from graph.numerals import figures

_NUMERAL = re.compile("[〇零一二三四五六七八九十百千廿卅]+")
_ORDINAL = re.compile(r"第(?=\d)|(?<=\d)(?:st|nd|rd|th)(?![a-z])")
_SPOKEN_ORDINAL = re.compile(r"di(?=\d)")
_APART = re.compile(r"[\W_]+")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(words: str) -> str:
    """Simplified script, one width, lower case, no accents; blanks and numerals as they were.

    >>> simplified("第４軍 Ōta")
    '第4军 ota'
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", words).casefold())
    return str(_simplifier().convert("".join(c for c in plain if not unicodedata.combining(c))))


def fold(words: str) -> str:
    """The form in which two spellings of one name are equal, without blanks or punctuation; may be empty.

    >>> fold("第十軍"), fold("10军"), fold("Chinese 10th Corps"), fold("Ge Xiancai")
    ('10军', '10军', 'chinese10corps', 'gexiancai')
    """
    return "".join(pieces(words))


def pieces(words: str) -> list[str]:
    """The folded parts between blanks and punctuation.

    >>> pieces("薛岳、長沙")
    ['薛岳', '长沙']
    """
    plain = _NUMERAL.sub(lambda found: figures(found[0]), simplified(words))
    return [piece for piece in _APART.split(_ORDINAL.sub("", plain)) if piece]


def romanized(words: str) -> set[str]:
    """Chinese words in pinyin without tones, folded: with numerals as they are read and as figures.

    >>> sorted(romanized("第十军"))
    ['10jun', 'di10jun', 'dishijun']
    """
    plain = simplified(words)
    counted = _NUMERAL.sub(lambda found: figures(found[0]), plain)
    spoken = {_pinyin(plain), _pinyin(counted)}
    spoken |= {_SPOKEN_ORDINAL.sub("", form) for form in spoken}
    return spoken | {form.replace("v", "u") for form in spoken}


@lru_cache(maxsize=1024)
def _pinyin(words: str) -> str:
    return "".join(_APART.split("".join(pypinyin.lazy_pinyin(words))))
