"""A store, reader and post office in memory, for tests of pages: small, and true to the engine's ports."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from engine.case import Case, DeadlineVersion, Document, Evaluation, Event, Hold, Occurrence, Recommendation, Ruling
from engine.errors import NotFound, Stale
from engine.health import Heartbeat, Tally
from engine.link import Link
from engine.notice import Fate, Letter, Notice
from engine.people import Organisation, Register
from engine.report_day import tells_day
from engine.rhythm import Choice
from engine.roles import recipient
from engine.rulebook import Activation, Standing
from engine.text import Text
from engine.trouble import Inspection, Outage, Trouble


@dataclass(frozen=True, slots=True)
class Woken:
    case: Case
    decided: Sequence[Ruling]
    holds: Sequence[Hold]


class Untroubled:
    """Everybody can be reached, today's inspection is over, and no watch is kept."""

    def choices(self, party: str) -> list[Choice]:
        assert party
        return []

    def choose(self, choice: Choice) -> None:
        raise AssertionError(choice)

    def retime(self, party: str, at: datetime, *, day: date, daily: bool) -> None:
        raise AssertionError(party, at, day, daily)

    def inspection(self) -> Inspection:
        return Inspection(enrolled=0, seen=0, day=date.max)

    def named(self) -> frozenset[str]:
        return frozenset()

    def needing(self, party: str, headed: Sequence[str]) -> list[Case]:
        raise AssertionError(party, headed)

    def troubles(self) -> list[Trouble]:
        return []

    def outages(self, since: date) -> list[Outage]:
        assert isinstance(since, date)
        return []

    def fates(self, ref: str) -> dict[str, Fate]:
        assert ref
        return {}

    def heartbeats(self) -> list[Heartbeat]:
        return []

    def tally(self, now: datetime) -> Tally:
        raise AssertionError(now)

    def inspect(self, enrolled: int, today: date) -> Inspection | None:
        raise AssertionError(enrolled, today)

    def enter_daily(self, enrolled: int, digest: date) -> None:
        assert (enrolled, digest > date.min) == (0, True)

    def add_outage(self, outage: Outage) -> None:
        raise AssertionError(outage)

    def keep_trouble(self, trouble: Trouble) -> None:
        raise AssertionError(trouble)

    def forget_trouble(self, trouble: Trouble) -> None:
        raise AssertionError(trouble)

    def forget_links(self, before: datetime) -> int:
        raise AssertionError(before)


