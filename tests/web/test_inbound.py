"""The tray in the browser: what waits is looked at as text, put on a case or set aside; and the demo's replies."""

import re
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.inbound import Received
from tests.stories.world import WORKFLOWS, World, iom
from tests.web.conftest import SAME_ORIGIN, browser
from tiltak.demo import Demo, open_demo
from tiltak.pages import pages
from tiltak.sink import Sink

EVIL = b"From: <script>@x.example\nSubject: <b>Hei</b>\n\n<script>alert(1)</script>\n"


@pytest.fixture
def world(migrated: Path, tmp_path: Path) -> Iterator[World]:
    shutil.copy(migrated, tmp_path / "tiltak.db")
    begun = World(iom(), f"sqlite:///{tmp_path / 'tiltak.db'}")
    yield begun
    begun.end()


@pytest.fixture
def client(world: World) -> TestClient:
    demo = Demo(world.service, world.clock)
    return browser(pages(world.service, demo, answer=demo.answer))


def kept(world: World, raw: bytes = EVIL) -> int:
    world.service.kept(Received(source="test", raw=raw))
    world.service.tick()
    return world.service.store.inbounds()[0].id


def test_what_waits_is_shown_as_text_and_its_source_is_only_ever_saved(client: TestClient, world: World) -> None:
    assert "Nothing waits." in client.get("/inbound").text
    number = kept(world)
    assert "&lt;b&gt;Hei&lt;/b&gt;" in client.get("/inbound").text
    page = client.get(f"/inbound/{number}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page
    source = client.get(f"/inbound/{number}/source")
    assert source.content == EVIL
    assert source.headers["content-disposition"] == f'attachment; filename="{number}.eml"'
    assert source.headers["content-type"] == "application/octet-stream"
    assert client.get("/inbound/99").status_code == client.get("/inbound/99/source").status_code == 404


def test_a_mail_is_put_on_a_case_once_and_moves_nothing(client: TestClient, world: World) -> None:
    number = kept(world)
    ref = world.case(3).ref
    assert client.post(f"/inbound/{number}/attach", data={"ref": ref}).status_code == 403  # from elsewhere
    answer = client.post(f"/inbound/{number}/attach", data={"ref": ref}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/inbound/{number}")
    event = world.service.store.history(ref)[-1]
    assert (event.move, event.by, world.case(3).state) == ("comment", "unit:GIL", "assigned")
    assert "alert(1)" in event.text
    assert client.post(f"/inbound/{number}/attach", data={"ref": ref}, headers=SAME_ORIGIN).status_code == 422
    assert "Put on the case." in client.get(f"/inbound/{number}").text
    assert "Nothing waits." in client.get("/inbound").text
    assert "&lt;b&gt;Hei" in client.get("/inbound?everything=true").text


def test_what_was_attached_goes_along_and_is_never_opened_by_a_browser(client: TestClient, world: World) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "kari@x.example", "Notatet"
    mail.set_content("Her er notatet.")
    mail.add_attachment(b"%PDF-1.7 et notat", maintype="application", subtype="pdf", filename="notat.pdf")
    mail.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="spill.exe")
    number, ref = kept(world, mail.as_bytes()), world.case(3).ref
    page = client.get(f"/inbound/{number}?lang=en").text
    assert re.search(r"goes along:.*notat.pdf.*are not kept.*spill.exe", page, re.DOTALL)
    assert world.service.store.documents(ref) == []
    client.post(f"/inbound/{number}/attach", data={"ref": ref}, headers=SAME_ORIGIN)
    [document] = world.service.store.documents(ref)
    assert (document.name, document.size) == ("notat.pdf", 17)
    assert "notat.pdf" in world.service.store.history(ref)[-1].facts["documents"]
    saved = client.get(f"/document/{document.id}", params={"ref": ref})
    assert saved.content == b"%PDF-1.7 et notat"
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.headers["x-content-type-options"] == "nosniff"


def test_what_cannot_be_read_again_is_put_on_a_case_by_its_text_alone(client: TestClient, world: World) -> None:
    world.service.kept(Received(source="test", raw=EVIL, size=99_000_000))
    world.service.tick()
    number, ref = world.service.store.inbounds()[0].id, world.case(3).ref
    assert not world.service.store.inbound(number).legible
    assert client.get(f"/inbound/{number}").status_code == 200
    assert client.post(f"/inbound/{number}/attach", data={"ref": ref}, headers=SAME_ORIGIN).status_code == 303
    assert world.service.store.documents(ref) == []


def test_a_mail_of_no_interest_is_set_aside(client: TestClient, world: World) -> None:
    number = kept(world)
    assert client.post(f"/inbound/{number}/drop", headers=SAME_ORIGIN).status_code == 303
    assert world.service.store.inbound(number).state == "dropped"


@pytest.mark.parametrize("path", ["/inbound", "/inbound/1", "/inbound/1/source"])
def test_looking_changes_nothing(client: TestClient, world: World, path: str) -> None:
    kept(world)
    before = world.service.store.inbound(1)
    for method in ("GET", "HEAD"):
        client.request(method, path)
    assert world.service.store.inbound(1) == before


def test_the_demos_reply_goes_through_the_real_reader_and_moves_the_case(tmp_path: Path) -> None:
    with Sink() as sink:
        demo = open_demo(iom(), WORKFLOWS, smtp_port=sink.port, folder=tmp_path)
        store = demo.service.store
        [letter] = [it for it in store.letters() if it.party == "unit:REG"]
        kept = store.inbound(demo.answer(letter.id, "i gang\nVi begynner nå.", ""))
        assert (kept.outcome, store.case(kept.ref).state) == ("done", "in_progress")
        assert store.inbound(demo.answer(letter.id, "gjort", "noen@annet.example")).outcome == "stranger"
        demo.service.close()


def test_in_the_demo_one_replies_as_the_recipient_through_the_real_reader(client: TestClient, world: World) -> None:
    world.service.tick()
    [letter] = [it for it in world.service.store.letters() if it.party == "unit:REG"]
    assert "Reply as the recipient" in client.get(f"/outbox/{letter.id}").text
    form = {"letter": letter.id, "text": "i gang\nVi begynner nå.", "sender": letter.address}
    answer = client.post("/demo/reply", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    shown = client.get(answer.headers["location"]).text
    assert "Vi begynner nå." in shown
