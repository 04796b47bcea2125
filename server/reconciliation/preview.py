"""A small page about an entity, to be shown in a frame or beside the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from server.context import Context
from server.errors import NotFound
from server.reconciliation import extension, paths
from server.reconciliation.facts import ALIAS, LABEL, Facts, facts
from server.reconciliation.suggestions import Suggestions

WIDTH, HEIGHT = 430, 300
"""Pixels of the frame."""
MOST_ROWS, MOST_VALUES = 8, 4
HIDDEN = ("P31", "P50025")
"""Properties that say nothing to somebody who chooses: the class, which stands above, and the order in a text."""


@dataclass(frozen=True)
class Row:
    """A property with its values in words."""

    name: str
    values: tuple[str, ...]
    more: int


def flyout(context: Context, words: str, language: str) -> dict[str, str]:
    """The entity's number, and HTML about it."""
    number, known = _entity(context, words)
    page = context.templates.get_template("flyout.html")
    values = {"name": known.name(number, language), "description": known.description(number, language)}
    return {"id": number, "html": page.render(number=number, **values)}


def page(context: Context, words: str, language: str, view: str) -> str:
    """The HTML page about the entity; `view` is the address of its own page."""
    number, known = _entity(context, words)
    return context.templates.get_template("preview.html").render(
        number=number,
        language=language,
        name=known.name(number, language),
        description=known.description(number, language),
        kinds=[known.name(kind, language) for kind in known.classes(number)],
        names=_other_names(known, number, language),
        rows=_rows(context, known, number, language),
        view=view,
    )


def _entity(context: Context, words: str) -> tuple[str, Facts]:
    known = facts(context.publication)
    number = known.entity(words)
    if not number:
        raise NotFound(f"There is no entity {words[:100]!r} here.")
    return number, known


def _other_names(known: Facts, number: str, language: str) -> list[str]:
    texts = [*known.texts(number, LABEL).values(), *known.texts(number, ALIAS).values()]
    names = dict.fromkeys(name for each in texts for name in each)
    return [name for name in names if name != known.name(number, language)][:MOST_ROWS]


def _rows(context: Context, known: Facts, number: str, language: str) -> list[Row]:
    offers = Suggestions(context.publication, language)
    rows: list[Row] = []
    for offered in offers.proposed(known.classes(number)):
        if offered["id"] in HIDDEN or len(rows) == MOST_ROWS:
            continue
        column = extension.Column(paths.read(offered["id"], known), 0, count=False)
        values = [_words(cell) for cell in extension.cell(column, number, known, language)]
        if values:
            rows.append(Row(offered["name"], tuple(values[:MOST_VALUES]), max(0, len(values) - MOST_VALUES)))
    return rows


def _words(cell: dict[str, object]) -> str:
    if "date" in cell:
        return str(cell["date"]).partition("T")[0]
    return str(cell.get("name", next(iter(cell.values()))))
