"""What people did, done once more in a simulation: as the desk would have done it, or refused with the reason."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from engine.case import Case, Event
from engine.deeds import Done, redo
from engine.errors import NoSuchMove, NotYours, Refused, TooMuch
from engine.escalation import Record
from engine.text import Text
from engine.workflow import Ask, Telling
from tests.engine.cast import NOON, REGISTER, WORKFLOW, case

TODAY = date(2011, 9, 7)  # a Wednesday
CASE = case(owner_as_written="Humanitær", responsible="officer", subject="IOM")
RECORD = Record(told={("quiet", "activity/2011-08-29"): 1})
HANDED_OVER = (Telling(to=("responsible",), letter="handed_over"),)


def deed(move: str, by: str = "unit:HUM", dest: str = "assigned", **more: object) -> Event:
    facts = {"ref": CASE.ref, "seq": 7, "at": NOON, "by": by, "move": move, "source": "assigned", "dest": dest}
    return Event(**{"through": "web", **facts, **more})  # type: ignore[arg-type]


def redone(event: Event, before: Case = CASE, record: Record = RECORD) -> Done:
    return redo(event, before, record, WORKFLOW, REGISTER, TODAY)


def test_a_move_brings_a_new_state_from_that_day_and_event_on() -> None:
    after = CASE.evolve(state="in_progress", entered_on=TODAY, entered_seq=7, activity_on=TODAY)
    assert redone(deed("start", dest="in_progress")) == Done(after, RECORD)


def test_a_move_leads_where_these_rules_lead_whatever_it_led_to_then() -> None:
    assert redone(deed("start", dest="assigned")).case.state == "in_progress"


def test_a_move_tells_whom_these_rules_tell_and_names_who_answers() -> None:
    assigned = deed("assign", "unit:GIL", facts={"owner was": "HUM", "owner": "DHAKA", "subject": ""})
    done = redone(assigned, CASE.evolve(state="proposed"))
    assert done.tellings == WORKFLOW.moves["assign"].tell
    assert (done.case.owner, done.case.subject, done.case.responsible) == ("DHAKA", "", "officer")


def test_a_move_brings_the_date_that_was_given_with_it() -> None:
    after = redone(deed("start", dest="in_progress", facts={"from": "", "to": "2012-09-03"})).case
    assert (after.state, after.due, after.due_version) == ("in_progress", date(2012, 9, 3), 2)


def test_a_move_that_these_rules_do_not_have_is_refused() -> None:
    with pytest.raises(NoSuchMove, match="cannot vanish from assigned; from here one can start, report"):
        redone(deed("vanish", dest="closed"))


@pytest.mark.parametrize(("by", "for_whom", "blamed"), [
    ("unit:DHAKA", "", "unit:DHAKA"),
    ("unit:HUM", "unit:DHAKA", "unit:DHAKA"),
])  # fmt: skip
def test_a_move_of_somebody_who_may_not_is_refused(by: str, for_whom: str, blamed: str) -> None:
    with pytest.raises(NotYours) as refused:
        redone(deed("start", by, "in_progress", for_whom=for_whom))
    assert str(refused.value) == f"{blamed} may not start: that is for responsible"


def test_a_move_counts_for_the_one_on_whose_behalf_it_was_made() -> None:
    assert redone(deed("start", "unit:GIL", for_whom="unit:HUM")).case.state == "in_progress"


MORE_TIME = Ask(
    name="more time", sources=("assigned",), by=("responsible",), label=Text.same("More time"),
    tell=(Telling(to=("coordinator",), letter="asked"),),
)  # fmt: skip
ASKING = replace(WORKFLOW, asks={"more time": MORE_TIME})


def asked(by: str = "unit:HUM", before: Case = CASE, for_whom: str = "") -> Done:
    return redo(deed("more time", by, for_whom=for_whom), before, RECORD, ASKING, REGISTER, TODAY)


def test_an_ask_is_a_sign_of_life_and_tells_whom_these_rules_tell() -> None:
    assert asked() == Done(CASE.evolve(activity_on=TODAY), RECORD, MORE_TIME.tell)
    assert asked("unit:GIL", for_whom="unit:HUM").tellings == MORE_TIME.tell


def test_an_ask_of_somebody_who_may_not_or_in_another_state_is_refused() -> None:
    with pytest.raises(NotYours, match="unit:GIL may not more time: that is for responsible"):
        asked("unit:GIL")
    with pytest.raises(NotYours, match="unit:GIL may not more time: that is for responsible"):
        asked(for_whom="unit:GIL")
    with pytest.raises(NoSuchMove, match="cannot more time from reported"):
        asked(before=CASE.evolve(state="reported"))


def test_what_was_undone_is_as_it_was_before() -> None:
    facts = {"of": "6", "entered_on": "2011-08-30", "entered_seq": "4", "activity_on": "2011-08-31", "owner": "DHAKA"}
    started = CASE.evolve(state="in_progress", entered_on=TODAY, entered_seq=6, activity_on=TODAY)
    after = CASE.evolve(entered_on=date(2011, 8, 30), entered_seq=4, activity_on=date(2011, 8, 31), owner="DHAKA")
    assert redone(deed("undo", source="in_progress", facts=facts), started) == Done(after, RECORD)
    with pytest.raises(NoSuchMove, match="cannot undo from assigned"):
        redone(deed("undo", source="in_progress", facts=facts))


def test_a_hand_over_cuts_every_tie_to_the_owner_before() -> None:
    after = CASE.evolve(owner="DHAKA", owner_as_written="", responsible="", subject="", activity_on=TODAY)
    assert redone(deed("hand over", facts={"from": "HUM", "to": "DHAKA"})) == Done(after, RECORD, HANDED_OVER)


def test_a_hand_over_to_somebody_in_the_same_unit_keeps_the_other_ties() -> None:
    given = deed("hand over", facts={"from": "HUM", "to": "HUM", "responsible": "hum-head"})
    assert redone(given) == Done(CASE.evolve(responsible="hum-head"), RECORD, HANDED_OVER)


def test_a_new_deadline_is_another_version_of_it_and_a_sign_of_life() -> None:
    moved = deed("deadline", "unit:GIL", facts={"from": "2012-05-21", "to": "2012-09-03"})
    after = CASE.evolve(due=date(2012, 9, 3), due_version=2, activity_on=TODAY)
    assert redone(moved) == Done(after, RECORD)


@pytest.mark.parametrize(("by", "for_whom", "alive"), [
    ("unit:HUM", "", True),
    ("person:hum-head", "", True),
    ("unit:GIL", "", False),
    ("unit:GIL", "unit:HUM", True),
])  # fmt: skip
def test_a_comment_is_a_sign_of_life_from_those_who_are_asked(by: str, for_whom: str, alive: bool) -> None:
    after = CASE.evolve(activity_on=TODAY) if alive else CASE
    assert redone(deed("comment", by, for_whom=for_whom)) == Done(after, RECORD)


@pytest.mark.parametrize("facts", [{"until": "2011-09-09"}, {"rule": "due"}, {"to": "somewhere"}])
def test_what_nobody_knows_how_to_redo_counts_as_a_comment(facts: dict[str, str]) -> None:
    assert redone(deed("note", facts=facts)) == Done(CASE.evolve(activity_on=TODAY), RECORD)


def paused(until: str, rule: str = "due", held: Mapping[tuple[str, str], date] | None = None, **facts: str) -> Done:
    hold = deed("hold", facts={"rule": rule, "until": until, **facts})
    return redone(hold, record=Record(told=RECORD.told, holds=held or {}))


ARMED, OTHER = ("due", "due/1"), ("quiet", "activity/2011-08-29")
EARLIER, LATER = date(2011, 9, 12), date(2011, 9, 15)


def test_a_pause_holds_its_rule_and_leaves_the_others_held() -> None:
    done = paused("2011-09-15", held={OTHER: EARLIER}, kind="ack")
    assert done == Done(CASE, Record(told=RECORD.told, holds={OTHER: EARLIER, ARMED: LATER}))


@pytest.mark.parametrize(("held", "until"), [(EARLIER, "2011-09-15"), (LATER, "2011-09-12")])
def test_of_two_pauses_the_longer_one_holds(held: date, until: str) -> None:
    assert paused(until, held={ARMED: held}, kind="ack").record.holds == {ARMED: LATER}


def test_a_pause_may_last_as_long_as_these_rules_allow() -> None:
    assert paused("2011-09-21", kind="ack").record.holds == {ARMED: date(2011, 9, 21)}  # ten working days
    with pytest.raises(TooMuch, match=r"^rule due can be paused until 2011-09-21 at the longest$"):
        paused("2011-09-22", kind="ack")


def test_a_pause_of_which_nobody_wrote_the_kind_was_an_acknowledgement() -> None:
    with pytest.raises(TooMuch, match="2011-09-21"):
        paused("2011-09-22")


def test_a_snooze_has_its_own_length_and_tells_whom_the_rule_names() -> None:
    done = paused("2011-11-06", kind="snooze")  # sixty days
    assert done.record.holds == {ARMED: date(2011, 11, 6)}
    assert [(it.letter, it.via) for it in done.tellings] == [("digest", "digest")]


@pytest.mark.parametrize(("rule", "stands"), [("gone", CASE), ("due", CASE.evolve(due=None))])
def test_a_rule_that_does_not_run_cannot_be_paused(rule: str, stands: Case) -> None:
    with pytest.raises(Refused) as refused:
        redone(deed("hold", facts={"rule": rule, "until": "2011-09-09", "kind": "ack"}), stands)
    assert str(refused.value) == f"there is no rule {rule} running that could be paused"


def test_a_pause_of_a_kind_that_the_rule_does_not_know_is_refused() -> None:
    with pytest.raises(Refused, match="rule quiet knows no ack"):
        paused("2011-09-09", rule="quiet", kind="ack")
