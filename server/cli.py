"""The command `zhanshi`: serve here, and the commands of the graph."""

from __future__ import annotations

import gc
import resource
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import Field
from pathlib import Path
from types import FrameType
from typing import Any

import click
import uvicorn

from server.app import create_app
from server.errors import PublicationError
from server.http import bounded
from server.monitoring import log_to_standard_error
from server.publication import load
from server.settings import Settings, environment_name, table

BACKLOG = 4_096
GARBAGE = 20_000
"""New objects after which the garbage collector looks; at its default of 700 it looks at every third request."""
TURN_SECONDS = 0.0005
"""Seconds that a thread which makes a page or an index keeps the endpoint waiting; at Python's default it is 0.005."""
CHOICES = {"engine": ("memory", "disk", "remote")}


class Commands(click.Group):
    """The commands of the server, and those of the graph, which are loaded only when one of them is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted([*super().list_commands(ctx), *_graph_commands()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        return super().get_command(ctx, cmd_name) or _graph_commands().get(cmd_name)


def _graph_commands() -> dict[str, click.Command]:
    from graph.commands import COMMANDS  # here, because serving needs nothing of what building needs

    return {command.name: command for command in COMMANDS if command.name}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="zhanshi")
def main() -> None:
    """Chinese accounts of war as linked data: build the graph from texts, check it, serve it."""


def setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with one option for each setting."""
    for setting in reversed(table()):
        command = _option(setting)(command)
    return command


def _option(setting: Field[Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    name = setting.name.replace("_", "-")
    shared: dict[str, Any] = {
        "default": setting.default,
        "show_default": True,
        "envvar": environment_name(setting.name),
        "show_envvar": True,
        "help": setting.metadata["help"],
    }
    default = setting.default
    if isinstance(default, bool):
        return click.option(f"--{name}/--no-{name}", setting.name, **shared)
    if isinstance(default, tuple):
        return click.option(f"--{name}", setting.name, multiple=True, **shared)
    if setting.name in CHOICES:
        return click.option(f"--{name}", setting.name, type=click.Choice(CHOICES[setting.name]), **shared)
    return click.option(f"--{name}", setting.name, type=_type(default), **shared)


def _type(default: object) -> Any:
    if isinstance(default, Path):
        return click.Path(path_type=Path)
    if isinstance(default, int):
        return click.IntRange(min=0)
    if isinstance(default, float):
        return click.FloatRange(min=0)
    return str


@main.command()
@setting_options
def serve(**values: Any) -> None:
    """Serve the published graph: SPARQL endpoint, pages, data."""
    if values["endpoint"]:
        values["engine"] = "remote"
    settings = Settings(**values)
    if settings.engine == "remote" and not settings.endpoint:
        raise click.UsageError("--engine remote needs --endpoint URL.")
    try:
        if settings.engine != "remote":
            load(settings.data)
    except PublicationError as error:
        raise click.ClickException(str(error)) from error
    listening = _listen(settings.host, settings.port)
    _allow_connections()
    log_to_standard_error()
    server = uvicorn.Server(configuration(settings))
    gc.freeze()
    gc.set_threshold(GARBAGE)
    sys.setswitchinterval(TURN_SECONDS)
    host, port = listening.getsockname()[:2]
    click.echo(f"Serving {settings.data.resolve()} at http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)


def _stopped(number: int, frame: FrameType | None) -> None:
    """Take the signal that uvicorn raises again once it has stopped gracefully: that is no failure."""


def configuration(settings: Settings) -> uvicorn.Config:
    """How uvicorn runs the application of these settings."""
    app = create_app(settings)
    return uvicorn.Config(
        app,
        http=bounded(
            request_seconds=settings.request_seconds,
            request_bytes=settings.request_mib << 20,
            idle_seconds=settings.idle_seconds,
            shortcut=app.shortcut,
        ),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=round(settings.stop_seconds),
        limit_concurrency=settings.connections,
        backlog=BACKLOG,
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host} port {port}: {error.strerror}. Choose another --port."
        ) from error


def _allow_connections() -> None:
    """Allow as many open files as the system lets this process have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