@dataclass
class Shelf(Untroubled):
    """Fulfils Store and Reader. `asked` counts the reading queries."""

    everybody: Register = field(
        default_factory=lambda: Register(organisation=Organisation(key="o", name=Text.same("O")), units={}, persons={})
    )
    kept: dict[str, Case] = field(default_factory=dict)
    lines: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    dates: dict[str, list[DeadlineVersion]] = field(default_factory=lambda: defaultdict(list))
    decisions: dict[str, dict[tuple[str, str, str], Occurrence]] = field(default_factory=lambda: defaultdict(dict))
    pauses: dict[str, list[Hold]] = field(default_factory=lambda: defaultdict(list))
    queued: dict[str, Notice] = field(default_factory=dict)
    packed: dict[str, list[str]] = field(default_factory=dict)  # letter id -> notice keys
    post: dict[str, Letter] = field(default_factory=dict)
    evaluated: tuple[Evaluation, Sequence[Recommendation]] | None = None
    links: dict[str, Link] = field(default_factory=dict)
    attached: dict[str, dict[str, Document]] = field(default_factory=lambda: defaultdict(dict))
    asked: int = 0

    # Store

    @contextmanager
    def begin(self) -> Iterator["Writing"]:
        yield Writing(self)

    # Reader

    def register(self) -> Register:
        self.asked += 1
        return self.everybody

    def organisation(self) -> Organisation:
        return self.everybody.organisation

    def plans(self) -> list[Case]:
        self.asked += 1
        return [it for it in self.kept.values() if it.plan == it.ref]

    def case(self, ref: str) -> Case:
        self.asked += 1
        if ref not in self.kept:
            raise NotFound("case", ref)
        return self.kept[ref]

    def cases(self, plan: str) -> list[Case]:
        self.asked += 1
        return [it for it in self.kept.values() if it.plan == plan]

    def cases_by_ref(self, refs: Sequence[str]) -> dict[str, Case]:
        self.asked += 1
        return {ref: self.kept[ref] for ref in refs if ref in self.kept}

    def history(self, ref: str) -> list[Event]:
        self.asked += 1
        return self.lines[ref]

    def events(self, numbered: Sequence[tuple[str, int]]) -> list[Event]:
        return [it for ref, seq in numbered for it in self.lines[ref] if it.seq == seq]

    def events_count(self, refs: Sequence[str]) -> dict[str, int]:
        return {ref: len(self.lines[ref]) for ref in refs}

    def deadlines(self, refs: Sequence[str]) -> Mapping[str, Sequence[DeadlineVersion]]:
        self.asked += 1
        return {ref: self.dates[ref] for ref in refs}

    def rulings(self, ref: str) -> list[Ruling]:
        return [Ruling(it.rule, it.step, it.key, it.outcome, it.level) for it in self.decisions[ref].values()]

    def occurrences(self, refs: Sequence[str]) -> dict[str, list[Occurrence]]:
        self.asked += 1
        return {ref: list(self.decisions[ref].values()) for ref in refs}

    def standing(self) -> list[Standing]:
        return []

    def refs(self, workflow: str, state: str, *, limit: int) -> list[str]:
        return [it.ref for it in self.kept.values() if (it.workflow, it.state) == (workflow, state)][:limit]

    def activated(self) -> frozenset[str]:
        return frozenset()

    def holds(self, refs: Sequence[str]) -> dict[str, list[Hold]]:
        self.asked += 1
        return {ref: self.pauses[ref] for ref in refs}

    def notices(self, ref: str) -> list[Notice]:
        self.asked += 1
        return [it for it in self.queued.values() if it.ref == ref]

    def link(self, digest: str) -> Link | None:
        return self.links.get(digest)

    def links_to(self, ref: str) -> list[Link]:
        return [it for it in self.links.values() if ref in {shown.ref for shown in it.cases}]

    def documents(self, ref: str) -> list[Document]:
        return [replace(it, content=b"") for it in self.attached.get(ref, {}).values()]

    def document(self, ref: str, document_id: str) -> Document:
        if document_id not in self.attached.get(ref, {}):
            raise NotFound("document", document_id)
        return self.attached[ref][document_id]

    def waiting_notices(self, refs: Sequence[str]) -> dict[str, list[Notice]]:
        gone = {key for keys in self.packed.values() for key in keys}
        return {ref: [it for it in self.queued.values() if it.ref == ref and it.key not in gone] for ref in refs}

    def notices_in(self, letter_ids: Sequence[str]) -> dict[str, list[Notice]]:
        self.asked += 1
        return {id: [self.queued[key] for key in self.packed.get(id, ())] for id in letter_ids}

    def evaluation(self, plan: str) -> tuple[Evaluation, Sequence[Recommendation]] | None:
        self.asked += 1
        return self.evaluated if self.kept[plan].evaluation else None

    def letters(
        self, *, ref: str = "", limit: int = 200, before: str = "", plans: frozenset[str] | None = None
    ) -> list[Letter]:
        assert plans is None, "here everything is shown; tests/stories has visitors"
        self.asked += 1
        newest_first = [it for it in reversed(self.post.values()) if not ref or self._speaks_of(it.id, ref)]
        start = [it.id for it in newest_first].index(before) + 1 if before else 0
        return [replace(it, raw=None) for it in newest_first[start : start + limit]]

    def _speaks_of(self, letter_id: str, ref: str) -> bool:
        return any(self.queued[key].ref == ref for key in self.packed[letter_id])

    def letter(self, letter_id: str) -> Letter:
        self.asked += 1
        if letter_id not in self.post:
            raise NotFound("letter", letter_id)
        return self.post[letter_id]

    def letters_count(self, plans: frozenset[str] | None = None) -> int:
        assert plans is None
        self.asked += 1
        return len(self.post)

    def next_wake(self) -> date | None:
        return min((it.wake_on for it in self.kept.values() if it.wake_on), default=None)

    def next_ripe(self) -> datetime | None:
        return None

    # A post office that always delivers

    def deliver(self, now: datetime) -> None:
        """Everything that is queued leaves, one letter for each party."""
        gone = {key for keys in self.packed.values() for key in keys}
        waiting: dict[str, list[Notice]] = defaultdict(list)
        for key, notice in self.queued.items():
            if key not in gone and notice.ripe_at <= now + timedelta(days=1):
                waiting[notice.to].append(notice)
        for party, notices in waiting.items():
            self._send(party, notices, now)

    def _send(self, party: str, notices: list[Notice], now: datetime) -> None:
        to = recipient(party, self.everybody, now.date())
        letter_id = f"{len(self.post) + 1:026d}"
        raw = _written(to.address if to else "", [self.kept[it.ref].title for it in notices])
        self.packed[letter_id] = [it.key for it in notices]
        self.post[letter_id] = Letter(
            id=letter_id,
            party=party,
            address=to.address if to else "",
            message_id=f"<{letter_id}@tiltak.example>",
            subject=f"Påminnelse: {self.kept[notices[0].ref].title}",
            kind="digest" if notices[0].via == "digest" else "bundle" if len(notices) > 1 else "letter",
            status="sent",
            raw=raw,
            packed_at=now,
            not_before=now,
            attempts=1,
            sent_at=now,
            last_reply="250 OK",
        )


