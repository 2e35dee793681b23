"""What the engine asks of the world: a clock, a store with transactions, reading queries, and an outbox.

`store/` fulfils all of them on SQLite and PostgreSQL; tests keep small fakes of their own. A store speaks for one
organisation; every row it reads or writes belongs to that organisation.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from engine.case import (
    Case,
    Dated,
    DeadlineVersion,
    Document,
    Evaluation,
    Event,
    Hold,
    Occurrence,
    Recommendation,
    Ruling,
)
from engine.health import Heartbeat, Tally
from engine.link import Link
from engine.notice import Arrived, Fate, Finished, Letter, Notice, Packing, Parcel
from engine.people import Organisation, Register
from engine.rhythm import Choice
from engine.rulebook import Activation, Standing
from engine.trouble import Inspection, Outage, Trouble


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class Waking(Protocol):
    """One due case with all the sweep needs to decide, read in a batch."""

    @property
    def case(self) -> Case: ...
    @property
    def decided(self) -> Sequence[Ruling]: ...
    @property
    def holds(self) -> Sequence[Hold]: ...


class Tx(Protocol):
    """One write transaction: everything in it is committed together, or nothing is."""

    def register(self) -> Register: ...

    def enrol(self, register: Register) -> None:
        """Insert or update organisation, units, persons by their keys, and replace responsibilities and absences."""
        ...

    def case(self, ref: str) -> Case:
        """NotFound when there is none."""
        ...

    def cases(self, plan: str) -> Sequence[Case]:
        """The plan case and every case under it, in the plan's own order."""
        ...

    def reports(self, plan: str) -> Sequence[Dated]:
        """The plan case and the reports on the plan, in the plan's own order, whatever else of them cannot be read."""
        ...

    def report_on(self, plan: str, day: date | None) -> None:
        """The report on the plan is due on this day: its cases that counted by another one are looked at again."""
        ...

    def add(self, case: Case) -> None: ...

    def save(self, case: Case, *, seen: int) -> Case:
        """Store the case as version seen + 1 where the stored version is `seen`; Stale when it is not. Returns it."""
        ...

    def claim(self, today: date, *, limit: int) -> Sequence[Waking | str]:
        """Open cases with wake_on <= today, oldest alarm first, passing over those that somebody else is writing to.

        Nobody else changes them until this transaction ends. A ref alone for a row that cannot be read.
        """
        ...

    def wake(self, alarms: Mapping[str, date | None]) -> None:
        """Move the alarms of cases that were claimed, by ref; their versions stay."""
        ...

    def add_deadline(self, deadline: DeadlineVersion) -> None: ...

    def deadlines(self, ref: str) -> Sequence[DeadlineVersion]: ...

    def log(self, event: Event) -> Event:
        """Append to the case's history; returns the event with seq, previous and digest filled in."""
        ...

    def since(self, ref: str, seq: int) -> Sequence[Event]:
        """The events of a case after the one with this number, in order."""
        ...

    def attach(self, ref: str, documents: Sequence[Document], *, by: str, at: datetime) -> None:
        """Keep what was attached to a case; the same content twice is kept once."""
        ...

    def revoke(self, digests: Sequence[str], at: datetime) -> int:
        """Let these links be good for nothing any more; how many of them were not taken back before."""
        ...

    def forget_links(self, before: datetime) -> int:
        """Drop the links that had expired by then; how many there were."""
        ...

    def choices(self, party: str) -> Sequence[Choice]:
        """How a party chose to have its overview, the newest two, newest first."""
        ...

    def choose(self, choice: Choice) -> None:
        """Keep it; the register looks different from now on."""
        ...

    def retime(self, party: str, at: datetime, *, day: date, daily: bool) -> None:
        """Lines for a party's overview leave at this instant unless they would have left sooner.

        Of those that come without news only the one of this day stays, and with `daily` only.
        """
        ...

    def decided(self, ref: str) -> Sequence[Ruling]: ...

    def occurrences(self, ref: str) -> Sequence[Occurrence]: ...

    def decide(self, occurrences: Sequence[Occurrence]) -> int:
        """How many are new: a (case, rule, step, key) that was decided before stays as it was."""
        ...

    def queue(self, notices: Sequence[Notice]) -> int:
        """How many are new: a key that was queued before stays as it was."""
        ...

    def tell(self, notices: Sequence[Notice]) -> None:
        """Queue them where nobody has to know how many are new."""
        ...

    def activate(self, activation: Activation, older: Sequence[str]) -> None:
        """Keep the decision, and wake the open cases of these older versions."""
        ...

    def activation(self, workflow: str) -> Activation | None:
        """The decision by which cases go on under this version; None when there is none."""
        ...

    def holds(self, ref: str) -> Sequence[Hold]: ...

    def add_hold(self, hold: Hold) -> None: ...

    def evaluation(self, key: str) -> tuple[Evaluation, Sequence[Recommendation]] | None: ...

    def add_evaluation(self, evaluation: Evaluation, recommendations: Sequence[Recommendation]) -> None: ...

    def inspect(self, enrolled: int, today: date) -> Inspection | None:
        """Note that the register was looked at today, as of this change; what was noted before, None when just this."""
        ...

    def enter_daily(self, enrolled: int, digest: date) -> None:
        """Remember for which digest all open plans are entered, unless the register has been changed since."""
        ...

    def add_outage(self, outage: Outage) -> None: ...

    def troubles(self) -> Sequence[Trouble]: ...

    def keep_trouble(self, trouble: Trouble) -> None:
        """Insert or replace by party and whom it is told."""
        ...

    def forget_trouble(self, trouble: Trouble) -> None: ...


