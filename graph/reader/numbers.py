"""Counts with their measure word, where a loss, a strength or booty uses them; and the things counted."""

import re
from collections.abc import Iterator
from functools import cache

from graph.model import Span
from graph.reader import lexicon, numerals
from graph.reader.finds import Find

_FIGURE = r"(?:[百千万](?=余|人以上|人左右)|\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+|[数几])"
_NUMERAL = rf"(?:{_FIGURE}[余多]?(?:[百千万亿][余多]?{_FIGURE}?)*[余多]?)"
_BEFORE = (
    r"(?:大?约(?:有|为)?|近|将近|几近|至少|最少|至多|超过|逾|达到?|不下于?|不少于|过|计|总计|共计|合计|共约|共|相当于)"
)
_KEPT_BEFORE = re.compile(r"^(?:计|总计|共计|合计|共(?=约)|共|达到?|有|为)+")
_LATER = r"(?:以上|左右|上下|以下|之多|之众|之谱)"


@cache
def _loss() -> re.Pattern[str]:
    return _context("loss")


@cache
def _strength() -> re.Pattern[str]:
    return _context("strength")


def _context(kind: str) -> re.Pattern[str]:
    return re.compile(lexicon.alternatives(row["word"] for row in lexicon.rows("count_words") if row["kind"] == kind))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    kinds = lexicon.pattern("troop_kinds")
    measures = lexicon.pattern("measures")
    count = re.compile(
        rf"(?P<before>{_BEFORE}*)(?P<figure>{_NUMERAL})(?P<of>个半?|名|员|个)?(?P<kind>(?:{kinds}){{0,2}})(?P<measure>{measures})"
        rf"(?![事官长衔](?!兵))(?P<after>{_LATER}?)"
    )
    share = re.compile(
        rf"(?P<before>(?:{_BEFORE})*)(?:\d+(?:\.\d+)?%|百分之{_FIGURE}|[一二三四五六七八九十]分之[一二三四五六七八九十](?:强|弱|以上)?|[七八九六五]成(?:以上)?|过半|大半|半数)(?P<after>{_LATER}?)"
    )
    return count, share


def find(normal: str) -> Iterator[Find]:
    """Give the counts of a text in order."""
    count, share = _patterns()
    measures = lexicon.column("measures", "word", "kind")
    for match in share.finditer(normal):
        start = match.start() + _cut(match["before"])
        if _near(normal, match.start(), match.end(), _loss()) or _near(normal, match.start(), match.end(), _strength()):
            yield _number(normal, start, match.end(), "number.share")
    for match in _bare().finditer(normal):
        yield _number(normal, match.start() + _cut(match["before"]), match.end(), "number.bare")
    for match in count.finditer(normal):
        kind = measures[match["measure"]]
        start = match.start() + _cut(match["before"])
        if _wanted(normal, match, kind):
            yield _number(normal, start, match.end(), f"number.{kind}")


@cache
def _bare() -> re.Pattern[str]:
    """Give the pattern of myriads without a measure word: 30万国军, 新兵十万, 损失兵力60余万."""
    figure = rf"(?P<figure>(?:{_FIGURE}[余多]?[千万](?:[余多]|{_FIGURE})?|[百千万]余))"
    force = r"日军|国军|敌军|大军|国民党|守军|军队|兵力|之众|人马|精锐|中国军|盟军|联军|重兵|雄兵|部队"
    return re.compile(
        rf"(?P<before>(?:{_BEFORE})*)(?:{figure}(?=的?(?:{force})|与{_NUMERAL})"
        rf"|(?:(?<=兵力)|(?<=新兵)|(?<=损失)|(?<=伤亡)|(?<=死伤)|(?<=部队)|(?<=兵员)|(?<=毙敌)|(?<=歼敌)|(?<=伤敌)|(?<=毙伤)"
        rf"|(?<=击毙)|(?<=俘虏)|(?<=阵亡)|(?<=俘敌)|(?<=敌伤亡)){figure.replace('<figure>', '<lone>')}(?=[,。、;)与]))"
    )


def _cut(before: str) -> int:
    match = _KEPT_BEFORE.match(before)
    return match.end() if match else 0


def _wanted(normal: str, match: re.Match[str], kind: str) -> bool:
    start, end = match.start(), match.end()
    if normal[start - 1 : start] in {"第", "某"} and start:
        return False
    figure = match["figure"]
    amount = numerals.amount(re.sub("[余多]", "", figure)) if not figure.startswith(("数", "几")) else 10
    if amount is None:
        return False
    loss = _near(normal, start, end, _loss())
    if kind == "person":
        large = amount >= 10 or figure[0] in "数百千万"
        if amount >= 100 or figure[-1] in "千万":
            return True
        counted = match["measure"] not in {"官兵", "将士", "兵"} or bool(match["of"]) or large
        return counted and ((loss and amount > 1) or (large and _near(normal, start, end, _strength())))
    if kind == "body":
        return True
    if kind == "thing":
        return _beside_thing(normal, start, end) and (loss or amount >= 2)
    if kind == "post":
        return bool(match["of"] or amount >= 2) and loss and not normal.startswith(("会议",), end)
    return _unit_count(normal, match, loss)


