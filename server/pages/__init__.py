"""The pages for people: start, search, items, texts, battles, the ontology, the validation report, the documents."""

from __future__ import annotations

from starlette.routing import BaseRoute

from server.context import Context
from server.pages import battle, checks, documents, examples, home, item, language, text, vocabulary
from server.publication import Publication

PAGES = (home, text, battle, vocabulary, checks, documents, examples, item)


def prepare(publication: Publication) -> None:
    """Make what the slowest pages keep for a version, so that nobody waits for it."""
    battle.prepare(publication)
    text.prepare(publication)


def routes(context: Context) -> list[BaseRoute]:
    """All pages; their templates are given the words of the reader's language."""
    language.add_to(context.templates)
    return [route for page in PAGES for route in page.routes(context)]
