"""Places: from the gazetteer, by the preposition or verb before, the word of position behind, and the ending.

Each stretch that may be a place is weighed; the tables of the lexicon carry the weights.
"""

import re
from collections.abc import Iterator, Sequence

from graph.model import Span
from graph.reader import lexicon, segments
from graph.reader.finds import Find
from graph.reader.place_weights import HEAD, NEVER, Weigher

# What a stretch must weigh; what one must that is found again; what the characters of a list's member must.
LEAST, LEAST_AGAIN, MEMBER = 3.0, 1.0, -0.8
# Where what stands before and behind weighs so much, the characters themselves weigh at worst so much.
STRONG, AT_WORST = 2.0, -1.2
# How much more a place that overlaps an earlier one must weigh to win.
MARGIN = 0.4
LONGEST = 6


def find(closed: str, known_places: Sequence[Span]) -> list[Find]:
    """Give the places in a text whose other mentions are blotted out with U+0001."""
    weigher = Weigher(closed, segments.starts(closed), {span.end for span in known_places})
    taken: list[Find] = []
    for match in re.finditer(r"[^\W\d_]+", closed):
        taken.extend(_in_run(weigher, match.start(), match.end()))
    taken += _earlier_in_list(weigher, taken)
    return sorted([*taken, *_again(weigher, taken)], key=lambda find: find.span)


def _earlier_in_list(weigher: Weigher, found: Sequence[Find]) -> Iterator[Find]:
    """Give the members of a list before one that is a place: 界牌、观音阁、潭埠之线."""
    covered = {find.span.end for find in found}
    for find in found:
        stop = find.span.start - 1
        while stop > 1 and weigher.text[stop] == "、" and stop not in covered:
            start = next((stop - n for n in (2, 3, 4, 5) if _member(weigher, stop - n, stop)), None)
            if start is None:
                break
            covered.add(stop)
            yield Find("Place", Span(start, stop), weigher.text[start:stop], "place.list")
            stop = start - 1


def _member(weigher: Weigher, start: int, stop: int) -> bool:
    name = weigher.text[max(0, start) : stop]
    return start >= 0 and name.isalpha() and weigher.left(start) >= HEAD and weigher.inner(start, stop) >= MEMBER


def _in_run(weigher: Weigher, start: int, end: int) -> Iterator[Find]:
    """Give the places in one run of characters between marks, from the left; a weightier one that overlaps wins."""
    weighed: dict[int, tuple[float, int] | None] = {}

    def best_at(position: int) -> tuple[float, int] | None:
        if position not in weighed:
            weighed[position] = _best_at(weigher, position, end)
        return weighed[position]

    position = start
    while position < end - 1:
        best = best_at(position)
        if best is None or any(
            rival[0] > best[0] + MARGIN for p in range(position + 1, best[1]) if (rival := best_at(p))
        ):
            position += 1
            continue
        stop = best[1]
        weigher.places.add(stop)
        for near in (stop, stop + 1, stop + 2):
            weighed.pop(near, None)
        yield Find("Place", Span(position, stop), weigher.text[position:stop], "place.context")
        position = stop


def _best_at(weigher: Weigher, start: int, end: int) -> tuple[float, int] | None:
    """Give the weight and end of the likeliest place that begins at `start`, the longer of two that weigh the same."""
    left = weigher.left(start)
    if left < 0 and not weigher.named(start):
        return None
    best: tuple[float, int] | None = None
    for stop in range(start + 2, min(end, start + LONGEST) + 1):
        right, inner = weigher.right(stop), weigher.inner(start, stop)
        if left >= STRONG and right >= STRONG and inner > NEVER:
            inner = max(inner, AT_WORST)
        weight = left + right + inner
        if weight >= LEAST and (best is None or weight >= best[0]):
            best = (weight, stop)
    return best


def _again(weigher: Weigher, found: Sequence[Find]) -> Iterator[Find]:
    """Give further occurrences of the places found, where the words around do not speak against them."""
    covered = {position for find in found for position in range(find.span.start, find.span.end)}
    for start, word in lexicon.Scanner.of({find.name: find for find in found}).find(weigher.text):
        span = Span(start, start + len(word))
        if start in covered or span.end - 1 in covered:
            continue
        weight = weigher.left(start) + weigher.right(span.end) + max(0.0, weigher.inner(start, span.end))
        if weight >= LEAST_AGAIN:
            yield Find("Place", span, word, "place.again")


def heights(closed: str) -> Iterator[Find]:
    """Give hills named by their height: 204高地, 653.5高地."""
    for match in re.finditer(r"(?<![\d.])\d{2,4}(?:\.\d{1,2})?高地", closed):
        yield Find("Place", Span(match.start(), match.end()), match[0], "place.height")


def letters(closed: str) -> Iterator[Find]:
    """Give provinces by their one letter, where they border or are counted: 湘、赣边境, 鄂、桂、粤3省."""
    names = lexicon.column("province_letters", "word", "name")
    keys = "".join(names)
    for match in re.finditer(
        rf"[{keys}](?:[、,]?[{keys}]){{0,4}}(?=边|两省|三省|四省|各省|省|境|\d省|地区|交界)", closed
    ):
        for offset, letter in enumerate(match[0]):
            if letter in names:
                start = match.start() + offset
                yield Find("Place", Span(start, start + 1), names[letter], "place.letter")
