"""From the overview to the page behind it and back: the coordinator decides when it comes, and the house how far."""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from engine.errors import SettingsError
from engine.link import REDACTED
from engine.rhythm import Rhythm
from tests.stories.world import Mailed, World, iom
from tiltak.pages import pages
from tiltak.settings import load

HERE = "https://tiltak.example"
LINK = re.compile(rf"{HERE}(/rhythm/[a-z2-7]{{26}})")
HUM = "hum@ud.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Reader(World):
    """The world with pages, and a coordinator who follows the link at the foot of the overview."""

    def __init__(self, database: str, **mail: Any) -> None:
        super().__init__(iom(), database, base_url=HERE, **mail)
        self.open()

    def open(self) -> None:
        self.browser = TestClient(pages(self.service), base_url=HERE, follow_redirects=False)

    def restart(self, **mail: Any) -> None:
        self.mail = mail
        self.service = self.start()
        self.open()

    def overviews(self) -> list[Mailed]:
        return [it for it in self.box.to(HUM) if "venter på deg" in it.text.splitlines()[0]]

    def path(self) -> str:
        return [found[1] for it in self.box.to(HUM) if (found := LINK.search(it.text))][-1]

    def post(self, path: str, on: str = "", **fields: str) -> httpx2.Response:
        page = self.browser.get(path).text
        nonce = re.findall(r'name="nonce" value="(\w+)"', page)[0]
        headers = {"Sec-Fetch-Site": "same-origin"}
        return self.browser.post(path + on, data={"nonce": nonce, **fields}, headers=headers)

    def rhythm(self) -> Rhythm | None:
        return self.service.store.register().rhythms.get("unit:HUM")

    def chosen(self) -> list[tuple[str, str]]:
        return [(it.rhythm, it.through) for it in self.service.store.choices("unit:HUM")]


@pytest.fixture
def reader(database: str) -> Iterator[Reader]:
    begun = Reader(database)
    begun.live_until(date(2011, 9, 8))
    yield begun
    begun.end()


sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_week_in_the_rhythm_that_was_chosen_receipted_and_set_back(reader: Reader) -> None:
    path, before = reader.path(), len(reader.box.mails)
    assert reader.post(path, choice="weekly", weekday="5", at="14:00").status_code == 303
    reader.service.tick()
    (receipt,) = reader.box.mails[before:]
    assert receipt.to == HUM
    assert "hver fredag kl. 14:00" in receipt.text
    assert "hver fredag kl. 14:00" in reader.browser.get(path).text
    reader.live_until(date(2011, 10, 10))
    days = {it.day for it in reader.overviews() if it.day > date(2011, 9, 8)}
    assert days
    assert {it.isoweekday() for it in days} == {5}
    back = LINK.search(receipt.text)
    assert back
    assert reader.post(back[1], "/back", sure="yes").status_code == 303
    assert (reader.rhythm(), reader.chosen()) == (None, [("", "set back"), ("weekly 5 14:00", "page")])


@sqlite_only
def test_whoever_only_looks_changes_nothing(reader: Reader) -> None:
    path = reader.path()
    for _ in range(2):
        assert reader.browser.get(path).status_code == 200
        assert reader.browser.head(path).status_code == 200
    assert reader.browser.get(path + "/back").status_code == 405
    assert reader.browser.get("/rhythm/" + "a" * 26).status_code == 404
    assert "no-referrer" in reader.browser.get(path).headers["Referrer-Policy"]
    assert reader.chosen() == []


