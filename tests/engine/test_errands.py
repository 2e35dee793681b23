"""What an errand leaves behind: the case, the line in its history, the deadline or the pause, and whom it tells."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.act import act, comment, hand_over, move_deadline
from engine.case import Case, DeadlineVersion, Document, Errand, Hold
from engine.deeds import deadline
from engine.errors import Incomplete, NotFound, Refused, TooMuch
from engine.pause import pause
from engine.text import Text
from engine.workflow import Ack, Move, Snooze, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import DUE, DWELL, QUIET, REGISTER, WORKFLOW, case, d

NOW = datetime(2011, 9, 7, 10, 0, tzinfo=UTC)
TODAY = date(2011, 9, 7)  # a Wednesday
REF = "IOM-2011-3"


def needing(name: str, *needs: str) -> Move:
    """A move from "assigned" to "reported" that the coordinator may make."""
    return Move(
        name=name, sources=("assigned",), dest="reported", by=("coordinator",), label=Text.same(name), needs=needs
    )


SNOOZED = replace(DUE, id="snoozed", snooze=Snooze(longest=d(20), times=1, needs=(), tell=("executive",)))
REASONED = replace(DUE, id="reasoned", ack=Ack(d(20), 1, needs=("reason",)))
WORKFLOWS = Workflows.of(
    replace(
        WORKFLOW,
        rules=(DUE, QUIET, DWELL, SNOOZED, REASONED),
        moves={
            **WORKFLOW.moves,
            **{it.name: it for it in (needing("date", "due"), needing("own", "owner"), needing("say", "answer"))},
        },
    )
)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
    yield opened
    opened.close()


def opened(store: SqlStore, **facts: object) -> Case:
    new = case(**{"parent": "", "plan": REF, **facts})
    with store.begin() as tx:
        tx.add(new)
    return new


def errand(move: str, by: str = "unit:HUM", **more: object) -> Errand:
    return Errand(**{"ref": REF, "move": move, "by": by, "through": "web", **more})  # type: ignore[arg-type]


def told(store: SqlStore) -> set[tuple[str, str, str, str]]:
    return {(it.to, it.role, it.letter, it.via) for it in store.notices(REF)}


NEWS = ("unit:GIL", "coordinator", "digest", "digest")  # what the coordinator's digest says of every errand


def test_a_report_is_the_statement_of_the_case_and_a_new_state_from_today(store: SqlStore) -> None:
    opened(store, statement="Foreløpig")
    event = act(store, WORKFLOWS, errand("report", text=" Gjort i alle brev \n"), now=NOW)
    after = store.case(REF)
    assert (event.source, event.dest, event.text, event.through) == ("assigned", "reported", "Gjort i alle brev", "web")
    assert (after.state, after.entered_on, after.entered_seq, after.activity_on) == ("reported", TODAY, 1, TODAY)
    assert after.statement == "Gjort i alle brev"
    assert after.wake_on == TODAY + timedelta(days=60)
    assert told(store) == {NEWS}


def test_an_answer_is_a_statement_too_and_other_words_are_not(store: SqlStore) -> None:
    opened(store, statement="Foreløpig")
    act(store, WORKFLOWS, errand("start", text="Da begynner vi"), now=NOW)
    assert store.case(REF).statement == "Foreløpig"
    with store.begin() as tx:
        tx.save(tx.case(REF).evolve(state="assigned"), seen=2)
    act(store, WORKFLOWS, errand("say", "unit:GIL", text="Vi følger rådet"), now=NOW)
    assert store.case(REF).statement == "Vi følger rådet"


def test_a_move_tells_whom_the_workflow_says(store: SqlStore) -> None:
    opened(store, state="proposed")
    act(store, WORKFLOWS, errand("assign", "person:gil-head"), now=NOW)
    assert told(store) == {("unit:HUM", "responsible", "assigned", "now"), NEWS}


NEEDS: list[tuple[str, dict[str, object], dict[str, object], bool]] = [
    ("own", {"owner": ""}, {}, False),
    ("own", {"owner": "HUM"}, {}, True),
    ("own", {"owner": ""}, {"owner": "DHAKA"}, True),
    ("own", {"owner": ""}, {"text": "HUM"}, False),
    ("date", {"due": None}, {}, False),
    ("date", {"due": TODAY}, {}, True),
    ("date", {"due": None}, {"due": TODAY}, True),
    ("date", {"due": None}, {"text": "i morgen"}, False),
    ("say", {}, {"text": "ja"}, True),
    ("say", {}, {"text": " "}, False),
]


@pytest.mark.parametrize(("move", "stands", "says", "enough"), NEEDS)
def test_what_a_move_needs_stands_on_the_case_or_is_given_with_the_errand(
    store: SqlStore, move: str, stands: dict[str, object], says: dict[str, object], enough: bool
) -> None:
    opened(store, **stands)
    asked = errand(move, "unit:GIL", **says)
    if enough:
        assert act(store, WORKFLOWS, asked, now=NOW).dest == "reported"
    else:
        with pytest.raises(Incomplete, match=f"to {move}, (owner|due|answer) must be given"):
            act(store, WORKFLOWS, asked, now=NOW)


def paper(name: str) -> Document:
    return Document(id=name[0] * 64, name=name, type="text/plain", size=2, content=b"ja")


def test_the_history_names_what_was_attached_and_the_number_of_the_archive(store: SqlStore) -> None:
    opened(store, facts={"file number": "2011/1"})
    papers = (paper("a.txt"), paper("b.txt"))
    said = comment(store, WORKFLOWS, errand("comment", text="Se her", documents=papers), now=NOW)
    assert said.facts == {"documents": f"{'a' * 64} a.txt\n{'b' * 64} b.txt"}
    made = act(store, WORKFLOWS, errand("start", file_number="2011/2"), now=NOW)
    assert (made.facts["file number"], made.facts["file number was"]) == ("2011/2", "2011/1")
    assert "documents" not in made.facts
    assert store.case(REF).facts == {"file number": "2011/2"}


def test_a_case_without_a_number_of_the_archive_had_none(store: SqlStore) -> None:
    opened(store)
    assert act(store, WORKFLOWS, errand("start", file_number="2011/2"), now=NOW).facts["file number was"] == ""


def test_a_move_remembers_the_case_as_it_was_unless_it_brought_a_deadline(store: SqlStore) -> None:
    opened(store, due=None, statement="Foreløpig")
    assert act(store, WORKFLOWS, errand("start"), now=NOW).facts["statement was"] == "Foreløpig"


def test_a_date_that_a_move_asks_for_is_the_deadline_of_the_case(store: SqlStore) -> None:
    opened(store, due=None, due_version=0)
    event = act(store, WORKFLOWS, errand("date", "unit:GIL", due=date(2012, 9, 3), text=" Avtalt "), now=NOW)
    after = store.case(REF)
    assert (after.state, after.due, after.due_version) == ("reported", date(2012, 9, 3), 1)
    assert event.facts == {"from": "", "to": "2012-09-03"}
    assert list(store.deadlines([REF])[REF]) == [
        DeadlineVersion(ref=REF, version=1, value=date(2012, 9, 3), reason="Avtalt", decided_by="unit:GIL", set_at=NOW)
    ]


def test_all_of_a_plan_counts_by_the_report_that_a_move_has_dated(store: SqlStore) -> None:
    opened(store, due=None, due_version=0)
    act(store, WORKFLOWS, errand("date", "unit:GIL", due=date(2012, 9, 3)), now=NOW)
    assert store.case(REF).report_due == date(2012, 9, 3)


@pytest.mark.parametrize(("move", "due"), [("date", TODAY), ("say", date(2012, 9, 3))])
def test_a_date_that_stands_already_or_was_not_asked_for_changes_no_deadline(
    store: SqlStore, move: str, due: date
) -> None:
    opened(store, due=TODAY)
    event = act(store, WORKFLOWS, errand(move, "unit:GIL", due=due, text="ja"), now=NOW)
    after = store.case(REF)
    assert (after.due, after.due_version, deadline(event)) == (TODAY, 1, None)


def test_a_hand_over_cuts_every_tie_to_the_owner_before(store: SqlStore) -> None:
    opened(store, owner_as_written="Humanitær", responsible="officer", subject="IOM")
    event = hand_over(store, WORKFLOWS, errand("hand over", "person:hum-head", owner="DHAKA"), now=NOW)
    after = store.case(REF)
    assert event.facts == {
        "from": "HUM", "to": "DHAKA", "owner was": "HUM", "owner": "DHAKA",
        "responsible was": "officer", "responsible": "", "subject was": "IOM", "subject": "",
    }  # fmt: skip
    assert (after.owner, after.owner_as_written, after.responsible, after.subject) == ("DHAKA", "", "", "")
    assert after.activity_on == TODAY
    assert told(store) == {("unit:DHAKA", "responsible", "handed_over", "now"), NEWS}


def test_a_hand_over_can_name_somebody_in_the_new_unit(store: SqlStore) -> None:
    opened(store, responsible="officer")
    hand_over(store, WORKFLOWS, errand("hand over", owner="DHAKA", responsible="dhaka-head"), now=NOW)
    assert (store.case(REF).owner, store.case(REF).responsible) == ("DHAKA", "dhaka-head")


def test_another_person_of_the_same_unit_leaves_the_ties_as_they_are(store: SqlStore) -> None:
    opened(store, responsible="officer", subject="IOM")
    act(store, WORKFLOWS, errand("start", owner="HUM", responsible="hum-head"), now=NOW)
    after = store.case(REF)
    assert (after.owner, after.subject, after.responsible) == ("HUM", "IOM", "hum-head")


def test_a_move_that_names_nobody_leaves_the_one_responsible(store: SqlStore) -> None:
    opened(store, responsible="officer", subject="IOM")
    act(store, WORKFLOWS, errand("start", "person:officer"), now=NOW)
    assert (store.case(REF).responsible, store.case(REF).subject) == ("officer", "IOM")


@pytest.mark.parametrize(("before", "said"), [(date(2012, 5, 21), "2012-05-21"), (None, "")])
def test_a_new_deadline_stands_beside_the_old_one_with_reason_and_decider(
    store: SqlStore, before: date | None, said: str
) -> None:
    opened(store, due=before)
    asked = errand("deadline", "person:gil-head", for_whom="unit:UR", due=date(2012, 9, 3), text=" Etter ferien ")
    event = move_deadline(store, WORKFLOWS, asked, now=NOW, document="2011/12")
    after = store.case(REF)
    assert event.facts == {"from": said, "to": "2012-09-03"}
    assert (after.due, after.due_version, after.activity_on) == (date(2012, 9, 3), 2, TODAY)
    assert list(store.deadlines([REF])[REF]) == [
        DeadlineVersion(
            ref=REF,
            version=2,
            value=date(2012, 9, 3),
            reason="Etter ferien",
            decided_by="unit:UR",
            document="2011/12",
            set_at=NOW,
        )
    ]


def test_who_moves_a_deadline_has_decided_it_unless_somebody_else_did(store: SqlStore) -> None:
    opened(store)
    move_deadline(store, WORKFLOWS, errand("deadline", "unit:GIL", due=date(2012, 9, 3), text="Avtalt"), now=NOW)
    (deadline,) = store.deadlines([REF])[REF]
    assert (deadline.decided_by, deadline.document) == ("unit:GIL", "")


@pytest.mark.parametrize("by", ["unit:GIL", "unit:HUM", "person:officer", "person:hum-head", "person:stranger"])
def test_a_comment_is_a_sign_of_life_from_those_who_are_asked_and_from_nobody_else(store: SqlStore, by: str) -> None:
    before = opened(store)
    event = comment(store, WORKFLOWS, errand("comment", by, text="Vi er i gang"), now=NOW)
    asked = by in ("unit:HUM", "person:officer", "person:hum-head")
    assert store.case(REF).activity_on == (TODAY if asked else before.activity_on)
    assert (event.source, event.dest, event.text) == ("assigned", "assigned", "Vi er i gang")


REFUSED: dict[str, Callable[[SqlStore], object]] = {
    "to comment, a text must be given": lambda store: comment(store, WORKFLOWS, errand("comment"), now=NOW),
    "to move the deadline, a date must be given": lambda store: move_deadline(
        store, WORKFLOWS, errand("deadline", "unit:GIL", text="Feil"), now=NOW
    ),
    "to move the deadline, a reason must be given": lambda store: move_deadline(
        store, WORKFLOWS, errand("deadline", "unit:GIL", due=TODAY, text=" "), now=NOW
    ),
    "to hand over, a unit must be given": lambda store: hand_over(store, WORKFLOWS, errand("hand over"), now=NOW),
    "to snooze, a reason must be given": lambda store: paused(store, TODAY, "due", "snooze", text="\t"),
    "to pause the rule, a reason must be given": lambda store: paused(store, TODAY, "reasoned", text=" "),
    "rule quiet knows no ack": lambda store: paused(store, TODAY, "quiet"),
    "rule quiet knows no snooze": lambda store: paused(store, TODAY, "quiet", "snooze", text="Ferie"),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_is_missing_is_said_in_a_sentence(store: SqlStore, sentence: str) -> None:
    opened(store)
    with pytest.raises(Refused) as refused:
        REFUSED[sentence](store)
    assert str(refused.value) == sentence


def test_a_unit_that_nobody_knows_owns_nothing(store: SqlStore) -> None:
    opened(store)
    with pytest.raises(NotFound, match="there is no unit 'HUMM'"):
        hand_over(store, WORKFLOWS, errand("hand over", owner="HUMM"), now=NOW)


def paused(store: SqlStore, until: date, rule: str = "due", kind: str = "ack", **more: object) -> object:
    return pause(store, WORKFLOWS, errand("hold", **more), rule=rule, kind=kind, until=until, now=NOW)  # type: ignore[arg-type]


def test_a_pause_is_kept_with_its_end_and_its_reason(store: SqlStore) -> None:
    opened(store)
    event = pause(store, WORKFLOWS, errand("hold", text="Venter på svar"), rule="due", kind="ack", until=TODAY, now=NOW)
    assert event.facts == {"rule": "due", "kind": "ack", "until": "2011-09-07"}
    assert list(store.holds([REF])[REF]) == [
        Hold(ref=REF, rule="due", key="due/1", kind="ack", until=TODAY, by="unit:HUM", reason="Venter på svar", at=NOW)
    ]
    assert told(store) == {NEWS}


def test_a_pause_may_last_until_its_last_day_and_not_a_day_longer(store: SqlStore) -> None:
    opened(store)
    last = date(2011, 9, 21)  # ten working days
    with pytest.raises(TooMuch, match=f"rule due can be paused from today until {last} at the longest"):
        paused(store, last + timedelta(days=1))
    with pytest.raises(TooMuch):
        paused(store, TODAY - timedelta(days=1))
    paused(store, last)


def test_a_rule_is_paused_so_often_and_no_more_until_its_clock_begins_anew(store: SqlStore) -> None:
    opened(store)
    paused(store, TODAY)
    paused(store, TODAY, "due", "snooze", text="Ferie")  # counted for itself
    paused(store, TODAY)
    with pytest.raises(TooMuch, match="rule due has been paused 2 times already, and may not be again"):
        paused(store, TODAY)
    move_deadline(store, WORKFLOWS, errand("deadline", "unit:GIL", due=date(2012, 9, 3), text="Avtalt"), now=NOW)
    paused(store, TODAY)
    assert [(it.kind, it.key) for it in store.holds([REF])[REF]].count(("ack", "due/2")) == 1


def test_a_rule_that_is_not_running_cannot_be_paused(store: SqlStore) -> None:
    opened(store, due=None)
    with pytest.raises(Refused, match=f"rule due is not running on {REF}, so there is nothing to pause"):
        paused(store, TODAY)


def test_a_snooze_tells_whom_the_rule_names_and_asks_for_a_reason_only_where_it_says_so(store: SqlStore) -> None:
    opened(store)
    paused(store, TODAY + timedelta(days=20), "snoozed", "snooze")
    assert told(store) == {("unit:UR", "executive", "digest", "digest"), NEWS}
    with pytest.raises(TooMuch, match="rule snoozed has been paused 1 times already"):
        paused(store, TODAY, "snoozed", "snooze")


def test_an_acknowledgement_is_no_news_to_those_who_hear_of_a_snooze(store: SqlStore) -> None:
    opened(store)
    paused(store, TODAY, "snoozed")
    assert told(store) == {NEWS}
