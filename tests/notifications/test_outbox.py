"""One round of the post with a server in every mood: no letter is lost, and a second copy is the same letter."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.link import Link, redacted
from engine.notice import Arrived, Finished, Letter, Notice, Packing, Parcel
from notifications.message import Stamp
from notifications.outbox import FIRST_WAIT, LONGEST_WAIT, Delivered, Delivery, wait
from notifications.post import SendError
from notifications.preview import sample
from notifications.settling import MOST_UNSETTLED
from notifications.writing import Writing

NOON = datetime(2012, 6, 12, 10, 0, tzinfo=UTC)
BUSY = SendError("451 busy")
GONE = SendError("connection refused", lost=True)
NO_SUCH = SendError("550 no such mailbox", nobody=True)
NO_ANSWER = SendError("no answer", unknown=True)


@dataclass
class Shelf:
    """An outbox in memory. `claims` remembers until when each letter was leased."""

    letters: dict[str, Letter]
    told: list[Notice] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    claims: list[tuple[str, datetime]] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)
    before_noting: Callable[[], object] = bool

    def claim(self, now: datetime, *, until: datetime, limit: int, party: str = "", kind: str = "") -> list[Letter]:
        leases = dict(self.claims)
        free = [
            it
            for it in self.letters.values()
            if party in ("", it.party)
            and kind in ("", it.kind)
            and (
                (it.status in ("queued", "unknown") and it.not_before <= now)
                or (it.status == "leased" and leases[it.id] <= now)
            )
        ]
        for letter in free[:limit]:
            self.letters[letter.id] = replace(letter, status="leased", attempts=letter.attempts + 1)
            self.claims.append((letter.id, until))
        return [self.letters[it.id] for it in free[:limit]]

    def parcels(self, letter_ids: Sequence[str]) -> Mapping[str, Parcel]:
        return {it: self.parcel(it) for it in letter_ids}

    def parcel(self, letter_id: str) -> Parcel:
        briefing = sample("overdue", "nb")
        notice = Notice(
            key=letter_id, ref="IOM-2011-3", to="unit:REG", role="responsible", letter="overdue", via="now",
            rule="due", reason="", planned=NOON.date(), decided_at=NOON, ripe_at=NOON,
        )  # fmt: skip
        return Parcel(id=letter_id, to=briefing.to, kind="letter", notices=(notice,), packed_at=NOON)

    def write(self, finished: Sequence[Finished]) -> Mapping[str, bytes]:
        for it in finished:
            self.links += it.links
            kept = self.letters[it.id].raw or it.raw
            self.letters[it.id] = replace(self.letters[it.id], raw=kept, subject=it.subject)
        return {it.id: self.letters[it.id].raw or b"" for it in finished}

    def settle(self, arrived: Sequence[Arrived]) -> None:
        self.before_noting()
        for it in arrived:
            kept = self.letters[it.id].raw if it.raw is None else it.raw
            self._change(it.id, status="sent", sent_at=it.at, last_reply=it.reply, raw=kept)
        self.noted.append(len(arrived))

    def back_off(self, letter: Letter, until: datetime, *, why: str, unknown: bool = False) -> None:
        self._change(letter.id, status="unknown" if unknown else "queued", not_before=until, last_reply=why)

    def release(self, letters: Sequence[Letter]) -> None:
        for it in letters:
            self._change(it.id, status="queued")

    def bury(
        self, letter: Letter, at: datetime, *, why: str, notices: Sequence[Notice] = (), refused: str = ""
    ) -> None:
        self._change(letter.id, status="dead", not_before=at, last_reply=why)
        self.told += notices
        self.refused += [refused] if refused else []

    def _change(self, letter_id: str, **changes: object) -> None:
        self.letters[letter_id] = replace(self.letters[letter_id], **changes)  # type: ignore[arg-type]

    # the rest of the port is not asked here
    def ripe(self, now: datetime, letters: Collection[str] = ()) -> Sequence[str]:
        raise AssertionError(now, letters)

    def waiting(self, parties: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        raise AssertionError(parties)

    def last_packed(self, parties: Sequence[str]) -> Mapping[str, datetime]:
        raise AssertionError(parties)

    def redirect(self, notices: Sequence[Notice]) -> None:
        raise AssertionError(notices)

    def pack(self, packings: Sequence[Packing]) -> bool:
        raise AssertionError(packings)


@dataclass
class Server:
    """A mail server that meets the next letters in these moods, and takes the rest."""

    moods: list[SendError | None] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    takes: timedelta = timedelta()
    clock: "HandClock | None" = None
    enough: Event = field(default_factory=Event)  # set once so many letters were taken as may be unsettled

    async def send(self, raw: bytes, *, sender: str, recipient: str) -> str:
        assert sender == "tiltak@ud.example"
        if self.clock:
            self.clock.at += self.takes
        mood = self.moods.pop(0) if self.moods else None
        if mood is None or mood.unknown:
            self.taken.append((recipient, raw))
        if len(self.taken) == MOST_UNSETTLED:
            self.enough.set()
        if mood:
            raise mood
        return "250 OK"


@dataclass
class HandClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


def letter(number: int, **more: object) -> Letter:
    facts: dict[str, object] = {
        "id": f"l{number}", "party": "unit:REG", "address": f"a{number}@ud.example",
        "message_id": f"<l{number}@ud.example>", "subject": "",
        "kind": "letter", "status": "queued", "raw": None, "packed_at": NOON, "not_before": NOON,
    }  # fmt: skip
    return Letter(**(facts | more))  # type: ignore[arg-type]


class Office:
    def __init__(self, *moods: SendError | None, letters: int = 1, party: str = "unit:GIL") -> None:
        self.shelf = Shelf({it.id: it for it in map(letter, range(1, letters + 1))})
        self.server, self.clock = Server(list(moods)), HandClock()
        self.unwritable: set[str] = set()
        self.closes = NOON + timedelta(days=99)
        self.delivery = Delivery(
            outbox=self.shelf,
            post=self.server,
            writing=Writing(
                outbox=self.shelf,
                briefs=lambda _: self._brief,
                clock=self.clock,
                stamp=Stamp(sender="tiltak@ud.example", sender_name="Tiltak", host="ud.example", instance="ud"),
            ),
            undeliverable=lambda dead: [replace(dead.parcel.notices[0], to=party, reason=dead.why, decided_at=dead.at)],
            may_leave=lambda now: now < self.closes,
            clock=self.clock,
        )

    def _brief(self, parcel: Parcel):  # type: ignore[no-untyped-def]
        if parcel.id in self.unwritable:
            raise KeyError("a fact is missing")
        return sample("overdue", "nb")

    def stop_after(self, sent: int) -> None:
        """The process is told to end while it talks to the server."""
        self.delivery = replace(self.delivery, stopping=lambda: len(self.server.taken) >= sent)

    def round(self) -> Delivered:
        return asyncio.run(self.delivery.round())

    def statuses(self) -> list[str]:
        return [it.status for it in self.shelf.letters.values()]


def test_a_letter_is_written_once_sent_and_settled_with_the_servers_words() -> None:
    office = Office(letters=3)
    assert office.round() == Delivered(sent=3)
    assert [it.last_reply for it in office.shelf.letters.values()] == ["250 OK"] * 3
    assert [to for to, _ in office.server.taken] == ["a1@ud.example", "a2@ud.example", "a3@ud.example"]
    assert office.round() == Delivered()


def test_a_busy_server_is_asked_again_later_and_each_time_later_still() -> None:
    office = Office(*[BUSY] * 6)
    waits = []
    for _ in range(6):
        assert office.round() == Delivered(backed_off=1)
        again = office.shelf.letters["l1"].not_before
        waits.append(again - office.clock.at)
        office.clock.at = again
    assert waits == sorted(waits)
    assert waits[0] >= FIRST_WAIT
    assert office.round() == Delivered(sent=1)


def test_a_server_that_is_gone_is_not_tried_for_every_letter() -> None:
    office = Office(*[GONE] * 50, letters=50)
    assert office.round().backed_off == 3
    assert "sent" not in office.statuses()
    assert "dead" not in office.statuses()


def test_a_letter_nobody_takes_is_dead_at_once_and_somebody_else_hears() -> None:
    office = Office(NO_SUCH, letters=2)
    assert office.round() == Delivered(sent=1, dead=1)
    assert office.statuses() == ["dead", "sent"]
    assert [(it.to, it.reason) for it in office.shelf.told] == [("unit:GIL", "550 no such mailbox")]


def test_an_address_that_is_wrong_is_remembered_and_one_that_is_full_is_not() -> None:
    office = Office(NO_SUCH, SendError("552 5.2.2 mailbox full", permanent=True), letters=2)
    assert office.round() == Delivered(dead=2)
    assert office.shelf.refused == ["a1@ud.example"]


def test_the_last_one_who_hears_is_never_given_up() -> None:
    office = Office(NO_SUCH)
    office.shelf.letters = {"l1": letter(1, party="operator")}
    assert office.round() == Delivered(backed_off=1)
    office.clock.at += timedelta(hours=1)
    assert office.round() == Delivered(sent=1)


def test_a_lost_acknowledgement_is_followed_by_the_same_bytes() -> None:
    office = Office(NO_ANSWER)
    assert office.round() == Delivered(unknown=1)
    assert office.statuses() == ["unknown"]
    office.clock.at += timedelta(hours=1)
    assert office.round() == Delivered(sent=1)
    assert len({raw for _, raw in office.server.taken}) == 1
    assert b"Message-ID: <l1@ud.example>" in office.server.taken[0][1]


def test_a_letter_that_cannot_be_written_waits_and_the_others_leave() -> None:
    office = Office(letters=3)
    office.unwritable = {"l2"}
    assert office.round() == Delivered(sent=2, backed_off=1)
    assert "it cannot be written" in office.shelf.letters["l2"].last_reply
    office.unwritable.clear()
    office.clock.at += timedelta(hours=1)
    assert office.round() == Delivered(sent=1)


def test_a_process_that_is_told_to_end_finishes_the_letter_in_hand_and_gives_the_others_back() -> None:
    office = Office(letters=5)
    office.stop_after(2)
    assert office.round() == Delivered(sent=2)
    assert office.statuses() == ["sent", "sent", "queued", "queued", "queued"]
    assert office.round() == Delivered()  # nothing more is claimed
    office.stop_after(99)
    assert office.round() == Delivered(sent=3)  # by the next process, at once
    assert len(office.server.taken) == 5


def test_letters_are_leased_for_as_long_as_was_asked() -> None:
    office = Office()
    office.round()
    assert office.shelf.claims == [("l1", NOON + timedelta(minutes=10))]


def test_no_letter_leaves_outside_the_hours_however_long_it_has_waited() -> None:
    office = Office(BUSY, letters=2)
    office.closes = NOON + timedelta(seconds=30)
    assert office.round() == Delivered(sent=1, backed_off=1)
    office.clock.at += timedelta(hours=9)
    assert office.round() == Delivered()
    office.closes += timedelta(days=1)
    assert office.round() == Delivered(sent=1)


def test_what_answers_somebody_leaves_at_any_hour_and_all_else_waits() -> None:
    office = Office(letters=2)
    office.shelf.letters["l2"] = letter(2, kind="receipt")
    office.closes = NOON - timedelta(seconds=1)
    assert office.round() == Delivered(sent=1)
    assert office.statuses() == ["queued", "sent"]


def test_a_letter_carries_its_links_and_is_kept_without_them() -> None:
    office = Office(BUSY)
    office.round()
    waiting = office.shelf.letters["l1"].raw or b""
    assert redacted(waiting.decode()) != waiting.decode()  # tried again, it is the same letter
    office.clock.at += timedelta(hours=1)
    assert office.round() == Delivered(sent=1)
    assert office.server.taken[0][1] == waiting
    assert (office.shelf.letters["l1"].raw or b"").decode() == redacted(waiting.decode())


def test_a_server_so_slow_that_the_lease_runs_out_gets_no_letter_that_is_somebody_elses_by_now() -> None:
    office = Office(letters=4)
    office.server.takes, office.server.clock = timedelta(minutes=6), office.clock
    office.closes = NOON + timedelta(minutes=11)
    office.round()
    assert office.statuses() == ["sent", "sent", "leased", "leased"]  # the third began after ten minutes


def test_few_letters_are_ahead_of_what_is_noted_and_those_that_wait_are_noted_together() -> None:
    office = Office(letters=9)
    ahead: list[int] = []

    def slowly() -> None:
        """The database is so slow that the server could take them all meanwhile."""
        assert office.server.enough.wait(30)
        ahead.append(len(office.server.taken) - sum(office.shelf.noted))

    office.shelf.before_noting = slowly
    assert office.round() == Delivered(sent=9)
    assert ahead[0] == MOST_UNSETTLED
    assert max(ahead) <= MOST_UNSETTLED
    assert office.shelf.noted[:2] == [1, MOST_UNSETTLED - 1]


def test_when_nothing_can_be_noted_nothing_more_is_sent_and_only_the_few_in_between_go_out_again() -> None:
    office, broken = Office(letters=12), [False, False, True, True]

    def breaks() -> None:
        if broken and broken.pop(0):
            raise OSError("the disk is full")

    office.shelf.before_noting = breaks
    with pytest.raises(OSError, match="disk"):
        office.round()
    assert len(office.server.taken) < 12
    broken.clear()
    office.clock.at += timedelta(minutes=10)
    office.round()
    assert office.statuses() == ["sent"] * 12
    assert len(office.server.taken) <= 12 + MOST_UNSETTLED
    assert len(set(office.server.taken)) == 12  # the copies are the same bytes


@given(st.text(min_size=1, max_size=26), st.integers(1, 500))
def test_the_wait_is_spread_bounded_and_always_the_same(letter_id: str, attempts: int) -> None:
    found = wait(letter_id, attempts)
    assert FIRST_WAIT <= found <= LONGEST_WAIT * 1.25
    assert found == wait(letter_id, attempts)


def test_letters_that_failed_together_do_not_all_come_back_together() -> None:
    assert len({wait(f"l{number}", 3) for number in range(40)}) > 20


@given(st.lists(st.sampled_from([None, BUSY, GONE, NO_SUCH, NO_ANSWER]), max_size=12))
def test_whatever_the_server_does_every_letter_arrives_or_is_told_of(moods: list[SendError | None]) -> None:
    office = Office(*moods, letters=4)
    for _ in range(30):
        office.round()
        office.clock.at += timedelta(hours=6)
    dead = [it.id for it in office.shelf.letters.values() if it.status == "dead"]
    assert set(office.statuses()) <= {"sent", "dead"}
    assert len(office.shelf.told) == len(dead)
    arrived = {to for to, _ in office.server.taken}
    assert {it.address for it in office.shelf.letters.values() if it.id not in dead} <= arrived
    for address in arrived:
        assert len({raw for to, raw in office.server.taken if to == address}) == 1
