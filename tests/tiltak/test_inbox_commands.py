"""Mail that came in, as an administrator and a mail server type it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tiltak.wiring import Options, open_service

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
    for _ in range(2):
        assert piped(tmp_path, "--envelope-from", "", "--rcpt", "svar+a@ud.example") == 0
    monkeypatch.chdir(tmp_path)
    service = open_service(Options(tmp_path / "tiltak.toml"))
    [kept] = service.store.inbounds()
    assert service.store.inbound(kept.id).raw == MAIL
    assert (kept.source, kept.envelope_from, kept.rcpt) == ("pipe", "", "svar+a@ud.example")
    service.store.close()


def test_a_mail_server_that_cannot_be_served_just_now_is_asked_to_try_again(tmp_path: Path) -> None:
    assert piped(tmp_path, database="postgresql+psycopg://u@127.0.0.1:1/x") == 75
