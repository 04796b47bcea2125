"""Expressions that fix a calendar time: 10月1日黄昏, 民国三十年, 当晚, 次日拂晓, 9月上旬, 6日至13日."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graph.model import Span
from graph.reader import lexicon
from graph.reader.numerals import value

_N = "(?:[0-9]{1,2}|[〇一二三四五六七八九十廿卅]{1,3})"


@dataclass(frozen=True, slots=True)
class Moment:
    """What the words of a date say: calendar fields (None where unsaid), and how they lean on the context.

    `era` is the year; `shift` moves the anchor: days ("day", 1), months, years; `about` and `bound` (start, middle,
    end, first ten days …) narrow or widen. `until` is the second end of a range.
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


_BOUNDS = {
    "上旬": "first", "初旬": "first", "中旬": "second", "下旬": "third", "末旬": "third",
    "初": "start", "底": "end", "末": "end", "杪": "end", "中": "month", "间": "month", "份": "month",
}  # fmt: skip
_SEASONS = {"春": "21", "夏": "22", "秋": "23", "冬": "24"}
_DAY_SHIFTS = {
    "当": 0, "是": 0, "同": 0, "本": 0, "这": 0, "该": 0, "今": 0, "此": 0, "即": 0, "这一": 0, "那": 0, "那一": 0, "同一": 0,
    "次": 1, "翌": 1, "隔": 1, "明": 1, "第二": 1, "越": 1, "后": 2,
    "前": -1, "前一": -1, "先一": -1, "昨": -1, "上": -1,
}  # fmt: skip
_UNIT_SHIFTS = {"本": 0, "同": 0, "当": 0, "是": 0, "这": 0, "该": 0, "今": 0, "此": 0,
                "次": 1, "翌": 1, "明": 1, "下": 1, "第二": 1, "上": -1, "去": -1, "昨": -1, "前": -1}  # fmt: skip


@cache
def _parts() -> str:
    return lexicon.pattern("calendar")


@cache
def _expression() -> re.Pattern[str]:
    part = rf"(?:(?:[日当是]?(?:{_parts()})){{1,2}})"
    clock = rf"(?:{_N}[时点](?:{_N}分|[一三]刻|半)?(?:许|左右|前后)?)"
    about = "(?:前后|左右|许)"
    year = r"(?:(?:公元|民国|昭和)?(?:\d{2,4}|[〇一二三四五六七八九十零]{2,4})年)"
    shift_year = "(?:(?:当|同|是|本|这|该|今|此|次|翌|明|去|前|第二)年)"
    bound = "(?:上旬|中旬|下旬|初旬|末旬|月初|月底|月末|初|底|末|杪|间|中旬|份|中(?=[,,旬]))"
    month = rf"(?:{_N}月{bound}?)"
    shift_month = rf"(?:(?:当|同|是|本|该|次|翌|下|上)月{bound}?)"
    day = rf"(?:{_N}(?:日(?!本|军|寇|伪|方|机|舰|报|语|文|记|人|内阁|[、,](?:美|英|苏)|俄|德)|号(?!阵地|高地|作战|桥|楼|码头|电|命)))"
    season = "(?:[春夏秋冬]{1,2}(?:季|天|间|之际|初|末|之交){0,2})"
    yearpart = "(?:年?(?:初|底|末|终|中)|元旦|元月|除夕|上半年|下半年)"
    tail = rf"(?:{part}|{clock}|{about}){{0,3}}"
    shift_day = (
        rf"(?:(?:当|是|同|本|这一|这|该|即|此|那一|那|同一|次|翌|隔|明|第二|前一|先一|昨|今|前)(?:日|天)(?!本|军|寇|方|下|空)"
        rf"|(?:当|是|同|次|翌|今|昨|明|即)(?:{_parts()})(?!期|点))"
    )
    after = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:天|日)(?:之)?后(?!的)"
    ordinal = "第[一二三四五六七八九十]{1,3}[天日](?!军)"
    full = (
        rf"(?:{year}|{shift_year}\s?)(?:{month}{day}?|{day}|{season}|{yearpart}|{bound})?{tail}"
        rf"|(?:{shift_month}|{month}){day}?{tail}|(?:元旦|元月{day}?){tail}"
        rf"|(?<!日){shift_day}{tail}|[昨今明]?{day}{tail}|(?:今|明|去|次|翌|同|当|是)[春夏秋冬](?:季|天|初|末)?"
        rf"|{after}|{ordinal}"
    )
    link = "(?:至|到|—|–|-|~|~|∼)"
    return re.compile(rf"(?P<first>{full})(?:{link}(?P<second>{full}))?")


