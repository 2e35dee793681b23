"""Mail that came in, as an administrator and a mail server type it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.inbound import Received
from tests.stories.world import EXAMPLES
from tests.tiltak.test_commands import tiltak
from tiltak.options import Options
from tiltak.wiring import open_service

TILTAK = str(Path(sys.executable).with_name("tiltak"))
MAIL = b"Message-ID: <a@x.example>\nFrom: a@x.example\nSubject: SV: 3\n\ngjort\n"


def piped(folder: Path, *arguments: str, database: str = "sqlite:///tiltak.db") -> int:
    """The exit code, as a mail server hears it."""
    (folder / "tiltak.toml").write_text(f'[service]\ndatabase = "{database}"\n', encoding="utf-8")
    return subprocess.run(
        [TILTAK, "mail", "receive", *arguments], input=MAIL, cwd=folder, check=False, capture_output=True, timeout=60
    ).returncode


def test_a_mail_server_pipes_a_mail_in_and_hears_that_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert piped(tmp_path, "--envelope-from", "", "--rcpt", "svar+a@ud.example") == 0
    monkeypatch.chdir(tmp_path)
    service = open_service(Options(tmp_path / "tiltak.toml"))
    [kept] = service.store.inbounds()
    assert service.store.inbound(kept.id).raw == MAIL
    assert (kept.source, kept.envelope_from, kept.rcpt) == ("pipe", "", "svar+a@ud.example")
    service.store.close()


def test_a_mail_server_that_cannot_be_served_just_now_is_asked_to_try_again(tmp_path: Path) -> None:
    assert piped(tmp_path, database="postgresql+psycopg://u@127.0.0.1:1/x") == 75


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    text = '[service]\ndatabase = "sqlite:///tiltak.db"\n[organisation]\nkey = "ud"\nname = "UD"\n'
    (tmp_path / "tiltak.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_mail_that_waits_is_listed_shown_put_on_a_case_or_set_aside(home: Path) -> None:
    tiltak("import", str(EXAMPLES / "iom-2011.yaml"))
    service = open_service(Options(home / "tiltak.toml"))
    for number in range(2):
        service.kept(Received(source="test", raw=MAIL + b"%d" % number))
        service.sort()
    service.close()
    assert [json.loads(it)["state"] for it in tiltak("mail", "list", "--json").splitlines()] == ["unmatched", "held"]
    assert "SV: 3" in tiltak("mail", "list")
    assert "outcome: no case" in tiltak("mail", "show", "1")
    assert "mail 1 is event 2 of IOM-2011-3" in tiltak("mail", "attach", "1", "IOM-2011-3", "--by", "unit:GIL")
    assert "a@x.example: gjort" in tiltak("history", "IOM-2011-3")
    assert "waits for nobody" in tiltak("mail", "attach", "1", "IOM-2011-3", code=1)
    assert "there is no case 'NONE'" in tiltak("mail", "attach", "2", "NONE", code=1)
    tiltak("mail", "drop", "2")
    assert tiltak("mail", "list", "--json") == ""
    assert len(tiltak("mail", "list", "--all", "--json").splitlines()) == 2
    assert "there is no suggested absence in mail '1'" in tiltak("absence", "accept", "1", code=1)
