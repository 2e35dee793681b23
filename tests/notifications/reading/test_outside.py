"""The outside of a mail: who wrote it to whom, which letter it answers, and who vouches for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.reading.addresses import mailboxes, plain, token
from notifications.reading.authentication import verdicts
from notifications.reading.facts import Mailbox
from tests.notifications.reading.mails import reading

WRITTEN = {
    "kari@ud.example": [("kari@ud.example", "")],
    "Kari Nordmann <Kari@UD.example>": [("kari@ud.example", "Kari Nordmann")],
    '"Nordmann, Kari" <kari@ud.example>': [("kari@ud.example", "Nordmann, Kari")],
    "=?utf-8?b?w4VzZQ==?= <aase@ud.example>": [("aase@ud.example", "Åse")],
    "kari@ud.example (Kari)": [("kari@ud.example", "Kari")],
    '"sjef@ud.example" <ola@annen.example>': [("ola@annen.example", "sjef@ud.example")],
    "a@x.example; b@x.example": [("a@x.example", ""), ("b@x.example", "")],
    "Seksjonen: a@x.example, b@x.example;": [("a@x.example", ""), ("b@x.example", "")],
    "undisclosed-recipients:;": [],
    "<a@x.example": [("a@x.example", "")],
    "=?utf-8?q?a=40x=2Eexample?=": [],
    "": [],
    "Kari": [],
    "@": [],
}


@pytest.mark.parametrize("written", WRITTEN)
def test_mailboxes_are_read(written: str) -> None:
    assert [(each.address, each.name) for each in mailboxes(written)] == WRITTEN[written]


@given(st.text(max_size=80))
def test_what_is_read_as_an_address_is_one(written: str) -> None:
    for each in mailboxes(written):
        assert each.address.count("@") == 1
        assert not set(each.address) & set(" <>,;\r\n")


def test_a_plus_token_is_part_of_the_address_and_not_of_the_mailbox() -> None:
    assert plain("svar+abc@ud.example") == "svar@ud.example"
    assert token("svar+abc@ud.example") == "abc"
    assert token("svar@ud.example") == ""


def test_the_facts_for_matching_are_gathered_from_every_header() -> None:
    found = reading(
        "Hei",
        "To: Kari <kari@ud.example>",
        "Cc: SVAR+aaaaaaaaaaaaaaaaaaaaaaaaaa@UD.example",
        "Delivered-To: svar+bbbbbbbbbbbbbbbbbbbbbbbbbb@ud.example",
        "X-Original-To: annen+cc@annen.example",
        "In-Reply-To: <t.abc@ud.example>",
        "References: <iom-2011-3@ud.example>\r\n <t.abc@ud.example>",
        "Sender: Siri <siri@ud.example>",
        "Reply-To: post@ud.example",
        "Subject: =?utf-8?q?SV=3A_=C3=98konomi?=",
    ).envelope
    assert found.tokens == ("aaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert found.references == ("<iom-2011-3@ud.example>", "<t.abc@ud.example>")
    assert found.in_reply_to == ("<t.abc@ud.example>",)
    assert found.sender == Mailbox("siri@ud.example", "Siri")
    assert found.reply_to == (Mailbox("post@ud.example"),)
    assert found.subject == "SV: Økonomi"
    assert found.message_id == "<1@klient.example>"


def test_a_secretary_is_noticed() -> None:
    assert "on-behalf" in reading("Gjort", "Sender: siri@ud.example").flags
    assert "on-behalf" not in reading("Gjort", "Sender: kari@ud.example").flags


OURS = (
    "mx.ud.example; dkim=pass header.d=ud.example; spf=pass smtp.mailfrom=kari@ud.example; "
    "dmarc=pass (p=reject) header.from=ud.example"
)
MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=ud.example; dkim=pass (signature was verified) "
    "header.d=ud.example;dmarc=pass action=none header.from=ud.example;compauth=pass reason=100"
)


def test_results_are_read() -> None:
    (verdict,) = verdicts([OURS], {"mx.ud.example"})
    assert verdict.trusted
    assert verdict.results == {"dkim": "pass", "spf": "pass", "dmarc": "pass"}
    assert verdict.domains["dmarc"] == verdict.domains["spf"] == verdict.domains["dkim"] == "ud.example"


@pytest.mark.parametrize(
    "speaker",
    [
        "mx.ud.example.evil.example",
        "evil.mx.ud.example",
        "mx.ud.exampl",
        "mx",
        "",
        '"mx.ud.example evil"',
        "(mx.ud.example) evil",
    ],
)
def test_only_the_very_name_is_trusted(speaker: str) -> None:
    (verdict,) = verdicts([f"{speaker}; dmarc=pass header.from=ud.example"], {"mx.ud.example"})
    assert not verdict.trusted


def test_of_two_fields_with_our_name_the_lower_one_is_a_forgery() -> None:
    above, below = verdicts(["mx.ud.example; dmarc=fail", "mx.ud.example; dmarc=pass"], {"mx.ud.example"})
    assert above.trusted
    assert not below.trusted
    assert above.results["dmarc"] == "fail"


def test_microsofts_form_is_read_and_trusted_only_when_asked_and_topmost() -> None:
    (verdict,) = verdicts([MICROSOFT], {"mx.ud.example"})
    assert verdict.authserv_id == ""
    assert verdict.results == {"spf": "pass", "dkim": "pass", "dmarc": "pass", "compauth": "pass"}
    assert not verdict.trusted
    assert verdicts([MICROSOFT], {""})[0].trusted
    assert not verdicts(["evil.example; dmarc=fail", MICROSOFT], {""})[1].trusted


def test_a_result_in_a_comment_or_a_quotation_does_not_count() -> None:
    (verdict,) = verdicts(
        ['mx.ud.example; dmarc=fail (dmarc=pass; dmarc=pass) reason="; dmarc=pass"'], {"mx.ud.example"}
    )
    assert verdict.results["dmarc"] == "fail"


@given(st.text(max_size=200))
def test_no_field_makes_it_fail(field: str) -> None:
    verdicts([field], {"mx.ud.example"})


def test_a_mail_that_any_server_calls_forged_commands_nothing() -> None:
    found = reading("Gjort", "Authentication-Results: unknown.example; dmarc=fail header.from=ud.example")
    assert "dmarc-fail" in found.flags
    assert found.command is None
