"""Persons' names -> their full names; a slip of the pen or the press -> the name that is meant."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from graph.reader import lexicon
from graph.reader.finds import Find
from graph.reader.surnames import surname

# Types whose names are mended, the characters the shortest such name has, and the table of names that are right.
_MENDED = (("Person", 3, "commanders"), ("Place", 3, "gazetteer"), ("Unit", 4, "named_units"))
# How much more often the right name stands in the text.
OFTENER = 3
_NO_SLIP = frozenset("东南西北上下大小前后左右新老内外中一二三四五六七八九十")


def full_names(normal: str, finds: Sequence[Find], names: list[str]) -> None:
    """Put the full name in place of each person's alias, or surname: the nearest before in the text, else behind."""
    aliases = lexicon.column("person_aliases", "words", "name")
    canonical = dict(_foreign_aliases()) | {alias: name for alias, name in aliases.items() if len(alias) > 1}
    bearers: dict[str, list[int]] = defaultdict(list)
    for index, find in enumerate(finds):
        if find.type == "Person" and find.rule != "person.surname":
            names[index] = canonical.get(names[index], names[index])
            bearers[surname(names[index])].append(index)
    everyone = {names[index] for indexes in bearers.values() for index in indexes}
    for index, find in enumerate(finds):
        if find.type != "Person" or find.rule != "person.surname":
            continue
        here = bearers.get(find.name, [])
        if aliases.get(find.name) in everyone:
            names[index] = aliases[find.name]
        elif here:
            names[index] = names[here[max(0, bisect_left(here, index) - 1)]]
        else:
            names[index] = aliases.get(find.name) or _by_post(normal, find) or find.name


def _foreign_aliases() -> Iterator[tuple[str, str]]:
    for row in lexicon.rows("commanders"):
        for alias in filter(None, row["alias"].split("|")):
            yield alias, row["name"]


def _by_post(normal: str, find: Find) -> str:
    """Give the one man of that surname who held the post printed behind it: 薛长官 is 薛岳."""
    posts = lexicon.column("posts", "words", "name")
    behind = (find.name + normal[find.span.end : find.span.end + size] for size in (5, 4, 3, 2))
    return next((posts[words] for words in behind if words in posts), "")


def mend(finds: Sequence[Find], names: list[str]) -> None:
    """Put a more frequent name in place of one that differs from it in one character, type and length the same."""
    for kind, least, table in _MENDED:
        indexes = [i for i, find in enumerate(finds) if find.type == kind and not re.search(r"\d", names[i])]
        meant = _meant(Counter(names[i] for i in indexes if len(names[i]) >= least), lexicon.words(table))
        for index in indexes:
            names[index] = meant.get(names[index], names[index])


def _meant(counts: Mapping[str, int], known: frozenset[str]) -> Mapping[str, str]:
    """Give the right name for each slip. Names are compared only where they agree in all characters but one."""
    alike: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name in counts:
        for position in range(len(name)):
            alike[position, name[:position] + "\0" + name[position + 1 :]].append(name)
    meant: dict[str, str] = {}
    for (position, _), family in sorted(alike.items()):
        for rare in family:
            for name in family:
                if rare not in known and _is_slip(rare, name, position, counts):
                    better = meant.get(rare)
                    meant[rare] = name if better is None or counts[name] > counts[better] else better
    return meant


def _is_slip(rare: str, name: str, position: int, counts: Mapping[str, int]) -> bool:
    if name == rare or position == len(rare) - 1 or not _NO_SLIP.isdisjoint({rare[position], name[position]}):
        return False
    japanese = lexicon.words("surnames_jp")
    return counts[name] >= OFTENER * counts[rare] or (name[:2] in japanese and rare[:2] not in japanese)
