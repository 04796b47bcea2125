"""Document + mentions -> drafts of events, sentence by sentence, with the subject carried through the discourse."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from graph.model import Mention, Modality, Span
from graph.reader import figures
from graph.reader.clause_words import SPEECH
from graph.reader.clauses import Clause
from graph.reader.discourse import Discourse
from graph.reader.document import Document, within
from graph.reader.drafts import Draft, Filler
from graph.reader.grammar import grammar
from graph.reader.modality import moods
from graph.reader.phrases import groups, segments
from graph.reader.roles import Roles
from graph.reader.rules import Hit, RuleSet
from graph.reader.scopes import Scopes
from graph.reader.skeleton import MentionIndex, Skeleton, skeleton

# What a command leads to as done (下令枪决, 奉令晋升), and what is counted.
_CERTAIN = frozenset({"Death", "Injury", "Captivity", "Appointment", "AwardGiven", "Loss"})
# An order or report is itself planned only where a word right before it says so.
_NEAR = 5


class Narrator:
    """Reads the sentences of one document in order."""

    def __init__(
        self, document: Document, mentions: MentionIndex, rules: RuleSet, losses: RuleSet, discourse: Discourse
    ) -> None:
        self.document = document
        self.mentions = mentions
        self.rules = rules
        self.losses = losses
        self.discourse = discourse
        self.small = grammar()
        self.moods = moods()
        self.roles = Roles(discourse)
        self.scopes = Scopes(document, discourse, self.small.patterns)
        self.last = Modality.ACTUAL
        # The figures of the sentence that a loss has counted.
        self.counted: set[str] = set()

    def drafts(self) -> Iterator[Draft]:
        """Give the events of the text in its order."""
        paragraph, goes_on = -1, False
        for sentence in self.document.sentences:
            here = self.document.paragraph_at(sentence.start)
            view = skeleton(self.document, sentence, self.mentions)
            if here != paragraph and not goes_on:
                self.scopes.paragraph(view)
            self.discourse.scene()
            if not goes_on:
                self.roles.loser = self.roles.winner = ()
            paragraph, goes_on = here, self.document.normal[sentence.end - 1] in ":;"
            self.scopes.head(view)
            yield from self._sentence(view)
            yield from self._bracketed(sentence)
            self.scopes.close(view, sentence)

    def _sentence(self, view: Skeleton) -> Iterator[Draft]:
        noted = 0
        self.counted.clear()
        hits, doubled = _merged(_one_order(view, tuple(self.rules.hits(view.text))), tuple(self.losses.hits(view.text)))
        for segment in segments(view, hits):
            found = groups(view, segment.start, segment.end, segment.hits)
            for position, hit in enumerate(segment.hits):
                self._note(m for at, m in view.mentions.items() if noted <= at < hit.start)
                noted = max(noted, hit.start)
                clause = Clause(view, segment, found, position, self.small.patterns)
                draft = self._draft(clause)
                yield from _apart(draft) if clause.distributes() else self._losses(clause, draft)
                if hit.start in doubled:
                    both = (*segment.hits[:position], doubled[hit.start], *segment.hits[position + 1 :])
                    second = Clause(view, replace(segment, hits=both), found, position, self.small.patterns)
                    yield from self._losses(second, self._draft(second))
        self._note(m for at, m in view.mentions.items() if at >= noted)

    def _note(self, mentions: Iterable[Mention]) -> None:
        """Remember what is named before a trigger."""
        for mention in mentions:
            self.discourse.note((mention,))
            if mention.type == "Place" and self.small.patterns["rivers"].search(mention.canonical):
                self.discourse.river = mention

    def _bracketed(self, sentence: Span) -> Iterator[Draft]:
        """Give the losses told in the sentence's brackets: 伤亡57000人(阵亡33941人)."""
        for bracket in within(self.document.brackets, sentence):
            view = skeleton(self.document, Span(bracket.start + 1, bracket.end - 1), self.mentions)
            for segment in segments(view, tuple(self.losses.hits(view.text))):
                found = groups(view, segment.start, segment.end, segment.hits)
                for position in range(len(segment.hits)):
                    yield self._draft(Clause(view, segment, found, position, self.small.patterns))

    def _draft(self, clause: Clause) -> Draft:
        hit = clause.hit
        self.scopes.before(clause)
        self.roles.said = self.scopes.current is not None
        subject = self.roles.subject(clause)
        draft = Draft(
            rule=hit.rule.id,
            type=hit.rule.type,
            trigger=clause.view.span(hit.start, hit.words),
            roles=self._uncounted(self.roles.of(clause, subject)),
            modality=self._modality(clause),
            confidence=hit.rule.confidence,
            loss_kind=hit.rule.kind or None,
            notes={"reached": "no"} if clause.heads_for() else {},
            said_by=self.scopes.trigger,
            aside=clause.temporal() or clause.conditional(),
        )
        self.roles.ordered_to = clause.sends_to() if hit.rule.type == "Order" else ()
        self._after(clause, draft, subject)
        return draft

    def _foes(self, some: Sequence[Mention], others: Sequence[Mention]) -> bool:
        """Tell whether some are of another side than others."""
        sides = [{self.discourse.side(m) for m in group} - {None} for group in (some, others)]
        return bool(sides[0] and sides[1]) and not sides[0] & sides[1]

    def _uncounted(self, roles: Sequence[tuple[str, Filler]]) -> tuple[tuple[str, Filler], ...]:
        """Give the roles without the figures that a loss before has counted."""
        return tuple((name, f) for name, f in roles if isinstance(f, str) or f.id not in self.counted)

    def _losses(self, clause: Clause, draft: Draft) -> Iterator[Draft]:
        """Give a loss once for each figure that its word counts, and remember the figures; any other event alone."""
        if draft.type != "Loss":
            yield draft
            return
        for one in figures.apart(clause, draft, self.small.patterns):
            self.counted |= {f.id for f in one.fillers("Amount") + one.fillers("Materiel") if isinstance(f, Mention)}
            yield one

    def _modality(self, clause: Clause) -> Modality:
        kind = clause.hit.rule.type
        planned = clause.hit.rule.modality == "planned" or self.scopes.planned(clause)
        if kind in SPEECH:
            modality = self.moods.of(clause.left[-_NEAR:], clause.opening[-_NEAR:], "", planned=planned)
        else:
            modality = self.moods.of(clause.left, clause.opening, clause.right, planned=planned)
        if kind in _CERTAIN and modality is not Modality.NEGATED:
            modality = Modality.ACTUAL
        joined = clause.before is not None and "," not in clause.opening
        if joined and self.last is Modality.NEGATED and clause.opening[-1:] in {"而", "并", "或"}:
            modality = Modality.NEGATED
        if joined and self.last is Modality.PLANNED and modality is Modality.ACTUAL and not clause.suffers():
            modality = Modality.PLANNED if kind not in SPEECH | _CERTAIN else modality
        self.last = modality
        return Modality.REPORTED if modality is Modality.ACTUAL and self.scopes.told(clause) else modality

    def _after(self, clause: Clause, draft: Draft, subject: tuple[Mention, ...]) -> None:
        """Carry on who acts, and what an order, a plan or a report says."""
        if draft.type == "Loss":
            self.roles.loser = tuple(f for f in draft.fillers("Of") if isinstance(f, Mention))
            self.roles.winner = tuple(f for f in draft.fillers("By") if isinstance(f, Mention)) or self.roles.winner
            if clause.hit.rule.frame["subject"] == "Of" and subject and clause.subject() and not self.scopes.current:
                self.discourse.turn(subject)
            return
        explicit = clause.subject()
        keeps = clause.temporal() or (explicit is not None and clause.local(explicit))
        self.discourse.learn(draft, lasting=not keeps)
        told = explicit is not None or clause.plural() is not None
        if subject and told and not keeps and draft.type not in {"Death", "Injury", "Captivity"}:
            self.discourse.turn(subject)
            if not self.scopes.current or draft.type in SPEECH:
                self.discourse.speaker = subject
        besides = explicit is not None and (explicit.case == "by" or explicit is clause.relative())
        aside = explicit is not None and clause.conditional()
        whole = clause.whole(explicit) if explicit and (besides or aside) else None
        if whole and besides and not aside and self._foes(whole.heads, subject):
            whole = None
        if whole and draft.type not in SPEECH:
            self.discourse.turn(whole.heads)
            if aside and not self.scopes.current:
                self.discourse.speaker = whole.heads
        self.scopes.after(clause, draft)


