"""The pages as they are served: what they say, in which language, and where their links lead."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import unquote

import httpx
import pytest

from server.examples import by_topic, examples
from server.pages.documents import FOLDER, recipe
from server.pages.language import LANGUAGES, words
from server.pages.marking import paragraphs
from server.pages.statements import sections
from server.pages.texts import Mark
from tests.serving import RunningServer

PAGE = {"Accept": "text/html"}
CONTESTED = """SELECT ?a ?b ?c { ?a a z:Loss ; z:of ?u ; z:partOf ?battle ; z:lossKind ?k ; z:claimedBy ?c .
  ?b a z:Loss ; z:of ?u ; z:partOf ?battle ; z:lossKind ?k ; z:claimedBy ?d . FILTER(STR(?c) < STR(?d))
  FILTER NOT EXISTS { ?a z:category|z:fate|z:materiel ?x } FILTER NOT EXISTS { ?b z:category|z:fate|z:materiel ?y } }
ORDER BY ?a ?b LIMIT 1"""
SUPPLIED = (
    """SELECT ?e ?reason { ?s rdf:subject ?e ; rdf:predicate z:yearBasis ; z:reason ?reason } ORDER BY ?e LIMIT 1"""
)
CARRIED = (
    """SELECT ?e ?from { ?s rdf:subject ?e ; rdf:predicate z:dayBasis ; z:carriedFrom ?from } ORDER BY ?e LIMIT 1"""
)


def fetch(server: RunningServer, path: str, language: str = "en", accept: str = "text/html") -> str:
    headers = {"Accept-Language": language, "Accept": accept}
    answer = httpx.get(server.url + path, headers=headers, timeout=60, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


def number(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("PlannedAction", "reality planned"),
        ("NegatedAction", "reality negated"),
        ("ReportedAction", "reality reported"),
    ],
)
def test_what_did_not_happen_says_so(real_server: RunningServer, kind: str, said: str) -> None:
    for row in real_server.rows(f"SELECT ?e {{ ?e a z:{kind} }} ORDER BY ?e LIMIT 3"):
        assert said in fetch(real_server, f"/wiki/{number(row['e'])}")
    (event,) = real_server.rows("SELECT ?e { ?e a z:Event } ORDER BY ?e LIMIT 1")
    assert 'class="reality' not in fetch(real_server, f"/wiki/{number(event['e'])}")


def test_every_statement_with_a_passage_leads_to_it(real_server: RunningServer) -> None:
    for row in real_server.rows("SELECT ?e { ?e a z:Capture } ORDER BY ?e LIMIT 5"):
        page = fetch(real_server, f"/wiki/{number(row['e'])}")
        query = f"SELECT ?s ?p {{ <{row['e']}> ?any ?s . ?s a wikibase:Statement ; z:passage ?p }}"
        statements = real_server.rows(query)
        assert statements
        for statement in statements:
            anchor = number(statement["s"]).partition("-")[2]
            text, span = statement["p"].rsplit("/", 2)[-2:]
            shown = page.partition(f'id="{anchor}"')[2].partition('<div class="statement')[0]
            assert f"/text/{text}?span={span}#{span}" in shown


def test_figures_of_one_loss_stand_side_by_side(real_server: RunningServer) -> None:
    (row,) = real_server.rows(CONTESTED)
    page = fetch(real_server, f"/wiki/{number(row['a'])}")
    table = page.partition('<table class="figures">')[2].partition("</table>")[0]
    assert f"/wiki/{number(row['a'])}" in table
    assert f"/wiki/{number(row['b'])}" in table
    assert f"/wiki/{number(row['c'])}" in table


def test_the_basis_of_a_date_is_told(real_server: RunningServer) -> None:
    (supplied,) = real_server.rows(SUPPLIED)
    page = html.unescape(fetch(real_server, f"/wiki/{number(supplied['e'])}"))
    assert supplied["reason"] in page
    (carried,) = real_server.rows(CARRIED)
    assert "/text/" + "?span=".join(carried["from"].rsplit("/", 2)[-2:]) in fetch(
        real_server, f"/wiki/{number(carried['e'])}"
    )


def test_what_points_to_an_item_is_grouped_and_can_be_shown_whole(real_server: RunningServer) -> None:
    page = fetch(real_server, "/wiki/Q30")
    counts = {key: int(count) for key, count in re.findall(r'id="in-(\w+)">.*?class="count">(\d+)<', page, re.S)}
    (row,) = real_server.rows("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s wdt:P50011 wd:Q30 }")
    assert counts["P50011"] == int(row["n"]) > 20
    whole = fetch(real_server, "/wiki/Q30?all=P50011")
    section = whole.partition('id="in-P50011"')[2].partition('<div class="property"')[0]
    assert section.count("<li>") == counts["P50011"]


def test_a_text_is_whole_and_its_marks_lead_to_items(real_server: RunningServer) -> None:
    for row in real_server.rows("SELECT ?t ?c { ?t a z:Text ; z:characters ?c }"):
        name = number(row["t"])
        page = fetch(real_server, f"/text/{name}")
        body = page.partition('<div class="text"')[2].partition("</div>")[0].partition(">")[2]
        bare = html.unescape(re.sub(r'<a class="ev.*?</a>|<[^>]+>', "", body))
        assert "".join(bare.split()) == "".join(row["c"].split())
        (told,) = real_server.rows(
            f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ GRAPH <{row['t'].replace('/text/', '/graph/')}> "
            "{ ?e z:passage ?p } ?e a ?t FILTER(?t IN (z:Event, z:PlannedAction, z:NegatedAction, z:ReportedAction)) }"
        )
        assert body.count('<a class="ev') >= int(told["n"]) > 50


def test_a_span_is_checked(real_server: RunningServer) -> None:
    path = f"{real_server.url}/text/000-changsha-1941?span="
    for wrong in ("x", "9-3", "5-5", "0-99999999"):
        answer = httpx.get(path + wrong, headers=PAGE)
        assert answer.status_code == 400
        assert wrong in answer.json()["detail"]
    assert httpx.get(f"{real_server.url}/text/none", headers=PAGE).status_code == 404


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ("zh-CN,zh;q=0.9", "zh-Hans", "中文战争史"),
        ("zh-TW", "zh-Hant", "中文戰爭史"),
        ("de,en;q=0.5", "en", "War history"),
        ("", "en", "War history"),
    ],
)
def test_pages_speak_the_readers_language(real_server: RunningServer, asked: str, language: str, title: str) -> None:
    page = fetch(real_server, "/", asked)
    assert f'<html lang="{language}">' in page
    assert title in page


def test_a_chosen_language_is_kept(real_server: RunningServer) -> None:
    with httpx.Client(base_url=real_server.url, headers={"Accept-Language": "en"}, timeout=60) as client:
        assert "战役" in client.get("/texts?lang=zh-hans").text
        assert '<html lang="zh-Hans">' in client.get("/battles").text


def test_statements_stand_in_the_order_of_time(real_server: RunningServer) -> None:
    page = fetch(real_server, "/wiki/Q2025")
    commands = page.partition('id="P4791"')[2].partition('class="property')[0]
    query = """SELECT ?s { ?s rdf:subject wd:Q2025 ; rdf:predicate z:commandedBy .
      OPTIONAL { ?s z:earliest ?from ; z:latest ?to } } ORDER BY ?from ?to ?s"""
    expected = [number(row["s"]).partition("-")[2] for row in real_server.rows(query)]
    shown = re.findall(r'<div class="statement \w+" id="([^"]+)"', commands)
    dates = re.findall(r"attested</span> ([^<]+)", commands)
    assert sorted(shown) == sorted(expected)
    assert len(dates) > 5
    years = [int(re.findall(r"\d{4}", date)[0]) for date in dates]
    assert years == sorted(years)


def test_the_sentence_of_an_event_is_quoted_once_and_its_scaffolding_is_quiet(real_server: RunningServer) -> None:
    (row,) = real_server.rows(
        "SELECT ?e { ?e a z:Withdrawal ; z:startDate ?d ; z:passage ?p "
        "FILTER NOT EXISTS { ?s rdf:subject ?e ; z:passage ?more FILTER(?more != ?p) } } ORDER BY ?e LIMIT 1"
    )
    page = fetch(real_server, f"/wiki/{number(row['e'])}")
    (lead,) = real_server.rows(f"SELECT ?words {{ <{row['e']}> z:passage/z:quote ?words }} LIMIT 1")
    assert html.unescape(page).count(lead["words"]) == 1
    assert page.count(">¶</a>") > 5
    assert "the sentence above</a>" not in page
    assert 'class="property quiet" id="P50032"' in page
    assert 'class="property" id="P580"' in page


def test_a_plan_leads_to_what_carried_it_out(real_server: RunningServer) -> None:
    (row,) = real_server.rows("SELECT ?p ?e { ?p z:realizedBy ?e } ORDER BY ?p LIMIT 1")
    page = fetch(real_server, f"/wiki/{number(row['p'])}")
    assert f"/wiki/{number(row['e'])}" in page.partition("What carried it out")[2].partition("</p>")[0]


def test_what_is_told_comes_after_what_has_a_name(real_server: RunningServer) -> None:
    page = fetch(real_server, "/search?q=第10军")
    heads = re.findall(r"<h2>([^<]+?) <span", page)
    assert heads[0] == "Formations"
    assert heads[-2:] == ["Events, plans, orders", "Losses and strengths"]
    assert "kind=Occurrence" in page
    every = fetch(real_server, "/search?q=第10军&kind=Occurrence")
    assert every.count("<li>") > page.count("<li>") / 2
    assert re.findall(r"<h2>([^<]+?) <span", every) == ["Events, plans, orders"]


def test_a_line_of_time_does_not_repeat_its_dates(real_server: RunningServer) -> None:
    for language in LANGUAGES:
        page = fetch(real_server, "/battle/Q1010", language)
        (drawn,) = re.findall(r'id="drawn" type="application/json">(.*?)</script>', page, re.DOTALL)
        texts = [each["text"] for each in json.loads(drawn)["timeline"]]
        assert len(texts) > 50
        assert not [text for text in texts if "1941" in text]


def test_search_finds_by_any_spelling(real_server: RunningServer) -> None:
    for spelling in ("薛岳", "xueyue", "Xue Yue", "薛嶽"):
        assert "/wiki/Q4005" in fetch(real_server, f"/search?q={spelling}")
    assert "Nothing has a name like this" in fetch(real_server, "/search?q=qqqqqqqqqq")
    places = fetch(real_server, "/search?q=长沙&kind=Place")
    assert "/wiki/Q5093" in places
    assert "/wiki/Q1010" not in places


def test_a_battle_shows_its_days_its_order_and_its_claims(real_server: RunningServer) -> None:
    page = fetch(real_server, "/battle/Q1014?day=1942-01-01")
    assert 'value="1942-01-01"' in page
    for kind in ("inOrderOfBattleOf", "organicPartOf"):
        assert f'class="tie {kind}' in page
    assert "6,003" in page
    assert "57,000" in page
    assert httpx.get(f"{real_server.url}/battle/Q1014?day=x").status_code == 400
    assert httpx.get(f"{real_server.url}/battle/Q30").status_code == 404


def test_the_ontology_and_the_report_are_readable(real_server: RunningServer) -> None:
    ontology = fetch(real_server, "/ontology", "zh-hant")
    for name in ("Capture", "agent", "killed", "takesRole", "majorGeneral"):
        assert f'id="{name}"' in ontology
    assert "sh:ValidationReport" in fetch(real_server, "/validation", accept="text/turtle")
    assert "The graph conforms" in fetch(real_server, "/validation")


def test_unknown_items_are_told_apart_from_wrong_addresses(real_server: RunningServer) -> None:
    answer = httpx.get(f"{real_server.url}/wiki/Q999999999")
    assert answer.status_code == 404
    assert "Q999999999" in answer.json()["detail"]
    moved = httpx.get(f"{real_server.url}/wiki/P31")
    assert (moved.status_code, moved.headers["location"]) == (301, "/wiki/Property:P31")


def test_every_property_has_a_section(real_server: RunningServer) -> None:
    used = {number(row["p"]) for row in real_server.rows("SELECT ?p { ?p a wikibase:Property }")}
    beside = {"P248", "P854", "P1683", "P1932", "P1810", "P1480", "P50035", "P50036", "P50037"}
    assert used - set(sections()) <= beside
    assert set(sections()) <= used


def test_the_words_are_whole() -> None:
    assert len(words()) > 100
    for key, found in words().items():
        assert all(found[language].strip() for language in LANGUAGES), key


def test_marks_that_overlap_lead_to_the_narrowest() -> None:
    marks = [Mark(0, 6, "Q1"), Mark(2, 4, "Q2"), Mark(3, 8, "Q3")]
    (paragraph,) = paragraphs("0123456789", marks, [Mark(0, 8, "Q9")], (1, 5))
    found = [(piece.text, piece.mentions, piece.told) for piece in paragraph.pieces]
    assert found == [
        ("0", ("Q1",), ()),
        ("1", ("Q1",), ()),
        ("2", ("Q2", "Q1"), ()),
        ("3", ("Q2", "Q3", "Q1"), ()),
        ("4", ("Q3", "Q1"), ()),
        ("5", ("Q3", "Q1"), ()),
        ("67", ("Q3",), ("Q9",)),
        ("89", (), ()),
    ]
    assert [piece.text for piece in paragraph.pieces if piece.is_highlit] == ["1", "2", "3", "4"]


def test_the_documents_are_pages_whose_queries_run_and_whose_links_lead_somewhere(real_server: RunningServer) -> None:
    index = fetch(real_server, "/docs")
    names = re.findall(r'href="/docs/(\w+\.md)"', index)
    assert set(names) == {path.name for path in FOLDER.glob("*.md")}
    assert names[0] == "model.md"
    for name in names:
        page = fetch(real_server, f"/docs/{name}")
        body = page[page.index('<article class="document"') : page.index("</article>")]
        assert body.count("<h1>") >= 1, name
        for picture in re.findall(r'<img src="([^"]+)"', body):
            image = httpx.get(f"{real_server.url}/docs/{picture}")
            assert image.headers["content-type"].startswith("image/svg+xml"), (name, picture)
        assert "```" not in body
        for link in re.findall(r'href="([^"#]+)"', body):
            assert link in names or link == "/query" or link.startswith("http"), (name, link)
    model = fetch(real_server, "/docs/model.md")
    assert '<img src="model.svg" alt="An order' in model
    queries = re.findall(r'href="/query#query=([^"]+)"', model)
    assert len(queries) > 10
    assert unquote(queries[1]) == recipe()
    assert real_server.rows(recipe())
    assert "/docs/model.md" in fetch(real_server, "/")
    assert "/docs/model.md" in fetch(real_server, "/query")
    assert httpx.get(real_server.url + "/docs/nothing.md").status_code == 404


def test_the_query_page_opens_with_a_recipe(real_server: RunningServer) -> None:
    page = fetch(real_server, "/query")
    found = json.loads(re.search(r'id="configuration" type="application/json">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert found["start"] == recipe()
    assert "CONTAINS" not in found["start"]


@pytest.mark.parametrize("path", ["/nothing", "/wiki/Q99999999", "/text/none", "/wiki/Special:MyLanguage/Help"])
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(
    real_server: RunningServer, path: str
) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "zh"}
    page = httpx.get(real_server.url + path, headers=browser)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in page.headers["vary"]
    assert words()["missing.title"]["zh-hans"] in page.text
    assert 'action="/search"' in page.text
    for accept in ("*/*", "application/json", "text/turtle"):
        problem = httpx.get(real_server.url + path, headers={"Accept": accept})
        assert problem.status_code == 404
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["status"] == 404


def test_a_wrong_method_is_a_problem_too(real_server: RunningServer) -> None:
    refused = httpx.post(f"{real_server.url}/entity/Q30")
    assert refused.status_code == 405
    assert "GET" in refused.headers["allow"]
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_examples_stand_under_topics_and_lead_to_the_query_page(real_server: RunningServer, language: str) -> None:
    page = fetch(real_server, f"/examples?lang={language}")
    assert words()["topic.order of battle"][language] in page
    links = re.findall(r'href="/query#query=([^"]+)"', page)
    assert [unquote(html.unescape(link)) for link in links] == [
        example.query for listed in by_topic(examples()).values() for example in listed
    ]
    assert 'href="/examples"' in fetch(real_server, "/query")
