"""Drafts and ties -> the same with their date, part of the day and battle."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache

from graph.model import Mention, Modality, Span
from graph.periods import Period, bounds
from graph.reader.document import Document, KnownBattle
from graph.reader.drafts import Draft
from graph.reader.relations import Tie
from graph.reader.timeline import Timeline, parts

# A battle of more days than this is a war.
_SHORT = 200
# The precision of a month; a carried year or season tells less than the battle.
_MONTH = 10


class Battles:
    """The battles that a document tells of, with their days."""

    def __init__(self, document: Document, mentions: Iterable[Mention]) -> None:
        known = {name: battle for battle in document.battles for name in (battle.name, *battle.aliases)}
        named = [(m.span.start, known[m.canonical]) for m in mentions if m.type == "Battle" and m.canonical in known]
        campaign = [(-1, battle) for name, battle in known.items() if name in document.text.campaign]
        self.named = tuple(sorted(campaign + named, key=lambda pair: (pair[0], pair[1].name)))
        self.battles = tuple(dict.fromkeys(battle for _, battle in self.named))
        self.dated = cache(self._dated)

    def of(self, when: str | None, at: int) -> KnownBattle | None:
        """Give the battle of an event: the shortest one that holds its date, else the last one named before it."""
        return self.dated(when) if when else self._before(at)

    def _before(self, at: int) -> KnownBattle | None:
        position = bisect_right(self.named, at, key=lambda pair: pair[0])
        near = [battle for _, battle in self.named[max(0, position - 20) : position]]
        return next((b for b in reversed(near) if _length(b.period) < _SHORT), near[-1] if near else None)

    def _dated(self, when: str) -> KnownBattle | None:
        period = bounds(when)
        holding = [b for b in self.battles if b.period.earliest <= period.latest and period.earliest <= b.period.latest]

        def fit(battle: KnownBattle) -> tuple[bool, bool, int, str]:
            outside = period.earliest < battle.period.earliest or battle.period.latest < period.latest
            return _length(battle.period) >= _SHORT, outside, _length(battle.period), battle.name

        return min(holding, key=fit, default=None)


def _length(period: Period) -> int:
    return (period.latest - period.earliest + timedelta(days=1)).days


class Clock:
    """Dates events and states of one document."""

    def __init__(self, document: Document, mentions: Mapping[str, Mention]) -> None:
        self.document = document
        self.battles = Battles(document, mentions.values())
        self.timeline = Timeline(document, mentions.values())

    def events(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """Give the drafts with `when`, `part`, `dur` and `in` among their notes, where the text or its battles tell."""
        for draft in drafts:
            moment = self.timeline.moment(draft)
            coarse = moment is not None and moment.carried and bounds(moment.edtf).precision < _MONTH
            when = moment.edtf if moment and not coarse else None
            counted = draft.type == "Loss" and (moment is None or moment.carried)
            found = self._notes(when, draft.trigger, else_when=moment.edtf if moment else None, counted=counted)
            notes = {**draft.notes, **found}
            if moment and moment.part and draft.modality is Modality.ACTUAL:
                notes["part"] = moment.part
            lasting = parts().length(self.document.normal[draft.trigger.end : draft.trigger.end + 10])
            if lasting:
                notes["dur"] = lasting
            yield replace(draft, notes=notes)

    def ties(self, ties: Iterable[Tie]) -> Iterator[Tie]:
        """Give the ties with `when` and `in` among their notes; a component by nature needs no date."""
        for tie in ties:
            if tie.notes.get("kind") == "organic":
                yield tie
                continue
            when = self.timeline.at(Span(tie.at, tie.at + 1))
            yield replace(tie, notes={**tie.notes, **self._notes(when, Span(tie.at, tie.at + 1))})

    def _notes(
        self, when: str | None, span: Span, *, else_when: str | None = None, counted: bool = False
    ) -> Mapping[str, str]:
        """Give `when` and `in`: without a date those of the battle told of, or else `else_when`."""
        battle = self.battles.of(when, span.start)
        whole = battle is not None and (
            self._whole(span, counted=counted) or (when is None and _length(battle.period) < _SHORT)
        )
        dates = battle.dates if battle and whole else when or else_when
        found = {"when": dates, "in": battle.name if battle else None}
        return {key: value for key, value in found.items() if value}

    def _whole(self, span: Span, *, counted: bool) -> bool:
        """Tell whether a sentence, for a loss its paragraph, tells a battle as a whole: 此次会战, 会战期间."""
        sentence = self.document.sentences[self.document.sentence_at(span.start)]
        start = self.document.paragraphs[self.document.paragraph_at(span.start)].start if counted else sentence.start
        return bool(parts().whole.search(self.document.normal[start : span.start]))
