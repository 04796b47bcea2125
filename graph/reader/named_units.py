"""Formations that bear a name: 荒木支队, 方先觉部, 葛先才团, and functional ones within a formation: 特务营."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from graph.model import Span
from graph.reader import lexicon
from graph.reader.finds import Find
from graph.reader.surnames import Named

_LED = re.compile(
    r"(?:将军|长官|师长|军长|总司令)?(?P<echelon>所部(?!分)|部(?!下|署|长|分|属|门|位|队长)(?:队)?|集团军|集团|兵团(?!长)|军团(?!长)|纵队(?!长)|支队(?!长)|师团(?!长)|旅团(?!长)|联队(?!长)|大队(?!长)"
    r"|军(?![长事官令政心团])|师(?![长团])|旅(?![长团])|团(?![长结])|营(?![长地]))"
)
_FIXED = r"第[一二]线兵团|总预备队|战区预备队|军预备队"
_JAPANESE = "支队|枝队|兵团|师团|旅团|联队|大队|中队|部队|挺进队|挺身队|战斗队|讨伐队|突击队"


def led(normal: str, persons: Sequence[Named]) -> Iterator[tuple[Find, Named]]:
    """Give the formations named by the person who leads them, with that person."""
    for named in persons:
        match = _LED.match(normal, named.span.end)
        if not match or normal[named.span.end : named.span.end + 1] == "的":
            continue
        name = normal[named.span.start : match.end()]
        echelon = match["echelon"]
        side = named.side or ("JP" if echelon in {"师团", "旅团", "联队", "大队"} else "")
        yield (
            Find(
                "Unit",
                Span(named.span.start, match.end()),
                name.removesuffix("所部") + ("部" if "所部" in name else ""),
                "unit.led",
                side,
            ),
            named,
        )


@cache
def _by_surname() -> re.Pattern[str]:
    surnames = lexicon.alternatives(word for word in lexicon.words("surnames_jp") if len(word) > 1)
    return re.compile(rf"(?:{surnames})[^\W\d_]{{0,2}}?(?:{_JAPANESE})(?!长会)")


@cache
def _by_chinese_surname() -> re.Pattern[str]:
    surnames = lexicon.alternatives(lexicon.words("leaders_surnames"))
    return re.compile(rf"(?<=[我翼派令命以由着饬])(?:{surnames})(?:军团|军|师|旅|团|营|部)(?![长团队分下位属门署])")


_TASK_FORCE = re.compile(r"(?:(?<=[,。;:、(“「\n\x01由令命以与和及的被使])|^)[^\W\d_]{2,3}(?:支队|枝队)")
_NO_NAME = re.compile("先遣|先头|主力|各|该|挺进|游击|快速|突击|两|右翼|左翼|保障|独立|第|一|特遣|掩护|混成|步兵|骑兵")


def surnamed(closed: str) -> Iterator[Find]:
    """Give the formations named by a surname: 荒木支队, 我张师; a 支队 under any name at all."""
    for match in _by_chinese_surname().finditer(closed):
        yield Find("Unit", Span(match.start(), match.end()), match[0], "unit.surname", "CN")
    ends = set()
    for match in _by_surname().finditer(closed):
        ends.add(match.end())
        yield Find("Unit", Span(match.start(), match.end()), match[0].replace("枝队", "支队"), "unit.surname", "JP")
    for match in _TASK_FORCE.finditer(closed):
        if match.end() not in ends and not _NO_NAME.search(match[0]):
            yield Find(
                "Unit", Span(match.start(), match.end()), match[0].replace("枝队", "支队"), "unit.task-force", "JP"
            )


_AREA = re.compile("军区|军分区|警备区|行营|绥靖公署|绥署|警备司令部|防守司令部|城防司令部")


def of_places(closed: str, places: Sequence[Find]) -> Iterator[Find]:
    """Give the commands named after a place: 冀中军区, 桂林行营."""
    for place in places:
        match = _AREA.match(closed, place.span.end)
        if match:
            span = Span(place.span.start, match.end())
            yield Find("Unit", span, closed[span.start : span.end], "unit.place", "CN")


# What sends a formation forth: 率特务营.
_SENT = frozenset("率令命派")
_FUNCTION = re.compile(
    r"(?P<name>(?:军直属|直属|军|师|师团|联队|战区|集团军)?(?:特务|工兵|炮兵|山炮|野炮|重炮|野战重炮兵|辎重|辎重兵|搜索|骑兵|通信|通信兵|战车|战防炮|迫击炮|高射炮|警卫|警备|便衣|突击|先遣|先头突击|化学|兵站|卫生|防空|陆战|侦察|补充|独立|教导)"
    r"(?:支队|联队|大队|中队|团|营|连|队|总队))(?![长员])"
)


def functional(closed: str, ends: set[int]) -> Iterator[Find]:
    """Give the functional formations that follow the one they belong to: 第10军特务营, or stand as fixed names."""
    for match in re.finditer(_FIXED, closed):
        yield Find("Unit", Span(match.start(), match.end()), match[0], "unit.fixed")
    for match in _FUNCTION.finditer(closed):
        before = closed[max(0, match.start() - 1) : match.start()]
        if match.start() in ends or before in _SENT or (before == "的" and match.start() - 1 in ends):
            yield Find("Unit", Span(match.start(), match.end()), match[0], "unit.function")
