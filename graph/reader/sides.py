"""Which army a formation is of where its name does not say: by the words beside it, its list, its number."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from graph.reader import lexicon
from graph.reader.finds import Find

# What the words right beside a formation weigh against its number's record in the armies' history.
BESIDE = 4.0
NEAR = 3.0
TEXT = 2.0
_JAPANESE_POST = re.compile(r"司令官|军司令官|参谋副长")
_CHINESE_POST = re.compile(r"军军长|军长|总司令|司令长官|副军长|师长|代军长|团长")
_LINK = re.compile(r"[、,和与及暨]|、?以及|(?:的|之|所属|所辖|指挥的|主力的)?|(?:\([^()]{0,12}\))?(?:以|下辖|辖|率)")
_PRIOR = {
    "方面军": 2.0,
    "支队": 1.5,
    "大队": 2.0,
    "中队": 1.5,
    "航空军": 1.0,
    "舰队": 3.0,
    "纵队": -2.0,
    "兵团": -2.0,
    "军区": -3.0,
}
# The Chinese numbered their 方面军 one to four; a Japanese one in China bears a name or a higher number.
_CHINESE_FRONT = re.compile("第[1-4]方面军")
# A Chinese formation of a number no Japanese army had.
NO_ARMY = -3.0


@cache
def _beside() -> tuple[re.Pattern[str], dict[str, str]]:
    table = dict(lexicon.column("side_words", "word", "side"))
    return re.compile(rf"(?P<word>{lexicon.pattern('side_words')})(?:之|的)?$"), table


def sided(normal: str, finds: Sequence[Find]) -> list[str]:
    """Give the side of each find: its own where it shows one, else the likeliest; '' for what has no side."""
    units = [index for index, find in enumerate(finds) if find.type == "Unit"]
    local = {index: _local(normal, finds, index) for index in units}
    by_name: dict[str, float] = defaultdict(float)
    for index in units:
        by_name[finds[index].name] += max(-4.0, min(4.0, local[index]))
    sides = [find.side for find in finds]
    for index in units:
        find = finds[index]
        other = _foreign(normal, find)
        if other:
            sides[index] = other
        elif not find.side:
            total = local[index] + TEXT * _sign(by_name[find.name]) + _prior(find.name)
            sides[index] = "JP" if total > 0 else "CN"
        elif (find.name.endswith("军团") and by_name[find.name] >= NEAR) or (
            find.side == "CN" and find.rule.startswith("unit.number") and local[index] >= BESIDE
        ):
            sides[index] = "JP"
    _agree(normal, finds, sides, units)
    return sides


def _sign(value: float) -> float:
    return (value > 0) - (value < 0)


def _foreign(normal: str, find: Find) -> str:
    pattern, table = _beside()
    match = pattern.search(normal, max(0, find.span.start - 4), find.span.start)
    side = table[match["word"]] if match else ""
    return side if side not in {"JP", "CN", ""} and find.side in {"", "CN"} else ""


def _local(normal: str, finds: Sequence[Find], index: int) -> float:
    """Give what the characters around a formation say: above zero Japanese, below Chinese."""
    find = finds[index]
    start, end = find.span.start, find.span.end
    weight = 0.0
    pattern, table = _beside()
    match = pattern.search(normal[max(0, start - 5) : start])
    if match:
        weight += {"JP": BESIDE, "CN": -BESIDE}.get(table[match["word"]], 0.0)
    if _JAPANESE_POST.match(normal, end):
        weight += NEAR
    elif _CHINESE_POST.match(normal, end):
        weight -= NEAR
    for step in (1, -1):
        weight += _neighbour(normal, finds, index, step)
    return weight


def _neighbour(normal: str, finds: Sequence[Find], index: int, step: int) -> float:
    """Give the weight of the formation or person next in the text, where only a list mark or bracket lies between."""
    other = index + step
    if not 0 <= other < len(finds):
        return 0.0
    first, second = (finds[index], finds[other]) if step == 1 else (finds[other], finds[index])
    between = normal[first.span.end : second.span.start]
    weight = {"JP": NEAR, "CN": -NEAR}.get(finds[other].side, 0.0)
    if finds[other].type == "Unit" and not finds[other].side and _prior(finds[other].name) == NO_ARMY:
        weight = -NEAR
    if finds[other].type == "Person" and step == 1:
        return weight if re.fullmatch(r"\(?[^\W\d_]{0,6}", between) else 0.0
    if finds[other].type == "Unit" and _LINK.fullmatch(between):
        return weight
    return 0.0


def _prior(name: str) -> float:
    match = re.fullmatch(r"第(\d+)军", name)
    if match:
        return lexicon.weights("jp_armies").get(match[1], NO_ARMY)
    if _CHINESE_FRONT.fullmatch(name):
        return NO_ARMY
    return next((weight for word, weight in _PRIOR.items() if name.endswith(word)), -1.0)


def _agree(normal: str, finds: Sequence[Find], sides: list[str], units: Sequence[int]) -> None:
    """Let the members of an elliptic list take the side of its last member."""
    for position in range(len(units) - 2, -1, -1):
        here, there = units[position], units[position + 1]
        between = normal[finds[here].span.end : finds[there].span.start]
        if finds[here].rule == "unit.elliptic" and re.fullmatch(r"[、,和与及暨\s]", between):
            sides[here] = sides[there]
