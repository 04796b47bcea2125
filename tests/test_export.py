"""The files for others: that each can be read by what reads such files, says what the graph says, and never varies."""

from __future__ import annotations

import gzip
import json
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from pyld import jsonld

from graph import export, store
from graph.commands import export_
from graph.export import Export, quickstatements
from graph.export.wikidata import Claim, Proposal, Proposals, amount, text
from graph.namespaces import TYPE, Namespaces
from graph.rdf.items import document
from tests import jvm
from tests.quickstatements_grammar import NotQuickStatementsError, kind_of, parse, parse_table

BASE = "https://w3id.org/zhanshi/"
_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
}
WIKIBASE = "http://wikiba.se/ontology#"
CLAIMS = """
@prefix wd: <https://w3id.org/zhanshi/entity/> .
@prefix wds: <https://w3id.org/zhanshi/entity/statement/> .
@prefix p: <https://w3id.org/zhanshi/prop/> .
@prefix ps: <https://w3id.org/zhanshi/prop/statement/> .
@prefix psv: <https://w3id.org/zhanshi/prop/statement/value/> .
@prefix wdt: <https://w3id.org/zhanshi/prop/direct/> .
@prefix wdv: <https://w3id.org/zhanshi/value/> .
@prefix z: <https://w3id.org/zhanshi/ontology#> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
<https://w3id.org/zhanshi/graph/authority> {
  wd:P50001 a wikibase:Property ; wikibase:propertyType wikibase:ExternalId .
  wd:P50040 a wikibase:Property ; wikibase:propertyType wikibase:WikibaseItem .
  wd:P1114 a wikibase:Property ; wikibase:propertyType wikibase:Quantity .
  wd:Q1 a wikibase:Item , z:Battle ; rdfs:label "Battle"@en ; p:P50001 wds:Q1-A ; wdt:P50001 "Q100" .
  wds:Q1-A wikibase:rank wikibase:NormalRank ; ps:P50001 "Q100" .
  wd:Q2 a wikibase:Item , z:Side ; p:P50001 wds:Q2-A ; wdt:P50001 "Q200" .
  wd:Q3 a wikibase:Item , z:Side ; p:P50001 wds:Q3-A ; wdt:P50001 "Q300" .
  wds:Q2-A wikibase:rank wikibase:NormalRank ; ps:P50001 "Q200" .
  wds:Q3-A wikibase:rank wikibase:NormalRank ; ps:P50001 "Q300" .
  wd:Q4 a wikibase:Item , z:Loss ; z:partOf wd:Q1 ; z:lossKind z:killed ; p:P50040 wds:Q4-A ; p:P1114 wds:Q4-B .
  wds:Q4-A wikibase:rank wikibase:NormalRank ; ps:P50040 wd:Q2 .
  wds:Q4-B wikibase:rank wikibase:NormalRank ; ps:P1114 1000 ; psv:P1114 wdv:v .
  wd:Q5 a wikibase:Item , z:Loss ; z:partOf wd:Q1 ; z:lossKind z:killed ; p:P50040 wds:Q5-A ; p:P1114 wds:Q5-B .
  wds:Q5-A wikibase:rank wikibase:NormalRank ; ps:P50040 wd:Q3 .
  wds:Q5-B wikibase:rank wikibase:NormalRank ; ps:P1114 1000 ; psv:P1114 wdv:v .
  wd:Q6 a wikibase:Item , z:Loss ; z:partOf wd:Q1 ; z:lossKind z:killed ; p:P50040 wds:Q6-A ; p:P1114 wds:Q6-B .
  wds:Q6-A wikibase:rank wikibase:NormalRank ; ps:P50040 wd:Q7 .
  wds:Q6-B wikibase:rank wikibase:NormalRank ; ps:P1114 7 ; psv:P1114 wdv:w .
  wdv:v wikibase:quantityAmount 1000 ; wikibase:quantityUnit <http://www.wikidata.org/entity/Q199> .
  wdv:w wikibase:quantityAmount 7 ; wikibase:quantityUnit <http://www.wikidata.org/entity/Q199> .
}
"""


