"""Expressions that fix a calendar time: 10月1日黄昏, 民国三十年, 当晚, 次日拂晓, 9月上旬, 6日至13日."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from graph import telegraph
from graph.model import Span
from graph.reader import lexicon
from graph.reader.numerals import value

_N = "(?:[0-9]{1,2}|[〇一二三四五六七八九十廿卅]{1,3})"
# Between the days or months of a list or stretch that share one 日 or 月: 15、16日, 7至8月.
_SHARED = "[、至到—–~∼-]"
_COUNT = "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"


@dataclass(frozen=True, slots=True)
class Moment:
    """What the words of a date say: calendar fields (None where unsaid), and how they lean on the context.

    `season` is an EDTF season, or two with a slash; `bound` narrows a month or year (start, end, first ten days …);
    `shift` moves the context's day, month or year: ("day", 1) is the next day, ("today", -1) the speaker's yesterday,
    which a printed day tells too: 昨9日, ("count", 2) the third day. `until` is the second end of a range.
    """

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: str = ""
    bound: str = ""
    shift: tuple[str, int] | None = None
    about: bool = False
    until: "Moment | None" = None


# --------------------------------------------------------------------------- the words


@cache
def _table(kind: str) -> Mapping[str, str]:
    """Give the words of the calendar table of a kind, with their values."""
    return {row["word"]: row["value"] for row in lexicon.rows("calendar") if row["kind"] == kind}


@cache
def _words(kind: str) -> str:
    return f"(?:{lexicon.alternatives(_table(kind))})"


def _clock(number: str) -> str:
    return rf"(?:{number}[时点](?:{_COUNT}分|[一三]刻|半)?(?:许|左右|前后)?)"


def _day() -> str:
    """Give the pattern of a day of the month; 9日军 is no day, nor is 一号高地."""
    side = "本(?!军|部|师|团)|军(?!长|委|令)|方(?!面)|报(?!告|称)"
    after_day = f"{side}|寇|伪|机|舰|语|文|记|人|内阁|俄|德|[、,](?:美|英|苏)"
    after_number = "阵地|高地|作战|桥|楼|码头|电|命"
    return rf"(?:{_several('5')} ?(?:日(?!{after_day})|号(?!{after_number})))"


def _several(most: str) -> str:
    """Give the pattern of a number, or of some that share what follows: 15、16两日."""
    return rf"(?:(?:{_N}{_SHARED}){{1,{most}}}{_N}[两三]?|{_N})"


def _tail() -> str:
    return rf"(?:(?!夜[袭渡])[日当是]?{_words('part')}|{_clock(_N)}|前后|左右|许){{0,4}}"


def _printed() -> Iterator[str]:
    """Give the patterns of dates that print a year, month or day."""
    number = r"(?:\d{2,4} ?|[〇一二三四五六七八九十廿卅零]{2,4})"
    year = rf"(?:(?:公元|民国|昭和)?{number}年的?|(?:[当同是本这该今此次翌明去前]|第二)年)"
    bound = r"(?:[上中]、?[中下]旬|[上中下初末]旬|月[初底末]|[初底末杪间份]|中(?=[,旬]))"
    month = rf"(?:(?:{_several('2')} ?|[当同是本该次翌下上])月{bound}?|元月)"
    season = "(?:[春夏秋冬]{1,2}(?:季|天|间|之际|初|末|之交){0,2})"
    within = "(?:年?[初底末终]|元旦|除夕|上半年|下半年)"
    yield rf"{year} ?(?:{month}(?: ?{_day()})?|{_day()}|{season}|{within}|{bound})?{_tail()}"
    yield rf"(?:{month}|元旦)(?: ?{_day()})?{_tail()}"
    yield rf"[昨今明]?{_day()}{_tail()}"
    yield "[今明去次翌同当是][春夏秋冬](?:季|天|初|末)?"
    yield r"(?<![\d一二三四五六七八九十个月])(?:[上中]、?[中下]旬|[上中下]旬|月[初底末](?!弦))"


def _leaning() -> Iterator[str]:
    """Give the patterns of dates that lean on the day before them: 次日拂晓, 当晚, 4天之后, 第三天."""
    yield rf"(?<!日){_words('day')}(?:日|天)(?!本|军|寇|方|下|空){_tail()}"
    yield rf"[次翌当同本是昨][(（]{_N}日?[)）]日{_tail()}"
    yield rf"[当是同次翌今昨明即]{_words('part')}(?!期|点){_tail()}"
    yield rf"{_COUNT}(?:天|日|周|星期)(?:之)?后(?!的)"
    yield rf"(?:越{_COUNT}[日天]|(?<![经超通])过{_COUNT}天(?=[,后]))"
    yield rf"第{_COUNT}[天日](?!军){_tail()}"


def _telegraphed() -> Iterator[str]:
    """Give the pattern of a telegram's day: a character, then a part of the day or an hour, 寒日拂晓, 马午, 删戌."""
    code = f"[{''.join(telegraph.days())}]"
    word = "有日|冬日|佳日|[寒冬][夜晨]|(?:文|感|佳)电|有[子未](?![时刻叩印电,。])"
    bounded = rf"(?:(?<=[,。;:、()（）「“\s于至自迄到昨今经军师旅团队部敌我])|^)(?!{word})"
    part = rf"日(?!本|军|寇|方|机|夜){_tail()}|[晨晚夜](?!会|报|间|上|[渡袭])"
    yield rf"{bounded}{code}(?:{part}|[子丑寅卯辰巳午未申酉戌亥][时刻]?|(?=电[,。令悉]))"


