"""`SERVICE wikibase:label` on 20,000 generated items: processor seconds without it, in one language, in chains of them.

python -m bench.labels
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import click
import pyoxigraph as ox

from server.engine.evaluation import evaluate
from server.engine.preparation import prepare
from server.engine.query import Asked
from server.gate import Limits
from server.publication import DEFAULT_BASE

ITEMS, CLASSES, RUNS = 20_000, 40, 3
LANGUAGES = ("zh-hans", "zh-hant", "en")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALIAS = ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
KIND = ox.NamedNode("urn:kind")
VARIANTS = {
    "no names": ("?x ?c", ""),
    "in English": ("?x ?xLabel", "en"),
    "in Chinese (three codes)": ("?x ?xLabel", "zh"),
    "fr, de, zh, en (six codes)": ("?x ?xLabel", "fr,de,zh,en"),
    "two variables, zh, en": ("?xLabel ?cLabel", "zh,en"),
    "names and aliases, zh, en": ("?xLabel ?xAltLabel", "zh,en"),
}


def quads() -> Iterator[ox.Quad]:
    """Items with a class, a name in three languages and an alias."""
    for number in range(1, ITEMS + 1):
        item = ox.NamedNode(f"{DEFAULT_BASE}entity/Q{number}")
        yield ox.Quad(item, KIND, ox.NamedNode(f"{DEFAULT_BASE}entity/Q{number % CLASSES + 1}"))
        for language in LANGUAGES:
            yield ox.Quad(item, LABEL, ox.Literal(f"第{number}师 {language}", language=language))
        yield ox.Quad(item, ALIAS, ox.Literal(f"{number}师", language="zh-hans"))


def seconds(store: ox.Store, variables: str, languages: str) -> float:
    """The best of some runs in processor seconds, the answer written as JSON."""
    service = f'SERVICE wikibase:label {{ bd:serviceParam wikibase:language "{languages}" }}' if languages else ""
    asked = Asked(text=f"SELECT {variables} {{ ?x <{KIND.value}> ?c . {service} }}")
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        prepared = prepare(asked, limits=Limits(nesting=200, patterns=100), services=(), base=DEFAULT_BASE)
        answer = evaluate(store, asked, prepared, base=DEFAULT_BASE, union=False)
        assert isinstance(answer, ox.QuerySolutions)
        answer.serialize(io.BytesIO(), format=ox.QueryResultsFormat.JSON)
        best = min(best, time.process_time() - started)
    return best


@click.command()
def main() -> None:
    """Print a table."""
    store = ox.Store()
    store.bulk_extend(quads())
    click.echo(f"{ITEMS:,} rows, processor seconds")
    for name, (variables, languages) in VARIANTS.items():
        click.echo(f"{name:30}{seconds(store, variables, languages):8.2f}")


if __name__ == "__main__":
    main()
