"""The sentences of a document in order -> what date is in force in each, and whether the narrative goes on in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.model import Modality, Span
from graph.reader import datewords, stretches
from graph.reader.battles import Battles
from graph.reader.clause_words import SPEECH
from graph.reader.datewords import Length
from graph.reader.document import Document, KnownBattle
from graph.reader.drafts import Draft
from graph.reader.timeline import Timeline, Told

# Words that sum up a battle open a sentence within so many characters.
_HEAD = 20
# A word like 不休 right behind a trigger counts as before it.
_BEHIND = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event happened (EDTF, None: the text does not tell), the part of the day, the battle that it sums up."""

    edtf: str | None
    part: str | None = None
    battle: KnownBattle | None = None


@dataclass(slots=True)
class Scene:
    """A sentence: the date in force in it, and where words tie it to that, break it off or sum up a battle."""

    sentence: Span
    words: str
    current: str | None
    tied: int | None
    onward: int | None
    whole: int | None
    summary: KnownBattle | None
    lengths: Sequence[Length]
    state: bool
    dated: bool
    apart: bool = False
    reaching: bool = False

    def onward_before(self, at: int) -> bool:
        """Tell whether a word before a character says that the narrative goes on through days."""
        return self.onward is not None and self.onward < at + _BEHIND

    def tied_before(self, at: int) -> bool:
        """Tell whether a word before a character ties it to the date in force, and none in between breaks it off."""
        if self.tied is None or self.tied >= at:
            return False
        return not (self.onward_before(at) and self.tied < (self.onward or 0))

    def whole_before(self, at: int, *, after: int = -1) -> bool:
        """Tell whether words before a character, and behind another, sum up a battle."""
        return self.whole is not None and after <= self.whole < at