# What only telegrams have; 密 is their cipher, unless it ends a word.
_TELEGRAM = re.compile("[叩印][。,]|钧鉴|勋鉴|(?<![秘机严周亲绝稠精紧缜茂浓隐保])密[。)]|限即刻到")


@cache
def _expression(*, telegraphed: bool) -> re.Pattern[str]:
    one = "|".join((*(_telegraphed() if telegraphed else ()), *_printed(), *_leaning()))
    return re.compile(rf"(?P<first>{one})(?:[至到—–\-~∼](?P<second>{one}))?")


@cache
def _bare() -> re.Pattern[str]:
    """Give the pattern of a part of day or clock time alone, at the head of a clause or after 至, 于, 约."""
    clock = _clock("(?:[0-9]{1,2}|(?!一[时点])[一二三四五六七八九十]{1,3})").replace(
        "[时点]", "(?:时|点)(?!期|候|间|代)"
    )
    return re.compile(
        rf"(?:(?<=[,。;:“”「(\n至于到迄约自及是在])|^)约?(?:{_words('alone')}{clock}?|{clock})(?=[,。;:至到起时前后即]|[^\W\d])"
    )


# --------------------------------------------------------------------------- finding


def find(normal: str) -> Iterator[Moment]:
    """Give the dates of a text in order."""
    end = 0
    telegraphed = bool(_TELEGRAM.search(normal))
    for match in _expression(telegraphed=telegraphed).finditer(normal):
        yield from _alone(normal, end, match.start())
        first = None if _is_duration(normal, match) else _moment(match["first"], match.start("first"))
        if first is None:
            continue
        second = _moment(match["second"], match.start("second")) if match["second"] else None
        yield replace(first, span=Span(match.start(), match.end()), until=second or first.until)
        end = match.end()
    yield from _alone(normal, end, len(normal))


def _alone(normal: str, start: int, end: int) -> Iterator[Moment]:
    for match in _bare().finditer(normal, start, end):
        yield Moment(Span(match.start(), match.end()), shift=("day", 0))


_ONLY_DAY = re.compile(rf"{_N}[日天](?P<tail>.*)")
_ONLY_MONTH = re.compile(rf"{_N}月")
_MONTHS_LONG = re.compile("[余多亡]|之久|有余|以来|以上|之内")
_FIGHTING = re.compile("(?:激战|血战|苦战|恶战|鏖战|历时|经)$")


@cache
def _lengths() -> tuple[re.Pattern[str], re.Pattern[str]]:
    spent = re.compile(rf"{_words('spent')}$")
    return spent, re.compile(rf"{_words('length')}|内(?!阁)|夜(?=[,。,的激血苦之])")


def _is_duration(normal: str, match: re.Match[str]) -> bool:
    """Tell whether days or months are a length of time, 激战6日夜, 一日之内, or a number: 一号."""
    words = match[0]
    if match["second"]:
        return False
    if re.fullmatch("[一二三四五六七八九]号", words):
        return True
    before, after = normal[max(0, match.start() - 3) : match.start()], normal[match.end() : match.end() + 3]
    if _ONLY_MONTH.fullmatch(words):
        return bool(_MONTHS_LONG.match(after)) or before.endswith(("历", "数", "个"))
    only = _ONLY_DAY.fullmatch(words)
    if not only:
        return False
    if only["tail"] in {"夜", ""} and _FIGHTING.search(before):
        return True
    if re.match("[一两][日天]", words) and not before.endswith("月"):
        return True
    spent, length = _lengths()
    return bool(length.match(after)) and (bool(spent.search(before)) or not after.startswith(("以来", "夜", "之间")))


# --------------------------------------------------------------------------- what the words say


_YEAR = re.compile(r"(公元|民国|昭和)?(\d{2,4}(?= ?年)|[〇零一二三四五六七八九十廿卅]{2,4}) ?年的?")
_SEVERAL = rf"({_N})(?:(?:{_SHARED}{_N})*{_SHARED}({_N})[两三]?)?"
_MONTH = re.compile(rf" ?(?:元|{_SEVERAL}) ?月")
_NEIGHBOURS = re.compile("([一二三四五六七八])([二三四五六七八九])月")
_DAY = re.compile(rf" ?[昨今明]?{_SEVERAL} ?[日号]")
_BRACKETED = re.compile(rf"[次翌当同本是昨][(（]({_N})日?[)）]日")
_PERIOD = re.compile(
    "(第二|[当同是本这该今此次翌明去前])(年)|([当同是本该次翌下上])(月)|([今明去次翌同当是])(?=[春夏秋冬])"
)


