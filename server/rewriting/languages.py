"""The languages that a label service is asked for -> the languages to look in, in order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from server.wikibase.languages import chain, table

AUTO = "[AUTO_LANGUAGE]"
WRITTEN = ("zh-hans", "zh-hant")
"""The kinds of Chinese that names are written in."""
DEFAULT = "en"


def wanted(parameter: str, accepted: str) -> tuple[str, ...]:
    """The languages of a `wikibase:language` parameter with those near to each, [AUTO_LANGUAGE] being the reader's.

    >>> wanted("[AUTO_LANGUAGE],en", "zh-CN;q=0.9, fr")
    ('fr', 'zh-cn', 'zh-hans', 'zh', 'zh-hant', 'en')
    """
    codes: list[str] = []
    for code in parameter.split(","):
        codes += readers(accepted) if code.strip().upper() == AUTO else [code.strip().lower()]
    named = [code for code in codes if code and code.replace("-", "").isalnum() and code.isascii()] or [DEFAULT]
    return tuple(dict.fromkeys(near for code in named for near in chain(code) if _root(near) == _root(code)))


def readers(accepted: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first.

    >>> readers("en;q=0.5, zh-TW, *;q=0.1"), readers("")
    (['zh-tw', 'en'], ['en'])
    """
    weighed = [_weighed(part) for part in accepted.split(",")]
    good = [pair for pair in weighed if pair[1] > 0 and pair[0] not in ("", "*")]
    return [code for code, _ in sorted(good, key=lambda pair: -pair[1])] or [DEFAULT]


@cache
def read_as() -> Mapping[str, str]:
    """The other kinds of Chinese with the one that is read in their stead, as `zh` and `zh-tw`."""
    stands_for = {code: next((near for near in chain(code) if near in WRITTEN), "") for code in table()}
    return {code: near for code, near in stands_for.items() if _root(code) == _root(near) and code not in WRITTEN}


def _weighed(part: str) -> tuple[str, float]:
    code, _, weight = part.partition(";")
    number = weight.partition("=")[2].strip()
    try:
        return code.strip().lower(), float(number) if number else 1.0
    except ValueError:
        return code.strip().lower(), 0.0


def _root(code: str) -> str:
    return code.partition("-")[0]
