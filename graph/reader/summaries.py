"""What sums up a battle, comes after or before one, or is told as long planned -> its dates."""

from collections.abc import Collection, Sequence

from graph.model import Span
from graph.periods import bounds
from graph.reader import datewords, stretches
from graph.reader.battles import Battles
from graph.reader.document import Document, KnownBattle
from graph.reader.drafts import Draft
from graph.reader.scene import Moment, Scene
from graph.reader.timeline import Timeline

# What is told of after a battle where the sentence sums it up.
_AFTERWARDS = frozenset({"AwardGiven", "Appointment"})


class Summaries:
    """Cases 8 to 12 of one document."""

    def __init__(
        self, document: Document, timeline: Timeline, battles: Battles, balances: Collection[int] = frozenset()
    ) -> None:
        self.document = document
        self.balances = balances
        self.timeline = timeline
        self.battles = battles
        self.patterns = datewords.words().patterns

    def of(self, scene: Scene, draft: Draft) -> Moment | None:
        """Give the moment of an event that is told with a battle as a whole; else None."""
        for case in (self.first, self._around, self._summed, self._planned):
            moment = case(scene, draft)
            if moment is not None:
                return moment
        return None

    def first(self, scene: Scene, draft: Draft) -> Moment | None:
        """Give the moment of what no date of its sentence dates: several battles launched, the losses of one."""
        launched = self._launched(draft)
        if len(launched) > 1:
            return self._whole(launched)
        clause = self.document.clauses[self.document.clause_at(draft.trigger.start)]
        summed = draft.type == "Loss" or scene.whole_before(draft.trigger.start, after=clause.start)
        if summed and scene.summary is not None and scene.whole is not None:
            return Moment(scene.summary.dates, battle=scene.summary)
        if scene.dated:
            return None
        return self._whole(launched) if launched else self._elsewhere(scene, draft, clause)

    def _elsewhere(self, scene: Scene, draft: Draft, clause: Span) -> Moment | None:
        """Give the dates of a battle that the clause names and that is not the one of the date in force."""
        named = [battle for battle in self.battles.within(Span(clause.start, draft.trigger.start)) if not battle.is_war]
        if len(named) != 1 or scene.current is None:
            return None
        now, period = bounds(scene.current), named[0].period
        apart = period.latest < now.earliest or now.latest < period.earliest
        return Moment(named[0].dates, battle=named[0]) if apart else None

    def so_far(self, draft: Draft, when: str) -> str | None:
        """Give the dates of what a report counts up to now: from the battle's beginning to the report."""
        battle = self.battles.of(when, draft.trigger.start)
        return (battle and stretches.stretch(battle.dates, when)) or when

    def _launched(self, draft: Draft) -> Sequence[KnownBattle]:
        """Give the battles that a trigger launches as a whole: 发动了第三次长沙会战."""
        words = self.document.normal[draft.trigger.start : draft.trigger.end]
        if not self.patterns["launched"].search(words.rstrip("了")):
            return ()
        return self.battles.listed(draft.trigger.end, self.document.normal)

    def _whole(self, battles: Sequence[KnownBattle]) -> Moment:
        if len(battles) == 1:
            return Moment(battles[0].dates, battle=battles[0])
        first = min(battles, key=lambda b: b.period.earliest)
        last = max(battles, key=lambda b: b.period.latest)
        return Moment(stretches.stretch(stretches.months(first.dates), stretches.months(last.dates)))

    def _around(self, scene: Scene, draft: Draft) -> Moment | None:
        """Case 10, what comes after a battle; and what comes before one, which is of its first month."""
        before = self.document.normal[scene.sentence.start : draft.trigger.start]
        for name in ("after", "before"):
            match = self.patterns[name].search(before)
            if match is None or scene.whole_before(draft.trigger.start, after=scene.sentence.start + match.end()):
                continue
            battle = self.battles.told(scene.sentence, scene.current, until=scene.sentence.start + match.end())
            if battle is None or battle.is_war:
                continue
            if name == "before":
                return Moment(stretches.months(stretches.start(battle.dates)))
            return Moment(self._afterwards(battle, scene.sentence.end))
        if draft.type in _AFTERWARDS and scene.summary is not None:
            return Moment(self._afterwards(scene.summary, scene.sentence.end))
        early = self.patterns["early"].search(before)
        battle = self.battles.told(scene.sentence, scene.current) if early else None
        return Moment(stretches.months(stretches.start(battle.dates))) if battle and not battle.is_war else None

    def _afterwards(self, battle: KnownBattle, at: int) -> str | None:
        """Give the time from a battle's last month to the next date, or to the end of that year."""
        month = stretches.months(stretches.end(battle.dates))
        year_end = f"{bounds(month).latest.year}-12"
        following = self.timeline.next(at)
        limit = stretches.months(stretches.start(following.edtf)) if following else year_end
        if not month <= limit <= year_end or len(limit) != len(year_end):
            limit = year_end
        return stretches.stretch(month, limit)

    def _summed(self, scene: Scene, draft: Draft) -> Moment | None:
        """Case 8: what sums up a battle has its bounds."""
        if draft.type == "Loss" and scene.summary is None:
            return self._balance(scene, draft)
        loss = draft.type == "Loss" and scene.whole is not None
        if scene.summary is None or (scene.tied_before(draft.trigger.start) and not loss):
            return None
        if scene.whole is not None and not (loss or scene.whole < draft.trigger.start):
            return None
        return Moment(scene.summary.dates, battle=scene.summary)

    def _balance(self, scene: Scene, draft: Draft) -> Moment | None:
        """Give the bounds of the battle whose losses a paragraph counts and nothing else."""
        if self.document.paragraph_at(draft.trigger.start) not in self.balances:
            return None
        battle = self.battles.told(scene.sentence, scene.current)
        return Moment(battle.dates, battle=battle) if battle is not None and not battle.is_war else None

    def _planned(self, scene: Scene, draft: Draft) -> Moment | None:
        """Cases 11 and 12: a plan told as made before, what went before, and an aim that stood for long."""
        clause = self.document.clauses[self.document.clause_at(draft.trigger.start)]
        words = self.document.normal[clause.start : draft.trigger.end]
        if self.patterns["formerly"].search(words) and scene.current:
            battle = self.battles.of(scene.current, draft.trigger.start)
            if battle is not None and not battle.is_war:
                if draft.type != "Plan":
                    return Moment(battle.dates, battle=battle)
                month = stretches.months(stretches.start(battle.dates))
                return Moment(stretches.stretch(month, stretches.months(scene.current)))
        aim = self.patterns["aim"].search(scene.words)
        told = aim and (draft.type == "Plan" or scene.sentence.start + aim.start() < draft.trigger.start)
        if told and scene.current:
            return Moment(stretches.months(scene.current))
        return None