@dataclass(frozen=True, slots=True)
class Writing(Untroubled):
    """Fulfils Tx on a shelf; nothing is rolled back."""

    shelf: Shelf

    def register(self) -> Register:
        return self.shelf.everybody

    def case(self, ref: str) -> Case:
        return self.shelf.case(ref)

    def cases(self, plan: str) -> list[Case]:
        return self.shelf.cases(plan)

    def deadlines(self, ref: str) -> list[DeadlineVersion]:
        return self.shelf.dates[ref]

    def holds(self, ref: str) -> list[Hold]:
        return self.shelf.pauses[ref]

    def enrol(self, register: Register) -> None:
        self.shelf.everybody = register

    def reports(self, plan: str) -> list[Case]:
        return [it for it in self.cases(plan) if tells_day(it)]

    def report_on(self, plan: str, day: date | None) -> None:
        for it in self.cases(plan):
            again = it.evolve(report_due=day, wake_on=it.wake_on and it.entered_on)
            self.shelf.kept[it.ref] = again if it.report_due != day else it

    def add(self, case: Case) -> None:
        self.shelf.kept[case.ref] = case

    def save(self, case: Case, *, seen: int) -> Case:
        self._unchanged(case.ref, seen)
        self.shelf.kept[case.ref] = case.evolve(version=seen + 1)
        return self.shelf.kept[case.ref]

    def _unchanged(self, ref: str, seen: int) -> None:
        if self.shelf.kept[ref].version != seen:
            raise Stale(ref, seen)

    def claim(self, today: date, *, limit: int) -> list[Woken]:
        due = [it for it in self.shelf.kept.values() if it.wake_on and it.wake_on <= today]
        due.sort(key=lambda it: it.wake_on or date.max)
        return [Woken(it, self.shelf.rulings(it.ref), self.shelf.pauses[it.ref]) for it in due[:limit]]

    def wake(self, alarms: Mapping[str, date | None]) -> None:
        kept = self.shelf.kept
        kept.update({ref: kept[ref].evolve(wake_on=day) for ref, day in alarms.items()})

    def add_deadline(self, deadline: DeadlineVersion) -> None:
        self.shelf.dates[deadline.ref].append(deadline)

    def log(self, event: Event) -> Event:
        self.shelf.lines[event.ref].append(replace(event, seq=len(self.shelf.lines[event.ref]) + 1))
        return self.shelf.lines[event.ref][-1]

    def since(self, ref: str, seq: int) -> list[Event]:
        return [it for it in self.shelf.lines[ref] if it.seq > seq]

    def revoke(self, digests: Sequence[str], at: datetime) -> int:
        good = {it: self.shelf.links[it] for it in digests if self.shelf.links[it].revoked_at is None}
        self.shelf.links.update({it: replace(link, revoked_at=at) for it, link in good.items()})
        return len(good)

    def attach(self, ref: str, documents: Sequence[Document], *, by: str, at: datetime) -> None:
        assert by, at
        self.shelf.attached[ref].update({it.id: it for it in documents})

    def decided(self, ref: str) -> list[Ruling]:
        return self.shelf.rulings(ref)

    def occurrences(self, ref: str) -> list[Occurrence]:
        return list(self.shelf.decisions[ref].values())

    def decide(self, occurrences: Sequence[Occurrence]) -> int:
        new = [it for it in occurrences if (it.rule, it.step, it.key) not in self.shelf.decisions[it.ref]]
        for it in new:
            self.shelf.decisions[it.ref][it.rule, it.step, it.key] = it
        return len(new)

    def queue(self, notices: Sequence[Notice]) -> int:
        new = {it.key: it for it in notices if it.key not in self.shelf.queued}
        self.shelf.queued.update(new)
        return len(new)

    def tell(self, notices: Sequence[Notice]) -> None:
        self.queue(notices)

    def activate(self, activation: Activation, older: Sequence[str]) -> None:
        raise AssertionError(f"no page activates {activation.workflow} for {older}")

    def activation(self, workflow: str) -> Activation | None:
        raise AssertionError(f"there is one version of each workflow here, so nobody asks for {workflow}")

    def add_hold(self, hold: Hold) -> None:
        self.shelf.pauses[hold.ref].append(hold)

    def evaluation(self, key: str) -> tuple[Evaluation, Sequence[Recommendation]] | None:
        known = self.shelf.evaluated
        return known if known and known[0].key == key else None

    def add_evaluation(self, evaluation: Evaluation, recommendations: Sequence[Recommendation]) -> None:
        self.shelf.evaluated = evaluation, recommendations


def _written(address: str, titles: list[str]) -> bytes:
    message = EmailMessage()
    message["From"] = "Tiltak <tiltak@ud.example>"
    message["To"] = address
    message["Subject"] = f"Påminnelse: {titles[0]}"
    message["Auto-Submitted"] = "auto-generated"
    lines = "\n".join(f"- {title}" for title in titles)
    message.set_content(f"Hei,\n\ndette venter på svar:\n\n{lines}\n\nSvar på denne e-posten.\n")
    items = "".join(f"<li>{title}</li>" for title in titles)
    message.add_alternative(
        f"<html><body style='font-family:sans-serif'><p>Dette venter på svar:</p><ul>{items}</ul></body></html>",
        subtype="html",
    )
    return message.as_bytes()
