"""A loss whose word counts several things -> one loss for each figure: 缴步枪40支,机枪2挺; 毙伤日军90名、伪军30名."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from graph.model import Mention
from graph.reader.clauses import Clause
from graph.reader.drafts import Draft, Filler

# What each figure has of its own.
_OWN = frozenset({"Amount", "Materiel", "Of"})
# The first figure stands within so many characters after the word.
_NEAR = 24


def apart(clause: Clause, draft: Draft, patterns: Mapping[str, re.Pattern[str]]) -> Iterator[Draft]:
    """Give the loss, and after it one for each further figure that its word counts."""
    view = clause.view
    amounts = draft.fillers("Amount")
    places = range(clause.hit.end, clause.hit.end + _NEAR)
    at = next((i for i in places if view.mentions.get(i) in amounts), None)
    more = patterns["figures"].match(view.text, at + 1) if at is not None else None
    if at is None or more is None:
        yield draft
        return
    first = view.mentions[at]
    yield replace(draft, roles=tuple(r for r in draft.roles if r[0] not in _OWN or _before(r[1], first)))
    for figure in patterns["figure"].finditer(view.text, more.start(), more.end()):
        told = {name: view.mentions[figure.start(name)] for name in ("Of", "Materiel", "Amount") if figure[name]}
        shared = (r for r in draft.roles if r[0] not in {"Amount", "Materiel", *told})
        kept = (r for r in shared if r[0] != "Of" or _before(r[1], first))
        yield replace(draft, roles=(*kept, *told.items()))


def _before(filler: Filler, amount: Mention) -> bool:
    """Tell whether a filler is no mention behind a figure."""
    return isinstance(filler, str) or filler.span.start <= amount.span.start
