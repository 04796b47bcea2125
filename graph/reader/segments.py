"""A text -> where its words begin, by the most probable path through the table of everyday words."""

import math
from functools import cache

from graph.reader import lexicon

LONGEST = 4
# What a character costs that belongs to no word of the table, in natural logarithms.
UNKNOWN = 11.5
# Words of the trade that running text knows too little of, and what they cost.
TRADE = ("place_before", "place_after", "person_verbs", "battle_suffixes", "titles", "forces", "troop_kinds")
WORD = 10.0
# What a name of the gazetteer costs, by its level: a name alone, a name in the right place, a likely one.
PLACE = {3.0: 11.0, 2.0: 13.0, 1.0: 19.0}


@cache
def costs() -> dict[str, float]:
    """Give the cost of every everyday word: the negative logarithm of its share of running text."""
    frequencies = lexicon.weights("words")
    total = math.log(sum(frequencies.values()) * 2)
    table = {word: total - math.log(frequency) for word, frequency in frequencies.items()}
    for name in TRADE:
        table |= {word: WORD for word in lexicon.words(name) if 1 < len(word) <= LONGEST and table.get(word, 99) > WORD}
    return {name: PLACE[level] for name, level in lexicon.weights("gazetteer").items() if name not in table} | table


def starts(text: str) -> bytearray:
    """Give one mark a character: 1 where a word begins, 0 within a word; the text's end is marked too.

    >>> list(starts("我军向敌人进攻"))
    [1, 0, 1, 1, 0, 1, 0, 1]
    """
    table = costs()
    size = len(text)
    best = [0.0] * (size + 1)
    step = [1] * (size + 1)
    get = table.get
    for position in range(size - 1, -1, -1):
        low = best[position + 1] + UNKNOWN
        chosen = 1
        for length in (2, 3, 4):
            cost = get(text[position : position + length])
            if cost is not None and position + length <= size and best[position + length] + cost < low:
                low, chosen = best[position + length] + cost, length
        best[position], step[position] = low, chosen
    marks = bytearray(size + 1)
    position = 0
    while position < size:
        marks[position] = 1
        position += step[position]
    marks[size] = 1
    return marks
