"""What whoever runs the service does about sessions and roles from the command line."""

import json
import re
from pathlib import Path

import pytest

from engine.link import digest_of
from engine.sign_in import enter
from tests.tiltak.test_commands import IOM, home, tiltak, trap  # noqa: F401
from tiltak.options import Options
from tiltak.wiring import open_service


@pytest.mark.usefixtures("home")
def test_somebody_whom_no_mail_reaches_is_let_in_listed_and_shown_out() -> None:
    tiltak("import", IOM)
    printed = tiltak("session", "link", "leder-gil")
    token = re.search(r"http://127\.0\.0\.1:\d+/sign-in/([a-z2-7]{26})\n", printed)
    code = re.search(r"The code is (\d{3} \d{3})", printed)
    assert token
    assert code
    service = open_service(Options())
    said = {"agent": "Firefox", "cookie": "", "now": service.clock.now()}
    _, cookie = enter(service.store.entrance, token[1], nonce="", code=code[1], **said)  # type: ignore[arg-type]
    (found,) = [json.loads(it) for it in tiltak("session", "list", "--json").splitlines()]
    assert (found["who"], found["browser"], found["session"]) == ("person:leder-gil", "Firefox", digest_of(cookie)[:12])
    assert found["session"] in tiltak("session", "list")
    assert "is over" in tiltak("session", "revoke", found["session"])
    assert tiltak("session", "list", "--json") == ""
    assert "0 sessions of person:leder-gil" in tiltak("session", "revoke", "leder-gil")
    assert "drift@" not in tiltak("session", "link", "operator")
    assert "there is no session or active person 'nobody'" in tiltak("session", "link", "nobody", code=1)
    service.store.close()


def test_a_link_that_could_be_read_on_its_way_is_not_made(home: Path) -> None:  # noqa: F811
    settings = home / "tiltak.toml"
    settings.write_text(settings.read_text().replace("[service]", '[service]\nbase_url = "http://tiltak.example"'))
    tiltak("import", IOM)
    assert "service.base_url must be an https address" in tiltak("session", "link", "leder-gil", code=2)


@pytest.mark.usefixtures("home")
def test_a_role_is_granted_listed_and_withdrawn() -> None:
    tiltak("import", IOM)
    assert tiltak("grant", "leder-mrdem", "reader", "--plan", "IOM-2011") == "leder-mrdem is reader on IOM-2011\n"
    assert "on every plan" in tiltak("grant", "leder-mrdem", "coordinator")
    found = [json.loads(it) for it in tiltak("grants", "--json").splitlines()]
    assert [(it["person"], it["role"], it["plan"]) for it in found] == [
        ("leder-mrdem", "coordinator", ""),
        ("leder-mrdem", "reader", "IOM-2011"),
    ]
    assert "every plan" in tiltak("grants")
    tiltak("grant", "leder-mrdem", "reader", "--plan", "IOM-2011", "--withdraw")
    assert "never granted" in tiltak("grant", "leder-mrdem", "reader", "--plan", "IOM-2011", "--withdraw", code=1)
    assert "there is no person 'x'" in tiltak("grant", "x", "reader", code=1)
    assert "there is no plan 'IOM-2011-3'" in tiltak("grant", "leder-mrdem", "reader", "--plan", "IOM-2011-3", code=1)
    assert "is not one of" in tiltak("grant", "leder-mrdem", "king", code=2)