def read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.fixture(scope="module")
def dumps(published: Path) -> Path:
    return published / "current" / "dumps"


@pytest.fixture(scope="module")
def quads(dumps: Path) -> list[ox.Quad]:
    return list(ox.parse(read(dumps / "zhanshi.nq.gz"), format=ox.RdfFormat.N_QUADS))


@pytest.fixture
def silent(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where what is read makes the reader warn; its warnings about its own future are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="Dataset|ConjunctiveGraph", category=DeprecationWarning)
        yield
    assert not caplog.messages


def test_every_file_has_its_checksum(dumps: Path) -> None:
    lines = (dumps / export.SUMS).read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {path.name for path in dumps.iterdir()} - {export.SUMS}
    assert set(sums) == files
    assert files >= {name for name, _ in export.FORMATS.values()}
    assert all(export.checksum(dumps / name) == digest for name, digest in sums.items())


def test_quads_are_those_of_the_store(dumps: Path, quads: list[ox.Quad]) -> None:
    served = ox.Store.read_only(str(dumps.parent / "store"))
    assert len(quads) == len(served) > 100_000
    trig = ox.Store()
    trig.bulk_load(read(dumps / "zhanshi.trig.gz"), format=ox.RdfFormat.TRIG)
    assert len(trig) == len(served)
    assert all(quad in trig for quad in quads if not _is_blank(quad))


def _is_blank(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def test_the_wikibase_layer_is_what_wikibase_says(dumps: Path, quads: list[ox.Quad]) -> None:
    found = {q.triple for q in ox.parse(read(dumps / "wikibase.nt.gz"), format=ox.RdfFormat.N_TRIPLES)}
    assert found == {q.triple for q in ox.parse(read(dumps / "wikibase.ttl.gz"), format=ox.RdfFormat.TURTLE)}
    predicates = {triple.predicate.value for triple in found}
    assert not any("/ontology#" in predicate for predicate in predicates if predicate.startswith(BASE))
    statements = [q for q in quads if q.predicate.value == f"{WIKIBASE}rank"]
    assert statements
    assert all(quad.triple in found for quad in statements)
    whole = {quad.triple for quad in quads}
    header = {triple for triple in found if triple.subject == ox.NamedNode(f"{WIKIBASE}Dump")}
    assert len(header) == 6
    assert found - header <= whole


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize(
    ("name", "syntax"), [("nquads", "nquads"), ("trig", "trig"), ("ntriples", "nt"), ("turtle", "turtle")]
)
def test_rdflib_reads_a_texts_part_without_a_warning(quads: list[ox.Quad], name: str, syntax: str) -> None:
    graph = ox.NamedNode(f"{BASE}graph/000-changsha-1941")
    part = Export(store.nquads(quad for quad in quads if quad.graph_name == graph), BASE, "2026-01-01")
    content = part.content(name)
    dataset = rdflib.Dataset() if syntax in ("nquads", "trig") else rdflib.Graph()
    dataset.parse(data=content.decode(), format=syntax)
    assert len(dataset) == len(list(ox.parse(content, format=_FORMATS[name]))) > 10_000


@pytest.mark.usefixtures("silent")
def test_rdflib_reads_the_ntriples_whole_without_a_warning(dumps: Path) -> None:
    content = read(dumps / "wikibase.nt.gz")
    assert len(rdflib.Graph().parse(data=content.decode(), format="nt")) == content.count(b"\n") > 200_000


def test_apache_jena_reads_every_rdf_dump_without_a_warning(dumps: Path, quads: list[ox.Quad]) -> None:
    names = ("zhanshi.nq.gz", "zhanshi.trig.gz", "wikibase.nt.gz", "wikibase.ttl.gz")
    counts = dict(line.split(" ") for line in jvm.run("ReadDumps", jvm.jena(), *(dumps / name for name in names)))
    statements = read(dumps / "wikibase.nt.gz").count(b"\n")
    expected = {"zhanshi": len(quads), "wikibase": statements}
    assert {name: int(count) for name, count in counts.items()} == {n: expected[n.split(".")[0]] for n in names}


@pytest.mark.usefixtures("silent")
def test_a_json_ld_processor_reads_quads_of_every_graph(quads: list[ox.Quad]) -> None:
    part = [quad for quad in quads[::300] if not _is_blank(quad)]  # it takes time as the square of their number
    document = jsonld.from_rdf(store.nquads(part).decode(), {"format": "application/n-quads"})
    assert {named["@id"] for named in document} == {quad.graph_name.value for quad in part}  # type: ignore[union-attr]
    again = jsonld.to_rdf(document, {"format": "application/n-quads"})
    found = list(ox.parse(again, format=ox.RdfFormat.N_QUADS))
    assert {(_plain(q.triple), q.graph_name) for q in found} == {(_plain(q.triple), q.graph_name) for q in part}
    assert len(part) > 1_000


@pytest.mark.usefixtures("silent")
def test_a_json_ld_processor_reads_json_ld_as_it_is_served(dumps: Path) -> None:
    lines = read(dumps / "wikibase.nt.gz").decode().splitlines(keepends=True)[::200]
    triples = [q.triple for q in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES)]
    document = json.loads(ox.serialize(triples, format=ox.RdfFormat.JSON_LD) or b"")
    normal = jsonld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads"})
    assert {_plain(q.triple) for q in ox.parse(normal, format=ox.RdfFormat.N_QUADS)} == {_plain(t) for t in triples}


