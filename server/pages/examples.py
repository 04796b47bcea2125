"""The example queries as a page, where the tools of Wikidata look for it too."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import NotFound
from server.examples import by_topic, examples
from server.pages.respond import respond

PATH = "/examples"


def routes(context: Context) -> list[BaseRoute]:
    """`/examples`, and the address that Wikidata's query page gives such a page."""

    def page(request: Request) -> Response:
        return respond(context, request, "examples.html", topics=by_topic(examples()), anchor=anchor)

    def elsewhere(request: Request) -> Response:
        title = request.path_params["title"]
        if "examples" not in title.lower():
            raise NotFound(f"There is no page {title[:80]} here.")
        return RedirectResponse(request.scope.get("root_path", "") + PATH, status_code=302)

    return [Route(PATH, page), Route("/wiki/Special:MyLanguage/{title:path}", elsewhere)]


def anchor(question: str) -> str:
    """The name of a question's place on the page, as MediaWiki makes one of a heading.

    >>> anchor("Who held Changde?")
    'Who_held_Changde.3F'
    """
    return quote(question.replace(" ", "_"), safe="!'()*~").replace("%", ".")