class Scenes:
    """Goes through the sentences of a document with the date in force, its stretch once begun, the battle summed up."""

    def __init__(self, document: Document, timeline: Timeline, battles: Battles) -> None:
        self.document = document
        self.timeline = timeline
        self.battles = battles
        self.patterns = datewords.words().patterns
        self.force: Told | None = None
        self.current: str | None = None
        self.begun = False
        self.paragraph = -1
        self.summary: KnownBattle | None = None
        self.beginning = -1

    def enter(self, number: int) -> Scene:
        """Give the scene of the next sentence."""
        sentence = self.document.sentences[number]
        words = self.document.normal[sentence.start : sentence.end]
        paragraph = self.document.paragraph_at(sentence.start)
        if paragraph != self.paragraph:
            self.paragraph, self.summary = paragraph, None
        middle = self.patterns["middle"].match(words)
        if middle and self.document.bracket_at(sentence.start + middle.end() - 1) is None:
            self.beginning, self.summary = sentence.start, None
        self._force(sentence)
        whole, summary = self._whole(sentence, words)
        tied = self._search("tied", sentence, words)
        scene = Scene(
            sentence=sentence,
            words=words,
            current=self.current,
            tied=tied,
            onward=self._search("onward", sentence, words),
            whole=whole,
            summary=summary,
            dated=bool(self.timeline.between(sentence.start, sentence.end)),
            state=self._search("state", sentence, words) is not None,
            lengths=tuple(
                length
                for length in datewords.words().lengths(words, sentence.start)
                if self.document.quote_at(length.start) is None
            ),
        )
        if not self.begun and self.force is not None:
            elsewhere = self.document.paragraph_at(self.force.at) < paragraph
            scene.apart = elsewhere and not self.timeline.heads(self.force)
            scene.reaching = tied is None and self._reaching(sentence, paragraph)
        return scene

    def narrated(self, scene: Scene, draft: Draft) -> str | None:
        """Give the date of what the narrative tells: the one in force, or from a word of case 15 on its stretch."""
        if scene.current is None:
            return self._first(scene)
        at = draft.trigger.start
        onward = scene.onward_before(at) and (scene.tied is None or scene.tied < (scene.onward or 0))
        reaching = scene.reaching and draft.type not in SPEECH
        if not self.begun and (onward or reaching or (scene.apart and not scene.tied_before(at))):
            self._begin(scene.sentence)
            scene.current = self.current
        return scene.current

    def lasting(self, scene: Scene, draft: Draft) -> str | None:
        """Case 4: what lasted so long as the sentence counts, from the date in force; a month where no end is told."""
        if not scene.lengths or scene.current is None or draft.modality is Modality.PLANNED:
            return None
        at = draft.trigger.start
        for length in scene.lengths:
            gap = self.document.normal[length.end : at]
            if length.end <= at and self.patterns["passed"].fullmatch(gap):
                return stretches.stretch(datewords.back(scene.current, length), scene.current)
        open_ended = [n for n in scene.lengths if not self.document.normal.startswith("的", n.end)]
        if not open_ended:
            return None
        length = open_ended[0]
        if stretches.single_day(scene.current) and not scene.state:
            return datewords.on(scene.current, length)
        return stretches.months(scene.current) if at >= length.start or draft.trigger.end >= length.start - 2 else None

    def length_before(self, scene: Scene, draft: Draft, start: int) -> Length | None:
        """Give the length that holds for an event: counted behind `start`, and begun at its trigger or before it."""
        for length in scene.lengths:
            if length.start >= start and length.start <= draft.trigger.end + 4:
                return length
        return None

    # ------------------------------------------------------------------ what moves

    def _force(self, sentence: Span) -> None:
        force = self.timeline.force(sentence.start)
        paragraph = self.document.paragraphs[self.paragraph]
        if force is None or force.at < paragraph.start:
            force = self.timeline.signed(paragraph) or self._headed(paragraph) or force
        if force is not None and force.at < self.beginning:
            self.force, self.current, self.begun = None, None, False
        elif force is not self.force:
            self.force, self.current, self.begun = force, force.edtf if force else None, False
            self.summary = None
            if force is not None and self.timeline.since(force):
                self._begin(sentence)

    def _headed(self, heading: Span) -> Told | None:
        """Give the date that a heading holds, else that with which the telegram under it closes; or None."""
        own = [told for told in self.timeline.between(heading.start, heading.end) if self.timeline.heads(told)]
        if own:
            return own[-1]
        after = self.document.paragraph_at(heading.start) + 1
        if after >= len(self.document.paragraphs) or not self.document.in_heading(heading.start):
            return None
        return self.timeline.signed(self.document.paragraphs[after])

    def _reaching(self, sentence: Span, paragraph: int) -> bool:
        """Tell whether the next date of the paragraph opens a sentence with 至: what is told before leads to it."""
        if self.force is None or self.document.normal[sentence.start - 1] == ";":
            return False
        following = self.timeline.next(sentence.start)
        if following is None or self.document.paragraph_at(following.at) != paragraph:
            return False
        head = self.document.sentences[self.document.sentence_at(following.at)].start
        return bool(self.patterns["reaches"].fullmatch(self.document.normal[head : following.at]))

    def _begin(self, sentence: Span) -> None:
        """Begin the stretch of the date in force: to the next date told; its month where that lies before it."""
        if self.force is None:
            return
        self.begun = True
        following = self.timeline.next(max(self.force.end, sentence.start))
        if self.timeline.digressed(sentence.start) and following is not None:
            self.current = stretches.months(following.mention.canonical)
            return
        edtf = self.force.edtf
        reached = following and stretches.stretch(edtf, following.mention.canonical)
        self.current = reached or stretches.months(edtf)

    def _first(self, scene: Scene) -> str | None:
        """Case 13: before any date is told, the month of the first."""
        following = self.timeline.next(scene.sentence.start)
        return stretches.months(following.edtf) if following else None

    def _search(self, name: str, sentence: Span, words: str) -> int | None:
        """Give where the first of some words stands outside quotations and brackets, or None."""
        for match in self.patterns[name].finditer(words):
            at = sentence.start + match.start()
            if self.document.quote_at(at) is None and self.document.bracket_at(at) is None:
                return at
        return None

    def _whole(self, sentence: Span, words: str) -> tuple[int | None, KnownBattle | None]:
        """Give where words sum up a battle, and which; what follows such a beginning in its paragraph does too."""
        at = self._search("whole", sentence, words)
        head = self.battles.named_at(sentence.start, words)
        if at is not None and self.patterns["small"].match(words[at - sentence.start :]):
            at = at if any(not battle.is_war for battle in self.battles.within(sentence)) else None
        if at is None and head is None:
            return None, self.summary
        summary = head or self.battles.told(sentence, self.force.edtf if self.force else None)
        if head is not None or (at is not None and at <= sentence.start + _HEAD):
            self.summary = summary
        return sentence.start if at is None else at, summary
