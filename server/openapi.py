"""The OpenAPI description: what FastAPI knows of its routes, and the paths of the endpoint, which are plain ASGI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

PATHS = Path(__file__).with_name("openapi.json")


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of all paths that the application has."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes, description=app.description)
    plain = json.loads(PATHS.read_text(encoding="utf-8"))["paths"]
    return {**document, "paths": {**document.get("paths", {}), **plain}}
