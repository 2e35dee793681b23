"""Whoever is signed in sees the plans they have a role on, and does what their roles allow; others find nothing."""

import re
import shutil
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from engine.draft import CaseDraft
from engine.inbound import Received
from engine.people import Absence, Grant, Person
from tests.stories.guests import COORDINATOR, HEAD, STRANGER, Guest
from tests.stories.test_sign_in import enrol, statements
from tests.stories.world import World
from tiltak.demo import Demo

PLAN, CASE, API = "/plan/IOM-2011", "/case/IOM-2011-3", "/api/explain/IOM-2011-3"


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> str:
    """What differs between databases is tried in tests/store."""
    shutil.copy(migrated, tmp_path / "tiltak.db")
    return f"sqlite:///{tmp_path / 'tiltak.db'}"


def another_plan(world: World) -> None:
    """Of another section, and nobody else's business."""
    action = CaseDraft(number="1", title="Something else", owner="MRDEM", state="assigned", due=date(2011, 8, 1))
    world.service.desk.adopt(
        replace(
            world.draft, ref="OTHER", title="Another plan", coordination="", coordinator="MRDEM", executive="",
            copies=(),
            evaluation=None, recommendations=(), cases=(action,), organisation=None, earlier_deadlines=(),
        ),
        by="operator",
    )  # fmt: skip


def live_a_month(world: World) -> None:
    Demo(world.service, world.clock).move_to(world.at(date(2011, 9, 30), time(12, 0)))


def letters(guest: Guest) -> list[str]:
    return re.findall(r'href="(/outbox/[a-z2-7]{26})"', guest.get("/outbox").text)


def form(guest: Guest, path: str) -> str:
    seen = re.search(r'name="seen" value="(\d+)"', guest.get(path).text)
    assert seen
    return seen[1]


def test_a_plan_is_shown_to_those_who_have_a_role_on_it_and_is_not_there_for_others(world: World) -> None:
    another_plan(world)
    coordinator, stranger = Guest(world).come_in(COORDINATOR), Guest(world).come_in(STRANGER)
    assert [coordinator.get(it).status_code for it in (PLAN, CASE, API)] == [200, 200, 200]
    assert coordinator.get("/").headers["location"] == PLAN
    assert stranger.get("/").headers["location"] == "/plan/OTHER"
    for hidden, missing in ((PLAN, "/plan/none"), (CASE, "/case/none"), (API, "/api/explain/none")):
        found, nothing = stranger.get(hidden), stranger.get(missing)
        assert found.status_code == nothing.status_code == 404
        assert found.text.replace(hidden, "").replace("IOM-2011-3", "") == nothing.text.replace(missing, "").replace(
            "none", ""
        )
    assert stranger.post(CASE, seen=1, move="assign", owner="REG").status_code == 404
    assert "Another plan" not in coordinator.get(PLAN).text


def test_letters_are_shown_to_those_who_may_see_everything_they_speak_of(world: World) -> None:
    another_plan(world)
    live_a_month(world)
    store = world.service.store
    everything = {it.id: {notice.ref.rpartition("-")[0] or notice.ref for notice in store.parcel(it.id).notices}
                  for it in store.letters(limit=500)}  # fmt: skip
    operator, hum, stranger = (
        Guest(world).come_in(it) for it in ("drift@ud.example", "hanne.eksempel@ud.example", "geir.eksempel@ud.example")
    )
    assert len(letters(operator)) == min(50, len(everything))
    theirs = letters(hum)
    assert theirs
    for path in theirs:
        assert everything[path.rpartition("/")[2]] <= {"IOM-2011", "IOM"}
    for id, about in everything.items():
        status = 200 if about <= {"IOM-2011", "IOM"} and about else 404
        assert hum.get(f"/outbox/{id}").status_code == hum.get(f"/outbox/{id}/html").status_code == status, about
    count = re.search(r"<h1>(\d+)", hum.get("/outbox").text)
    assert count
    assert int(count[1]) == sum(bool(it) and it <= {"IOM-2011", "IOM"} for it in everything.values())
    assert stranger.get("/outbox").status_code == 200  # GIL gave the plan away, and sees what it may see


def test_no_secret_of_a_letter_is_shown_to_another(world: World) -> None:
    live_a_month(world)
    store, guest = world.service.store, Guest(world).come_in("hanne.eksempel@ud.example")
    path = letters(guest)[0]
    token = "b" * 26
    letter = store.letter(path.rpartition("/")[2])
    raw = (letter.raw or b"").replace(b"\n\n", f"\nX-Link: https://t.example/l/{token}\n\n".encode(), 1)
    raw = raw.replace(b"<p ", f"<p>https://t.example/l/{token}</p><p ".encode(), 1)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE letters SET raw = ? WHERE id = ?", (raw, letter.id))
    assert token.encode() in (store.letter(letter.id).raw or b"")
    for view in ("", "?view=text", "?view=headers", "?view=source", "/html"):
        page = guest.get(path + view)
        assert page.status_code == 200
        assert token not in page.text


