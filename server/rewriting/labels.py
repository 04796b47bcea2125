"""`SERVICE wikibase:label` -> standard SPARQL at the end of its group: a name in the first language that has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.rewriting.triples import Term, Triple

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
ALIAS = "http://www.w3.org/2004/02/skos/core#altLabel"
DESCRIPTION = "http://schema.org/description"
SUFFIXES = {"AltLabel": ALIAS, "Label": LABEL, "Description": DESCRIPTION}
"""What a variable's name ends with -> what it stands for; a longer ending is tried before a shorter one."""


@dataclass(frozen=True)
class Name:
    """A name that is asked for: of which subject (as written), by which property, into which variable."""

    subject: str
    property: str
    variable: str


def explicit(triples: Iterable[Triple]) -> Iterator[tuple[Name, Triple]]:
    """The names that the triples of the service's body ask for, each with its triple."""
    for triple in triples:
        if triple.predicate.iri in SUFFIXES.values() and triple.object.is_variable and _has_names(triple.subject):
            yield Name(triple.subject.text, triple.predicate.iri, triple.object.text[1:]), triple


def automatic(variables: Iterable[str], bound: Iterable[str]) -> Iterator[Name]:
    """The names that variables like ?xLabel ask for where ?x is bound."""
    known = set(bound)
    for variable in dict.fromkeys(variables):
        for suffix, iri in SUFFIXES.items():
            stem = variable.removesuffix(suffix)
            if stem != variable and stem in known and variable not in known:
                yield Name(f"?{stem}", iri, variable)
                break


def patterns(names: Iterable[Name], languages: tuple[str, ...], *, root: str, free: str) -> str:
    """The patterns that bind those names; `free` begins no variable of the query.

    A subject that is not bound gets no name; one without a name gets, as its label, its number under the root.
    """
    subjects: dict[str, str] = {}
    parts = []
    for name in names:
        if name.subject not in subjects:
            subjects[name.subject] = f"?{free}{len(subjects)}"
            # Unbound, it would join with every name that there is.
            parts.append(f"BIND(COALESCE({name.subject}, <urn:x-none>) AS {subjects[name.subject]})")
        subject = subjects[name.subject]
        found = [f"{subject}_{len(parts)}_{i}" for i in range(len(languages))]
        look = _aliases if name.property == ALIAS else _one
        parts += [look(subject, name.property, f, language) for f, language in zip(found, languages, strict=True)]
        rest = [_number(name.subject, root)] if name.property == LABEL else []
        parts.append(f"BIND(COALESCE({', '.join(found + rest)}) AS ?{name.variable})")
    return " " + " ".join(parts) + " "


def _has_names(subject: Term) -> bool:
    return subject.is_variable or bool(subject.iri)


def _one(subject: str, iri: str, found: str, language: str) -> str:
    return f'OPTIONAL {{ {subject} <{iri}> {found} FILTER(LANG({found}) = "{language}") }}'


def _aliases(subject: str, iri: str, found: str, language: str) -> str:
    each = f"{found}_each"
    return (
        f'OPTIONAL {{ SELECT {subject} (GROUP_CONCAT(DISTINCT {each}; separator=", ") AS {found}) WHERE'
        f' {{ {subject} <{iri}> {each} FILTER(LANG({each}) = "{language}") }} GROUP BY {subject} }}'
    )


def _number(subject: str, root: str) -> str:
    """What stands for the name of something without one: a literal itself, an item's number, any other IRI."""
    text = f"STR({subject})"
    return f'IF(ISLITERAL({subject}), {subject}, IF(STRSTARTS({text}, "{root}"), STRAFTER({text}, "{root}"), {text}))'
