"""Drafts of orders, and lists of troops -> which formations stood under which command in the battle."""

import re
from collections.abc import Iterator, Mapping, Sequence

from graph.model import Mention
from graph.reader.discourse import Discourse
from graph.reader.document import Document
from graph.reader.drafts import Draft
from graph.reader.echelons import echelons
from graph.reader.relations import Tie
from graph.reader.skeleton import CODES, MentionIndex, Skeleton, skeleton

_BATTLE: Mapping[str, str] = {"kind": "battle"}


def dispositions(
    document: Document, mentions: MentionIndex, drafts: Sequence[Draft], discourse: Discourse
) -> Iterator[Tie]:
    """Give who stood under whom, once for each pair: those that a command orders, and those that a list names."""
    seen: set[tuple[str, str]] = set()
    told = (
        _ordered(drafts, discourse),
        _listed(document, mentions, drafts, discourse),
        _used(document, mentions, discourse),
    )
    for tie in (tie for ties in told for tie in ties):
        pair = (tie.subject.canonical, tie.object.canonical)
        if pair not in seen:
            seen.add(pair)
            yield tie


def _ordered(drafts: Sequence[Draft], discourse: Discourse) -> Iterator[Tie]:
    for draft in drafts:
        if draft.type == "Order":
            for whole in _agents(draft, discourse):
                for part in draft.fillers("Recipient"):
                    if isinstance(part, Mention) and echelons().under(part, whole):
                        yield Tie("part.ordered", "partOf", part, whole, draft.trigger.start, _BATTLE)


def _agents(draft: Draft, discourse: Discourse) -> Sequence[Mention]:
    return discourse.troops([f for f in draft.fillers("Agent") if isinstance(f, Mention)])


def _used(document: Document, mentions: MentionIndex, discourse: Discourse) -> Iterator[Tie]:
    """Give the units with which a commander acts: 横山勇以第3师团与第13师团缠住."""
    for sentence in document.sentences:
        view = skeleton(document, sentence, mentions)
        for match in echelons().uses.finditer(view.text):
            parts = [view.mentions[i] for i in range(*match.span("parts")) if i in view.mentions]
            for whole in discourse.troops([view.mentions[match.start()]]):
                for part in parts:
                    if echelons().under(part, whole):
                        yield Tie("part.used", "partOf", part, whole, view.starts[match.start()], _BATTLE)


def _listed(document: Document, mentions: MentionIndex, drafts: Sequence[Draft], discourse: Discourse) -> Iterator[Tie]:
    command: Mention | None = None
    latest: Mention | None = None
    for sentence in document.sentences:
        view = skeleton(document, sentence, mentions)
        heading = echelons().heading.search(view.text)
        if heading:
            command = _command(view, heading, latest, drafts, discourse)
        items = _items(view, heading.end() if heading else 0)
        if not heading and not (items and items[0][0] <= 8 and view.text[:1] != CODES["Date"]):
            command = None
        for at, unit in items if command else ():
            if command and echelons().under(unit, command):
                yield Tie("part.listed", "partOf", unit, command, view.starts[at], _BATTLE)
        latest = next((m for _, m in sorted(view.mentions.items()) if echelons().commands(m)), latest)


def _command(
    view: Skeleton, heading: re.Match[str], latest: Mention | None, drafts: Sequence[Draft], discourse: Discourse
) -> Mention | None:
    """Give whose troops a list names: named before it, or by 其, or who planned or ordered last."""
    before = [m for at, m in sorted(view.mentions.items()) if at < heading.start() and echelons().commands(m)]
    if before or view.text[: heading.start()].endswith("其"):
        return before[-1] if before else latest
    at = view.starts[heading.start()]
    spoken = [d for d in drafts if d.type in {"Order", "Plan"} and d.trigger.start < at]
    agents = [m for m in _agents(spoken[-1], discourse) if echelons().commands(m)] if spoken else []
    return agents[0] if agents else latest


def _items(view: Skeleton, start: int) -> Sequence[tuple[int, Mention]]:
    """Give the units at the heads of a list's items: first in it, or after a separator."""
    units = [(at, m) for at, m in sorted(view.mentions.items()) if at >= start and m.type == "Unit"]
    return [(at, m) for at, m in units if at == start or view.text[at - 1] in "、,:;和及与" or (at, m) == units[0]]
