"""Whose word on a sender is believed, as the settings name them."""

import pytest

from notifications.reading.authentication import verdicts
from tiltak.reading import ourselves
from tiltak.settings import Inbound, Settings

MICROSOFTS = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=ud.example; dkim=pass header.d=ud.example; "
    "dmarc=pass action=none header.from=ud.example;compauth=pass reason=100"
)
NAMED = "mx.ud.example; dmarc=pass header.from=ud.example"


@pytest.mark.parametrize(
    ("setting", "headers", "believed"),
    [
        ("(none)", [MICROSOFTS, NAMED], [True, False]),
        ("(none)", [NAMED, MICROSOFTS], [False, False]),  # what is not at the top came along with the mail
        ("(none)", [MICROSOFTS, MICROSOFTS], [True, False]),
        ("mx.ud.example", [MICROSOFTS, NAMED], [False, True]),
        ("", [MICROSOFTS, NAMED], [False, False]),
    ],
)
def test_a_server_that_writes_no_name_can_be_trusted_by_a_setting_of_its_own(
    setting: str, headers: list[str], believed: list[bool]
) -> None:
    own = ourselves(Settings(inbound=Inbound(trusted_authserv_id=setting, require_dmarc="off")))
    said = verdicts(headers, own.trusted_authserv_ids)
    assert [it.trusted for it in said] == believed
    assert {it.results["dmarc"] for it in said} == {"pass"}
