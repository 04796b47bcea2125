"""Persons by name: from the table of commanders, by title, bracket, list and verb, then wherever the text repeats them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph.model import Span
from graph.reader import lexicon
from graph.reader.finds import Find

# Surnames that are common words too: they need a title or a name found before.
_WORDLIKE = frozenset(
    "任时于相全向成经和方古应解安常易曾支管司连单过包能余马明空部军师团营长部高黄关石白张江温水平沙丰东南城门金海路洪夏华阳季车项陆商万千计强麻冷冀甘宁粟米谷池桂左查贝从终后国党同主少自各以其该某原新前现即由令派与及并又已者等是被用"
)
_STOP = "之的了等为于在是与和及以而被将把向从由至到、,。;:()“”《》则所其并即遂乃亦也又仍已曾均皆都"


@dataclass(frozen=True, slots=True)
class Named:
    """A person's name in the text; `side` by the surname or title, '' where neither shows it."""

    span: Span
    name: str
    side: str
    rule: str


@dataclass(frozen=True, slots=True)
class _Tools:
    titles: str
    chinese: frozenset[str]
    japanese: frozenset[str]
    table: Mapping[str, str]
    common: frozenset[str]
    verbs: frozenset[str]
    longest_verb: int


@cache
def _tools() -> _Tools:
    return _Tools(
        titles=lexicon.pattern("titles"),
        chinese=lexicon.words("surnames_cn"),
        japanese=lexicon.words("surnames_jp"),
        table=lexicon.column("commanders", "name", "side"),
        common=lexicon.words("words") | lexicon.words("gazetteer"),
        verbs=lexicon.words("person_verbs") | lexicon.words("titles"),
        longest_verb=max(map(len, lexicon.words("person_verbs"))),
    )


def find(normal: str, units: Sequence[Span], blocked: Sequence[Span]) -> list[Named]:
    """Give the persons of a text in order; `units` end where a commander may stand, `blocked` are no names."""
    ends = {span.end for span in units}
    closed = _mask(normal, [*units, *blocked])
    first = [*_by_table(normal), *_by_bracket(normal, ends), *_by_title_before(normal), *_by_title_after(normal, ends)]
    first += [*_foreign(normal), *_by_verb(normal), *_by_formation(normal, units, ends)]
    free = [named for named in first if closed[named.span.start : named.span.end].isalpha()]
    short = [named for named in free if named.rule == "person.surname"]
    names = _believed(named for named in free if named.rule != "person.surname")
    names |= {named.name: named for named in _by_list(normal, names)}
    found = list(_everywhere(normal, names))
    covered = {position for named in found for position in range(named.span.start, named.span.end)}
    found += {named.span: named for named in short if named.span.start not in covered}.values()
    taken = {position for named in found for position in range(named.span.start, named.span.end)}
    found += (named for named in _by_surname(closed, names) if named.span.start not in taken)
    taken |= {position for named in found for position in range(named.span.start, named.span.end)}
    found += (named for named in _alone(closed, found) if named.span.start not in taken)
    return sorted(found, key=lambda named: named.span)


def _mask(normal: str, spans: Iterable[Span]) -> str:
    """Give the text with the spans blotted out."""
    characters = list(normal)
    for span in spans:
        characters[span.start : span.end] = "\x01" * (span.end - span.start)
    return "".join(characters)


def _by_table(normal: str) -> Iterator[Named]:
    scanner = lexicon.scanner("commanders", "name", "side")
    for start, word in scanner.find(normal):
        plain = len(word) > 2 or (word[0] not in _WORDLIKE and word not in _tools().common)
        if plain or _title_near(normal, start, start + len(word)):
            yield Named(Span(start, start + len(word)), word, scanner.values[word], "person.table")


def _title_near(normal: str, start: int, end: int) -> bool:
    tools = _tools()
    before = re.search(rf"(?:{tools.titles})$", normal[max(0, start - 5) : start])
    after = re.match(rf"(?:{tools.titles}|部|兵团|集团|军(?!队)|师|团|[,)、](?=\d|副|参))", normal[end : end + 6])
    return (
        bool(before or after) or (normal[start - 1 : start] in {"(", "、"} and normal[end : end + 1] in {")", "、", ","})
    )


_BRACKET = re.compile(
    r"\((?P<title>[^\W\d_]{0,8}?(?:长官|总司令官?|司令官?|军长|师长|旅长|团长|联队长|队长|部长|长)(?:为|是)?)?(?P<name>[^\W\d_]{2,5})(?=[,、):])"
)


