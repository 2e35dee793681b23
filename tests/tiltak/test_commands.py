"""The commands as an administrator types them: what they print, what they leave behind, how they end."""

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from aiosmtpd.controller import Controller

import workflows.loading
from tests.postgres_server import PostgresServer
from tests.stories.world import EXAMPLES
from tiltak.calendars import broken_guards
from tiltak.cli import main
from tiltak.options import Options
from tiltak.wiring import open_service, watched_service

TILTAK = str(Path(sys.executable).with_name("tiltak"))
IOM, AUDIT = str(EXAMPLES / "iom-2011.yaml"), str(EXAMPLES / "audit-2025.yaml")
SETTINGS = """
[service]
port = {web}

[organisation]
key = "ud"
name = "Departementet"
operator = "drift@ud.example"
send_days = [1, 2, 3, 4, 5, 6, 7]
send_from = 00:00:00
send_to = 23:59:59

[mail]
sender = "tiltak@ud.example"
host = "127.0.0.1"
port = {smtp}
security = "none"
"""


class Trap:
    """A mail server that remembers the recipients of everything it is handed."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.recipients += envelope.rcpt_tos  # type: ignore[attr-defined]
        return "250 kept"


@pytest.fixture
def trap() -> Iterator[tuple[Trap, int]]:
    remembered = Trap()
    port = _free_port()
    controller = Controller(remembered, hostname="127.0.0.1", port=port)
    controller.start()
    yield remembered, port
    controller.stop()


@pytest.fixture
def home(tmp_path: Path, trap: tuple[Trap, int], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a settings file, as an administrator would have it."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("TILTAK_") and name != "TILTAK_REQUIRE_TOOLS"]:
        monkeypatch.delenv(name)
    (tmp_path / "tiltak.toml").write_text(SETTINGS.format(web=_free_port(), smtp=trap[1]), encoding="utf-8")
    return tmp_path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tiltak(*arguments: str, code: int = 0) -> str:
    """What the command printed: standard output when it went well, both when it did not."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(arguments)
    assert (ended.value.code or 0) == code, out.getvalue() + err.getvalue()
    return out.getvalue() if code == 0 else out.getvalue() + err.getvalue()


def test_a_plan_goes_in_is_followed_and_comes_out_again(home: Path, trap: tuple[Trap, int]) -> None:
    assert "IOM-2011 is adopted with 8 cases" in tiltak("import", IOM)
    assert json.loads(tiltak("tick", "--json"))["sent"] > 0
    assert "hum@ud.example" in trap[0].recipients
    assert tiltak("tick") == "nothing was due\n"
    assert "open" in tiltak("history", "IOM-2011-3")
    events = [json.loads(line) for line in tiltak("history", "IOM-2011-3", "--json").splitlines()]
    assert [(it["seq"], it["move"], it["dest"]) for it in events] == [(1, "open", "assigned")]
    assert tiltak("history", "verify") == "every history is whole\n"
    tiltak("export", "IOM-2011", "-o", "out.yaml")
    assert tiltak("export", "IOM-2011") == (home / "out.yaml").read_text(encoding="utf-8")
    assert "there is a plan IOM-2011 already" in tiltak("import", "out.yaml", code=1)


def test_the_report_is_written_on_any_day_in_any_format(home: Path) -> None:
    tiltak("import", IOM)
    tiltak("report", "IOM-2011", "-o", "report.json")
    facts = json.loads((home / "report.json").read_text(encoding="utf-8"))
    assert (facts["format"], facts["ref"], len(facts["actions"])) == ("tiltak-report/1", "IOM-2011", 8)
    tiltak("report", "IOM-2011", "--language", "nn", "-o", "report.html")
    assert "Rapport etter eitt år" in (home / "report.html").read_text(encoding="utf-8")
    assert "there was no plan IOM-2011 on 2011-08-24 yet" in tiltak("report", "IOM-2011", "--on", "2011-08-24", code=1)
    assert tiltak("report", "NONE", "-o", "none.html", code=1) == "tiltak: there is no plan 'NONE'\n"
    assert not (home / "none.html").exists()


