"""A newly published version is taken up: a new engine beside the old one, then the switch, then the old one's end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator

from server import pages
from server.context import Context, Served
from server.engine.choice import engine_for
from server.errors import PublicationError
from server.publication import Publication, current_version, empty, load
from server.search import Search

LOG = logging.getLogger("zhanshi.publication")


def published(context: Context) -> Publication:
    """The version that is published now; with an engine elsewhere, none is needed. Raises PublicationError."""
    settings = context.settings
    if settings.engine == "remote" and not (settings.data / "current").exists():
        return empty()
    return load(settings.data)


async def start(context: Context) -> None:
    """Serve what is published; raises PublicationError where nothing can be served."""
    publication = published(context)
    engine = engine_for(publication, context.settings)
    await engine.start()
    context.served = Served(publication, engine)
    # Nobody waits for the index of names or for what pages keep: who asks first finds it made or in the making.
    threading.Thread(target=_prepare, args=(publication,), daemon=True).start()


def _prepare(publication: Publication) -> None:
    Search.of(publication)
    pages.prepare(publication)


async def take_up(context: Context) -> None:
    """Serve the new version instead of the old one, whose queries may end."""
    old = context.served
    await start(context)
    LOG.info('{"published": "%s"}', context.publication.version)
    if old is not None:
        await old.engine.close(context.settings.wall_seconds)


async def watch(context: Context) -> None:
    """Look again and again whether another version is published, and take it up; one that cannot be read is left."""
    failed = ""
    while True:
        await asyncio.sleep(context.settings.watch_seconds)
        try:
            version = current_version(context.settings.data)
        except PublicationError:
            continue
        if version in (context.publication.directory.name, failed):
            continue
        try:
            await take_up(context)
        except PublicationError as error:
            failed = version
            LOG.error('{"unreadable": "%s", "why": "%s"}', version, error)


@contextlib.asynccontextmanager
async def serving(context: Context) -> AsyncIterator[None]:
    """Serve while the block runs."""
    await start(context)
    watcher = asyncio.get_running_loop().create_task(watch(context))
    try:
        yield
    finally:
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher
        await context.engine.close(0)
