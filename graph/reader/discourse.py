"""What the text has told so far: who acts, on which side, against whom, and where each one stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.model import Mention
from graph.reader.drafts import Draft, Filler
from graph.reader.narrators import Narrators
from graph.reader.relation_rules import of_title

_SIDED = frozenset({"Unit", "Force", "Organization"})
_FOES = {"CN": "JP", "JP": "CN", "US": "JP", "GB": "JP"}
# How many mentions back a name is looked for, and the other side's units.
_MEMORY = 60
_NEAR = 14


@dataclass
class Discourse:
    """The state that goes from clause to clause."""

    side_of_person: Mapping[str, str]
    narrators: Narrators
    units_of_person: Mapping[str, tuple[tuple[int, Mention], ...]] = field(default_factory=dict)
    leaders: Mapping[str, tuple[tuple[int, Mention], ...]] = field(default_factory=dict)
    subject: tuple[Mention, ...] = ()
    # The unit that the text has called its own last: 我团.
    ours: tuple[Mention, ...] = ()
    # How many sentences have been told.
    sentence: int = 0
    # Who attacked last, and whom; in which sentence, and where.
    attack: tuple[tuple[Filler, ...], tuple[Filler, ...]] = ((), ())
    attacked: tuple[int, tuple[Filler, ...]] = (-1, ())
    # Who last ordered, planned or reported, or acted outside what was ordered.
    speaker: tuple[Mention, ...] = ()
    river: Mention | None = None
    orderer: tuple[Filler, ...] = ()
    place: tuple[Filler, ...] = ()
    # Who has withdrawn right before.
    gone: tuple[Filler, ...] = ()
    # Who acted last on each side.
    acted: dict[str, tuple[Mention, ...]] = field(default_factory=dict)
    where: dict[str, Filler] = field(default_factory=dict)
    seen: list[Mention] = field(default_factory=list)

    def scene(self) -> None:
        """Begin a sentence: no place has been told in it, and nobody stands anywhere."""
        self.place = ()
        self.where.clear()
        self.sentence += 1

    def turn(self, subject: tuple[Mention, ...]) -> None:
        """Let somebody act from here on."""
        self.subject = subject
        for mention in subject[:1]:
            side = self.side(mention)
            if side:
                self.acted[side] = subject

    def other(self, side: str | None) -> tuple[Mention, ...]:
        """Give who acted last on the side that fights `side`."""
        return self.acted.get(_FOES.get(side or "", ""), ())

    def side(self, mention: Filler) -> str | None:
        """Give the side of a mention, `CN` or `JP` and so on; None where nothing tells."""
        if isinstance(mention, str):
            return mention.removeprefix("@").partition("/")[0] or None
        if mention.type in _SIDED:
            return mention.canonical.partition("/")[0]
        return self.side_of_person.get(mention.canonical)

    def note(self, mentions: Iterable[Mention]) -> None:
        """Remember mentions in the order of the text."""
        self.seen.extend(m for m in mentions if m.type in {"Unit", "Force"})
        del self.seen[:-_MEMORY]

    def units_of(self, person: Mention) -> tuple[Mention, ...]:
        """Give the units that the text, nearest before this mention or else after it, lets a person command."""
        units = self.units_of_person.get(person.canonical, ())
        if not units:
            return ()
        position = max(1, bisect_right(units, person.span.start, key=lambda pair: pair[0]))
        chosen = units[position - 1][0]
        first = bisect_left(units, chosen, key=lambda pair: pair[0])
        last = bisect_right(units, chosen, key=lambda pair: pair[0])
        return tuple(unit for _, unit in units[first:last])

    def troops(self, actors: Sequence[Mention]) -> tuple[Mention, ...]:
        """Give the actors with each person replaced by the units that he commands, where the text tells it."""
        return tuple(u for m in actors for u in ((self.units_of(m) or (m,)) if m.type == "Person" else (m,)))

    def own_unit(self, at: int) -> tuple[Mention, ...]:
        """Give the narrator's unit at a character: the one he says to serve in, else the last he has called his own."""
        unit = self.narrators.unit(at)
        return (unit,) if unit else self.ours

    def titled(self, title: str) -> tuple[Mention, ...]:
        """Give the last unit named that one of a title commands: 师长 the last 师."""
        return tuple(of_title(title, [m for m in self.seen if m.type == "Unit"]))[:1]

    def leader(self, unit: Mention, at: int) -> Mention | None:
        """Give who commands a unit by what the text has told before a character; None where it has not."""
        men = self.leaders.get(unit.canonical, ())
        position = bisect_left(men, at, key=lambda pair: pair[0])
        return men[position - 1][1] if position else None

    def foe(self, actors: Iterable[Filler]) -> str | None:
        """Give the side that the actors fight; None where they are of both, or nothing tells."""
        foes = {_FOES.get(side) for side in map(self.side, actors) if side} - {None}
        return min(foes) if len(foes) == 1 else None  # type: ignore[type-var]

    def opponent(self, actors: Iterable[Filler]) -> Filler | None:
        """Give whom the actors fight: the other side's last unit nearby, else that side as a whole; None if unknown."""
        foes = {_FOES.get(side) for side in map(self.side, actors) if side} - {None}
        for mention in reversed(self.seen[-_NEAR:]):
            if self.side(mention) in foes:
                return mention
        return f"@{min(foes)}/" if len(foes) == 1 else None  # type: ignore[type-var]

    def latest(self, ending: str, number: int) -> tuple[Mention, ...]:
        """Give the last `number` different units whose names end so, in the order of the text."""
        found: dict[str, Mention] = {}
        for mention in reversed(self.seen):
            if mention.type == "Unit" and mention.canonical.endswith(ending):
                found.setdefault(mention.canonical, mention)
            if len(found) == number:
                break
        return tuple(reversed(found.values()))

    def attackers(self, places: Sequence[Filler]) -> tuple[Filler, ...]:
        """Give who attacked last, in this sentence or the one before, or at one of these places."""
        last, where = self.attacked
        names = {filler if isinstance(filler, str) else filler.canonical for filler in places}
        there = any((filler if isinstance(filler, str) else filler.canonical) in names for filler in where)
        return self.attack[0] if there or self.sentence - last <= 1 else ()

    def left_by(self, agents: Sequence[Filler]) -> tuple[Filler, ...]:
        """Give the places where the agents stood by what this sentence told before."""
        keys = [agent if isinstance(agent, str) else agent.canonical for agent in agents]
        return tuple(dict.fromkeys(self.where[key] for key in keys if key in self.where))

    def learn(self, draft: Draft, *, lasting: bool) -> None:
        """Remember from an event who fought whom, and, unless it is only a condition, where its agents now stand."""
        agents, targets = draft.fillers("Agent"), draft.fillers("Target") + draft.fillers("Opponent")
        self.gone = agents if draft.type == "Withdrawal" else ()
        if draft.type in {"Attack", "Breakthrough", "Bombardment", "Capture", "Pursuit"} and agents:
            self.attack = (agents, targets)
            self.attacked = (self.sentence, draft.fillers("Place"))
        places = (
            draft.fillers("To") + draft.fillers("Place") + (draft.fillers("From") if draft.type == "Withdrawal" else ())
        )
        if places and lasting:
            self.place = places
            for agent in agents:
                self.where[agent if isinstance(agent, str) else agent.canonical] = places[-1]
