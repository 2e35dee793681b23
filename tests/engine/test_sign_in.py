"""Signing in by a mailed link: who gets one, in which browser it works and for how long, and what each refusal says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.link import digest_of
from engine.people import Recipient, Register
from engine.secret import code_of, fresh
from engine.sign_in import (
    MOST_WRONG_CODES,
    Limit,
    NoWayIn,
    Session,
    SignIn,
    Visitor,
    WrongCode,
    admit,
    ask,
    enter,
    invitations,
    invite,
    known_by,
    opened,
    visitor,
)
from store.entrance import SqlEntrance
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER, case, person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
NONCE = "n" * 26  # what the browser that asked carries
OFFICER = "officer@ud.example"


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(case(parent="", plan="IOM-2011-3", responsible="officer"))
    yield opened
    opened.close()


@pytest.fixture
def entrance(store: SqlStore) -> SqlEntrance:
    return store.entrance


def wish(entrance: SqlEntrance, address: str = OFFICER) -> SignIn:
    """What somebody asked for, as it comes to whoever writes the letters."""
    ask(entrance, address, nonce=NONCE, back="/case/1", now=NOON)
    (found,) = entrance.asked(NOON, until=NOON, limit=9)
    return found


def link(entrance: SqlEntrance, at: datetime = NOON) -> str:
    (invitation,) = invitations(wish(entrance), REGISTER, at)
    entrance.keep(invitation.sign_in)
    return invitation.token


def come_in(
    entrance: SqlEntrance, token: str, *, nonce: str = NONCE, code: str = "", cookie: str = "", at: datetime = NOON
) -> tuple[SignIn, str]:
    return enter(entrance, token, nonce=nonce, code=code, agent="Firefox" * 99, cookie=cookie, now=at)


def seen(entrance: SqlEntrance, cookie: str, at: datetime, register: Register = REGISTER) -> Visitor | None:
    return visitor(entrance, cookie, register, today=MONDAY, now=at)


def test_who_asks_is_kept_with_digests_alone_and_nobody_is_looked_up(entrance: SqlEntrance) -> None:
    assert wish(entrance, " Nobody@Else.example ") == SignIn(
        id=wish_id(entrance), address="nobody@else.example", nonce=digest_of(NONCE), code=digest_of(code_of(NONCE)),
        back="/case/1", asked_at=NOON, try_at=NOON, attempts=1, expires_at=NOON + 15 * MINUTE,
    )  # fmt: skip


def wish_id(entrance: SqlEntrance) -> str:
    (found,) = entrance.asked(NOON, until=NOON, limit=9)
    return found.id


def test_five_letters_to_an_address_and_then_one_every_ten_minutes(entrance: SqlEntrance) -> None:
    tried = [
        admit(entrance, address, f"net {n}", NOON) for n, address in enumerate([OFFICER.upper(), f" {OFFICER}"] * 3)
    ]
    assert tried == [None] * 5 + [10 * MINUTE]
    assert admit(entrance, OFFICER, "net", NOON + 10 * MINUTE) is None
    assert admit(entrance, "another@ud.example", "net", NOON) is None


def test_sixty_letters_from_a_network_whoever_they_are_for(entrance: SqlEntrance) -> None:
    entrance.take("network net", Limit(1, HOUR), NOON)
    assert admit(entrance, OFFICER, "net", NOON) == 10 * SECOND
    assert admit(entrance, OFFICER, "elsewhere", NOON) is None


def test_the_letter_goes_to_the_one_whose_address_it_is_with_a_link_of_its_own(entrance: SqlEntrance) -> None:
    asked = wish(entrance)
    (found,) = invitations(asked, REGISTER, NOON + HOUR)
    assert found.to == Recipient(
        party="person:officer", name=found.to.name, address=OFFICER, language=REGISTER.organisation.language
    )
    assert found.sign_in == replace(
        asked, party="person:officer", token=digest_of(found.token), expires_at=NOON + HOUR + 15 * MINUTE
    )
    (again,) = invitations(found.sign_in, REGISTER, NOON)
    assert again.token != found.token


def test_two_people_with_one_address_get_two_links(entrance: SqlEntrance) -> None:
    twin = replace(REGISTER.persons["officer"], key="twin")
    two = replace(REGISTER, persons={**REGISTER.persons, "twin": twin})
    asked = wish(entrance)
    one, other = invitations(asked, two, NOON)
    assert {one.to.party, other.to.party} == {"person:officer", "person:twin"}
    assert [it.to.party for it in invitations(other.sign_in, two, NOON)] == [other.to.party]  # tried again
    assert (one.sign_in.id, other.sign_in.id == asked.id, one.token == other.token) == (asked.id, False, False)


def invited(entrance: SqlEntrance, register: Register) -> list[str]:
    """Who is written to when somebody asks with the address of whoever runs the service."""
    found = [it.to.party for it in invitations(wish(entrance, "Drift@ud.example"), register, NOON)]
    assert found == known_by("drift@ud.example", register)
    return found


@pytest.mark.parametrize("operator", ["drift@ud.example", " Drift@UD.example"])
def test_who_runs_the_service_is_known_by_its_address(entrance: SqlEntrance, operator: str) -> None:
    organisation = replace(REGISTER.organisation, operator=operator)
    assert invited(entrance, replace(REGISTER, organisation=organisation)) == ["operator"]


def test_a_person_with_the_address_of_whoever_runs_the_service_comes_as_that_person(entrance: SqlEntrance) -> None:
    chief = replace(person("chief", ""), address="Drift@UD.example")
    assert invited(entrance, replace(REGISTER, persons={"chief": chief})) == ["person:chief"]


def test_nobody_gets_a_link_for_an_address_that_nobody_has(entrance: SqlEntrance) -> None:
    assert list(invitations(wish(entrance, "nobody@ud.example"), REGISTER, NOON)) == []


def test_a_link_works_in_the_browser_that_asked_and_once(entrance: SqlEntrance) -> None:
    token = link(entrance)
    found, cookie = come_in(entrance, token)
    assert (found.party, found.back) == ("person:officer", "/case/1")
    assert list(entrance.sessions()) == [
        Session(
            id=digest_of(cookie), party="person:officer", began_at=NOON, seen_at=NOON, ends_at=NOON + 12 * HOUR,
            agent=("Firefox" * 99)[:200],
        )
    ]  # fmt: skip
    with pytest.raises(NoWayIn, match=r"^this link does not work$"):
        come_in(entrance, token)


def test_who_presses_after_somebody_else_has_is_told_no_more_than_anybody(entrance: SqlEntrance) -> None:
    class Slow(SqlEntrance):
        """Somebody else presses between the look and the press."""

        def enter(self, token: str, session: Session, *, instead_of: str) -> bool:
            super().enter(token, replace(session, id="theirs"), instead_of="")
            return super().enter(token, session, instead_of=instead_of)

    token = link(entrance)
    with pytest.raises(NoWayIn, match=r"^this link does not work$"):
        come_in(Slow(entrance.engine, entrance.org, entrance.statements), token)
    assert [it.id for it in entrance.sessions()] == ["theirs"]


@pytest.mark.parametrize(("passed", "works"), [(15 * MINUTE - SECOND, True), (15 * MINUTE, False), (HOUR, False)])
def test_a_link_works_for_a_quarter_of_an_hour(entrance: SqlEntrance, passed: timedelta, works: bool) -> None:
    token = link(entrance)
    if works:
        assert opened(entrance, token, NOON + passed).party == "person:officer"
    else:
        with pytest.raises(NoWayIn, match=r"^this link does not work$"):
            opened(entrance, token, NOON + passed)


def test_what_was_never_a_link_works_no_more_than_an_old_one(entrance: SqlEntrance) -> None:
    with pytest.raises(NoWayIn, match=r"^this link does not work$"):
        opened(entrance, fresh(), NOON)


def test_another_browser_comes_in_by_the_code_however_it_is_spaced(entrance: SqlEntrance) -> None:
    token, code = link(entrance), code_of(NONCE)
    with pytest.raises(WrongCode, match=r"^that is not the code$"):
        come_in(entrance, token, nonce="other")
    found, _ = come_in(entrance, token, nonce="other", code=f" {code[:3]} {code[3:]}\n")
    assert found.party == "person:officer"


def test_five_wrong_codes_and_the_link_is_over_and_what_is_no_code_takes_no_try(entrance: SqlEntrance) -> None:
    token, wrong = link(entrance), "000000" if code_of(NONCE) != "000000" else "111111"
    left = []
    for code in ("", "12345", "abcdef", wrong, "", *[wrong] * (MOST_WRONG_CODES - 1)):
        with pytest.raises(WrongCode) as refused:
            come_in(entrance, token, nonce="", code=code)
        left.append(refused.value.left)
    assert left == [5, 5, 5, 4, 4, 3, 2, 1, 0]
    with pytest.raises(NoWayIn):
        come_in(entrance, token)


def test_a_way_in_without_mail_needs_both_the_link_and_the_code(entrance: SqlEntrance) -> None:
    token, code = invite(entrance, "person:officer", now=NOON)
    found = opened(entrance, token, NOON)
    assert found == SignIn(
        id=found.id, address="", code=digest_of(code), asked_at=NOON, expires_at=NOON + 15 * MINUTE,
        party="person:officer", token=digest_of(token),
    )  # fmt: skip
    assert list(entrance.asked(NOON + HOUR, until=NOON + HOUR, limit=9)) == []
    with pytest.raises(WrongCode):
        come_in(entrance, token, nonce="")
    assert come_in(entrance, token, nonce="", code=code)[0].party == "person:officer"


def test_the_session_that_the_browser_had_ends_and_others_go_on(entrance: SqlEntrance) -> None:
    _, first = come_in(entrance, link(entrance))
    _, second = come_in(entrance, link_again(entrance), cookie=first)
    assert [it.id for it in entrance.sessions()] == [digest_of(second)]
    come_in(entrance, link_again(entrance))
    assert len(entrance.sessions()) == 2


def link_again(entrance: SqlEntrance) -> str:
    token, _ = invite(entrance, "person:officer", now=NOON)
    found = opened(entrance, token, NOON)
    entrance.keep(replace(found, nonce=digest_of(NONCE)))
    return token


def test_a_cookie_stands_for_its_person_and_the_plans_they_have_a_role_on(entrance: SqlEntrance) -> None:
    _, cookie = come_in(entrance, link(entrance))
    found = seen(entrance, cookie, NOON)
    assert found is not None
    assert (found.party, found.session.id, found.plans) == (
        "person:officer",
        digest_of(cookie),
        frozenset({"IOM-2011-3"}),
    )
    assert (found.sees("IOM-2011-3"), found.sees("X")) == (True, False)
    assert seen(entrance, "", NOON) is None
    assert seen(entrance, "other", NOON) is None


def test_who_runs_the_service_sees_every_plan(entrance: SqlEntrance) -> None:
    token, code = invite(entrance, "operator", now=NOON)
    _, cookie = come_in(entrance, token, nonce="", code=code)
    found = seen(entrance, cookie, NOON)
    assert found is not None
    assert (found.party, found.plans, found.sees("X")) == ("operator", None, True)


@pytest.mark.parametrize(("passed", "in_"), [(2 * HOUR - SECOND, True), (2 * HOUR, False)])
def test_a_session_that_nobody_uses_is_over_after_two_hours(
    entrance: SqlEntrance, passed: timedelta, in_: bool
) -> None:
    _, cookie = come_in(entrance, link(entrance))
    assert (seen(entrance, cookie, NOON + passed) is not None) == in_


def test_a_session_that_is_used_is_over_after_twelve_hours(entrance: SqlEntrance) -> None:
    _, cookie = come_in(entrance, link(entrance))
    assert all(seen(entrance, cookie, NOON + hours * HOUR) for hours in range(12))
    assert seen(entrance, cookie, NOON + 12 * HOUR) is None


@pytest.mark.parametrize(("passed", "noted"), [(5 * MINUTE - SECOND, False), (5 * MINUTE, True)])
def test_that_a_session_is_used_is_noted_every_five_minutes(
    entrance: SqlEntrance, passed: timedelta, noted: bool
) -> None:
    _, cookie = come_in(entrance, link(entrance))
    assert seen(entrance, cookie, NOON + passed)
    (session,) = entrance.sessions()
    assert session.seen_at == (NOON + passed if noted else NOON)


def test_whoever_has_left_or_was_never_here_is_not_let_on(entrance: SqlEntrance) -> None:
    _, cookie = come_in(entrance, link(entrance))
    left = replace(REGISTER.persons["officer"], active=False)
    assert seen(entrance, cookie, NOON, replace(REGISTER, persons={"officer": left})) is None
    assert seen(entrance, cookie, NOON, replace(REGISTER, persons={})) is None
    token, code = invite(entrance, "unit:HUM", now=NOON)
    _, theirs = come_in(entrance, token, nonce="", code=code)
    assert seen(entrance, theirs, NOON) is None
