"""The words of a counted amount -> the figure, the bounds that the words set, and the measure word."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import opencc

from graph.numerals import MYRIADS, POWERS, figures

_FIGURE = re.compile(
    r"(?P<head>(?:\d+(?:\.\d+)?|[零〇○一二两三四五六七八九十百千]+)(?:[万亿千百](?:\d+|[零〇○一二两三四五六七八九十百千]+)?)*)"
)
_ABOUT = re.compile(r"约|大约|大概|左右|前后|上下")
_NEARLY = re.compile(r"近|将近|几近|不到|不足|不满|还少|以下")
_AT_LEAST = re.compile(r"以上|至少|超过|不下|不止|强$|过")
_AND_MORE = re.compile(r"[余多]")
_FRACTION = re.compile(r"([一二三四五六七八九十百]+)分之([一二三四五六七八九十百]+)")
_RANGE = re.compile(r"(\d+)(?:∼|~|～|—|-|至)(\d+)")
_SEVERAL = re.compile(r"[数几]([十百千万])")
_HALF = re.compile(r"一?半")
# 万余人 leaves out the one of 一万.
_BARE_MYRIAD = re.compile(r"(?<![\d零〇○一二两三四五六七八九十百千余多数几])(?=[万亿])")


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with its bounds (None where the words set none) and the measure word after it ('' where none)."""

    value: Decimal
    lower: Decimal | None
    upper: Decimal | None
    measure: str


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _plain(numeral: str) -> Decimal:
    """Give the value of a numeral below the myriads, in Arabic or in Chinese characters."""
    return Decimal(numeral if re.fullmatch(r"[\d.]+", numeral) else figures(numeral))


_PART = re.compile(r"(\d+(?:\.\d+)?|[零〇○一二两三四五六七八九十百千]+)([万亿千百]?)")


def figure(words: str) -> tuple[Decimal, Decimal]:
    """Give a figure's value and the size of one unit of its last digit.

    >>> figure("1.1万"), figure("3万6358"), figure("四千八百")
    ((Decimal('11000.0'), Decimal('1000.0')), (Decimal('36358'), Decimal('1')), (Decimal('4800'), Decimal('100')))
    """
    total, step = Decimal(0), Decimal(1)
    for numeral, power in _PART.findall(words):
        scale = Decimal(MYRIADS.get(power, POWERS.get(power, 1)))
        value = _plain(numeral)
        total += value * scale
        step = _unit(numeral, value) * scale
    return total, step


def _unit(numeral: str, value: Decimal) -> Decimal:
    if "." in numeral:
        return Decimal(1).scaleb(-len(numeral.partition(".")[2]))
    whole = int(value)
    zeros = len(str(whole)) - len(str(whole).rstrip("0")) if whole else 0
    return Decimal(10) ** zeros


def parse(words: str) -> Amount | None:
    """Give the amount that words like 「1.1万余人」 state, or None where they hold no figure.

    >>> parse("伤亡1万1千多人").lower, parse("約3萬人").upper, parse("十分之八").value
    (Decimal('11000'), Decimal('35000'), Decimal('0.8'))
    """
    plain = _simplifier().convert(words)
    plain = re.sub(r"(?<=\d)[oO]|[oO](?=\d)|(?<=[oO])[oO]", "0", plain)
    plain = re.sub(r"(?<=\d)[oO]", "0", plain).replace(",", "").replace(",", "")
    plain = _BARE_MYRIAD.sub("1", plain)
    if _HALF.fullmatch(plain):
        return Amount(Decimal("0.5"), None, None, "%")
    if "过半" in plain or "大半" in plain:
        return Amount(Decimal("0.5"), Decimal("0.5"), Decimal(1), "%")
    if share := _FRACTION.search(plain):
        value = _plain(share[2]) / _plain(share[1])
        return _bounded(plain, value, value / _plain(share[2]), "%", ratio=True)
    if span := _RANGE.search(plain):
        low, high = Decimal(span[1]), Decimal(span[2])
        return Amount((low + high) / 2, low, high, _measure(plain[span.end() :]))
    if several := _SEVERAL.search(plain):
        unit = Decimal((POWERS | MYRIADS)[several[1]])
        return Amount(unit, unit, unit * 10, _measure(plain[several.end() :]))
    bare = _AND_MORE.sub("", plain)
    match = _FIGURE.search(bare)
    if not match:
        return None
    value, step = figure(match["head"])
    rest = bare[match.end() :]
    if rest.startswith("%"):
        return _bounded(plain, value / 100, step / 100, "%", ratio=True)
    if (more := _AND_MORE.search(plain)) and plain[more.end() : more.end() + 1] in "万亿" and more.end() < len(plain):
        # 30余万 is thirty-odd myriads: the words leave the last digit of 30 open, not that of 300,000.
        step = _unit("", figure(plain[: more.start()])[0]) * MYRIADS[plain[more.end()]]
    return _bounded(plain, value, step, _measure(rest))


def _measure(rest: str) -> str:
    # 强 at the end bounds an amount (3万强); elsewhere it is part of a measure (加强营).
    match = re.match(r"个?(?:强(?!$)|[^\d\s以至左上下强,,。()()、])*", rest)
    word = match[0] if match else ""
    return word if word in ("个", "") else word.removeprefix("个")


def _bounded(words: str, value: Decimal, step: Decimal, measure: str, *, ratio: bool = False) -> Amount:
    if _AND_MORE.search(words):
        return Amount(value, value, value + step, measure)
    if _AT_LEAST.search(words):
        return Amount(value, value, Decimal(1) if ratio else None, measure)
    if _NEARLY.search(words):
        return Amount(value, value - step, value, measure)
    if _ABOUT.search(words):
        return Amount(value, value - step / 2, value + step / 2, measure)
    return Amount(value, None, None, measure)