def _by_bracket(normal: str, ends: set[int]) -> Iterator[Named]:
    """Give a commander in brackets after a formation: 第19集团军(罗卓英,4个师)."""
    for match in _BRACKET.finditer(normal):
        name = match["name"]
        side = _side_of_surname(name)
        after_unit = match.start() in ends
        if name.endswith(("支队", "兵团", "大队", "部队", "师团", "联队", "旅团", "方面", "地区")):
            continue
        if (side and (after_unit or match["title"])) and _plausible(name, side) and name not in _tools().common:
            yield Named(Span(match.start("name"), match.end("name")), name, side, "person.bracket")


def _side_of_surname(name: str) -> str:
    """Give JP or CN by the surname that a name begins with, '' where none is known."""
    tools = _tools()
    if len(name) >= 3 and name[:2] in tools.japanese:
        return "JP"
    if len(name) >= 4 and name[:3] in tools.japanese:
        return "JP"
    if name[:2] in tools.chinese and 3 <= len(name) <= 4:
        return "CN"
    if len(name) in (2, 3) and name[0] in tools.chinese:
        return "CN"
    return "JP" if len(name) in (3, 4) and name[0] in tools.japanese else ""


def _plausible(name: str, side: str) -> bool:
    return (2 <= len(name) <= 3 or name[:2] in _tools().chinese) if side == "CN" else 2 <= len(name) <= 5


@cache
def _title_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{_tools().titles})(?=[^\W\d_])")


# Posts that only the Japanese army had: what follows is a Japanese name even where its surname is in no table.
_COMMANDS = frozenset(["师团长", "旅团长", "联队长", "大队长", "司令官"])


def _by_title_before(normal: str) -> Iterator[Named]:
    """Give the name after a title: 师长张灵甫, 司令官冈村宁次."""
    sides = lexicon.column("titles", "word", "side")
    for match in _title_pattern().finditer(normal):
        start = match.end()
        if normal.startswith(("官", "部"), start) and not match[0].endswith("长"):
            start += normal.startswith("官", start)
        named = _name_at(normal, start, japanese=sides[match[0]] == "JP" and match[0] in _COMMANDS)
        if named:
            yield named


def _name_at(normal: str, start: int, *, japanese: bool = False) -> Named | None:
    """Give the likeliest name that begins at `start`: its end is where a verb, a title or a mark begins."""
    tools = _tools()
    table = lexicon.scanner("commanders", "name", "side").at(normal, start) if start < len(normal) else None
    if table:
        return Named(Span(start, start + len(table)), table, tools.table[table], "person.title-before")
    surname = next(
        (normal[start : start + n] for n in (3, 2, 1) if normal[start : start + n] in tools.japanese and n > 1), ""
    )
    if surname:
        third = normal[start + len(surname) + 2 : start + len(surname) + 3]
        usual = (len(surname) + 2, len(surname) + 1, len(surname) + 3)
        lengths: tuple[int, ...] = (usual[2], *usual[:2]) if third and third in "郎助丸" else usual
        side = "JP"
    elif normal[start : start + 2] in tools.chinese:
        lengths, side = (4, 3), "CN"
    elif japanese:
        lengths, side = (4, 5, 3), "JP"
    elif normal[start : start + 1] in tools.chinese and normal[start] not in "于向从由以时":
        lengths, side = (3, 2), "CN"
    else:
        return None
    if surname and _LED_BY.match(normal, start + len(surname)):
        return None
    if surname and _title_pattern_any().match(normal, start + len(surname)):
        return Named(Span(start, start + len(surname)), surname, "JP", "person.surname")
    for length in lengths:
        name = normal[start : start + length]
        if _closes(normal, start, length, side):
            return Named(Span(start, start + length), name, side, "person.title-before")
    if surname and normal[start + len(surname) : start + len(surname) + 2] in tools.common | tools.verbs:
        return Named(Span(start, start + len(surname)), surname, "JP", "person.surname")
    return None


def _closes(normal: str, start: int, length: int, side: str) -> bool:
    """Tell whether the characters read as a name: no function word within, and a boundary behind."""
    tools = _tools()
    name = normal[start : start + length]
    if len(name) < length or not name.isalpha() or name.isascii() or any(c in _STOP for c in name[1:]):
        return False
    if side == "JP" and _no_given(name):
        return False
    if name in tools.common or (side == "CN" and normal[start : start + 2] in tools.verbs):
        return False
    end = start + length
    if end >= len(normal) or not normal[end].isalpha():
        return True
    if side == "CN" and length == 3 and name[1:] in _trade():
        return False
    if any(normal[end : end + n] in tools.verbs for n in range(1, tools.longest_verb + 1)):
        return True
    ahead = normal[end : end + 2]
    return ahead in tools.common and normal[end - 1 : end + 1] not in tools.common


@cache
def _trade() -> frozenset[str]:
    """Give words of the trade that no given name is."""
    tables = ("battle_suffixes", "echelons", "place_after", "place_before", "person_verbs", "titles", "forces")
    return frozenset().union(*(lexicon.words(table) for table in tables))