@cache
def _bare() -> re.Pattern[str]:
    """Give the pattern of a part of day or clock time alone, at the head of a clause or after 至, 于, 约."""
    words = "拂晓|黎明|破晓|天明|凌晨|清晨|早晨|上午|午前|正午|中午|午后|下午|薄暮|傍晚|黄昏|入暮|入夜|深夜|午夜|子夜|夜间|晚间|晚上|晚|夜半"
    number = "(?:[0-9]{1,2}|(?!一[时点])[一二三四五六七八九十]{1,3})"
    clock = rf"{number}(?:时|点(?!左右))(?!期|候|间|代)(?:{number}分|[一三]刻|半)?(?:许|左右|前后)?"
    return re.compile(
        rf"(?:(?<=[,。;:“”「(\n])|(?<=至)|(?<=于)|(?<=到)|(?<=迄)|(?<=约)|(?<=自)|(?<=及)|(?<=是)|(?<=在)|^)"
        rf"(?:约)?(?:(?:{words})(?:{clock})?|{clock})(?=[,。;:至到起时前后即]|[^\W\d])"
    )


_SPENT = re.compile(
    r"(?:激战|血战|苦战|恶战|鏖战|历时|历经|经过|经|达|凡|近|整整|不到|不足|坚守|死守|固守|激战了|围攻|持续|长达|足足|仅|只|每|约|需|费时|费|逾|数|前后|连续|窮|穷|限|在)$"
)
_SPAN_OF_TIME = re.compile(r"(?:之久|之内|以内|以来|内(?!阁)|之间|的时间|时间|行程|余|多|夜(?=[,。,的激血苦之]))")


def find(normal: str) -> Iterator[Moment]:
    """Give the dates of a text in order."""
    end = 0
    bare = _bare()
    for match in _expression().finditer(normal):
        yield from _alone(normal, bare, end, match.start())
        if _is_duration(normal, match):
            continue
        first = _moment(match["first"], match.start("first"))
        if first is None:
            continue
        second = _moment(match["second"], match.start("second")) if match["second"] else None
        yield _ranged(first, second, match.end())
        end = match.end()
    yield from _alone(normal, bare, end, len(normal))


def _alone(normal: str, bare: re.Pattern[str], start: int, end: int) -> Iterator[Moment]:
    for match in bare.finditer(normal, start, end):
        yield Moment(Span(match.start(), match.end()), shift=("day", 0))


def _ranged(first: Moment, second: Moment | None, end: int) -> Moment:
    span = Span(first.span.start, end)
    return Moment(span, first.year, first.month, first.day, first.season, first.bound, first.shift, first.about, second)


_ONLY_DAY = re.compile(rf"{_N}[日天](?P<tail>.*)")
_ONLY_MONTH = re.compile(rf"{_N}月")


def _is_duration(normal: str, match: re.Match[str]) -> bool:
    """Tell whether days or months are a length of time: 激战6日夜, 一日之内, 三日后."""
    words = match[0]
    if re.fullmatch("[一二三四五六七八九]号", words):
        return True
    if _ONLY_MONTH.fullmatch(words):
        return bool(re.match(r"[余多亡]|(?:之久|有余|以来|以上|之内)", normal[match.end() : match.end() + 2])) or (
            normal[match.start() - 1 : match.start()] in {"历", "数", "个"} and match.start() > 0
        )
    only = _ONLY_DAY.fullmatch(words)
    if not only or match["second"]:
        return False
    before = normal[max(0, match.start() - 3) : match.start()]
    after = normal[match.end() : match.end() + 3]
    if only["tail"] in {"夜", ""} and re.search(r"(?:激战|血战|苦战|恶战|鏖战|历时|经)$", before):
        return True
    if words[0] in "一两" and words[1] in "日天" and not before.endswith("月"):
        return True
    return bool(_SPAN_OF_TIME.match(after)) and (
        bool(_SPENT.search(before)) or not after.startswith(("以来", "夜", "之间"))
    )


