"""A role always means somebody who can be reached, and never gives a stranger a say."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.case import Case
from engine.people import Absence, Recipient, Register, Unit
from engine.roles import OPERATOR, instead, name_of, recipient, recipients, roles_of, unit_on
from engine.text import Text
from engine.workflow import ROLES, Role
from tests.engine.cast import MONDAY, REGISTER, case, person, unit


def parties(role: Role, register: Register = REGISTER, **changes: object) -> list[tuple[str, str]]:
    return [(it.party, it.instead_of) for it in recipients(role, case(**changes), register, MONDAY)]


def with_units(**changes: Unit) -> Register:
    return replace(REGISTER, units={**REGISTER.units, **changes})


def test_the_responsible_person_comes_before_the_units_mailbox() -> None:
    assert parties("responsible", responsible="officer") == [("person:officer", "")]
    assert parties("responsible") == [("unit:HUM", "")]


def test_a_person_who_has_left_is_replaced_by_the_units_mailbox_and_the_letter_can_say_so() -> None:
    gone = replace(REGISTER, persons={**REGISTER.persons, "officer": person("officer", "HUM", active=False)})
    assert parties("responsible", gone, responsible="officer") == [("unit:HUM", "Officer")]


def test_a_unit_without_a_mailbox_falls_to_its_head() -> None:
    bare = with_units(HUM=replace(REGISTER.units["HUM"], mailbox=""))
    assert parties("responsible", bare) == [("person:hum-head", "HUM")]


def test_a_case_that_nobody_owns_falls_to_the_coordinator() -> None:
    assert parties("responsible", owner="", owner_as_written="the donors") == [("unit:GIL", "the donors")]
    assert parties("head", owner="") == [("unit:GIL", "head")]


def test_a_unit_that_was_closed_is_reached_through_its_successor() -> None:
    closed = with_units(DHAKA=unit("DHAKA", valid_to=date(2011, 6, 30), successor="HUM"))
    assert unit_on("DHAKA", closed, MONDAY) == closed.units["HUM"]
    assert parties("responsible", closed, owner="DHAKA") == [("unit:HUM", "")]


def test_a_unit_that_was_closed_without_a_successor_falls_to_the_coordinator() -> None:
    closed = with_units(DHAKA=unit("DHAKA", valid_to=date(2011, 6, 30)))
    assert parties("responsible", closed, owner="DHAKA")[0][0] == "unit:GIL"


def test_copies_are_told_each() -> None:
    assert parties("copies", copies=("unit:UR", "unit:HUM")) == [("unit:UR", ""), ("unit:HUM", "")]


def test_when_nobody_is_left_the_operator_hears() -> None:
    nobody = replace(REGISTER, units={}, persons={})
    for role in ("responsible", "head", "coordinator", "executive"):
        assert parties(role, nobody)[0][0] == OPERATOR


def test_units_that_succeed_each_other_in_a_circle_do_not_hang() -> None:
    circle = with_units(
        A=unit("A", valid_to=date(2010, 1, 1), successor="B"), B=unit("B", valid_to=date(2010, 1, 1), successor="A")
    )
    assert unit_on("A", circle, MONDAY) is None


def test_each_role_belongs_to_those_who_have_it() -> None:
    it = case(responsible="officer", copies=("unit:UR",))
    roles = {
        party: roles_of(party, it, REGISTER, MONDAY) for party in ("person:officer", "unit:HUM", "person:gil-head")
    }
    assert roles == {"person:officer": {"responsible"}, "unit:HUM": {"responsible"}, "person:gil-head": {"coordinator"}}
    assert roles_of("person:hum-head", it, REGISTER, MONDAY) == {"responsible", "head"}
    assert roles_of("unit:UR", it, REGISTER, MONDAY) == {"executive", "copies"}


def test_a_stranger_has_no_role_at_all() -> None:
    for party in ("person:stranger", "unit:", "person:", "", "operator", "unit:NOWHERE"):
        assert roles_of(party, case(owner="", coordinator="", executive=""), REGISTER, MONDAY) == set()


@given(
    st.sampled_from(ROLES[:4]),
    st.sampled_from(["", "HUM", "DHAKA", "NOWHERE"]),
    st.sampled_from(["", "GIL", "NOWHERE"]),
    st.sampled_from(["", "unit:UR", "person:stranger", "unit:NOWHERE"]),
    st.sets(st.sampled_from(sorted(REGISTER.units))),
    st.sets(st.sampled_from(sorted(REGISTER.persons))),
)
def test_whatever_is_empty_somebody_with_an_address_hears(
    role: Role, owner: str, coordinator: str, executive: str, mute: set[str], gone: set[str]
) -> None:
    register = replace(
        REGISTER,
        units={code: replace(it, mailbox="" if code in mute else it.mailbox) for code, it in REGISTER.units.items()},
        persons={key: replace(it, active=key not in gone) for key, it in REGISTER.persons.items()},
    )
    it = case(owner=owner, coordinator=coordinator, executive=executive)
    assert [found.address for found in recipients(role, it, register, MONDAY) if not found.address] == []


def test_a_letter_comes_in_the_language_of_the_person_or_the_unit_or_the_house() -> None:
    nynorsk = replace(REGISTER.units["HUM"], language="nn")
    english = replace(REGISTER.persons["officer"], language="en")
    spoken = replace(with_units(HUM=nynorsk), persons={**REGISTER.persons, "officer": english})
    languages = {
        party: found.language
        for party in ("person:officer", "person:hum-head", "person:gil-head", "person:stranger", "unit:HUM", "unit:UR")
        if (found := recipient(party, spoken, MONDAY))
    }
    assert languages == {
        "person:officer": "en",
        "person:hum-head": "nn",
        "person:gil-head": "nb",
        "person:stranger": "nb",
        "unit:HUM": "nn",
        "unit:UR": "nb",
    }


def test_a_party_is_reached_by_name_and_address() -> None:
    assert recipient("person:officer", REGISTER, MONDAY) == Recipient(
        party="person:officer", name=Text.same("Officer"), address="officer@ud.example", language="nb"
    )
    assert recipient("unit:HUM", REGISTER, MONDAY) == Recipient(
        party="unit:HUM", name=Text.same("HUM"), address="hum@ud.example", language="nb"
    )
    assert recipient(OPERATOR, REGISTER, MONDAY) == Recipient(
        party=OPERATOR, name=Text.same("Department"), address="drift@ud.example", language="nb"
    )


def test_who_has_no_address_or_has_left_or_is_not_known_is_not_reached() -> None:
    mute = replace(REGISTER.persons["officer"], address="")
    register = replace(with_units(HUM=replace(REGISTER.units["HUM"], mailbox="")), persons={"officer": mute})
    for party in ("person:officer", "person:hum-head", "unit:HUM", "unit:NOWHERE", "person:", "unit:", "", "x:y"):
        assert recipient(party, register, MONDAY) is None


def test_everybody_has_a_name_known_or_not() -> None:
    named = {party: name_of(party, REGISTER).nb for party in ("unit:HUM", "person:officer", OPERATOR)}
    assert named == {"unit:HUM": "HUM", "person:officer": "Officer", OPERATOR: "Department"}
    assert [name_of(party, REGISTER).nb for party in ("unit:X", "person:y", "system", "unit:officer")] == [
        "X",
        "y",
        "system",
        "officer",
    ]


def test_a_unit_that_cannot_be_reached_falls_to_the_units_above_it() -> None:
    tree = with_units(
        TOP=unit("TOP"),
        MID=replace(unit("MID", parent="TOP", head="mid-head"), mailbox=""),
        LOW=replace(unit("LOW", parent="MID"), mailbox=""),
    )
    assert parties("responsible", tree, owner="LOW") == [("unit:TOP", "LOW")]
    led = replace(tree, persons={**tree.persons, "mid-head": person("mid-head", "MID")})
    assert parties("responsible", led, owner="LOW") == [("person:mid-head", "LOW")]


def test_the_coordinators_own_ladder_comes_after_the_owners() -> None:
    bare = with_units(HUM=replace(unit("HUM"), mailbox=""), GIL=replace(REGISTER.units["GIL"], mailbox=""))
    assert parties("responsible", bare) == [("person:gil-head", "HUM")]
    nobody = replace(bare, persons={})
    assert parties("responsible", nobody) == [("unit:UR", "HUM")]
    assert parties("responsible", nobody, executive="") == [(OPERATOR, "HUM")]


def test_an_executive_may_be_a_person() -> None:
    assert parties("executive", executive="person:officer") == [("person:officer", "")]
    assert parties("executive", executive="") == [("unit:HUM", "executive")]


def test_the_head_of_the_unit_that_succeeded_heads_the_case() -> None:
    closed = with_units(DHAKA=unit("DHAKA", valid_to=date(2011, 6, 30), successor="HUM"))
    assert parties("head", closed, owner="DHAKA") == [("person:hum-head", "")]
    assert roles_of("person:hum-head", case(owner="DHAKA"), closed, MONDAY) == {"responsible", "head"}


def test_a_copy_that_cannot_be_reached_is_sent_to_the_unit_of_the_one_meant() -> None:
    gone = replace(REGISTER, persons={**REGISTER.persons, "dhaka-head": person("dhaka-head", "DHAKA", active=False)})
    assert parties("copies", gone, copies=("person:dhaka-head",)) == [("unit:DHAKA", "Dhaka-Head")]


def test_roles_belong_to_a_person_by_the_unit_it_works_in() -> None:
    it = case(executive="unit:UR", copies=("person:ur-clerk",))
    clerk = replace(REGISTER, persons={**REGISTER.persons, "ur-clerk": person("ur-clerk", "UR")})
    assert roles_of("person:ur-clerk", it, clerk, MONDAY) == {"executive", "copies"}
    assert roles_of("person:officer", case(executive="person:officer"), REGISTER, MONDAY) == {
        "responsible",
        "executive",
    }
    assert roles_of("unit:GIL", it, REGISTER, MONDAY) == {"coordinator"}
    assert roles_of("person:dhaka-head", it, REGISTER, MONDAY) == set()


def test_whoever_has_left_has_no_say_any_more() -> None:
    gone = replace(REGISTER, persons={**REGISTER.persons, "officer": person("officer", "HUM", active=False)})
    assert "responsible" in roles_of("person:officer", case(responsible="officer"), REGISTER, MONDAY)
    assert roles_of("person:officer", case(responsible="officer"), gone, MONDAY) == set()


def test_a_role_that_nobody_fills_is_named_in_the_letter_of_whoever_hears_instead() -> None:
    assert parties("coordinator", coordinator="") == [("unit:HUM", "coordinator")]
    assert parties("copies", copies=("unit:",)) == [("unit:HUM", "unit:")]


def test_what_was_meant_for_a_party_reaches_it_or_the_next_on_the_ladder_of_the_case() -> None:
    leave = Absence(person="officer", first=MONDAY, substitute="hum-head")
    away = replace(REGISTER, absences=(leave,))

    def heard(party: str, register: Register = REGISTER, *, of: Case | None = None) -> tuple[str, str]:
        found = instead(party, of, register, MONDAY)
        return found.party, found.instead_of

    assert heard("person:officer") == ("person:officer", "")
    assert heard("person:officer", away) == ("person:hum-head", "Officer")
    closed = with_units(DHAKA=unit("DHAKA", valid_to=date(2011, 6, 30), successor="HUM"))
    assert heard("unit:DHAKA", closed) == ("unit:HUM", "")
    gone = replace(REGISTER, persons={**REGISTER.persons, "officer": person("officer", "UR", active=False)})
    assert heard("person:officer", gone) == (OPERATOR, "Officer")
    assert heard("person:officer", gone, of=case()) == ("unit:UR", "Officer")
    assert heard("unit:", of=None) == (OPERATOR, "unit:")
    assert heard("unit:", of=case()) == ("unit:HUM", "unit:")


def test_a_name_need_not_be_the_code_and_a_key_may_hold_a_colon() -> None:
    named = replace(REGISTER.units["HUM"], name=Text("Humanitær seksjon", "Humanitær seksjon", "Humanitarian section"))
    odd = replace(person("a:b", "HUM"), address="ab@ud.example")
    register = replace(with_units(HUM=named), persons={**REGISTER.persons, "a:b": odd})
    assert name_of("unit:HUM", register) == named.name
    assert name_of("person:HUM", register) == Text.same("HUM")
    assert name_of("person:a:b", register) == Text.same("A:B")
    found = recipient("person:a:b", register, MONDAY)
    assert found is not None
    assert found.address == "ab@ud.example"
    assert roles_of("person:a:b", case(), register, MONDAY) == {"responsible"}
