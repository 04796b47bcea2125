"""Words that stand for who is not named, 该师, 双方, 我团, 职, 师长 -> who it is; the narrator where none is named."""

import re
from collections.abc import Iterator

from graph.model import Mention
from graph.reader.clause_words import SPEECH
from graph.reader.clauses import Clause
from graph.reader.discourse import Discourse
from graph.reader.narrators import ending

# What a person does himself; in every other event a person stands for his troops.
PERSONAL = SPEECH | {"Meeting", "Appointment", "AwardGiven", "Death", "Injury", "Captivity"}


class Pronouns:
    """Resolves what stands for a name by what the discourse has told."""

    def __init__(self, discourse: Discourse) -> None:
        self.discourse = discourse

    def named(self, clause: Clause, match: re.Match[str] | None) -> tuple[Mention, ...]:
        """Give the units for which 两集团军, 该师团, 双方, 我师 or the like stands."""
        if match is None:
            return ()
        discourse = self.discourse
        if match["both"]:
            sides = {discourse.side(m): m for m in discourse.seen}
            return tuple(sides[side] for side in ("CN", "JP") if side in sides)
        if match["former"] or match["latter"]:
            return discourse.subject[:1] if match["former"] else discourse.subject[-1:]
        if match["own"] or match["ours"]:
            return self._own(clause, match["own"] or match["ours"])
        if match["chief"]:
            return self._titled(clause, match["chief"])
        if match["self"]:
            return self._myself(clause)
        if match["two"] is not None:
            return discourse.latest("", 2)
        return discourse.latest(match["plural"], 2) if match["plural"] else discourse.latest(match["one"], 1)

    def sender(self, clause: Clause) -> tuple[Mention, ...]:
        """Give who sends the telegram in which something is ordered or reported by nobody named: 三、已令第59军截击."""
        return () if clause.named_before() else self.discourse.narrators.sender(_at(clause))

    def narrator(self, clause: Clause) -> tuple[Mention, ...]:
        """Give the narrator's unit where a sentence of his begins with a date and names nobody: 四日续攻."""
        if clause.before or clause.named_before() or not clause.dated():
            return ()
        return self.discourse.own_unit(_at(clause))

    def ours(self, clause: Clause) -> tuple[Mention, ...]:
        """Give who 我 is in 为我所歼: the narrator's unit, else who acted last on his side."""
        return self.discourse.own_unit(_at(clause)) or self.discourse.troops(self.discourse.acted.get("CN", ()))

    def fallen(self, clause: Clause) -> Iterator[Mention]:
        """Give who falls: whom a title alone means, 团长阵亡, where the text has named him; else the last man named."""
        match = clause.titled()
        if match is None:
            yield from clause.last_man()
        for unit in self.discourse.titled(match["chief"]) if match else ():
            if man := self.discourse.leader(unit, _at(clause)):
                yield man

    def _own(self, clause: Clause, echelon: str) -> tuple[Mention, ...]:
        """Give the unit of whoever says 本师: the narrator's, that of the last speaker, or the last named; else his."""
        narrator = self.discourse.narrators.unit(_at(clause))
        spoken = self.discourse.troops(self.discourse.speaker)
        for units in ((narrator,) if narrator else (), spoken, self.discourse.latest(echelon, 1)):
            if found := ending(units, echelon):
                self.discourse.ours = found[-1:]
                return self.discourse.ours
        return spoken

    def _titled(self, clause: Clause, title: str) -> tuple[Mention, ...]:
        """Give whom a title alone means: the commander where he speaks and the text has named him, else his unit."""
        units = self.discourse.titled(title)
        if clause.hit.rule.type not in PERSONAL:
            return units
        men = (self.discourse.leader(unit, _at(clause)) for unit in units)
        return tuple(man for man in men if man) or units

    def _myself(self, clause: Clause) -> tuple[Mention, ...]:
        """Give who says 职, 余 or 我们: the telegram's sender, the narrator's unit, or who acted last on his side."""
        sender = self.discourse.narrators.sender(_at(clause))
        if sender:
            return sender if clause.hit.rule.type in PERSONAL else self.discourse.troops(sender)
        return self.discourse.own_unit(_at(clause)) or self.discourse.acted.get("CN", ())


def _at(clause: Clause) -> int:
    return clause.view.starts[clause.hit.start]
