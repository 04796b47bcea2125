"""A date or a stretch of days in words, English and Chinese."""

import re
from collections.abc import Sequence
from datetime import date

from graph.periods import bounds


def words(edtf: str) -> tuple[str, str]:
    """Give an EDTF date or interval in English and in Chinese.

    >>> words("1941-09-01/1941-09-10")
    ('1–10 September 1941', '1941年9月1日至10日')
    >>> words("1941-09-18/1941-09-18")
    ('18 September 1941', '1941年9月18日')
    """
    ends = [_day_words(end) for end in dict.fromkeys(edtf.split("/"))]
    return _stretch_en([english for english, _ in ends]), _stretch_zh([chinese for _, chinese in ends])


def _stretch_en(ends: Sequence[str]) -> str:
    """Give a stretch in English, what both ends share said once.

    >>> _stretch_en(["1 September 1941", "10 September 1941"]), _stretch_en(["May 1940", "June 1940"])
    ('1–10 September 1941', 'May–June 1940')
    >>> _stretch_en(["24 December 1941", "15 January 1942"]), _stretch_en(["about 1938", "1944"])
    ('24 December 1941 – 15 January 1942', 'about 1938 – 1944')
    """
    if len(ends) == 1:
        return ends[0]
    first, last = (end.split(" ") for end in ends)
    shared = 0
    while shared < min(len(first), len(last)) - 1 and first[-1 - shared] == last[-1 - shared]:
        shared += 1
    begin = first[: len(first) - shared]
    dash = "–" if shared and len(begin) == len(last) - shared == 1 else " – "
    return f"{' '.join(begin)}{dash}{' '.join(last)}"


def _stretch_zh(ends: Sequence[str]) -> str:
    """Give a stretch in Chinese, what both ends share said once.

    >>> _stretch_zh(["1941年9月1日", "1941年9月10日"]), _stretch_zh(["1941年12月24日", "1942年1月15日"])
    ('1941年9月1日至10日', '1941年12月24日至1942年1月15日')
    >>> _stretch_zh(["1940年春", "1941年春"])
    '1940年春至1941年春'
    """
    if len(ends) == 1:
        return ends[0]
    first, last = (re.findall(r"\D*\d+\D|\D+", end) for end in ends)
    same = 0
    while same < min(len(first), len(last)) - 1 and first[same] == last[same]:
        same += 1
    return f"{ends[0]}至{''.join(last[same:])}"


def _day_words(edtf: str) -> tuple[str, str]:
    period = bounds(edtf)
    about_en, about_zh = ("about ", "约") if period.approximate else ("", "")
    parts = [int(p) for p in edtf.rstrip("~?%").split("-")]
    year = str(parts[0])
    if period.precision == 11:
        name = date(*parts).strftime("%B")
        return f"{about_en}{parts[2]} {name} {year}", f"{about_zh}{year}年{parts[1]}月{parts[2]}日"
    if period.precision == 10:
        return f"{about_en}{date(parts[0], parts[1], 1).strftime('%B')} {year}", f"{about_zh}{year}年{parts[1]}月"
    if period.precision == 8:
        season_en, season_zh = {21: ("spring", "春"), 22: ("summer", "夏"), 23: ("autumn", "秋")}.get(
            parts[1], ("winter", "冬")
        )
        return f"{about_en}{season_en} {year}", f"{about_zh}{year}年{season_zh}"
    return f"{about_en}{year}", f"{about_zh}{year}年"
