"""From the letter to the receipt: what a link lets one do, in the whole service, and what is kept of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from engine.case import Errand
from engine.errors import NotYours, Refused
from engine.link import REDACTED, digest_of
from engine.revoke import revocable
from tests.stories.world import Mailed, World, iom
from tiltak.pages import pages

HERE = "https://tiltak.example"
LINK = re.compile(rf"{HERE}(/l/[a-z2-7]{{26}})")
OWNER = "regionalavdelingen@ud.example"


class Linked(World):
    """The world with pages, and a person who follows links in letters."""

    def __init__(self, database: str) -> None:
        super().__init__(iom(), database, base_url=HERE)
        self.browser = TestClient(pages(self.service), base_url=HERE, follow_redirects=False)

    def newest(self, subject: str = "") -> Mailed:
        """The newest letter that has a link."""
        found = [it for it in self.box.mails if LINK.search(it.text) and subject in it.text]
        return found[-1]

    def path(self, mailed: Mailed) -> str:
        found = LINK.search(mailed.text)
        assert found
        return found[1]

    def post(self, path: str, on: str = "", **fields: str) -> httpx2.Response:
        page = self.browser.get(path, params={"again": "1"}).text
        nonce = re.findall(r'name="nonce" value="(\w+)"', page)[0]
        sent: dict[str, Any] = {"data": {"nonce": nonce, **fields}, "files": {"files": ("", b"")}}
        return self.browser.post(path + on, headers={"Sec-Fetch-Site": "same-origin"}, **sent)

    def ref(self, path: str) -> str:
        link = self.service.store.link(digest_of(path.removeprefix("/l/")))
        assert link
        return link.cases[0].ref

    def moves(self, ref: str) -> list[str]:
        return [it.move for it in self.service.store.history(ref)]


@pytest.fixture
def linked(database: str) -> Iterator[Linked]:
    begun = Linked(database)
    begun.live_until(date(2011, 8, 26), time(18, 0))
    yield begun
    begun.end()


sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_link_moves_the_case_is_receipted_at_once_and_undone_from_the_receipt(linked: Linked) -> None:
    letter = next(it for it in linked.box.mails if LINK.search(it.text) and "3" in (it.message["References"] or ""))
    path, before = linked.path(letter), len(linked.box.mails)
    ref = linked.ref(path)
    was = linked.service.store.case(ref)
    assert linked.post(path, choice="start").status_code == 303
    linked.service.tick()  # it is six in the evening: reminders wait until morning, a receipt does not
    (receipt,) = linked.box.mails[before:]
    assert receipt.to == letter.to
    assert linked.service.store.case(ref).state == "in_progress"
    undo = linked.path(receipt)
    assert undo != path
    number = str(len(linked.moves(ref)))
    assert linked.post(undo, "/undo", of=number, sure="yes").status_code == 303
    assert linked.moves(ref)[-2:] == ["start", "undo"]
    now = linked.service.store.case(ref)
    assert now.evolve(version=was.version) == was
    linked.service.tick()
    assert len(linked.box.mails) == before + 2
    heard = [it.rule for it in linked.service.store.notices(ref) if it.role == "coordinator"]
    assert {"move:start", "move:undo"} <= set(heard)
    assert linked.service.store.broken_chains() == []


@sqlite_only
def test_a_letter_that_has_left_is_kept_without_its_tokens_and_no_table_has_one(linked: Linked) -> None:
    tokens = {path.removeprefix("/l/") for it in linked.box.mails for path in LINK.findall(it.text)}
    assert tokens
    kept = [linked.service.store.letter(it.id).raw or b"" for it in linked.service.store.letters()]
    assert any(REDACTED.encode() in raw for raw in kept)
    with linked.service.store.engine.connect() as connection:
        for table in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all():
            rows = repr(connection.execute(text(f'SELECT * FROM "{table}"')).all()).replace("=\\n", "")
            assert not [token for token in tokens if token in rows], table


@sqlite_only
def test_whatever_a_scanner_does_with_a_fresh_letter_the_history_stays_as_it_was(linked: Linked) -> None:
    path = linked.path(linked.newest())
    ref = linked.ref(path)
    before = linked.service.store.history(ref)
    form = {"text": "", "file_number": ""}
    replay = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    for _ in range(2):
        linked.browser.head(path)
        page = linked.browser.get(path).text
        nonce = re.findall(r'name="nonce" value="(\w+)"', page)[0]
        assert linked.browser.post(path, data=form, **replay).status_code in (413, 422)  # type: ignore[arg-type]
        assert linked.browser.post(path, data={**form, "nonce": nonce}, **replay).status_code == 422  # type: ignore[arg-type]
        linked.browser.post(f"{path}/undo", data={"nonce": nonce}, **replay)  # type: ignore[arg-type]
        linked.browser.post(f"{path}/pass-on", data={"nonce": nonce}, **replay)  # type: ignore[arg-type]
    assert linked.service.store.history(ref) == before


@sqlite_only
def test_a_link_outlives_a_restart_and_ends_with_its_days(linked: Linked) -> None:
    path = linked.path(linked.newest())
    linked.browser = TestClient(pages(linked.start()), base_url=HERE, follow_redirects=False)
    assert 'name="choice"' in linked.browser.get(path).text
    linked.away_until(linked.today + timedelta(days=91))
    assert 'name="choice"' not in linked.browser.get(path).text
    before = len(linked.box.mails)
    assert linked.post(path, "/fresh").status_code == 200
    linked.service.tick()
    fresh = [it for it in linked.box.mails[before:] if "ny lenke" in it.text]
    assert len(fresh) == 1
    assert 'name="choice"' in linked.browser.get(linked.path(fresh[0])).text


@sqlite_only
def test_links_that_have_long_been_over_are_swept_away(linked: Linked) -> None:
    path = linked.path(linked.newest())
    digest = digest_of(path.removeprefix("/l/"))
    linked.away_until(linked.today + timedelta(days=90 + 181))
    linked.service.sweep()
    assert linked.service.store.link(digest) is None
    assert linked.browser.get(path).status_code == 404


@sqlite_only
def test_every_link_of_a_party_to_a_case_can_be_taken_back_by_those_who_coordinate_it(linked: Linked) -> None:
    path = linked.path(linked.box.to(OWNER)[-1])
    ref, desk, store = linked.ref(path), linked.service.desk, linked.service.store
    held = [it for it in revocable(store.links_to(ref), ref, linked.clock.now()) if it.party == "unit:REG"]
    wish = Errand(ref=ref, move="revoke", by="unit:REG", text="Brevet er sendt videre.")
    with pytest.raises(NotYours):
        desk.revoke(wish, held)
    event = desk.revoke(replace(wish, by="unit:GIL"), held)
    assert (event.move, event.facts["holder"], event.source == event.dest) == ("revoke", "unit:REG", True)
    assert linked.browser.get(path).status_code == 410
    assert revocable(store.links_to(ref), ref, linked.clock.now()) == ()
    with pytest.raises(Refused, match="no link"):
        desk.revoke(replace(wish, by="unit:GIL"), held)
    assert store.broken_chains() == []


@sqlite_only
def test_a_colleague_answers_by_a_link_of_their_own_and_the_record_says_for_whom(linked: Linked) -> None:
    letter = next(it for it in linked.box.mails if LINK.search(it.text) and "3" in (it.message["References"] or ""))
    path, before = linked.path(letter), len(linked.box.mails)
    ref = linked.ref(path)
    colleague = next(it for it in linked.service.store.register().persons.values() if it.address and it.active)
    assert linked.post(path, "/pass-on", colleague=colleague.address, note="Kan du svare?").status_code == 303
    linked.service.tick()
    given = next(it for it in linked.box.mails[before:] if it.to == colleague.address)
    assert "Kan du svare?" in given.text
    assert linked.post(linked.path(given), choice="report", text="Lagt inn i brevene.").status_code == 303
    event = linked.service.store.history(ref)[-1]
    assert (event.move, event.by, event.for_whom) == ("report", f"person:{colleague.key}", "unit:REG")
    assert linked.service.store.case(ref).statement == "Lagt inn i brevene."


@sqlite_only
def test_a_wish_for_more_time_reaches_the_coordinator_in_the_morning_and_moves_no_deadline(linked: Linked) -> None:
    letter = next(it for it in linked.box.mails if LINK.search(it.text) and "3" in (it.message["References"] or ""))
    path, before = linked.path(letter), len(linked.box.mails)
    ref = linked.ref(path)
    due = linked.service.store.case(ref).due
    reason = "Ambassaden svarer i november."
    assert linked.post(path, choice="more_time", text=reason, due="2011-12-01").status_code == 303
    linked.live_until(date(2011, 8, 29))
    asked = next(it for it in linked.box.mails[before:] if reason in it.text and it.to != letter.to)
    assert "torsdag 1. desember 2011" in asked.text
    assert linked.service.store.case(ref).due == due
    moved = Errand(ref=ref, move="deadline", by="unit:GIL", due=date(2011, 12, 1), text="Ja.")
    linked.service.desk.move_deadline(moved)
    assert linked.service.store.case(ref).due == date(2011, 12, 1)
