"""Things counted, destroyed, cut or taken: 迫击炮 beside 43门, 浮桥 after 炸毁."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from graph.model import Span
from graph.reader import lexicon
from graph.reader.finds import Find, Taken


@cache
def things() -> lexicon.Scanner[str]:
    """Give the scanner for the things of the table."""
    return lexicon.Scanner.of({word: word for word in lexicon.words("materiel")})


@cache
def _destroyed() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give the patterns of what a verb of destruction reaches behind it, and of such a verb soon after its object."""
    verbs = lexicon.pattern("destruction_verbs")
    return re.compile(rf"(?:{verbs})[^。,;\n]{{0,36}}"), re.compile(
        rf"[^。,;\n]{{0,3}}[被遭均全][^。,;\n]{{0,5}}(?:{verbs})"
    )


def find(normal: str, counts: Sequence[Find]) -> Iterator[Find]:
    """Give the things beside a count that is none of formations, and those destroyed, cut or taken."""
    edges = {edge for count in counts if count.rule != "number.unit" for edge in (count.span.start, count.span.end)}
    before, behind = _destroyed()
    reached = Taken.of(len(normal))
    for match in before.finditer(normal):
        reached.take(Span(match.start(), match.end()))
    for start, word in things().find(normal):
        end = start + len(word)
        beside = not edges.isdisjoint({start, end, start - 1, end + 1})
        if beside or reached.marks[start] or behind.match(normal, end):
            yield Find("Materiel", Span(start, end), word, "materiel.table")
