"""The query page: YASGUI with this graph's prefixes and example queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server.context import Context
from server.pages.documents import recipe
from server.prefixes import prefixes

STATIC = Path(__file__).resolve().parent / "static"
QUERIES = Path(__file__).resolve().parent.parent / "ontology" / "queries"
SHACL = "http://www.w3.org/ns/shacl#"
COMMENT = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
FORMS = tuple(ox.NamedNode(SHACL + name) for name in ("select", "ask", "construct"))


@dataclass(frozen=True)
class Example:
    """A query with its question in words."""

    name: str
    english: str
    chinese: str
    query: str


@lru_cache(maxsize=4)
def examples(folder: Path = QUERIES) -> tuple[Example, ...]:
    """The example queries of a folder, by file name; raises ValueError with the file where one cannot be read."""
    return tuple(_example(path) for path in sorted(folder.glob("*.ttl")))


def _example(path: Path) -> Example:
    try:
        triples = [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    comments = {t.object.language: t.object.value for t in triples if t.predicate == COMMENT and _is_literal(t.object)}
    queries = [t.object.value for t in triples if t.predicate in FORMS and _is_literal(t.object)]
    if len(queries) != 1:
        raise ValueError(f"{path}: holds {len(queries)} queries; each file holds one")
    chinese = next((text for tag, text in comments.items() if tag and tag.startswith("zh")), "")
    return Example(path.stem, comments.get("en", path.stem), chinese, queries[0])


def _is_literal(term: object) -> bool:
    return isinstance(term, ox.Literal)


def routes(context: Context) -> list[BaseRoute]:
    """`/query`, and `/` which leads there until a surface before this one takes it."""

    async def query(request: Request) -> Response:
        shown = examples()
        configuration = {
            "endpoint": context.url(request, "sparql"),
            "prefixes": prefixes(context.publication.base),
            "start": recipe(),
            "examples": [{"name": e.name, "query": e.query} for e in shown],
        }
        return context.page(request, "query.html", examples=shown, configuration=configuration)

    async def home(request: Request) -> Response:
        return RedirectResponse(context.url(request, "query"), status_code=302)

    return [Route("/query", query), Route("/", home)]
