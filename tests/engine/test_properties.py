"""What holds for every workflow, every pause and every pattern of looking: no step lost, none decided twice."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import Calendar, add_months
from engine.case import Case, Decided
from engine.escalation import Firing, Record, anchor, applies, due, forecast, wake_on
from engine.workflow import CLOCKS, Offset, Repeat, Rule, Step, Unit, When, Workflow
from tests.engine.cast import DUE, MONDAY, QUIET, WORKFLOW, case

DAY = timedelta(days=1)
unhurried = settings(deadline=None)  # the first look at a country's holidays takes its time
SPAN = 120
EVERY_DAY = [MONDAY + n * DAY for n in range(SPAN + 1)]
LAST = EVERY_DAY[-1]
OFFICES = st.sampled_from([Calendar("NO"), Calendar("EG"), Calendar("NO", frozenset({MONDAY + DAY, MONDAY + 9 * DAY}))])
STATES = st.sampled_from([frozenset[str](), frozenset({"assigned"}), frozenset({"assigned"}), frozenset({"reported"})])


@dataclass(frozen=True)
class Scene:
    """One case with its workflow and the pauses on it, in an office that keeps its own days."""

    workflow: Workflow
    case: Case
    record: Record
    calendar: Calendar


@st.composite
def rules(draw: st.DrawFn, name: str, others: tuple[str, ...]) -> Rule:
    most: dict[Unit, int] = {"d": 60, "wd": 40, "w": 9, "m": 3}
    unit = draw(st.sampled_from(sorted(most)))
    counts = sorted(draw(st.sets(st.integers(-most[unit], most[unit]), max_size=4)))
    steps = tuple(
        Step(
            name=str(place),
            at=Offset(count, unit),
            tell=("responsible",),
            letter="overdue",
            via=draw(st.sampled_from(["now", "digest"])),
            level=place,
        )
        for place, count in enumerate(counts, 1)
    )
    again = Repeat(every=draw(repeats), tell=("coordinator",), letter="stalled", level=draw(st.integers(0, 4)))
    inhibited_by = tuple((other, draw(st.integers(0, 3))) for other in others if draw(st.booleans()))
    return Rule(
        id=name,
        when=When(state=draw(STATES)),
        clock=draw(st.sampled_from(CLOCKS)),
        steps=steps,
        repeat=again if not steps or draw(st.booleans()) else None,
        inhibited_by=inhibited_by,
    )


repeats = st.sampled_from([Offset(5, "d"), Offset(10, "wd"), Offset(2, "w"), Offset(1, "m"), Offset(1, "y")])
near = st.integers(-150, 150).map(lambda days: MONDAY + timedelta(days=days))
past = st.integers(0, 150).map(lambda days: MONDAY - timedelta(days=days))


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    names = ("a", "b", "c")
    of_rules = tuple(draw(rules(name, tuple(it for it in names if it != name))) for name in names)
    workflow = replace(WORKFLOW, rules=of_rules, catch_up=draw(st.sampled_from(["latest", "all"])))
    it = case(
        due=draw(st.none() | near),
        report_due=draw(st.none() | near),
        entered_on=draw(past),
        activity_on=draw(past),
    )
    paused = {
        (rule.id, armed[0]): draw(near)
        for rule in of_rules
        if (armed := anchor(rule, it, Record())) and draw(st.integers(0, 2)) == 0
    }
    return Scene(workflow, it, Record(holds=paused), draw(OFFICES))


def looking(scene: Scene, days: Iterable[date]) -> list[Firing]:
    """Everything that is decided when somebody looks on these days."""
    record, found = scene.record, list[Firing]()
    for day in days:
        firings = due(scene.workflow, scene.case, record, scene.calendar, day)
        record, found = record.after(firings), found + firings
    return found


def keys(firings: Iterable[Firing]) -> list[Decided]:
    return [(it.rule, it.planned.step, it.planned.key) for it in firings]


def owed(scene: Scene, until: date) -> set[Decided]:
    """The oracle: what has come due by a day, counted from each rule's anchor without looking at any other day."""
    found: set[Decided] = set()
    for rule in scene.workflow.rules:
        armed = anchor(rule, scene.case, scene.record) if applies(rule, scene.case) else None
        if armed and scene.record.holds.get((rule.id, armed[0]), date.min) < until:
            found |= {(rule.id, step, key) for step, key, day in of_rule(rule, *armed, scene.calendar) if day <= until}
    return found


