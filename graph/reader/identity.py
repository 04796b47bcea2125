"""Finds -> the canonical name of each: sides, leaders' formations, surnames, slips, places' short names, who 敌 is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from graph.reader import lexicon
from graph.reader.document import Document
from graph.reader.finds import Find
from graph.reader.persons import surname
from graph.reader.places import _stem
from graph.reader.sides import sided
from graph.reader.units import WITHIN_PARENT

_RAILWAY = re.compile(r"(.{2,4})(?:路|线|铁路线)")


def canonical_names(document: Document, finds: Sequence[Find]) -> list[str]:
    """Give the canonical name of each find, in the form of the guide."""
    normal = document.normal
    sides = sided(normal, finds)
    names = [find.name for find in finds]
    _units(normal, finds, sides, names)
    _persons(normal, finds, names)
    _slips(finds, names)
    places = _places(finds, names)
    voices = _voices(document, finds, sides)
    for index, find in enumerate(finds):
        if find.type == "Force":
            names[index] = _force(normal, find, voices[index], _side_before(document, finds, sides, index))
        elif find.type in {"Unit", "Organization"}:
            names[index] = f"{sides[index]}/{names[index]}"
        elif find.type == "Place":
            names[index] = places.get(names[index], names[index])
    _led(normal, finds, names)
    return names


# --------------------------------------------------------------------------- formations


_RENAMED = {"师": "师团", "旅": "旅团", "军团": "军", "团": "联队", "营": "大队"}


def _units(normal: str, finds: Sequence[Find], sides: Sequence[str], names: list[str]) -> None:
    """Give Japanese formations Japanese echelons, and battalions the name of the regiment before them."""
    previous: int | None = None
    for index, find in enumerate(finds):
        if find.type != "Unit":
            continue
        match = re.fullmatch(r"(.*第\d+)(师|旅|军团)", names[index])
        if match and sides[index] == "JP":
            names[index] = match[1] + _RENAMED[match[2]]
        if previous is not None and _is_part(normal, finds, names, previous, index):
            names[index] = names[previous] + names[index]
        elif find.rule != "unit.led" and not re.fullmatch(r"第\d+(?:营|连|排|小队)", names[index]):
            previous = index


def _is_part(normal: str, finds: Sequence[Find], names: Sequence[str], parent: int, index: int) -> bool:
    match = re.fullmatch(r"第(\d+)(.+)", names[index])
    between = normal[finds[parent].span.end : finds[index].span.start]
    if finds[index].rule == "unit.function":
        return between in {"", "的", "之"}
    if not match or re.search("[。;\n]", between):
        return False
    small = match[2] in WITHIN_PARENT or (match[2] == "大队" and int(match[1]) < 10 and between == "")
    return (
        small
        and (between == "" or match[2] in {"营", "连"})
        and names[parent].endswith(("团", "联队", "旅", "师", "师团", "大队"))
    )


def _led(normal: str, finds: Sequence[Find], names: list[str]) -> None:
    """Give 方先觉部 the name of the formation that stands before it, or that the text says he commands."""
    commands = _commands(normal, finds, names)
    for index, find in enumerate(finds):
        if find.rule != "unit.led":
            continue
        leader = next((names[i] for i in (index - 1, index + 1) if 0 <= i < len(finds) and _leads(finds[i], find)), "")
        before = next((i for i in range(index - 1, max(-1, index - 4), -1) if finds[i].type == "Unit"), None)
        beside = before is not None and finds[before].span.end == find.span.start
        if before is not None and beside and _rank_fits(find.name, names[before]):
            names[index] = names[before]
        elif leader in commands and _rank_fits(find.name, commands[leader]):
            names[index] = commands[leader]
        elif leader:
            names[index] = (
                names[index].split("/")[0]
                + "/"
                + leader
                + re.sub(
                    r"^.*?(?=所部|部|集团军|集团|兵团|军团|纵队|支队|师团|旅团|联队|大队|军|师|旅|团|营)", "", find.name
                )
            )


def _leads(person: Find, unit: Find) -> bool:
    return person.type == "Person" and person.span.start == unit.span.start


def _rank_fits(name: str, unit: str) -> bool:
    if name.endswith("部"):
        return True
    return any(
        name.endswith(word) and unit.endswith(word) for word in ("军", "师", "旅", "团", "营", "师团", "旅团", "联队")
    )


def _commands(normal: str, finds: Sequence[Find], names: Sequence[str]) -> Mapping[str, str]:
    """Give the formation of each person whom the text names right behind it, by title or in brackets."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for first, second in zip(range(len(finds)), range(1, len(finds)), strict=False):
        if finds[first].type == "Unit" and finds[second].type == "Person" and finds[first].rule != "unit.led":
            between = normal[finds[first].span.end : finds[second].span.start]
            if re.fullmatch(
                r"(?:\((?:[^\W\d_]{0,3}长)?|(?:中将|少将|上将)?[^\W\d_]{0,2}(?:军长|师长|旅长|团长|营长|师团长|旅团长|联队长|大队长|总司令|司令官|司令长官|司令|长)|的|之)?",
                between,
            ):
                counts[names[second]][names[first]] += 1
    return {person: max(units, key=lambda unit: (units[unit], -_rank(unit), unit)) for person, units in counts.items()}


