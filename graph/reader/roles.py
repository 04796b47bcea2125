"""Clause + discourse -> the roles of its event: who acts, on whom, where."""

from collections.abc import Iterator, Sequence

from graph.model import Mention
from graph.reader.clause_words import SPEECH
from graph.reader.clauses import Clause
from graph.reader.discourse import Discourse
from graph.reader.drafts import Filler
from graph.reader.echelons import echelons
from graph.reader.frames import fillers
from graph.reader.phrases import groups
from graph.reader.pronouns import PERSONAL, Pronouns
from graph.reader.rules import Rule

# The events whose place is that of what was told just before, where the clause names none.
_INHERITS = frozenset({"Engagement", "Defence", "Destruction", "Encirclement", "Counterattack", "Death"})
_BEFALLS = frozenset({"Death", "Injury", "Captivity"})
# What nobody of the other side does to anybody.
_BESTOWED = frozenset({"AwardGiven", "Appointment", "Meeting"})
# What one side does to the other.
_FIGHTS = frozenset(
    {"Attack", "Counterattack", "Pursuit", "Bombardment", "Defence", "Encirclement", "Breakthrough", "Destruction"}
)
# What troops do, and no body at home.
_FIELD = _FIGHTS | {
    "Advance",
    "Withdrawal",
    "Crossing",
    "Landing",
    "Capture",
    "Breakout",
    "Engagement",
    "Deployment",
    "Reinforcement",
}
_FOES = frozenset({"Target", "Opponent"})

Role = tuple[str, Filler]