@sqlite_only
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"choice": "never", "at": "08:00"},
        {"choice": "weekly", "weekday": "5", "at": "03:00"},
        {"choice": "weekly", "weekday": "5", "at": "noon"},
    ],
    ids=["nothing", "never", "at night", "no time"],
)
def test_what_is_no_choice_is_told_kindly_and_changes_nothing(reader: Reader, fields: dict[str, str]) -> None:
    answer = reader.post(reader.path(), **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert reader.chosen() == []


@sqlite_only
def test_a_form_that_was_not_opened_here_changes_nothing(reader: Reader) -> None:
    path, fields = reader.path(), {"choice": "eventful", "at": "08:00", "nonce": "0" * 32}
    assert reader.browser.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 422
    assert reader.browser.post(path, data=fields).status_code == 422
    assert reader.browser.post(path, data=ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert reader.browser.post(path, data=ONE_CLICK, headers={"Origin": "https://evil.example"}).status_code == 403
    assert reader.browser.post(path + "/back", data=ONE_CLICK).status_code == 422
    assert reader.chosen() == []


@sqlite_only
def test_the_button_of_a_mail_program_acts_at_once_and_once(reader: Reader) -> None:
    newest = reader.overviews()[-1].message
    url = str(newest["List-Unsubscribe"]).strip("<>")
    assert newest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url.startswith(f"{HERE}/rhythm/")
    before = len(reader.box.mails)
    provider = TestClient(pages(reader.service), base_url=HERE)  # no cookie, no origin
    assert provider.get(url).status_code == 200
    assert reader.chosen() == []
    for sent in ({"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}):
        assert provider.post(url, **sent).status_code == 200
    reader.service.tick()
    assert reader.chosen() == [("weekly 1 07:30", "one-click")]
    (receipt,) = reader.box.mails[before:]
    assert "knappen for å melde seg av" in " ".join(receipt.text.split())


@sqlite_only
def test_no_letter_about_what_somebody_owes_can_be_unsubscribed_from(reader: Reader) -> None:
    listed = [it for it in reader.box.mails if it.message["List-Unsubscribe"]]
    assert listed
    assert {it.to for it in listed} <= {HUM, "gil@ud.example"}
    owed = [it for it in reader.box.mails if "/l/" in it.text and "venter på deg" not in it.text.splitlines()[0]]
    assert owed
    assert not [it for it in owed if it.message["List-Unsubscribe"] or "/rhythm/" in it.text]


@sqlite_only
def test_an_overview_is_kept_without_the_secret_in_its_headers(reader: Reader) -> None:
    kept = [reader.service.store.letter(it.id).raw or b"" for it in reader.service.store.letters(limit=50)]
    listed = [it for it in kept if b"List-Unsubscribe:" in it]
    assert listed
    assert all(f"/rhythm/{REDACTED}".encode() in it and not LINK.search(it.decode()) for it in listed)


@sqlite_only
def test_what_waits_never_comes_later_because_somebody_chose_anew(reader: Reader) -> None:
    reader.live_until(date(2011, 9, 8), time(15, 0))
    reader.act(3, "start", "unit:REG")
    waiting = reader.service.store.waiting(["unit:HUM"]).get("unit:HUM", [])
    was = {it.key: it.ripe_at for it in waiting if it.via == "digest"}
    assert was
    assert reader.post(reader.path(), choice="weekly", weekday="3", at="10:00").status_code == 303
    now = {it.key: it.ripe_at for it in reader.service.store.waiting(["unit:HUM"])["unit:HUM"]}
    assert all(now[key] <= at for key, at in was.items())


@sqlite_only
def test_where_the_house_makes_overviews_mandatory_nothing_can_be_chosen(reader: Reader) -> None:
    path = reader.path()
    assert reader.post(path, choice="weekly", weekday="5", at="14:00").status_code == 303
    reader.service.tick()
    told = len(reader.box.mails)
    reader.restart(digest_choices=())
    assert reader.rhythm() is None  # what was chosen before counts no more
    page = reader.browser.get(path).text
    assert "har bestemt at alle skal få oversiktene likt" in page
    assert 'name="choice"' not in page
    assert reader.browser.post(path, data=ONE_CLICK).status_code == 200
    assert reader.chosen() == [("weekly 5 14:00", "page")]
    reader.act(3, "start", "unit:REG")
    reader.live_until(date(2011, 9, 14))
    assert reader.overviews()[-1].day > date(2011, 9, 8)
    later = reader.box.mails[told:]
    assert not [it for it in later if it.message["List-Unsubscribe"] or LINK.search(it.text)]


def test_a_rhythm_that_nobody_knows_is_refused_in_the_settings() -> None:
    with pytest.raises(SettingsError, match="digest_choices"):
        load(None, {"TILTAK_MAIL__DIGEST_CHOICES": "weekly,never"})
    assert load(None, {"TILTAK_MAIL__DIGEST_CHOICES": "weekly"}).mail.digest_choices == ("weekly",)