def _rank(unit: str) -> int:
    """Give the rank of a formation's echelon, 1 for the highest."""
    ranks = {row["word"]: int(row["rank"]) for row in lexicon.rows("echelons")}
    return min((rank for word, rank in ranks.items() if unit.endswith(word)), default=9)


# --------------------------------------------------------------------------- persons


def _persons(normal: str, finds: Sequence[Find], names: list[str]) -> None:
    """Give surnames the full name: of the alias table, else the nearest one before in the text, else one behind."""
    aliases = lexicon.column("person_aliases", "words", "name")
    canonical = {alias: row["name"] for row in lexicon.rows("commanders") for alias in row["alias"].split("|") if alias}
    canonical |= {alias: name for alias, name in aliases.items() if len(alias) > 1}
    full = [
        (index, names[index])
        for index, find in enumerate(finds)
        if find.type == "Person" and find.rule != "person.surname"
    ]
    everyone = {name for _, name in full}
    for index, find in enumerate(finds):
        if find.type != "Person":
            continue
        names[index] = canonical.get(names[index], names[index])
        if find.rule != "person.surname":
            continue
        if aliases.get(find.name) in everyone:
            names[index] = aliases[find.name]
            continue
        behind = [name for at, name in full if at < index and surname(name) == find.name]
        ahead = [name for at, name in full if at > index and surname(name) == find.name]
        if behind or ahead:
            names[index] = behind[-1] if behind else ahead[0]
        else:
            names[index] = aliases.get(find.name) or _by_post(normal, find) or find.name


def _by_post(normal: str, find: Find) -> str:
    """Give the one man of that surname who held the post printed behind it: 薛长官 is 薛岳."""
    posts = {row["words"]: row["name"] for row in lexicon.rows("posts")}
    end = find.span.end
    return next((posts[w] for n in (5, 4, 3, 2) if (w := find.name + normal[end : end + n]) in posts), "")


_NOT_SLIPS = set("东南西北上下大小前后左右新老内外中一二三四五六七八九十")


def _slips(finds: Sequence[Find], names: list[str]) -> None:
    """Give a name that differs in one character from a more frequent one, of its type and length, that one's name."""
    for kind, least in (("Person", 3), ("Place", 3), ("Unit", 4)):
        counts = Counter(
            names[i] for i, find in enumerate(finds) if find.type == kind and not re.search(r"\d", names[i])
        )
        known = (
            lexicon.words("commanders")
            if kind == "Person"
            else lexicon.words("gazetteer")
            if kind == "Place"
            else frozenset()
        )
        renamed = {rare: better for rare in counts if len(rare) >= least and (better := _better(rare, counts, known))}
        for index, find in enumerate(finds):
            if find.type == kind:
                names[index] = renamed.get(names[index], names[index])


def _better(rare: str, counts: Mapping[str, int], known: frozenset[str]) -> str:
    if rare in known:
        return ""
    japanese = lexicon.words("surnames_jp")
    for name in sorted(counts, key=lambda other: -counts[other]):
        enough = counts[name] >= 3 * counts[rare] or (name[:2] in japanese and rare[:2] not in japanese)
        if len(name) != len(rare) or name == rare or not enough:
            continue
        different = [(a, b) for a, b in zip(rare, name, strict=True) if a != b]
        if len(different) != 1:
            continue
        if rare[-1] == name[-1] and not _NOT_SLIPS & set(different[0]):
            return name
    return ""


# --------------------------------------------------------------------------- places


def _places(finds: Sequence[Find], names: Sequence[str]) -> Mapping[str, str]:
    """Give the canonical name of each place: without 城 and 县城, with the full name of a railway."""
    seen = {names[i] for i, find in enumerate(finds) if find.type == "Place"}
    gazetteer = lexicon.weights("gazetteer")
    table = {}
    for name in seen:
        stem = _stem(name)
        railway = _RAILWAY.fullmatch(name)
        if railway and (railway[1] + "铁路" in gazetteer or railway[1] + "铁路" in seen):
            table[name] = railway[1] + "铁路"
        elif stem != name and (stem in seen or (stem in gazetteer and not name.endswith("镇"))):
            table[name] = stem
        elif name + "街" in seen or name + "镇" in seen:
            table[name] = name + "街" if name + "街" in seen else name
    return table


