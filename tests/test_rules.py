"""What is derived: each rule gives what follows, once, under names of its own."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from graph import rules
from graph.errors import ZhanshiError
from graph.pipeline import Graph as Built
from tests.shape_fixtures import BASE, PROLOGUE, good, query


def _told(words: str) -> bool:
    return bool(query(good(), f"SELECT (1 AS ?yes) WHERE {{ {words} }}"))


@pytest.mark.parametrize(
    "words",
    [
        "wd:Q50 a z:Action , z:Occurrence",
        "wd:Q60 a z:Claim",
        "wd:Q20 z:commands wd:Q10",
        "wd:Q40 z:hasPart wd:Q50",
        "wd:Q12 z:identifiedWith wd:Q13",
        "wd:Q50 z:partOfTransitive wd:Q41",
        "wd:Q12 z:subordinateTo wd:Q11",
        "wd:Q52 z:realizedBy wd:Q53",
    ],
)
def test_what_follows_is_said(words: str) -> None:
    assert _told(words)


@pytest.mark.parametrize(
    "words",
    [
        "wd:Q52 a z:Event",  # planned only
        "wd:Q52 a z:Withdrawal",
        "wd:Q40 z:hasPart ?statement . ?statement a wikibase:Statement",
        "wd:Q50 z:partOf wd:Q41",  # the war is above its battle, not its battle
        "wd:Q12 z:subordinateTo wd:Q10",  # subordination is not passed on
        "wd:Q54 z:realizedBy ?event",
    ],
)
def test_what_does_not_follow_is_not_said(words: str) -> None:
    assert not _told(words)


ANOTHER = """INSERT DATA {
  wd:Q57 a z:PlannedAction ; z:statedIn wd:Q1 ; z:order 3.5 ; z:partOf wd:Q40 ; z:edtf "1941-10-01" ;
    z:earliest "1941-10-01"^^xsd:date ; z:actionType z:Withdrawal ; z:plannedAgent wd:Q10 ; z:plannedTo wd:Q32 .
  %s }"""


@pytest.mark.parametrize(
    ("update", "plan"),
    [
        ("INSERT DATA {}", "Q52"),
        ("DELETE DATA { wd:Q51 z:content wd:Q52 }", ""),  # nobody ordered it
        ("DELETE DATA { wd:Q51 z:agent wd:Q20 } ; INSERT DATA { wd:Q51 z:agent wd:Q21 }", ""),  # the enemy expects it
        ("DELETE DATA { wd:Q53 z:to wd:Q32 } ; INSERT DATA { wd:Q53 z:to wd:Q30 }", ""),  # elsewhere
        (  # begun before
            'DELETE WHERE { wd:Q53 z:earliest ?d } ; INSERT DATA { wd:Q53 z:earliest "1941-09-30"^^xsd:date }',
            "",
        ),
        (ANOTHER % "wd:Q51 z:content wd:Q57", ""),  # ordered twice in one act
        (ANOTHER % "wd:Q58 a z:Order ; z:agent wd:Q20 ; z:content wd:Q57", "Q57"),  # ordered anew
        (  # no place, and a formation against the same enemy
            "DELETE DATA { wd:Q52 z:plannedTo wd:Q32 } ;"
            "INSERT DATA { wd:Q52 z:plannedTarget wd:Q3 . wd:Q53 z:target wd:Q3 }",
            "Q52",
        ),
    ],
)
def test_what_carried_a_plan_out(update: str, plan: str) -> None:
    store = good()
    store.update(PROLOGUE + "DELETE WHERE { ?plan z:realizedBy ?event } ; " + update)
    list(rules.derive(store, BASE))
    assert query(store, "SELECT ?plan WHERE { ?plan z:realizedBy wd:Q53 }") == [(f"entity/{plan}",)] * bool(plan)


def test_what_is_derived_has_the_direct_triple_of_its_property() -> None:
    store = good()
    store.update(
        f"""BASE <{BASE}> PREFIX z: <{BASE}ontology#> PREFIX wikibase: <http://wikiba.se/ontology#>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        DELETE WHERE {{ ?formation z:subordinateTo ?superior }} ;
        INSERT DATA {{
          <entity/P749> wikibase:directClaim <prop/direct/P749> .
          <prop/direct/P749> owl:equivalentProperty z:subordinateTo .
          <entity/P131> wikibase:directClaim <prop/direct/P131> .
          <prop/direct/P131> owl:equivalentProperty z:locatedIn .
          <entity/Q7> a wikibase:Item ; z:locatedIn <entity/Q8> . <entity/Q8> z:locatedIn <entity/Q9> .
        }}"""
    )
    derived = [quad for quad in rules.derive(store, BASE) if "prop/direct/" in quad.predicate.value]
    assert {quad.predicate.value for quad in derived} == {f"{BASE}prop/direct/P749"}
    assert len(derived) == 3


def test_the_order_of_battle_of_a_day() -> None:
    rows = query(
        good(),
        """SELECT ?formation ?superior ?kind WHERE {
          ?entry a z:OrderOfBattleEntry ; z:formation ?formation ; z:superior ?superior ; z:subordinationKind ?kind ;
            z:evidence/rdf:predicate ?kind .
          OPTIONAL { ?entry z:earliest ?from ; z:latest ?to }
          FILTER(!BOUND(?from) || (?from <= "1941-09-20"^^xsd:date && ?to >= "1941-09-20"^^xsd:date))
        }""",
    )
    assert rows == [
        ("entity/Q11", "entity/Q10", "ontology#inOrderOfBattleOf"),
        ("entity/Q12", "entity/Q11", "ontology#organicPartOf"),
        ("entity/Q13", "entity/Q10", "ontology#underCommandOf"),
    ]


def test_nothing_is_said_twice_and_another_root_changes_nothing_else() -> None:
    assert list(rules.derive(good(), BASE)) == []
    entries = []
    for base in (BASE, "http://example.org/"):
        store = good()
        store.update("DELETE WHERE { ?entry a <https://w3id.org/zhanshi/ontology#OrderOfBattleEntry> }")
        found = {str(quad.subject) for quad in rules.derive(store, base) if "order-of-battle" in str(quad.subject)}
        entries.append({subject.removeprefix("<" + base) for subject in found})
    assert entries[0] == entries[1]
    assert len(entries[0]) == 3


def test_a_rule_must_not_make_blank_nodes_and_no_rule_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZhanshiError, match="no rule"):
        list(rules.derive(Store(), BASE, tmp_path))
    (tmp_path / "1.rq").write_text("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }", encoding="utf-8")
    store = Store()
    store.add(Quad(NamedNode("http://a/"), NamedNode("http://b/"), NamedNode("http://c/")))
    with pytest.raises(ZhanshiError, match="blank node"):
        list(rules.derive(store, BASE, tmp_path))
    (tmp_path / "1.rq").write_text("CONSTRUCT", encoding="utf-8")
    with pytest.raises(ZhanshiError, match=r"1\.rq"):
        list(rules.derive(store, BASE, tmp_path))


def test_every_rule_derives_something_from_the_five_texts(real_graph: Built) -> None:
    derived = [line for line in real_graph.content.decode().splitlines() if line.endswith("graph/derived> .")]
    terms = ("#type>", "commands", "hasPart", "identifiedWith", "partOfTransitive", "subordinateTo", "realizedBy")
    for name in (*terms, "direct/P749"):
        assert any(name in line.split(" ")[1] for line in derived), name
    assert sum("OrderOfBattleEntry" in line for line in derived) > 100
