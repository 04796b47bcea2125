"""Formations by number: 第10军, 新编第20军, 预10师, 五十七旅团, and the members of lists, 第4、第20军."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graph.model import Span
from graph.reader import lexicon
from graph.reader.finds import Find
from graph.reader.numerals import ORDINAL, value

_SEPARATORS = "、,和与及暨"
# 第, and what misprints make of it.
_ORDINAL = "第弟竿苐"
# Sub-units by number are known only within their parent: 第398团第2营.
WITHIN_PARENT = frozenset({"营", "连", "排", "中队", "小队"})


@dataclass(frozen=True, slots=True)
class Numbered:
    """The parts of a numbered formation: what stands before the number, the number, the echelon."""

    span: Span
    prefix: str
    number: int | None
    echelon: str
    side: str
    elliptic: bool

    @property
    def name(self) -> str:
        """Give the name in the form of the guide: 第九战区 in Chinese numerals, all else in Arabic."""
        figure = "?" if self.number is None else str(self.number)
        if self.echelon == "战区" and self.number is not None:
            figure = chinese(self.number)
        return f"{self.prefix}第{figure}{self.echelon}"


def chinese(number: int) -> str:
    """Give a whole number below a hundred in Chinese numerals.

    >>> chinese(9), chinese(10), chinese(12), chinese(20)
    ('九', '十', '十二', '二十')
    """
    digits = "〇一二三四五六七八九"
    if number < 10 or number > 99:
        return "".join(digits[int(d)] for d in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def _echelon() -> str:
    """Give the pattern of an echelon that is not the beginning of another word."""
    rows = sorted(lexicon.rows("echelons"), key=lambda row: -len(row["word"]))
    return "|".join(row["word"] + (f"(?!{row['not before']})" if row["not before"] else "") for row in rows)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    prefix = f"(?:{lexicon.pattern('unit_prefixes')})"
    kind = f"(?P<kind>(?:{lexicon.pattern('troop_kinds')})?)"
    number = rf"(?:{ORDINAL}|\d?\*{{1,6}}|\*{{1,6}}\d?)"
    echelon = f"(?P<echelon>{_echelon()})"
    first = rf"(?P<prefix>{prefix}{{0,3}})(?P<first>[{_ORDINAL}]{{1,6}}{number})"
    rest = rf"(?P<rest>(?:[{_SEPARATORS}]\s?{prefix}{{0,2}}(?:[{_ORDINAL}]{{1,6}}{number}|{ORDINAL})){{0,15}})"
    count = rf"(?:[共等](?:有)?(?P<count>{ORDINAL})个?(?:相关|所属|主力|精锐|参战)?)?"
    slip = r"(?:[^\W\d](?=师团|旅团|联队|集团军|战区))??"
    ordinal = re.compile(first + rest + count + kind + slip + echelon)
    bare = re.compile(
        rf"(?P<prefix>{prefix}{{0,3}})(?P<first>{number})(?P<rest>(?:[{_SEPARATORS}]{number}){{0,15}})"
        rf"(?:共(?P<count>{ORDINAL})个?)?{kind}{echelon}"
    )
    return ordinal, bare


_ITEM = re.compile(
    rf"(?P<prefix>[^{_ORDINAL}\d、,和与及暨\s]*?)(?P<figure>[{_ORDINAL}]*(?P<number>\d?\*+\d?|{ORDINAL}))(?=[{_SEPARATORS}]|$)"
)
_COUNTS = re.compile(r"(?:[约共计近余数达仅十百千万个两半\d.]|[一二三四五六七八九]|总计|拥有)$")
_COUNTED = re.compile(r"(?:的?(?:兵力|左右|以上|之众|编制|番号)|[余多](?=[人名兵,。、]))")


def find(normal: str) -> Iterator[Numbered]:
    """Give the numbered formations of a text in order; each member of a list is one."""
    ordinal, bare = _patterns()
    end = 0
    for match in ordinal.finditer(normal):
        yield from _bare(normal, bare, end, match.start())
        yield from _members(match)
        end = match.end()
    yield from _bare(normal, bare, end, len(normal))


def _bare(normal: str, bare: re.Pattern[str], start: int, stop: int) -> Iterator[Numbered]:
    """Give formations written without 第, where they cannot be a count: 七十四师, 新20军, 120和133联队."""
    for match in bare.finditer(normal, start, stop):
        if _is_name(normal, match):
            yield from _members(match)


def _is_name(normal: str, match: re.Match[str]) -> bool:
    """Tell whether a number with an echelon and without 第 is a name."""
    numbers = [value(item["number"]) or 0 for item in _ITEM.finditer(match["first"] + match["rest"])]
    before, after = normal[max(0, match.start() - 2) : match.start()], normal[match.end() : match.end() + 3]
    if not numbers or match["count"] is not None:
        return bool(numbers and match["rest"])
    if after[:1] in {"人", "民", "服"} or _COUNTED.match(after):
        return False
    if match["prefix"]:
        return match["echelon"] != "战区" and not match["prefix"].endswith(_ARMS)
    within = before.endswith(_PARENT)
    if (
        match["echelon"] in {"营", "连"}
        and (min(numbers) > 1 or before[-1:] in _OURS)
        and not match["first"].isascii()
        and not match["rest"]
    ):
        return _acts(before, after)
    if match["echelon"] in {"营", "连"} and (within or match["first"].isascii()):
        return after[:1] not in {"的", "兵"} and (within or after[:1] in {"长", "附"} or before[-1:] in set("及和与、"))
    if max(numbers) < 10 and match["echelon"] == "集团军":
        return not before or before[-1:] in _OPENS_NAME
    if max(numbers) < 10 and match["echelon"] in {"师", "军"} and match["first"].isascii() and before[-1:] in _MEMBER:
        return True
    if max(numbers) < 10:
        return after.startswith("长") and before[-1:] not in {"的", "各", "个"} and match["first"].isascii()
    return within or not _COUNTS.search(before)


# Before a formation named by a low number and no count: 令二集团军.
_OPENS_NAME = frozenset("令命率属归之的、,。;:由着派与和及\n")
_OURS = frozenset("我本其该")
_MEMBER = frozenset("其之的令命派率")
_LEADS = frozenset("率带令命着我本派饬")
_DOES = re.compile("[长附占攻守向在自由乘为已亦则即又于]|、[一二三四五六]")


def _acts(before: str, after: str) -> bool:
    """Tell whether a battalion or company of a number above one is led or acts: 率二连, 三营占; 以二连 counts two."""
    return before[-1:] in _LEADS or (before[-1:] not in set("以有的个共约") and bool(_DOES.match(after)))


# Arms that a count may be of: 三步兵团 is no name, 新三团 is one.
_ARMS = ("步兵", "骑兵", "炮兵", "工兵")
_PARENT = ("营", "师", "军", "团", "联队", "旅")


def _members(match: re.Match[str]) -> Iterator[Numbered]:
    """Give the members of a list, or the one formation."""
    echelon = (match["kind"] or "") + match["echelon"]
    own = _own_side(echelon, match["echelon"])
    items = list(_ITEM.finditer(match["prefix"] + match["first"] + match["rest"]))
    if len(items) > 1 and items[0]["figure"] in set("一二三四五六七八九") and len(items[1]["figure"]) > 1:
        del items[0]  # 二、九十八军: the first is the number of a paragraph
    for index, item in enumerate(items):
        whole = index == len(items) - 1 and match["count"] is None
        begin, end = match.start("prefix") + item.start(), match.start("prefix") + item.end()
        name, side = _prefix(item["prefix"])
        if own == "JP" and side == "CN":
            begin, name = begin + len(item["prefix"]), ""  # 新第40师团: no Japanese division is 新编
        span = Span(begin, match.end("echelon") if whole else end)
        side = "JP" if side == "JP" else own or side
        yield Numbered(span, name, value(item["number"]), echelon, side, elliptic=not whole)


def _own_side(echelon: str, last: str) -> str:
    sides = lexicon.column("echelons", "word", "side")
    return (sides.get(echelon) or sides[last]).strip("?")


def _prefix(words: str) -> tuple[str, str]:
    """Give the canonical form of the words before a number, and the side that they show."""
    name, side, rest = "", "", words
    table = lexicon.rows("unit_prefixes")
    while rest:
        row = max((r for r in table if rest.startswith(r["word"])), key=lambda r: len(r["word"]), default=None)
        if row is None:
            break
        name, side, rest = name + row["canonical"], side or row["side"], rest[len(row["word"]) :]
    return name, side


def as_find(unit: Numbered) -> Find:
    """Give the find of a numbered formation."""
    unsure = unit.number is None
    return Find("Unit", unit.span, unit.name, "unit.elliptic" if unit.elliptic else "unit.number", unit.side, unsure)
