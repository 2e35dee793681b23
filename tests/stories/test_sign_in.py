"""Somebody signs in by mail: a letter, a button, a session; what machines and strangers try leads nowhere."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from engine.people import Absence, Person
from engine.sign_in import LETTERS_FROM_NETWORK, LETTERS_TO_ADDRESS, invite
from notifications.post import SendError
from tests.stories.guests import COORDINATOR, HEAD, SAME_ORIGIN, STRANGER, Guest, mailed, write_letters
from tests.stories.world import World

PLAN, CASE = "/plan/IOM-2011", "/case/IOM-2011-3"


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> str:
    """What differs between databases is tried in tests/store."""
    shutil.copy(migrated, tmp_path / "tiltak.db")
    return f"sqlite:///{tmp_path / 'tiltak.db'}"


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Everything that is asked of the database meanwhile."""
    said: list[str] = []

    def note(*facts: Any) -> None:
        said.append(facts[2])

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def enrol(world: World, *persons: Person) -> None:
    with world.service.store.begin() as tx:
        known = tx.register()
        tx.enrol(replace(known, persons={**known.persons, **{it.key: it for it in persons}}))


def test_a_link_a_button_and_one_is_in(world: World) -> None:
    guest = Guest(world)
    sent_away = guest.get(CASE)
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, f"/sign-in?back={CASE.replace('/', '%2F')}")
    assert 'name="back" value="/case/IOM-2011-3"' in guest.get(sent_away.headers["location"]).text
    guest.ask(" Geir.Eksempel@UD.example ", back=CASE)
    link = mailed(world, COORDINATOR)
    page = guest.get(link)
    assert "Sign in as Geir Eksempel" in page.text
    assert 'name="code"' not in page.text
    assert page.headers["Referrer-Policy"] == "strict-origin"
    let_in = guest.post(link)
    assert (let_in.status_code, let_in.headers["location"]) == (303, CASE)
    shown = guest.get(CASE)
    assert shown.status_code == 200
    assert "Geir Eksempel" in shown.text
    assert "/demo/" not in shown.text
    assert guest.get("/").headers["location"] == PLAN


def test_whoever_is_sent_to_sign_in_is_spoken_to_in_the_language_and_colours_asked_for(world: World) -> None:
    guest = Guest(world)
    sent_away = guest.get(f"{CASE}?lang=nn&kept=4&look=dark").headers["location"]
    page = guest.get(sent_away)
    assert (page.headers["Content-Language"], page.cookies["look"]) == ("nn", "dark")
    assert f'name="back" value="{CASE}?kept=4"' in page.text, "or a choice made meanwhile would be undone"
    assert guest.get("/sign-in").headers["Content-Language"] == "nn"


def test_the_letter_leaves_on_a_saturday_night_and_lies_in_no_outbox(world: World) -> None:
    world.clock.move_to(world.at(date(2011, 8, 27), time(23, 30)))
    guest = Guest(world)
    guest.ask(COORDINATOR)
    before = world.service.store.letters_count()
    assert write_letters(world) == 1
    assert world.service.store.letters_count() == before
    assert "15 minutter" in world.box.to(COORDINATOR)[-1].text
    assert write_letters(world) == 0


def test_whoever_asks_learns_nothing_about_who_is_known(world: World) -> None:
    said: list[tuple[object, ...]] = []
    for address in (COORDINATOR, STRANGER, "nobody@elsewhere.example"):
        guest = Guest(world, network=f"198.51.100.{len(said)}")
        guest.client.cookies.set("tiltak-asked", "a" * 26)
        with statements(world.service.store.engine) as asked:
            answer = guest.post("/sign-in", address=address)
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        said.append((answer.status_code, answer.text.replace(address, ""), headers, asked))
    assert said[0] == said[1] == said[2]
    assert not any("persons" in statement for statement in said[0][3])  # type: ignore[attr-defined]


def test_nobody_gets_a_letter_who_is_not_known_or_has_left(world: World) -> None:
    enrol(world, Person(key="gone", name="Gone", address="gone@ud.example", active=False))
    for address in ("nobody@elsewhere.example", "gone@ud.example"):
        Guest(world).ask(address)
    assert write_letters(world) == 0
    assert world.box.mails == []


def test_two_who_share_an_address_get_a_link_each(world: World) -> None:
    enrol(world, *(Person(key=key, name=key.title(), address="both@ud.example", unit="REG") for key in ("ann", "bo")))
    guest = Guest(world)
    guest.ask("both@ud.example")
    assert write_letters(world) == 2
    names = {re.search(r"Hei, (\w+)", it.text)[1] for it in world.box.to("both@ud.example")}  # type: ignore[index]
    links = [re.search(r"/sign-in/\w+", it.text)[0] for it in world.box.to("both@ud.example")]  # type: ignore[index]
    assert names == {"Ann", "Bo"}
    assert {re.search(r"Sign in as (\w+)", guest.get(it).text)[1] for it in links} == names  # type: ignore[index]


