"""The report after a year: what it says is what has happened, on any day, in three languages."""

import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from engine.errors import NotFound, Refused
from engine.text import LANGUAGES
from reports.yearly.as_json import as_json
from reports.yearly.facts import Action, YearReport
from reports.yearly.paper import Bar, Heading, Paper, Paragraph, Points, Table
from reports.yearly.reckoning import year_report
from reports.yearly.telling import paper
from tests.reports.reported import LAST, Lived

GOLDEN = Path(__file__).parent / "golden"


def action(report: YearReport, number: str) -> Action:
    return next(it for it in report.actions if it.number == number)


def plain(paper: Paper) -> str:
    """The words of a document as they follow each other, a table row to a line."""
    lines = [paper.subject, paper.title, paper.notice, *(f"{term}: {it.text}" for term, it in paper.head)]
    for block in paper.blocks:
        match block:
            case Heading(text=text, level=level):
                lines += ["", f"{'#' * level} {text}"]
            case Paragraph(words=words):
                lines.append(words.text)
            case Bar(said=said):
                lines.append(said)
            case Points(items=items):
                lines += [f"{term}: {it.text}" for term, it in items]
            case Table(columns=columns, rows=rows):
                lines.append(" | ".join(columns))
                lines += [" | ".join(" / ".join(it.text for it in cell) for cell in row) for row in rows]
    return "\n".join([*lines, "", paper.footer, ""])


def test_the_holes_of_the_plan_are_counted(report: YearReport) -> None:
    assert len(report.actions) == 8
    assert [it.number for it in report.actions if it.due] == ["8"]
    assert [it.number for it in report.actions if it.sole_owner] == ["7", "8"]
    assert [it.recommendation.number for it in report.advice if not it.own] == ["R6", "U3"]
    assert len(report.advice) == 9
    assert not any(it.recommendation.response for it in report.advice)


def test_every_action_is_done_planned_or_ended_by_somebody_on_a_day(report: YearReport) -> None:
    assert [(it.number, it.standing, it.settled_on) for it in report.done] == [
        ("3", "done", date(2011, 12, 20)),  # when it was said, not when it was checked
        ("2", "answered", date(2012, 6, 12)),
    ]
    assert [it.number for it in report.planned] == ["8", "1", "4", "5", "7"]
    assert [(it.number, it.statement, it.settled_on) for it in report.ended] == [
        ("6", "Giverne ble ikke enige.", date(2012, 3, 1))
    ]
    assert action(report, "3").statement == "Henvisningen står i brevene til Dhaka og Abuja."


def test_whoever_has_said_nothing_is_named_with_the_reminders(report: YearReport) -> None:
    (silent,) = report.silent
    assert (silent.number, silent.owner, silent.asked_on) == ("7", "MRDEM", date(2011, 9, 1))
    assert silent.reminders > 3
    assert silent.reminded_on
    assert action(report, "3").heard_on == date(2011, 12, 20)


def test_a_moved_deadline_counts_by_the_first_and_by_the_last(report: YearReport) -> None:
    moved = action(report, "8")
    assert report.moved == (moved,)
    assert (moved.original, moved.due) == (date(2012, 8, 27), date(2012, 9, 14))
    assert [(it.value, it.reason) for it in moved.terms] == [
        (date(2012, 8, 27), ""),
        (date(2012, 9, 14), "Ferien tok tid."),
    ]
    day = date(2012, 9, 20)
    assert (moved.late(moved.due, day), moved.late(moved.original, day)) == (6, 24)
    done = replace(moved, standing="done", settled_on=date(2012, 9, 1))
    assert (done.late(done.due, day), done.late(done.original, day)) == (0, 5)
    given_up = replace(moved, standing="ended")
    assert given_up.late(given_up.due, day) == 0


def test_the_report_on_an_earlier_day_says_what_it_said_on_that_day(year: Lived) -> None:
    assert len(year.taken) == 7
    for day, said in year.taken.items():
        assert json.loads(as_json(year.report(day))) == json.loads(said), day


def test_no_report_is_written_of_a_day_that_has_not_come_or_had_no_plan(year: Lived) -> None:
    with pytest.raises(Refused, match="nobody knows yet how IOM-2011 stands on 2012-08-26; choose 2012-08-25 or"):
        year.report(LAST + timedelta(days=1))
    with pytest.raises(Refused, match="there was no plan IOM-2011 on 2011-08-24 yet"):
        year.report(date(2011, 8, 24))
    service = year.world.service
    with pytest.raises(NotFound):
        year_report(service.store, service.workflows, "IOM-2011-3", on=LAST, today=LAST)


def test_the_log_has_every_event_and_its_checksum_can_be_reckoned_by_anybody(year: Lived, report: YearReport) -> None:
    store = year.world.service.store
    histories = {case.ref: store.history(case.ref) for case in store.cases("IOM-2011")}
    assert len(report.changes) == sum(len(it) for it in histories.values())
    assert [it.at for it in report.changes] == sorted(it.at for it in report.changes)
    ends = "".join(f"{ref} {histories[ref][-1].seq} {histories[ref][-1].digest}\n" for ref in sorted(histories))
    assert report.digest == sha256(ends.encode()).hexdigest()
    assert report.digest != year.report(date(2012, 8, 12)).digest


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_as_it_was_approved(report: YearReport, language: str) -> None:
    """A changed sentence is looked at in tests/reports/golden, and then put there."""
    golden = GOLDEN / f"report-{language}.txt"
    assert plain(paper(replace(report, digest="0" * 64), language)) == golden.read_text(encoding="utf-8")


def test_json_has_the_documented_shape(report: YearReport) -> None:
    facts = json.loads(as_json(report))
    assert facts["format"] == "tiltak-report/1"
    assert facts["draft"] is True
    assert facts["on"] == "2012-08-25"
    assert facts["summary"]["done"] == ["IOM-2011-3", "IOM-2011-2"]
    assert facts["summary"]["without_own_action"] == ["R6", "U3"]
    eighth = facts["actions"][7]
    assert (eighth["original"], eighth["due"]) == ("2012-08-27", "2012-09-14")
    assert eighth["days_late"] == {"last_agreed": 0, "original": 0}
    assert facts["recommendations"][5] == {
        "evaluation": "norad-11-2010", "number": "R6", "text": "La andre ta seg av politi- og påtalearbeid",
        "addressee": "IOM", "response": "", "reason": "", "actions": ["1"], "own": False,
    }  # fmt: skip
