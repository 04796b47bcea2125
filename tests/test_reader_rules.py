"""Every rule of the reader finds what its examples show, and leaves alone what they show it must."""

import pytest

from graph.reader.relation_rules import RelationRule, relation_rules
from graph.reader.rules import FOLDER, Rule, RuleError, event_rules, loss_rules, toml
from tests.reading_examples import example

EVENTS = (*event_rules().rules, *loss_rules().rules)
RELATIONS = relation_rules()


def test_there_are_rules() -> None:
    assert len(EVENTS) > 60
    assert len(RELATIONS) > 20
    ids = [rule.id for rule in EVENTS] + [rule.id for rule in RELATIONS]
    assert len(ids) == len(set(ids)), "two rules have the same id"


@pytest.mark.parametrize("rule", EVENTS, ids=lambda rule: rule.id)
def test_an_event_rule_keeps_its_examples(rule: Rule) -> None:
    for source in rule.match:
        shown = example(source)
        found = [e for e in shown.reading().events if e.notes["rule"] == rule.id and e.trigger == shown.trigger]
        assert found, f"{rule.id}: not found in {source}"
        roles = {(role.name, role.filler) for role in found[0].roles}
        assert shown.roles <= roles, f"{rule.id}: {source} gives {sorted(roles)}"
    for source in rule.no_match:
        assert not [e for e in example(source).reading().events if e.notes["rule"] == rule.id], f"{rule.id}: {source}"


@pytest.mark.parametrize("rule", RELATIONS, ids=lambda rule: rule.id)
def test_a_relation_rule_keeps_its_examples(rule: RelationRule) -> None:
    for source in rule.match:
        shown = example(source)
        ends = dict(shown.roles)
        found = [(r.subject, r.object) for r in shown.reading().relations if r.type == rule.type]
        assert (ends["subject"], ends["object"]) in found, f"{rule.id}: not found in {source}"
    for source in rule.no_match:
        assert not [r for r in example(source).reading().relations if r.notes["rule"] == rule.id], (
            f"{rule.id}: {source}"
        )


def test_a_faulty_rule_says_where() -> None:
    with pytest.raises(RuleError, match="not TOML"):
        toml(FOLDER / "README.md")
