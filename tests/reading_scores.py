"""How far one reading of a text agrees with another: right, found and wanted, counted as careful readers count it.

Mentions pair by type and overlap, events by type and overlapping triggers. Names may differ: each name found stands
for the name that most of the mentions paired with it have. What an order or plan holds, the strength of a
disposition, the figure that another is within and who disputes one are not counted, nor the unit of the fallen.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graph.model import Event, Mention, Modality, Reading, Role, Span

UNCOUNTED = frozenset({"Content", "Strength", "Within", "DisputedBy"})
FALLEN = frozenset({"Death", "Injury", "Captivity"})

Name = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Score:
    """What is right of what was found and what was wanted."""

    right: int
    found: int
    wanted: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; zero where nothing is right."""
        return 2 * self.right / (self.found + self.wanted) if self.right else 0.0

    def __add__(self, other: "Score") -> "Score":
        """Give both together."""
        return Score(self.right + other.right, self.found + other.found, self.wanted + other.wanted)


def scores(wanted: Reading, found: Reading) -> Mapping[str, Score]:
    """Give the scores of mentions, relations, events, roles and modality of one text."""
    mentions = paired_mentions(wanted, found)
    meant, read = names(wanted), translated(wanted, found, mentions)
    events = paired_events(wanted, found, meant, read)
    true, told = relations(wanted, meant), relations(found, read)
    moods = sum(mood(one) is mood(other) for one, other in events)
    return {
        "mentions": Score(len(mentions), len(found.mentions), len(wanted.mentions)),
        "relations": Score(len(true & told), len(told), len(true)),
        "events": Score(len(events), len(found.events), len(wanted.events)),
        "roles": Score(
            sum(right_roles(wanted, found, pair, meant, read) for pair in events),
            sum(len(roles(event)) for event in found.events),
            sum(len(roles(event)) for event in wanted.events),
        ),
        "modality": Score(moods, len(events), len(events)),
    }


def overlap(one: Span, other: Span) -> int:
    """Give the number of characters that two spans share; none where they lie apart."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def paired_mentions(wanted: Reading, found: Reading) -> Mapping[str, str]:
    """Give the mention found for each mention wanted: of its type, overlapping it most, each once."""
    pairs: dict[str, str] = {}
    rest = dict(found.mentions)
    for one in sorted(wanted.mentions.values(), key=lambda mention: mention.span.start):
        shared = {key: overlap(one.span, other.span) for key, other in rest.items() if other.type == one.type}
        best = max(shared, key=lambda key: shared[key], default=None)
        if best and shared[best]:
            pairs[one.id] = best
            del rest[best]
    return pairs


def names(reading: Reading) -> Name:
    """Give what tells the canonical name of a role's filler."""
    return lambda filler: reading.mentions[filler].canonical if filler in reading.mentions else filler.lstrip("@")


def translated(wanted: Reading, found: Reading, pairs: Mapping[str, str]) -> Name:
    """Give what tells the name that the wanted reading has for a filler of the reading found."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for one, other in pairs.items():
        votes[found.mentions[other].canonical][wanted.mentions[one].canonical] += 1
    plain = names(found)
    chosen = {name: count.most_common(1)[0][0] for name, count in votes.items()}
    return lambda filler: chosen.get(plain(filler), plain(filler))


def relations(reading: Reading, name: Name) -> set[tuple[str, ...]]:
    """Give the relations by type and the names of both ends, those of `sameAs` in one order."""
    ends = {(one.type, name(one.subject), name(one.object)) for one in reading.relations}
    return {(kind, *sorted(both)) if kind == "sameAs" else (kind, *both) for kind, *both in ends}


def roles(event: Event) -> tuple[Role, ...]:
    """Give the roles that count."""
    return tuple(
        role for role in event.roles if role.name not in UNCOUNTED and (role.name != "Unit" or event.type not in FALLEN)
    )


def paired_events(wanted: Reading, found: Reading, meant: Name, read: Name) -> list[tuple[Event, Event]]:
    """Give each event wanted with the one found of its type on its trigger that shares the most roles, each once."""
    pairs = []
    rest = list(found.events)
    for event in sorted(wanted.events, key=lambda one: one.trigger):
        told = {(role.name, meant(role.filler)) for role in roles(event)}
        near = [other for other in rest if other.type == event.type and overlap(other.trigger, event.trigger)]
        if near:
            best = max(near, key=lambda other: len(told & {(r.name, read(r.filler)) for r in roles(other)}))
            rest.remove(best)
            pairs.append((event, best))
    return pairs


def right_roles(wanted: Reading, found: Reading, pair: tuple[Event, Event], meant: Name, read: Name) -> int:
    """Give the number of roles of an event that the event found has, by the name meant or by the words that say it."""
    rest = list(roles(pair[1]))
    right = 0
    for role in roles(pair[0]):
        told = wanted.mentions.get(role.filler)
        like = [other for other in rest if other.name == role.name]
        match = next((r for r in like if read(r.filler) == meant(role.filler) or _at(found, r, told)), None)
        if match:
            rest.remove(match)
            right += 1
    return right


def _at(found: Reading, role: Role, told: Mention | None) -> bool:
    filler = found.mentions.get(role.filler)
    return told is not None and filler is not None and overlap(told.span, filler.span) > 0


def mood(event: Event) -> Modality:
    """Give whether an event is actual, planned or negated; what is only reported counts as actual."""
    return Modality.ACTUAL if event.modality is Modality.REPORTED else event.modality


def summed(told: Iterable[Mapping[str, Score]]) -> Mapping[str, Score]:
    """Give the scores of several texts together."""
    total: dict[str, Score] = {}
    for one in told:
        for measure, score in one.items():
            total[measure] = total.get(measure, Score(0, 0, 0)) + score
    return total
