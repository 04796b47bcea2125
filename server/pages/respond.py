"""A page as an answer: in the reader's language, which is kept where it was chosen."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.context import Context
from server.pages.language import COOKIE, LANGUAGES

A_YEAR = 31_536_000


def respond(context: Context, request: Request, template: str, **values: Any) -> Response:
    """The page that a template makes of these values."""
    response = context.page(request, template, **values)
    chosen = request.query_params.get("lang")
    if chosen and chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="lax")
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response