def test_the_coordinator_does_what_only_a_signed_in_coordinator_may(world: World) -> None:
    guest = Guest(world).come_in(COORDINATOR)
    assert (
        guest.post(
            CASE, seen=form(guest, CASE), act="deadline", due="2012-03-01", text="Brevene kommer sent"
        ).status_code
        == 303
    )
    for move, more in (("report", 403), ("overtake", 303), ("reopen", 303), ("decline", 303)):
        answer = guest.post(CASE, seen=form(guest, CASE), move=move, text="Fordi noe annet kom i veien")
        assert answer.status_code == more, move
    kept = guest.get(answer.headers["location"])
    assert re.search(r'role="status".*Geir Eksempel', kept.text, re.DOTALL)
    history = world.service.store.history("IOM-2011-3")
    assert [(it.move, it.by, it.through) for it in history][-4:] == [
        ("deadline", "person:leder-gil", "web"),
        ("overtake", "person:leder-gil", "web"),
        ("reopen", "person:leder-gil", "web"),
        ("decline", "person:leder-gil", "web"),
    ]
    assert str(world.case(3).due) == "2012-03-01"
    assert guest.get(CASE + "?kept=1").text.count('role="status"') == 0  # what somebody else did is no receipt


def test_each_form_is_one_the_visitor_may_use(world: World) -> None:
    head, coordinator = Guest(world).come_in(HEAD), Guest(world).come_in(COORDINATOR)
    theirs, ours = (re.findall(r'name="(?:act|move)" value="([^"]+)"', it.get(CASE).text) for it in (head, coordinator))
    assert set(theirs) == {"start", "report", "ask", "more_time", "not_ours", "comment", "hand over"}
    assert {"overtake", "decline", "comment", "deadline", "hand over"} == set(ours)
    assert head.post(CASE, seen=form(head, CASE), act="deadline", due="2012-03-01", text="Nei").status_code == 403
    assert head.post(CASE, seen=form(head, CASE), move="decline", text="Nei").status_code == 403


def test_the_coordinator_puts_reminders_on_pause_within_what_the_rule_allows(world: World) -> None:
    head, coordinator = Guest(world).come_in(HEAD), Guest(world).come_in(COORDINATOR)
    assert 'value="pause"' not in coordinator.get(CASE).text  # without a deadline there is nothing to pause
    granted = {"act": "deadline", "due": "2012-03-01", "text": "Avtalt på telefon"}
    coordinator.post(CASE, seen=form(coordinator, CASE), **granted)
    page = coordinator.get(CASE).text
    days = re.search(r'name="due" required min="(\S+)" max="(\S+)"', page)
    assert days
    assert 'value="pause"' not in head.get(CASE).text
    wish = {"act": "pause", "move": "due", "text": "Geir Eksempel: ambassaden flytter"}
    late = str(date.fromisoformat(days[2]) + timedelta(days=1))
    assert head.post(CASE, seen=form(head, CASE), due=days[2], **wish).status_code == 403
    assert coordinator.post(CASE, seen=form(coordinator, CASE), due=late, **wish).status_code == 422
    assert coordinator.post(CASE, seen=form(coordinator, CASE), due=days[2], **wish).status_code == 303
    event = world.service.store.history("IOM-2011-3")[-1]
    assert (event.move, event.by, event.facts["until"], event.text) == (
        *("hold", "person:leder-gil", days[2]),
        "Geir Eksempel: ambassaden flytter",
    )
    assert 'value="pause"' not in coordinator.get(CASE).text  # the rule allows one


def test_more_time_is_asked_for_and_granted_on_the_page(world: World) -> None:
    head, coordinator = Guest(world).come_in(HEAD), Guest(world).come_in(COORDINATOR)
    wish = {"act": "ask", "move": "more_time", "due": "2012-03-01", "text": "Brevene kommer i februar"}
    assert coordinator.post(CASE, seen=form(coordinator, CASE), **wish).status_code == 409
    asked = head.post(CASE, seen=form(head, CASE), **wish)
    assert 'role="status"' in head.get(asked.headers["location"]).text
    assert world.case(3).due is None
    granted = {"act": "deadline", "due": "2012-03-01", "text": "Som bedt om"}
    assert coordinator.post(CASE, seen=form(coordinator, CASE), **granted).status_code == 303
    assert world.case(3).due == date(2012, 3, 1)


