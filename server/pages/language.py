"""The language of the pages: which one a reader wants, and the words of the pages in it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from starlette.requests import Request

WORDS = Path(__file__).resolve().parent / "words.tsv"
COOKIE = "lang"
LANGUAGES: Mapping[str, str] = {"en": "English", "zh-hans": "简体", "zh-hant": "繁體"}
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_MONTHS = tuple("January February March April May June July August September October November December".split())  # noqa: SIM905


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The words of the pages: by key, then by language."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", strict=True))
    return {row["key"]: {code: row[code] for code in LANGUAGES} for row in rows}


def word(key: str, language: str) -> str:
    """The words of that key in that language."""
    return words()[key][language]


def language_of(request: Request) -> str:
    """The language for this request: the one chosen by `?lang=` or the cookie, else the best that it accepts."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if chosen and chosen in LANGUAGES:
            return chosen
    return accepted(request.headers.get("accept-language", ""))


def accepted(header: str) -> str:
    """The language of the pages that an Accept-Language header likes best.

    >>> accepted("zh-TW,zh;q=0.9,en;q=0.8"), accepted("zh-CN"), accepted("de, en;q=0.5"), accepted("")
    ('zh-hant', 'zh-hans', 'en', 'en')
    """
    for tag in sorted(header.lower().split(","), key=_weight, reverse=True):
        name = tag.partition(";")[0].strip()
        if name.startswith("zh") and _weight(tag) > 0:
            return "zh-hant" if name.startswith(_TRADITIONAL) else "zh-hans"
        if name.startswith("en") and _weight(tag) > 0:
            return "en"
    return "en"


def _weight(tag: str) -> float:
    """The weight of one part of an Accept-Language header; one that is no number weighs nothing."""
    _, _, parameter = tag.partition(";")
    _, _, value = parameter.partition("=")
    try:
        return float(value) if value else 1.0
    except ValueError:
        return 0.0


def html_code(language: str) -> str:
    """The tag of a language as HTML writes it.

    >>> html_code("zh-hant")
    'zh-Hant'
    """
    root, _, script = language.partition("-")
    return f"{root}-{script.title()}" if script else root


def date_words(day: str, language: str, precision: int = 11) -> str:
    """A day (YYYY-MM-DD), a month (precision 10) or a year (9) in words.

    >>> date_words("1941-09-11", "en"), date_words("1941-09-11", "zh-hans", 10)
    ('11 September 1941', '1941年9月')
    """
    year, month, number = (int(part) for part in day[:10].split("-"))
    english = language == "en"
    if precision <= 9:
        return str(year) if english else f"{year}年"
    if precision == 10:
        return f"{_MONTHS[month - 1]} {year}" if english else f"{year}年{month}月"
    return f"{number} {_MONTHS[month - 1]} {year}" if english else f"{year}年{month}月{number}日"


def range_words(first: str, last: str, language: str) -> str:
    """A stretch of days (both ends YYYY-MM-DD) in words, what both ends share said once.

    >>> range_words("1941-09-01", "1941-09-10", "en"), range_words("1941-09-01", "1941-10-10", "en")
    ('1–10 September 1941', '1 September – 10 October 1941')
    >>> range_words("1941-09-01", "1941-09-10", "zh-hans"), range_words("1941-12-24", "1942-01-15", "zh-hans")
    ('1941年9月1日至10日', '1941年12月24日至1942年1月15日')
    """
    if first == last:
        return date_words(first, language)
    precision = 10 if first[:7] == last[:7] else 9 if first[:4] == last[:4] else 0
    shared = date_words(first, language, precision) if precision else ""
    begin, end = date_words(first, language), date_words(last, language)
    if language == "en":
        return f"{begin.removesuffix(shared).strip()}{'–' if precision == 10 else ' – '}{end}"
    return f"{begin}至{end.removeprefix(shared)}"


def add_to(environment: jinja2.Environment) -> None:
    """Give the templates their words: `t(key)`, `language()`, `at(path)`, and the links that switch the language."""
    environment.globals.update(t=_word, language=_language, languages=LANGUAGES, switch=_switch, at=_at)
    environment.filters.update(html_code=html_code)


@jinja2.pass_context
def _word(context: jinja2.runtime.Context, key: str) -> str:
    return word(key, language_of(context["request"]))


@jinja2.pass_context
def _language(context: jinja2.runtime.Context) -> str:
    return language_of(context["request"])


@jinja2.pass_context
def _switch(context: jinja2.runtime.Context, code: str) -> str:
    parameters = dict(context["request"].query_params)
    return "?" + urlencode({**parameters, "lang": code})


@jinja2.pass_context
def _at(context: jinja2.runtime.Context, path: str) -> str:
    """The address of a path of this server; another address stays as it is."""
    root: Any = context["request"].scope.get("root_path", "")
    return f"{root}{path}" if path.startswith("/") else path