def _no_given(name: str) -> bool:
    """Tell whether what follows a Japanese surname is an everyday word or part of an echelon, and no given name."""
    given = name[_surname_length(name) :]
    return (len(given) > 1 and given[:2] in _tools().common and given[1:] != "郎") or any(c in "师军团旅联队" for c in given)


def _by_title_after(normal: str, ends: set[int]) -> Iterator[Named]:
    """Give the name before a title: 薛岳长官, 畑俊六大将, at a clause's head or after a word that a name may follow."""
    tools = _tools()
    for match in _title_pattern_any().finditer(normal):
        for length in (5, 4, 3, 2):
            start = match.start() - length
            if start < 0:
                continue
            name = normal[start : match.start()]
            side = _side_of_surname(name)
            if not side or not name.isalpha() or name[0] in "任令命派原新前兼" or any(c in _STOP for c in name) or name in tools.common:
                continue
            if not _plausible(name, side) or (side == "CN" and length > 3):
                continue
            if side == "JP" and name[:2] not in tools.japanese:
                continue
            if _opens(normal, start, ends) and not _broken(name):
                yield Named(Span(start, match.start()), name, side, "person.title-after")
                break


@cache
def _title_pattern_any() -> re.Pattern[str]:
    return re.compile(rf"(?:{_tools().titles})")


def _broken(name: str) -> bool:
    """Tell whether the given name is rather an everyday word or the beginning of a title: 任战区司令."""
    return (
        name[1:] in _tools().common or name[:2] in _tools().common or name[-1] in "副代总前各该原军师团营连旅战区队级"
    )


def _foreign(normal: str) -> Iterator[Named]:
    """Give names written by sound before a title: 麦克鲁将军, 博特纳准将."""
    for match in _foreign_pattern().finditer(normal):
        yield Named(Span(match.start("name"), match.end("name")), match["name"], "", "person.foreign")


@cache
def _foreign_pattern() -> re.Pattern[str]:
    sounds = "".join(sorted(lexicon.words("foreign_sounds")))
    return re.compile(rf"(?<![{sounds}])(?P<name>[{sounds}]{{2,6}})(?=将军|上将|中将|少将|准将|上校|中校|少校|上尉|先生|总统|首相|爵士|元帅|博士|牧师|参谋长|大使|顾问)")


def _opens(normal: str, start: int, ends: set[int]) -> bool:
    if start == 0 or start in ends or not normal[start - 1].isalpha():
        return True
    before = normal[max(0, start - 3) : start]
    return before.endswith(tuple("由令命派以而与和及对向为致据经任将使的是、")) or bool(
        re.search(rf"(?:{_tools().titles}|日军|国军|我军|守军|敌酋|所属|原任|改任|任命)$", before)
    )


def _by_list(normal: str, names: Mapping[str, Named]) -> Iterator[Named]:
    """Give the names that stand in a list with a known one: 钱大钧、李玉堂、蒋超雄."""
    tools = _tools()
    for match in re.finditer(r"[^\W\d_]{2,4}(?:、[^\W\d_]{2,4})+", normal):
        parts = list(re.finditer(r"[^、]+", match[0]))
        known = [any(part[0].startswith(name) or part[0].endswith(name) for name in names) for part in parts]
        if not any(known):
            continue
        for part, is_known in zip(parts, known, strict=True):
            name, side = part[0], _side_of_surname(part[0])
            start = match.start() + part.start()
            if is_known or not side or not _plausible(name, side):
                continue
            if part is parts[-1] and normal[match.end() : match.end() + 1].isalpha():
                continue
            if name not in tools.common and not any(c in _STOP for c in name):
                yield Named(Span(start, start + len(name)), name, side, "person.list")


def _by_formation(normal: str, units: Sequence[Span], ends: set[int]) -> Iterator[Named]:
    """Give who stands right before 的 and a formation, or right behind one and leads it: 第15军刘昌义部."""
    tools = _tools()
    for end in ends:
        named = _name_at(normal, end) if end < len(normal) else None
        if named and named.rule != "person.surname" and re.match("部(?!队)|所部|率|指挥", normal[named.span.end : named.span.end + 2]):
            yield named
    for unit in [*(span.start for span in units), *(m.start() for m in re.finditer("(?<=的)(?:部队|残部|主力)", normal))]:
        if unit < 4 or normal[unit - 1] != "的":
            continue
        for length in (4, 3, 2):
            start = unit - 1 - length
            name = normal[max(0, start) : unit - 1]
            side = _side_of_surname(name)
            if start >= 0 and side and _plausible(name, side) and (length < 4 or side == "JP") and name not in tools.common:
                if _opens(normal, start, ends) and not _broken(name) and not any(c in _STOP for c in name):
                    yield Named(Span(start, start + length), name, side, "person.owner")
                    break


