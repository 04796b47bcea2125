"""Where the words around show a person: a title before or behind, a bracket, a formation led, a verb, a list."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from graph.model import Span
from graph.reader import lexicon
from graph.reader.surnames import Named, broken, closes, has_function_word, names, side

# What makes a surname the beginning of a formation's name: 荒木支队.
LED_BY = re.compile(r"支队|枝队|师团|旅团|联队|大队|兵团|部队|中队|[^\W\d_](?:支队|师团|联队)")
# Between the columns of a list, title and name: so many of these.
_COLUMN, _WIDTH = frozenset(" \t"), 4
_AFTER_SURNAME = frozenset("由令命派以而与和及对向为致据经任将使的是、")
_SOMEONE = re.compile(r"(?:日军|国军|我军|守军|敌酋|所属|原任|改任|任命)$")


def evidence(normal: str, units: Sequence[Span]) -> Iterator[Named]:
    """Give the persons that the words around show; `units` end where a commander may stand."""
    ends = {span.end for span in units}
    yield from _by_table(normal)
    yield from _by_bracket(normal, ends)
    yield from _by_title_before(normal)
    yield from _by_title_after(normal, ends)
    yield from _foreign(normal)
    yield from _by_verb(normal)
    yield from _by_formation(normal, units, ends)


@cache
def titles() -> re.Pattern[str]:
    """Give the pattern of a title."""
    return re.compile(lexicon.pattern("titles"))


@cache
def _title_at_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon.pattern('titles')})$")


# --------------------------------------------------------------------------- the table


def _by_table(normal: str) -> Iterator[Named]:
    """Give the known commanders; a name that may be a word needs a title beside it."""
    scanner = lexicon.scanner("commanders", "name", "side")
    for start, word in scanner.find(normal):
        end = start + len(word)
        plain = len(word) > 2 or (word[0] not in names().wordlike and word not in names().common)
        if plain or _title_near(normal, start, end):
            yield Named(Span(start, end), word, scanner.values[word], "person.table")


_BEHIND = re.compile(r"部|兵团|集团|军(?!队)|师|团|[,)、](?=\d|副|参)")


def _title_near(normal: str, start: int, end: int) -> bool:
    if _title_at_end().search(normal[max(0, start - 5) : start]) or titles().match(normal, end):
        return True
    listed = normal[start - 1 : start] in {"(", "、"} and normal[end : end + 1] in {")", "、", ","}
    return listed or bool(_BEHIND.match(normal, end))


# --------------------------------------------------------------------------- brackets


_BRACKET = re.compile(
    r"\((?P<title>[^\W\d_]{0,8}?(?:长官|司令官?|长)(?:为|是)?)?(?P<name>[^\W\d_]{2,5}?)(?=(?:兼任?|代理?)?[,、):])",
)
_NO_PERSON = ("支队", "兵团", "大队", "部队", "师团", "联队", "旅团", "方面", "地区")


def _by_bracket(normal: str, ends: Collection[int]) -> Iterator[Named]:
    """Give a commander in brackets after a formation: 第19集团军(罗卓英,4个师)."""
    for match in _BRACKET.finditer(normal):
        name = match["name"]
        known = side(name)
        expected = match.start() in ends or match["title"]
        if known and expected and name not in names().common and not name.endswith(_NO_PERSON):
            yield Named(Span(match.start("name"), match.end("name")), name, known, "person.bracket")


# --------------------------------------------------------------------------- titles


@cache
def _japanese_posts() -> frozenset[str]:
    """Give the titles that only a Japanese bears: what follows is a Japanese name though its surname is in no table."""
    return frozenset(row["word"] for row in lexicon.rows("titles") if row["side"] == "JP" and len(row["word"]) > 2)


def _by_title_before(normal: str) -> Iterator[Named]:
    """Give the name after a title: 师长张灵甫, 司令官冈村宁次."""
    for match in titles().finditer(normal):
        start = match.end()
        while normal[start : start + 1] in _COLUMN and start < match.end() + _WIDTH:
            start += 1
        named = name_at(normal, start, japanese=match[0] in _japanese_posts())
        if named:
            yield named


def name_at(normal: str, start: int, *, japanese: bool = False) -> Named | None:
    """Give the likeliest name that begins at `start`: its end is where a verb, a title or a mark begins."""
    if start >= len(normal):
        return None
    scanner = lexicon.scanner("commanders", "name", "side")
    known = scanner.at(normal, start)
    if known:
        return Named(Span(start, start + len(known)), known, scanner.values[known], "person.title-before")
    family = next((normal[start : start + n] for n in (3, 2) if normal[start : start + n] in names().japanese), "")
    return _japanese_at(normal, start, family) if family else _other_at(normal, start, japanese=japanese)


def _japanese_at(normal: str, start: int, family: str) -> Named | None:
    """Give the Japanese name with that surname at `start`, or the surname alone before a title or another word."""
    behind = start + len(family)
    alone = Named(Span(start, behind), family, "JP", "person.surname")
    if LED_BY.match(normal, behind):
        return None
    if titles().match(normal, behind):
        return alone
    given = (3, 2, 1) if normal[behind + 2 : behind + 3] in {"郎", "助", "丸"} else (2, 1, 3)
    for length in given:
        if closes(normal, start, len(family) + length, "JP"):
            span = Span(start, behind + length)
            return Named(span, normal[start : span.end], "JP", "person.title-before")
    follow = normal[behind : behind + 2]
    return alone if follow in names().common or follow in names().verbs else None


def _other_at(normal: str, start: int, *, japanese: bool) -> Named | None:
    tables = names()
    lengths: tuple[int, ...]
    if normal[start : start + 2] in tables.chinese:
        lengths, army = (4, 3), "CN"
    elif japanese:
        lengths, army = (4, 5, 3), "JP"
    elif normal[start] in tables.chinese and normal[start] not in tables.function:
        lengths, army = (3, 2), "CN"
    else:
        return None
    for length in lengths:
        name = normal[start : start + length]
        strange = army == "JP" and (
            name[:1] in tables.verbs or any(name[i : i + 2] in tables.common for i in range(length - 1))
        )
        if not strange and closes(normal, start, length, army):
            return Named(Span(start, start + length), name, army, "person.title-before")
    return None


def _by_title_after(normal: str, ends: Collection[int]) -> Iterator[Named]:
    """Give the name before a title, 薛岳长官, 畑俊六大将: at a clause's head or after a word that a name may follow."""
    for match in titles().finditer(normal):
        named = _before(normal, match.start(), ends, "person.title-after")
        if named:
            yield named