def test_whoever_is_away_gets_the_letter_all_the_same_and_not_the_substitute(world: World) -> None:
    world.service.desk.absent(Absence(person="leder-gil", first=date(2011, 8, 1), substitute="leder-reg"))
    Guest(world).ask(COORDINATOR)
    write_letters(world)
    assert [it.to for it in world.box.mails] == [COORDINATOR]


def test_a_scanner_that_looks_and_presses_uses_nothing_up(world: World) -> None:
    guest = Guest(world)
    code = guest.ask(COORDINATOR)
    link = mailed(world, COORDINATOR)
    scanner = Guest(world, guest.app, network="203.0.113.9")
    for _ in range(3):
        assert scanner.get(link).status_code == 200
        assert scanner.client.head(link).status_code == 200
        assert scanner.client.post(link).status_code == 403  # a script that knows no origin
        assert scanner.post(link).status_code == 422  # a browser that presses the first button
        assert scanner.post(link, code="test").status_code == 422
    assert scanner.get(PLAN).status_code == 303
    assert world.service.store.entrance.sessions() == []
    phone = Guest(world, guest.app, network="203.0.113.10")  # the letter is read on another device
    assert 'name="code"' in phone.get(link).text
    assert phone.post(link, code=f"{code[:3]} {code[3:]}").status_code == 303
    assert phone.get(PLAN).status_code == 200
    used = guest.post(link)
    assert used.status_code == 404
    assert "This link does not work" in used.text


def test_a_code_cannot_be_guessed(world: World) -> None:
    guest = Guest(world)
    code = guest.ask(COORDINATOR)
    link, thief = mailed(world, COORDINATOR), Guest(world, guest.app)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    left = [re.search(r"(\d) (?:try|tries)", thief.post(link, code=wrong).text) for _ in range(4)]
    assert [it and it[1] for it in left] == ["4", "3", "2", "1"]
    assert thief.post(link, code=wrong).status_code == 404
    assert thief.post(link, code=code).status_code == 404
    assert guest.post(link).status_code == 404


def test_a_link_dies_after_a_quarter_of_an_hour_and_one_that_never_was_is_told_the_same(world: World) -> None:
    guest = Guest(world)
    guest.ask(COORDINATOR)
    link = mailed(world, COORDINATOR)
    world.clock.forward(minutes=14)
    assert guest.get(link).status_code == 200
    world.clock.forward(minutes=1)
    old, never = guest.get(link), guest.get("/sign-in/" + "a" * 26)
    assert old.status_code == never.status_code == guest.post(link).status_code == 404
    assert old.text.replace(link, "") == never.text.replace("/sign-in/" + "a" * 26, "")


def test_a_session_ends_after_twelve_hours_or_two_without_a_page(world: World) -> None:
    guest = Guest(world).come_in(COORDINATOR)
    for _ in range(6):
        world.clock.forward(hours=1, minutes=55)
        assert guest.get(PLAN).status_code == 200
    world.clock.forward(minutes=31)
    assert guest.get(PLAN).status_code == 303
    idle = Guest(world).come_in(COORDINATOR)
    world.clock.forward(hours=2)
    assert idle.get(PLAN).status_code == 303


def test_signing_in_again_gives_a_new_cookie_and_ends_the_old_session(world: World) -> None:
    guest = Guest(world).come_in(COORDINATOR)
    first = guest.client.cookies["tiltak"]
    guest.come_in(COORDINATOR)
    assert guest.client.cookies["tiltak"] != first
    assert len(world.service.store.entrance.sessions()) == 1
    fixed = Guest(world)
    fixed.client.cookies.set("tiltak", "a" * 26)  # somebody has put a cookie of their own choice there
    fixed.come_in(COORDINATOR)
    assert fixed.client.cookies.get("tiltak", domain="127.0.0.1") not in (None, "a" * 26)


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(world: World) -> None:
    here, there, other = (Guest(world).come_in(it) for it in (COORDINATOR, COORDINATOR, HEAD))
    keys = re.findall(r'name="session" value="([0-9a-f]{12})"', here.get("/sessions").text)
    assert len(keys) == 2
    (foreign,) = world.service.store.entrance.sessions("person:leder-reg")
    here.post("/sessions", session=foreign.key)
    assert other.get(PLAN).status_code == 200
    mine = next(it.key for it in world.service.store.entrance.sessions() if it.key in keys)
    here.post("/sessions", session=mine)
    assert sorted(it.get(PLAN).status_code for it in (here, there)) == [200, 303]
    left = here if here.get(PLAN).status_code == 200 else there
    left.ask(COORDINATOR)
    under_way = mailed(world, COORDINATOR)
    assert left.post("/sessions", session="all").status_code == 303
    assert left.get(PLAN).status_code == 303
    assert left.get(under_way).status_code == 404
    other.post("/sign-out")
    assert other.get(PLAN).status_code == 303
    assert world.service.store.entrance.sessions() == []


def test_whoever_leaves_is_out_at_once(world: World) -> None:
    guest = Guest(world).come_in(COORDINATOR)
    enrol(world, replace(world.service.store.register().persons["leder-gil"], active=False))
    assert guest.get(PLAN).status_code == 303


