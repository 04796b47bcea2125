"""Document + mentions -> drafts of events, sentence by sentence, with the subject carried through the discourse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.model import Mention, Modality
from graph.reader.discourse import Discourse
from graph.reader.document import Document
from graph.reader.drafts import Draft, Filler
from graph.reader.grammar import grammar
from graph.reader.modality import moods
from graph.reader.phrases import Group, Segment, groups, segments
from graph.reader.rules import Hit, RuleSet
from graph.reader.skeleton import MentionIndex, Skeleton, skeleton

_CONJUNCTIONS = frozenset({"、", "和", "与", "及", "并", "或", "以及", "而", "兼", ""})
_PREVERBAL = frozenset({"toward", "from", "at", "via", "with", "passive", "object", "by"})
_SPEECH = frozenset({"Order", "Plan", "Report"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What an order, plan or report opens: until where, who acts inside, who acted before."""

    kind: str
    trigger: int
    subject: tuple[Mention, ...]
    sentences: int


class Narrator:
    """Reads the sentences of one document in order."""

    def __init__(self, document: Document, mentions: MentionIndex, rules: RuleSet, discourse: Discourse) -> None:
        self.document = document
        self.mentions = mentions
        self.rules = rules
        self.discourse = discourse
        self.scope: Scope | None = None
        self.small = grammar()
        self.moods = moods()

    def drafts(self) -> Iterator[Draft]:
        """Give the events of the text in its order."""
        paragraph = -1
        for sentence in self.document.sentences:
            here = self.document.paragraph_at(sentence.start)
            if here != paragraph:
                self.scope, paragraph = None, here
            view = skeleton(self.document, sentence, self.mentions)
            yield from self._sentence(view)
            self._close(view)

    def _close(self, view: Skeleton) -> None:
        """End the scope of an order with its sentence; a list of dispositions goes on after a semicolon or colon."""
        if self.scope is None:
            return
        goes_on = view.text.rstrip("”」』").endswith((";", ":"))
        if not goes_on:
            self.discourse.subject = self.scope.subject
            self.scope = None

    def _sentence(self, view: Skeleton) -> Iterator[Draft]:
        hits = tuple(self.rules.hits(view.text))
        noted = 0
        for segment in segments(view, hits):
            found = groups(view, segment.start, segment.end)
            for position, hit in enumerate(segment.hits):
                self.discourse.note(m for at, m in view.mentions.items() if noted <= at < hit.start)
                noted = max(noted, hit.start)
                yield self._draft(view, segment, found, position)
        self.discourse.note(m for at, m in view.mentions.items() if at >= noted)

    def _draft(self, view: Skeleton, segment: Segment, found: Sequence[Group], position: int) -> Draft:
        hit = segment.hits[position]
        clause = Clause(view, segment, found, position)
        subject = self._subject(clause)
        passive = clause.passive(self.small.patterns["bare_passive"])
        roles = list(self._roles(clause, subject, passive=passive))
        roles += self._fill(hit, roles, subject, passive=passive)
        left = view.text[segment.start : hit.start]
        planned = hit.rule.modality == "planned" or (self.scope is not None and self.scope.kind == "planned")
        modality = self.moods.of(left, planned=planned)
        draft = Draft(
            rule=hit.rule.id,
            type=hit.rule.type,
            trigger=view.span(hit.start, hit.end),
            roles=tuple(dict.fromkeys(roles)),
            modality=modality,
            confidence=hit.rule.confidence,
            said_by=self.scope.trigger if self.scope else None,
        )
        self._after(clause, draft, subject)
        return draft

    def _subject(self, clause: "Clause") -> tuple[Mention, ...]:
        """Give who acts: the group that says so, or the one that the discourse carries."""
        explicit = clause.subject()
        if explicit:
            return explicit.heads
        return self.discourse.subject

    def _roles(self, clause: "Clause", subject: Sequence[Mention], *, passive: bool) -> Iterator[tuple[str, Filler]]:
        frame = clause.hit.rule.frame
        role = frame.get("patient" if passive and "agent" in frame else "subject")
        for mention in subject:
            key = role or (frame.get("subject_person") if mention.type == "Person" else None)
            if key:
                yield key, mention
        for group in clause.arguments():
            yield from _by_frame(frame, group)

    def _fill(
        self, hit: Hit, roles: Sequence[tuple[str, Filler]], subject: Sequence[Mention], *, passive: bool
    ) -> Iterator[tuple[str, Filler]]:
        """Give the other side where the clause does not name it."""
        role = "Agent" if passive and "agent" in hit.rule.frame else hit.rule.frame.get("fill")
        filled = [name for name, _ in roles]
        if not role or (role in filled and not (role == "Agent" and hit.rule.type == "Engagement")):
            return
        if role == "Agent" and hit.rule.type == "Engagement" and filled.count("Agent") != 1:
            return
        opponent = self.discourse.opponent(subject)
        if opponent:
            yield role, opponent

    def _after(self, clause: "Clause", draft: Draft, subject: Sequence[Mention]) -> None:
        """Carry the subject on; open the scope of an order, a plan or a report."""
        if draft.type not in {"Order", "Plan", "Report"} or self.scope:
            self.discourse.subject = tuple(subject) or self.discourse.subject
        kind = clause.hit.rule.scope
        if draft.type in _SPEECH and kind and draft.modality is Modality.ACTUAL:
            before = self.scope.subject if self.scope else tuple(subject) or self.discourse.subject
            scope = "planned" if kind in {"planned", "list"} else kind
            self.scope = Scope(scope, draft.trigger.start, before, 1)
            self.discourse.subject = tuple(subject) or self.discourse.subject
        recipients = tuple(f for f in draft.fillers("Recipient") if isinstance(f, Mention))
        if draft.type == "Order" and recipients:
            self.discourse.subject = recipients


