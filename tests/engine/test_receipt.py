"""A receipt says what was stored, to the one who said it, at once and in the role in which they are asked."""

from datetime import timedelta

import pytest

from engine.case import Event
from engine.notice import Notice
from engine.receipt import answer_to, foremost_role, receipt
from tests.engine.cast import MONDAY, NOON, REGISTER, case

EVENT = Event(ref="IOM-2011-3", seq=7, at=NOON, by="unit:HUM", move="report", through="link")
LATER = NOON + timedelta(days=1)


def test_a_receipt_is_for_the_one_who_caused_the_event_and_says_where_the_case_stands() -> None:
    assert receipt(EVENT, case(state="reported"), REGISTER, LATER) == Notice(
        key="IOM-2011-3|receipt|7|unit:HUM",
        ref="IOM-2011-3",
        to="unit:HUM",
        role="responsible",
        letter="receipt",
        via="now",
        rule="move:report",
        reason="report on 2011-08-30",
        planned=MONDAY + timedelta(days=1),
        decided_at=LATER,
        ripe_at=LATER,
        state="reported",
        event_seq=7,
    )


def test_another_party_can_be_answered_by_another_letter() -> None:
    found = answer_to("person:stranger", "passed_on", EVENT, case(), REGISTER, NOON)
    assert (found.key, found.to, found.role, found.letter) == (
        "IOM-2011-3|passed_on|7|person:stranger", "person:stranger", "copies", "passed_on",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("party", "role"),
    [
        ("person:officer", "responsible"),
        ("person:hum-head", "responsible"),
        ("unit:GIL", "coordinator"),
        ("unit:UR", "executive"),
        ("unit:DHAKA", "copies"),
        ("person:stranger", "copies"),
    ],
)
def test_everybody_is_spoken_to_in_their_foremost_role(party: str, role: str) -> None:
    it = case(responsible="officer", copies=("unit:DHAKA",))
    assert foremost_role(party, it, REGISTER, NOON) == role