def of_rule(rule: Rule, key: str, start: date, calendar: Calendar) -> list[tuple[str, str, date]]:
    steps = [(step.name, key, calendar.shift(start, step.at)) for step in rule.steps]
    last = origin = steps[-1][2] if steps else start
    for number in range(1, 121 if rule.repeat else 1):
        assert rule.repeat
        every = rule.repeat.every
        months = {"m": 1, "y": 12}.get(every.unit, 0) * every.count * number
        last = add_months(origin, months) if months else calendar.shift(last, every)
        steps.append(("repeat", f"{key}#{number}", last))
    return steps


def told_before(scene: Scene, firings: Iterable[Firing]) -> Iterable[tuple[Firing, bool]]:
    """Every decision, and whether by then an unpaused inhibitor of its rule had told at its level."""
    told: dict[str, int] = {}
    rules = {rule.id: rule for rule in scene.workflow.rules}
    for firing in firings:
        loud = [other for other, level in rules[firing.rule].inhibited_by if told.get(other, -1) >= level]
        yield firing, any(not held(scene, rules[other], firing.day) for other in loud)
        if firing.outcome in ("sent", "digest"):
            told[firing.rule] = max(told.get(firing.rule, 0), firing.planned.level)


def held(scene: Scene, rule: Rule, day: date) -> bool:
    armed = anchor(rule, scene.case, scene.record)
    return armed is not None and scene.record.holds.get((rule.id, armed[0]), date.min) >= day


@unhurried
@given(scenes(), st.sets(st.sampled_from(EVERY_DAY), min_size=1))
def test_whatever_the_downtime_each_step_that_came_due_is_decided_once(scene: Scene, days: set[date]) -> None:
    decided = keys(looking(scene, sorted(days)))
    assert len(decided) == len(set(decided))
    assert set(decided) == owed(scene, max(days))


@unhurried
@given(scenes(), st.sampled_from(EVERY_DAY))
def test_looking_twice_on_one_day_decides_nothing_more(scene: Scene, day: date) -> None:
    assert looking(scene, [day, day, day]) == looking(scene, [day])


@unhurried
@given(scenes(), st.integers(0, 20))
def test_the_alarm_is_the_very_first_day_with_something_to_say(scene: Scene, looks: int) -> None:
    record = scene.record
    for _ in range(looks):
        alarm = wake_on(scene.workflow, scene.case, record, scene.calendar)
        if alarm is None:
            assert due(scene.workflow, scene.case, record, scene.calendar, MONDAY + 3650 * DAY) == []
            return
        assert due(scene.workflow, scene.case, record, scene.calendar, alarm - DAY) == []
        firings = due(scene.workflow, scene.case, record, scene.calendar, alarm)
        assert firings
        record = record.after(firings)


@settings(max_examples=50, deadline=None)
@given(scenes())
def test_looking_on_alarm_days_only_or_ahead_of_time_is_looking_every_day(scene: Scene) -> None:
    record, found, day = scene.record, list[Firing](), MONDAY
    while day <= LAST:
        firings = due(scene.workflow, scene.case, record, scene.calendar, day)
        record, found = record.after(firings), found + firings
        day = wake_on(scene.workflow, scene.case, record, scene.calendar) or date.max
    ahead = forecast(scene.workflow, scene.case, scene.record, scene.calendar, today=MONDAY, until=LAST)
    assert list(ahead) == found == looking(scene, EVERY_DAY)


@unhurried
@given(scenes(), st.sets(st.sampled_from(EVERY_DAY), max_size=12))
def test_a_rule_keeps_quiet_exactly_while_another_one_is_telling(scene: Scene, days: set[date]) -> None:
    for firing, inhibited in told_before(scene, looking(scene, sorted(days))):
        if firing.outcome != "superseded":
            assert (firing.outcome == "inhibited") is inhibited


