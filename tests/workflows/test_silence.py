"""The figure for the worst silence, against people who do their very best to keep the watcher from hearing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import day_of
from engine.case import Case
from engine.escalation import Firing, Record, anchor, due
from engine.people import Organisation
from engine.text import Text
from engine.window import ripe_at
from engine.workflow import (
    Ack,
    Guard,
    Move,
    Offset,
    Repeat,
    Role,
    Rule,
    Snooze,
    State,
    Step,
    Telling,
    Unit,
    When,
    Workflow,
)
from workflows.checker import check
from workflows.horizon import EVES, NORWAY
from workflows.loading import SHIPPED_LETTERS, load

LATE = time(23, 50)  # every decision falls after the letters have left
ORGANISATION = Organisation(key="o", name=Text.same("O"), closed_days=EVES)
WORD = Text.same("word")


def workflow(*rules: Rule, guard: int = 3000, catch_up: str = "latest") -> Workflow:
    return Workflow(
        name="task",
        version=1,
        label=WORD,
        initial="given",
        states={
            "given": State(name="given", label=WORD),
            "done": State(name="done", label=WORD, final=True),
        },
        moves={"finish": Move(name="finish", sources=("given",), dest="done", by=("responsible",), label=WORD)},
        rules=rules,
        guard=Guard(watcher="coordinator", max_silence=Offset(guard, "d")),
        catch_up=catch_up,  # type: ignore[arg-type]
    )


def begun(flow: Workflow, state: str, on: date) -> Case:
    return Case(
        ref="T",
        plan="P",
        workflow=flow.key,
        kind=flow.name,
        state=state,
        title="t",
        opened_on=on,
        entered_on=on,
        entered_seq=1,
        activity_on=on,
    )


def heard(flow: Workflow, case: Case, until: date, *, wily: bool) -> Iterator[date]:
    """Every day on which the watcher gets a letter while somebody pauses the rules that are about to speak; who is wily
    keeps the pauses for those about to tell the watcher."""
    record, left = Record(), {rule.id: _pauses(rule) for rule in flow.rules}
    for today in (case.entered_on + timedelta(days=n) for n in range((until - case.entered_on).days)):
        firings = due(flow, case, record, NORWAY, today)
        for rule in flow.rules:
            if left[rule.id] and any(it.rule == rule.id and (_watched(flow, it) or not wily) for it in firings):
                record = _paused(record, rule, case, NORWAY.shift(today, left[rule.id].pop()))
                firings = due(flow, case, record, NORWAY, today)
        record = record.after(firings)
        for it in firings:
            if _watched(flow, it):
                at = datetime.combine(today, LATE, tzinfo=ZoneInfo("Europe/Oslo"))
                yield day_of(ripe_at(it.planned.via, at, ORGANISATION), "Europe/Oslo")


def _watched(flow: Workflow, firing: Firing) -> bool:
    return firing.tells and flow.guard.watcher in firing.planned.tell


def _pauses(rule: Rule) -> list[Offset]:
    acks = [rule.ack.hold] * rule.ack.times if rule.ack else []
    return acks + ([rule.snooze.longest] * rule.snooze.times if rule.snooze else [])


def _paused(record: Record, rule: Rule, case: Case, until: date) -> Record:
    armed = anchor(rule, case, record)
    assert armed
    return replace(record, holds={**record.holds, (rule.id, armed[0]): until})


def worst(flow: Workflow, state: str, on: date, *, days: int, wily: bool = True) -> int:
    """The longest silence that came about, counted from the day the state was entered."""
    days_heard = sorted({on, *heard(flow, begun(flow, state, on), on + timedelta(days=days), wily=wily)})
    return max((later - earlier).days for earlier, later in pairwise(days_heard))


LENGTHS = st.builds(Offset, st.integers(1, 40), st.sampled_from(["d", "wd", "d", "w", "m"])).filter(
    lambda it: it.count * {"d": 1, "wd": 1, "w": 7, "m": 30}[it.unit] <= 60
)
ROLES: st.SearchStrategy[tuple[Role, ...]] = st.sampled_from(
    [("coordinator",), ("responsible",), ("responsible", "coordinator")]
)


@st.composite
def nets(draw: st.DrawFn) -> Rule:
    """A rule on the clock nobody can reset, with steps in order, a repeat to the watcher, and perhaps pauses."""
    unit: Unit = draw(st.sampled_from(["d", "wd"]))
    counts = sorted(draw(st.sets(st.integers(0, 50), min_size=1, max_size=4)))
    steps = tuple(
        Step(name=str(n), at=Offset(count, unit), tell=draw(ROLES), letter="stalled")
        for n, count in enumerate(counts, 1)
    )
    return Rule(
        id="net",
        when=When(),
        clock="entered",
        steps=steps,
        repeat=Repeat(every=draw(LENGTHS), tell=("coordinator",), letter="stalled"),
        ack=draw(st.none() | st.builds(Ack, LENGTHS, st.integers(1, 2))),
        snooze=draw(st.none() | st.builds(lambda it: Snooze(longest=it, times=1), LENGTHS)),
    )


@settings(max_examples=50, deadline=None)
@given(nets(), st.dates(date(2011, 1, 1), date(2030, 1, 1)), st.sampled_from(["latest", "all"]), st.booleans())
def test_nobody_can_keep_the_watcher_in_the_dark_for_longer(rule: Rule, on: date, catch_up: str, wily: bool) -> None:
    flow = workflow(rule, catch_up=catch_up)
    promised = check(flow, letters=SHIPPED_LETTERS).silence["given"].days
    assert worst(flow, "given", on, days=350, wily=wily) <= promised


SHIPPED_STATES = [
    (flow, state) for flow in load().by_key.values() for state in check(flow, letters=SHIPPED_LETTERS).silence
]


@pytest.mark.parametrize(("flow", "state"), SHIPPED_STATES, ids=lambda it: getattr(it, "name", it))
def test_the_shipped_workflows_keep_their_promise(flow: Workflow, state: str) -> None:
    promised = check(flow, letters=SHIPPED_LETTERS).silence[state].days
    for on in (date(2011, 8, 29), date(2027, 2, 12)):
        assert worst(flow, state, on, days=200) <= promised <= 120


NET = Rule(
    id="net",
    when=When(state=frozenset({"given"})),
    clock="entered",
    steps=(Step(name="1", at=Offset(30, "d"), tell=("coordinator",), letter="stalled"),),
    repeat=Repeat(every=Offset(20, "d"), tell=("coordinator",), letter="stalled"),
)


def silent(rule: Rule) -> int:
    return check(workflow(rule), letters=SHIPPED_LETTERS).silence["given"].days


def test_the_figure_is_the_longest_gap_and_the_longest_closed_run() -> None:
    assert silent(NET) == 30 + 6


@pytest.mark.parametrize(
    ("ladder", "days"),
    [
        ([(10, "coordinator"), (45, "coordinator")], 35),  # between two steps
        ([(40, "coordinator"), (45, "coordinator")], 40),  # before the first word
        ([(10, "coordinator"), (25, "head")], 15 + 20),  # from the last word to the first repeat
        ([(25, "head")], 25 + 20),  # before a first word that only the repeat brings
        ([(0, "coordinator")], 20),  # between two repeats
    ],
)
def test_every_gap_is_looked_at(ladder: list[tuple[int, Role]], days: int) -> None:
    steps = tuple(
        Step(name=str(n), at=Offset(at, "d"), tell=(role,), letter="stalled") for n, (at, role) in enumerate(ladder)
    )
    assert silent(replace(NET, steps=steps)) == days + 6


def test_pauses_are_added_in_full() -> None:
    paused = replace(NET, ack=Ack(Offset(5, "d"), 2), snooze=Snooze(longest=Offset(60, "d"), times=1))
    assert silent(paused) == 30 + 2 * (5 + 1) + (60 + 1) + 6


def test_the_path_is_given_in_words() -> None:
    why = check(workflow(replace(NET, ack=Ack(Offset(5, "d"), 2))), letters=SHIPPED_LETTERS).silence["given"].why
    assert why.split(" → ") == [
        "Wed 10 Feb 2027 the case enters given",
        "Fri 12 Mar 2027 somebody pauses rule net (ack) until Wed 17 Mar 2027",
        "Thu 18 Mar 2027 somebody pauses rule net again (ack) until Tue 23 Mar 2027",
        "Wed 24 Mar 2027 rule net, step 1 speaks, after the letters of the day have left",
        "Tue 30 Mar 2027 the next letters leave, and the coordinator hears",
    ]


def test_a_move_by_a_rule_that_nobody_can_stop_ends_the_silence_as_well() -> None:
    moving = Step(name="1", at=Offset(12, "d"), tell=("coordinator",), letter="digest", do="finish")
    assert silent(replace(NET, steps=(moving,), repeat=None)) == 12 + 6


@pytest.mark.parametrize(
    "change",
    [
        {"clock": "activity"},
        {"clock": "due"},
        {"repeat": None},
        {"when": When(tag=frozenset({"urgent"}))},
        {"when": When(priority=frozenset({"high"}))},
        {"when": When(kind=frozenset({"other"}))},
        {"when": When(state=frozenset({"done"}))},
        {"inhibited_by": (("net", 0),)},
        {"repeat": Repeat(every=Offset(1, "d"), tell=("responsible",), letter="stalled")},
    ],
    ids=lambda it: next(iter(it)),
)
def test_a_rule_that_somebody_can_stop_promises_nothing(change: dict[str, object]) -> None:
    verdict = check(workflow(replace(NET, **change)), letters=SHIPPED_LETTERS)  # type: ignore[arg-type]
    assert verdict.silence["given"].endless
    assert any("may never hear again" in fault.what for fault in verdict.faults)


def test_word_that_a_pause_can_swallow_is_counted_as_lost() -> None:
    swallowed = Step(name="2", at=Offset(40, "d"), tell=("responsible",), letter="stalled")
    again = Repeat(every=Offset(60, "d"), tell=("coordinator",), letter="stalled")
    rule = replace(NET, steps=(*NET.steps, swallowed), repeat=again, ack=Ack(Offset(15, "d"), 1))
    assert silent(rule) == 40 + 60 + 6  # paused on day 30 until day 40 or later, when only step 2 is told
    assert silent(replace(rule, ack=Ack(Offset(15, "d"), 2))) == 40 + 60 + 16 + 6
    assert silent(replace(rule, ack=Ack(Offset(8, "d"), 1))) == 70 + 9 + 6  # too short to swallow anything


def test_the_head_does_not_hear_of_moves_and_may_be_kept_in_the_dark_by_them() -> None:
    again = Repeat(every=Offset(20, "d"), tell=("head",), letter="stalled")
    told = replace(NET, steps=(replace(NET.steps[0], tell=("head",)),), repeat=again)
    flow = replace(workflow(told), guard=Guard(watcher="head", max_silence=Offset(3000, "d")))
    there = Move(name="there", sources=("given",), dest="begun", by=("responsible",), label=WORD)
    states = {**flow.states, "begun": State(name="begun", label=WORD)}
    on = replace(flow, states=states, moves={**flow.moves, "there": there}, rules=(replace(told, when=When()),))
    silences = check(on, letters=SHIPPED_LETTERS).silence
    assert (silences["given"].days, silences["begun"].days) == (36, 72)
    assert "the head hears nothing of it" in silences["begun"].why
    back = Move(name="back", sources=("begun",), dest="given", by=("responsible",), label=WORD)
    verdict = check(replace(on, moves={**on.moves, "back": back}), letters=SHIPPED_LETTERS)
    assert all(it.endless for it in verdict.silence.values())
    assert "people can move the case on and on" in verdict.faults[0].what
    heard = replace(back, tell=(Telling(to=("head",), letter="digest"),))
    assert check(replace(on, moves={**on.moves, "back": heard}), letters=SHIPPED_LETTERS).silence["given"].days == 36
