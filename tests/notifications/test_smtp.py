"""What each answer of a real mail server means for a letter."""

import asyncio
from collections.abc import Iterator

import pytest

from notifications.post import SendError
from notifications.smtp import Smtp
from tests.notifications.post_office import LOCALHOST, PostOffice

RAW = b"From: a@ud.example\r\nTo: b@ud.example\r\nSubject: x\r\n\r\nbody\r\n"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


def send(office: PostOffice, *recipients: str, timeout: float = 5) -> list[str | SendError]:
    """Send one letter to each over the same Smtp, and say what came of each."""

    async def run() -> list[str | SendError]:
        async with Smtp(LOCALHOST, office.port, security="none", timeout=timeout) as smtp:
            return [await _one(smtp, recipient) for recipient in recipients]

    return asyncio.run(run())


async def _one(smtp: Smtp, recipient: str) -> str | SendError:
    try:
        return await smtp.send(RAW, sender="tiltak@ud.example", recipient=recipient)
    except SendError as error:
        return error


def meaning(outcome: str | SendError) -> tuple[bool, bool, bool]:
    assert isinstance(outcome, SendError)
    return outcome.permanent, outcome.unknown, outcome.lost


def test_a_letter_is_taken_with_the_servers_own_words(office: PostOffice) -> None:
    assert send(office, "b@ud.example") == ["250 taken"]
    assert office.taken[0].rcpt_tos == ["b@ud.example"]
    assert office.taken[0].mail_from == "tiltak@ud.example"


def test_several_letters_go_over_one_connection_with_one_recipient_each(office: PostOffice) -> None:
    assert send(office, "b@ud.example", "c@ud.example") == ["250 taken", "250 taken"]
    assert [envelope.rcpt_tos for envelope in office.taken] == [["b@ud.example"], ["c@ud.example"]]


@pytest.mark.parametrize(
    ("mood", "permanent"), [("550", True), ("554 at data", True), ("451", False), ("452 at data", False)]
)
def test_a_refusal_is_for_good_or_for_now_by_its_first_digit(office: PostOffice, mood: str, permanent: bool) -> None:
    office.moods = [mood]
    refused, taken = send(office, "b@ud.example", "c@ud.example")
    assert meaning(refused) == (permanent, False, False)
    assert taken == "250 taken"


@pytest.mark.parametrize("mood", ["421 at mail", "drop before data"])
def test_a_connection_that_breaks_before_the_letter_is_tried_again(office: PostOffice, mood: str) -> None:
    office.moods = [mood]
    broken, taken = send(office, "b@ud.example", "c@ud.example")
    assert isinstance(broken, SendError)
    assert not broken.permanent
    assert not broken.unknown
    assert taken == "250 taken"


@pytest.mark.parametrize("mood", ["hang after data", "drop after data"])
def test_silence_after_the_letter_was_handed_over_is_no_refusal(office: PostOffice, mood: str) -> None:
    office.moods = [mood]
    (outcome,) = send(office, "b@ud.example", timeout=0.5)
    assert meaning(outcome) == (False, True, False)
    assert len(office.taken) == 1


def test_a_server_that_is_not_there_is_nobodys_letters_fault() -> None:
    with PostOffice() as office:
        pass
    (outcome,) = send(office, "b@ud.example")
    assert meaning(outcome) == (False, False, True)


def test_a_sender_the_server_does_not_know_is_no_fault_of_the_one_written_to(office: PostOffice) -> None:
    office.moods = ["550 at mail"]
    refused, taken = send(office, "b@ud.example", "c@ud.example")
    assert meaning(refused) == (False, False, True)
    assert "sender not known here" in str(refused)
    assert taken == "250 taken"


def test_a_server_without_starttls_gets_no_letter_in_clear_text(office: PostOffice) -> None:
    async def run() -> str | SendError:
        async with Smtp(LOCALHOST, office.port, security="starttls", timeout=5) as smtp:
            return await _one(smtp, "b@ud.example")

    assert meaning(asyncio.run(run())) == (False, False, True)
    assert office.taken == []


def test_an_address_the_server_cannot_write_is_dead_and_harms_nobody_else(office: PostOffice) -> None:
    refused, taken = send(office, "bjørn@ud.example", "c@ud.example")
    assert meaning(refused)[0] is True
    assert taken == "250 taken"
