"""A plan is taken in: every word of the file stands on a case, every date on record, and the right ones are told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from engine.adopt import adopt
from engine.case import Case, DeadlineVersion, Evaluation, Recommendation
from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.errors import NotFound, Refused
from engine.people import Absence, Responsibility
from engine.redraft import redraft
from engine.text import Text
from engine.workflow import Offset, Regime, Term, Workflow, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER, WORKFLOW, person, unit

PLAN = replace(WORKFLOW, name="plan", rules=())
OLD = replace(WORKFLOW, version=0, initial="reported")
WORKFLOWS = Workflows.of(PLAN, OLD, WORKFLOW)
EVALUATION = Evaluation(key="E-1", title="Evaluering av IOM", amount="3 mill.", countries=("BD",))
ADVICE = Recommendation(evaluation="E-1", number="4", text="Vis til rapporten", addressee="own")
FIRST = CaseDraft(
    number="1",
    title="Vis til rapporten",
    question="Er det gjort?",
    body="I alle brev",
    subject="IOM",
    owner_as_written="GIL/HUM",
    responsible="officer",
    contributors=("Dhaka",),
    due=DueRule(anchor=date(2011, 5, 21), offset=Offset(1, "y")),  # a Monday
    earlier_deadlines=(PastDeadline(value=date(2011, 12, 1), reason="For knapt", decided_by="unit:UR"),),
    priority="high",
    tags=("money", "letters"),
    recommendations=("4",),
    statement="Foreløpig",
    facts={"mandate": "2011"},
)
SECOND = CaseDraft(number="1a", title="Spør Dhaka", parent="1", owner="DHAKA", due=date(2012, 5, 20), state="assigned")
DRAFT = PlanDraft(
    ref="P",
    title="Oppfølgingsplan",
    body="Etter evalueringen",
    decided_on=date(2011, 8, 25),
    due=date(2012, 8, 25),
    coordinator="UR",
    executive="unit:UR",
    copies=("unit:DHAKA",),
    organisation=replace(REGISTER.organisation, closed_days=frozenset({date(2012, 5, 18)})),
    units=(*REGISTER.units.values(), unit("NEW")),
    persons=(*REGISTER.persons.values(), person("newcomer", "NEW")),
    responsibilities=REGISTER.responsibilities,
    absences=(Absence(person="officer", first=MONDAY, substitute="newcomer"),),
    evaluation=EVALUATION,
    recommendations=(ADVICE,),
    cases=(FIRST, SECOND),
)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    yield opened
    opened.close()


def adopted(store: SqlStore, draft: PlanDraft = DRAFT) -> Case:
    return adopt(store, WORKFLOWS, draft, by="person:gil-head", now=NOON)


def as_opened(stored: Case) -> Case:
    """Without what the next test looks at."""
    return replace(stored, wake_on=None, version=1, entered_seq=0, rules="")


def test_the_plan_becomes_a_case_of_its_own(store: SqlStore) -> None:
    assert adopted(store) == store.case("P")
    assert as_opened(store.case("P")) == Case(
        ref="P",
        plan="P",
        workflow="plan/1",
        kind="plan",
        state="proposed",
        title="Oppfølgingsplan",
        body="Etter evalueringen",
        owner="UR",
        coordinator="UR",
        executive="unit:UR",
        copies=("unit:DHAKA",),
        due=date(2012, 8, 25),
        due_version=1,
        report_due=date(2012, 8, 25),
        opened_on=date(2011, 8, 25),
        entered_on=MONDAY,
        activity_on=MONDAY,
        evaluation="E-1",
    )


def test_each_entry_becomes_a_case_that_keeps_every_word(store: SqlStore) -> None:
    adopted(store)
    assert as_opened(store.case("P-1")) == Case(
        ref="P-1",
        number="1",
        plan="P",
        parent="P",
        workflow="action/1",  # the latest of the two
        kind="action",
        state="proposed",
        title="Vis til rapporten",
        question="Er det gjort?",
        body="I alle brev",
        owner="GIL",  # who answers for the subject in August
        owner_as_written="GIL/HUM",
        responsible="officer",
        contributors=("Dhaka",),
        subject="IOM",
        coordinator="UR",
        executive="unit:UR",
        copies=("unit:DHAKA",),
        tags=frozenset({"money", "letters"}),
        priority="high",
        due=date(2012, 5, 21),
        due_version=2,
        report_due=date(2012, 8, 25),  # the plan's own date
        opened_on=date(2011, 8, 25),
        entered_on=MONDAY,
        activity_on=MONDAY,
        recommendations=("4",),
        statement="Foreløpig",
        facts={"mandate": "2011"},
    )
    second = store.case("P-1a")
    assert (second.parent, second.owner, second.state, second.subject) == ("P-1", "DHAKA", "assigned", "")


def test_every_case_begins_with_an_event_and_an_alarm(store: SqlStore) -> None:
    adopted(store)
    for ref in ("P", "P-1", "P-1a"):
        (event,) = store.history(ref)
        stands = store.case(ref)
        assert (event.move, event.by, event.through, event.at) == ("open", "person:gil-head", "import", NOON)
        assert (event.source, event.dest, event.seq) == ("", stands.state, stands.entered_seq)
        assert stands.rules == WORKFLOWS[stands.workflow].fingerprint
    alarms = [store.case(ref).wake_on for ref in ("P", "P-1", "P-1a")]
    assert alarms == [None, date(2011, 9, 1), date(2011, 9, 28)]  # HUM takes over; thirty quiet days


def test_every_date_is_on_record_with_its_arithmetic(store: SqlStore) -> None:
    adopted(store)
    assert list(store.deadlines(["P-1"])["P-1"]) == [
        DeadlineVersion(
            ref="P-1", version=1, value=date(2011, 12, 1), reason="For knapt", decided_by="unit:UR", set_at=NOON
        ),
        DeadlineVersion(
            ref="P-1",
            version=2,
            value=date(2012, 5, 21),
            rule="2011-05-21 + 1y, next",
            computed=date(2012, 5, 21),
            set_at=NOON,
        ),
    ]
    assert list(store.deadlines(["P-1a"])["P-1a"]) == [
        DeadlineVersion(ref="P-1a", version=1, value=date(2012, 5, 20), set_at=NOON)
    ]


def test_a_date_by_rule_falls_on_a_working_day_of_the_unit_that_owns_the_case(store: SqlStore) -> None:
    friday = DueRule(anchor=date(2011, 5, 18), offset=Offset(1, "y"))  # a day off for the organisation, and in Dhaka
    entries = [replace(SECOND, number=owner, parent="", owner=owner, due=friday) for owner in ("HUM", "DHAKA")]
    adopted(store, replace(DRAFT, cases=tuple(entries)))
    assert store.case("P-HUM").due == date(2012, 5, 21)
    assert store.case("P-DHAKA").due == date(2012, 5, 20)  # Sunday is a working day there


def test_a_date_that_was_taken_away_is_of_the_past(store: SqlStore) -> None:
    adopted(store, replace(DRAFT, cases=(replace(FIRST, due=None),)))
    taken = store.case("P-1")
    assert (taken.due, taken.due_version) == (None, 2)
    assert [it.value for it in store.deadlines(["P-1"])["P-1"]] == [date(2011, 12, 1)]


def test_a_case_without_dates_has_had_none(store: SqlStore) -> None:
    adopted(store, replace(DRAFT, cases=(CaseDraft(number="1", title="Ett"),)))
    assert (store.case("P-1").due, store.case("P-1").due_version) == (None, 0)


def told(store: SqlStore, ref: str) -> set[tuple[str, str]]:
    return {(it.to, it.letter) for it in store.notices(ref)}


def test_a_case_opened_in_the_middle_tells_what_the_first_move_into_its_state_tells(store: SqlStore) -> None:
    adopted(store)
    assert told(store, "P-1a") == {("unit:DHAKA", "assigned"), ("unit:UR", "digest")}
    assert told(store, "P-1") == {("unit:UR", "digest")}


def ending_with_letters() -> Workflow:
    close = replace(WORKFLOW.moves["close"], tell=WORKFLOW.moves["assign"].tell)
    return replace(WORKFLOW, moves={**WORKFLOW.moves, "close": close})


def test_a_case_that_is_over_already_tells_nobody_but_the_coordinator(store: SqlStore) -> None:
    over = replace(DRAFT, cases=(replace(SECOND, parent="", state="closed"),))
    adopt(store, Workflows.of(PLAN, ending_with_letters()), over, by="unit:HUM", now=NOON)
    assert told(store, "P-1a") == {("unit:UR", "digest")}
    assert store.case("P-1a").wake_on is None


def test_the_unit_that_answers_for_the_subject_coordinates_and_else_the_one_named(store: SqlStore) -> None:
    adopted(store, replace(DRAFT, coordination="IOM"))
    plan, entry = store.case("P"), store.case("P-1")
    assert (plan.coordinator, plan.owner, plan.subject, plan.coordination) == ("GIL", "GIL", "IOM", "IOM")
    assert (entry.coordinator, entry.coordination) == ("GIL", "IOM")
    adopted(store, replace(DRAFT, ref="Q", coordination="UNHCR"))
    assert store.case("Q").coordinator == "UR"


def test_an_entry_whose_subject_nobody_answers_for_is_owned_by_the_unit_named(store: SqlStore) -> None:
    adopted(store, replace(DRAFT, cases=(replace(FIRST, subject="UNHCR", owner="DHAKA"),)))
    assert store.case("P-1").owner == "DHAKA"


def test_a_plan_goes_out_as_it_came_in(store: SqlStore) -> None:
    adopted(store)
    again = redraft(store, "P", today=MONDAY)
    entries = (replace(FIRST, state="proposed", tags=("letters", "money")), SECOND)
    assert replace(again, units=(), persons=()) == replace(DRAFT, state="proposed", units=(), persons=(), cases=entries)
    assert {it.code for it in again.units} == {it.code for it in DRAFT.units}
    assert {it.key for it in again.persons} == {it.key for it in DRAFT.persons}


def test_what_has_been_moved_and_what_is_coordinated_by_subject_goes_out_as_well(store: SqlStore) -> None:
    past = (PastDeadline(value=date(2012, 1, 2), reason="For knapt", decided_by="unit:UR"),)
    memo = CaseDraft(
        number="9", workflow="memo", title="Notat", owner="HUM", state="assigned",
        due=DueRule(anchor=date(2011, 5, 21), offset=Offset(1, "y")),
    )  # fmt: skip
    bare = replace(memo, number="10", due=None)
    draft = replace(DRAFT, coordination="UNHCR", earlier_deadlines=past, state="assigned", cases=(memo, bare))
    adopt(store, Workflows.of(PLAN, replace(WORKFLOW, name="memo")), draft, by="unit:UR", now=NOON)
    again = redraft(store, "P", today=MONDAY)
    assert (again.coordination, again.coordinator, again.due) == ("UNHCR", "UR", DRAFT.due)
    assert (again.earlier_deadlines, again.cases) == (past, (memo, bare))


def test_a_unit_is_written_down_unless_it_follows_from_the_subject_on_that_day(store: SqlStore) -> None:
    adopted(store, replace(DRAFT, coordination="IOM"))
    august, september = (redraft(store, "P", today=day) for day in (MONDAY, date(2011, 9, 1)))
    assert (august.coordinator, august.cases[0].owner) == ("", "")
    assert (september.coordinator, september.cases[0].owner) == ("GIL", "GIL")


def test_there_is_no_plan_to_write_out_where_there_is_none(store: SqlStore) -> None:
    with pytest.raises(NotFound, match="there is no case 'P'"):
        redraft(store, "P", today=MONDAY)


def test_two_plans_have_two_refs(store: SqlStore) -> None:
    adopted(store)
    with pytest.raises(Refused) as refused:
        adopted(store)
    assert str(refused.value) == "there is a plan P already; give this one another ref"


def test_two_plans_may_follow_up_one_evaluation_if_they_mean_the_same(store: SqlStore) -> None:
    adopted(store)
    adopted(store, replace(DRAFT, ref="Q"))
    assert store.evaluation("Q") == store.evaluation("P")
    for other in (
        replace(DRAFT, ref="R", evaluation=replace(EVALUATION, title="En annen")),
        replace(DRAFT, ref="R", recommendations=()),
    ):
        with pytest.raises(Refused) as refused:
            adopted(store, other)
        said = "there is an evaluation E-1 already, and it says something else; give this one another key"
        assert str(refused.value) == said


def test_a_plan_may_follow_up_no_evaluation(store: SqlStore) -> None:
    adopted(store, replace(DRAFT, evaluation=None, recommendations=()))
    assert store.case("P").evaluation == ""
    assert redraft(store, "P", today=MONDAY).evaluation is None


def test_a_plan_brings_the_register_up_to_date_and_takes_nobody_out(store: SqlStore) -> None:
    later = Responsibility(subject="IOM", unit="DHAKA", valid_from=date(2013, 1, 1))
    leave = Absence(person="hum-head", first=MONDAY)
    adopted(store)
    renamed = replace(unit("NEW"), name=Text.same("Ny seksjon"))
    adopted(
        store,
        replace(
            DRAFT,
            ref="Q",
            organisation=None,
            units=(renamed,),
            persons=(replace(person("newcomer", "NEW"), name="Nykomling"),),
            responsibilities=(*REGISTER.responsibilities, later),
            absences=(leave,),
        ),
    )
    register = store.register()
    assert register.organisation.closed_days == frozenset({date(2012, 5, 18)})
    assert set(register.units) == {*REGISTER.units, "NEW"}
    assert set(register.persons) == {*REGISTER.persons, "newcomer"}
    assert (register.units["NEW"].name.nb, register.persons["newcomer"].name) == ("Ny seksjon", "Nykomling")
    assert set(register.responsibilities) == {*REGISTER.responsibilities, later}
    assert set(register.absences) == {*DRAFT.absences, leave}


def test_the_rules_of_its_regime_date_the_report_on_a_plan_that_dates_none(store: SqlStore) -> None:
    year = Term(duty="report", after="decided", by=Offset(1, "y"))
    ruled = Workflows(WORKFLOWS.by_key, {"r": Regime(key="r", label=Text.same("R"), source="", terms=(year,))})
    undated = replace(DRAFT, regime="r", received_on=date(2011, 5, 4), due=None)
    plan = adopt(store, ruled, undated, by="officer", now=NOON)
    assert (plan.due, plan.report_due) == (date(2012, 8, 27), date(2012, 8, 27))
    assert [it.rule for it in store.deadlines(["P"])["P"]][-1] == "2011-08-25 + 1y, next"
    again = redraft(store, "P", today=MONDAY)
    assert (again.regime, again.received_on) == ("r", date(2011, 5, 4))


def test_a_day_of_the_plans_own_or_of_its_report_goes_before_the_regime(store: SqlStore) -> None:
    year = Term(duty="report", after="decided", by=Offset(1, "y"))
    rules = {"r": Regime(key="r", label=Text.same("R"), source="", terms=(year,))}
    report = replace(WORKFLOW, name="report", rules=())
    ruled = Workflows({**WORKFLOWS.by_key, report.key: report}, rules)
    own = adopt(store, ruled, replace(DRAFT, regime="r"), by="officer", now=NOON)
    dated = CaseDraft(number="9", workflow="report", title="Meld fra", owner="DHAKA", due=date(2012, 3, 1))
    other = replace(DRAFT, ref="Q", regime="r", due=None, earlier_deadlines=(), cases=(dated,))
    assert (own.due, adopt(store, ruled, other, by="officer", now=NOON).due) == (date(2012, 8, 25), None)