def _by_verb(normal: str) -> Iterator[Named]:
    """Give Japanese names, known by surname, that begin a clause and do what persons do."""
    tools = _tools()
    for match in re.finditer(r"(?:(?<=[,。;:“「\n])|^)(?=[^\W\d_]{4})", normal):
        start = match.end()
        surname = normal[start : start + 2]
        if surname not in tools.japanese or surname in lexicon.words("gazetteer") or _LED_BY.match(normal, start + 2):
            continue
        for length in (4, 3):
            follow = normal[start + length : start + length + 2]
            if follow in tools.verbs and len(follow) > 1 and _closes(normal, start, length, "JP"):
                yield Named(Span(start, start + length), normal[start : start + length], "JP", "person.verb")
                break


def _believed(found: Iterable[Named]) -> dict[str, Named]:
    """Give names with their best reading; of a name and the same with one character more, the more frequent."""
    counts: Counter[str] = Counter()
    best: dict[str, Named] = {}
    for named in found:
        counts[named.name] += 1
        best.setdefault(named.name, named)
    table = _tools().table
    for name in sorted(best, key=len, reverse=True):
        shorter = name[:-1]
        if shorter in best and name not in table:
            loser = name if counts[shorter] > counts[name] or shorter in table else shorter
            best.pop(loser, None)
    return best


def _everywhere(normal: str, names: Mapping[str, Named]) -> Iterator[Named]:
    """Give every occurrence of the names in the text."""
    if not names:
        return
    scanner = lexicon.Scanner.of(dict(names))
    for start, word in scanner.find(normal):
        named = names[word]
        yield Named(Span(start, start + len(word)), word, named.side, named.rule)


def _by_surname(closed: str, names: Mapping[str, Named]) -> Iterator[Named]:
    """Give surnames with a title, 薛长官, 松井总参谋长; one that is a word too needs its full name in the text."""
    tools = _tools()
    surnames = {name[: _surname_length(name)] for name in names}
    for match in _title_pattern_any().finditer(closed):
        start = match.start()
        pair, single = closed[max(0, start - 2) : start], closed[start - 1 : start] if start else ""
        if len(pair) == 2 and pair in tools.japanese and (pair in surnames or pair not in tools.common):
            yield Named(Span(start - 2, start), pair, "JP", "person.surname")
        elif single and single not in "者向于" and (single in surnames or (single in tools.chinese and single not in _WORDLIKE)):
            before = closed[start - 2 : start - 1]
            joined = closed[start - 2 : start] in tools.common or closed[start - 1 : start + 1] in tools.common
            if not joined or (single in surnames and not before.isalpha()):
                yield Named(Span(start - 1, start), single, "", "person.surname")


_AFTER_ALONE = re.compile("[的乃即遂令命率认镇不有于在亲因见说曰已又仍]")


def _alone(closed: str, found: Sequence[Named]) -> Iterator[Named]:
    """Give surnames alone where the full name stands before: 阿南没有采纳; one character only before a verb or 的."""
    full = sorted((n for n in found if n.rule != "person.surname"), key=lambda n: n.span)
    seen: dict[str, int] = {}
    for named in full:
        seen.setdefault(surname(named.name), named.span.end)
    scanner = lexicon.Scanner.of(seen) if seen else None
    for start, word in scanner.find(closed) if scanner else ():
        end = start + len(word)
        if start < seen[word]:
            continue
        if len(word) > 1 and not _LED_BY.match(closed, end) and lexicon.weights("gazetteer").get(word, 0) < 2:
            yield Named(Span(start, end), word, "", "person.surname")
        elif len(word) == 1 and word not in _WORDLIKE and _may_stand_alone(closed, start, end):
            yield Named(Span(start, end), word, "", "person.surname")


_LED_BY = re.compile("支队|枝队|师团|旅团|联队|大队|兵团|部队|中队|[^\\W\\d_](?:支队|师团|联队)")


def _may_stand_alone(closed: str, start: int, end: int) -> bool:
    common = _tools().common
    if closed[start : end + 1] in common or closed[start - 1 : end] in common:
        return False
    opens = start == 0 or not closed[start - 1].isalpha() or closed[start - 1] in "劝对向按被与给奉由让"
    return opens and bool(_AFTER_ALONE.match(closed, end))


def _surname_length(name: str) -> int:
    tools = _tools()
    if tools.table.get(name, "") not in {"", "CN", "JP"}:
        return len(name)
    for length in (3, 2):
        if len(name) > length and name[:length] in tools.japanese | tools.chinese:
            return length
    return 1


def surname(name: str) -> str:
    """Give the surname of a full name.

    >>> surname("薛岳"), surname("冈村宁次")
    ('薛', '冈村')
    """
    return name[: _surname_length(name)]


def as_find(named: Named) -> Find:
    """Give the find of a person."""
    return Find("Person", named.span, named.name, named.rule, named.side, unsure=False)