def _one_order(view: Skeleton, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Give the triggers with 下令,命 taken as one order."""
    found: list[Hit] = []
    for hit in hits:
        last = found[-1] if found else None
        if last and last.rule.type == hit.rule.type == "Order" and view.text[last.end : hit.start] in {"", ",", ":"}:
            found[-1] = replace(last, end=hit.end)
        else:
            found.append(hit)
    return tuple(found)


def _merged(events: Sequence[Hit], losses: Sequence[Hit]) -> tuple[tuple[Hit, ...], dict[int, Hit]]:
    """Give all triggers in order, and for each event's start the loss that the same characters tell."""
    doubled: dict[int, Hit] = {}
    alone: list[Hit] = []
    for loss in losses:
        same = next((e for e in events if e.start < loss.end and loss.start < e.end), None)
        if same:
            doubled[same.start] = loss
        else:
            alone.append(loss)
    return tuple(sorted((*events, *alone), key=lambda hit: hit.start)), doubled


def _apart(draft: Draft) -> Iterator[Draft]:
    """Give one event for each agent with its place where there are as many of both: 分别集结于福临铺、金井."""
    agents = draft.fillers("Agent")
    role = "To" if draft.fillers("To") else "Place"
    places = draft.fillers(role)
    if len(agents) < 2 or len(agents) != len(places):
        yield draft
        return
    others = tuple((name, filler) for name, filler in draft.roles if name not in {"Agent", role})
    for agent, place in zip(agents, places, strict=True):
        yield replace(draft, roles=(("Agent", agent), (role, place), *others))
