"""What every surface of the server is given: the settings, what is published now, and a way to ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import HTMLResponse

from server.engine.base import Engine
from server.engine.query import Asked
from server.formats import GRAPHS_ENGINE
from server.monitoring import Monitoring
from server.publication import Publication
from server.settings import Settings

TEMPLATES = Path(__file__).resolve().parent / "templates"
PAGE_CLIENT = "pages"
"""The client for whom the pages' own queries run: together they have one line in the queue."""


@dataclass(frozen=True)
class Served:
    """A publication with the engine that answers for it."""

    publication: Publication
    engine: Engine


@dataclass
class Context:
    """The settings, the monitoring, the templates, and what is served now."""

    settings: Settings
    monitoring: Monitoring
    served: Served | None = None
    templates: jinja2.Environment = field(default_factory=lambda: _environment())

    @property
    def publication(self) -> Publication:
        """The version that is served now; keep it for the whole of a request."""
        return self._served().publication

    @property
    def engine(self) -> Engine:
        """The engine that answers queries now."""
        return self._served().engine

    def _served(self) -> Served:
        if self.served is None:
            raise RuntimeError("The server has not been started.")
        return self.served

    async def run(self, query: str, format_name: str, *, languages: str = "") -> bytes:
        """The whole answer of a query in that format; raises Problem, or AnswerCutError where it breaks off."""
        asked = Asked(text=query, results=format_name, graph=format_name, languages=languages)
        answer = await self.engine.ask(asked, PAGE_CLIENT)
        try:
            return answer.first + b"".join([block async for block in answer.rest()])
        finally:
            await answer.close()

    async def select(self, query: str) -> list[dict[str, Any]]:
        """The rows of a SELECT query, each a dictionary from variable to pyoxigraph term; unbound ones are left out."""
        table = ox.parse_query_results(await self.run(query, "json"), format=ox.QueryResultsFormat.JSON)
        assert isinstance(table, ox.QuerySolutions)
        names = [variable.value for variable in table.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in table]

    async def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        return [quad.triple for quad in ox.parse(await self.run(query, "ntriples"), format=GRAPHS_ENGINE["ntriples"])]

    def url(self, request: Request, path: str = "") -> str:
        """The absolute URL of a path of this server, as others reach it."""
        root = self.settings.public_url or str(request.base_url)
        return root.rstrip("/") + "/" + path.lstrip("/")

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The HTML page that a template makes of these values."""
        shown: Mapping[str, Any] = {"request": request, "publication": self.publication, **values}
        return HTMLResponse(self.templates.get_template(template).render(shown), status_code=status)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters["quote"] = quote
    return environment
