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


# The level of the gazetteer from which a name alone is a place.
SURE = 2
_TIME = re.compile("第[一二三四五]次$")
# What is a battle's name only with 第二次 before it, and what only after words like 在.
_ONLY_NUMBERED = frozenset(["作战", "抗战", "攻势", "血战", "大战"])
_AFTER = frozenset("在于自、,“「")


def placed_battles(normal: str, is_place: Callable[[str], bool], document: Document) -> Iterator[Find]:
    """Give the battles named by a place: 第二次台儿庄战役, 松山之战, 长沙大捷; `is_place` knows the places."""
    known = _battle_names(document).values
    endings = lexicon.column("battle_suffixes", "word", "canonical")
    for match in _endings().finditer(normal):
        begin = next(
            (at for at in range(match.start() - 4, match.start() - 1) if _placed(normal, at, match, is_place)), -1
        )
        if begin < 0:
            continue
        time = _TIME.search(normal[max(0, begin - 3) : begin])
        if _is_battle(normal, begin, match[0], numbered=bool(time)):
            first = begin - (3 if time else 0)
            name = normal[first : match.start()] + endings[match[0]]
            yield Find("Battle", Span(first, match.end()), known.get(name, name), "battle.place")


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(lexicon.pattern("battle_suffixes"))


def _placed(normal: str, at: int, match: re.Match[str], is_place: Callable[[str], bool]) -> bool:
    place = normal[max(0, at) : match.start()]
    return at >= 0 and place.isalpha() and place not in lexicon.words("not_battles") and is_place(place)


def _is_battle(normal: str, begin: int, ending: str, *, numbered: bool) -> bool:
    if numbered:
        return True
    before = normal[max(0, begin - 1) : begin]
    if ending in _ONLY_NUMBERED or before == "次":
        return False
    return ending != "战斗" or before in _AFTER


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


_POWER = "[中日美英法苏德意]"
_TOGETHER = "双方|两军|两国|三国|四国|军队|军民|共管|宣战|交战|开战|作战|联合"
_SEVERAL = re.compile(rf"(?P<sides>{_POWER}(?:[、与和]?{_POWER}){{1,3}})(?:{_TOGETHER})")
_ONE = re.compile(rf"(?<=[对与和同援抗]){_POWER}(?=[、,作宣开外交]|军)|(?<=、){_POWER}(?=作战|宣战|开战|军)")
# Before and behind a nation's name: what makes it the land, not who acts.
_ABROAD = re.compile("(?:在|于|到|赴|往|返|回|从|侵略|侵入|占领|整个|全|统治|支配|入侵|来|进入|驻|出|离开|远在)$")
_LAND = re.compile("本土|境内|大陆|内地|战场|东北|西北|西南|东南|华北|华中|沿海|[东西南北中]部|领空|领海|一地")


def forces(normal: str) -> Iterator[Find]:
    """Give the sides spoken of as a whole: 日军, 敌, 守军; the name of 敌 and 我 waits for who speaks."""
    scanner = _force_scanner()
    for start, found in scanner.find(normal):
        word = "敌" if found == "敌后" and normal[start - 1 : start] in _REMNANT else found
        side, slash, name = scanner.values[word].partition("/")
        if side and _is_force(normal, start, word, side):
            yield Find("Force", Span(start, start + len(word)), name, "force.table", side if slash else f"?{side}")


_REMNANT = frozenset("残歼之击")
_NOT_ARMY = re.compile("事|官(?!兵)|政")


def _is_force(normal: str, start: int, word: str, side: str) -> bool:
    """Tell whether the word is no part of another: 全国军民, 日军事, 敌援军, 守军司令."""
    end, before = start + len(word), normal[max(0, start - 1) : start]
    if (word == "国军" and before == "全") or (side in {"援", "守"} and before == "敌"):
        return False
    return not (word.endswith("军") and _NOT_ARMY.match(normal, end)) and not normal.startswith("司令", end)


def nations(normal: str) -> Iterator[Find]:
    """Give the nations that act, 中日双方, 对英、法作战, 美国; where a nation is the land, its place."""
    sides = lexicon.column("nations", "word", "side")
    for match in _SEVERAL.finditer(normal):
        for start in range(match.start("sides"), match.end("sides")):
            if normal[start] in sides:
                yield Find("Force", Span(start, start + 1), "", "force.nations", sides[normal[start]])
    for match in _ONE.finditer(normal):
        yield Find("Force", Span(match.start(), match.end()), "", "force.nation", sides[match[0]])
    lands = lexicon.column("nations", "word", "name")
    full = lexicon.Scanner.of({word: side for word, side in sides.items() if len(word) > 1})
    for start, word in full.find(normal):
        span = Span(start, start + len(word))
        if _ABROAD.search(normal[max(0, start - 2) : start]) or _LAND.match(normal, span.end):
            yield Find("Place", span, lands[word], "place.nation")
        else:
            yield Find("Force", span, "", "force.nation", full.values[word])
