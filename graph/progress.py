"""What a long command tells a person: a bar on a terminal, plain lines otherwise, nothing when quiet."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Reporter(Protocol):
    """Hears of each step as it begins."""

    def step(self, words: str) -> None:
        """Take note that a step begins."""


class _Silent:
    def step(self, words: str) -> None:
        pass


class _Lines:
    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0

    def step(self, words: str) -> None:
        self.done += 1
        click.echo(f"[{self.done}/{self.total}] {words}", err=True)


class _Bar:
    def __init__(self, bar: Progress, total: int) -> None:
        self.bar = bar
        self.task = bar.add_task("", total=total)
        self.begun = False

    def step(self, words: str) -> None:
        self.bar.update(self.task, description=words, advance=1 if self.begun else 0)
        self.begun = True

    def finish(self) -> None:
        self.bar.update(self.task, advance=1)


@contextmanager
def reporter(total: int, *, quiet: bool) -> Iterator[Reporter]:
    """Give a reporter for `total` steps on standard error."""
    if quiet:
        yield _Silent()
    elif not sys.stderr.isatty():
        yield _Lines(total)
    else:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            shown = _Bar(bar, total)
            yield shown
            shown.finish()
