"""Who wrote a mail: the owner of the reply address, From and DMARC agree, or nothing is done yet."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.people import Absence, Organisation, Person, Register, Unit
from engine.text import Text
from notifications.incoming.identity import Gate, Policy, Writer, domains_of, writer
from notifications.reading.facts import Envelope, Mailbox, Verdict

DAY = date(2012, 6, 1)
REGISTER = Register(
    organisation=Organisation(key="ud", name=Text.same("UD"), operator="drift@ud.example"),
    units={
        "HUM": Unit(code="HUM", name=Text.same("HUM"), mailbox="hum@ud.example", head="hanne"),
        "REG": Unit(code="REG", name=Text.same("REG"), mailbox="reg@stasjon.example"),
    },
    persons={
        "per": Person(
            key="per", name="Per", address="per@ud.example", addresses=("Per@heime.example",), delegates=("siri",)
        ),
        "siri": Person(key="siri", name="Siri", address="siri@ud.example", unit="REG"),
        "odd": Person(key="odd", name="Odd", address="odd@ud.example", unit="HUM"),
        "hanne": Person(key="hanne", name="Hanne", address="hanne@ud.example"),
        "rita": Person(key="rita", name="Rita", unit="REG"),
        "gone": Person(key="gone", name="Gone", address="gone@ud.example", unit="HUM", active=False),
    },
    absences=(
        Absence(person="hanne", first=DAY, substitute="odd"),
        Absence(person="rita", first=DAY, substitute="per"),
    ),
)
GATE = Gate(policy="internal", domains=domains_of(REGISTER, "tiltak@etat.example"))


def envelope(author: str, sender: str = "", dmarc: str = "pass", trusted: bool = True, of: str = "") -> Envelope:
    said = Verdict(authserv_id="mx", results={"dmarc": dmarc}, domains={"dmarc": of}, trusted=trusted)
    facts: dict[str, Any] = {"sender": Mailbox(sender)} if sender else {}
    return Envelope(senders=(Mailbox(author),), verdicts=(said,) if dmarc else (), **facts)


def wrote(author: str, owner: str, sender: str = "") -> Writer:
    return writer(envelope(author, sender), owner, GATE, REGISTER, DAY)


@pytest.mark.parametrize(
    ("author", "owner", "found"),
    [
        ("per@ud.example", "person:per", Writer("person:per")),
        ("per@heime.example", "person:per", Writer("person:per")),  # a registered second address
        ("hum@ud.example", "unit:HUM", Writer("unit:HUM")),
        ("odd@ud.example", "unit:HUM", Writer("person:odd")),  # one of the unit
        ("hanne@ud.example", "unit:HUM", Writer("person:hanne")),  # its head
        ("odd@ud.example", "person:hanne", Writer("person:odd", "person:hanne")),  # stands in
        ("siri@ud.example", "person:per", Writer("person:siri", "person:per")),  # a delegate
        ("per@ud.example", "unit:REG", Writer("person:per")),  # stands in for one of the unit
        ("siri@ud.example", "", Writer("person:siri")),  # no reply address, so no right but one's own
    ],
)
def test_whoever_has_the_right_is_believed(author: str, owner: str, found: Writer) -> None:
    assert wrote(author, owner) == found


@pytest.mark.parametrize(
    ("author", "owner", "party"),
    [
        ("siri@ud.example", "unit:HUM", "person:siri"),  # somebody else's unit
        ("odd@ud.example", "person:per", "person:odd"),
        ("hum@ud.example", "person:per", "unit:HUM"),
        ("gone@ud.example", "unit:HUM", ""),  # has left
        ("stranger@x.example", "person:per", ""),  # the letter was forwarded, and its right was not
        ("hanne@ud.example", "person:odd", "person:hanne"),  # being stood in for works one way
    ],
)
def test_whoever_has_none_is_held_with_a_name_where_it_is_known(author: str, owner: str, party: str) -> None:
    assert wrote(author, owner) == Writer(party, doubt="stranger")


def test_a_secretary_who_presses_the_button_is_named_and_a_strangers_button_is_doubted() -> None:
    assert wrote("per@ud.example", "person:per", sender="siri@ud.example") == Writer("person:siri", "person:per")
    assert wrote("per@ud.example", "person:per", sender="per@heime.example") == Writer("person:per")
    assert wrote("per@ud.example", "person:per", sender="per@ud.example") == Writer("person:per")
    assert wrote("per@ud.example", "person:per", sender="robot@x.example").doubt == "sender"
    assert wrote("per@ud.example", "person:per", sender="odd@ud.example").doubt == "sender"


@pytest.mark.parametrize(
    ("policy", "author", "dmarc", "doubt"),
    [
        ("internal", "per@ud.example", "pass", ""),
        ("internal", "per@ud.example", "none", "unproven"),
        ("internal", "per@ud.example", "", "unproven"),
        ("internal", "per@ud.example", "fail", "forged"),
        ("internal", "per@heime.example", "", ""),
        ("internal", "per@heime.example", "fail", "forged"),
        ("all", "per@heime.example", "none", "unproven"),
        ("all", "per@heime.example", "pass", ""),
        ("off", "per@ud.example", "fail", ""),
    ],
)
def test_dmarc_is_asked_for_as_the_organisation_has_decided(
    policy: Policy, author: str, dmarc: str, doubt: str
) -> None:
    found = writer(envelope(author, dmarc=dmarc), "person:per", replace(GATE, policy=policy), REGISTER, DAY)
    assert found.doubt == doubt


def test_what_others_claim_of_dmarc_or_of_another_domain_proves_nothing() -> None:
    for forged in (envelope("per@ud.example", trusted=False), envelope("per@ud.example", of="x.example")):
        assert writer(forged, "person:per", GATE, REGISTER, DAY).doubt == "unproven"


def test_two_authors_are_nobody() -> None:
    two = replace(envelope("per@ud.example"), senders=(Mailbox("per@ud.example"), Mailbox("x@x.example")))
    assert writer(two, "person:per", replace(GATE, policy="off"), REGISTER, DAY) == Writer(doubt="froms")