def _moment(words: str, start: int) -> Moment | None:
    """Give what the words of one end say; None where they say no possible date."""
    moment = Moment(Span(start, start + len(words)), about=bool(re.search("前后|左右", words)))
    rest = words
    if year := _YEAR.match(rest):
        moment = replace(moment, year=_year(year[1] or "", year[2]))
        if moment.year is None:
            return None
        rest = rest[year.end() :]
    elif period := _PERIOD.match(rest):
        moment = replace(moment, shift=_shifted(period))
        rest = rest[period.end() :]
    moment, rest = _month_and_day(moment, rest)
    if not all(_possible(end) for end in (moment, moment.until) if end):
        return None
    bound = "" if moment.day is not None else _bound(rest)
    until = moment.until and replace(moment.until, bound=bound)
    alone = ("month", 0) if bound and moment.month is moment.year is None else None
    shift = _today(words) or _days(words) or moment.shift or alone
    moment = replace(moment, season=_season(words), bound=bound, until=until, shift=shift)
    return moment if moment.year or moment.month or moment.day or moment.season or moment.shift else None


def _possible(moment: Moment) -> bool:
    return moment.month in {None, *range(1, 13)} and moment.day in {None, *range(1, 32)}


def _month_and_day(moment: Moment, rest: str) -> tuple[Moment, str]:
    """Take month and day off the words; the last of several that share one 月 or 日 is the second end."""
    if near := _neighbours(rest):
        moment = replace(moment, month=near[0], until=replace(moment, month=near[1]))
        rest = rest[3:]
    elif month := _MONTH.match(rest):
        moment = replace(moment, month=value(month[1]) if month[1] else 1)
        if month[2]:
            moment = replace(moment, until=replace(moment, month=value(month[2])))
        rest = rest[month.end() :]
    if rest.startswith("元旦"):
        return replace(moment, month=1, day=1), rest[2:]
    if moment.month is None and rest[:1] in telegraph.days():
        return replace(moment, day=telegraph.days()[rest[0]]), rest[1:]
    if bracketed := _BRACKETED.match(rest):
        return replace(moment, day=value(bracketed[1])), rest[bracketed.end() :]
    if day := _DAY.match(rest):
        moment = replace(moment, day=value(day[1]))
        if day[2]:
            moment = replace(moment, until=replace(moment, day=value(day[2])))
        rest = rest[day.end() :]
    return moment, rest


def _neighbours(rest: str) -> tuple[int, int] | None:
    """Give the two months of 七八月."""
    match = _NEIGHBOURS.match(rest)
    first, second = (value(match[1]) or 0, value(match[2]) or 0) if match else (0, 0)
    return (first, second) if match and second == first + 1 else None


def _year(era: str, words: str) -> int | None:
    """Give the year: 民国三十年 is 1941, 昭和16年 too, 二十七年 alone is of the Republic, 41年 of the century."""
    number = value(words)
    if number is None:
        return None
    if era == "昭和":
        return 1925 + number
    if era == "民国" or (number < 60 and re.search("[十廿卅]", words)):
        return 1911 + number
    if number < 100:
        return 1900 + number if number >= 20 else None
    return number if 1800 <= number < 2100 else None


def _shifted(period: re.Match[str]) -> tuple[str, int]:
    word = period[1] or period[3] or period[5]
    return ("month" if period[4] else "year"), int(_table("period")[word])


def _today(words: str) -> tuple[str, int] | None:
    """Give the shift from the day of whoever speaks: 今晨, 昨晚, 昨9日, 明日."""
    spoken = re.match(rf"([今昨明])(?:[日天(（]|{_words('part')}|{_N}[日号])", words)
    return ("today", int(_table("day")[spoken[1]])) if spoken else None


def _days(words: str) -> tuple[str, int] | None:
    """Give the shift of days that words like 次日, 当晚, 4天之后, 第三天 state."""
    if match := re.match(rf"第({_COUNT})[天日]", words):
        return "count", (value(match[1]) or 1) - 1
    if match := re.match(rf"({_words('day')})(?:[日天]|{_words('part')})", words):
        return "day", int(_table("day")[match[1]])
    if match := re.match(rf"[越过]?({_COUNT})([天日周星])", words):
        relative = words[0] in "越过" or words.endswith("后")
        return ("day", (value(match[1]) or 0) * (1 if match[2] in "天日" else 7)) if relative else None
    return None


def _season(words: str) -> str:
    found = dict.fromkeys(_table("season")[c] for c in words if c in _table("season"))
    return "" if "月" in words else "/".join(found)


def _bound(rest: str) -> str:
    match = re.match(_words("bound"), rest)
    return _table("bound")[match[0]] if match else ""
