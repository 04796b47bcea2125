"""The words of a segment around one of its triggers, and what they tell without the names."""

import re
from collections.abc import Mapping, Sequence

from graph.model import Mention
from graph.reader.phrases import Segment
from graph.reader.rules import Hit
from graph.reader.skeleton import Skeleton

_ACTORS = frozenset({"Unit", "Force", "Organization", "Person"})
SPEECH = frozenset({"Order", "Plan", "Report"})
# Between two triggers that share their subject and their object (阻击、侧击和追击).
_SHARED = re.compile(r"(?:及其|以及|、|和|与|及|并|或|而|兼|又|再|地|猛烈|实施|进行|予以|以){0,2}")


class Words:
    """A segment's words, split at a trigger; `first` and `last` are the triggers that stand side by side with it."""

    def __init__(
        self, view: Skeleton, segment: Segment, position: int, patterns: Mapping[str, re.Pattern[str]]
    ) -> None:
        self.view = view
        self.segment = segment
        self.hit = segment.hits[position]
        self.patterns = patterns
        first, last = self._chain(segment.hits, position)
        self.before = segment.hits[first - 1] if first else None
        self.first = segment.hits[first]
        self.last = segment.hits[last]
        self.after = segment.hits[last + 1] if last + 1 < len(segment.hits) else None

    def _chain(self, hits: Sequence[Hit], position: int) -> tuple[int, int]:
        """Give the first and last of the triggers that stand side by side with this one."""
        first = last = position
        while first and self._adjacent(hits[first - 1], hits[first]):
            first -= 1
        while last + 1 < len(hits) and self._adjacent(hits[last], hits[last + 1]):
            last += 1
        return first, last

    def _adjacent(self, left: Hit, right: Hit) -> bool:
        if {left.rule.type, right.rule.type} & SPEECH:
            return False
        return bool(_SHARED.fullmatch(self.view.text[left.end : right.start]))

    @property
    def left(self) -> str:
        """Give the words of the segment before the trigger."""
        return self.view.text[self.segment.start : self.hit.start]

    @property
    def right(self) -> str:
        """Give some words after the trigger."""
        return self.view.text[self.last.end : self.last.end + 12]

    @property
    def opening(self) -> str:
        """Give the words between the trigger before and this one."""
        return self.view.text[self._start : self.first.start]

    @property
    def _start(self) -> int:
        return self.before.end if self.before else self.segment.start

    def purpose(self) -> bool:
        """Tell whether the trigger stands in a clause of purpose: 为策应主力."""
        return bool(self.patterns["purpose"].search(self.opening))

    def temporal(self) -> bool:
        """Tell whether the trigger stands in a clause of time, 当第6师团撤过时, whose subject is its own."""
        closed = self.patterns["temporal_close"].match(self.right)
        return bool(closed) and bool(self.patterns["temporal_open"].match(self.opening)) and self.after is not None

    def said(self) -> bool:
        """Tell whether the trigger stands in the name of an order or a plan: 下达进攻长沙的命令."""
        return bool(self.patterns["said"].match(self.view.text[self.hit.end :]))

    def own_loss(self) -> bool:
        """Tell whether a loss is of those who inflicted the one before: 自身伤亡200人."""
        return bool(self.patterns["own_loss"].search(self.opening))

    def distributes(self) -> bool:
        """Tell whether the clause gives each agent its own place (分别)."""
        return bool(self.patterns["distributive"].search(self.opening))

    def named_before(self) -> bool:
        """Tell whether a formation, side or person is named in the sentence before the trigger."""
        return bool(self.patterns["actor"].search(self.view.text[: self.hit.start]))

    def dated(self) -> bool:
        """Tell whether the sentence opens with a date."""
        return bool(self.patterns["opens_with_date"].match(self.view.text))

    def last_man(self) -> tuple[Mention, ...]:
        """Give the last person named in the sentence before the trigger, where no formation or side is named since."""
        named = [m for at, m in sorted(self.view.mentions.items()) if at < self.hit.start and m.type in _ACTORS]
        return tuple(m for m in named[-1:] if m.type == "Person")

    def follows_on(self) -> bool:
        """Tell whether the trigger is told as what came of the act before it: 敌溃退,遂占."""
        return bool(self.patterns["follows_on"].search(self.opening))

    def titled(self) -> re.Match[str] | None:
        """Give the match of a title alone right before the trigger, or None."""
        return self.patterns["title_alone"].search(self.opening)

    def by_us(self) -> bool:
        """Tell whether the narrator's side does what is suffered: 为我所歼."""
        return bool(self.patterns["by_us"].search(self.opening))

    def addressee(self) -> re.Match[str] | None:
        """Give the match of 两战区, 该师 and the like right after an order, or None."""
        return self.patterns["pronoun"].match(self.right)

    def plural(self) -> re.Match[str] | None:
        """Give the match of 两集团军, 该师团, 双方 and the like before the trigger, or None."""
        return self.patterns["pronoun"].search(self.opening)