def test_nobody_is_led_away_by_signing_in(world: World) -> None:
    for back in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        guest = Guest(world)
        assert 'value="/"' in guest.client.get("/sign-in", params={"back": back}).text
        guest.ask(COORDINATOR, back=back)
        assert guest.post(mailed(world, COORDINATOR)).headers["location"] == "/"


def test_another_site_signs_nobody_in_or_out(world: World) -> None:
    guest = Guest(world).come_in(COORDINATOR)
    for path in ("/sign-in", "/sign-out", "/sessions", CASE):
        assert guest.client.post(path, data={"address": COORDINATOR, "session": "all"}).status_code == 403
        foreign = {**SAME_ORIGIN, "Sec-Fetch-Site": "cross-site"}
        assert guest.client.post(path, data={"address": COORDINATOR}, headers=foreign).status_code == 403
    assert guest.get(PLAN).status_code == 200


@pytest.mark.parametrize(
    "odd", ["", "nobody", "a@b@c", "<b>@x.example", "a b@x.example", "x@y.example\r\nBcc: z@y.example"]
)
def test_what_is_no_address_is_said_kindly_and_kept_in_the_form(world: World, odd: str) -> None:
    answer = Guest(world).post("/sign-in", address=odd)
    assert answer.status_code == 422
    assert "This is no e-mail address" in answer.text
    assert "<b>@x" not in answer.text


def test_asking_too_often_is_slowed_down_for_known_and_unknown_alike_and_over_all_nodes(world: World) -> None:
    other_node = Guest(world, network="203.0.113.5")
    for address in (COORDINATOR, "nobody@elsewhere.example"):
        for _ in range(LETTERS_TO_ADDRESS.most):
            Guest(world).ask(address)
        refused = other_node.post("/sign-in", address=address.upper())
        assert refused.status_code == 429
        assert "Too many at once" in refused.text
        assert 0 < int(refused.headers["Retry-After"]) <= LETTERS_TO_ADDRESS.pause.total_seconds()
    world.clock.forward(minutes=10)
    Guest(world).ask(COORDINATOR)


def test_one_network_cannot_ask_for_ever(world: World) -> None:
    guest = Guest(world, network="2001:db8::1")
    entrance, now = world.service.store.entrance, world.clock.now()
    for _ in range(LETTERS_FROM_NETWORK.most):
        entrance.take("network 2001:db8::/64", LETTERS_FROM_NETWORK, now)
    assert guest.post("/sign-in", address="a@b.example").status_code == 429
    assert Guest(world, guest.app, network="2001:db8:0:1::1").post("/sign-in", address="a@b.example").status_code == 200


def test_a_letter_that_did_not_leave_is_tried_again_while_the_visitor_waits(world: World) -> None:
    guest = Guest(world)
    guest.ask(COORDINATOR)
    world.box.failures = [SendError("no server", lost=True), SendError("no answer", unknown=True)]
    assert write_letters(world) == 0
    assert write_letters(world) == 0
    world.clock.forward(seconds=30)
    write_letters(world)  # it may have arrived, so another comes
    world.clock.forward(minutes=1)
    assert write_letters(world) == 1
    first, second = (re.search(r"/sign-in/\w+", it.text)[0] for it in world.box.to(COORDINATOR))  # type: ignore[index]
    assert guest.get(first).status_code == 404
    assert guest.post(second).status_code == 303
    guest.ask(COORDINATOR)
    world.box.failures = [SendError("gone", permanent=True)]
    write_letters(world)
    world.clock.forward(minutes=2)
    assert write_letters(world) == 0


def test_nothing_in_the_database_opens_a_door(world: World) -> None:
    guest = Guest(world)
    code = guest.ask(COORDINATOR)
    link = mailed(world, COORDINATOR)
    guest.post(link)
    secrets = [link.rpartition("/")[2], guest.client.cookies["tiltak"], code]
    with world.service.store.engine.connect() as connection:
        kept = [
            str(connection.execute(text(f"SELECT * FROM {it}")).all()) for it in ("sign_ins", "sessions", "letters")
        ]
    assert [it for it in secrets if any(it in rows for rows in kept)] == []


def test_the_operator_signs_in_without_being_a_person_and_sees_what_nobody_else_does(world: World) -> None:
    guest = Guest(world).come_in("drift@ud.example")
    page = guest.get(CASE)
    assert page.status_code == 200
    assert "What can be done now" not in page.text
    assert guest.get("/outbox").status_code == 200


def test_where_mail_is_down_the_operator_prints_a_link_and_a_code(world: World) -> None:
    token, code = invite(world.service.store.entrance, "person:leder-gil", now=world.clock.now())
    guest = Guest(world)
    assert guest.post(f"/sign-in/{token}").status_code == 422
    assert guest.post(f"/sign-in/{token}", code=code).status_code == 303
    assert guest.get(PLAN).status_code == 200


def test_a_front_page_tells_a_stranger_where_the_door_is(world: World) -> None:
    front = Guest(world).get("/")
    assert front.status_code == 200
    assert "This service works by mail" in front.text
    assert 'href="/sign-in"' in front.text
    assert Guest(world).get("/api/explain/IOM-2011-3").status_code == 401
