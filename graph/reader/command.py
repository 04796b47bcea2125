"""The command that reads a text that nobody has read: `zhanshi read TEXT -o DIR`."""

import hashlib
import shutil
import sys
from pathlib import Path

import click

from graph.errors import InputError, TextError, ZhanshiError
from graph.model import Supplied, Text
from graph.reader import html
from graph.reader.document import known_battles
from graph.reader.model_reader import ModelReader, compared
from graph.reader.normalise import normalise
from graph.reader.read import read as read_text
from graph.reader.read import standoff
from graph.texts import MANIFEST, read_all, read_characters, sentences

_CONFIGURATION = Path(__file__).parent.parent / "annotation.conf"
_TOOLS = Path(__file__).with_name("tools.conf")
REASON = "Given on the command line."


def load(path: Path, *, campaign: str, years: tuple[int, ...]) -> Text:
    """Give the text of a file: as the manifest beside it describes it, else with the campaign and years given.

    A file that is no text, or an empty one, is a TextError, a campaign that the tables lack an InputError.
    """
    campaign = _known(campaign)
    described = path.parent / MANIFEST
    if described.exists() and not campaign and not years:
        for text in read_all(path.parent):
            if text.path.resolve() == path.resolve():
                return text
    characters = read_characters(path)
    if "\0" in characters:
        raise TextError(path, f"no text: character {characters.index(chr(0))} is NUL; give the text as plain UTF-8")
    if not characters.strip():
        raise TextError(path, "the text is empty")
    supplied = tuple(Supplied(year, REASON) for year in years)
    digest = hashlib.sha256(characters.encode()).hexdigest()
    titles = {"zh-hans": path.stem, "zh-hant": path.stem, "en": path.stem}
    return Text(
        path.stem, path, characters, digest, titles, campaign, "", path.name, "", supplied, sentences(characters)
    )


def _known(campaign: str) -> str:
    """Give the name of a campaign in simplified script; one that no table holds is an InputError naming those known."""
    name = normalise(campaign).characters.strip()
    battles = known_battles()
    if name and not any(word in name for battle in battles for word in (battle.name, *battle.aliases)):
        known = "、".join(battle.name for battle in battles)
        raise InputError("--campaign", f"the tables know no {campaign}, so it cannot date the text; they know {known}")
    return name


@click.command("read")
@click.argument("path", metavar="TEXT", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where to write.")
@click.option("--html", "with_page", is_flag=True, help="Also write NAME.html, a page to review the reading.")
@click.option("--campaign", default="", help="The campaign that the text tells of (武汉会战): dates its events.")
@click.option("--year", "years", type=int, multiple=True, help="A year that the text leaves out; may be repeated.")
@click.option("--overwrite", is_flag=True, help="Write over a reading that is there already.")
@click.option("--model", metavar="URL", help="Also ask the language model behind this OpenAI-compatible URL.")
@click.option("--model-name", default="default", show_default=True, help="The model to ask for.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def read(
    path: Path,
    output: Path,
    with_page: bool,
    campaign: str,
    years: tuple[int, ...],
    overwrite: bool,
    model: str | None,
    model_name: str,
    quiet: bool,
) -> None:
    """Read TEXT, any Chinese account of the war of 1937-45, and write a draft reading into a directory.

    It holds NAME.ann and NAME.txt, which brat opens and the build reads, with brat's annotation.conf and tools.conf.
    """
    try:
        text = load(path, campaign=campaign, years=years)
        lines = _write(text, output, with_page=with_page, overwrite=overwrite)
        if model:
            lines += _second(text, output, ModelReader(model, model_name))
    except ZhanshiError as error:
        click.echo(f"zhanshi: {error}", err=True)
        sys.exit(error.exit_code)
    if not quiet:
        click.echo("\n".join(lines), err=True)


def _write(text: Text, output: Path, *, with_page: bool, overwrite: bool) -> list[str]:
    target = output / f"{text.name}.ann"
    if target.exists() and not overwrite:
        raise TextError(target, "a reading is there already; give --overwrite to lose it, or another directory")
    reading = read_text(text)
    output.mkdir(parents=True, exist_ok=True)
    copy = output / f"{text.name}.txt"
    if copy.resolve() != text.path.resolve():
        shutil.copyfile(text.path, copy)
    shutil.copyfile(_CONFIGURATION, output / "annotation.conf")
    shutil.copyfile(_TOOLS, output / "tools.conf")
    if with_page:
        (output / f"{text.name}.html").write_text(html.page(reading, text), encoding="utf-8")
    target.write_text(standoff(reading, text), encoding="utf-8")
    counts = f"{len(reading.mentions)} mentions, {len(reading.events)} events, {len(reading.relations)} relations"
    return [f"{target}: {counts}"]


def _second(text: Text, output: Path, reader: ModelReader) -> list[str]:
    """Write the model's reading beside the rules', and give lines that compare the two."""
    answer = reader.read(text)
    target = output / f"{text.name}.model.ann"
    target.write_text(standoff(answer.reading, text), encoding="utf-8")
    taken = f"{target}: {answer.accepted} accepted, {answer.refused} without a quote that is in the text"
    return [taken, *compared(read_text(text), answer.reading)]
