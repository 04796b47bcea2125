"""What an order, a plan or a report says: where its words begin and end, and who acts in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from graph.model import Mention, Modality, Span
from graph.reader.clause_words import SPEECH
from graph.reader.clauses import Clause
from graph.reader.discourse import Discourse
from graph.reader.document import Document
from graph.reader.drafts import Draft
from graph.reader.skeleton import CODES, Skeleton


@dataclass(frozen=True, slots=True)
class Scope:
    """What an order, plan or report opens: its kind, its trigger, who acted before, and whether an act was told.

    `given` says that the order is told as given before: 已令.
    """

    kind: str
    trigger: int
    subject: tuple[Mention, ...]
    addressed: bool
    filled: bool = False
    long: bool = False
    given: bool = False


class Scopes:
    """The scope in force; `current` is None where the narrator speaks of what happened."""

    def __init__(self, document: Document, discourse: Discourse, patterns: Mapping[str, re.Pattern[str]]) -> None:
        self.document = document
        self.discourse = discourse
        self.patterns = patterns
        self.current: Scope | None = None

    @property
    def trigger(self) -> int | None:
        """Give where the word stands that says what is told now, or None."""
        return self.current.trigger if self.current else None

    def paragraph(self, view: Skeleton) -> None:
        """End the scope with its paragraph; a long list goes on where the next one begins with a formation."""
        listed = self.current is not None and self.current.long and CODES["Unit"] in view.text[:3]
        if not listed:
            self.current = None

    def head(self, view: Skeleton) -> None:
        """Let a heading (主要内容是:) make the scope last, and a date at the head of a sentence end a long one."""
        heading = self.patterns["heading"].search(view.text)
        if heading:
            first = self.current or Scope("planned", view.starts[heading.start()], self.discourse.speaker, False)
            self.current = replace(first, kind="planned", long=True)
        elif self.current and self.current.long and not self.quoted(view.starts[0]) and self._told_on(view):
            self._end(self.current)

    def _told_on(self, view: Skeleton) -> bool:
        """Tell whether a sentence goes on with what happened: it begins with a date, or with 此时."""
        return CODES["Date"] in view.text[:2] or bool(self.patterns["narrates"].search(view.text))

    def close(self, view: Skeleton, sentence: Span) -> None:
        """End the scope of an order with its sentence; what it lists goes on after a semicolon or a colon."""
        scope = self.current
        if scope is None or scope.long or view.text.rstrip("”」』").endswith((";", ":")) or self.quoted(sentence.end):
            return
        if not scope.addressed:
            self.discourse.turn(scope.subject)
        self.current = None

    def before(self, clause: Clause) -> None:
        """End the scope before a trigger that lies outside it."""
        if self.current:
            self._happens(clause, self.current)
        if self.current:
            self._speaks_again(clause, self.current)

    def _end(self, scope: Scope) -> None:
        self.discourse.turn(scope.subject)
        self.current = None

    def _happens(self, clause: Clause, scope: Scope) -> None:
        """End the scope of a plan or order, outside quotations, where the text tells what then happened.

        That is a new date after an order without recipient, an act of the other side, or what the planner suffered.
        """
        if scope.kind != "planned" or not scope.filled or scope.long or self._in_quotation(clause):
            return
        dated = clause.opening.lstrip(",")[:1] == CODES["Date"] and (scope.given or not scope.addressed)
        if dated or self._other_side(clause, scope) or (clause.suffers() and "," in clause.opening):
            self._end(scope)

    def _speaks_again(self, clause: Clause, scope: Scope) -> None:
        """End the scope where the one who ordered, planned or reported speaks or acts again, outside a quotation."""
        resumes = scope.kind in {"reported", "known"} and self.patterns["resumes"].search(clause.opening)
        speaks = not scope.long and clause.hit.rule.type in SPEECH and not self._in_quotation(clause)
        if (resumes and not clause.subject()) or speaks:
            self._end(scope)

    def _in_quotation(self, clause: Clause) -> bool:
        return self.document.quote_at(clause.view.starts[clause.hit.start]) is not None

    def _other_side(self, clause: Clause, scope: Scope) -> bool:
        explicit = clause.subject()
        if explicit is None or clause.local(explicit):
            return False
        sides = {self.discourse.side(m) for m in scope.subject}
        return bool(sides - {None}) and not sides & {self.discourse.side(m) for m in explicit.heads}

    def quoted(self, at: int) -> bool:
        """Tell whether a character stands in a quotation that the scope's speaker opened."""
        quote = self.document.quote_at(at)
        return quote is not None and self.current is not None and self.current.trigger < quote.start

    def planned(self, clause: Clause) -> bool:
        """Tell whether the scope makes a trigger planned; an order in it is given, unless it stands in a quotation."""
        if self.current is None or self.current.kind != "planned":
            return False
        return clause.hit.rule.type not in SPEECH or self.quoted(clause.view.starts[clause.hit.start])

    def told(self, clause: Clause) -> bool:
        """Tell whether a trigger stands in what somebody reports, and is no figure and no speech itself."""
        reported = self.current is not None and self.current.kind == "reported"
        return reported and clause.hit.rule.type not in SPEECH | {"Loss"}

    def after(self, clause: Clause, draft: Draft) -> None:
        """Open a scope where the event is speech; carry on who acts in what is said."""
        if draft.type not in SPEECH:
            if self.current:
                self.current = replace(self.current, filled=True)
            return
        recipients = tuple(f for f in draft.fillers("Recipient") if isinstance(f, Mention))
        kind = clause.hit.rule.scope
        if kind and draft.modality is Modality.ACTUAL:
            before, start = self.discourse.subject, draft.trigger.start
            given = clause.opening.endswith("已")
            scope = Scope(kind.replace("list", "planned"), start, before, bool(recipients), long=kind == "list")
            self.current = replace(scope, given=given)
        content = clause.content_subject()
        if draft.type == "Order":
            self.discourse.orderer = draft.fillers("Agent")
            self.discourse.turn(clause.delegates() or recipients or self.discourse.troops(self.discourse.subject))
        elif content:
            self.discourse.turn(content.heads)
        elif draft.type == "Plan" and kind and clause.subject():
            self.discourse.turn(tuple(f for f in draft.fillers("Agent") if isinstance(f, Mention)))
