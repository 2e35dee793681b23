"""Whatever the plan, the rules and the people: an oracle that looks every day, the simulation and the service agree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.calendar import day_of, instant
from engine.case import Case, Errand, Event
from engine.draft import CaseDraft, PlanDraft
from engine.errors import TiltakError
from engine.notice import Notice
from engine.people import Absence, Register, Unit
from engine.simulation import Behaviour, Decision, Opening, parcels, simulate
from engine.text import Text
from engine.workflow import Workflow, Workflows
from store.migrate import migrate
from tests.stories.oracle import Deed, News, Oracle
from tests.stories.world import WORKFLOWS, World, iom
from tests.workflows.rule_files import PRIORITY, TAG, Frame, rule_files
from tiltak.rehearsal import openings_of_file, openings_of_year
from tiltak.settings import Settings
from workflows.loading import parse

FRAME = Frame(name="action", states=("given", "begun", "reported"))
START, SPAN = date(2011, 8, 25), 70
LAST = START + timedelta(days=SPAN)
REPORTED = START + timedelta(days=12)  # the report on the plan is due
RULES = rule_files(FRAME).map(lambda text: parse(text, "action.yaml"))  # what no oracle needs proven
SPEEDS: dict[Behaviour, int | None] = {"silent": None, "prompt": 1, "slow": 15}
Mails = set[tuple[date, str, frozenset[str]]]

OLD = Unit(
    code="OLD", name=Text.same("Old"), mailbox="old@ud.example", valid_to=START + timedelta(days=40), successor="DHAKA"
)
DAYS = st.integers(0, SPAN - 5).map(lambda days: START + timedelta(days=days))
PARTIES = st.sampled_from(["unit:HUM", "unit:GIL", "unit:REG", "unit:DHAKA", "unit:OLD", "person:leder-reg"])
CASES: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    state=st.sampled_from(FRAME.states),
    owner=st.sampled_from(["", "REG", "HUM", "DHAKA", "OLD"]),
    subject=st.sampled_from(["", "IOM"]),
    due=st.none() | st.integers(-40, 100).map(lambda days: START + timedelta(days=days)),
    tags=st.sampled_from([(), (TAG,)]),
    priority=st.sampled_from(["", PRIORITY]),
)
DEEDS: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    day=DAYS,
    number=st.integers(1, 2),
    kind=st.sampled_from(["move", "move", "comment", "deadline", "hand over", "ack", "snooze"]),
    by=PARTIES,
    days=st.integers(-20, 60),
    owner=st.sampled_from(["REG", "HUM", "DHAKA", "OLD"]),
    choice=st.integers(0, 7),
)
ABSENCES = st.lists(
    st.builds(
        Absence,
        person=st.just("leder-reg"),
        first=DAYS,
        last=st.none() | DAYS.map(lambda day: day + timedelta(days=140)),
        substitute=st.sampled_from(["", "leder-hum"]),
    ),
    max_size=1,
)
Chosen = dict[str, object]


def a_plan(cases: Sequence[Chosen], absences: Sequence[Absence]) -> PlanDraft:
    plan = iom()
    entries = tuple(CaseDraft(number=str(n), title=f"Sak {n}", **facts) for n, facts in enumerate(cases, 1))  # type: ignore[arg-type]
    return replace(
        plan, due=REPORTED, cases=entries, units=(*plan.units, OLD), absences=tuple(absences), recommendations=()
    )


def foretold(workflow: Workflow, openings: Sequence[Opening], decisions: Sequence[Decision]) -> list[News]:
    ours = {it.case.ref for it in openings if it.case.kind == workflow.name}
    return sorted(
        (it.day, it.case.ref, it.rule, it.step, it.notice.to) for it in decisions if it.notice and it.case.ref in ours
    )


def mails_of(decisions: Sequence[Decision]) -> Mails:
    return {
        (day_of(leaves, "Europe/Oslo"), party, frozenset(it.notice.key for it in contents if it.notice))
        for leaves, party, contents in parcels(decisions)
        if day_of(leaves, "Europe/Oslo") <= LAST
    }


def every_day(workflow: Workflow, draft: PlanDraft, deeds: Sequence[Deed], speed: int | None = None) -> list[Oracle]:
    register, openings, start = openings_of_file(draft, Workflows.of(*_with(workflow)), Settings(), None)
    ours = [it.case for it in openings if it.case.kind == workflow.name]
    mine = {case.ref: [it for it in deeds if it.ref == case.ref] for case in ours}
    return [Oracle(workflow, register, case, speed, mine[case.ref]).live(start, LAST) for case in ours]


def _with(workflow: Workflow) -> list[Workflow]:
    return [it for it in WORKFLOWS.by_key.values() if it.name != workflow.name] + [workflow]


def _of_service(notice: Notice) -> bool:
    """The service speaking of itself, such as of somebody whom no letter reaches."""
    return notice.rule.startswith("system:")


class Lived:
    """The service itself, from day to day: what happens by itself, and what people do at noon."""

    def __init__(self, world: World) -> None:
        self.world, self.store, self.done = world, world.service.store, list[Deed]()

    def until(self, day: date, at: time = time(12, 0)) -> None:
        """Let everything have its instant: alarms in the morning, letters when they may leave."""
        world, end = self.world, self.world.at(day, at)
        while True:
            wake, ripe = self.store.next_wake(), self.store.next_ripe()
            times = [*([world.at(wake, time(6, 0))] if wake else []), *([ripe] if ripe else [])]
            if not times or (then := max(min(times), world.clock.now())) >= end:
                break
            # what is ripe and stays behind, because letters may not leave just now, is asked for again as time goes by
            world.clock.move_to(then if then > world.clock.now() else min(then + timedelta(minutes=30), end))
            world.service.sweep()
        world.clock.move_to(end)
        world.service.sweep()

    def do(self, deed: Deed) -> None:
        """What is refused was not done. The next sweep follows before anybody else does anything."""
        try:
            self._ask(deed)
        except TiltakError:
            return
        self.done.append(deed)
        self.world.service.sweep()

    def _ask(self, deed: Deed) -> None:
        desk = self.world.service.desk
        move = "hold" if deed.kind in ("ack", "snooze") else deed.kind
        errand = Errand(ref=deed.ref, move=move, by=deed.by, text="Gjort", due=deed.due, owner=deed.owner)
        if deed.kind == "comment":
            desk.comment(errand)
        elif deed.kind == "deadline":
            desk.move_deadline(errand)
        elif deed.kind == "hand over":
            desk.hand_over(errand)
        elif deed.kind in ("ack", "snooze"):
            assert deed.due
            desk.pause(errand, rule=deed.rule, kind="ack" if deed.kind == "ack" else "snooze", until=deed.due)
        else:
            desk.act(replace(errand, due=None))

    def mails(self) -> Mails:
        letters = self.store.letters(limit=5_000)
        inside = self.store.notices_in([it.id for it in letters])
        zone = "Europe/Oslo"
        told = {it: frozenset(n.key for n in those if not _of_service(n)) for it, those in inside.items()}
        return {(day_of(it.packed_at, zone), it.party, told[it.id]) for it in letters if told[it.id]}


def a_deed(workflow: Workflow, chosen: Chosen) -> Deed:
    kind, day, choice = str(chosen["kind"]), chosen["day"], chosen["choice"]
    assert isinstance(day, date)
    assert isinstance(choice, int)
    moves, rules = list(workflow.moves), [rule.id for rule in workflow.rules]
    due = day + timedelta(days=int(str(chosen["days"]))) if kind in ("deadline", "ack", "snooze") else None
    return Deed(
        day,
        f"IOM-2011-{chosen['number']}",
        moves[choice % len(moves)] if kind == "move" else kind,
        str(chosen["by"]),
        due,
        str(chosen["owner"]) if kind == "hand over" else "",
        rules[choice % len(rules)] if kind in ("ack", "snooze") else "",
    )


LONG = settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example is half a year of a service: no time to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@LONG
@given(
    RULES,
    st.lists(CASES, min_size=2, max_size=2),
    st.lists(DEEDS, max_size=8),
    ABSENCES,
)
def test_oracle_service_and_recorded_year_agree_on_whatever_people_do(
    workflow: Workflow, cases: list[Chosen], wishes: list[Chosen], absences: list[Absence]
) -> None:
    draft = a_plan(cases, absences)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'tiltak.db'}"
        migrate(url)
        rules = Workflows.of(*_with(workflow))
        world = World(draft, url, rules)
        lived = Lived(world)
        for deed in sorted((a_deed(workflow, it) for it in wishes), key=lambda it: it.day):
            lived.until(deed.day)
            lived.do(deed)
        lived.until(LAST, time(23, 0))
        register, openings, start = openings_of_year(
            world.service, ["IOM-2011"], None, lambda case: rules[case.workflow]
        )
        again = simulate(rules, register, openings, start=start, until=LAST, behaviour="recorded")
        assert [it.reason for it in again if it.outcome == "skipped"] == []
        oracle = sorted(it for one in every_day(workflow, draft, lived.done) for it in one.news)
        assert foretold(workflow, openings, again) == oracle
        assert mails_of(again) == lived.mails()
        world.end()


@pytest.mark.parametrize("behaviour", ["silent", "prompt", "slow", "recorded"])
@settings(max_examples=60)
@given(
    workflow=RULES, facts=CASES, wishes=st.lists(DEEDS, max_size=8, unique_by=lambda it: str(it["day"])), away=ABSENCES
)
def test_oracle_and_simulation_agree_on_every_behaviour(
    behaviour: Behaviour, workflow: Workflow, facts: Chosen, wishes: list[Chosen], away: list[Absence]
) -> None:
    """Without a database: a case that stands in a register with other calendars, successors and absences."""
    register = replace(REGISTER, absences=tuple(away))
    case = a_case(workflow, facts)
    deeds = sorted((a_deed(workflow, it | {"number": 1}) for it in wishes), key=lambda it: it.day)
    events = tuple(as_event(it) for it in deeds) if behaviour == "recorded" else ()
    opening = Opening(case, deeds=events)
    year = simulate(Workflows.of(workflow), register, [opening], start=START, until=LAST, behaviour=behaviour)
    refused = {it.day for it in year if it.outcome == "skipped"}
    done = [it for it in deeds if events and it.day not in refused]
    oracle = Oracle(workflow, register, case, SPEEDS.get(behaviour), done, opens=False).live(START, LAST)
    assert foretold(workflow, [opening], year) == sorted(oracle.news)


def a_case(workflow: Workflow, facts: Chosen) -> Case:
    due = facts["due"]
    return Case(
        ref="IOM-2011-1",
        plan="IOM-2011",
        workflow=workflow.key,
        kind=workflow.name,
        state=str(facts["state"]),
        title="Sak",
        owner=str(facts["owner"]),
        subject=str(facts["subject"]),
        coordinator="GIL",
        coordination="oppfølging av IOM-planen",
        executive="unit:UR",
        due=due if isinstance(due, date) else None,
        due_version=1 if due else 0,
        report_due=REPORTED,
        tags=frozenset({TAG} if facts["tags"] else ()),
        priority=str(facts["priority"]),
        opened_on=START,
        entered_on=START,
        entered_seq=1,
        activity_on=START,
    )


def as_event(deed: Deed) -> Event:
    """As the history would tell it."""
    pause = deed.kind in ("ack", "snooze")
    facts = {"to": deed.owner, "from": "?"} if deed.owner else {"to": str(deed.due)} if deed.due else {}
    return Event(
        ref=deed.ref,
        at=instant(deed.day, time(12, 0), "Europe/Oslo"),
        by=deed.by,
        move="hold" if pause else deed.kind,
        through="mail",
        facts={"rule": deed.rule, "kind": deed.kind, "until": str(deed.due)} if pause else facts,
    )


def _plan_register() -> Register:
    plan = iom()
    assert plan.organisation
    return Register(
        organisation=plan.organisation,
        units={it.code: it for it in (*plan.units, OLD)},
        persons={it.key: it for it in plan.persons},
        responsibilities=plan.responsibilities,
    )


REGISTER = _plan_register()
