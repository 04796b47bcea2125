"""The engine that the settings ask for."""

from __future__ import annotations

from server.engine.base import Engine
from server.engine.local import LocalEngine
from server.engine.remote import RemoteEngine
from server.publication import Publication
from server.settings import Settings


def engine_for(publication: Publication, settings: Settings) -> Engine:
    """An engine, not yet started, over that publication."""
    if settings.engine == "remote":
        return RemoteEngine(base=publication.base, settings=settings)
    return LocalEngine(
        publication.store_directory,
        publication.nquads,
        base=publication.base,
        version=publication.version,
        settings=settings,
        in_memory=settings.engine == "memory",
    )