def _before(normal: str, end: int, ends: Collection[int], rule: str) -> Named | None:
    """Give the longest name that ends at `end` and begins where a name may."""
    for length in (5, 4, 3, 2):
        start = end - length
        name = normal[max(0, start) : end]
        known = side(name) if start >= 0 and name.isalpha() and name[0] not in "任令命派原新前兼" else ""
        if known and not has_function_word(name) and not broken(name) and _opens(normal, start, ends):
            return Named(Span(start, end), name, known, rule)
    return None


def _opens(normal: str, start: int, ends: Collection[int]) -> bool:
    if start == 0 or start in ends or not normal[start - 1].isalpha() or normal[start - 1] in _AFTER_SURNAME:
        return True
    before = normal[max(0, start - 4) : start]
    return bool(_SOMEONE.search(before) or _title_at_end().search(before))


def _foreign(normal: str) -> Iterator[Named]:
    """Give names written by sound before a title: 麦克鲁将军, 博特纳准将."""
    for match in _foreign_pattern().finditer(normal):
        yield Named(Span(match.start("name"), match.end("name")), match["name"], "", "person.foreign")


@cache
def _foreign_pattern() -> re.Pattern[str]:
    sounds = "".join(sorted(lexicon.words("foreign_sounds")))
    ranks = lexicon.alternatives(lexicon.words("foreign_titles"))
    return re.compile(rf"(?<![{sounds}])(?P<name>[{sounds}]{{2,6}})(?={ranks})")


