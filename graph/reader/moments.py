"""Drafts and ties -> the same with their date, part of the day and battle."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from graph.model import Mention, Modality, Span
from graph.reader import datewords
from graph.reader.battles import Battles
from graph.reader.dating import Dating
from graph.reader.document import Document
from graph.reader.drafts import Draft
from graph.reader.relations import Tie


class Clock:
    """Dates events and states of one document."""

    def __init__(self, document: Document, mentions: Mapping[str, Mention], drafts: Iterable[Draft]) -> None:
        self.document = document
        self.drafts = tuple(drafts)
        self.battles = Battles(document, tuple(mentions.values()))
        self.dating = Dating(document, mentions, self.battles, self.drafts)

    def events(self) -> Iterator[Draft]:
        """Give the drafts with `when`, `part`, `dur` and `in` among their notes, where the text or its battles tell."""
        for draft, moment in zip(self.drafts, self.dating.moments(), strict=True):
            notes = {**draft.notes}
            battle = moment.battle or self.battles.of(moment.edtf, draft.trigger.start)
            if moment.edtf:
                notes["when"] = moment.edtf
            if battle:
                notes["in"] = battle.name
            if moment.part and draft.modality is Modality.ACTUAL:
                notes["part"] = moment.part
            lasting = datewords.words().lasting(self.document.normal[draft.trigger.end : draft.trigger.end + 10])
            if lasting:
                notes["dur"] = lasting
            yield replace(draft, notes=notes)

    def ties(self, ties: Iterable[Tie]) -> Iterator[Tie]:
        """Give the ties with `when` and `in` among their notes; a component by nature needs no date."""
        for tie in ties:
            if tie.notes.get("kind") == "organic":
                yield tie
                continue
            when = self.dating.at(Span(tie.at, tie.at + 1))
            battle = self.battles.of(when, tie.at)
            found = {"when": when, "in": battle.name if battle else None}
            yield replace(tie, notes={**tie.notes, **{key: value for key, value in found.items() if value}})