def _plain(triple: ox.Triple) -> tuple[object, ...]:
    """A triple whose double, which JSON-LD spells anew, is compared as a number."""
    value = triple.object
    is_double = isinstance(value, ox.Literal) and value.datatype.value.endswith("#double")
    return triple.subject, triple.predicate, float(value.value) if is_double else value  # type: ignore[union-attr]


def test_each_line_of_the_json_is_an_entity(dumps: Path, quads: list[ox.Quad]) -> None:
    first, *lines, last = read(dumps / "wikibase.json.gz").decode().splitlines()
    assert (first, last) == ("[", "]")
    assert all(line.endswith(",") for line in lines[:-1])
    entities = [json.loads(line.removesuffix(",")) for line in lines]
    kinds = Counter(entity["type"] for entity in entities)
    typed = {q.triple for q in quads if q.predicate.value.endswith("#type")}
    for kind in ("item", "property"):
        assert kinds[kind] == sum(triple.object.value == WIKIBASE + kind.capitalize() for triple in typed) > 50  # type: ignore[union-attr]
    said = sum(len(found) for entity in entities for found in entity["claims"].values())
    assert said == sum(1 for q in {q.triple for q in quads} if q.predicate.value == f"{WIKIBASE}rank")


def test_quickstatements_follow_their_grammar(dumps: Path) -> None:
    known, new = (read(dumps / f"quickstatements-{name}.txt").decode() for name in ("known", "new"))
    commands = list(parse(known))
    assert commands
    assert {command.kind for command in commands} == {"statement"}
    kinds = Counter(command.kind for command in parse(new))
    assert kinds["create"] > 100
    assert kinds["name"] > kinds["create"]
    rows = parse_table(read(dumps / "quickstatements-new.csv").decode())
    assert len(rows) == kinds["create"]
    assert {row["qid"][0] for row in parse_table(read(dumps / "quickstatements-known.csv").decode())} <= {
        command.subject for command in commands
    }


def claims() -> ox.Store:
    """A store of the figures above, with the data documents of their entities."""
    memory = ox.Store()
    memory.bulk_load(CLAIMS.encode(), format=ox.RdfFormat.TRIG)
    for quad in memory.quads_for_pattern(None, TYPE, None):
        if quad.object.value in (f"{WIKIBASE}Item", f"{WIKIBASE}Property"):  # type: ignore[union-attr]
            number = quad.subject.value.rsplit("/", 1)[-1]  # type: ignore[union-attr]
            memory.extend(document(number, Namespaces(BASE), quad.graph_name, "2026-01-01", 0, 0))  # type: ignore[arg-type]
    return memory