def _by_frame(frame: "dict[str, str] | object", group: Group) -> Iterator[tuple[str, Filler]]:
    roles: dict[str, str] = frame  # type: ignore[assignment]
    for place in group.places:
        if roles.get("of_place"):
            yield roles["of_place"], place
    for mention in group.heads:
        role = roles.get(_slot(group, mention)) or (roles.get(_slot(group, mention, narrow=True)))
        if role:
            yield role, mention


def _slot(group: Group, mention: Mention, *, narrow: bool = False) -> str:
    """Give the name of a frame's part that a group's case and kind fill."""
    case = {"passive": "agent", "by": "subject"}.get(group.case, group.case) or "object"
    if group.kind == "place":
        return "object_place" if case == "object" else f"{case}_place"
    if group.kind == "thing":
        return "object_thing"
    if group.kind in {"number", "award"}:
        return f"object_{group.kind}"
    if narrow:
        return f"{case}_person" if mention.type == "Person" else f"{case}_unit"
    return case


class Clause:
    """A segment seen from one of its triggers."""

    def __init__(self, view: Skeleton, segment: Segment, found: Sequence[Group], position: int) -> None:
        self.view = view
        self.segment = segment
        self.groups = found
        self.hit = segment.hits[position]
        self.before = segment.hits[position - 1] if position else None
        self.after = segment.hits[position + 1] if position + 1 < len(segment.hits) else None

    def passive(self, bare: "object") -> bool:
        """Tell whether the clause says that its subject suffers."""
        if any(g.case == "passive" for g in self._own_before()):
            return True
        start = self.before.end if self.before else self.segment.start
        return bool(bare.search(self.view.text[start : self.hit.start]))  # type: ignore[attr-defined]

    def subject(self) -> Group | None:
        """Give the group that acts, or None: the last one before the trigger without a preposition, or with 以, 率."""
        candidates = [g for g in self._own_before() if g.kind == "force" and g.case in {"", "by"}]
        if self.before:
            joined = self.before.rule.type in _SPEECH
            candidates = [g for g in candidates if g.case == "by" or joined]
        else:
            candidates = [g for g in candidates if not self._attributive(g)] or candidates
        return candidates[-1] if candidates else None

    def _attributive(self, group: Group) -> bool:
        right = self.view.text[group.end : group.end + 1]
        return right in {"的", "之"} and group.end + 8 < self.hit.start

    def _own_before(self) -> list[Group]:
        start = self.before.end if self.before else self.segment.start
        found = []
        for group in self.groups:
            if group.end > self.hit.start or group.start < start:
                continue
            found.append(group)
        return found

    def arguments(self) -> Iterator[Group]:
        """Give the groups that the trigger governs besides its subject."""
        subject = self.subject()
        for group in self._own_before():
            if group is subject:
                if group.places:
                    yield Group((), group.kind, "", group.start, group.end, group.places)
            elif group.case in _PREVERBAL and (self.before is None or not self._follows(self.before, group)):
                yield group
            elif group.case in {"", "to"} and group.kind in {"place", "thing"} and self.before is None:
                yield Group(group.heads, group.kind, "subject" if not group.case else "at", group.start, group.end)
        end = self.after.start if self.after else self.segment.end
        for group in self.groups:
            if self.hit.end <= group.start and group.end <= end and self._governs(group):
                yield group

    def _governs(self, group: Group) -> bool:
        return self.after is None or group.case not in _PREVERBAL or self._follows(self.hit, group)

    def _follows(self, hit: Hit, group: Group) -> bool:
        """Tell whether a group stands right after a trigger: 集结于, 撤至, 位于."""
        return group.start - hit.end <= 1