def test_what_cannot_be_done_is_one_sentence_on_standard_error(home: Path) -> None:
    (home / "latin.yaml").write_bytes("title: å".encode("latin-1"))
    (home / "bad.yaml").write_text("plan: X\ntitle: Y\ndecided_on: 2011-02-30\ncolour: red\n", encoding="utf-8")
    (home / "bad.toml").write_text("[mail]\nhots = 'x'\n", encoding="utf-8")
    assert tiltak("export", "NONE", code=1) == "tiltak: there is no case 'NONE'\n"
    assert tiltak("history", "NONE", code=1) == "tiltak: there is no case 'NONE'\n"
    assert "is not a text in UTF-8" in tiltak("import", "latin.yaml", code=1)
    refused = tiltak("import", "bad.yaml", code=1)
    assert "bad.yaml:3: decided_on: there is no day 2011-02-30" in refused
    assert "bad.yaml:4: there is no key 'colour'" in refused
    assert "did you mean mail.host?" in tiltak("--config", "bad.toml", "tick", code=2)
    assert "does not exist" in tiltak("import", "nothing.yaml", code=2)
    assert "is no day; write it as 2012-08-27" in tiltak("demo", "--once", "--until", "soon", code=2)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "service.database is no address of a database"),
        ("mysql://somebody@host/name", "service.database cannot be mysql"),
        ("sqlite:////proc/nowhere/tiltak.db", "the folder /proc/nowhere cannot be made"),
        ("sqlite:////proc/version", "service.database cannot be used"),
        ("postgresql+psycopg://u:geheim@127.0.0.1:1/x", "service.database cannot be used: connection failed"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_database_that_cannot_be_used_is_one_sentence(url: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILTAK_SERVICE__DATABASE", url)
    told = tiltak("tick", code=2)
    assert says in told
    assert len(told.splitlines()) == 1
    assert "geheim" not in told


def test_a_port_that_is_taken_is_one_sentence(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = tiltak("demo", "--port", str(port), code=2)
    assert told == f"tiltak: 127.0.0.1:{port} cannot be listened on (Address already in use); choose another port\n"
    assert [it.name for it in home.iterdir()] == ["tiltak.toml"]


def test_a_year_is_simulated_with_every_fact_and_stores_nothing(home: Path, trap: tuple[Trap, int]) -> None:
    rows = [json.loads(line) for line in tiltak("simulate", IOM, "--until", "2012-09-30", "--json").splitlines()]
    mails = [row for row in rows if row["parcel"]]
    assert len(mails) > 100
    for row in mails:
        assert all(row[name] for name in ("date", "case", "rule", "role", "to", "reason", "letter")), row
    assert ("2012-08-28", "IOM-2011-8", "due", "5", "hum@ud.example") in {
        (row["date"], row["case"], row["rule"], row["step"], row["to"]) for row in mails
    }
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    header, *lines = tiltak("simulate", IOM, "--until", "2012-09-30", "--csv").splitlines()
    assert header.split(",")[:3] == ["date", "case", "workflow"]
    assert len(lines) == len(rows)
    assert not (home / "var").exists()
    assert trap[0].recipients == []


def test_the_demo_reads_no_settings_and_sends_nothing_out(home: Path, trap: tuple[Trap, int]) -> None:
    told = tiltak("demo", "--once", "--until", "2011-10-05")
    assert "regionalavdelingen@ud.example" in told
    assert "0 could not be sent" in told
    assert trap[0].recipients == []
    assert sorted(it.name for it in home.iterdir()) == ["tiltak.toml"]
    rows = [
        json.loads(line) for line in tiltak("demo", AUDIT, "--once", "--until", "2025-03-20", "--json").splitlines()
    ]
    assert {"audit@coast.example", "lee@coast.example"} <= {row["to"] for row in rows}


def test_rules_are_checked_shown_and_drawn_in_three_languages(home: Path) -> None:
    assert "worst silence towards the coordinator" in tiltak("workflows", "check")
    shown = {language: tiltak("workflows", "show", "action", "-l", language) for language in ("nb", "nn", "en")}
    assert len(set(shown.values())) == 3
    assert tiltak("workflows", "draw", "action").startswith("stateDiagram-v2")
    assert "there is no workflow 'nope'" in tiltak("workflows", "show", "nope", code=1)
    (home / "own.yaml").write_text("workflow: own\nversion: 1\n", encoding="utf-8")
    assert re.search(r"own\.yaml:\d+: ", tiltak("workflows", "check", "own.yaml", code=1))


def test_the_figures_are_those_of_the_calendars_in_use(home: Path) -> None:
    assert "The figures hold for the calendar of NO, and letters leave on working days.\n" in tiltak(
        "workflows", "check"
    )
    assert not (home / "var").exists()
    tiltak("import", IOM)
    told = tiltak("workflows", "check")
    assert "The figures hold for the calendars of NO, CH, BD, KZ, MK and NG, and" in told
    assert "proposed, at the worst:" in told
    receipt = str(workflows.loading.SHIPPED / "receipt.yaml")
    found = json.loads(tiltak("workflows", "check", receipt, "--json"))
    assert found["accepted"]
    assert found["guard"] == {"watcher": "coordinator", "max_silence": "45d"}
    pending = found["silence"]["pending"]
    first, last = (date.fromisoformat(pending["path"][at]["day"]) for at in (0, -1))
    assert (last - first).days == pending["days"]


def test_serve_warns_of_a_guard_that_the_calendars_break(home: Path) -> None:
    text = (home / "tiltak.toml").read_text(encoding="utf-8")
    weekly = text.replace("send_days = [1, 2, 3, 4, 5, 6, 7]", "send_days = [2]\ncountry = 'BD'")
    (home / "weekly.toml").write_text(weekly, encoding="utf-8")
    for settings, warned in (("tiltak.toml", []), ("weekly.toml", ["workflow request/1"])):
        service = open_service(Options(home / settings))
        told = list(broken_guards(service))
        service.store.close()
        assert [it.partition(":")[0] for it in told] == warned
    assert "working days among Tue.\n" in tiltak("--config", "weekly.toml", "workflows", "check", code=1)


def test_a_letter_can_be_seen_before_anybody_gets_one() -> None:
    assert "Regionalavdelingen" in tiltak("mail", "preview", "overdue")
    assert "Regional department" in tiltak("mail", "preview", "overdue", "-l", "en")
    assert tiltak("mail", "preview", "overdue", "--part", "html").lstrip().startswith("<!doctype html>")


@contextmanager
def running(*arguments: str, port: int = 0, says: str = "") -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([TILTAK, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert (says or f"http://127.0.0.1:{port}") in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def _status(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, json.load(answer)["status"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["status"]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_sweeps_and_ends_cleanly(home: Path, sign: signal.Signals) -> None:
    tiltak("import", IOM)
    port = int(re.findall(r"port = (\d+)", (home / "tiltak.toml").read_text(encoding="utf-8"))[0])
    with running("serve", port=port) as process:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            page = answer.read().decode()
        assert "Tiltak" in page
        assert _status(port, "/healthz") == (200, "ok")
        assert _status(port, "/readyz")[0] in (200, 503)  # 503 until both loops have finished once
        process.send_signal(sign)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "nothing was left half done" in out
    assert "Traceback" not in err
    assert "ERROR" not in err
    assert tiltak("history", "verify") == "every history is whole\n"


@pytest.mark.postgres
def test_a_worker_does_the_work_while_serve_answers_on_the_web(
    home: Path, trap: tuple[Trap, int], postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILTAK_SERVICE__DATABASE", postgres.fresh())
    monkeypatch.setenv("TILTAK_RUNNER__KIND", "procrastinate")
    for often in ("SWEEP", "DELIVER"):
        monkeypatch.setenv(f"TILTAK_SCHEDULE__{often}_SECONDS", "1")
    outside("migrate")
    outside("import", IOM)
    port = int(re.findall(r"port = (\d+)", (home / "tiltak.toml").read_text(encoding="utf-8"))[0])
    with running("serve", port=port) as serve, running("worker", "--name", "one", says="/one is at work") as worker:
        assert _status(port, "/healthz") == (200, "ok")
        _until(lambda: trap[0].recipients and _status(port, "/readyz") == (200, "ok"))
        for process in (worker, serve):
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
            assert (process.returncode, "nothing was left half done" in out) == (0, True), err
            assert "Traceback" not in err
            assert "ERROR" not in err
    outside("tick")  # a worker that is told to end gives back what is not on its way
    assert "hum@ud.example" in trap[0].recipients
    assert outside("tick") == "nothing was due\n"


def outside(*arguments: str) -> str:
    """As `tiltak`, in a process of its own, which takes its connections to PostgreSQL with it."""
    done = subprocess.run([TILTAK, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _until(claim: Callable[[], object]) -> None:
    """Something another process does: asked again and again, for half a minute at most."""
    for _ in range(300):
        if claim():
            return
        Event().wait(0.1)
    raise AssertionError("it never happened")


@pytest.mark.parametrize(
    ("kind", "command", "says"),
    [
        ("procrastinate", "tick", "runner.kind procrastinate needs PostgreSQL"),
        ("embedded", "worker", 'tiltak worker needs runner.kind = "procrastinate"'),
        ("celery", "tick", "runner.kind cannot be 'celery'"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_runner_that_cannot_run_is_one_sentence(
    kind: str, command: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILTAK_RUNNER__KIND", kind)
    told = tiltak(command, code=2)
    assert says in told
    assert len(told.splitlines()) == 1


@pytest.mark.usefixtures("home")
def test_a_runner_that_is_not_installed_is_one_sentence() -> None:
    without = "import sys; sys.modules['procrastinate'] = None; from tiltak.cli import main; main(['tick'])"
    settings = {"TILTAK_RUNNER__KIND": "procrastinate", "TILTAK_SERVICE__DATABASE": "postgresql+psycopg://u@h/n"}
    done = subprocess.run(
        [sys.executable, "-c", without], env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "needs the package procrastinate: install it" in done.stderr


def test_a_change_of_rules_is_seen_before_it_is_made(home: Path) -> None:
    (home / "rules").mkdir()
    shipped = (Path(workflows.loading.SHIPPED) / "report.yaml").read_text(encoding="utf-8")
    assert "{at: -12w," in shipped
    (home / "rules" / "report.yaml").write_text(shipped.replace("{at: -12w,", "{at: -10w,"), encoding="utf-8")
    told = tiltak("simulate", IOM, "--rules", "rules")
    assert told.endswith("1 reminder moves, 0 disappear, 0 are new.\n")
    (row,) = [json.loads(line) for line in tiltak("simulate", IOM, "--rules", "rules", "--json").splitlines()]
    assert (row["change"], row["before"], row["after"]) == ("moves", "2012-06-04", "2012-06-18")
    (home / "rules" / "report.yaml").write_text("workflow: report\n", encoding="utf-8")
    assert "report.yaml:" in tiltak("simulate", IOM, "--rules", "rules", code=1)


def test_a_service_that_starts_with_rules_changed_in_their_place_takes_them_up(home: Path) -> None:
    settings = (home / "tiltak.toml").read_text(encoding="utf-8")
    tiltak("import", IOM)
    tiltak("tick")
    (home / "tiltak.toml").write_text(
        settings.replace("[service]", '[service]\nworkflows_dir = "own"'), encoding="utf-8"
    )
    (home / "own").mkdir()
    shipped = (Path(workflows.loading.SHIPPED) / "action.yaml").read_text(encoding="utf-8")
    (home / "own" / "action.yaml").write_text(shipped.replace("{at: 90d,  tell", "{at: 70d,  tell"), encoding="utf-8")
    service, _ = watched_service(Options(home / "tiltak.toml"))
    assert service.store.outdated() == ""
    service.store.close()


@pytest.mark.usefixtures("home")
def test_what_each_one_gets_is_summed_up() -> None:
    told = tiltak("simulate", IOM)
    assert told.endswith("73 mails with 188 pieces of news to 8 addresses, never more than 1 mail a day to anybody.\n")
    header, *lines = tiltak("simulate", IOM, "--totals", "--csv").splitlines()
    assert header == "to,mails,news,worst_day,worst_news"
    totals = [json.loads(line) for line in tiltak("simulate", IOM, "--totals", "--json").splitlines()]
    assert [line.split(",")[0] for line in lines] == [it["to"] for it in totals]
    assert (sum(it["mails"] for it in totals), sum(it["news"] for it in totals)) == (73, 188)


@pytest.mark.usefixtures("home")
def test_a_recorded_year_is_that_of_a_plan_in_the_database() -> None:
    tiltak("import", IOM)
    tiltak("tick")
    rows = [
        json.loads(line) for line in tiltak("simulate", "IOM-2011", "--behaviour", "recorded", "--json").splitlines()
    ]
    assert {row["case"] for row in rows if row["rule"] == "move:open"} >= {"IOM-2011", "IOM-2011-3"}
    assert "a plan file has no recorded year" in tiltak("simulate", IOM, "--behaviour", "recorded", code=2)


def test_newer_rules_are_activated_by_somebody_for_a_reason(home: Path) -> None:
    settings = (home / "tiltak.toml").read_text(encoding="utf-8")
    (home / "tiltak.toml").write_text(
        settings.replace("[service]", '[service]\nworkflows_dir = "own"'), encoding="utf-8"
    )
    (home / "own").mkdir()
    tiltak("import", IOM)
    tiltak("tick")
    assert tiltak("workflows", "activate") == "Every open case is under the newest version of its rules.\n"
    shipped = (Path(workflows.loading.SHIPPED) / "action.yaml").read_text(encoding="utf-8")
    later = shipped.replace("version: 1", "version: 2").replace("{at: 90d,  tell: [coord", "{at: 70d,  tell: [coord")
    (home / "own" / "action.yaml").write_text(later, encoding="utf-8")
    told = tiltak("workflows", "activate", "--dry-run")
    assert told.startswith("action/1 → action/2: 7 open cases\n")
    assert "3 reminders move, 0 disappear, 0 are new." in told
    decided = ("--by", "unit:HUM", "--reason", "Kortere frister", "--yes")
    assert "say who decides it" in tiltak("workflows", "activate", "--yes", code=2)
    assert "there is no unit or person 'unit:HUMM'" in tiltak(
        "workflows", "activate", *decided, "--by", "unit:HUMM", code=1
    )
    assert "has not read these rule files yet" in tiltak("workflows", "activate", *decided, code=1)
    tiltak("tick")
    facts = [json.loads(line) for line in tiltak("workflows", "activate", *decided, "--json").splitlines()]
    assert [facts[0][name] for name in ("was", "becomes", "cases")] == ["action/1", "action/2", 7]
    assert [facts[1][name] for name in ("moved", "gone", "new")] == [3, 0, 0]
    tiltak("tick")
    assert "Kortere frister" in tiltak("history", "IOM-2011-3")
    assert tiltak("workflows", "activate") == "Every open case is under the newest version of its rules.\n"


@pytest.mark.usefixtures("home")
def test_the_whole_database_is_simulated_when_no_plan_is_named() -> None:
    tiltak("import", IOM)
    tiltak("import", AUDIT)
    cases = {json.loads(line)["case"] for line in tiltak("simulate", "--json").splitlines()}
    assert {"IOM-2011-8", "AUDIT-2025-10"} <= cases
    alone = {json.loads(line)["case"] for line in tiltak("simulate", "AUDIT-2025", "--json").splitlines()}
    assert {ref.rsplit("-", 1)[0] for ref in alone} <= {"AUDIT-2025", "AUDIT"}
    assert "there is no case 'NONE'" in tiltak("simulate", "NONE", code=1)


@pytest.mark.usefixtures("home")
def test_a_case_is_explained_and_the_clock_accepted() -> None:
    tiltak("import", IOM)
    assert tiltak("explain", "IOM-2011-3").startswith("IOM-2011-3 is “assigned” since ")
    assert json.loads(tiltak("explain", "IOM-2011-3", "-l", "nb", "--json"))["standing"].startswith("IOM-2011-3 er ")
    assert "there is no case 'NONE'" in tiltak("explain", "NONE", code=1)
    assert "is no day" in tiltak("explain", "IOM-2011-3", "--on", "soon", code=2)
    assert "the clock is believed again" in tiltak("clock", "accept")
    assert "stands in" in tiltak("absence", "add", "leder-reg", "2026-07-01", "--substitute", "leder-gil")
    assert "leder-gil" in tiltak("absence", "list")
    assert "is back" in tiltak("absence", "end", "leder-reg", "2026-07-10")
    assert "there is no person" in tiltak("absence", "add", "ingen", "2026-07-01", code=1)
