"""No token reaches a log: not in a path, not in an address, not in the words of an error."""

import logging

import pytest

from engine.link import REDACTED, token_of
from tiltak.redaction import keep_secrets

TOKEN = token_of(b"sixteen letters.")


def test_no_record_of_the_process_holds_a_token(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    keep_secrets()
    try:
        keep_secrets()  # a second time is no other time
        log = logging.getLogger("anybody")
        log.warning('%s - "%s %s HTTP/%s" %d', "127.0.0.1", "GET", f"/l/{TOKEN}?lang=nb", "1.1", 200)
        log.warning("no mail is taken from %s", ValueError(f"svar+{TOKEN}@ud.example"))
        log.warning(f"/l/{TOKEN}/undo")
        log.warning("POST %s", f"/sign-in/{TOKEN}")
    finally:
        logging.setLogRecordFactory(before)
    assert TOKEN not in caplog.text
    assert caplog.text.count(REDACTED) == 4
    assert f'"GET /l/{REDACTED}?lang=nb HTTP/1.1" 200' in caplog.text
