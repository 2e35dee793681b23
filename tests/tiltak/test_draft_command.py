"""`tiltak draft` as somebody types it: a file beside the document, an account, and nothing else."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.reports.documents import COPIED
from tiltak.cli import main


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TILTAK_CONFIG", raising=False)
    file = tmp_path / "havn.txt"
    file.write_text(COPIED, encoding="utf-8")
    return file


def ends(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_a_draft_is_one_new_file_and_an_account(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ends("draft", str(document), "-o", "plan.yaml", "-l", "nn") == 0
    assert {it.name for it in document.parent.iterdir()} == {"havn.txt", "plan.yaml"}
    assert "4 tilrådingar, 4 tiltak" in capsys.readouterr().out
    assert "# HOL: ingen frist er nemnd" in Path("plan.yaml").read_text(encoding="utf-8")


def test_a_file_that_is_there_already_is_left_alone(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("plan.yaml").write_text("mine", encoding="utf-8")
    assert ends("draft", str(document), "-o", "plan.yaml") == 1
    assert Path("plan.yaml").read_text(encoding="utf-8") == "mine"
    assert "is there already" in capsys.readouterr().err


def test_a_document_without_a_plan_in_it_gives_an_account_and_no_file(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document.write_bytes(b"")
    assert ends("draft", str(document), "-o", "plan.yaml") == 1
    assert not Path("plan.yaml").exists()
    assert "The file is empty." in capsys.readouterr().out


def test_what_was_found_can_be_had_as_facts(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ends("draft", str(document), "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert set(facts) == {"recommendations", "actions", "units", "dates", "amounts", "holes", "account"}
    assert (len(facts["recommendations"]), len(facts["actions"])) == (4, 4)
    assert facts["dates"][0] == {"written": "1. september 2025", "where": "line 51–53"}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_template_that_is_filled_in_becomes_a_draft_without_a_doubt(
    document: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends("draft", "--template", "-o", "tom.xlsx", "-l", language) == 0
    book = load_workbook("tom.xlsx")
    advice, acts = book.worksheets
    accepted = advice.data_validations.dataValidation[0].formula1.strip('"').split(",")[0]
    for column, value in enumerate(("A1", "Be careful", "HF", accepted), 1):
        advice.cell(2, column, value)
    for column, value in enumerate((7, "Look left", "HR-seksjonen", None, date(2027, 1, 4), "high", "A1"), 1):
        acts.cell(2, column, value)
    book.save(document.with_suffix(".xlsx"))
    capsys.readouterr()
    assert ends("draft", str(document.with_suffix(".xlsx")), "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    (recommendation,), (action,) = facts["recommendations"], facts["actions"]
    assert [recommendation[key] for key in ("number", "addressee", "response")] == ["A1", "HF", "accepted"]
    assert {key: action[key] for key in ("number", "due", "owner_as_written", "priority", "recommendations")} == {
        "number": "7",
        "due": "2027-01-04",
        "owner_as_written": "HR-seksjonen",
        "priority": "high",
        "recommendations": ["A1"],
    }


def test_a_template_reads_no_document(document: Path) -> None:
    assert ends("draft", str(document), "--template", "-o", "tom.xlsx") == 2
    assert ends("draft") == 2
    assert not Path("tom.xlsx").exists()
