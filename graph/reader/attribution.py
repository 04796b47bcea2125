"""Drafts of losses -> losses with who claims the figure, and whether the narrator disputes it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from graph.model import Mention
from graph.reader.document import Document
from graph.reader.drafts import Draft
from graph.reader.rules import FOLDER, toml
from graph.reader.skeleton import MentionIndex, Skeleton, pattern, skeleton


@dataclass(frozen=True, slots=True)
class Claims:
    """The compiled patterns of `rules/attribution.toml`."""

    claims: tuple[re.Pattern[str], ...]
    doubts: re.Pattern[str]


@cache
def claims() -> Claims:
    """Give the shipped patterns."""
    content = toml(FOLDER / "attribution.toml")
    return Claims(tuple(pattern(source) for source in content["claims"]), re.compile(content["doubts"]))


def attributed(document: Document, mentions: MentionIndex, drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Give the drafts; a loss gets its Claimant where the sentence, or the one before its semicolon, names one."""
    claimant: Mention | None = None
    doubted, current = False, -1
    for draft in drafts:
        if draft.type != "Loss":
            yield draft
            continue
        number = document.sentence_at(draft.trigger.start)
        if number != current:
            goes_on = current == number - 1 and document.normal[document.sentences[current].end - 1] == ";"
            view = skeleton(document, document.sentences[number], mentions, brackets=True)
            found = _claimant(view)
            claimant = found or (claimant if goes_on else None)
            doubted = (bool(claimant) and bool(claims().doubts.search(view.text))) or (doubted and goes_on)
            current = number
        if claimant and claimant.span.start < draft.trigger.start:
            extra: tuple[tuple[str, Mention | str], ...] = (("Claimant", claimant),)
            if doubted:
                extra += (("DisputedBy", "@narrator"),)
            draft = replace(draft, roles=draft.roles + extra)
        yield draft


def _claimant(view: Skeleton) -> Mention | None:
    for source in claims().claims:
        match = source.search(view.text)
        if match:
            return view.mentions[match.start("who")]
    return None
