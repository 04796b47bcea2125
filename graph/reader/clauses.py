"""A segment seen from one of its triggers: who acts, who suffers, and what else the trigger governs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from graph.model import Mention
from graph.reader.clause_words import SPEECH, Words
from graph.reader.phrases import Group, Segment
from graph.reader.rules import Hit
from graph.reader.skeleton import Skeleton

PREVERBAL = frozenset({"toward", "from", "at", "via", "with", "passive", "object", "by"})
# What is done to somebody, and what closes the clause that says by whom.
_DONE_TO = frozenset({"Attack", "Counterattack", "Pursuit", "Encirclement", "Destruction", "Capture"})
_CLOSES = frozenset({"", ",", "。", ";", ":"})
# What has no force as its object: a force after it and 的 is who acts.
_INTRANSITIVE = frozenset({"Deployment", "Withdrawal", "Advance", "Crossing", "Landing", "Breakout", "Breakthrough"})


class Clause(Words):
    """A segment, its noun groups, and one trigger in it."""

    def __init__(
        self,
        view: Skeleton,
        segment: Segment,
        found: Sequence[Group],
        position: int,
        patterns: Mapping[str, re.Pattern[str]],
    ) -> None:
        super().__init__(view, segment, position, patterns)
        self.groups = tuple(self._freed(group) for group in found)

    def _freed(self, group: Group) -> Group:
        """Give a group without the case that a trigger's own last character seemed to give it (位于, 命)."""
        for hit in self.segment.hits:
            if group.start < hit.end <= group.head:
                return replace(group, start=hit.end, case="")
        return group

    def agent(self) -> Group | None:
        """Give the group after 被, 遭, 受, or in 在…的攻击下; None in an active clause."""
        for group in self._own_before():
            if (
                group.kind == "force"
                and group.case == "passive"
                and "," not in self.view.text[group.end : self.first.start]
            ):
                return group
            if group.kind == "force" and group.case == "at" and self.right.startswith(("下", "之下", "中", "之中")):
                return group
        return None

    def suffers(self) -> bool:
        """Tell whether the clause says that its subject suffers, with or without the one who acts."""
        bare = self.patterns["bare_passive"].search(self.opening)
        return self.agent() is not None or bool(bare) or self._beaten_by_us()

    def _beaten_by_us(self) -> bool:
        """Tell whether the clause closes with what the narrator's side does to its subject: 为我击退."""
        closes = self.right[:1] in _CLOSES and self.hit.rule.type in _DONE_TO
        return closes and bool(self.patterns["by_us_alone"].search(self.opening))

    def subject(self) -> Group | None:
        """Give the group that acts: the last before the trigger without a preposition, or with 以, 率, 由; or None."""
        own = [g for g in self._own_before() if g.kind == "force"]
        agent = self.agent()
        genitive = self.genitive()
        if genitive and genitive is not agent:
            return genitive
        cases = {"", "by", "source"} if self.hit.rule.type in SPEECH else {"", "by"}
        candidates = [g for g in own if g.case in cases and g is not agent and self._leads(g)]
        relative = self.relative()
        if relative and (not candidates or self._inside(own) or self.opening.endswith(("和", "与", "及"))):
            return relative
        if self.before and self.before.rule.type not in SPEECH:
            follows = [g for g in candidates if self._opens(g)]
            candidates = [g for g in candidates if g.case in {"by", "source"}] or follows
        else:
            candidates = [g for g in candidates if not self._attributive(g)] or candidates
        if agent:
            candidates = [g for g in candidates if g.end <= agent.start]
        return candidates[-1] if candidates else None

    @staticmethod
    def _inside(own: Sequence[Group]) -> bool:
        """Tell whether the trigger describes the object of a preposition: 向日军留守鄂西的第13师团进攻."""
        return bool(own) and own[-1].case in {"toward", "with", "object"}

    def _opens(self, group: Group) -> bool:
        """Tell whether a group after the trigger before this one is a new subject: after a comma, or 渡河的第3师团."""
        start = self.before.end if self.before else self.segment.start
        between = self.view.text[start : group.start]
        return "," in between or between.endswith("的") or (not between and self._pivots())

    def _pivots(self) -> bool:
        """Tell whether the object of the trigger before acts in what follows: 掩护第5旅团进攻."""
        before = self.before
        words = self.view.text[before.start : before.words] if before else ""
        return bool(self.patterns["pivot"].search(words)) and "," not in self.opening

    def genitive(self) -> Group | None:
        """Give the group whose act the trigger names as a noun: 日军的猛烈进攻, 由于第20军的报复性攻击; or None."""
        before = [g for g in self.groups if g.end <= self.first.start and g.kind == "force"]
        if not before or before[-1].case not in {"", "from"} or before[-1].head < self.segment.start:
            return None
        between = self.view.text[before[-1].end : self.first.start]
        return before[-1] if self.patterns["genitive"].match(between) else None

    def _leads(self, group: Group) -> bool:
        """Tell whether a group without preposition stands where a subject stands, and is no other verb's object."""
        under = self.patterns["under"].match(self.view.text, group.end)
        if under and under.end() <= self.hit.start:
            return False
        if group.case in {"by", "source"}:
            return True
        start = max(self.view.text.rfind(mark, 0, group.start) for mark in ",。;:") + 1
        inner = [g.end for g in self.groups if start <= g.head < group.head and g.kind in {"place", "number"}]
        prefix = self.view.text[max([start, self._start, *inner]) : group.start]
        prefix = "".join(c for c in prefix if not "\ue000" <= c <= "\uf8ff")
        if self.patterns["verbal"].search(prefix) and not self.patterns["conditional"].search(prefix):
            return False
        rest = self.patterns["connective"].sub("", prefix, count=1)
        return len(rest) <= 5

    def local(self, group: Group) -> bool:
        """Tell whether a subject is of its clause only: of a condition, a part, a noun's act, or a relative clause."""
        if group is self.genitive() or self.part_of_subject(group):
            return True
        start = max(self.view.text.rfind(mark, 0, group.start) for mark in ",。;:") + 1
        return bool(self.patterns["conditional"].search(self.view.text[start : group.start]))

    def relative(self) -> Group | None:
        """Give the group that a relative clause describes: 被包围于浯口的第26军, 增援前线的第10军; or None."""
        end = self.after.start if self.after else self.segment.end
        for group in self.groups:
            if group.kind == "force" and self.last.end < group.head < end:
                between = self.view.text[self.last.end : group.head]
                described = self.patterns["described"].search(between)
                if "," in between or not described or self._adjective(between[: described.start()]):
                    return None
                led = self._intransitive() or (described["by"] == "的" and not self.opening.strip(","))
                return group if led else None
        return None

    def _adjective(self, words: str) -> bool:
        """Tell whether words before 的 only describe whom the trigger hits: 歼灭立足未稳的第26军."""
        named = any("\ue000" <= character <= "\uf8ff" for character in words)
        return not self._intransitive() and not named and len(words) > 2 and "Target" in self.hit.rule.frame.values()

    def _intransitive(self) -> bool:
        return self.hit.rule.type in _INTRANSITIVE or self.hit.rule.frame.get("subject") in {"Target", "Recipient"}

    def purpose_subject(self, later: Sequence[Group]) -> Group | None:
        """Give who acts for a purpose, from what follows: 为策应主力,第34师团进攻奉新; or None."""
        for group in later:
            if group.kind == "force" and not group.case:
                start = max(self.view.text.rfind(mark, 0, group.start) for mark in ",。;:") + 1
                return group if start > self.hit.end else None
        return None

    def _attributive(self, group: Group) -> bool:
        following = self.view.text[group.end : group.end + 1]
        return following in {"的", "之"} and group.end + 8 < self.hit.start

    def part_of_subject(self, group: Group) -> bool:
        """Tell whether the group is named as a part of who acts anyway: 其第102旅团, 一部以第5团."""
        if self.view.text[max(0, group.start - 1) : group.start] in {"其", "该"}:
            return True
        if group is self.relative():
            return self.whole(group) is not None
        return group.case == "by" and self.whole(group) is not None

    def whole(self, group: Group) -> Group | None:
        """Give who acts through or besides a group, 横山勇以第3师团: the one before it without preposition; or None."""
        limit = min(group.start, self.first.start)
        before = [g for g in self.groups if g.kind == "force" and not g.case and g.end <= limit]
        return before[-1] if before else None

    def conditional(self) -> bool:
        """Tell whether who acts stands in a condition: 俟敌进攻, 当日军退却."""
        subject = self.subject()
        if subject is None:
            return False
        start = max(self.view.text.rfind(mark, 0, subject.start) for mark in ",。;:") + 1
        return bool(self.patterns["conditional"].search(self.view.text[start : subject.start]))

    def _own_before(self) -> list[Group]:
        return [g for g in self.groups if g.end <= self.first.start and g.head >= self._start]

    def arguments(self) -> Iterator[Group]:
        """Give the groups that the trigger governs besides who acts and who suffers."""
        subject, agent = self.subject(), self.agent()
        for group in self._own_before():
            if group is agent or group is subject:
                if group.places:
                    yield replace(group, heads=(), case="")
            elif group.case in PREVERBAL and not (self.before and self._claims(self.before, group)):
                yield group
            elif self.before is None and group.case in {"", "to"} and group.kind in {"place", "thing"}:
                yield replace(group, case="subject" if not group.case else "at")
            elif group.kind == "number" and self.first.start - group.end <= 6 and not self._counted_after():
                yield replace(group, case="subject")
        if subject and subject.places and subject.head >= self.last.end:
            yield replace(subject, heads=subject.places, kind="place", case="", places=())
        end = self.after.start if self.after else self.segment.end
        for group in self.groups:
            if (
                group is not subject
                and not self._delegated(group)
                and self.last.end <= group.head
                and group.end <= end
                and self._governs(group)
            ):
                yield group

    def _delegated(self, group: Group) -> bool:
        """Tell whether the group acts in what is said: 命杨森指挥第20军."""
        return self.hit.rule.type in SPEECH and group.case == "by" and group.start >= self.last.end

    def delegates(self) -> tuple[Mention, ...]:
        """Give those who act in what is ordered besides or below the recipient: 命杨森指挥第20军堵击."""
        later = [g for g in self.groups if g.head >= self.last.end and self._delegated(g) and g.kind == "force"]
        return later[-1].heads if later else ()

    def sends_to(self) -> tuple[Mention, ...]:
        """Give the places at the end of an order's clause, where what it orders is done: 命第58军在福临铺一带,."""
        groups = [g for g in self.groups if g.start > self.last.end and g.kind == "place"] if not self.after else []
        return groups[-1].heads if groups and groups[-1].case == "at" else ()

    def _counted_after(self) -> bool:
        end = self.after.start if self.after else self.segment.end
        return any(g.kind == "number" and self.last.end <= g.head < end for g in self.groups)

    def _governs(self, group: Group) -> bool:
        return self.after is None or group.case not in PREVERBAL or self._adjoins(self.last, group)

    def _claims(self, hit: Hit, group: Group) -> bool:
        """Tell whether a group right after a trigger belongs to it: 撤至, but not 奉命由."""
        slots = {group.case, f"{group.case}_{group.kind}"}
        return self._adjoins(hit, group) and not slots.isdisjoint(hit.rule.frame)

    def _adjoins(self, hit: Hit, group: Group) -> bool:
        """Tell whether a group stands right after a trigger: 集结于, 撤至, 位于."""
        return group.start - hit.end <= 1 and hit.end not in self.view.mentions

    def content_subject(self) -> Group | None:
        """Give the first group after a trigger of speech: who acts in what is said; or None."""
        end = self.after.start if self.after else self.segment.end
        for group in self.groups:
            if group.kind == "force" and self.last.end <= group.head and group.end <= end and not group.case:
                return None if self.view.text[group.end : group.end + 1] in {"的", "之"} else group
        return None

    def heads_for(self) -> bool:
        """Tell whether the clause names a direction and no arrival: 向岳阳撤退."""
        if self.hit.rule.frame.get("toward_place") != "To":
            return False
        cases = {group.case for group in self.arguments() if group.kind == "place"}
        return "toward" in cases and not cases & {"", "to"}

    def formations(self, heads: Sequence[Mention]) -> tuple[Mention, ...]:
        """Give the heads with each man named right behind his formation replaced by it: 第88师孙元良."""
        at = {mention.id: position for position, mention in self.view.mentions.items()}
        before = [self.view.mentions.get(at.get(m.id, 0) - 1) if m.type == "Person" else None for m in heads]
        return tuple(unit if unit and unit.type == "Unit" else m for m, unit in zip(heads, before, strict=True))