# --------------------------------------------------------------------------- what persons do and lead


_SUCCEEDS = re.compile(r"(?<=由)(?P<name>[^\W\d_]{2,3}?)(?=继任|接任|升任|代理|兼任|接替|升充|暂代|继之)")
_ORDERED = re.compile(r"(?<=[命令派饬遣])(?P<name>[^\W\d_]{2,4}?)(?=率(?:其|领|部|第)|指挥第)")
_ACTS = re.compile(
    "[与和及、在由于自沿向]|[攻反收克占夺防固坚驻守增驰应进抵到退突渡围歼截阻追猛夜已均亦则也都即遂乃又再]"
)
_TROOPS = frozenset("部师军团营旅")
_LEADS = re.compile("部(?!队)|所部|率|指挥|[营团旅](?!长)")


def _by_formation(normal: str, units: Sequence[Span], ends: Collection[int]) -> Iterator[Named]:
    """Give who stands right before 的 and a formation, behind one or an order and leads: 第15军刘昌义部, 命李棠率."""
    for end in sorted(ends):
        named = _without_troops(name_at(normal, end))
        if named and named.rule != "person.surname" and (_LEADS.match(normal, named.span.end) or _acts(normal, named)):
            yield named
    for ordered in (*_ORDERED.finditer(normal), *_SUCCEEDS.finditer(normal)):
        name = ordered["name"]
        if side(name) and name not in names().common and not has_function_word(name):
            yield Named(Span(*ordered.span("name")), name, side(name), "person.ordered")
    starts = [span.start for span in units] + [m.start() for m in re.finditer("(?<=的)(?:部队|残部|主力)", normal)]
    for start in starts:
        named = _before(normal, start - 1, ends, "person.owner") if normal[start - 1 : start] == "的" else None
        if named:
            yield named


def _without_troops(named: Named | None) -> Named | None:
    """Give a name without the word for his troops that closed it: 李琰 of 李琰部."""
    if named is None or named.name[-1] not in _TROOPS or len(named.name) < 3:
        return named
    return Named(Span(named.span.start, named.span.end - 1), named.name[:-1], named.side, named.rule)


def _acts(normal: str, named: Named) -> bool:
    """Tell whether a full name behind a formation stands where its commander does: 第57师李琰收复, 第19师唐伯寅与."""
    name = named.name
    full = len(name) > 2 and not broken(name) and name[0] not in names().wordlike and name[-1] not in _TROOPS
    return full and bool(_ACTS.match(normal, named.span.end))


def _by_verb(normal: str) -> Iterator[Named]:
    """Give Japanese names, known by surname, that begin a clause and do what persons do."""
    for match in re.finditer(r"(?:(?<=[,。;:“「\n])|^)(?=[^\W\d_]{4})", normal):
        start = match.end()
        family = normal[start : start + 2]
        if family not in names().japanese or family in lexicon.words("gazetteer") or LED_BY.match(normal, start + 2):
            continue
        for end in (start + 4, start + 3):
            if normal[end : end + 2] in names().verbs and closes(normal, start, end - start, "JP"):
                yield Named(Span(start, end), normal[start:end], "JP", "person.verb")
                break


_LIST = re.compile(r"[^\W\d_]{2,4}(?:、[^\W\d_]{2,4})+")


def listed(normal: str, known: Collection[str]) -> Iterator[Named]:
    """Give the names that stand in a list with a known one: 钱大钧、李玉堂、蒋超雄."""
    for match in _LIST.finditer(normal):
        members = match[0].split("、")
        if not any(part.startswith(name) or part.endswith(name) for part in members for name in known if name in part):
            continue
        start = match.start()
        for position, name in enumerate(members):
            last = position == len(members) - 1 and normal[match.end() : match.end() + 1].isalpha()
            if (
                name not in known
                and not last
                and side(name)
                and name not in names().common
                and not has_function_word(name)
            ):
                yield Named(Span(start, start + len(name)), name, side(name), "person.list")
            start += len(name) + 1
