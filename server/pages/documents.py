"""The project's documents as pages: the Markdown files of docs/, with a way from each query to the query page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.errors import NotFound
from server.pages.respond import respond

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs"
FIRST = ("model", "cases", "queries", "openrefine", "readings")
"""The documents that the list begins with; the others follow by name."""
_QUERY = re.compile(r"^```sparql\n(.*?)^```", re.DOTALL | re.MULTILINE)


class Document(NamedTuple):
    """A document: its file's name without the ending, its heading, its first paragraph, its text in Markdown."""

    name: str
    title: str
    lead: str
    text: str


def routes(context: Context) -> list[BaseRoute]:
    """`/docs`, `/docs/model.md`, and the pictures of the documents."""

    def index(request: Request) -> Response:
        return respond(context, request, "documents.html", documents=documents())

    def page(request: Request) -> Response:
        picture = FOLDER / request.path_params["name"]
        if picture in FOLDER.glob("*.svg"):
            return FileResponse(picture, media_type="image/svg+xml")
        name = request.path_params["name"].removesuffix(".md")
        found = next((each for each in documents() if each.name == name), None)
        if found is None:
            raise NotFound(f"There is no document {name}; /docs lists those there are.")
        body = rendered(found.text, request.scope.get("root_path", ""))
        return respond(context, request, "document.html", document=found, body=body)

    return [Route("/docs", index), Route("/docs/{name}", page)]


@lru_cache(maxsize=4)
def documents(folder: Path = FOLDER) -> tuple[Document, ...]:
    """The documents of a folder, in the order in which they are listed."""
    found = {path.stem: _document(path) for path in sorted(folder.glob("*.md"))}
    first = [name for name in FIRST if name in found]
    return tuple(found[name] for name in dict.fromkeys((*first, *found)))


def _document(path: Path) -> Document:
    text = path.read_text(encoding="utf-8")
    tokens = _markdown().parse(text)
    title, lead = (
        next((_plain(after) for token, after in pairwise(tokens) if token.type == kind), path.stem)
        for kind in ("heading_open", "paragraph_open")
    )
    return Document(path.stem, title, lead, text)


def _plain(token: Token) -> str:
    return "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())


@lru_cache(maxsize=1)
def recipe(folder: Path = FOLDER) -> str:
    """The first of the queries to copy: the one after the model's own example of evidence."""
    model = next(each for each in documents(folder) if each.name == "model")
    return str(_QUERY.findall(model.text)[1])


@lru_cache(maxsize=32)
def rendered(text: str, root: str = "") -> str:
    """The HTML of a document; a query leads to the query page, links to files that are not served are plain words."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    for token in tokens:
        _keep_own_links(token.children or [])
    return str(markdown.renderer.render(tokens, markdown.options, {"root": root}))


def _keep_own_links(tokens: list[Token]) -> None:
    gone = False
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrGet("href") or "")
            gone = "/" in target and "://" not in target
        if gone and token.type in ("link_open", "link_close"):
            gone = token.type == "link_open"
            token.type, token.tag, token.nesting, token.content = "text", "", 0, ""


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("fence", _fence)
    markdown.add_render_rule("table_open", lambda *_: '<div class="wide"><table>\n')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return markdown


def _fence(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, given: EnvType) -> str:
    token = tokens[at]
    code = renderer.fence(tokens, at, options, given)
    if token.info != "sparql":
        return code
    return f'{code}<p class="run"><a href="{given["root"]}/query#query={quote(token.content)}">→ /query</a></p>\n'
