"""The page of an item or a property: its names, its statements with their quotes, and what points to it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import NotFound
from server.pages.figures import CLAIMS, Figures
from server.pages.incoming import incoming
from server.pages.language import LANGUAGES, language_of
from server.pages.names import KINDS, REALITIES, Link, address, names_of
from server.pages.passages import passage_of, quote_of
from server.pages.respond import respond
from server.pages.statements import View
from server.pages.texts import texts_of
from server.publication import Publication
from server.wikibase.entities import documents, number_of


def routes(context: Context) -> list[BaseRoute]:
    """`/wiki/Q1` and `/wiki/Property:P31`."""

    def page(request: Request) -> Response:
        title = request.path_params["title"]
        number = number_of(title)
        if f"/wiki/{title}" != address(number):
            return RedirectResponse(request.scope.get("root_path", "") + address(number), status_code=301)
        document = documents(context.publication).entity(number)
        if document is None:
            raise NotFound(f"There is no entity {number} in this graph.")
        whole = request.query_params.get("all", "")
        values = shown(context.publication, document, language_of(request), whole)
        return respond(context, request, "item.html", **values)

    return [Route("/wiki/{title:path}", page)]


def shown(publication: Publication, document: dict[str, Any], language: str, whole: str = "") -> dict[str, Any]:
    """What the template of an entity's page needs."""
    number = document["id"]
    names = names_of(publication)
    types = names.types(number)
    label, label_language = names.label(number, language)
    lead = _lead(publication, number, types)
    return {
        "number": number,
        "label": Link(label, language=label_language),
        "description": _description(document, language),
        "all_names": [(code, document["labels"].get(code, {}).get("value", "")) for code in LANGUAGES],
        "aliases": [(alias["value"], code) for code, found in document["aliases"].items() for alias in found],
        "kinds": _kinds(types),
        "reality": next((reality for name, reality in REALITIES.items() if name in types), ""),
        "realized": [names.link(names.number(node), language) for node in names.values(number, "z:realizedBy")],
        "is_battle": "Battle" in types,
        "text": _text(publication, number),
        "lead": lead,
        "leads": {words.href for words, _ in lead},
        "sections": View(publication, language).sections(document["claims"]),
        "rivals": Figures(publication, language).rivals(number) if types & CLAIMS else [],
        "incoming": incoming(publication, number, language, whole),
        "datatype": document.get("datatype", ""),
    }


def _description(document: dict[str, Any], language: str) -> Link:
    found = document["descriptions"].get(language) or document["descriptions"].get("en")
    return Link(found["value"], language=found["language"]) if found else Link("")


def _kinds(types: frozenset[str]) -> list[str]:
    return [kind.lower() for kind in KINDS if kind in types]


def _lead(publication: Publication, number: str, types: frozenset[str]) -> list[tuple[Link, str]]:
    """The passages that tell an occurrence or a claim, each as a quote that leads to the text, with its IRI."""
    if not types & (CLAIMS | {"Event", *REALITIES}):
        return []
    found = [value.value for value in names_of(publication).values(number, "z:passage")]
    passages = sorted((passage, iri) for iri in found if (passage := passage_of(iri, publication.base)))
    return [(Link(quote_of(publication, iri), passage.href, "zh"), passage.text) for passage, iri in passages]


def _text(publication: Publication, number: str) -> str:
    """The name of the text that a source item is about; nothing for other items."""
    return next((text.name for text in texts_of(publication) if text.source == number), "")