class Roles:
    """Finds roles; `loser` is whose loss was told last in the sentence, `winner` who inflicted it."""

    def __init__(self, discourse: Discourse) -> None:
        self.discourse = discourse
        self.pronouns = Pronouns(discourse)
        self.loser: tuple[Mention, ...] = ()
        self.winner: tuple[Mention, ...] = ()
        # Where an order sends those who act in what it says next.
        self.ordered_to: tuple[Mention, ...] = ()
        # Whether what is told now is said by an order, a plan or a report.
        self.said = False

    def subject(self, clause: Clause) -> tuple[Mention, ...]:
        """Give who acts or suffers: the group that says so, a pronoun's units, or who the discourse carries."""
        explicit = clause.subject()
        counted = clause.hit.rule.type == "Loss"
        if explicit and not (counted and explicit.heads[-1].type == "Person"):
            heads = clause.formations(explicit.heads) if self._fights(clause) else explicit.heads
            return self.discourse.troops(heads) if clause.said() and self._fights(clause) else heads
        if counted:
            suffered = clause.hit.rule.frame["subject"] == "Of" or clause.suffers()
            own = suffered and clause.own_loss()
            before = self.winner if own or not suffered else self.loser
            if before or own:
                return before
        match = clause.plural()
        named = self._later(clause) or self.pronouns.named(clause, match)
        return named if named or (match and match["self"]) else self._carried(clause)

    @staticmethod
    def _fights(clause: Clause) -> bool:
        return clause.hit.rule.type in _FIELD

    def _later(self, clause: Clause) -> tuple[Mention, ...]:
        """Give who acts in a clause of purpose, from what follows."""
        if not clause.purpose():
            return ()
        later = clause.purpose_subject(groups(clause.view, clause.hit.end, len(clause.view.text), ()))
        return later.heads if later else ()

    def _carried(self, clause: Clause) -> tuple[Mention, ...]:
        if clause.hit.rule.type in SPEECH and self.discourse.speaker:
            return (not self.said and self.pronouns.sender(clause)) or self.discourse.speaker
        if not self.said and (narrator := self.pronouns.narrator(clause)):
            return narrator
        carried = self._opposed(clause, self.discourse.subject)
        return carried if clause.hit.rule.type in PERSONAL else self.discourse.troops(carried)

    def _fighters(self, clause: Clause, filler: Filler) -> Filler:
        """Give who acts; where a body like the 大本营 is carried on, its side as a whole."""
        carried = isinstance(filler, Mention) and filler.type == "Organization" and clause.subject() is None
        return f"@{self.discourse.side(filler)}/" if carried and clause.hit.rule.type in _FIELD else filler

    def _opposed(self, clause: Clause, carried: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """Give the carried subject, or who acted last on the other side, where the clause names its own as the foe."""
        frame = clause.hit.rule.frame
        if clause.hit.rule.type == "Capture" and clause.follows_on() and set(carried) & set(self.discourse.gone):
            return self.discourse.other(self.discourse.side(carried[0])) or carried
        if clause.hit.rule.type not in _FIGHTS:
            return carried
        agent = clause.agent()
        foes = list(agent.heads) if agent and clause.suffers() else []
        foes += [m for group in clause.arguments() for role, m in fillers(frame, group) if role in _FOES]
        sides = {self.discourse.side(m) for m in foes} - {None}
        if len(sides) == 1 and sides == {self.discourse.side(m) for m in carried}:
            return self.discourse.other(sides.pop()) or carried
        return carried

    def of(self, clause: Clause, subject: Sequence[Mention]) -> tuple[Role, ...]:
        """Give the roles of a clause's event, each once: told, of the other side, and of the scene."""
        rule = clause.hit.rule
        told = list(self._told(clause, subject))
        if rule.type == "Order" and clause.right.startswith(("其", "该")) and clause.subject():
            carried = [m for m in self.discourse.subject if m not in subject]
            told += [("Recipient", m) for m in self.discourse.troops(carried)]
        if rule.type == "Order" and not any(name == "Recipient" for name, _ in told):
            told += [("Recipient", m) for m in self.pronouns.named(clause, clause.addressee())]
        if _falls(rule):
            told = [role for role in told if role[0] not in {"Agent", "Opponent"}] + list(self._fall(clause, told))
        if rule.type == "Deployment":
            told = self._placed(clause, told, subject)
        if rule.type == "Loss":
            told = self._inflicted(clause, told)
            if not subject and clause.own_loss() and not any(name == "Of" for name, _ in told):
                told.append(("Of", f"@{self.discourse.foe(self.loser) or 'CN'}/"))
        if rule.type in _BEFALLS and not any(name == "Person" for name, _ in told):
            told += [("Person", man) for man in self.pronouns.fallen(clause)]
        return tuple(dict.fromkeys((*told, *self._fill(clause, told, subject), *self._inherited(clause, told))))

    def _told(self, clause: Clause, subject: Sequence[Mention]) -> Iterator[Role]:
        frame = clause.hit.rule.frame
        suffers = clause.suffers() and bool({"agent", "agent_person"} & set(frame))
        agent = clause.agent()
        if suffers and agent:
            yield from fillers(frame, agent)
        elif suffers and clause.by_us():
            ours = self.pronouns.ours(clause)
            yield from ((frame["agent"], m) for m in ours or ("@CN/",) if "agent" in frame)
            subject = tuple(m for m in subject if self.discourse.side(m) != "CN") or self.discourse.acted.get("JP", ())
        elif suffers and self._position(clause):
            attackers, attacked = self.discourse.attack
            yield from ((frame["agent"], m) for m in attackers)
            yield from ((frame.get("patient", ""), m) for m in attacked)
            self.discourse.turn(tuple(m for m in attacked if isinstance(m, Mention)))
            subject = ()
        role = frame.get("patient" if suffers else "subject")
        for mention in subject:
            key = role or (frame.get("subject_person") if mention.type == "Person" else None)
            if key:
                yield key, self._fighters(clause, mention)
        for group in clause.arguments():
            yield from fillers(frame, group)

    @staticmethod
    def _placed(clause: Clause, told: Sequence[Role], subject: Sequence[Mention]) -> list[Role]:
        """Give the roles of a disposition; in 王敬久控制第49军 those stand there who are its object."""
        units = [m for m in told if m[0] == "Agent" and m[1] not in subject]
        return [role for role in told if role[0] != "Agent" or role[1] not in subject or not units]

    def _position(self, clause: Clause) -> bool:
        """Tell whether what suffers is a position of those attacked last: 阵地被突破."""
        named = clause.subject() is not None or not self.discourse.attack[1]
        return not named and bool(clause.patterns["position"].search(clause.opening))

    def _inflicted(self, clause: Clause, told: Sequence[Role]) -> list[Role]:
        """Give the roles of a loss without one who inflicted it on his own side; in 致敌死伤 only the enemy lost."""
        caused = [m for g in clause.arguments() if g.case == "toward" and g.kind == "force" for m in g.heads]
        if caused:
            others = [("By", f) for name, f in told if name == "Of" and f not in caused]
            told = [*(("Of", m) for m in caused), *others, *(r for r in told if r[0] not in {"Of", "By"})]
        losers = {self.discourse.side(f) for name, f in told if name == "Of"}
        return [role for role in told if role[0] != "By" or self.discourse.side(role[1]) not in losers]

    def _fall(self, clause: Clause, told: Sequence[Role]) -> Iterator[Role]:
        """Give who took and who lost a place that fell: the last attackers there, else Japan took what China held."""
        side = self.discourse.side
        places = [f for name, f in told if name == "Place"]
        taker = [m for m in self.discourse.attackers(places) if side(m) in {"JP", "CN"}] or ["@JP/"]
        if side(taker[0]) == "CN" and not clause.agent():
            taker = ["@JP/"]
        losers = [f for name, f in told if name == "Opponent" and side(f) != side(taker[0])]
        yield from (("Agent", m) for m in taker)
        yield from (("Opponent", m) for m in losers or ["@CN/"])

    def _fill(self, clause: Clause, told: Sequence[Role], subject: Sequence[Mention]) -> Iterator[Role]:
        """Give the other side where the clause names neither it nor a place as what is attacked."""
        frame, kind = clause.hit.rule.frame, clause.hit.rule.type
        struck = clause.suffers() and "agent" in frame and kind not in _BESTOWED
        role = frame.get("agent") if struck else frame.get("fill")
        names = [name for name, _ in told]
        alone = kind == "Engagement" and names.count("Agent") == 1
        placed = role == "Target" and kind in {"Attack", "Defence"} and "Place" in names
        if not role or placed or (not alone and (role in names or kind == "Engagement")):
            return
        if role == "Agent" and kind == "Order":
            own = {self.discourse.side(m) for m in subject}
            yield from (
                ("Agent", m) for m in self.discourse.orderer if self.discourse.side(m) in own and _above(m, subject)
            )
            return
        if kind == "Loss" and self.loser and subject == self.winner:
            yield from ((role, m) for m in self.loser)
            return
        foe = self.discourse.foe(subject)
        opponent = (f"@{foe}/" if foe else None) if role == "Opponent" else self.discourse.opponent(subject)
        if opponent:
            yield role, opponent

    def _inherited(self, clause: Clause, told: Sequence[Role]) -> Iterator[Role]:
        """Give the place of what was told just before or of the order, or where the one who leaves stood."""
        kind = clause.hit.rule.type
        names = {name for name, _ in told}
        if self.ordered_to and not names & {"Place", "To"} and clause.hit.rule.frame.get("at_place"):
            yield from ((clause.hit.rule.frame["at_place"], place) for place in self.ordered_to)
            return
        taken = kind == "Capture" and (_falls(clause.hit.rule) or clause.suffers())
        if (kind in _INHERITS or taken) and "Place" not in names:
            yield from (("Place", place) for place in self.discourse.place)
        if kind in {"Withdrawal", "Breakout", "Advance"} and "From" not in names:
            agents = [f for name, f in told if name == "Agent"]
            yield from (("From", place) for place in self.discourse.left_by(agents) if ("To", place) not in told)
        if kind == "Crossing" and "Place" not in names and self.discourse.river:
            yield "Place", self.discourse.river


def _falls(rule: Rule) -> bool:
    """Tell whether a rule says that a place falls, and its subject is who loses it."""
    return rule.type == "Capture" and "subject_place" in rule.frame and rule.frame.get("subject") == "Opponent"


def _above(orderer: Filler, recipients: Sequence[Mention]) -> bool:
    """Tell whether one may command the others: no formation that stands as low as they."""
    rank = echelons().rank
    return not any(
        isinstance(orderer, Mention) and orderer.type == m.type == "Unit" and rank(orderer) <= rank(m)
        for m in recipients
    )