def _moment(words: str, start: int) -> Moment | None:
    """Give what the words of one end say."""
    span = Span(start, start + len(words))
    rest, fields = words, {}
    year = re.match(r"(公元|民国|昭和)?(\d{2,4}|[〇零一二三四五六七八九十]{2,4})年", rest)
    if year:
        fields["year"] = _year(year[1] or "", year[2])
        if fields["year"] is None:
            return None
        rest = rest[year.end() :]
    about = bool(re.search(r"前后|左右", rest))
    shift = _shift(rest, bool(year))
    month = re.match(rf"(元|{_N})月", rest)
    if shift and shift[0] in {"year", "month"}:
        rest = re.sub(r"^.{1,2}[年月]", "", rest) if rest[1:2] in "年月" or rest[2:3] in "年月" else rest[1:]
        month = re.match(rf"(元|{_N})月", rest)
    if month:
        fields["month"] = 1 if month[1] == "元" else value(month[1])
        rest = rest[month.end() :]
    if rest.startswith("元旦"):
        fields["month"], fields["day"], rest = 1, 1, rest[2:]
    day = re.match(rf"[昨今明]?({_N})[日号]", rest)
    if day:
        fields["day"] = value(day[1])
        rest = rest[day.end() :]
    if not _possible(fields):
        return None
    season, bound = _season(rest, words), _bound(rest, fields, shift)
    relative = _relative(words)
    if not (fields or shift or season or relative):
        return None
    return Moment(
        span, fields.get("year"), fields.get("month"), fields.get("day"), season, bound, relative or shift, about
    )


def _possible(fields: dict[str, int | None]) -> bool:
    month, day = fields.get("month", 1), fields.get("day", 1)
    return month is not None and day is not None and 1 <= month <= 12 and 1 <= day <= 31


def _year(era: str, words: str) -> int | None:
    number = value(words)
    if number is None:
        return None
    if era == "昭和":
        return 1925 + number
    if era == "民国" or (number < 60 and not words.isascii() and "十" in words):
        return 1911 + number
    if number < 100:
        return 1900 + number if number >= 20 else None
    return number if 1800 <= number < 2100 else None


def _shift(words: str, has_year: bool) -> tuple[str, int] | None:
    match = re.match(r"(第二|[当同是本这该今此次翌明去前])年", words)
    if match and not has_year:
        return "year", _UNIT_SHIFTS[match[1]]
    match = re.match(r"([今明去次翌同当是])[春夏秋冬]", words)
    if match:
        return "year", _UNIT_SHIFTS[match[1]]
    match = re.match(r"([当同是本该次翌下上])月", words)
    return ("month", _UNIT_SHIFTS[match[1]]) if match else None


def _relative(words: str) -> tuple[str, int] | None:
    """Give the shift of days that words like 次日, 当晚, 4天之后, 第三天 state."""
    match = re.match(
        rf"(这一|那一|同一|第二|前一|先一|[当是同本这该即此那次翌隔明昨今前])(?:[日天]|(?:{_parts()}))", words
    )
    if match:
        return "day", _DAY_SHIFTS[match[1]]
    match = re.match(r"(\d{1,2}|[一二两三四五六七八九十]{1,3})[天日](?:之)?后", words)
    if match:
        return "day", value(match[1]) or 0
    match = re.match(r"第([一二三四五六七八九十]{1,3})[天日]", words)
    return ("day", (value(match[1]) or 1) - 1) if match else None


def _season(rest: str, words: str) -> str:
    found = [c for c in rest if c in _SEASONS]
    if not found or "月" in words:
        return ""
    return "/".join(dict.fromkeys(_SEASONS[c] for c in found))


def _bound(rest: str, fields: dict[str, int | None], shift: tuple[str, int] | None) -> str:
    if "day" in fields:
        return ""
    match = re.match(r"(上旬|中旬|下旬|初旬|末旬|月?[初底末杪间份中]|年[初底末终中]|[上下]半年)", rest)
    if not match:
        return ""
    word = match[1]
    if word in {"上半年", "下半年"}:
        return word
    key = word.removeprefix("月").removeprefix("年").replace("终", "末")
    return _BOUNDS.get(key, "")


_CLOCK = re.compile(rf"({_N})[时点](?:({_N})分|半)?")


def part_of_day(words: str) -> str | None:
    """Give the part of day that a date's words state: a clock time as 16:00, else a word of the calendar table.

    >>> part_of_day("12日16时"), part_of_day("当晚"), part_of_day("下午三时半"), part_of_day("9月")
    ('16:00', 'evening', '15:30', None)
    """
    parts = [row for row in lexicon.rows("calendar") if row["word"] in words]
    named = max(parts, key=lambda row: len(row["word"]), default=None)
    clock = _CLOCK.search(words)
    if clock:
        hour = value(clock[1]) or 0
        late = (named is not None and named["value"] in {"afternoon", "evening", "dusk"}) or (
            named and "夜" in named["word"]
        )
        hour += 12 if late and hour < 12 else 0
        minute = value(clock[2]) or 0 if clock[2] else 30 if clock[0].endswith("半") else 0
        return f"{hour:02d}:{minute:02d}"
    return named["value"] if named else None
