"""Counts with their measure word, where a loss, a strength or booty uses them: 5.4万具, 2个联队, 百分之十八."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from graph.model import Span
from graph.reader import lexicon, numerals
from graph.reader.finds import Find
from graph.reader.materiel import things

# Repetitions are bounded, so that a long run of digits takes no more than its length.
_BEFORE_UNIT = "[百千万](?=余|人以上|人左右)|(?<=[近上约逾过达])[百千万]"
_CHINESE = "[〇零一二两三四五六七八九十百千]{1,10}"
_FIGURE = rf"(?:{_BEFORE_UNIT}|(?<!\d)\d{{1,9}}(?:\.\d{{1,4}})?|{_CHINESE}|[数几]十?)"
_NUMERAL = rf"(?:{_FIGURE}[余多]?(?:[百千万亿][余多]?(?:{_FIGURE}|\d{{1,4}})?){{0,4}}[余多]?)"
_BOUND = (
    "(?:大?约(?:有|为)?|近|将近|几近|至少|最少|至多|超过|逾|达到?|不下于?|不少于|过|计|总计|共计|合计|共约|共|相当于)"
)
_LATER = "(?:以上|左右|上下|以下|之多|之众|之谱)"
# Words before a count that set no bound stay outside it: 共计, 达.
_OUTSIDE = re.compile("^(?:总计|共计|合计|计|共|达到?|有|为)+")
# How far before a count, and behind it, the word may stand that tells what it counts.
LEFT, RIGHT = 60, 10


@cache
def _count() -> re.Pattern[str]:
    kinds, measures = lexicon.pattern("troop_kinds"), lexicon.pattern("measures")
    return re.compile(
        rf"(?P<before>{_BOUND}{{0,3}})(?P<figure>{_NUMERAL})(?P<of>个半?|名|员|个)?(?P<kind>(?:{kinds}){{0,2}})"
        rf"(?P<measure>{measures})(?![事官长衔](?!兵)){_LATER}?"
    )


@cache
def _share() -> re.Pattern[str]:
    tenths = "[一二三四五六七八九十]分之[一二三四五六七八九十](?:强|弱|以上)?|[六七八九五]成(?:以上)?|过半|大半|半数"
    return re.compile(
        rf"(?P<before>{_BOUND}{{0,3}})(?:(?<!\d)\d{{1,3}}(?:\.\d{{1,4}})?%|百分之{_FIGURE}|{tenths}){_LATER}?"
    )


@cache
def _bare() -> re.Pattern[str]:
    """Give the pattern of myriads without a measure word: 30万国军, 新兵十万, 损失兵力60余万."""
    figure = rf"(?=[^,。]{{0,6}}(?:[千万]|百余)){_NUMERAL}"
    behind = "|".join(f"(?<={word})" for word in sorted(lexicon.words("counted_after")))
    return re.compile(
        rf"(?P<before>{_BOUND}{{0,3}})(?:{figure}(?=的?(?:{lexicon.pattern('crowds')})|与{_NUMERAL}万)"
        rf"|(?:{behind}){figure}(?=[,。、;)与附及和]))"
    )


@cache
def _tabled() -> re.Pattern[str]:
    """Give the pattern of a figure alone, as tables and clipped prose have it: 伤亡三百余, 毙敌40, 敌约二千."""
    behind = lexicon.pattern("bare_after")
    many = r"(?:[一二三四五六七八九两数]?[百千万][一二三四五六七八九百千万十〇零]{0,8}|\d{3,7}|\d{1,3}[千万])"
    tens = "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]{2,4}"
    figure = rf"(?:{many}|[百千万](?=[余多])|\d{{2,7}}|{tens})[余多]?"
    measured = rf"(?!{lexicon.pattern('measures')}|[个名里公米尺天日夜年月时分斤发第\d一二三四五六七八九十百千万余多])"
    return re.compile(
        rf"(?:{behind})(?:敌|日军|敌军|伪军)?(?P<lost>{_BOUND}{{0,3}}{figure})(?=[,。、;)\s与及和]|$)"
        rf"|[,、](?:敌军?|日军|伪军)(?P<also>{many}|\d{{2,7}})(?=[,。;、)])"
        rf"|(?<=[)敌军团队部头力兵])(?P<strong>[约近逾]{many}[余多]?){measured}"
    )


def find(normal: str) -> Iterator[Find]:
    """Give the counts of a text: shares first, then bare myriads, figures alone, and those with a measure word."""
    for match in _share().finditer(normal):
        if _near(normal, match, "loss") or _near(normal, match, "strength"):
            yield _number(normal, match, "number.share")
    for match in _bare().finditer(normal):
        yield _number(normal, match, "number.bare")
    for match in _tabled().finditer(normal):
        start, end = match.span(match.lastgroup or 0)
        outside = _OUTSIDE.match(normal[start:end])
        start += outside.end() if outside else 0
        yield Find("Number", Span(start, end), canonical(normal[start:end]), "number.alone")
    kinds = lexicon.column("measures", "word", "kind")
    for match in _count().finditer(normal):
        kind = kinds[match["measure"]]
        if normal[max(0, match.start() - 1) : match.start()] not in {"第", "某"} and _WANTED[kind](normal, match):
            yield _number(normal, match, f"number.{kind}")


def _number(normal: str, match: re.Match[str], rule: str) -> Find:
    outside = _OUTSIDE.match(match["before"])
    start = match.start() + (outside.end() if outside else 0)
    return Find("Number", Span(start, match.end()), canonical(normal[start : match.end()]), rule)


@cache
def _context(kind: str) -> re.Pattern[str]:
    return re.compile(lexicon.alternatives(row["word"] for row in lexicon.rows("count_words") if row["kind"] == kind))


def _near(normal: str, match: re.Match[str], kind: str) -> bool:
    """Tell whether a word of loss or strength stands in the sentence before the count, or in its clause behind."""
    left = re.split("[。\n]", normal[max(0, match.start() - LEFT) : match.start()])[-1]
    right = re.split("[。;,\n]", normal[match.end() : match.end() + RIGHT])[0]
    return bool(_context(kind).search(left) or _context(kind).search(right))


# --------------------------------------------------------------------------- which counts are wanted


def _amount(match: re.Match[str]) -> Decimal:
    """Give the figure, 10 for 数 and 几 and what is no figure."""
    figure = re.sub("[余多]", "", match["figure"])
    plain = f"一{figure}" if figure in {"百", "千", "万"} else figure
    return numerals.amount(plain) or Decimal(10)


def _persons(normal: str, match: re.Match[str]) -> bool:
    amount, named = _amount(match), match["measure"] not in {"官兵", "将士", "兵"}
    if amount >= 100 or match["figure"][0] in "数百千万":
        return named or bool(match["of"]) or amount >= 100
    if not named and not match["of"] and amount < 10:
        return False
    return (amount > 1 and _near(normal, match, "loss")) or (amount >= 10 and _near(normal, match, "strength"))


def _things(normal: str, match: re.Match[str]) -> bool:
    """Tell whether a thing of the table stands right before or behind the count."""
    before = re.sub("(?:各|共|计|约|达|共计|合计)$", "", normal[max(0, match.start() - 8) : match.start()])
    after = normal[match.end() : match.end() + 6].removeprefix("的")
    beside = any(before[at:] in things().values for at in range(len(before) - 1))
    beside = (
        beside
        or before.endswith(("机", "舰", "船", "马", "炮", "枪"))
        or (bool(after) and things().at(after, 0) is not None)
    )
    return beside and (_amount(match) >= 2 or _near(normal, match, "loss"))


def _posts(normal: str, match: re.Match[str]) -> bool:
    return bool(match["of"] or _amount(match) >= 2) and _near(normal, match, "loss")


_THESE = frozenset("等这该各后")
_TWO = re.compile("[(,]|的?(?:兵力|官兵|之众)")


def _formations(normal: str, match: re.Match[str]) -> bool:
    """Tell whether a count of formations is a strength or a loss, and no formation of its own."""
    start, end = match.start(), match.end()
    before, beside = normal[max(0, start - 2) : start], normal[max(0, start - 1) : start]
    counted = match["of"] or match["kind"]
    if not counted and not ((match["figure"] in {"两", "四"} or match["before"]) and _TWO.match(normal, end)):
        return False
    if (match["figure"] in {"1", "一"} and before.endswith("以")) or (beside in _THESE and not match["before"]):
        return False
    if normal.startswith(("的残部", "残部", "方向", "同时"), end):
        return False
    return (
        beside in {"军", "区", "敌"}
        or any(_near(normal, match, kind) for kind in ("loss", "strength"))
        or _bracketed(normal, start)
    )


def _bracketed(normal: str, start: int) -> bool:
    opened = normal.rfind("(", max(0, start - LEFT), start)
    return opened >= 0 and ")" not in normal[opened:start]


def _bodies(normal: str, match: re.Match[str]) -> bool:
    return True


_WANTED = {
    "person": _persons,
    "thing": _things,
    "post": _posts,
    "unit": _formations,
    "body": _bodies,
}


# --------------------------------------------------------------------------- canonical names


_TENTHS = re.compile(r"(\D*?)十分之([一二三四五六七八九])(.*)")
_HUNDREDTHS = re.compile(r"(\D*?)百分之([〇一二三四五六七八九十百]+)(.*)")
_FIGURES = re.compile(
    r"(?:\d[\d.]*|[〇零一二两三四五六七八九十]|[百千](?=[一二三四五六七八九]))[\d.〇零一二两三四五六七八九十百千万亿]*"
    r"(?:[余多][万亿])?|[百千万](?=余|多|人)"
)


def canonical(words: str) -> str:
    """Give a count with its figure in Arabic: 1.1万余人 is 11000余人.

    >>> canonical("约10万人"), canonical("两师团"), canonical("百分之十八"), canonical("千二百余人")
    ('约100000人', '2个师团', '18%', '1200余人')
    """
    words = words.replace("精锐", "")
    if tenths := _TENTHS.fullmatch(words):
        return f"{tenths[1]}{numerals.value(tenths[2])}0%{tenths[3]}"
    if share := _HUNDREDTHS.fullmatch(words):
        return f"{share[1]}{numerals.value(share[2])}%{share[3]}"
    match = None if "分之" in words else _FIGURES.search(words)
    if not match:
        return words
    figure = re.sub("[余多]", "", match[0])
    amount = numerals.amount(f"一{figure}" if figure in {"百", "千", "万"} else figure)
    if amount is None:
        return words
    rest = words[match.end() :]
    more = "余" if re.search("[余多][万亿]", match[0]) else ""
    piece = "个" if lexicon.column("measures", "word", "kind").get(rest) == "unit" else ""
    return f"{words[: match.start()]}{amount:f}{more}{piece}{rest}"
