"""The door opens where a session is safe on its way, and no log tells what opens it."""

import logging

import pytest
from starlette.responses import Response
from uvicorn.logging import AccessFormatter

from store.sql import open_store
from tiltak.clock import SystemClock
from tiltak.door import door_of
from tiltak.redaction import without_tokens
from tiltak.settings import Service, Settings
from web.door import NONCE, SESSION, Door

TOKEN = "a" * 26


def opened(database: str, **service: object) -> Door | None:
    settings = Settings(service=Service.model_validate({"database": database, **service}))
    store = open_store(database, organisation=settings.as_organisation())
    try:
        return door_of(settings, store.entrance, SystemClock())
    finally:
        store.close()


@pytest.mark.parametrize(
    ("service", "secure"),
    [
        ({"base_url": "https://tiltak.example"}, True),
        ({"base_url": "http://localhost:8000"}, False),
        ({}, False),
        ({"base_url": "http://tiltak.example"}, None),
        ({"base_url": "http://localhost.evil.example"}, None),
        ({"host": "0.0.0.0"}, None),
    ],
)
def test_a_session_travels_encrypted_or_stays_on_this_machine(
    migrated: object,
    service: dict[str, object],
    secure: bool | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = opened(f"sqlite:///{migrated}", **service)
    assert (found and found.secure) is secure
    assert ("nobody can sign in" in caplog.text) is (secure is None)


def test_a_cookie_is_the_hosts_alone_and_no_scripts(migrated: object) -> None:
    door = opened(f"sqlite:///{migrated}", base_url="https://tiltak.example")
    assert door
    for cookie, name in ((SESSION, "__Host-tiltak"), (NONCE, "__Host-tiltak-asked")):
        answer = Response()
        door.remember(answer, cookie, TOKEN)
        said = answer.headers["set-cookie"]
        assert said.startswith(f"{name}={TOKEN};")
        for part in ("HttpOnly", "Path=/", "SameSite=lax", "Secure"):
            assert f"; {part}" in said
        assert "Domain" not in said


@pytest.mark.parametrize("path", [f"/sign-in/{TOKEN}", f"/l/{TOKEN}", f"/l/{TOKEN}/undo?x=1"])
def test_an_access_log_tells_no_secret(path: str) -> None:
    facts = ("198.51.100.7:5000", "GET", path, "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', facts, None)
    shape = AccessFormatter("%(client_addr)s %(request_line)s %(status_code)s", use_colors=False)
    said = shape.format(without_tokens(record))
    assert TOKEN not in said
    assert said.startswith(f"198.51.100.7:5000 GET {path.partition(TOKEN)[0]}")


def test_other_words_stay_as_they_are() -> None:
    for said in ("/sign-in?back=%2Fplan%2FX", "a letter to x@y.example"):
        record = logging.LogRecord("tiltak", logging.INFO, "", 0, said, (), None)
        assert without_tokens(record).getMessage() == said
