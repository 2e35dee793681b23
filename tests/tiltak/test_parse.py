"""`tiltak mail parse`: what a mail is and says, for a person or for a program, and nothing done about it."""

import json
from pathlib import Path

import pytest

from tests.notifications.reading.mails import raw
from tiltak.cli import main

REPLY = raw(
    "Mer tid til fredag\n\nVi venter på svar.\n\nDen 12. juni 2026 kl. 09:30 skrev Tiltak <t@ud.example>:\n> Hei"
)
AWAY = raw("Jeg har ferie fra 29. juni til 19. juli. Kontakt ola@ud.example.", "Auto-Submitted: auto-replied")
KEYS = {"class", "reply", "command", "argument", "absence", "bounce", "flags"}


@pytest.fixture
def mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reply.eml").write_bytes(REPLY)
    (tmp_path / "away.eml").write_bytes(AWAY)
    return ["reply.eml", "away.eml"]


def parse(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["mail", "parse", *arguments])
    assert ended.value.code == 0


def test_a_program_gets_one_object_for_each_file(mails: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    parse("--json", *mails)
    reply, away = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert set(reply) >= KEYS
    assert (reply["file"], reply["class"], reply["reply"]) == (
        "reply.eml",
        "reply",
        "Mer tid til fredag\n\nVi venter på svar.",
    )
    assert (reply["command"], reply["argument"]["date"]) == ("more_time", "2026-06-12")  # by the mail's own date
    assert away["class"] == "auto-reply"
    assert away["absence"] == {
        "from": "2026-06-29",
        "until": "2026-07-19",
        "substitute": "ola@ud.example",
        "left": False,
    }


def test_the_day_it_came_may_be_said(mails: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    parse("--json", "--received", "2026-06-15", mails[0])
    found = json.loads(capsys.readouterr().out)
    assert "file" not in found
    assert found["argument"] == {"written": "fredag", "date": "2026-06-19", "until": None, "person": None}


def test_a_person_sees_what_was_written_and_what_was_left_out(
    mails: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    parse(*mails)
    shown = capsys.readouterr().out
    assert "command     more_time, fredag" in shown
    assert "    | Vi venter på svar." in shown
    assert "    | > Hei" in shown
    assert "away        2026-06-29 to 2026-07-19, ola@ud.example" in shown


def test_a_file_that_is_not_there_is_named(mails: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["mail", "parse", *mails, "gone.eml"])
    assert ended.value.code == 1
    assert "gone.eml" in capsys.readouterr().err
