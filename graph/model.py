"""The plain types that flow between the steps. Everything is frozen; intervals of characters are half-open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` up to but not including `end`, in Unicode code points of the original text."""

    start: int
    end: int

    def __contains__(self, other: "Span") -> bool:
        """Tell whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Supplied:
    """A year that the text does not print, and why it is known."""

    year: int
    reason: str


@dataclass(frozen=True, slots=True)
class Text:
    """One source text with what the manifest says of it."""

    name: str
    path: Path
    characters: str
    sha256: str
    titles: Mapping[str, str]
    campaign: str
    script: str
    original: str
    rights: str
    supplied: tuple[Supplied, ...]
    sentences: tuple[Span, ...]


# --------------------------------------------------------------------------- the reading


class Way(StrEnum):
    """How a reading was made."""

    REVIEWED = "reviewed"
    READ = "read"


class Modality(StrEnum):
    """What the text says of an event's reality."""

    ACTUAL = "actual"
    PLANNED = "planned"
    NEGATED = "negated"
    REPORTED = "reported"

    @property
    def kind(self) -> str:
        """The class of an occurrence of this modality."""
        return {"actual": "Event", "planned": "PlannedAction", "negated": "NegatedAction"}.get(self, "ReportedAction")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, date, number or thing in the text, with the canonical name of what is meant.

    `lasted` is how long the text says that a battle lasted (`P55D`), where it is named.
    """

    id: str
    type: str
    span: Span
    surface: str
    canonical: str
    unsure: bool = False
    lasted: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of an event: `filler` is a mention's id, an event's id, or `@` and a canonical name."""

    name: str
    filler: str


PEOPLE = frozenset({"casualties", "killed", "wounded", "missing", "prisoners", "sick", "suicide"})


@dataclass(frozen=True, slots=True)
class Event:
    """An event, order, plan, report or counted loss as the text tells it; `notes` holds the keys of the guide."""

    id: str
    type: str
    trigger: Span
    words: str
    roles: tuple[Role, ...]
    modality: Modality
    loss_kind: str | None
    notes: Mapping[str, str]

    @property
    def loss_term(self) -> str:
        """The term of the kind of a loss; casualties where the reading names none."""
        return "materielLoss" if self.loss_kind == "materiel" else self.loss_kind or "casualties"

    @property
    def counted(self) -> str:
        """The term of the unit that a loss without a measure word is counted in."""
        return "persons" if self.loss_term in PEOPLE else "items"


@dataclass(frozen=True, slots=True)
class Relation:
    """A state that the text asserts between two mentions."""

    id: str
    type: str
    subject: str
    object: str
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says, marked on its characters."""

    text: str
    way: Way
    path: Path | None
    mentions: Mapping[str, Mention]
    events: tuple[Event, ...]
    relations: tuple[Relation, ...]


# --------------------------------------------------------------------------- items and statements


@dataclass(frozen=True, slots=True)
class Item:
    """One thing meant: its number, its kind (a class of the ontology), the key it links by, and its names."""

    id: str
    kind: str
    key: str
    labels: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemValue:
    """An item, by its number."""

    id: str


@dataclass(frozen=True, slots=True)
class TimeValue:
    """A day, month or year: precision 11, 10 or 9 as Wikibase counts it."""

    day: date
    precision: int


@dataclass(frozen=True, slots=True)
class QuantityValue:
    """A number with its bounds (None where none is stated) and the item of its unit (None: a plain number)."""

    amount: Decimal
    lower: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class StringValue:
    """A plain string."""

    text: str


@dataclass(frozen=True, slots=True)
class ExternalIdValue:
    """An identifier in another database."""

    text: str


@dataclass(frozen=True, slots=True)
class UrlValue:
    """An IRI: absolute, or relative to the root of the build (`passage/…`)."""

    url: str


@dataclass(frozen=True, slots=True)
class MonolingualValue:
    """Words in a language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class CoordinateValue:
    """A point on the earth; degrees, and the precision in degrees."""

    latitude: Decimal
    longitude: Decimal
    precision: Decimal


Value = (
    ItemValue
    | TimeValue
    | QuantityValue
    | StringValue
    | ExternalIdValue
    | UrlValue
    | MonolingualValue
    | CoordinateValue
)


@dataclass(frozen=True, slots=True)
class Snak:
    """A property (by its term in the table of properties) with a value."""

    property: str
    value: Value


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a statement comes from; `passage` names the characters when it is a text."""

    snaks: tuple[Snak, ...]
    passage: "Passage | None" = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentence or sentences of a text that say something."""

    text: str
    span: Span
    quote: str


class Rank(StrEnum):
    """Wikibase's ranks; only what the source itself calls false is deprecated."""

    NORMAL = "normal"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim about an item, with its qualifiers and every passage or source that says it."""

    subject: str
    property: str
    value: Value
    qualifiers: tuple[Snak, ...] = ()
    references: tuple[Reference, ...] = ()
    rank: Rank = Rank.NORMAL
    graph: str = "authority"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the graph: its number, its readable term, its datatype, and its like at Wikidata.

    Its scope says where it stands: as an item's own statement (main), as a qualifier, in a reference.
    """

    id: str
    term: str
    datatype: str
    scope: frozenset[str]
    plain: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...]
    descriptions: Mapping[str, str]
    wikidata: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of validation."""

    severity: str
    focus: str
    path: str
    value: str
    shape: str
    component: str
    message: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """What validation found, and how much it looked at."""

    findings: tuple[Finding, ...]
    focus_nodes: Mapping[str, int]

    @property
    def conforms(self) -> bool:
        """Tell whether no finding is a violation."""
        return not any(f.severity == "Violation" for f in self.findings)


# --------------------------------------------------------------------------- the authority and the links


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an authority table: its number, kind, canonical name, names by language, and its own columns."""

    id: str
    kind: str
    name: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...]
    slips: tuple[str, ...]
    facts: Mapping[str, str]

    @property
    def when(self) -> str | None:
        """The days of a battle in EDTF, from `start` and `end` (`1939-12/`: none is known); None without a start."""
        start = self.facts.get("start")
        if start is None or start == self.facts.get("end"):
            return start
        return f"{start}/{self.facts.get('end', '')}"


@dataclass(frozen=True, slots=True)
class Authority:
    """What is known beforehand: entries by kind and name or alias, concepts and properties by term, the ledger."""

    entries: tuple[Entry, ...]
    by_name: Mapping[tuple[str, str], Entry]
    concepts: Mapping[str, Entry]
    properties: Mapping[str, Property]
    ledger: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Links:
    """The item of everything meant in the readings.

    `mentions`, `occurrences` and `strengths` go by text and annotation id, `names` by text and canonical name of an
    entity that the text does not name, `sources` by text, `battles` by name.
    """

    items: Mapping[str, Item]
    mentions: Mapping[tuple[str, str], str]
    names: Mapping[tuple[str, str], str]
    occurrences: Mapping[tuple[str, str], str]
    strengths: Mapping[tuple[str, str], str]
    sources: Mapping[str, str]
    battles: Mapping[str, str]
    ledger: Mapping[tuple[str, str], str]