class Store(Protocol):
    def begin(self) -> AbstractContextManager[Tx]:
        """Commits at the end, rolls back on any exception."""
        ...


class Reader(Protocol):
    """Reading queries for pages, letters and commands. Each is a bounded number of SELECTs."""

    def register(self) -> Register: ...

    def organisation(self) -> Organisation: ...

    def plans(self) -> Sequence[Case]: ...

    def case(self, ref: str) -> Case: ...

    def cases(self, plan: str) -> Sequence[Case]: ...

    def cases_by_ref(self, refs: Sequence[str]) -> Mapping[str, Case]: ...

    def standing(self) -> Sequence[Standing]:
        """The open cases by workflow version and state."""
        ...

    def refs(self, workflow: str, state: str, *, limit: int) -> Sequence[str]:
        """Some of the open cases of a workflow version in a state."""
        ...

    def activated(self) -> Collection[str]:
        """The workflow versions under which cases that began with an older one go on."""
        ...

    def history(self, ref: str) -> Sequence[Event]: ...

    def events_count(self, refs: Sequence[str]) -> Mapping[str, int]:
        """How many events the history of each of these cases has."""
        ...

    def events(self, numbered: Sequence[tuple[str, int]]) -> Sequence[Event]:
        """The events of these (ref, seq), in no particular order."""
        ...

    def deadlines(self, refs: Sequence[str]) -> Mapping[str, Sequence[DeadlineVersion]]: ...

    def occurrences(self, refs: Sequence[str]) -> Mapping[str, Sequence[Occurrence]]: ...

    def holds(self, refs: Sequence[str]) -> Mapping[str, Sequence[Hold]]: ...

    def link(self, digest: str) -> Link | None:
        """What a link or a reply address is good for, by the digest of its token; None for an unknown one."""
        ...

    def links_to(self, ref: str) -> Sequence[Link]:
        """Every link that somebody was sent to answer about a case, newest first; those that are over as well."""
        ...

    def choices(self, party: str) -> Sequence[Choice]:
        """How a party chose to have its overview, the newest two, newest first."""
        ...

    def documents(self, ref: str) -> Sequence[Document]:
        """What is attached to a case, oldest first, without the contents."""
        ...

    def document(self, ref: str, document_id: str) -> Document:
        """With its content. NotFound when no such thing is attached to the case."""
        ...

    def notices(self, ref: str) -> Sequence[Notice]: ...

    def fates(self, ref: str) -> Mapping[str, Fate]:
        """What became of each notice about a case, by its key."""
        ...

    def waiting_notices(self, refs: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        """The notices about these cases that are in no parcel yet."""
        ...

    def evaluation(self, plan: str) -> tuple[Evaluation, Sequence[Recommendation]] | None: ...

    def letters(
        self, *, ref: str = "", limit: int = 200, before: str = "", plans: frozenset[str] | None = None
    ) -> Sequence[Letter]:
        """Newest first, without their bytes; with `ref` those about a case; `before` is the id to page on from.

        With `plans` only those that speak of these plans and of nothing else.
        """
        ...

    def letter(self, letter_id: str) -> Letter: ...

    def notices_in(self, letter_ids: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        """Why each of these letters was sent: the notices in its parcel, by letter id."""
        ...

    def letters_count(self, plans: frozenset[str] | None = None) -> int: ...

    def inspection(self) -> Inspection:
        """As of the last one; the beginning when there was none."""
        ...

    def named(self) -> frozenset[str]:
        """Every party that cases name as owner, coordinator, executive or the one responsible."""
        ...

    def needing(self, party: str, headed: Sequence[str]) -> Sequence[Case]:
        """The open cases that need a party, which heads these units."""
        ...

    def troubles(self) -> Sequence[Trouble]:
        """Those that stand, and those that were mended lately."""
        ...

    def outages(self, since: date) -> Sequence[Outage]:
        """Those that ended on this day or later."""
        ...

    def heartbeats(self) -> Sequence[Heartbeat]: ...

    def tally(self, now: datetime) -> Tally:
        """How much is watched, and what became of letters since the operator was told that the service is alive."""
        ...

    def next_wake(self) -> date | None:
        """The earliest alarm of any open case."""
        ...

    def next_ripe(self) -> datetime | None:
        """The earliest instant at which a notice that is in no parcel may leave."""
        ...


class Outbox(Protocol):
    """Notices become parcels, parcels become letters, letters leave: each step is one transaction of its own."""

    def ripe(self, now: datetime, letters: Collection[str] = ()) -> Sequence[str]:
        """Parties with a notice that may leave now and is in no parcel yet; with `letters` only by one of those."""
        ...

    def waiting(self, parties: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        """All notices for these parties that are in no parcel yet, oldest first; nothing for a party that has none."""
        ...

    def pack(self, packings: Sequence[Packing]) -> bool:
        """Claim the notices of all these parcels, and set aside the overtaken ones.

        False when another node was faster with any of them: then nothing was changed.
        """
        ...

    def last_packed(self, parties: Sequence[str]) -> Mapping[str, datetime]:
        """When each of these parties last got a parcel; nothing for one that never did."""
        ...

    def redirect(self, notices: Sequence[Notice]) -> None:
        """Give notices that are in no parcel yet to another party: by key, `to` and `instead_of` are changed."""
        ...

    def claim(self, now: datetime, *, until: datetime, limit: int, party: str = "", kind: str = "") -> Sequence[Letter]:
        """Lease letters that are queued (or unknown, or whose lease ran out) and may leave now, oldest first.

        With a party only its own, with a kind only those.
        """
        ...

    def parcels(self, letter_ids: Sequence[str]) -> Mapping[str, Parcel]:
        """By the letter's id. NotFound when there is no such letter."""
        ...

    def write(self, finished: Sequence[Finished]) -> Mapping[str, bytes]:
        """Store the finished bytes once, with the links in them; by id the stored ones, which may be another's."""
        ...

    def settle(self, arrived: Sequence[Arrived]) -> None:
        """They have arrived, whoever else has claimed them meanwhile."""
        ...

    def back_off(self, letter: Letter, until: datetime, *, why: str, unknown: bool = False) -> None:
        """Try again at `until`. `unknown` marks a lost acknowledgement: it may have arrived.

        Nothing happens to a letter that another node has claimed since, or sent.
        """
        ...

    def release(self, letters: Sequence[Letter]) -> None:
        """Give back what was claimed and not tried, so that nobody has to wait for the lease to run out.

        Nothing happens to a letter that another node has claimed since, or sent.
        """
        ...

    def bury(
        self, letter: Letter, at: datetime, *, why: str, notices: Sequence[Notice] = (), refused: str = ""
    ) -> None:
        """Mark the letter dead and, in the same transaction, queue what tells others; `refused` is a bad address.

        Nothing happens to a letter that another node has claimed since, or sent.
        """
        ...
