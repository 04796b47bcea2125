"""Who speaks at each place in a text, and so which side 敌, 我 and 守军 are."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from graph.reader.document import Document
from graph.reader.finds import Find

_SIDES = frozenset(["CN", "JP"])
_PLAN = re.compile(r"(?:内容|方针|目的|要旨|大要|要点|命令|电文|训令|计划|任务)(?:是|为|如下|大要)?:")
_CALLED = re.compile("(?P<whose>敌军?|我军?)(?:之|的)?$")
_NARRATOR = re.compile("日军|日寇|中国军队")


def forces(document: Document, finds: Sequence[Find], sides: Sequence[str]) -> Mapping[int, str]:
    """Give the canonical name of each force, by its index."""
    by_sentence = _by_sentence(document, finds)
    narrator = _narrator(document.normal, finds, sides)
    quoted = {quote.start: _speaker(document, finds, sides, by_sentence, quote.start) for quote in document.quotes}
    planned = _plans(document, finds, sides, by_sentence)
    names = {}
    for index, find in enumerate(finds):
        if find.type != "Force":
            continue
        sentence = document.sentence_at(find.span.start)
        quote = document.quote_at(find.span.start)
        voice = (quoted[quote.start] if quote else "") or planned.get(sentence, "") or narrator
        near = [sides[i] for i in by_sentence[sentence] if i < index and sides[i] in _SIDES]
        names[index] = _name(document.normal, find, voice, near[-1] if near else "CN")
    return names


def _narrator(normal: str, finds: Sequence[Find], sides: Sequence[str]) -> str:
    """Give the narrator's side: JP where more formations called 敌 are Chinese than Japanese."""
    votes = 0
    for find, side in zip(finds, sides, strict=True):
        if find.type == "Unit" and side in _SIDES and find.side == side:
            match = _CALLED.search(normal[max(0, find.span.start - 3) : find.span.start])
            if match:
                votes += (1 if side == "CN" else -1) * (1 if match["whose"].startswith("敌") else -1)
    return "JP" if votes > 0 else "CN"


def _by_sentence(document: Document, finds: Sequence[Find]) -> Mapping[int, list[int]]:
    table: dict[int, list[int]] = defaultdict(list)
    for index, find in enumerate(finds):
        table[document.sentence_at(find.span.start)].append(index)
    return table


def _speaker(
    document: Document, finds: Sequence[Find], sides: Sequence[str], by_sentence: Mapping[int, list[int]], start: int
) -> str:
    """Give the side that is named first before a quotation; a force right before it is what it speaks of."""
    number = document.sentence_at(start)
    for sentence in range(number, max(-1, number - 3), -1):
        if document.paragraph_at(document.sentences[sentence].start) != document.paragraph_at(start):
            break
        before = (sides[i] for i in by_sentence.get(sentence, ()) if finds[i].span.end < start and sides[i] in _SIDES)
        side = next(before, "")
        if side:
            return side
    return ""


def _plans(
    document: Document, finds: Sequence[Find], sides: Sequence[str], by_sentence: Mapping[int, list[int]]
) -> Mapping[int, str]:
    """Give the side that speaks in the sentences of a plan told in its own words, up to where the narrator returns."""
    voices: dict[int, str] = {}
    voice, last, paragraph = "", "", -1
    for number, sentence in enumerate(document.sentences):
        words = document.normal[sentence.start : sentence.end]
        if document.paragraph_at(sentence.start) != paragraph or _NARRATOR.search(words):
            voice, paragraph = "", document.paragraph_at(sentence.start)
        inside = [i for i in by_sentence.get(number, ()) if sides[i] in _SIDES]
        said = _PLAN.search(words)
        if said:
            before = (sides[i] for i in inside if finds[i].span.start < sentence.start + said.start())
            voice = next(before, voice or last)
        last = sides[inside[0]] if inside else last
        if voice:
            voices[number] = voice
    return voices


def _name(normal: str, find: Find, voice: str, near: str) -> str:
    """Give the side: 敌 is who is against the speaker; a branch, 海军, is of the side named before it."""
    if not find.side.startswith("?"):
        return f"{find.side}/{find.name}"
    kind = find.side[1:]
    if kind == "种":
        return f"{near}/{normal[find.span.start : find.span.end]}"
    if kind == "敌":
        return "CN/" if voice == "JP" else "JP/"
    if kind == "我":
        return f"{voice}/"
    return "JP/" if re.search("(?:日军的?|敌|日)$", normal[max(0, find.span.start - 3) : find.span.start]) else "CN/"