def test_equal_figures_of_two_sides_stay_two_statements() -> None:
    memory = claims()
    (proposal,) = [found for found in Proposals(memory, BASE).all() if found.wikidata == "Q100"]
    lines = quickstatements.version_1([proposal]).splitlines()
    assert lines == ["Q100\tP1120\t1000\tP518\tQ200", "Q100\t!P1120\t1000\tP518\tQ300"]
    assert len(list(parse("\n".join(lines)))) == 2
    assert parse_table(quickstatements.table([proposal])) == [{"qid": ["Q100"], "P1120": ["1000"], "qal518": ["Q200"]}]


def test_what_would_break_a_line_is_replaced() -> None:
    claim = Claim(
        "P1932", text('a|b\t"c"\nd'), (), ((("P854", text("https://x/1")),), (("P854", text("https://x/2")),))
    )
    proposal = Proposal("Q1", "", {"en": "a\nb|c"}, {"zh-hans": "甲"}, (("zh-hans", "乙"), ("zh-hans", "丙")), (claim,))
    commands = list(parse(quickstatements.version_1([proposal])))
    assert [command.kind for command in commands] == ["create", *["name"] * 4, "statement"]
    assert commands[-1].fields[2::2] == ("S854", "!S854")
    (row,) = parse_table(quickstatements.table([proposal]))
    assert (row["Len"], row["Dzh"], row["Azh"]) == (["a b|c"], ["甲"], ["乙"])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"amount": "+6003"}, "6003"),
        ({"amount": "+100", "lowerBound": "+90", "upperBound": "+110"}, "100~10"),
        ({"amount": "+70000", "lowerBound": "+70000", "upperBound": "+80000"}, "70000"),
        ({"amount": "+2.5"}, "2.5"),
    ],
)
def test_bounds_are_told_only_where_they_can_be(value: dict[str, str], words: str) -> None:
    assert amount(value) == words
    assert kind_of(words) == "quantity"


@pytest.mark.parametrize(
    "line", ["Q1\tP1", "Q1\tP1\tx", "LAST\tP1\tQ2", "Q1\tP1\tQ2\t!S1\tQ3", "Q1\tLen\tname", "M1\tP1\tQ2"]
)
def test_the_grammar_is_strict(line: str) -> None:
    with pytest.raises(NotQuickStatementsError):
        list(parse(line))


def test_the_same_graph_gives_the_same_bytes() -> None:
    content = store.nquads(claims())
    shuffled = store.nquads(reversed(list(claims())))
    for name in export.FORMATS:
        assert Export(content, BASE, "2026-01-01").content(name) == Export(shuffled, BASE, "2026-01-01").content(name)


def test_compressed_files_hold_no_time(tmp_path: Path) -> None:
    Export(b"", BASE, "2026-01-01").write("nquads", tmp_path / "a.nq.gz")
    assert (tmp_path / "a.nq.gz").read_bytes()[4:8] == bytes(4)


def test_the_command_writes_what_was_published(published: Path, dumps: Path, tmp_path: Path) -> None:
    arguments = [
        "--data",
        str(published),
        "--output",
        str(tmp_path),
        "--format",
        "nquads",
        "--format",
        "quickstatements",
    ]
    result = CliRunner().invoke(export_, arguments)
    assert result.exit_code == 0, result.output
    names = {"zhanshi.nq.gz", "quickstatements-known.txt", export.SUMS}
    assert {path.name for path in tmp_path.iterdir()} == names
    for name in names - {export.SUMS}:
        assert (tmp_path / name).read_bytes() == (dumps / name).read_bytes()


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    nothing = CliRunner().invoke(export_, ["--data", str(tmp_path), "--output", str(tmp_path / "out")])
    assert nothing.exit_code == 4
    assert "run zhanshi build" in nothing.output
    unknown = CliRunner().invoke(export_, ["--data", str(tmp_path), "--output", str(tmp_path), "--format", "xml"])
    assert unknown.exit_code == 2
    assert "quickstatements-new" in unknown.output
