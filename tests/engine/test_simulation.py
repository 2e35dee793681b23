"""A simulated year: every mail before it is sent, with the behaviour of people as an assumption that can be named."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.calendar import day_of
from engine.case import Event
from engine.simulation import Behaviour, Decision, Opening, address_of, parcels, simulate
from engine.workflow import Rule, Step, When, Workflows
from tests.engine.cast import DUE, DWELL, MONDAY, QUIET, REGISTER, WORKFLOW, case, d

WORKFLOWS = Workflows.of(WORKFLOW)
UNTIL = date(2012, 8, 27)


def year(behaviour: Behaviour = "silent", **changes: object) -> list[Decision]:
    return simulate(WORKFLOWS, REGISTER, [Opening(case(**changes))], start=MONDAY, until=UNTIL, behaviour=behaviour)


def test_when_nobody_answers_it_goes_all_the_way_up() -> None:
    told = [(it.rule, it.step, it.notice.to) for it in year() if it.notice and it.rule == "due"]
    assert told[:5] == [
        ("due", "1", "unit:HUM"),
        ("due", "2", "unit:HUM"),
        ("due", "3", "unit:HUM"),
        ("due", "3", "person:hum-head"),
        ("due", "4", "unit:GIL"),
    ]
    assert {it.case.state for it in year()} == {"assigned"}


def test_prompt_people_are_done_before_anything_is_late() -> None:
    lived = year("prompt", due=date(2011, 12, 1))
    assert lived[-1].rule == "move:report"  # closed by the coordinator the day after; then it is quiet for good
    assert {it.rule for it in lived if it.level} == set()


BEHAVIOURS: tuple[Behaviour, Behaviour] = ("slow", "prompt")


def test_slow_people_get_there_after_more_mails_than_prompt_ones() -> None:
    slow, prompt = (year(behaviour, due=date(2011, 12, 1)) for behaviour in BEHAVIOURS)
    assert slow[-1].day > prompt[-1].day
    assert any(it.case.state in ("reported", "closed") for it in slow)


def test_a_hand_over_on_1_september_moves_the_mail_from_that_day() -> None:
    lived = year(subject="IOM", owner="GIL", due=date(2011, 9, 1))
    assert [(it.day, it.notice.to) for it in lived if it.notice and it.notice.letter == "handed_over"] == [
        (date(2011, 9, 1), "unit:HUM")
    ]
    assert {it.notice.to for it in lived if it.notice and it.rule == "due" and it.notice.role == "responsible"} == {
        "unit:GIL",  # the reminder before the date
        "unit:HUM",
    }


def test_nobody_gets_two_parcels_on_one_day() -> None:
    openings = [Opening(case(ref=f"IOM-2011-{n}", due=MONDAY + timedelta(days=17 * n))) for n in range(1, 12)]
    lived = simulate(WORKFLOWS, REGISTER, openings, start=MONDAY, until=UNTIL)
    mails = Counter((party, day_of(leaves, "Europe/Oslo")) for leaves, party, _ in parcels(lived))
    assert max(mails.values()) == 1


def test_every_telling_decision_is_in_exactly_one_parcel() -> None:
    lived = year("slow")
    carried = [id(it) for _, _, contents in parcels(lived) for it in contents]
    assert sorted(carried) == sorted(id(it) for it in lived if it.notice)


def test_what_is_not_told_stands_there_with_its_reason() -> None:
    lived = year(due=date(2011, 6, 1), entered_on=date(2011, 3, 1))
    quiet = [it for it in lived if it.notice is None]
    assert {it.outcome for it in quiet} == {"superseded", "inhibited"}
    assert all(it.reason for it in quiet)


def told(decisions: list[Decision]) -> list[tuple[date, str, str, str]]:
    return [(it.day, it.rule, it.outcome, it.notice.to if it.notice else "") for it in decisions]


def test_who_cannot_act_by_words_alone_leaves_the_case_as_it_is() -> None:
    flow = replace(WORKFLOW, rules=(replace(DWELL, repeat=None),))
    opening = Opening(case(state="proposed", entered_on=date(2011, 7, 1)), events=4)
    lived = simulate(Workflows.of(flow), REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="prompt")
    first, *_ = lived
    assert (first.day, first.rule, first.step, first.level, first.outcome) == (
        date(2011, 8, 30),
        "dwell",
        "1",
        0,
        "digest",
    )
    assert first.reason == "rule dwell, step 1: 60d on the clock entered"
    assert len(lived) == 1  # the coordinator could only assign, and that needs more than words


def test_who_is_told_acts_by_the_first_move_that_words_are_enough_for() -> None:
    opening = Opening(case(entered_on=date(2011, 7, 1), due=date(2011, 9, 20)), events=4)
    flow = Workflows.of(replace(WORKFLOW, rules=(DUE,)))
    lived = simulate(flow, REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="prompt")
    assert told(lived) == [
        (MONDAY, "due", "digest", "unit:HUM"),
        (date(2011, 8, 30), "move:start", "digest", "unit:GIL"),
        (date(2011, 9, 21), "due", "sent", "unit:HUM"),
        (date(2011, 9, 22), "move:report", "digest", "unit:GIL"),
    ]
    moves = [it.notice for it in lived if it.notice and it.notice.event_seq]
    assert [(it.event_seq, it.decided_at) for it in moves] == [
        (5, datetime(2011, 8, 30, 10, 0, tzinfo=UTC)),
        (6, datetime(2011, 9, 22, 10, 0, tzinfo=UTC)),
    ]
    assert [it.case.state for it in lived] == ["assigned", "in_progress", "in_progress", "reported"]
    last = lived[-1].case
    assert (last.entered_on, last.entered_seq, last.activity_on) == (date(2011, 9, 22), 6, date(2011, 9, 22))


def test_what_is_under_way_already_is_told_first_and_stirs_people() -> None:
    waiting = year()[0].notice
    assert waiting
    opening = Opening(case(due=None, activity_on=date(2012, 8, 1)), notices=(waiting,))
    lived = simulate(WORKFLOWS, REGISTER, [opening], start=MONDAY, until=date(2011, 9, 1), behaviour="prompt")
    assert lived[0].notice == waiting
    assert (lived[0].day, lived[1].day, lived[1].rule) == (MONDAY, date(2011, 8, 30), "move:start")


def test_slow_people_take_fifteen_working_days() -> None:
    lived = year("slow", due=date(2011, 9, 20))
    assert [(it.day, it.rule) for it in lived][:2] == [(MONDAY, "due"), (date(2011, 9, 19), "move:start")]


def test_a_hand_over_is_told_by_letter_to_the_owner_and_by_a_line_to_the_coordinator() -> None:
    lived = year(subject="IOM", owner="GIL", responsible="gil-head", due=None)
    handed = [it for it in lived if it.rule == "move:hand over"]
    assert [(it.day, it.outcome, it.notice and (it.notice.to, it.notice.letter)) for it in handed] == [
        (date(2011, 9, 1), "sent", ("unit:HUM", "handed_over")),
        (date(2011, 9, 1), "digest", ("unit:GIL", "digest")),
    ]
    after = handed[0].case
    assert (after.owner, after.coordinator, after.responsible) == ("HUM", "GIL", "")
    assert after.activity_on == date(2011, 9, 1)
    assert handed[0].notice
    assert handed[0].notice.decided_at == datetime(2011, 9, 1, 4, 0, tzinfo=UTC)


def test_another_coordinator_is_no_sign_of_life_of_the_owner() -> None:
    lived = year(coordination="IOM", responsible="officer", due=None)
    handed = [it for it in lived if it.rule == "move:hand over"]
    assert [(it.outcome, it.notice and it.notice.to) for it in handed] == [("digest", "unit:HUM")]
    after = handed[0].case
    assert (after.owner, after.coordinator, after.responsible, after.activity_on) == ("HUM", "HUM", "officer", MONDAY)


def test_decisions_stand_by_day_and_then_in_the_order_of_the_cases() -> None:
    openings = [Opening(case(ref=ref, entered_on=entered)) for ref, entered in (("B", MONDAY), ("A", MONDAY))]
    flow = Workflows.of(replace(WORKFLOW, rules=(DWELL,)))
    lived = simulate(flow, REGISTER, openings, start=MONDAY, until=date(2011, 11, 28))
    assert [(it.day, it.case.ref) for it in lived] == [
        (date(2011, 10, 28), "B"),
        (date(2011, 10, 28), "A"),
        (date(2011, 11, 28), "B"),
        (date(2011, 11, 28), "A"),
    ]


def test_a_parcel_takes_along_what_waits_and_leaves_by_the_clock_of_the_first() -> None:
    lived = year(due=date(2011, 9, 20))
    packed = parcels(lived)
    assert packed == sorted(packed, key=lambda it: it[0])
    for leaves, party, carried in packed:
        notices = [it.notice for it in carried if it.notice]
        assert {it.to for it in notices} == {party}
        assert min(it.ripe_at for it in notices) == leaves
        assert all(it.decided_at <= leaves for it in notices)


def test_a_rule_moves_the_case_in_the_simulation_as_well() -> None:
    back = replace(
        WORKFLOW.moves["assign"], name="take_back", sources=("assigned",), dest="proposed", needs=(), tell=()
    )
    unbegun = replace(
        QUIET,
        id="unbegun",
        clock="entered",
        inhibited_by=(),
        steps=(Step(name="1", at=d(5), tell=("coordinator",), letter="returned", do="take_back", level=2),),
    )
    flow = replace(WORKFLOW, rules=(unbegun, DWELL), moves={**WORKFLOW.moves, "take_back": back})
    lived = simulate(Workflows.of(flow), REGISTER, [Opening(case())], start=MONDAY, until=date(2011, 11, 2))
    day = date(2011, 9, 3)
    quiet, line, dwelt = lived
    assert (quiet.day, quiet.rule, quiet.step, quiet.level, quiet.outcome, quiet.notice) == (
        day,
        "unbegun",
        "1",
        2,
        "moved",
        None,
    )
    assert quiet.reason == "rule unbegun, step 1: 5d on the clock entered"
    assert (line.rule, line.outcome, line.case.state, line.case.entered_seq) == (
        "move:take_back",
        "digest",
        "proposed",
        2,
    )
    assert line.notice
    assert line.notice.decided_at == datetime(2011, 9, 3, 4, 0, tzinfo=UTC)
    assert (dwelt.day, dwelt.rule) == (date(2011, 11, 2), "dwell")


@pytest.mark.parametrize(
    ("party", "address"), [("unit:HUM", "hum@ud.example"), ("unit:X", ""), ("person:officer", "officer@ud.example")]
)
def test_a_notice_goes_to_an_address_or_nowhere(party: str, address: str) -> None:
    notice = year()[0].notice
    assert notice
    assert address_of(replace(notice, to=party), REGISTER, MONDAY) == address


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def news(rule: str, decided: datetime, ripe: datetime, to: str = "unit:HUM") -> Decision:
    """A decision of which somebody hears, about a case that is begun at noon on the Monday."""
    notice = year()[0].notice
    assert notice
    said = replace(notice, to=to, rule=rule, state="assigned", decided_at=decided, ripe_at=ripe)
    begun = [(at(MONDAY, 10), "in_progress")]
    return Decision(
        day=MONDAY, case=case(), rule=rule, step="", level=0, outcome="sent", reason="", notice=said, states=begun
    )


def test_news_of_a_rule_is_dropped_when_the_case_has_left_its_state_before_the_letter_leaves() -> None:
    ripe = at(MONDAY, 10)
    late, moved = news("due", at(MONDAY, 4), ripe), news("move:start", at(MONDAY, 4), ripe)
    assert [carried for _, _, carried in parcels([late, moved])] == [[moved]]
    earlier = news("due", at(MONDAY, 4), at(MONDAY, 9))
    assert parcels([earlier]) == [(at(MONDAY, 9), "unit:HUM", [earlier])]


def test_what_may_leave_at_the_instant_it_is_decided_leaves_then_and_once() -> None:
    first, second = news("move:start", at(MONDAY, 8), at(MONDAY, 8)), news("move:report", at(MONDAY, 9), at(MONDAY, 9))
    assert parcels([first, second]) == [(at(MONDAY, 8), "unit:HUM", [first]), (at(MONDAY, 9), "unit:HUM", [second])]


def test_of_parcels_that_leave_at_once_the_one_whose_news_is_older_comes_first() -> None:
    both = [news("move:start", at(MONDAY, 4), at(MONDAY, 8), to) for to in ("unit:HUM", "unit:GIL")]
    assert [party for _, party, _ in parcels(both)] == ["unit:HUM", "unit:GIL"]


def test_a_simulation_of_one_day_tells_that_day() -> None:
    day = date(2012, 4, 21)
    flow = Workflows.of(replace(WORKFLOW, rules=(DUE,)))
    assert [it.day for it in simulate(flow, REGISTER, [Opening(case())], start=day, until=day)] == [day]


def test_a_case_that_is_opened_meanwhile_begins_to_live_on_that_day_at_that_hour() -> None:
    saturday = date(2011, 9, 3)
    opening = Opening(case(due=saturday, opened_on=saturday), opened_at=at(saturday, 12))
    first, *_ = simulate(WORKFLOWS, REGISTER, [opening], start=MONDAY, until=UNTIL)
    assert first.notice
    assert (first.day, first.notice.decided_at) == (saturday, at(saturday, 12))
    assert simulate(WORKFLOWS, REGISTER, [opening], start=MONDAY, until=saturday - timedelta(days=1)) == []


def test_a_letter_that_is_under_way_already_counts_as_sent() -> None:
    waiting = year()[0].notice
    assert waiting
    opening = Opening(case(), notices=(replace(waiting, via="now"),))
    (first,) = simulate(WORKFLOWS, REGISTER, [opening], start=MONDAY, until=MONDAY)
    assert first.outcome == "sent"


def moving(rule_id: str, days: int, move: str, **when: str) -> Rule:
    """A rule that makes a move so many days after a state was entered, and tells nobody itself."""
    return Rule(
        id=rule_id,
        when=When(state=frozenset({when.get("state", "assigned")})),
        clock="entered",
        steps=(Step(name="1", at=d(days), tell=(), letter="returned", do=move),),
    )


def test_what_follows_from_an_act_follows_at_the_hour_of_the_act() -> None:
    by_itself = replace(WORKFLOW.moves["report"], name="pass_on", sources=("in_progress",), needs=())
    greeting = replace(QUIET, when=When(state=frozenset({"reported"})), clock="entered", inhibited_by=(),
                       steps=(Step(name="1", at=d(0), tell=("coordinator",), letter="stalled"),))  # fmt: skip
    rules = (moving("at_once", 0, "pass_on", state="in_progress"), greeting)
    flow = replace(WORKFLOW, rules=rules, moves={**WORKFLOW.moves, "pass_on": by_itself})
    waiting = year()[0].notice
    assert waiting
    opening = Opening(case(), notices=(waiting,))
    lived = simulate(Workflows.of(flow), REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="prompt")
    acted = at(MONDAY + timedelta(days=1), 10)
    assert [(it.rule, it.notice and it.notice.decided_at) for it in lived[1:5]] == [
        ("move:start", acted),
        ("at_once", None),
        ("move:pass_on", acted),
        ("quiet", acted),
    ]


@pytest.mark.parametrize(
    ("leads", "acts"), [("proposed", []), ("in_progress", ["move:report"])], ids=["cannot any more", "still can"]
)
def test_who_means_to_act_does_if_the_state_that_a_rule_leads_to_allows_it(leads: str, acts: list[str]) -> None:
    by_rule = replace(WORKFLOW.moves["start"], name="by_rule", dest=leads)
    moves = {"report": WORKFLOW.moves["report"], "by_rule": replace(by_rule, by=("copies",))}
    flow = replace(WORKFLOW, rules=(moving("moving", 1, "by_rule"),), moves=moves)
    waiting = year()[0].notice
    assert waiting
    opening = Opening(case(), notices=(waiting,))
    lived = simulate(Workflows.of(flow), REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="prompt")
    assert [it.rule for it in lived][1:] == ["moving", "move:by_rule", *acts]


def test_nobody_makes_the_move_of_somebody_else_and_words_of_every_kind_are_enough() -> None:
    everything = ("statement", "answer", "evidence")
    moves = {
        "close_now": replace(WORKFLOW.moves["close"], name="close_now", sources=("assigned",)),
        "tell_all": replace(WORKFLOW.moves["report"], name="tell_all", needs=everything),
    }
    waiting = year()[0].notice
    assert waiting
    flow = Workflows.of(replace(WORKFLOW, rules=(), moves=moves))
    opening = Opening(case(), notices=(waiting,))
    lived = simulate(flow, REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="prompt")
    assert [it.rule for it in lived] == ["quiet", "move:tell_all"]


SATURDAY = date(2011, 9, 3)


def did(move: str, when: datetime, by: str = "unit:HUM", dest: str = "assigned") -> Event:
    return Event(ref="IOM-2011-3", seq=99, at=when, by=by, move=move, source="assigned", dest=dest, through="web")


def test_a_recorded_year_does_again_what_was_done_at_the_same_hours() -> None:
    deeds = (
        did("comment", at(date(2011, 8, 31), 7)),
        did("start", at(SATURDAY, 8), "unit:DHAKA", "in_progress"),
        did("start", at(SATURDAY, 9), dest="in_progress"),
        did("report", at(date(2011, 9, 7), 11), dest="reported"),
    )
    flow = Workflows.of(replace(WORKFLOW, rules=()))
    opening = Opening(case(), events=4, deeds=deeds)
    lived = simulate(flow, REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="recorded")
    told = [(it.day, it.rule, it.notice and (it.notice.event_seq, it.notice.decided_at)) for it in lived]
    assert told == [
        (date(2011, 8, 31), "move:comment", (5, at(date(2011, 8, 31), 7))),
        (SATURDAY, "move:start", None),
        (SATURDAY, "move:start", (6, at(SATURDAY, 9))),
        (date(2011, 9, 7), "move:report", (7, at(date(2011, 9, 7), 11))),
    ]
    refused = lived[1]
    assert (refused.step, refused.level, refused.outcome) == ("", 0, "skipped")
    assert refused.reason == "unit:DHAKA: unit:DHAKA may not start: that is for responsible"


def test_a_recorded_year_counts_by_the_day_of_the_report_from_the_hour_at_which_it_moved() -> None:
    reporting = replace(DWELL, clock="report_due", steps=(replace(DWELL.steps[0], at=d(0)),))
    flow = Workflows.of(replace(WORKFLOW, rules=(reporting,)))

    def report_due(when: datetime, day: str) -> Event:
        return replace(did("report day", when, by="system"), facts={"report day": day}, through="rule")

    monday = SATURDAY + timedelta(days=2)
    deeds = (
        report_due(at(SATURDAY, 8), "2011-09-03"),
        did("comment", at(SATURDAY, 9)),
        report_due(at(monday, 8), ""),
    )
    lived = simulate(flow, REGISTER, [Opening(case(), deeds=deeds)], start=MONDAY, until=UNTIL, behaviour="recorded")
    assert [(it.day, it.rule, it.notice and it.notice.decided_at) for it in lived] == [
        (SATURDAY, "dwell", at(SATURDAY, 8)),
        (SATURDAY, "move:comment", at(SATURDAY, 9)),
    ]  # and no more, for the report has no date from Monday on


def test_what_follows_from_a_recorded_deed_follows_at_its_hour() -> None:
    at_once = replace(DWELL, when=When(state=frozenset({"in_progress"})), steps=(replace(DWELL.steps[0], at=d(0)),))
    flow = Workflows.of(replace(WORKFLOW, rules=(replace(at_once, repeat=None),)))
    opening = Opening(case(), deeds=(did("start", at(SATURDAY, 9), dest="in_progress"),))
    lived = simulate(flow, REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="recorded")
    assert [(it.rule, it.notice and it.notice.decided_at) for it in lived] == [
        ("move:start", at(SATURDAY, 9)),
        ("dwell", at(SATURDAY, 9)),
    ]


def test_nobody_is_reminded_on_monday_of_what_was_begun_over_the_weekend() -> None:
    opening = Opening(case(due=date(2011, 9, 2)), deeds=(did("start", at(SATURDAY, 9), dest="in_progress"),))
    flow = Workflows.of(replace(WORKFLOW, rules=(replace(DUE, steps=(replace(DUE.steps[1], at=d(1)),), repeat=None),)))
    lived = simulate(flow, REGISTER, [opening], start=MONDAY, until=UNTIL, behaviour="recorded")
    assert [it.rule for it in lived] == ["due", "move:start"]
    assert [[it.rule for it in carried] for _, _, carried in parcels(lived)] == [["move:start"]]