def _unit_count(normal: str, match: re.Match[str], loss: bool) -> bool:
    """Tell whether a count of formations is a strength or a loss, and no formation of its own."""
    if not match["of"] and not match["kind"]:
        two = match["figure"] in {"两", "四"} or bool(match["before"])
        if not two or not re.match(r"[(,]|的?(?:兵力|官兵|之众)", normal[match.end() : match.end() + 3]):
            return False
    start = match.start()
    before = normal[max(0, start - 2) : start]
    if match["figure"] in {"1", "一"} and before.endswith("以"):
        return False
    if normal.startswith(("的残部", "残部", "方向", "同时"), match.end()) or before.endswith(
        ("等", "这", "该", "各", "后")
    ):
        return False
    if normal[start - 1 : start] in {"军", "区"} and start:
        return True
    return loss or _near(normal, match.start(), match.end(), _strength()) or _in_bracket(normal, match.start())


def _in_bracket(normal: str, start: int) -> bool:
    opened = normal.rfind("(", max(0, start - 60), start)
    return opened >= 0 and ")" not in normal[opened:start]


def _near(normal: str, start: int, end: int, pattern: re.Pattern[str]) -> bool:
    """Tell whether a word of the pattern stands in the clause, within some characters of the count."""
    left = normal[max(0, start - 60) : start]
    left = re.split("[。\n]", left)[-1]
    right = re.split("[。;,\n]", normal[end : end + 10])[0]
    return bool(pattern.search(left) or pattern.search(right))


@cache
def _things() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon.pattern('materiel')}|敌机|日机|机|舰|船|马)")


def _beside_thing(normal: str, start: int, end: int) -> bool:
    behind = re.search(rf"(?:{_things().pattern})(?:各|共|计|约|达|共计|合计)?$", normal[max(0, start - 8) : start])
    return bool(behind or re.match(rf"(?:的?{_things().pattern})", normal[end : end + 7]))


def _number(normal: str, start: int, end: int, rule: str) -> Find:
    return Find("Number", Span(start, end), canonical(normal[start:end]), rule)


def canonical(words: str) -> str:
    """Give a count with its figure in Arabic: 1.1万余人 is 11000余人.

    >>> canonical("约10万人"), canonical("三个师团"), canonical("百分之十八"), canonical("一千三百余人")
    ('约100000人', '3个师团', '18%', '1300余人')
    """
    words = words.replace("精锐", "")
    tenths = re.fullmatch(r"(\D*?)十分之([一二三四五六七八九])(.*)", words)
    if tenths:
        return f"{tenths[1]}{numerals.value(tenths[2])}0%{tenths[3]}"
    if "分之" in words and "百分之" not in words:
        return words
    share = re.fullmatch(r"(\D*?)百分之([〇一二三四五六七八九十百]+)(.*)", words)
    if share:
        return f"{share[1]}{numerals.value(share[2])}%{share[3]}"
    match = re.search(
        r"(?:\d[\d.]*|[〇零一二两三四五六七八九十])[\d.〇零一二两三四五六七八九十百千万亿]*(?:[余多](?=[万亿])[万亿])?|[百千万](?=余|多)",
        words,
    )
    if not match:
        return words
    figure = match[0]
    more = "余" if re.search("[余多][万亿]", figure) else ""
    plain = re.sub("[余多]", "", figure)
    amount = numerals.amount(plain if plain not in {"百", "千", "万"} else f"一{plain}")
    if amount is None:
        return words
    rest = words[match.end() :]
    piece = "个" if rest in _units() else ""
    return f"{words[: match.start()]}{amount:f}{more}{piece}{rest}"


@cache
def _units() -> frozenset[str]:
    return frozenset(word for word, kind in lexicon.column("measures", "word", "kind").items() if kind == "unit")


_VERBS = "烧毁|炸毁|炸断|破坏|切断|截断|摧毁|击毁|击落|击沉|缴获|焚毁|焚烧|捣毁|夺获|掳获|卤获|虏获|架设|抢修|占用|毁坏|烧掉|拆毁"


@cache
def _destroyed() -> re.Pattern[str]:
    return re.compile(rf"(?:{_VERBS})[^。,;\n]{{0,36}}")


@cache
def _materiel() -> lexicon.Scanner[str]:
    return lexicon.Scanner.of({word: word for word in lexicon.words("materiel")})


def materiel(normal: str, counts: Iterator[Find] | list[Find]) -> Iterator[Find]:
    """Give the things beside a count, and those destroyed, cut or taken."""
    counts = [find for find in counts if find.rule != "number.unit"]
    edges = {find.span.start for find in counts} | {find.span.end for find in counts}
    scanner = _materiel()
    zones = [(match.start(), match.end()) for match in _destroyed().finditer(normal)]
    for start, word in scanner.find(normal):
        end = start + len(word)
        beside = bool(edges & {start, end, start - 1, end + 1})
        hit = any(low <= start < high for low, high in zones) or (
            bool(re.match(rf"[^。,;\n]{{0,8}}(?:{_VERBS})", normal[end : end + 12]))
            and re.search(r"(?:被|遭|均|全)", normal[end : end + 8])
        )
        if beside or hit:
            yield Find("Materiel", Span(start, end), word, "materiel.table")
