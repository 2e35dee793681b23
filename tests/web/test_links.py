"""The page behind a link: GET shows, POST needs a nonce and a choice, and whoever comes late meets a kind page."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from engine.case import Errand
from engine.link import Link, Shown, digest_of, token_of
from tests.web.cast import Year
from tests.web.conftest import SAME_ORIGIN, app_for

REF = "iom-2011-3"
PDF = b"%PDF-1.7 et brev"
TODAY = date(2012, 2, 1)


class Visitor:
    """Whoever holds a link to action 3, of a letter that was written just now."""

    def __init__(self, year: Year, party: str = "unit:REG", ref: str = REF, **more: Any) -> None:
        self.year, self.ref, self.token = year, ref, token_of(party.encode().ljust(16, b".")[:16])
        now = year.clock.now()
        self.link = Link(
            digest=digest_of(self.token),
            purpose="page",
            party=party,
            letter="l",
            cases=(Shown(ref=ref, number="3", seen=year.shelf.case(ref).version, known=len(year.shelf.lines[ref])),),
            made_at=now,
            expires_at=now + timedelta(days=90),
            **more,
        )
        year.shelf.links[self.link.digest] = self.link
        self.path = f"/l/{self.token}"
        app = app_for(year, demo=False)
        self.client = TestClient(app, base_url="https://tiltak.example", follow_redirects=False)

    def get(self, query: str = "") -> httpx2.Response:
        return self.client.get(self.path + query)

    def post(self, path: str = "", *, nonce: str | None = None, files: Any = None, **fields: str) -> httpx2.Response:
        """As a browser would, with the page opened just before; or with another nonce."""
        page = self.get("?again=1").text if nonce is None else ""
        value = re.findall(r'name="nonce" value="(\w+)"', page)[0] if nonce is None else nonce
        return self.client.post(
            self.path + path, data={"nonce": value, **fields}, files=files or {"files": ("", b"")}, headers=SAME_ORIGIN
        )

    def moves(self) -> list[str]:
        return [event.move for event in self.year.shelf.lines[self.ref]]

    def advance(self, **length: float) -> None:
        self.year.clock.at += timedelta(**length)


@pytest.fixture
def year(young: Year) -> Year:
    young.until(date(2012, 1, 9)).act("3", "assign", "unit:HUM")
    return young


@pytest.fixture
def visitor(year: Year) -> Visitor:
    return Visitor(year)


def test_the_page_says_what_it_is_who_asks_by_when_and_where_every_answer_leads(visitor: Visitor) -> None:
    page = visitor.get("?lang=en").text
    for words in (
        "Referanse til evalueringen i tildelingsskrivene",
        "Er referansen lagt inn i tildelingsskrivene for 2012?",
        "Thursday 1 March 2012",
        "working days left",
        "HUM section",
        "hum@ud.example",
        "We are on it",
        "It is done",
        "We need more time",
        "This is not ours",
        "The status becomes “Reported”. HUM section reads your answer.",
        "The next reminder comes",
        "The link is good until",
    ):
        assert words in page, words
    assert "checked" not in page
    assert "<script" not in page


def test_the_page_speaks_the_language_of_the_one_it_was_sent_to(visitor: Visitor) -> None:
    assert "Hvordan ligger det an?" in visitor.get().text
    assert "Korleis ligg det an?" in visitor.get("?lang=nn").text


def test_nothing_of_the_page_is_kept_indexed_or_passed_on(visitor: Visitor) -> None:
    headers = visitor.get().headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    cookie = headers["set-cookie"]
    assert cookie.startswith("__Host-tiltak-")
    assert all(it in cookie for it in ("HttpOnly", "Max-Age=900", "Path=/", "SameSite=lax", "Secure"))
    assert visitor.token not in cookie


def test_looking_changes_nothing_the_first_and_the_fifth_time(visitor: Visitor) -> None:
    before = visitor.moves()
    for method in ("HEAD", "GET", "GET", "HEAD", "GET"):
        assert visitor.client.request(method, visitor.path).status_code == 200
    assert visitor.moves() == before


def test_an_answer_moves_the_case_and_the_page_thanks_and_lets_one_undo(visitor: Visitor) -> None:
    assert visitor.post(choice="report", text="Lagt inn i alle.", file_number="12/45").status_code == 303
    page = visitor.get("?lang=en").text
    assert "Thank you." in page
    assert "The status is “Reported”" in page
    assert "Lagt inn i alle." in page
    assert 'name="choice"' not in page
    assert visitor.year.shelf.case(REF).facts["file number"] == "12/45"
    number = str(len(visitor.moves()))
    assert visitor.post("/undo", of=number).status_code == 422  # a robot that presses the button
    assert visitor.post("/undo", of=number, sure="yes").status_code == 303
    assert visitor.moves()[-2:] == ["report", "undo"]
    assert "Your answer is taken back" in visitor.get("?lang=en").text
    assert visitor.year.shelf.case(REF).state == "assigned"


def test_a_second_click_changes_nothing_and_is_no_error(visitor: Visitor) -> None:
    page = visitor.get().text
    value = re.findall(r'name="nonce" value="(\w+)"', page)[0]
    for _ in range(3):
        assert visitor.post(nonce=value, choice="start").status_code == 303
    assert visitor.moves().count("start") == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "Vi holder på."}, "Choose one of the answers"),
        ({"choice": "report"}, "Write a few words"),
        ({"choice": "more_time", "text": "Vi holder på."}, "which date you wish for"),
        ({"choice": "more_time", "text": "Vi holder på.", "due": "2001-01-01"}, "has to lie ahead"),
        ({"choice": "more_time", "text": "Vi holder på.", "due": "snart"}, "has to lie ahead"),
        ({"choice": "not_ours", "text": "Vi holder på.", "unit": "MARS"}, "not in the register"),
        ({"choice": "close", "text": "Vi holder på."}, "cannot be done from here"),
        ({"choice": "dance", "text": "Vi holder på."}, "cannot be done from here"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_text_is_kept(
    visitor: Visitor, fields: dict[str, str], words: str
) -> None:
    before = visitor.moves()
    visitor.client.cookies.set("lang", "en")
    answer = visitor.post(**fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert fields.get("text", "") in answer.text
    assert visitor.moves() == before


def test_a_form_without_the_nonce_of_its_page_is_not_listened_to(year: Year, visitor: Visitor) -> None:
    before = visitor.moves()
    assert visitor.post(nonce="", choice="start").status_code == 422
    visitor.get()
    assert visitor.post(nonce="0" * 32, choice="start").status_code == 422
    other = Visitor(year, "person:head-reg")
    value = re.findall(r'name="nonce" value="(\w+)"', other.get().text)[0]
    assert visitor.post(nonce=value, choice="start").status_code == 422
    value = re.findall(r'name="nonce" value="(\w+)"', visitor.get().text)[0]
    visitor.advance(minutes=16)
    late = visitor.post(nonce=value, choice="start", text="Vi holder på.")
    assert late.status_code == 422
    assert "Vi holder på." in late.text
    assert visitor.moves() == before


def test_a_form_of_another_site_is_refused(visitor: Visitor) -> None:
    value = re.findall(r'name="nonce" value="(\w+)"', visitor.get().text)[0]
    fields = {"nonce": value, "choice": "start"}
    cross = visitor.client.post(visitor.path, data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    old = visitor.client.post(visitor.path, data=fields, files={"files": ("", b"")}, headers={"Origin": "null"})
    assert old.status_code == 303  # a browser from before 2023 says no more than that, for the page sends no referrer


def test_who_comes_late_is_told_what_happened_and_keeps_the_text(visitor: Visitor) -> None:
    visitor.client.cookies.set("lang", "en")
    value = re.findall(r'name="nonce" value="(\w+)"', visitor.get().text)[0]
    visitor.year.act("3", "overtake", "unit:HUM", "Programmet er lagt ned.")
    answer = visitor.post(nonce=value, choice="report", text="Lagt inn.")
    assert answer.status_code == 409
    assert "your answer was not stored" in answer.text
    assert "Lagt inn." in answer.text
    assert visitor.moves()[-1] == "overtake"
    page = visitor.get()
    assert page.status_code == 200
    assert "HUM section: “End as overtaken by events”" in page.text
    assert "Send me a fresh link" not in page.text  # there is nothing more to answer


def test_an_expired_link_is_kind_and_a_fresh_one_goes_to_the_same_address_once_an_hour(visitor: Visitor) -> None:
    visitor.client.cookies.set("lang", "en")
    visitor.advance(days=91)
    page = visitor.get()
    assert page.status_code == 200
    assert "This link was good until" in page.text
    assert "Er referansen lagt inn" not in page.text
    assert visitor.post(choice="start").status_code == 200
    assert "start" not in visitor.moves()
    for _ in range(3):
        assert "Look in your mailbox" in visitor.post("/fresh").text
    asked = [it for it in visitor.year.shelf.queued.values() if it.letter == "fresh_link"]
    assert [(it.to, it.via) for it in asked] == [("unit:REG", "now")]
    assert "reg@ud.example" not in visitor.post("/fresh").text


def test_a_token_that_never_was_teaches_nothing(visitor: Visitor, year: Year) -> None:
    gone = [visitor.client.get(path) for path in (f"/l/{'a' * 26}", "/l/kort")]
    assert {page.status_code for page in gone} == {404}
    strip = [re.sub(r"/l/[\w]+", "/l/…", page.text) for page in gone]
    assert strip[0] == strip[1]
    assert visitor.client.post(f"/l/{'a' * 26}/fresh", headers=SAME_ORIGIN).status_code == 200
    assert not [it for it in year.shelf.queued.values() if it.letter == "fresh_link"]


def test_a_link_that_was_taken_back_says_whom_to_ask_and_nothing_of_the_case(year: Year) -> None:
    revoked = Visitor(year, revoked_at=datetime(2012, 1, 1, tzinfo=UTC))
    revoked.client.cookies.set("lang", "en")
    page = revoked.get()
    assert page.status_code == 410
    assert "HUM section took it back on Sunday 1 January 2012" in page.text
    assert "mailto:hum@ud.example" in page.text
    assert "tildelingsskrivene" not in page.text
    for path in ("", "/undo", "/pass-on", "/fresh"):
        assert revoked.post(path, nonce="0" * 32, choice="start").status_code == 410
    assert "start" not in revoked.moves()
    assert not [it for it in year.shelf.queued.values() if it.letter == "fresh_link"]


def test_closing_and_sending_back_are_not_offered_even_to_those_who_may(year: Year) -> None:
    year.act("3", "report", "unit:REG", "Gjort.")
    coordinator = Visitor(year, "unit:HUM")
    page = coordinator.get("?lang=en").text
    assert 'name="choice"' not in page
    assert coordinator.post(nonce="", choice="close").status_code == 422
    value = re.findall(r'name="nonce" value="(\w+)"', page)
    assert coordinator.post(nonce=value[0] if value else "", choice="close").status_code == 422
    assert coordinator.moves()[-1] == "report"


def test_documents_are_kept_with_their_checksum_and_never_shown_inline(visitor: Visitor) -> None:
    name = "../../brev «til» Dhaka\u202e.pdf"
    assert visitor.post(choice="report", text="Se brevet.", files={"files": (name, PDF)}).status_code == 303
    (kept,) = visitor.year.shelf.documents(REF)
    assert (kept.name, kept.type, kept.size) == ("brev «til» Dhaka.pdf", "application/pdf", len(PDF))
    found = visitor.client.get(f"{visitor.path}/document/{kept.id}")
    assert found.content == PDF
    assert found.headers["content-disposition"].startswith("attachment;")
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in found.headers["content-security-policy"]
    assert visitor.client.get(f"{visitor.path}/document/{'0' * 64}").status_code == 404
    assert kept.id in visitor.year.shelf.lines[REF][-1].facts["documents"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ"),
        ("brev.pdf", b"<html><script>alert(1)</script>"),
        ("bilde.svg", b"<svg onload=alert(1)>"),
        ("side.html", b"<script>alert(1)</script>"),
        ("tom.pdf", b""),
        ("tekst.txt", b"\0\0\0"),
        ("pdf", PDF),
    ],
)
def test_a_file_that_is_not_what_a_case_keeps_is_refused_by_name_and_the_text_is_kept(
    visitor: Visitor, name: str, content: bytes
) -> None:
    answer = visitor.post(choice="report", text="Se vedlegget.", files={"files": (name, content)})
    assert answer.status_code == 422
    assert name in answer.text
    assert "Se vedlegget." in answer.text
    assert visitor.moves()[-1] == "assign"


def test_too_much_is_refused_before_it_is_read(visitor: Visitor) -> None:
    value = re.findall(r'name="nonce" value="(\w+)"', visitor.get().text)[0]
    headers = {**SAME_ORIGIN, "Content-Length": str(10**9), "Content-Type": "multipart/form-data; boundary=x"}
    answer = visitor.client.post(visitor.path, content=value.encode(), headers=headers)
    assert answer.status_code == 413
    assert visitor.moves()[-1] == "assign"


def test_a_colleague_gets_a_letter_and_answers_in_the_name_of_whoever_passed_it_on(
    year: Year, visitor: Visitor
) -> None:
    assert visitor.post("/pass-on", colleague="kari@ud.example", note="Kan du ta denne?").status_code == 303
    given = year.shelf.lines[REF][-1]
    assert (given.move, given.by, given.facts["passed to"]) == ("pass on", "unit:REG", "person:kari")
    assert [it.letter for it in year.shelf.queued.values() if it.to == "person:kari"][-1] == "passed_on"
    kari = Visitor(year, "person:kari", for_whom="unit:REG")
    assert kari.post(choice="start").status_code == 303
    begun = year.shelf.lines[REF][-1]
    assert (begun.move, begun.by, begun.for_whom) == ("start", "person:kari", "unit:REG")


@pytest.mark.parametrize("address", ["fremmed@elsewhere.example", "ingen", "reg@ud.example"])
def test_a_case_is_not_passed_on_to_strangers(visitor: Visitor, address: str) -> None:
    answer = visitor.post("/pass-on", colleague=address, note="Vær så god")
    assert answer.status_code == 422
    assert "Ingen i registeret har den adressen" in answer.text
    assert visitor.moves()[-1] == "assign"


def test_a_move_by_somebody_else_in_the_unit_is_told_as_theirs(year: Year, visitor: Visitor) -> None:
    year.desk.act(Errand(ref=REF, move="start", by="person:head-reg"))
    page = visitor.get("?lang=en").text
    assert "Ola Prøve: “We are on it”" in page
    assert "Send me a fresh link" in page


def test_whoever_has_left_answers_for_nobody_any_more(year: Year) -> None:
    kari = Visitor(year, "person:kari", for_whom="unit:REG")
    assert 'name="choice"' in kari.get().text
    everybody = year.shelf.everybody
    left = {**everybody.persons, "kari": replace(everybody.persons["kari"], active=False)}
    year.shelf.everybody = replace(everybody, persons=left)
    assert kari.get().status_code == 404
    assert kari.post(nonce="0" * 32, choice="start").status_code == 404
