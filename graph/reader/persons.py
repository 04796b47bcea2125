"""Persons by name: where the words around show one, then wherever the text repeats the name or the surname alone."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from graph.model import Span
from graph.reader import lexicon
from graph.reader.finds import HOLE, Find
from graph.reader.person_evidence import LED_BY, evidence, listed, titles
from graph.reader.surnames import Named, names, surname


def find(normal: str, units: Sequence[Span], blocked: Sequence[Span]) -> list[Named]:
    """Give the persons of a text in order; `units` end where a commander may stand, `blocked` are no names."""
    closed = _mask(normal, [*units, *blocked])
    shown = [named for named in evidence(normal, units) if HOLE not in closed[named.span.start : named.span.end]]
    believed = _believed(named for named in shown if named.rule != "person.surname")
    believed |= {named.name: named for named in listed(normal, believed)}
    found = list(_everywhere(normal, believed))
    found = _with(found, (named for named in shown if named.rule == "person.surname"))
    found = _with(found, _by_surname(closed, believed))
    found = _with(found, _alone(closed, found))
    return sorted(found, key=lambda named: named.span)


def _mask(normal: str, spans: Iterable[Span]) -> str:
    """Give the text with the spans blotted out."""
    characters = list(normal)
    for span in spans:
        characters[span.start : span.end] = HOLE * (span.end - span.start)
    return "".join(characters)


def _with(found: Sequence[Named], more: Iterable[Named]) -> list[Named]:
    """Give the names found and those of `more` that begin outside them."""
    taken = {position for named in found for position in range(named.span.start, named.span.end)}
    added = {named.span: named for named in more if named.span.start not in taken}
    return [*found, *added.values()]


def _believed(shown: Iterable[Named]) -> dict[str, Named]:
    """Give names with their best reading; of a name and the same with one character more, the more frequent."""
    counts: Counter[str] = Counter()
    best: dict[str, Named] = {}
    for named in shown:
        counts[named.name] += 1
        best.setdefault(named.name, named)
    table = names().table
    for name in sorted(best, key=len, reverse=True):
        shorter = name[:-1]
        if shorter in best and name not in table:
            best.pop(name if counts[shorter] > counts[name] or shorter in table else shorter, None)
    return best


def _everywhere(normal: str, believed: Mapping[str, Named]) -> Iterator[Named]:
    """Give every occurrence of the names in the text."""
    for start, word in lexicon.Scanner.of(believed).find(normal):
        yield Named(Span(start, start + len(word)), word, believed[word].side, believed[word].rule)


# --------------------------------------------------------------------------- surnames


def _by_surname(closed: str, believed: Mapping[str, Named]) -> Iterator[Named]:
    """Give surnames with a title, 薛长官, 松井总参谋长; one that is a word too needs its full name in the text."""
    tables = names()
    known = {surname(name) for name in believed}
    for match in titles().finditer(closed):
        start = match.start()
        pair, single = closed[max(0, start - 2) : start], closed[max(0, start - 1) : start]
        if pair in tables.japanese and (pair in known or pair not in tables.common):
            yield Named(Span(start - 2, start), pair, "JP", "person.surname")
        elif _may_be_surname(single, known) and _apart(closed, start - 1, known=single in known):
            yield Named(Span(start - 1, start), single, "", "person.surname")


def _may_be_surname(single: str, known: Collection[str]) -> bool:
    tables = names()
    plain = single in tables.chinese and single not in tables.wordlike
    return (plain or single in known) and single not in tables.function


def _apart(closed: str, at: int, *, known: bool) -> bool:
    """Tell whether the character is no part of an everyday word with its neighbours."""
    common = names().common
    joined = closed[max(0, at - 1) : at + 1] in common or closed[at : at + 2] in common
    return not joined or (known and not closed[at - 1 : at].isalpha())


_AFTER_ALONE = re.compile("[的乃即遂令命率认镇不有于在亲因见说曰已又仍]")


def _alone(closed: str, found: Sequence[Named]) -> Iterator[Named]:
    """Give surnames alone where the full name stands before: 阿南没有采纳; one character only before a verb or 的."""
    seen: dict[str, int] = {}
    for named in sorted((n for n in found if n.rule != "person.surname"), key=lambda n: n.span):
        seen.setdefault(surname(named.name), named.span.end)
    towns = lexicon.weights("gazetteer")
    for start, word in lexicon.Scanner.of(seen).find(closed):
        end = start + len(word)
        if start < seen[word]:
            continue
        if len(word) > 1:
            stands = not LED_BY.match(closed, end) and towns.get(word, 0) < 2
        else:
            stands = word not in names().wordlike and _stands_alone(closed, start)
        if stands:
            yield Named(Span(start, end), word, "", "person.surname")


def _stands_alone(closed: str, start: int) -> bool:
    common = names().common
    if closed[start : start + 2] in common or closed[max(0, start - 1) : start + 1] in common:
        return False
    opens = start == 0 or not closed[start - 1].isalpha() or closed[start - 1] in "劝对向按被与给奉由让"
    return opens and bool(_AFTER_ALONE.match(closed, start + 1))


def as_find(named: Named) -> Find:
    """Give the find of a person."""
    return Find("Person", named.span, named.name, named.rule, named.side)
