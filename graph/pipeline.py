"""The order of the steps, and nothing else."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from graph import authority as authorities
from graph import export, linking, ontologies, provenance, rdf, readings, rules, statements, store, texts, validation
from graph.errors import ValidationError
from graph.identifiers import ledger_lines
from graph.model import Links, Reading, Report, Statement, Text
from graph.namespaces import DEFAULT_BASE
from graph.progress import Reporter

STEPS = 9
CORPUS = Path(__file__).with_name("corpus")


@dataclass(frozen=True, slots=True)
class Graph:
    """Everything that was built, before it is published."""

    texts: Sequence[Text]
    readings: Sequence[Reading]
    links: Links
    statements: Sequence[Statement]
    content: bytes
    report: Report
    date: str


def assemble(corpus: Path, report: Reporter, *, base: str = DEFAULT_BASE, executor: Executor | None = None) -> Graph:
    """Give the graph of a folder of texts, checked."""
    spread = executor.map if executor else map
    report.step("reading the texts")
    folder = list(texts.read_all(corpus))
    date = str(texts.manifest(corpus)["date"])
    known = authorities.load(corpus=corpus)
    report.step("reading the readings")
    found = [reading for reading in spread(readings.beside, folder) if reading]
    report.step("linking names to items")
    links = linking.link(folder, found, known)
    report.step("stating")
    stated = statements.state(folder, found, known, links)
    report.step("writing quads")
    memory = store.loaded(rdf.quads(folder, found, known, links, stated, base=base, date=date))
    memory.bulk_extend(ontologies.quads(base))
    report.step("deriving")
    list(rules.derive(memory, base))  # puts what follows into the store as it goes
    report.step("describing the dataset")
    memory.extend(list(provenance.quads(folder, found, memory, base=base, date=date)))
    report.step("validating")
    checked = validation.validate(memory)
    return Graph(folder, found, links, stated, store.nquads(memory), checked, date)


def publish(graph: Graph, data: Path, report: Reporter, *, base: str = DEFAULT_BASE) -> Path:
    """Publish a graph that conforms; one that does not is a ValidationError, with its report written all the same."""
    path = data / "validation.ttl"
    path.write_bytes(validation.report_turtle(graph.report))
    if not graph.report.conforms:
        count = sum(finding.severity == "Violation" for finding in graph.report.findings)
        raise ValidationError(f"{count} violations; nothing was published. The report is {path}")
    report.step("publishing")
    about = {"base": base, "built": graph.date, "title": "zhanshi"}
    return store.publish(graph.content, data, about, _writers(graph, base))


def _writers(graph: Graph, base: str) -> Mapping[str, store.Writer]:
    """Give the files that are published beside the store."""
    report, ledger = validation.report_turtle(graph.report), ledger_lines(graph.links.ledger)
    return {
        "validation.ttl": lambda path: _write(path, report),
        "ids.tsv": lambda path: _write(path, ledger.encode()),
        **export.writers(graph.content, base, graph.date),
    }


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
