"""Drafts -> drafts with orders, plans and reports tied to what they say, and to whom they say it."""

from collections.abc import Sequence
from dataclasses import replace

from graph.model import Mention
from graph.reader.drafts import Draft, Filler


def addressed(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Give the drafts; an order without a recipient goes to those who act in what it orders, on the orderer's side."""
    contents: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.said_by is not None and not draft.aside:
            contents.setdefault(draft.said_by, []).append(draft)
    return tuple(_addressed(draft, contents.get(draft.trigger.start, ())) for draft in drafts)


def _addressed(draft: Draft, contents: Sequence[Draft]) -> Draft:
    if draft.type != "Order" or draft.fillers("Recipient"):
        return draft
    agents = draft.fillers("Agent")
    own = {_name(agent) for agent in agents}
    sides = {_side(agent) for agent in agents if _side(agent)}
    found: dict[str, tuple[str, Filler]] = {}
    for content in contents:
        for filler in content.fillers("Agent"):
            if _name(filler) not in own and (not sides or _side(filler) in sides or _side(filler) is None):
                found.setdefault(_name(filler), ("Recipient", filler))
    return replace(draft, roles=draft.roles + tuple(found.values()))


def _name(filler: Filler) -> str:
    return filler.removeprefix("@") if isinstance(filler, str) else filler.canonical


def _side(filler: Filler) -> str | None:
    if isinstance(filler, Mention) and filler.type == "Person":
        return None
    side, slash, _ = _name(filler).partition("/")
    return side if slash else None