# --------------------------------------------------------------------------- forces


_VOICE = re.compile(r"(?:内容|方针|目的|要旨|大要|要点|命令|电文|训令|计划|任务)(?:是|为|如下|大要)?:")
_NARRATOR = re.compile("日军|日寇|中国军队")


def _voices(document: Document, finds: Sequence[Find], sides: Sequence[str]) -> list[str]:
    """Give the side that speaks at each find: the narrator is Chinese; in a quotation, who is quoted."""
    spoken = _quoted(document, finds, sides)
    planned = _plans(document, finds, sides)
    voices = []
    for find in finds:
        quote = document.quote_at(find.span.start)
        voice = spoken.get(quote.start, "") if quote else ""
        voices.append(voice or planned.get(document.sentence_at(find.span.start), "") or "CN")
    return voices


def _quoted(document: Document, finds: Sequence[Find], sides: Sequence[str]) -> dict[int, str]:
    """Give the speaker's side of each quotation by where it begins: the first side named in its sentence before it."""
    by_sentence = _by_sentence(document, finds)
    return {quote.start: _speaker(document, finds, sides, by_sentence, quote.start) for quote in document.quotes}


def _speaker(
    document: Document, finds: Sequence[Find], sides: Sequence[str], by_sentence: Mapping[int, list[int]], start: int
) -> str:
    """Give the side that is named first before a quotation; a force right before it is what it speaks of."""
    number = document.sentence_at(start)
    for sentence in range(number, max(-1, number - 3), -1):
        if document.paragraph_at(document.sentences[sentence].start) != document.paragraph_at(start):
            break
        inside = [i for i in by_sentence.get(sentence, ()) if finds[i].span.end < start and sides[i] in {"JP", "CN"}]
        if inside:
            return sides[inside[0]]
    return ""


def _by_sentence(document: Document, finds: Sequence[Find]) -> Mapping[int, list[int]]:
    table: dict[int, list[int]] = defaultdict(list)
    for index, find in enumerate(finds):
        table[document.sentence_at(find.span.start)].append(index)
    return table


def _plans(document: Document, finds: Sequence[Find], sides: Sequence[str]) -> dict[int, str]:
    """Give the side that speaks in the sentences of a plan told in its own words, up to where the narrator returns."""
    voices: dict[int, str] = {}
    voice, paragraph = "", -1
    by_sentence = _by_sentence(document, finds)
    last = ""
    for number, sentence in enumerate(document.sentences):
        words = document.normal[sentence.start : sentence.end]
        here = document.paragraph_at(sentence.start)
        if here != paragraph or _NARRATOR.search(words):
            voice, paragraph = "", here
        inside = [i for i in by_sentence.get(number, ()) if sides[i] in {"JP", "CN"}]
        first = sides[inside[0]] if inside else ""
        said = _VOICE.search(words)
        if said:
            before = [i for i in inside if finds[i].span.start < sentence.start + said.start()]
            voice = sides[before[0]] if before else voice or last
        last = first or last
        if voice:
            voices[number] = voice
    return voices


def _side_before(document: Document, finds: Sequence[Find], sides: Sequence[str], index: int) -> str:
    """Give the side of the nearest find before that has one, in the sentence."""
    start = document.sentences[document.sentence_at(finds[index].span.start)].start if document.sentences else 0
    for other in range(index - 1, -1, -1):
        if finds[other].span.start < start:
            break
        if sides[other] in {"CN", "JP"}:
            return sides[other]
    return ""


def _force(normal: str, find: Find, voice: str, near: str) -> str:
    if not find.side.startswith("?"):
        return f"{find.side}/{find.name}"
    kind = find.side[1:]
    if kind == "种":
        return f"{near or 'CN'}/{normal[find.span.start : find.span.end]}"
    before = normal[max(0, find.span.start - 3) : find.span.start]
    if kind == "敌":
        return "CN/" if voice == "JP" else "JP/"
    if kind == "我":
        return f"{voice}/"
    return "JP/" if before.endswith(("日军", "敌", "日军的", "日")) else "CN/"


def unsure(finds: Iterable[Find]) -> list[bool]:
    """Tell of each find whether its reading is doubtful."""
    return [find.unsure for find in finds]