def test_what_one_has_just_done_can_be_taken_back(world: World) -> None:
    guest, head = Guest(world).come_in(COORDINATOR), Guest(world).come_in(HEAD)
    done = guest.post(CASE, seen=form(guest, CASE), move="decline", text="Feil sak")
    page = guest.get(done.headers["location"]).text
    of = re.search(r'name="of" value="(\d+)"', page)
    assert of
    wish = {"act": "undo", "of": of[1]}
    assert head.post(CASE, seen=world.case(3).version, **wish).status_code == 422
    assert guest.post(CASE, seen=world.case(3).version, **wish).status_code == 303
    assert world.case(3).state == "assigned"
    assert 'name="of"' not in guest.get(CASE).text


def test_a_reader_looks_and_does_nothing(world: World) -> None:
    reader = Person(key="leser", name="Lise Leser", address="lise@norad.example", unit="NORAD")
    enrol(world, reader)
    guest = Guest(world).come_in(reader.address)
    page = guest.get(CASE)
    assert page.status_code == 200
    assert 'action="/case/' not in page.text
    for wish in ({"act": "comment"}, {"act": "hand over", "owner": "REG"}, {"move": "decline"}):
        answer = guest.post(CASE, seen=world.case(3).version, text="Hei", **wish)
        assert answer.status_code == 403
    assert world.service.store.history("IOM-2011-3")[-1].by != "person:leser"


def test_a_substitute_acts_in_the_absent_ones_place_and_the_page_says_so(world: World) -> None:
    world.service.desk.absent(Absence(person="leder-gil", first=date(2011, 8, 20), substitute="leder-mrdem"))
    guest = Guest(world).come_in(STRANGER)
    assert "Mari Eksempel for Geir Eksempel" in guest.get(CASE).text
    answer = guest.post(CASE, seen=form(guest, CASE), move="decline", text="Dekket av et annet tiltak")
    event = world.service.store.history("IOM-2011-3")[-1]
    assert (event.by, event.for_whom) == ("person:leder-mrdem", "person:leder-gil")
    assert "Mari Eksempel for Geir Eksempel" in guest.get(answer.headers["location"]).text


def test_a_late_form_changes_nothing(world: World) -> None:
    guest = Guest(world).come_in(COORDINATOR)
    seen = form(guest, CASE)
    guest.post(CASE, seen=seen, act="comment", text="Først")
    late = guest.post(CASE, seen=seen, move="decline", text="Sist")
    assert late.status_code == 409
    assert "Somebody was faster" in late.text
    assert world.case(3).state != "declined"


def test_a_granted_role_opens_one_plan_and_closes_it_again(world: World) -> None:
    grant = Grant(person="leder-mrdem", role="coordinator", plan="IOM-2011", granted_at=world.clock.now())
    guest = Guest(world).come_in(STRANGER)
    assert guest.get(PLAN).status_code == 404
    world.service.store.entrance.grant(grant)
    assert guest.get(PLAN).status_code == 200
    assert guest.post(CASE, seen=form(guest, CASE), move="decline", text="Fordi").status_code == 303
    world.service.store.entrance.withdraw(grant)
    assert guest.get(PLAN).status_code == 404


@pytest.mark.parametrize(("path", "most"), [(PLAN, 14), (CASE, 18), ("/outbox", 13)])
def test_a_page_asks_as_many_questions_with_one_plan_as_with_five(world: World, path: str, most: int) -> None:
    guest = Guest(world).come_in(COORDINATOR)
    asked = []
    for number in range(2):
        guest.get(path)  # by now the register is known
        with statements(world.service.store.engine) as those:
            assert guest.get(path).status_code == 200
        asked.append(sum(not it.startswith("BEGIN") for it in those))
        for more in range(2):
            ref = f"P{number}{more}"
            world.service.desk.adopt(
                replace(world.draft, ref=ref, organisation=None, evaluation=None, recommendations=()), by="operator"
            )
    assert asked[0] == asked[1] <= most


def test_a_mail_that_waits_is_shown_without_the_secrets_of_the_letter_it_quotes(world: World) -> None:
    token = "a2" * 13
    raw = f"From: ola@fremmed.example\r\nSubject: Hei\r\n\r\nJeg fikk https://t.example/l/{token} videresendt.\r\n"
    world.service.kept(Received(source="test", raw=raw.encode()))
    world.service.tick()
    coordinator = Guest(world).come_in(COORDINATOR)
    page = coordinator.get("/inbound/1")
    assert "videresendt" in page.text
    assert token not in page.text
    assert coordinator.get("/inbound/1/source").status_code == 404
    assert Guest(world).come_in(STRANGER).get("/inbound/1").status_code == 404
