"""Rules, days off and successors change under cases that sleep: nobody is told twice for it, and nothing stalls."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from engine.calendar import day_of
from engine.case import Errand, Occurrence
from engine.errors import OtherRules
from engine.people import Responsibility
from engine.replan import COME_PAST
from engine.rulebook import Rulebook
from engine.workflow import Workflow, Workflows
from tests.stories.world import WORKFLOWS, World, iom
from workflows.loading import SHIPPED, inspect

CASE = "IOM-2011-3"  # assigned on Thursday 25 August 2011, without a date
DWELL = "{at: 60d, tell: [coordinator], via: digest, letter: stalled}\n    repeat: {every: 30d"


ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the engine decides this, not the database


def edited(*changes: tuple[str, str]) -> Workflows:
    """The shipped rules after somebody has edited the file of the actions in its place."""
    words = (SHIPPED / "action.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    return Workflows({**WORKFLOWS.by_key, "action/1": _accepted(words)})


def _accepted(words: str) -> Workflow:
    workflow, verdict = inspect(words, "action.yaml")
    assert not verdict.faults
    return workflow


def restart(world: World, workflows: Workflows) -> None:
    world.workflows = workflows
    world.service = world.start()
    world.service.take_up()  # as `serve` does before its first round


def live(world: World, day: date, at: time = time(12, 0)) -> None:
    """Let everything be decided that falls due; nobody has to read the letters."""
    world.service.take_up()
    until = world.at(day, at)
    while (wake := world.service.store.next_wake()) and (then := world.at(wake, time(6, 0))) <= until:
        world.clock.move_to(max(then, world.clock.now()))
        world.service.desk.sweep()
    world.clock.move_to(until)


def told(world: World, rule: str, after: date) -> list[tuple[date, str]]:
    """On which days after a day a rule has told somebody about the case, and by which step."""
    decided = [it for it in _occurrences(world) if it.rule == rule and it.outcome in ("sent", "digest")]
    return sorted((day, it.step) for it in decided if (day := day_of(it.decided_at, "Europe/Oslo")) > after)


def _occurrences(world: World) -> list[Occurrence]:
    return list(world.service.store.occurrences([CASE])[CASE])


@ON_ONE
def test_a_repeat_that_becomes_rarer_is_not_silent_for_the_number_of_times_it_was_told_before(world: World) -> None:
    live(world, date(2012, 1, 23))
    assert [step for _, step in told(world, "dwell", date(2011, 8, 25))] == ["1", "repeat", "repeat", "repeat"]
    restart(world, edited((DWELL, DWELL.replace("30d", "45d"))))
    live(world, date(2012, 6, 1))
    assert told(world, "dwell", date(2012, 1, 23)) == [
        (date(2012, 1, 22) + timedelta(days=45 * n), "repeat") for n in (1, 2)
    ]


@ON_ONE
def test_what_is_brought_forward_is_told_at_once_and_not_on_the_day_the_old_rules_had_set(world: World) -> None:
    live(world, date(2011, 10, 10))
    assert told(world, "dwell", date(2011, 8, 25)) == []
    restart(world, edited(("{at: 60d, tell: [coordinator], via: digest", "{at: 40d, tell: [coordinator], via: digest")))
    live(world, date(2011, 11, 3))
    assert told(world, "dwell", date(2011, 8, 25)) == [(date(2011, 10, 10), "1"), (date(2011, 11, 3), "repeat")]


FIRST = "      - {at: 30d,  tell: [responsible], via: digest, letter: stalled}\n"


@ON_ONE
def test_a_rung_that_is_taken_out_swallows_none_of_those_above_it(world: World) -> None:
    live(world, date(2011, 9, 25))
    assert told(world, "quiet", date(2011, 8, 25)) == [(date(2011, 9, 24), "1")]
    restart(world, edited((FIRST, "")))
    live(world, date(2011, 10, 24))
    assert told(world, "quiet", date(2011, 9, 25)) == [(date(2011, 10, 24), "1")]


@ON_ONE
def test_a_rung_that_is_put_in_makes_nobody_hear_again_of_what_they_were_told(world: World) -> None:
    live(world, date(2011, 10, 25))
    before = [(it.rule, it.letter, it.to) for it in world.service.store.notices(CASE)]
    restart(world, edited((FIRST, FIRST.replace("30d", "20d") + FIRST)))
    live(world, date(2011, 11, 10))
    new = [(it.rule, it.letter, it.to) for it in world.service.store.notices(CASE)][len(before) :]
    assert new == [("move:rules", "digest", "unit:HUM")]
    live(world, date(2011, 11, 23))
    assert told(world, "quiet", date(2011, 10, 25)) == [(date(2011, 11, 23), "4")]  # the coordinator, as planned
    settled = [it for it in _occurrences(world) if it.outcome == "superseded"]
    assert {it.reason for it in settled} == {COME_PAST}


def test_the_history_says_so_in_every_case_and_the_digest_once(world: World) -> None:
    world.live_until(date(2011, 10, 10))
    restart(world, edited((DWELL, DWELL.replace("30d", "45d"))))
    world.live_until(date(2011, 10, 12))
    changed = [world.service.store.history(f"IOM-2011-{n}")[-1] for n in (1, 2, 3, 4, 5, 6, 7)]
    assert {(it.move, it.by, it.through) for it in changed} == {("rules", "system", "rule")}
    assert "rules" not in {it.move for it in world.service.store.history("IOM-2011-8")}  # a report
    digest = world.box.to("hum@ud.example")[-1].text
    assert "For 7 saker gjelder nye regler." in digest
    assert world.service.store.broken_chains() == []


@ON_ONE
def test_wording_and_recipients_may_change_without_waking_anybody(world: World) -> None:
    live(world, date(2011, 10, 10))
    restart(world, edited(("{at: 90d,  tell: [coordinator]", "{at: 90d,  tell: [coordinator, head]")))
    assert world.service.sweep().woken == 0
    assert world.service.store.history(CASE)[-1].move == "hand over"


@ON_ONE
def test_a_pause_outlives_a_change_of_rules(world: World) -> None:
    world.service.desk.move_deadline(
        Errand(ref=CASE, move="deadline", by="unit:GIL", due=date(2011, 10, 3), text="Satt i møte")
    )
    live(world, date(2011, 10, 5))
    paused = Errand(ref=CASE, move="hold", by="unit:REG")
    world.service.desk.pause(paused, rule="due", kind="ack", until=date(2011, 10, 19))
    restart(world, edited(("{at: 10wd, tell: [responsible, head]", "{at: 8wd, tell: [responsible, head]")))
    live(world, date(2011, 10, 19))
    assert told(world, "due", date(2011, 10, 5)) == []
    live(world, date(2011, 10, 20))
    assert told(world, "due", date(2011, 10, 5)) == [(date(2011, 10, 20), "3")]


def test_an_end_that_is_one_no_longer_is_looked_at_again(world: World) -> None:
    world.act(3, "decline", "unit:GIL", "Ikke aktuelt")
    live(world, date(2011, 10, 10))
    assert world.case(3).wake_on is None
    words = "  declined:    {label: {nb: Følges ikke opp, nn: Blir ikkje følgt opp, en: Not pursued}, final: true}"
    again = ("when:  {state: [proposed]}", "when:  {state: [proposed, declined]}")
    restart(world, edited((words, words.replace(", final: true", "")), again))
    live(world, date(2011, 10, 11))
    assert told(world, "unowned", date(2011, 10, 1)) == [(date(2011, 10, 10), "repeat")]


def test_a_process_with_the_old_rules_decides_and_writes_nothing_more(world: World) -> None:
    live(world, date(2011, 10, 10))
    old = world.service
    restart(world, edited((DWELL, DWELL.replace("60d", "50d"))))
    world.service.take_up()
    assert old.store.outdated() == "another process has taken up other rules, or another version of the program"
    with pytest.raises(OtherRules, match="start whichever has the older ones again"):
        old.desk.comment(Errand(ref=CASE, move="comment", by="unit:REG", text="Vi er i gang"))
    with pytest.raises(OtherRules):
        old.sweep()
    live(world, date(2011, 10, 14))
    assert told(world, "dwell", date(2011, 10, 10)) == [(date(2011, 10, 14), "1")]


def test_what_ended_half_way_is_done_by_the_next_one_who_starts(world: World) -> None:
    """As if the process had been killed after it had written down its rules and before it had woken a case."""
    live(world, date(2011, 10, 10))
    asleep = world.case(3).wake_on
    restart(world, edited((DWELL, DWELL.replace("60d", "40d"))))
    with world.service.store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET wake_on = :day WHERE ref = :ref"), {"day": asleep, "ref": CASE})
        connection.execute(text("UPDATE rulebooks SET settled = :no WHERE name = 'action/1'"), {"no": False})
    world.service = world.start()
    live(world, date(2011, 10, 10), time(15, 0))
    assert [step for _, step in told(world, "dwell", date(2011, 8, 25))] == ["1"]


def test_a_new_way_of_counting_days_wakes_everybody_once(world: World) -> None:
    live(world, date(2011, 10, 10))
    world.service = world.start()
    world.service.store.rulebook = Rulebook.of(world.workflows, arithmetic="holidays of another year")
    assert world.service.sweep().woken == 9
    assert world.service.sweep().woken == 0


def test_a_day_that_is_no_longer_off_brings_the_alarm_forward(database: str) -> None:
    """Five days off in October are struck from the settings: 10 working days after 19 September are over sooner."""
    draft = iom()
    assert draft.organisation
    holidays = frozenset(date(2011, 10, day) for day in range(3, 8))
    world = World(replace(draft, organisation=replace(draft.organisation, closed_days=holidays)), database)
    due = Errand(ref=CASE, move="deadline", by="unit:GIL", due=date(2011, 9, 19), text="Satt i møte")
    world.service.desk.move_deadline(due)
    live(world, date(2011, 9, 22))
    world.draft = replace(world.draft, organisation=replace(draft.organisation, closed_days=frozenset()))
    world.service = world.start()
    live(world, date(2011, 10, 4))
    assert told(world, "due", date(2011, 9, 22)) == [(date(2011, 10, 3), "3")]
    world.end()


def test_responsibilities_that_come_with_another_plan_wake_the_cases_they_concern(world: World) -> None:
    live(world, date(2011, 10, 10))
    with world.service.store.begin() as tx:
        register = tx.register()
        new = Responsibility(subject="IOM", unit="REG", valid_from=date(2011, 10, 12))
        tx.enrol(replace(register, responsibilities=(*register.responsibilities, new)))
    live(world, date(2011, 10, 12))
    assert {it.owner for it in world.service.store.cases("IOM-2011") if it.subject == "IOM"} == {"REG"}


@ON_ONE
def test_a_responsibility_that_ends_falls_back_to_whoever_had_it_before(world: World) -> None:
    with world.service.store.begin() as tx:
        register = tx.register()
        new = Responsibility(subject="IOM", unit="REG", valid_from=date(2011, 10, 12), valid_to=date(2011, 10, 18))
        tx.enrol(replace(register, responsibilities=(*register.responsibilities, new)))
    live(world, date(2011, 10, 18))
    assert {it.owner for it in world.service.store.cases("IOM-2011") if it.subject == "IOM"} == {"REG"}
    live(world, date(2011, 10, 19))
    assert {it.owner for it in world.service.store.cases("IOM-2011") if it.subject == "IOM"} == {"HUM"}
