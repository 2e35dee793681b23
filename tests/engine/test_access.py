"""A plan is shown to those who have a role on it, and to nobody else; what each may do follows from the same roles."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.access import PLAN_ROLES, Reach, open_acts, open_asks, open_moves, operates, plan_roles, reach
from engine.case import Case
from engine.people import Absence, Grant, PlanRole, Register
from engine.roles import OPERATOR, acting_for, roles_of
from engine.text import Text
from engine.workflow import Ask, Role
from tests.engine.cast import MONDAY, NOON, REGISTER, WORKFLOW, case, person, unit

PARTIES = [*(f"person:{key}" for key in REGISTER.persons), "person:nobody", OPERATOR]


KNOWN = [it for it in PARTIES if it != "person:nobody"]  # whom no register knows can never sign in


def granted(key: str, role: PlanRole, plan: str = "IOM-2011", register: Register = REGISTER) -> Register:
    return replace(register, grants=(Grant(person=key, role=role, plan=plan, granted_at=NOON),))


def roles(key: str, register: Register = REGISTER, **facts: object) -> set[PlanRole]:
    return set(plan_roles(f"person:{key}", [case(**facts)], register, MONDAY))


def test_each_role_follows_from_the_register_and_the_plan() -> None:
    assert roles("officer") == {"responsible"}
    assert roles("hum-head") == {"responsible", "head"}
    assert roles("gil-head") == {"coordinator"}
    assert roles("stranger") == set()
    assert roles("stranger", copies=("person:stranger",)) == {"reader"}
    assert roles("stranger", executive="person:stranger") == {"reader"}
    assert roles("dhaka-head", copies=("unit:DHAKA",)) == {"reader"}
    assert roles("dhaka-head", contributors=("DHAKA",)) == {"reader"}


def test_whoever_runs_the_service_sees_everything_and_may_do_nothing_to_it() -> None:
    boss = replace(
        REGISTER, persons={**REGISTER.persons, "boss": replace(person("boss", ""), address="Drift@UD.example")}
    )
    for party in (OPERATOR, "person:boss"):
        assert plan_roles(party, [case()], boss, MONDAY) == {"operator"}
        assert reach(party, boss, MONDAY).everywhere
        assert open_moves(party, case(state="reported"), WORKFLOW, boss, MONDAY) == ()


def test_a_substitute_sees_what_the_absent_one_sees() -> None:
    away = replace(REGISTER, absences=(Absence(person="gil-head", first=MONDAY, last=MONDAY, substitute="stranger"),))
    assert roles("stranger", away) == {"coordinator"}
    assert [it.name for it in open_moves("person:stranger", case(state="reported"), WORKFLOW, away, MONDAY)] == [
        it.name for it in open_moves("person:gil-head", case(state="reported"), WORKFLOW, REGISTER, MONDAY)
    ]
    after = MONDAY + timedelta(days=1)
    assert plan_roles("person:stranger", [case()], away, after) == frozenset()


def test_a_delegate_sees_and_may_do_on_any_day_what_the_one_who_named_them_may() -> None:
    head = REGISTER.persons["gil-head"]
    named = replace(REGISTER, persons={**REGISTER.persons, "gil-head": replace(head, delegates=("stranger", "ghost"))})
    it = case(state="reported")
    assert roles("stranger", named) == {"coordinator"}
    assert open_moves("person:stranger", it, WORKFLOW, named, MONDAY) == open_moves(
        "person:gil-head", it, WORKFLOW, REGISTER, MONDAY
    )
    assert acting_for("person:stranger", it, named, MONDAY) == "person:gil-head"
    assert roles("gil-head", named) == roles("gil-head"), "it works one way"
    left = replace(named, persons={**named.persons, "gil-head": replace(named.persons["gil-head"], active=False)})
    assert roles("stranger", left) == set()


def test_a_grant_gives_sight_of_one_plan_and_what_the_role_may_do_there() -> None:
    coordinating = granted("stranger", "coordinator")
    assert roles("stranger", coordinating) == {"coordinator"}
    assert roles("stranger", coordinating, plan="Q", ref="Q-1") == set()
    assert "close" in {
        it.name for it in open_moves("person:stranger", case(state="reported"), WORKFLOW, coordinating, MONDAY)
    }
    assert open_moves("person:stranger", case(state="reported"), WORKFLOW, granted("stranger", "reader"), MONDAY) == ()
    assert roles("stranger", granted("stranger", "reader", ""), plan="Q", ref="Q-1") == {"reader"}


def test_whoever_has_left_sees_nothing_whatever_was_granted() -> None:
    for key in ("officer", "gil-head", "stranger"):
        gone = replace(
            REGISTER, persons={**REGISTER.persons, key: replace(REGISTER.persons[key], active=False)},
            grants=(Grant(person=key, role="operator", granted_at=NOON),),
        )  # fmt: skip
        assert roles(key, gone, responsible=key) == set()
        assert not reach(f"person:{key}", gone, MONDAY).covers(case(responsible=key))


ASKS = {
    "more": Ask(name="more", sources=("assigned",), by=("responsible",), label=Text.same("more")),
    "help": Ask(name="help", sources=("assigned",), by=("head",), label=Text.same("help")),
}


def test_what_may_be_asked_follows_from_the_role_and_from_where_the_case_is() -> None:
    asking = replace(WORKFLOW, asks=ASKS)

    def asks(party: str, state: str = "assigned") -> list[str]:
        return [it.name for it in open_asks(party, case(state=state), asking, REGISTER, MONDAY)]

    assert asks("person:officer") == ["more"]
    assert asks("person:hum-head") == ["more", "help"]
    assert asks("person:gil-head") == asks("person:hum-head", "reported") == []


@pytest.mark.parametrize(
    ("key", "open_", "ended"),
    [
        ("officer", {"comment", "hand over"}, {"comment"}),
        ("gil-head", {"comment", "deadline", "hand over", "pause", "revoke"}, {"comment", "revoke"}),
        ("stranger", set(), set()),
    ],
)
def test_what_else_may_be_done_follows_from_the_role_and_little_of_it_once_the_case_has_ended(
    key: str, open_: set[str], ended: set[str]
) -> None:
    for state, acts in (("assigned", open_), ("closed", ended)):
        found = open_acts(f"person:{key}", case(state=state), WORKFLOW, REGISTER, MONDAY)
        assert (set(found), len(found)) == (acts, len(acts))


def test_the_reach_of_a_head_is_what_it_owns_and_that_of_a_member_is_what_its_unit_coordinates_as_well() -> None:
    heading = replace(REGISTER, units={**REGISTER.units, "UR": unit("UR", head="officer")})
    assert reach("person:officer", heading, MONDAY) == Reach(
        owners=frozenset({"HUM", "UR"}), coordinators=frozenset({"HUM"}),
        parties=frozenset({"person:officer", "unit:HUM"}),
    )  # fmt: skip
    assert reach("person:stranger", REGISTER, MONDAY) == Reach(parties=frozenset({"person:stranger"}))
    assert reach("person:stranger", granted("stranger", "reader", "Q"), MONDAY).plans == {"Q"}
    assert reach("person:stranger", granted("stranger", "reader", ""), MONDAY) == Reach(everywhere=True)
    assert reach("person:nobody", granted("stranger", "reader", ""), MONDAY) == Reach()


def test_a_unit_that_was_succeeded_is_within_reach_of_those_of_its_successor() -> None:
    old = unit("OLD", valid_to=MONDAY - timedelta(days=1), successor="HUM")
    merged = replace(REGISTER, units={**REGISTER.units, "OLD": old})
    assert reach("person:officer", merged, MONDAY).owners == {"HUM", "OLD"}
    assert reach("person:officer", merged, MONDAY - timedelta(days=1)).owners == {"HUM"}


def test_nobody_runs_the_service_where_nobody_is_said_to_or_once_they_have_left() -> None:
    nameless = replace(REGISTER.persons["stranger"], address="")
    silent = replace(REGISTER, organisation=replace(REGISTER.organisation, operator=""), persons={"stranger": nameless})
    boss = replace(person("boss", ""), address="drift@ud.example")
    here, gone = (replace(REGISTER, persons={"boss": replace(boss, active=it)}) for it in (True, False))
    assert not operates("person:stranger", silent)
    assert [operates("person:boss", it) for it in (here, gone)] == [True, False]
    assert not operates("person:officer", REGISTER)


CODES = st.sampled_from(["", *REGISTER.units, "OLD"])
KEYS = st.sampled_from(["", *REGISTER.persons, "nobody"])
NAMED = st.lists(st.sampled_from([*(f"unit:{it}" for it in REGISTER.units), *PARTIES]), max_size=2).map(tuple)
CASES = st.builds(
    lambda plan, owner, responsible, coordinator, executive, copies, contributors: case(
        ref=f"{plan}-1", plan=plan, owner=owner, responsible=responsible, coordinator=coordinator, executive=executive,
        copies=copies, contributors=contributors,
    ),
    st.sampled_from("PQ"), CODES, KEYS, CODES, st.sampled_from(["", "unit:UR", "person:stranger"]), NAMED,
    st.lists(CODES.filter(bool), max_size=2).map(tuple),
)  # fmt: skip
ABSENCES = st.lists(
    st.builds(
        Absence, person=KEYS.filter(bool), first=st.just(MONDAY), last=st.none() | st.just(MONDAY), substitute=KEYS
    ),
    max_size=3,
).map(tuple)
GRANTS = st.lists(
    st.builds(
        Grant, person=KEYS.filter(bool), role=st.sampled_from(PLAN_ROLES), plan=st.sampled_from(["", "P", "Q"]),
        granted_at=st.just(NOON),
    ),
    max_size=2,
).map(tuple)  # fmt: skip


@st.composite
def registers(draw: st.DrawFn) -> Register:
    gone = draw(st.sets(KEYS.filter(bool), max_size=2))
    named = draw(st.dictionaries(KEYS.filter(bool), st.sets(KEYS.filter(bool), max_size=2), max_size=2))
    old = unit("OLD", valid_to=MONDAY - timedelta(days=1), successor=draw(CODES))
    return replace(
        REGISTER,
        units={**REGISTER.units, "OLD": old},
        persons={
            key: replace(it, active=key not in gone, delegates=tuple(sorted(named.get(key, ()))))
            for key, it in REGISTER.persons.items()
        },
        absences=draw(ABSENCES),
        grants=draw(GRANTS),
    )


@given(register=registers(), it=CASES, party=st.sampled_from(PARTIES))
def test_a_plan_is_found_exactly_when_there_is_a_role_on_it(register: Register, it: Case, party: str) -> None:
    assert reach(party, register, MONDAY).covers(it) == bool(plan_roles(party, [it], register, MONDAY))


@given(register=registers(), it=CASES, party=st.sampled_from(KNOWN), state=st.sampled_from(sorted(WORKFLOW.states)))
def test_whoever_may_act_may_look_and_a_reader_may_only_look(
    register: Register, it: Case, party: str, state: str
) -> None:
    seen = plan_roles(party, [it], register, MONDAY)
    moves = open_moves(party, it.evolve(state=state), WORKFLOW, register, MONDAY)
    allowed: set[Role] = roles_of(party, it, register, MONDAY)
    assert not moves or seen - {"reader", "operator"} or "executive" in allowed
    assert all(not allowed.isdisjoint(move.by) for move in moves)