def test_a_rule_that_has_told_nobody_yet_keeps_nobody_quiet_even_at_level_nought() -> None:
    workflow = replace(WORKFLOW, rules=(DUE, replace(QUIET, inhibited_by=(("due", 0),))))
    silent = Scene(workflow, case(due=date(2012, 5, 21)), Record(), Calendar("NO"))
    (firing,) = looking(silent, [MONDAY + 30 * DAY])
    assert (firing.rule, firing.outcome) == ("quiet", "sent")
    (soon, quiet) = looking(replace(silent, case=case(due=MONDAY + 45 * DAY)), [MONDAY + 30 * DAY])
    assert [(it.rule, it.outcome) for it in (soon, quiet)] == [("due", "digest"), ("quiet", "inhibited")]


def test_a_rule_that_repeats_at_a_lower_level_is_as_loud_as_it_ever_was() -> None:
    lower = replace(DUE, repeat=Repeat(every=Offset(5, "d"), tell=("coordinator",), letter="stalled", level=1))
    workflow = replace(WORKFLOW, rules=(lower, replace(QUIET, inhibited_by=(("due", 3),))))
    it = case(due=MONDAY - 60 * DAY, activity_on=MONDAY)
    ahead = forecast(workflow, it, Record(), Calendar("NO"), today=MONDAY - 60 * DAY, until=MONDAY + 30 * DAY)
    assert [firing.outcome for firing in ahead if firing.rule == "quiet"] == ["inhibited"]


@unhurried
@given(scenes(), st.sets(st.sampled_from(EVERY_DAY), max_size=12))
def test_a_paused_rule_and_one_that_looks_elsewhere_say_nothing(scene: Scene, days: set[date]) -> None:
    rules = {rule.id: rule for rule in scene.workflow.rules}
    for firing in looking(scene, sorted(days)):
        assert "assigned" in (rules[firing.rule].when.state or {"assigned"})
        assert not held(scene, rules[firing.rule], firing.day)
        assert firing.planned.day <= firing.day


@unhurried
@given(scenes(), st.sampled_from(EVERY_DAY))
def test_after_downtime_a_rule_tells_its_latest_step_or_every_one_if_it_asks_for_that(scene: Scene, day: date) -> None:
    firings = looking(scene, [day])
    for rule in scene.workflow.rules:
        older = [it.outcome for it in firings if it.rule == rule.id][:-1]
        assert set(older) <= (
            {"superseded"} if scene.workflow.catch_up == "latest" else {"sent", "digest", "inhibited"}
        )
    assert not firings or firings[-1].outcome != "superseded"


@unhurried
@given(scenes(), st.sampled_from(EVERY_DAY), near, st.sampled_from(EVERY_DAY))
def test_a_moved_deadline_is_counted_from_its_own_day_and_nothing_else_begins_again(
    scene: Scene, moved_on: date, again: date, later: date
) -> None:
    before = looking(scene, [moved_on])
    moved = replace(scene, case=scene.case.evolve(due=again, due_version=2), record=scene.record.after(before))
    after = keys(looking(moved, [max(moved_on, later)]))
    assert set(after) == owed(moved, max(moved_on, later)) - set(keys(before))
    rearmed = {rule.id for rule in scene.workflow.rules if rule.clock == "due"}
    assert not any(rule in rearmed for rule, _, _ in owed(moved, max(moved_on, later)) & set(keys(before)))


@unhurried
@given(scenes(), st.sampled_from(EVERY_DAY))
def test_a_case_at_its_end_says_nothing_whatever_its_rules(scene: Scene, day: date) -> None:
    rules = tuple(replace(rule, when=When()) for rule in scene.workflow.rules)
    ended = replace(scene, workflow=replace(scene.workflow, rules=rules), case=scene.case.evolve(state="closed"))
    assert looking(ended, [day]) == []
    assert wake_on(ended.workflow, ended.case, ended.record, ended.calendar) is None
