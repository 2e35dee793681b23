"""Links, sessions and buckets as every back end keeps them: once is once, whoever else tries at the same time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.access import Reach, reach
from engine.link import digest_of
from engine.people import Grant, Person, Unit
from engine.sign_in import Limit, Session, SignIn
from engine.text import Text
from store.sql import SqlStore
from tests.store.cast import DAY, HEAD, HUM, NOON, REGISTER, a_case, a_plan, a_store

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TOKEN = digest_of("token")


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = a_store(database)
    yield opened
    opened.close()


def a_sign_in(id: str = "a", **more: object) -> SignIn:
    facts: dict[str, object] = {
        "id": id, "address": "ase@ud.example", "nonce": digest_of("n"), "code": digest_of("123456"),
        "back": "/case/P-1",        "asked_at": NOON, "try_at": NOON, "expires_at": NOON + 15 * MINUTE,
    }  # fmt: skip
    return SignIn(**(facts | more))  # type: ignore[arg-type]


def a_session(id: str = "s", party: str = "person:leder", **more: object) -> Session:
    facts: dict[str, object] = {"began_at": NOON, "seen_at": NOON, "ends_at": NOON + 12 * HOUR, "agent": "Firefox"}
    return Session(id=id, party=party, **(facts | more))  # type: ignore[arg-type]


def at_once(times: int, act: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(act, range(times)))


def test_a_wish_is_kept_as_it_was_said_and_handed_out_once(store: SqlStore) -> None:
    store.entrance.ask(a_sign_in())
    store.entrance.ask(a_sign_in("later", try_at=NOON + HOUR))
    first = store.entrance.asked(NOON, until=NOON + MINUTE, limit=9)
    assert first == [a_sign_in(try_at=NOON + MINUTE, attempts=1)]
    assert list(store.entrance.asked(NOON, until=NOON + MINUTE, limit=9)) == []
    again = store.entrance.asked(NOON + MINUTE, until=NOON + 2 * MINUTE, limit=9)  # whoever had it has died
    assert [it.attempts for it in again] == [2]
    store.entrance.keep(replace(again[0], try_at=None, party="person:leder", token=TOKEN))
    assert list(store.entrance.asked(NOON + 2 * MINUTE, until=NOON + HOUR, limit=9)) == []
    assert store.entrance.sign_in(TOKEN) == replace(again[0], try_at=None, party="person:leder", token=TOKEN)
    assert store.entrance.sign_in(digest_of("other")) is None


def test_a_link_lets_one_in_however_many_press_at_once(store: SqlStore) -> None:
    store.entrance.ask(a_sign_in(party="person:leder", token=TOKEN))
    let_in = at_once(4, lambda n: store.entrance.enter(TOKEN, a_session(f"s{n}"), instead_of=""))
    assert sorted(map(bool, let_in)) == [False, False, False, True]
    assert len(store.entrance.sessions("person:leder")) == 1


def test_signing_in_ends_the_session_that_the_browser_had(store: SqlStore) -> None:
    store.entrance.ask(a_sign_in(party="person:leder", token=TOKEN))
    store.entrance.ask(a_sign_in("b", party="person:leder", token=digest_of("b")))
    assert store.entrance.enter(TOKEN, a_session("old"), instead_of="")
    assert store.entrance.enter(digest_of("b"), a_session("new"), instead_of="old")
    assert [it.id for it in store.entrance.sessions()] == ["new"]
    assert store.entrance.session("old") is None


def test_a_session_is_noted_and_ended_alone_or_with_all_of_its_owner(store: SqlStore) -> None:
    for n, party in enumerate(("person:leder", "person:leder", "person:leder", "operator")):
        store.entrance.ask(a_sign_in(str(n), party=party, token=digest_of(str(n))))
        store.entrance.enter(digest_of(str(n)), a_session(f"s{n}", party), instead_of="")
    store.entrance.note("s1", NOON + MINUTE)
    store.entrance.note("s1", NOON)  # a slow node says so late
    assert next((it.id, it.seen_at) for it in store.entrance.sessions("person:leder")) == ("s1", NOON + MINUTE)
    assert store.entrance.end_sessions(["s0", "nothing"]) == 1
    store.entrance.ask(a_sign_in("unused", party="person:leder", token=TOKEN))
    assert store.entrance.end_all("person:leder") == 2
    assert store.entrance.sign_in(TOKEN) is None
    assert [it.party for it in store.entrance.sessions()] == ["operator"]


def test_a_bucket_gives_no_more_than_is_in_it_and_fills_with_time(store: SqlStore) -> None:
    limit = Limit(3, 10 * MINUTE)
    took = at_once(5, lambda _: store.entrance.take("address x", limit, NOON))
    assert sum(wait is None for wait in took) == 3
    assert {wait for wait in took if wait} == {10 * MINUTE}
    assert store.entrance.take("address y", limit, NOON) is None
    wait = store.entrance.take("address x", limit, NOON + 4 * MINUTE)
    assert wait
    assert abs(wait - 6 * MINUTE) < timedelta(seconds=1)
    assert store.entrance.take("address x", limit, NOON + 11 * MINUTE) is None
    assert (
        store.entrance.take("address x", limit, NOON - 300 * HOUR) is not None
    )  # a clock that goes back fills nothing


def test_what_is_over_is_forgotten(store: SqlStore) -> None:
    store.entrance.ask(a_sign_in(party="person:leder", token=TOKEN))
    store.entrance.enter(TOKEN, a_session(), instead_of="")
    store.entrance.take("address x", Limit(1, HOUR), NOON)
    store.entrance.prune(NOON + HOUR)
    assert store.entrance.session("s")
    assert store.entrance.sign_in(TOKEN)
    store.entrance.prune(NOON + 3 * HOUR)
    assert store.entrance.session("s") is None
    store.entrance.prune(NOON + 48 * HOUR)
    assert store.entrance.sign_in(TOKEN) is None


def test_a_granted_role_stands_in_the_register_until_it_is_withdrawn(store: SqlStore) -> None:
    grant = Grant(person="leder", role="reader", plan="P", granted_at=NOON)
    store.entrance.grant(grant)
    store.entrance.grant(grant)
    with store.begin() as tx:
        tx.enrol(tx.register())
    assert store.register().grants == (grant,)
    assert store.entrance.withdraw(grant)
    assert not store.entrance.withdraw(grant)
    assert store.register().grants == ()


def _peopled(store: SqlStore) -> None:
    cases = (
        a_plan().evolve(ref="X", plan="X", copies=(), contributors=(), owner=""),
        a_case(1, ref="X-1", plan="X", owner="HUM", copies=(), contributors=()),
        a_plan().evolve(ref="Q", plan="Q", copies=("unit:hum",), contributors=("B%",), owner="", executive="unit:UR"),
        a_case(2, ref="Q-1", plan="Q", owner="", copies=(), contributors=(), responsible="gil"),
        a_plan().evolve(ref="R", plan="R", copies=('person:q"uote',), contributors=("A",), owner="", coordinator="GIL"),
    )
    with store.begin() as tx:
        for case in cases:
            tx.add(case)


def test_the_plans_of_somebody_are_those_whose_cases_name_them(store: SqlStore) -> None:
    _peopled(store)
    everybody = replace(
        REGISTER,
        units={"HUM": HUM, **{code: Unit(code=code, name=Text.same(code)) for code in ("UR", "A", "GIL", "B_", "B%")}},
        persons={
            "leder": HEAD,
            **{key: Person(key=key, name=key, unit=code) for key, code in (("ur", "UR"), ("a", "A"), ("gil", "GIL"))},
            **{key: Person(key=key, name=key, unit=code) for key, code in (('q"uote', ""), ("b_", "B_"), ("b%", "B%"))},
            "none": Person(key="none", name="none"),
        },
        absences=(),
    )
    cases = [case for plan in store.plans() for case in store.cases(plan.ref)]
    for key in everybody.persons:
        found = reach(f"person:{key}", everybody, DAY)
        assert store.entrance.plans_of(found) == {case.plan for case in cases if found.covers(case)}, key
    assert store.entrance.plans_of(reach("person:leder", everybody, DAY)) == {"P", "X"}  # unit:hum is no unit:HUM
    assert store.entrance.plans_of(reach('person:q"uote', everybody, DAY)) == {"R"}
    assert store.entrance.plans_of(reach("person:b_", everybody, DAY)) == set()
    assert store.entrance.plans_of(reach("person:b%", everybody, DAY)) == {"Q"}
    assert store.entrance.plans_of(Reach(plans=frozenset({"P"}))) == {"P"}
    assert store.entrance.plans_of(Reach()) == set()
