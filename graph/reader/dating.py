"""When each event of a text happened: the ordered cases of the guide, of which the first that fits decides."""

from collections.abc import Iterator, Mapping, Sequence

from graph.model import Mention, Modality, Span
from graph.reader import datewords, stretches
from graph.reader.actors import Actors
from graph.reader.battles import Battles
from graph.reader.clause_words import SPEECH
from graph.reader.document import Document
from graph.reader.drafts import Draft
from graph.reader.memory import Memory
from graph.reader.said import Sayings
from graph.reader.scene import Moment, Scene, Scenes
from graph.reader.summaries import Summaries
from graph.reader.timeline import Timeline, Told

# What is done at one time, not on the way to another.
_POINTS = SPEECH | {"Deployment"}
# What is told as done.
_TOLD = frozenset({Modality.ACTUAL, Modality.REPORTED})
# A date this close behind a trigger tells until when it went on: 激战至12日.
_CLOSE = 4


class Dating:
    """Dates the drafts of one document, sentence by sentence."""

    def __init__(
        self, document: Document, mentions: Mapping[str, Mention], battles: Battles, drafts: Sequence[Draft]
    ) -> None:
        self.document = document
        self.patterns = datewords.words().patterns
        self.drafts = drafts
        self.sayings = Sayings(document, mentions, drafts)
        self.timeline = Timeline(document, mentions.values(), self.sayings.dates)
        self.scenes = Scenes(document, self.timeline, battles)
        self.summaries = Summaries(document, self.timeline, battles, frozenset(self._balances()))
        self.memory = Memory()
        self.actors = Actors(mentions.values())
        self.at_trigger: dict[int, Moment] = {}
        self.in_force: list[str | None] = []

    def _balances(self) -> Iterator[int]:
        """Give the paragraphs that draw the balance of a battle: they tell losses above all, and no date."""
        kinds: dict[int, list[str]] = {}
        for draft in self.drafts:
            kinds.setdefault(self.document.paragraph_at(draft.trigger.start), []).append(draft.type)
        for number, told in kinds.items():
            paragraph = self.document.paragraphs[number]
            losses = told.count("Loss")
            dated = any(date.narrative for date in self.timeline.between(paragraph.start, paragraph.end))
            if losses > 1 and 2 * losses >= len(told) and not dated:
                yield number

    def moments(self) -> list[Moment]:
        """Give the moment of each draft, in their order."""
        found: dict[int, Moment] = {}
        by_sentence: dict[int, list[int]] = {}
        for number, draft in enumerate(self.drafts):
            by_sentence.setdefault(self.document.sentence_at(draft.trigger.start), []).append(number)
        for sentence in range(len(self.document.sentences)):
            scene = self.scenes.enter(sentence)
            numbers = sorted(by_sentence.get(sentence, ()), key=lambda n: self.drafts[n].trigger)
            found.update(self._sentence(scene, numbers))
            self.in_force.append(scene.current)
        return [found[number] for number in range(len(self.drafts))]

    def at(self, span: Span) -> str | None:
        """Give the EDTF date of a state told at some characters: its order's, its sentence's, or the one in force."""
        number = self.document.sentence_at(span.start)
        sentence = self.document.sentences[number]
        for draft in self.sayings.within(sentence):
            container = self.sayings.container(draft)
            if container is not None:
                return self._when(container)
        for told in reversed(self.timeline.between(sentence.start, span.end)):
            if self.timeline.visible(told, span.start) and not self.timeline.aside(told):
                return told.edtf
        return self.in_force[number] if number < len(self.in_force) else None

    def _when(self, draft: Draft) -> str | None:
        moment = self.at_trigger.get(draft.trigger.start)
        return moment.edtf if moment else None

    def _sentence(self, scene: Scene, numbers: Sequence[int]) -> Iterator[tuple[int, Moment]]:
        """Date the drafts of a sentence; those that serve the act after them come last, with its date."""
        waiting = []
        for number in numbers:
            draft = self.drafts[number]
            target = self._served(scene, draft)
            if target is not None:
                waiting.append((number, draft, target))
                continue
            moment = self._moment(scene, draft)
            self.at_trigger[draft.trigger.start] = moment
            if moment.battle is None:
                self.memory.note(draft, moment.edtf)
            yield number, moment
        for number, draft, target in reversed(waiting):
            moment = Moment(self._purpose(target)) if self._when(target) else self._moment(scene, draft)
            self.at_trigger[draft.trigger.start] = moment
            yield number, moment

    # ------------------------------------------------------------------ the cases

    def _moment(self, scene: Scene, draft: Draft) -> Moment:
        container = self.sayings.container(draft)
        counted = draft.type == "Loss" and self.document.quote_at(draft.trigger.start) is None
        first = self.summaries.first(scene, draft) if container is None or counted else None
        if first is not None:
            return first
        own = self._own(scene, draft)
        sibling = self.sayings.sibling(draft) if own is None or own.at > draft.trigger.start else None
        if sibling is not None and self._when(sibling):
            return Moment(self._when(sibling))
        again = self._again(scene, draft) if own is None and container is None else None
        dated = None if own is not None and own.bare else own
        printed = again or self._printed(scene, draft, dated, container)
        if printed:
            return Moment(printed, self._part(draft, own))
        if container is not None and self._when(container):
            return Moment(self._content(draft, container))
        return self.summaries.of(scene, draft) or Moment(self._narrated(scene, draft), self._part(draft, own))

    def _again(self, scene: Scene, draft: Draft) -> str | None:
        """Case 1: what is told again has the date of its first telling."""
        after = self.document.normal[draft.trigger.end : draft.trigger.end + 16]
        before = self.document.normal[scene.sentence.start : draft.trigger.start]
        behind = self.patterns["back_after"].match(after)
        if behind or self.patterns["back_before"].search(before):
            return self.memory.told(draft, near=bool(behind))
        if draft.type == "Plan" and self.patterns["by_plan"].search(before[-30:]):
            return self.memory.plan(draft)
        return None

    def _printed(self, scene: Scene, draft: Draft, own: Told | None, container: Draft | None) -> str | None:
        """Cases 2 to 4: the date, stretch or length that the sentence prints."""
        until = self._until(scene, draft)
        if until is not None:
            summed = scene.summary.dates if scene.summary is not None else None
            begun = own.edtf if own else summed or self.timeline.edtf_by(draft.trigger.start, until.edtf)
            return (begun and stretches.stretch(begun, until.edtf)) or until.edtf
        if own is not None:
            return self._from_own(scene, draft, own)
        if container is not None:
            return None
        lasting = None if scene.summary is not None else self.scenes.lasting(scene, draft)
        return self._on_the_way(scene, draft) or lasting

    def _own(self, scene: Scene, draft: Draft) -> Told | None:
        """Give the last date before an event in its sentence, or the one behind it in its clause."""
        at, clause = draft.trigger.start, self.document.clause_at(draft.trigger.start)
        container = self.sayings.container(draft)
        saying = container.trigger.end if container is not None else 0
        for told in reversed(self.timeline.between(scene.sentence.start, at)):
            if told.at < saying and told.mention.id not in self.sayings.by:
                break
            same = self.document.clause_at(told.at) == clause
            if self._seen(told, draft) and (same or not self.timeline.aside(told)):
                return None if self._afterwards(told, draft) else told
        if draft.type in SPEECH:
            return None
        end = min(self.document.clauses[clause].end, scene.sentence.end)
        for told in self.timeline.between(draft.trigger.end, end):
            if self._seen(told, draft) and not self.timeline.aside(told) and not self.timeline.opens_with_until(told):
                return told
        return None

    def _seen(self, told: Told, draft: Draft) -> bool:
        """Tell whether a date is seen from an event: not in other words' quotation, bracket, order or report."""
        said_by = self.sayings.by.get(told.mention.id)
        own = said_by is None or said_by == draft.said_by or draft.modality is Modality.PLANNED
        return own and self.timeline.visible(told, draft.trigger.start)

    def _afterwards(self, told: Told, draft: Draft) -> bool:
        between = self.document.normal[told.end : draft.trigger.start]
        return draft.said_by is None and bool(self.patterns["afterwards"].search(between))

    def _until(self, scene: Scene, draft: Draft) -> Told | None:
        end = min(scene.sentence.end, draft.trigger.end + _CLOSE)
        after = self.timeline.between(draft.trigger.end, end)
        return after[0] if after and self.timeline.opens_with_until(after[0]) else None

    def _from_own(self, scene: Scene, draft: Draft, own: Told) -> str:
        """Give the date of an event by a date of its sentence: that date, or the stretch that the words make of it."""
        length = self.scenes.length_before(scene, draft, own.end)
        if self.timeline.opens_with_until(own):
            if length:
                return stretches.stretch(datewords.back(own.edtf, length), own.edtf) or own.edtf
            begun = self.timeline.edtf_by(own.at, own.edtf) if scene.onward_before(draft.trigger.start) else None
            return (begun and stretches.stretch(begun, own.edtf)) or own.edtf
        if self.timeline.since(own):
            following = self._document_date(draft) or self.timeline.next_edtf(own.end)
            return (following and stretches.stretch(own.edtf, following)) or stretches.months(own.edtf)
        if length and draft.modality is not Modality.PLANNED:
            return datewords.on(own.edtf, length)
        return own.edtf

    def _document_date(self, draft: Draft) -> str | None:
        container = self.sayings.container(draft)
        return self._when(container) if container is not None else None

    def _on_the_way(self, scene: Scene, draft: Draft) -> str | None:
        """Case 3: what a sentence tells on its way to a date goes from the date in force to that."""
        point = draft.type in _POINTS and not self._orders_a_day(scene, draft)
        if scene.tied or point or scene.whole_before(draft.trigger.start):
            return None
        for told in self.timeline.between(draft.trigger.end, scene.sentence.end):
            if told.narrative and not told.digression and not self.timeline.aside(told):
                begun = self.timeline.edtf_by(draft.trigger.start, told.mention.canonical)
                return (begun and stretches.stretch(begun, told.mention.canonical)) or stretches.months(told.edtf)
        return None

    def _orders_a_day(self, scene: Scene, draft: Draft) -> bool:
        """Tell whether what follows an order in its sentence is its content (case 7)."""
        following = self.sayings.following(draft)
        content = following[0] if following and following[0].said_by == draft.trigger.start else None
        return draft.type == "Order" and content is not None and self._own(scene, content) is not None

    def _content(self, draft: Draft, container: Draft) -> str | None:
        """Cases 5 and 6: what is ordered, planned or reported has the document's own date for it, or the document's."""
        when = self._when(container) or ""
        clause = self.document.clauses[self.document.clause_at(draft.trigger.start)]
        end = clause.end if draft.type == "Loss" else draft.trigger.start
        before = self.document.normal[clause.start : end]
        if self._hands_out(container):
            return stretches.months(when)
        if draft.modality in _TOLD and self.patterns["already"].search(before):
            return self.summaries.so_far(draft, when) if draft.type == "Loss" else stretches.months(when)
        around = self.document.normal[clause.start : clause.end + 12]
        if container.type == "Report" and self.patterns["until_now"].search(around):
            return self.summaries.so_far(draft, when)
        earlier = self.sayings.last_date(draft)
        return earlier.canonical if earlier is not None and container.type != "Report" else when

    def _hands_out(self, draft: Draft) -> bool:
        """Tell whether an order hands out tasks: 做了如下部署."""
        words = self.document.normal[draft.trigger.start : draft.trigger.end]
        return draft.type == "Order" and bool(self.patterns["disposition"].search(words))

    def _narrated(self, scene: Scene, draft: Draft) -> str | None:
        """Cases 13 to 16: the date in force, or its stretch where the narrative does not go on within the day."""
        return self._reported_today(draft) or self.scenes.narrated(scene, draft)

    def _reported_today(self, draft: Draft) -> str | None:
        """Give the day of a report that says 昨30日: the day after."""
        if draft.type != "Report":
            return None
        for mention in self.sayings.dates_of(draft):
            if mention.surface.startswith("昨") and stretches.single_day(mention.canonical):
                return stretches.days_on(mention.canonical, 1)
        return None

    # ------------------------------------------------------------------ what serves another act

    def _served(self, scene: Scene, draft: Draft) -> Draft | None:
        """Give the act whose date an event shares: what it was done for, or the circumstance of which it was."""
        container = self.sayings.container(draft)
        if container is not None and container.trigger.start > draft.trigger.start:
            return container
        if draft.type in SPEECH or self._own(scene, draft) is not None or scene.whole_before(draft.trigger.start):
            return None
        clause = self.document.clauses[self.document.clause_at(draft.trigger.start)]
        around = self.document.normal[clause.start : clause.end]
        if not self._for_purpose(scene, draft, clause) and not self.patterns["circumstance"].search(around):
            return None
        later = (other for other in self.sayings.following(draft) if other.trigger.start >= clause.end)
        return next(later, None)

    def _purpose(self, target: Draft) -> str | None:
        """Give the date of the act that an event serves; of an order that of its content."""
        when = self._when(target)
        if target.type != "Order" or when is None:
            return when
        if self._hands_out(target):
            return stretches.months(when)
        content = next((d for d in self.sayings.following(target) if d.said_by == target.trigger.start), None)
        return (self._when(content) if content else None) or when

    def _for_purpose(self, scene: Scene, draft: Draft, clause: Span) -> bool:
        """Tell whether an event stands in a purpose, 为隐蔽主攻方向,牵制中国军队: no one else acts in between."""
        before = self.document.normal[scene.sentence.start : draft.trigger.start]
        purpose = self.patterns["purpose"].search(before)
        if purpose is None or self.patterns["purpose_ends"].search(purpose["rest"]):
            return False
        begun = scene.sentence.start + purpose.start("rest")
        return begun >= clause.start or not self.actors.between(clause.start, draft.trigger.start)

    def _part(self, draft: Draft, own: Told | None) -> str | None:
        """Give the part of the day of an event by the date of its clause or the one before."""
        if own is None:
            return None
        near = self.document.clause_at(own.at) >= self.document.clause_at(draft.trigger.start) - 1
        surface = self.document.normal[own.at : own.end]
        return datewords.words().of(surface) if near and stretches.single_day(own.edtf) else None
