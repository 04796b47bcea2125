"""Names by table and pattern: forces, organisations, battles, awards, and command names without a number."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from graph.model import Span
from graph.reader import lexicon
from graph.reader.document import Document
from graph.reader.finds import Find

_WILL = re.compile("意志|必胜|之意志|到底|决心|信心|精神|力量|之力|阵营|阵线|根据地|救国|士气|烈士|名将")
_URGE = re.compile("(?:继续|坚持|进行|参加|参与|一致|共同|领导|主张|团结)$")


def battles(normal: str, document: Document) -> Iterator[Find]:
    """Give the wars and battles named in a text: those of the table, and a place with a word like 会战."""
    for start, word in _battle_names(document).find(normal):
        end = start + len(word)
        if normal[start - 1 : start] == "第" or normal[end : end + 1] == "区":
            continue
        if word == "抗战" and (_WILL.match(normal, end) or _URGE.search(normal[max(0, start - 2) : start])):
            continue
        yield Find("Battle", Span(start, end), _battle_names(document).values[word], "battle.table")


@cache
def _known(battles: tuple[tuple[str, str], ...]) -> lexicon.Scanner[str]:
    return lexicon.Scanner.of(dict(lexicon.column("wars", "surface", "canonical")) | dict(battles))


def _battle_names(document: Document) -> lexicon.Scanner[str]:
    pairs = [(alias, battle.name) for battle in document.battles for alias in (battle.name, *battle.aliases)]
    pairs += [
        (name.replace("会战", "大会战"), battle) for name, battle in pairs if name.endswith("会战") and len(name) > 3
    ]
    return _known(tuple(sorted(pairs)))


@cache
def _battle_pattern() -> re.Pattern[str]:
    suffix = lexicon.pattern("battle_suffixes")
    return re.compile(
        rf"(?P<time>第[一二三四五]次)?(?P<place>[^\W\d_]{{2,4}}?)(?P<suffix>{suffix})(?!略|术|线|场|法|方针|计划|命令)"
    )


def placed_battles(normal: str, is_place: Callable[[str], bool], document: Document) -> Iterator[Find]:
    """Give the battles named by a place: 第二次台儿庄战役, 松山之战, 长沙大捷; `is_place` knows the places."""
    known = _battle_names(document).values
    endings = lexicon.column("battle_suffixes", "word", "canonical")
    start = 0
    pattern = re.compile(lexicon.pattern("battle_suffixes"))
    for match in pattern.finditer(normal):
        for length in (4, 3, 2):
            begin = match.start() - length
            place = normal[max(0, begin) : match.start()]
            if begin < start or not place.isalpha() or not is_place(place):
                continue
            time = re.search(r"第[一二三四五]次$", normal[max(0, begin - 3) : begin])
            if match[0] in {"作战", "抗战", "攻势", "血战", "大战"} and not time:
                break
            if normal[begin - 1 : begin] == "次" and not time:
                break
            if match[0] == "战斗" and normal[begin - 1 : begin] not in {"在", "于", "自", "、", ",", "“", "「"}:
                break
            begin -= len(time[0]) if time else 0
            name = (time[0] if time else "") + place + endings[match[0]]
            yield Find("Battle", Span(begin, match.end()), known.get(name, name), "battle.place")
            start = match.end()
            break


def organisations(normal: str) -> Iterator[Find]:
    """Give the bodies of the table of organisations; one of a nation loses the nation: 日本大本营."""
    scanner = lexicon.scanner("organisations", "surface", "canonical")
    for start, word in scanner.find(normal):
        side, _, name = scanner.values[word].partition("/")
        yield Find("Organization", Span(start, start + len(word)), name, "organisation.table", side)
    for match in _cabinets().finditer(normal):
        yield Find("Organization", Span(match.start(), match.end()), match[0], "organisation.cabinet", "JP")


_CALLED = re.compile(
    r"(?:称|称为|称作|誉为|命名为|绰号|绰号为|外号|美名|号称|代号|诨号|之称的|有)[“「『](?P<name>[^“”「」『』,。]{2,6})[”」』]"
)
_BAND = re.compile("(?:军|师|旅|团|部队|支队|纵队|虎贲|铁军)$")


def nicknames(normal: str) -> Iterator[Find]:
    """Give the names of honour of formations, 「泰山军」, wherever they stand once the text has said what they are."""
    called = {match["name"] for match in _CALLED.finditer(normal) if _BAND.search(match["name"])}
    if called:
        for start, word in lexicon.Scanner.of(dict.fromkeys(called, "")).find(normal):
            yield Find("Unit", Span(start, start + len(word)), word, "unit.nickname", "CN")


@cache
def _cabinets() -> re.Pattern[str]:
    surname = lexicon.alternatives(word for word in lexicon.words("surnames_jp") if len(word) > 1)
    return re.compile(rf"(?:{surname})[^\W\d_]{{0,2}}内阁")


def commands(normal: str) -> Iterator[Find]:
    """Give the formations known by a name alone: 中国派遣军, 驻印军, 关东军."""
    scanner = lexicon.scanner("named_units", "surface", "canonical")
    for start, word in scanner.find(normal):
        if normal[start + len(word)] in "官士人" if start + len(word) < len(normal) else False:
            continue
        side, _, name = scanner.values[word].partition("/")
        yield Find("Unit", Span(start, start + len(word)), name, "unit.table", side)


def awards(normal: str) -> Iterator[Find]:
    """Give the awards of the table, and any 勋章 or 奖章 with the words that name it."""
    scanner = lexicon.scanner("awards", "word", "canonical")
    taken = 0
    for start, word in scanner.find(normal):
        taken = start + len(word)
        yield Find("Award", Span(start, taken), scanner.values[word], "award.table")
    for match in re.finditer(r"[“「]?((?:[一二三四五六七八九]等)?[^\W\d_]{2,6}?(?:勋章|奖章|荣誉旗))", normal):
        word = re.sub(r"^.*?(?:颁给|颁发|颁授|授予|获颁|荣获|获得|获|授|领|赠|奖给|给予|枚|面|得)", "", match[1])
        if len(word) > 2 and word not in scanner.values:
            yield Find("Award", Span(match.end() - len(word), match.end()), word, "award.ending")


@cache
def _force_scanner() -> lexicon.Scanner[str]:
    barred: Mapping[str, str] = dict.fromkeys(lexicon.words("not_forces"), "")
    return lexicon.Scanner.of(dict(lexicon.column("forces", "word", "canonical")) | dict(barred))


_BOTH = re.compile(
    r"(?P<sides>[中日美英法苏德意](?:[、与和]?[中日美英法苏德意]){1,3})(?:双方|两军|两国|三国|四国|军队|军民|共管|宣战|交战|开战|作战|联合)"
)
_ONE = re.compile(
    r"(?<=[对与和同援抗])(?P<side>[中日美英法苏德意])(?=[、,作宣开外交]|军)|(?<=、)(?P<next>[美英法苏德意])(?=作战|宣战|开战|军)"
)
_ABROAD = re.compile(r"(?:在|于|到|赴|往|返|回|从|侵略|侵入|占领|整个|全|统治|支配|入侵|来|进入|驻|出|离开|远在)$")
_LAND = re.compile(
    r"本土|境内|大陆|内地|战场|东北|西北|西南|东南|华北|华中|沿海|南部|北部|中部|东部|西部|领空|领海|一地|方面[^「“]{0,2}军队"
)


def forces(normal: str) -> Iterator[Find]:
    """Give the sides spoken of as a whole: 日军, 敌, 守军, 中日双方; the name of 敌 and 我 waits for the speaker."""
    scanner = _force_scanner()
    for start, word in scanner.find(normal):
        canonical = scanner.values[word]
        if word == "敌后" and normal[start - 1 : start] in {"残", "歼", "之", "击"}:
            word, canonical = "敌", "敌"
        if word == "国军" and normal[start - 1 : start] == "全":
            continue
        if canonical in {"援", "守"} and normal[start - 1 : start] == "敌":
            continue
        if (
            word.endswith("军")
            and normal[start + len(word) : start + len(word) + 1] in set("事官政")
            and not normal.startswith("官兵", start + len(word))
        ):
            continue
        if not canonical or normal.startswith(("司令", "官兵站"), start + len(word)):
            continue
        side, slash, name = canonical.partition("/")
        span = Span(start, start + len(word))
        yield Find("Force", span, name, "force.table", side if slash else f"?{side}")
    yield from _nations(normal)


def _nations(normal: str) -> Iterator[Find]:
    sides = lexicon.column("nations", "word", "side")
    for match in _BOTH.finditer(normal):
        for offset, letter in enumerate(match["sides"]):
            if letter in sides:
                start = match.start("sides") + offset
                yield Find("Force", Span(start, start + 1), "", "force.nations", sides[letter])
    for match in _ONE.finditer(normal):
        group = "side" if match["side"] else "next"
        yield Find("Force", Span(match.start(group), match.end(group)), "", "force.nation", sides[match[group]])
    full = lexicon.Scanner.of({word: side for word, side in sides.items() if len(word) > 1})
    for start, word in full.find(normal):
        end = start + len(word)
        if _ABROAD.search(normal[max(0, start - 2) : start]) or _LAND.match(normal, end):
            name = {row["word"]: row["name"] for row in lexicon.rows("nations")}[word]
            yield Find("Place", Span(start, end), name, "place.nation")
        elif not normal.startswith(("人民解放", "共产党", "国民党"), end):
            yield Find("Force", Span(start, end), "", "force.nation", full.values[word])
