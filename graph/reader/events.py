"""Document + mentions -> drafts of events, sentence by sentence, with the subject carried through the discourse."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.model import Mention, Modality, Span
from graph.reader.clauses import SPEECH, Clause, fillers
from graph.reader.discourse import Discourse
from graph.reader.document import Document, within
from graph.reader.drafts import Draft, Filler
from graph.reader.grammar import grammar
from graph.reader.modality import moods
from graph.reader.phrases import groups, segments
from graph.reader.rules import Hit, RuleSet
from graph.reader.skeleton import CODES, MentionIndex, Skeleton, skeleton

# What a person does himself; in every other event a person carried as subject stands for his troops.
_PERSONAL = SPEECH | {"Meeting", "Appointment", "AwardGiven", "Death", "Injury", "Captivity"}
# What a command leads to as done (下令枪决, 奉令晋升), and what is counted.
_CERTAIN = frozenset({"Death", "Injury", "Captivity", "Appointment", "AwardGiven", "Loss"})
# The events whose place is that of what was told just before, where the clause names none.
_INHERITS = frozenset({"Engagement", "Defence", "Destruction", "Encirclement", "Attack", "Counterattack", "Death"})

Role = tuple[str, Filler]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an order, plan or report opens: its kind, its trigger, who acted before, and whether an act was told."""

    kind: str
    trigger: int
    subject: tuple[Mention, ...]
    addressed: bool
    filled: bool = False
    long: bool = False


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
        self.scope: Scope | None = None
        # Whose loss was told last in this sentence.
        self.loser: tuple[Mention, ...] = ()
        self.last = Modality.ACTUAL
        self.small = grammar()
        self.moods = moods()

    def drafts(self) -> Iterator[Draft]:
        """Give the events of the text in its order."""
        paragraph, goes_on = -1, False
        for sentence in self.document.sentences:
            here = self.document.paragraph_at(sentence.start)
            if here != paragraph and not goes_on:
                self.scope = None
            paragraph, goes_on = here, self.document.normal[sentence.end - 1] in ":;"
            view = skeleton(self.document, sentence, self.mentions)
            self.discourse.place = ()
            self.discourse.where.clear()
            self._head(view)
            self.loser = ()
            yield from self._sentence(view)
            yield from self._bracketed(sentence)
            self._close(view, sentence)

    def _head(self, view: Skeleton) -> None:
        """Let a heading (主要内容是:) make the scope last, and a date at the head of a sentence end a long one."""
        heading = self.small.patterns["heading"].search(view.text)
        if heading:
            first = self.scope or Scope("planned", view.starts[heading.start()], self.discourse.speaker, False)
            self.scope = replace(first, kind="planned", long=True)
        elif self.scope and self.scope.long and CODES["Date"] in view.text[:2] and not self._quoted(view.starts[0]):
            self.discourse.subject, self.scope = self.scope.subject, None

    def _close(self, view: Skeleton, sentence: Span) -> None:
        """End the scope of an order with its sentence; what it lists goes on after a semicolon or a colon."""
        scope = self.scope
        if scope is None or scope.long or view.text.rstrip("”」』").endswith((";", ":")):
            return
        if self._quoted(sentence.end):
            return
        if not scope.addressed:
            self.discourse.subject = scope.subject
        self.scope = None

    def _quoted(self, at: int) -> bool:
        """Tell whether a character stands in a quotation that the scope's speaker opened."""
        quote = self.document.quote_at(at)
        return quote is not None and self.scope is not None and self.scope.trigger < quote.start

    def _sentence(self, view: Skeleton) -> Iterator[Draft]:
        noted = 0
        hits, doubled = _merged(_one_order(view, tuple(self.rules.hits(view.text))), tuple(self.losses.hits(view.text)))
        for segment in segments(view, hits):
            found = groups(view, segment.start, segment.end)
            for position, hit in enumerate(segment.hits):
                self._note(m for at, m in view.mentions.items() if noted <= at < hit.start)
                noted = max(noted, hit.start)
                clause = Clause(view, segment, found, position, self.small.patterns)
                self._end_scope(clause)
                if clause.distributes():
                    yield from _apart(self._draft(clause))
                elif hit.start in doubled:
                    both = (*segment.hits[:position], doubled[hit.start], *segment.hits[position + 1 :])
                    twin = Clause(view, replace(segment, hits=both), found, position, self.small.patterns)
                    yield from (self._draft(clause), self._draft(twin))
                else:
                    yield self._draft(clause)
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
                found = groups(view, segment.start, segment.end)
                for position in range(len(segment.hits)):
                    yield self._draft(Clause(view, segment, found, position, self.small.patterns))

    def _end_scope(self, clause: Clause) -> None:
        """End the scope of a plan or order, outside quotations, where the text tells what then happened.

        That is a new date after an order without recipient, an act of the other side, or what the planner suffered.
        """
        scope = self.scope
        if not scope or scope.kind != "planned" or not scope.filled or scope.long:
            return
        if self.document.quote_at(clause.view.starts[clause.hit.start]):
            return
        dated = clause.opening.lstrip(",")[:1] == CODES["Date"] and not scope.addressed
        if dated or self._other_side(clause, scope) or (clause.suffers() and "," in clause.opening):
            self.discourse.subject, self.scope = scope.subject, None

    def _other_side(self, clause: Clause, scope: Scope) -> bool:
        explicit = clause.subject()
        if explicit is None or clause.local(explicit):
            return False
        sides = {self.discourse.side(m) for m in scope.subject}
        return bool(sides - {None}) and not sides & {self.discourse.side(m) for m in explicit.heads}

    def _draft(self, clause: Clause) -> Draft:
        hit = clause.hit
        self._leave_scope(clause)
        subject = self._subject(clause)
        roles = tuple(dict.fromkeys(self._roles(clause, subject)))
        planned = hit.rule.modality == "planned" or self._planned(clause)
        modality = self._modality(clause, planned=planned)
        draft = Draft(
            rule=hit.rule.id,
            type=hit.rule.type,
            trigger=clause.view.span(hit.start, hit.words),
            roles=roles,
            modality=modality,
            confidence=hit.rule.confidence,
            loss_kind=hit.rule.kind or None,
            said_by=self.scope.trigger if self.scope else None,
        )
        self._after(clause, draft, subject)
        return draft

    def _modality(self, clause: Clause, *, planned: bool) -> Modality:
        kind = clause.hit.rule.type
        right = "" if kind in SPEECH else clause.right
        modality = self.moods.of(clause.left, clause.opening, right, planned=planned)
        if kind in _CERTAIN and modality is not Modality.NEGATED:
            modality = Modality.ACTUAL
        linked = clause.before is not None and "," not in clause.opening and clause.opening[-1:] in {"而", "并", "或"}
        if linked and self.last is Modality.NEGATED:
            modality = Modality.NEGATED
        self.last = modality
        return modality

    def _planned(self, clause: Clause) -> bool:
        """Tell whether the scope makes a trigger planned; an order in it is given, unless it stands in a quotation."""
        if self.scope is None or self.scope.kind != "planned":
            return False
        return clause.hit.rule.type not in SPEECH or self._quoted(clause.view.starts[clause.hit.start])

    def _leave_scope(self, clause: Clause) -> None:
        """End the scope where the one who ordered, planned or reported speaks again, outside a quotation."""
        at = clause.view.starts[clause.hit.start]
        if self.scope and self.scope.kind == "reported" and self.small.patterns["resumes"].search(clause.opening):
            if not clause.subject():
                self.discourse.subject, self.scope = self.scope.subject, None
        if self.scope and not self.scope.long and clause.hit.rule.type in SPEECH and not self.document.quote_at(at):
            self.discourse.subject, self.scope = self.scope.subject, None

    # ------------------------------------------------------------------ who acts

    def _subject(self, clause: Clause) -> tuple[Mention, ...]:
        """Give who acts or suffers: the group that says so, a pronoun's units, or who the discourse carries."""
        explicit = clause.subject()
        if explicit:
            return explicit.heads
        if clause.hit.rule.type == "Loss" and self.loser and clause.hit.rule.frame["subject"] == "Of":
            return self.loser
        later = clause.purpose_subject(groups(clause.view, clause.hit.end, len(clause.view.text)))
        if later:
            return later.heads
        pronoun = self._pronoun(clause)
        if pronoun:
            return pronoun
        if clause.hit.rule.type in SPEECH and self.discourse.speaker:
            return self.discourse.speaker
        carried = self.discourse.subject
        return carried if clause.hit.rule.type in _PERSONAL else self.discourse.troops(carried)

    def _pronoun(self, clause: Clause) -> tuple[Mention, ...]:
        match = clause.plural()
        if match is None:
            return ()
        if match["both"]:
            sides = {self.discourse.side(m): m for m in self.discourse.seen}
            return tuple(sides[side] for side in ("CN", "JP") if side in sides)
        if match["plural"]:
            return self.discourse.latest(match["plural"], 2)
        return self.discourse.latest(match["one"], 1)

    # ------------------------------------------------------------------ roles

    def _roles(self, clause: Clause, subject: Sequence[Mention]) -> Iterator[Role]:
        rule = clause.hit.rule
        told = list(self._told(clause, subject))
        if rule.type == "Order" and clause.right.startswith(("其", "该")) and clause.subject():
            carried = [m for m in self.discourse.subject if m not in subject]
            told += [("Recipient", m) for m in self.discourse.troops(carried)]
        if rule.type == "Capture" and "subject_place" in rule.frame:
            told = [role for role in told if role[0] not in {"Agent", "Opponent"}] + list(self._fall(clause, told))
        if rule.type == "Loss":
            told = self._inflicted(told)
        yield from told
        yield from self._fill(clause, told, subject)
        yield from self._inherited(clause, told)

    def _told(self, clause: Clause, subject: Sequence[Mention]) -> Iterator[Role]:
        frame = clause.hit.rule.frame
        suffers = clause.suffers() and "agent" in frame
        agent = clause.agent()
        if suffers and agent:
            yield from ((frame["agent"], m) for m in agent.heads)
        elif suffers and self._position(clause) and self.discourse.attack[1]:
            attackers, attacked = self.discourse.attack
            yield from ((frame["agent"], m) for m in attackers)
            yield from ((frame.get("patient", ""), m) for m in attacked)
            self.discourse.subject = tuple(m for m in attacked if isinstance(m, Mention))
            subject = ()
        role = frame.get("patient" if suffers else "subject")
        for mention in subject:
            key = role or (frame.get("subject_person") if mention.type == "Person" else None)
            if key:
                yield key, mention
        for group in clause.arguments():
            yield from fillers(frame, group)

    def _inflicted(self, told: Sequence[Role]) -> list[Role]:
        """Give the roles of a loss without one who inflicted it on his own side."""
        losers = {self.discourse.side(f) for name, f in told if name == "Of"}
        return [role for role in told if role[0] != "By" or self.discourse.side(role[1]) not in losers]

    def _position(self, clause: Clause) -> bool:
        return clause.subject() is None and bool(clause.patterns["position"].search(clause.opening))

    def _fall(self, clause: Clause, told: Sequence[Role]) -> Iterator[Role]:
        """Give who took and who lost a place that fell: the last attack's sides, else Japan took what China held."""
        attackers, attacked = self.discourse.attack
        taker = [m for m in attackers if self.discourse.side(m) in {"JP", "CN"}] or ["@JP/"]
        if self.discourse.side(taker[0]) == "CN" and not clause.agent():
            taker = ["@JP/"]
        losers = [f for name, f in told if name == "Opponent" and self.discourse.side(f) != self.discourse.side(taker[0])]
        yield from (("Agent", m) for m in taker)
        yield from (("Opponent", m) for m in losers or ["@CN/"])

    def _fill(self, clause: Clause, told: Sequence[Role], subject: Sequence[Mention]) -> Iterator[Role]:
        """Give the other side where the clause names neither it nor a place as what is attacked."""
        frame = clause.hit.rule.frame
        role = frame.get("agent") if clause.suffers() and "agent" in frame else frame.get("fill")
        names = [name for name, _ in told]
        if not role or (role in names and clause.hit.rule.type != "Engagement"):
            return
        if clause.hit.rule.type == "Engagement" and names.count("Agent") != 1:
            return
        if role == "Target" and clause.hit.rule.type in {"Attack", "Defence"} and "Place" in names:
            return
        if role == "Agent" and clause.hit.rule.type == "Order":
            yield from (("Agent", m) for m in self.discourse.orderer if self.discourse.side(m) in map(self.discourse.side, subject))
            return
        opponent = self.discourse.opponent(subject)
        if opponent:
            yield role, opponent

    def _inherited(self, clause: Clause, told: Sequence[Role]) -> Iterator[Role]:
        """Give the place of what was told just before, or where the one who leaves stood."""
        kind = clause.hit.rule.type
        names = {name for name, _ in told}
        falls = "subject_place" in clause.hit.rule.frame and kind == "Capture"
        if (kind in _INHERITS or falls) and "Place" not in names:
            yield from (("Place", place) for place in self.discourse.place)
        if kind in {"Withdrawal", "Breakout", "Advance"} and "From" not in names:
            agents = [f for name, f in told if name == "Agent"]
            yield from (("From", place) for place in self.discourse.left_by(agents) if ("To", place) not in told)
        if kind == "Crossing" and "Place" not in names and self.discourse.river:
            yield "Place", self.discourse.river

    # ------------------------------------------------------------------ what goes on

    def _after(self, clause: Clause, draft: Draft, subject: tuple[Mention, ...]) -> None:
        """Carry the subject on; open the scope of an order, a plan or a report."""
        if draft.type == "Loss":
            self.loser = tuple(f for f in draft.fillers("Of") if isinstance(f, Mention))
            return
        explicit = clause.subject()
        keeps = clause.temporal() or (explicit is not None and clause.local(explicit))
        self.discourse.learn(draft, lasting=not keeps)
        told = explicit is not None or clause.plural() is not None
        if subject and told and not keeps and draft.type not in {"Death", "Injury", "Captivity"}:
            self.discourse.subject = subject
            if not self.scope or draft.type in SPEECH:
                self.discourse.speaker = subject
        whole = clause.whole(explicit) if explicit and explicit.case == "by" else None
        if whole and draft.type not in SPEECH:
            self.discourse.subject = whole.heads
        if self.scope and draft.type not in SPEECH:
            self.scope = replace(self.scope, filled=True)
        if draft.type in SPEECH:
            self._open(clause, draft)

    def _open(self, clause: Clause, draft: Draft) -> None:
        recipients = tuple(f for f in draft.fillers("Recipient") if isinstance(f, Mention))
        kind = clause.hit.rule.scope
        if kind and draft.modality is Modality.ACTUAL:
            before = self.discourse.subject
            start, addressed = draft.trigger.start, bool(recipients)
            self.scope = Scope(kind.replace("list", "planned"), start, before, addressed, long=kind == "list")
        content = clause.content_subject()
        if draft.type != "Order" and content:
            self.discourse.subject = content.heads
        if draft.type == "Order":
            self.discourse.orderer = draft.fillers("Agent")
            self.discourse.subject = clause.delegates() or recipients or self.discourse.troops(self.discourse.subject)


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
