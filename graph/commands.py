"""The commands that make a graph: build, read, check and export."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from graph import authority, export, pipeline, store
from graph.errors import InputError, PublicationError, ValidationError, ZhanshiError
from graph.identifiers import ledger_lines
from graph.namespaces import DEFAULT_BASE
from graph.progress import reporter
from graph.reader.command import read

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    envvar="ZHANSHI_DATA",
    show_default=True,
    help="The directory that holds what is published.",
)
CORPUS = click.argument(
    "corpus", type=click.Path(path_type=Path, exists=True, file_okay=False), default=pipeline.CORPUS, required=False
)
BASE = click.option(
    "--base", default=DEFAULT_BASE, show_default=True, help="The root of every IRI of the graph; ends with a slash."
)
QUIET = click.option("--quiet", is_flag=True, help="Say nothing but errors.")


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Turn an error of the project into its message and its exit code."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except ZhanshiError as error:
            click.echo(f"zhanshi: {error}", err=True)
            sys.exit(error.exit_code)

    return run


@contextmanager
def _executor(workers: int, scheduler: str | None) -> Iterator[Executor | None]:
    """Give what the map over the texts runs on: this process, several, or a Dask cluster."""
    if scheduler:
        try:
            from distributed import Client
        except ImportError as error:
            raise ZhanshiError("--scheduler needs Dask: pip install 'zhanshi[cluster]'") from error
        with Client(scheduler) as client:
            yield client.get_executor()
    elif workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            yield pool
    else:
        yield None


def _checked_base(base: str) -> str:
    if "://" not in base or not base.endswith("/"):
        raise InputError("--base", f"{base!r} is no root of IRIs: give an absolute IRI that ends with a slash")
    return base


@click.command()
@CORPUS
@DATA
@BASE
@QUIET
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that read texts.")
@click.option("--scheduler", metavar="ADDRESS", help="Read the texts on the Dask cluster whose scheduler is here.")
@click.option("--update-ids", is_flag=True, help="Write the numbers of new things into the ledger of ids.")
@told
def build(
    corpus: Path, data: Path, base: str, quiet: bool, workers: int, scheduler: str | None, update_ids: bool
) -> None:
    """Read the texts of CORPUS (the five shipped ones where none is given), check the graph and publish it.

    What was published before stays in place until the new graph is whole. Exit codes: 2 a text, reading or table is
    wrong; 3 the graph breaks a shape; 4 it could not be written; 5 another build is publishing.
    """
    root = _checked_base(base)
    with store.locked(data), reporter(pipeline.STEPS, quiet=quiet) as report, _executor(workers, scheduler) as pool:
        graph = pipeline.assemble(corpus, report, base=root, executor=pool)
        if update_ids:
            shipped = corpus.resolve() == pipeline.CORPUS.resolve()
            path = (authority.FOLDER if shipped else corpus) / authority.LEDGER
            path.write_text(ledger_lines(graph.links.ledger), encoding="utf-8")
        final = pipeline.publish(graph, data, report, base=root)
    if not quiet:
        count = graph.content.count(b"\n")
        click.echo(f"published {final} ({count:,} quads)", err=True)


@click.command("export")
@DATA
@QUIET
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where to write.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(export.FORMATS)),
    multiple=True,
    help="What to write; may be repeated. None: everything.",
)
@told
def export_(data: Path, quiet: bool, output: Path, formats: tuple[str, ...]) -> None:
    """Write what is published as files for others, with their checksums.

    nquads and trig hold every quad; json, ntriples and turtle the items as Wikibase dumps them; quickstatements and csv
    what Wikidata can take, for the items it has, and with -new for those it lacks.
    """
    published = export.published(data)
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name in formats or export.FORMATS:
            path = output / export.FORMATS[name][0]
            published.write(name, path)
            if not quiet:
                click.echo(f"{path} ({path.stat().st_size:,} bytes)", err=True)
        export.write_sums(output / export.SUMS)
    except OSError as error:
        raise PublicationError(f"{output}: cannot be written: {error.strerror}") from error


@click.command()
@CORPUS
@QUIET
@told
def check(corpus: Path, quiet: bool) -> None:
    """Build the graph of CORPUS in memory and say what its shapes find; publish nothing.

    Exit code 3 where a shape of severity violation is broken.
    """
    with reporter(pipeline.STEPS, quiet=quiet) as report:
        graph = pipeline.assemble(corpus, report)
    for finding in graph.report.findings:
        click.echo(f"{finding.severity}: {finding.focus}: {finding.message.get('en', '')} [{finding.shape}]")
    if not graph.report.conforms:
        raise ValidationError("the graph breaks a shape")


COMMANDS: tuple[click.Command, ...] = (build, read, check, export_)
