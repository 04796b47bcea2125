"""A text that nobody has read becomes a reading that the build reads, whatever the text is."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from graph import readings
from graph.model import Modality, Reading, Supplied, Text, Way
from graph.reader import html
from graph.reader.command import load, read
from graph.reader.model_reader import ModelError, ModelReader, compared
from graph.reader.read import read as read_text
from graph.reader.standoff import standoff

ACCOUNT = (
    "1938年3月23日,日军濑谷支队自枣庄南下,24日进攻台儿庄。守军第2集团军(孙连仲,4个师)在台儿庄固守。"
    "25日,李宗仁命第20军团向峄县攻击前进。第85军未能攻占峄县。4月7日,日军向峄县撤退,伤亡1万余人。"
)


def text(characters: str, *years: int) -> Text:
    supplied = tuple(Supplied(year, "given") for year in years)
    return Text("account", Path("account.txt"), characters, "", {}, "", "", "", "", supplied, ())


def told(reading: Reading) -> set[tuple[str, str, str]]:
    return {(event.type, event.words, str(event.modality)) for event in reading.events}


def test_an_account_is_read_with_roles_modality_dates_and_rules() -> None:
    reading = read_text(text(ACCOUNT))
    assert {
        ("Advance", "南下", "actual"),
        ("Attack", "进攻", "actual"),
        ("Defence", "固守", "actual"),
        ("Order", "命", "actual"),
        ("Advance", "攻击前进", "planned"),
        ("Capture", "攻占", "negated"),
        ("Withdrawal", "撤退", "actual"),
        ("Loss", "伤亡", "actual"),
    } <= told(reading)
    assert all(event.notes["rule"] and event.notes["when"].startswith("1938-0") for event in reading.events)
    order = next(event for event in reading.events if event.type == "Order")
    content = {role.filler for role in order.roles if role.name == "Content"}
    planned = {event.id for event in reading.events if event.modality is Modality.PLANNED}
    assert content == planned
    assert {relation.type for relation in reading.relations} >= {"commands", "strength"}


def test_both_scripts_read_alike() -> None:
    import opencc

    traditional = opencc.OpenCC("s2t").convert(ACCOUNT)
    plain = [(e.type, e.trigger, e.modality, e.notes) for e in read_text(text(ACCOUNT)).events]
    assert [(e.type, e.trigger, e.modality, e.notes) for e in read_text(text(traditional)).events] == plain


def test_the_standoff_is_a_reading_again() -> None:
    source = text(ACCOUNT)
    reading = read_text(source)
    again = readings.parse(source, Path("account.ann"), standoff(reading, source), Way.READ)
    assert told(again) == told(reading)
    assert len(again.relations) == len(reading.relations)
    assert {m.span: m.canonical for m in again.mentions.values()} == {
        m.span: m.canonical for m in reading.mentions.values()
    }


@pytest.mark.parametrize(
    "characters",
    [
        "",
        "\n\n",
        "The Battle of Changsha, 1941.",
        "\x00\x01\ufffd" * 50,
        "第" * 3000,
        "“「(" * 500,
        "\ud800军\udfff",
        "进攻,敌" * 3000,
    ],
)
def test_whatever_comes_gives_a_reading(characters: str) -> None:
    source = text(characters)
    assert isinstance(standoff(read_text(source), source), str)


def test_time_grows_with_the_length_and_no_faster() -> None:
    sample = ACCOUNT.replace("。", ",") * 40
    read_text(text(ACCOUNT))
    seconds = []
    for times in (1, 4):
        start = time.process_time()
        read_text(text(sample * times))
        seconds.append(time.process_time() - start)
    assert seconds[1] < 9 * seconds[0]
    assert len(sample) * 4 / seconds[1] > 2_000, "far below the 10,000 characters a second that a quiet machine reads"


def test_the_command_writes_what_brat_opens(tmp_path: Path) -> None:
    path = tmp_path / "taierzhuang.txt"
    path.write_text(ACCOUNT, encoding="utf-8")
    out = tmp_path / "out"
    result = CliRunner().invoke(read, [str(path), "-o", str(out), "--html"])
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in out.iterdir()) == [
        "annotation.conf",
        "taierzhuang.ann",
        "taierzhuang.html",
        "taierzhuang.txt",
        "tools.conf",
    ]
    assert (out / "taierzhuang.txt").read_bytes() == path.read_bytes()
    page = (out / "taierzhuang.html").read_text(encoding="utf-8")
    assert "http://" not in page
    assert "https://" not in page
    assert 'class="planned"' in page
    assert "advance.arrive" in page
    again = CliRunner().invoke(read, [str(path), "-o", str(out)])
    assert again.exit_code == 2
    assert "--overwrite" in again.output


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b"\xff\xfe\x00", "not UTF-8: byte 0"), (b"\x00\x01\x02", "character 0 is NUL")],
)
def test_what_is_no_text_is_a_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    result = CliRunner().invoke(read, [str(path), "-o", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "out").exists()


def test_a_campaign_that_no_table_holds_is_an_error_that_names_those_known(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("九日,敌犯我阵地。", encoding="utf-8")
    result = CliRunner().invoke(read, [str(path), "-o", str(tmp_path / "out"), "--campaign", "缅北反攻"])
    assert result.exit_code == 2
    assert "--campaign" in result.output
    assert "缅北反攻战" in result.output
    assert not (tmp_path / "out").exists()


def test_a_campaign_may_be_given_by_another_name_and_in_traditional_script(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("九日,敌犯我阵地。", encoding="utf-8")
    for name in ("淞滬會戰", "上海会战", "第三次长沙会战经过"):
        assert load(path, campaign=name, years=()).campaign


def test_years_and_campaign_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("3月24日,日军进攻台儿庄。", encoding="utf-8")
    given = load(path, campaign="台儿庄战役", years=(1938,))
    assert [event.notes["in"] for event in read_text(given).events] == ["台儿庄战役"]


def test_a_page_escapes_what_it_shows() -> None:
    source = text("日军<script>alert(1)</script>进攻长沙。", 1941)
    assert "<script>" not in html.page(read_text(source), source)


@contextmanager
def model(content: str) -> Iterator[str]:
    """Serve one fixed answer in the form of the OpenAI interface on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_model_is_believed_only_where_it_quotes(tmp_path: Path) -> None:
    entries = [
        {
            "type": "Attack",
            "quote": "24日进攻台儿庄",
            "trigger": "进攻",
            "modality": "actual",
            "roles": [
                {"role": "Place", "type": "Place", "words": "台儿庄"},
                {"role": "Agent", "type": "Unit", "words": "第5师团", "side": "JP"},
            ],
        },
        {"type": "Capture", "quote": "日军攻占徐州", "trigger": "攻占", "roles": []},
    ]
    source = text(ACCOUNT)
    with model("Here it is: " + json.dumps(entries, ensure_ascii=False)) as url:
        answer = ModelReader(url, "any").read(source)
        path = tmp_path / "x.txt"
        path.write_text(ACCOUNT, encoding="utf-8")
        result = CliRunner().invoke(read, [str(path), "-o", str(tmp_path / "out"), "--model", url])
    assert (answer.accepted, answer.refused) == (1, 1)
    assert [(role.name, answer.reading.mentions[role.filler].surface) for role in answer.reading.events[0].roles] == [
        ("Place", "台儿庄")
    ]
    readings.parse(source, Path("x.ann"), standoff(answer.reading, source), Way.READ)
    assert next(iter(compared(read_text(source), answer.reading))) == "events in both readings: 1"
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "x.model.ann").exists()
    assert "1 accepted, 1 without a quote" in result.output


def test_a_model_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(ModelError, match="does not answer"):
        ModelReader("http://127.0.0.1:9", "any").read(text(ACCOUNT))
    with model("no list at all") as url, pytest.raises(ModelError, match="no JSON list"):
        ModelReader(url, "any").read(text(ACCOUNT))
