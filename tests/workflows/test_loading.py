"""Shipped files, an organisation's own beside and over them, and all their faults together."""

from pathlib import Path
from typing import get_args

import pytest

from engine.errors import Faulty
from engine.workflow import NEEDS, Offset
from tests.workflows.paper import SOUND
from workflows.language import Need
from workflows.loading import SHIPPED, files, load, parse


def test_the_shipped_workflows_are_sound() -> None:
    assert load().names() == ("action", "plan", "receipt", "report", "request")


def test_an_own_folder_adds_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text(SOUND, encoding="utf-8")
    action = (SHIPPED / "action.yaml").read_text(encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(action.replace("max_silence: 120d", "max_silence: 100d"), encoding="utf-8")
    (tmp_path / "next.yml").write_text(action.replace("version: 1", "version: 2"), encoding="utf-8")
    loaded = load(tmp_path)
    assert loaded["action/1"].guard.max_silence == Offset(100, "d")
    assert loaded.latest("action").key == "action/2"
    assert loaded.latest("task").key == "task/1"
    assert loaded.latest("plan").key == "plan/1"


def test_faults_of_every_file_come_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SOUND.replace("clock: due", "clock: dew"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(SOUND.replace("max_silence: 90d", "max_silence: 9d"), encoding="utf-8")
    (tmp_path / "c.yaml").write_bytes("label: Åpen".encode("latin-1"))
    with pytest.raises(Faulty) as caught:
        load(tmp_path)
    assert [Path(it.file).name for it in caught.value.faults] == ["a.yaml", "b.yaml", "c.yaml"]


def test_two_files_of_the_same_key_in_one_folder_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    with pytest.raises(Faulty, match="task version 1 already"):
        load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="no such folder"):
        load(tmp_path / "gone")


def test_every_word_of_a_file_arrives() -> None:
    task = parse(SOUND, "task.yaml")
    finish, due = task.moves["finish"], task.rule("due")
    assert (finish.sources, finish.dest, finish.by, finish.needs) == (
        ("given",),
        "done",
        ("responsible",),
        ("statement",),
    )
    assert finish.say["en"] == ("finished",)
    assert (finish.tell[0].to, finish.tell[0].letter, finish.tell[0].via) == (("coordinator",), "closed", "now")
    assert [(str(it.at), it.name, it.level, it.via) for it in due.steps] == [
        ("-5wd", "1", 0, "digest"),
        ("1wd", "2", 1, "now"),
        ("10wd", "3", 2, "now"),
    ]
    assert due.ack
    assert (due.ack.hold, due.ack.times) == (Offset(5, "wd"), 1)
    assert due.snooze
    assert (due.snooze.longest, due.snooze.needs, due.snooze.tell) == (Offset(30, "d"), ("reason",), ("coordinator",))
    assert task.rule("quiet").inhibited_by == (("due", 1),)
    repeat = task.rule("dwell").repeat
    assert repeat
    assert (repeat.letter, repeat.via, repeat.level) == ("stalled", "digest", 0)
    assert task.states["done"].final
    assert (task.label.nb, task.label.nn, task.label.en) == ("Oppgave", "Oppgåve", "Task")


@pytest.mark.parametrize("path", files(SHIPPED), ids=lambda path: path.stem)
def test_a_shipped_file_is_named_for_its_workflow(path: Path) -> None:
    assert parse(path.read_text(encoding="utf-8"), path.name).name == path.stem


def test_files_and_engine_know_the_same_needs() -> None:
    assert get_args(Need) == NEEDS
