"""Drafts of orders, and lists of troops -> which formations stood under which command in the battle, and how many."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from graph.model import Mention
from graph.reader.discourse import Discourse
from graph.reader.document import Document
from graph.reader.drafts import Draft
from graph.reader.echelons import echelons
from graph.reader.listings import in_one_breath, listed
from graph.reader.relations import Tie
from graph.reader.skeleton import CODES, MentionIndex, Skeleton, skeleton

_BATTLE: Mapping[str, str] = {"kind": "battle"}
# The first item of a list's next sentence stands within this many characters; a sum within as many sentences.
_HEAD = 8
_SUMS = 8
_COMMANDS = 12
# So many units of one man are looked at before and behind.
_LED = 40


def dispositions(
    document: Document, mentions: MentionIndex, drafts: Sequence[Draft], discourse: Discourse
) -> Iterator[Tie]:
    """Give who stood under whom, once for each pair: those that a command orders, and those that a list names."""
    seen: set[tuple[str, str, str]] = set()
    lists = Lists(document, mentions, drafts, discourse)
    told = (
        listed(document, mentions),
        in_one_breath(document, mentions),
        _ordered(drafts, discourse),
        lists.ties(),
        _used(document, mentions, discourse),
    )
    for tie in (tie for ties in told for tie in ties):
        key = (tie.type, tie.subject.canonical, tie.object.canonical)
        if key not in seen:
            seen.add(key)
            yield tie


def _ordered(drafts: Sequence[Draft], discourse: Discourse) -> Iterator[Tie]:
    for draft in drafts:
        if draft.type == "Order":
            for whole in _agents(draft, discourse):
                for part in draft.fillers("Recipient"):
                    if isinstance(part, Mention) and echelons().stands(part, whole):
                        kind = {"kind": echelons().kind(whole)}
                        yield Tie("part.ordered", "partOf", part, whole, draft.trigger.start, kind)


def _agents(draft: Draft, discourse: Discourse) -> Sequence[Mention]:
    return discourse.troops([f for f in draft.fillers("Agent") if isinstance(f, Mention)])


def _used(document: Document, mentions: MentionIndex, discourse: Discourse) -> Iterator[Tie]:
    """Give the units with which a commander acts, 横山勇以第3师团与第13师团缠住, or that one of a named force leads."""
    for sentence in document.sentences:
        view = skeleton(document, sentence, mentions)
        for name in ("uses", "leads"):
            for match in echelons().patterns[name].finditer(view.text):
                man = view.mentions[match.start()]
                for part in (view.mentions[i] for i in range(*match.span("parts")) if i in view.mentions):
                    whole = _whole(discourse, man, part, named=name == "leads")
                    if whole:
                        yield Tie(f"part.{name}", "partOf", part, whole, view.starts[match.start()], _BATTLE)


def _whole(discourse: Discourse, man: Mention, part: Mention, *, named: bool) -> Mention | None:
    """Give the command of a man, the nearest before, in which the part may stand; with `named` only one of his name."""
    units = discourse.units_of_person.get(man.canonical, ())
    position = bisect_right(units, man.span.start, key=lambda pair: pair[0])
    nearest = (unit for _, unit in (*reversed(units[max(0, position - _LED) : position]), *units[position:][:_LED]))
    fits = (unit for unit in nearest if echelons().under(part, unit))
    return next((unit for unit in fits if man.canonical in unit.canonical or not named), None)


class Lists:
    """The lists of troops in a document."""

    def __init__(
        self, document: Document, mentions: MentionIndex, drafts: Sequence[Draft], discourse: Discourse
    ) -> None:
        self.document = document
        self.mentions = mentions
        self.discourse = discourse
        self.spoken = [draft for draft in drafts if draft.type in {"Order", "Plan"}]
        # The commands named so far, the last one at the end.
        self.commands: list[Mention] = []

    def ties(self) -> Iterator[Tie]:
        """Give what stands in each list under its command, and the sums after it."""
        command: Mention | None = None
        summed: Mention | None = None
        since = 0
        for sentence in self.document.sentences:
            view = skeleton(self.document, sentence, self.mentions)
            heading = echelons().patterns["heading"].search(view.text)
            items = _items(view, heading.end() if heading else 0)
            if heading:
                command = self._command(view, heading, items)
            elif not (items and items[0][0] <= _HEAD and view.text[:1] != CODES["Date"]):
                command = None
            summed, since = (command, 0) if command else (summed, since + 1)
            for at, unit in items if command else ():
                if command and echelons().under(unit, command):
                    yield Tie("part.listed", "partOf", unit, command, view.starts[at], _BATTLE)
            if summed and since <= _SUMS:
                for number in self._sums(view):
                    yield Tie("strength.sum", "strength", summed, number, number.span.start)
            self.commands += [m for _, m in sorted(view.mentions.items()) if echelons().commands(m)]
            del self.commands[:-_COMMANDS]

    def _command(self, view: Skeleton, heading: re.Match[str], items: Sequence[tuple[int, Mention]]) -> Mention | None:
        """Give whose troops a list names: named before it, or who planned or ordered last, or the last of its side."""
        parts = [unit for _, unit in items]
        before = [m for at, m in sorted(view.mentions.items()) if at < heading.start() and echelons().commands(m)]
        at = view.starts[heading.start()]
        spoken = [draft for draft in self.spoken if draft.trigger.start < at][-1:]
        agents = [m for draft in spoken for m in _agents(draft, self.discourse) if echelons().commands(m)]
        own = view.text[: heading.start()].endswith("其")
        for known in (before, () if own else agents, self.commands):
            fits = [m for m in known if any(echelons().under(part, m) for part in parts)]
            if fits:
                return fits[-1]
        return None

    def _sums(self, view: Skeleton) -> Iterator[Mention]:
        whole = skeleton(
            self.document,
            self.document.sentences[self.document.sentence_at(view.starts[0])],
            self.mentions,
            brackets=True,
        )
        for name, seen in (("sums", whole), ("sums_outside", view)):
            match = echelons().patterns[name].search(seen.text)
            if match:
                span = range(*match.span("numbers"))
                yield from (seen.mentions[i] for i in span if i in seen.mentions and seen.mentions[i].type == "Number")


def _items(view: Skeleton, start: int) -> Sequence[tuple[int, Mention]]:
    """Give the units at the heads of a list's items, first in it or after a mark; of 第13师团第26旅团 the last."""
    units = [(at, m) for at, m in sorted(view.mentions.items()) if at >= start and m.type == "Unit"]
    heads = [(at, m) for at, m in units if at == start or view.text[at - 1] in "、,:;和及与" or (at, m) == units[0]]
    return [(at, _last_of_run(view, at)) for at, _ in heads]


def _last_of_run(view: Skeleton, at: int) -> Mention:
    while at + 1 in view.mentions and view.mentions[at + 1].type == "Unit":
        at += 1
    return view.mentions[at]
