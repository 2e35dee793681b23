"""The promises P1 to P11 as they can be read from the database and the mailboxes after any step."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.alarm import alarm
from engine.calendar import calendar_of, instant
from engine.case import Case, Occurrence
from engine.escalation import Record, applies, judge
from engine.people import Organisation, Responsibility
from engine.ports import Clock
from engine.roles import OPERATOR, recipients
from engine.telling import case_calendar, told
from engine.workflow import Workflow, Workflows
from tests.simulation.post_office import Mail, PostOffice
from tests.simulation.seen import LetterSeen, NoticeSeen, Seen
from workflows.horizon import Horizon
from workflows.silence import silence

STATUSES = {"queued", "leased", "sent", "unknown", "dead"}
IN_HAND = timedelta(minutes=12)  # how long a letter may be in hand when the hours end
DAY = timedelta(days=1)
NEAR = timedelta(days=10)  # by which calendars of two owners may differ
ABROAD = 21  # longer runs of days off than the printed figure counts on; docs/rules.md says to add the difference


class Broken(AssertionError):
    """A promise that did not hold."""


@dataclass
class Ledger:
    """What a life knows beside the database: true time, days on which the service lived, what was spoiled on purpose.

    `settled` are letters that were seen as sent at any moment; `alive` the days on which nothing kept the service from
    its work; `revived` the letters there were when the service came back from a long absence, until somebody acts.
    """

    workflows: Workflows
    office: PostOffice
    organisation: Organisation
    clock: Clock
    alive: set[date] = field(default_factory=set)
    spoiled: dict[str, tuple[str, str]] = field(default_factory=dict)
    mended: dict[str, date] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    revived: frozenset[str] | None = None
    revived_on: date | None = None
    revived_in: int = 0  # how often the mail server had made trouble by then

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.organisation.zone)).date()

    def revive(self, letters: frozenset[str]) -> None:
        self.revived, self.revived_on, self.revived_in = letters, self.today, self.office.troubles


@dataclass
class Promises:
    ledger: Ledger
    heard: dict[str, date] = field(default_factory=dict)  # when the watcher last got a letter about a case
    copies: dict[str, Mail] = field(default_factory=dict)
    read: int = 0  # how many mails were looked at
    figures: dict[tuple[str, str], int] = field(default_factory=dict)

    def check(self, before: Seen, after: Seen) -> None:
        """Broken with every promise that the step from one sight to the next has not kept."""
        found = [f"{name}: {fault}" for name, promise in self._all().items() for fault in promise(before, after)]
        if found:
            raise Broken("\n".join(found))

    def _all(self) -> Mapping[str, Callable[[Seen, Seen], Iterator[str]]]:
        return {
            "P2 at most once": self._once,
            "P3 no lost mail": self._nothing_lost,
            "P3 copies": self._copies,  # reads the new mails, so it comes before those who ask who has heard
            "P1 alarm": self._alarms,
            "P1 silence": self._silence,
            "P4 catch-up": self._one_each,
            "P6 daylight": self._wall_clock,
            "P7 clock": self._clock,
            "P11 explained": self._explained,
        }

    # P1

    def _alarms(self, _: Seen, seen: Seen) -> Iterator[str]:
        """A stored alarm is never later than the first thing a rule or a change of responsibility has to say."""
        for case in self._open(seen):
            true = alarm(self._workflow(case), case, record(seen, case), seen.register, self.ledger.today)
            if true and (case.wake_on is None or case.wake_on > max(true, self.ledger.today + timedelta(days=1))):
                yield f"{case.ref} sleeps until {case.wake_on}, but there is something to say on {true}"

    def _silence(self, _: Seen, seen: Seen) -> Iterator[str]:
        for case in self._open(seen):
            since = max(case.entered_on, self.heard.get(case.ref, date.min), self.ledger.mended.get(case.ref, date.min))
            days = (since + timedelta(days=n) for n in range(1, (self.ledger.today - since).days + 1))
            silent = sum(day in self.ledger.alive for day in days)
            bound = self._figure(case) + self._allowance(case, seen)
            if silent > bound:
                yield f"nobody heard of {case.ref} ({case.state}) for {silent} days since {since}; printed are {bound}"

    def _figure(self, case: Case) -> int:
        """The longest silence that `tiltak workflows check` prints for a state."""
        key = (case.workflow, case.state)
        if key not in self.figures:
            self.figures[key] = silence(self._workflow(case), case.state, Horizon()).days
        return self.figures[key]

    def _allowance(self, case: Case, seen: Seen) -> int:
        home = self.ledger.organisation
        usual = home.country == "NO" and home.window.days >= {1, 2, 3, 4, 5}
        return 0 if usual and case_calendar(case, seen.register, self.ledger.today).country == "NO" else ABROAD

    def _open(self, seen: Seen) -> Iterator[Case]:
        for case in seen.cases.values():
            if not self._workflow(case).states[case.state].final:
                yield case

    def _workflow(self, case: Case) -> Workflow:
        return self.ledger.workflows[case.workflow]

    # P2

    def _once(self, _: Seen, seen: Seen) -> Iterator[str]:
        yield from (f"{key} stands twice" for key in seen.decided_twice)
        parties = Counter((it.ref, it.rule, it.step, arming(it), it.to) for it in seen.notices.values() if it.step)
        yield from (f"{key} was told {count} times" for key, count in parties.items() if count > 1)
        ids = Counter(letter.message_id for letter in seen.letters.values())
        yield from (f"{name} names {count} letters" for name, count in ids.items() if count > 1)

    # P3

    def _nothing_lost(self, before: Seen, seen: Seen) -> Iterator[str]:
        yield from (f"notice {key} is gone" for key in before.notices if key not in seen.notices)
        yield from (f"letter {key} is gone" for key in before.letters if key not in seen.letters)
        for ref, of in seen.occurrences.items():
            known = {id_of(it) for it in before.occurrences.get(ref, ())}
            for it in of:
                if id_of(it) not in known:
                    yield from self._told(it, before, seen)
            yield from (f"decision {it} is gone" for it in known - {id_of(it) for it in of})
        for notice in seen.notices.values():
            yield from self._somewhere(notice, before.notices.get(notice.key), seen)
        for letter in seen.letters.values():
            yield from self._under_way(letter, seen)

    def _told(self, it: Occurrence, before: Seen, seen: Seen) -> Iterator[str]:
        """A decision to tell has a notice for everybody its roles mean, from the same transaction."""
        if it.outcome not in ("sent", "digest"):
            return
        start = f"{it.ref}|{it.rule}|{it.step}|{it.key}|"
        parties = {key.removeprefix(start) for key in seen.notices if key.startswith(start)}
        if not parties:
            yield f"{start} was decided, and nobody is told"
        case = before.cases.get(it.ref)
        if case is None or case.version != seen.cases[it.ref].version or before.register != seen.register:
            return
        rule = self._workflow(case).rule(it.rule)
        tell = next((step.tell for step in rule.steps if step.name == it.step), rule.repeat.tell if rule.repeat else ())
        day = self.ledger.day_of(it.decided_at)
        missing = {recipient.party for _, recipient in told(tell, case, seen.register, day)} - parties
        if missing:
            yield f"{start} was decided, and {sorted(missing)} is not told"

    def _somewhere(self, notice: NoticeSeen, was: NoticeSeen | None, seen: Seen) -> Iterator[str]:
        if notice.parcel and notice.parcel not in seen.letters:
            yield f"{notice.key} is in parcel {notice.parcel}, which does not exist"
        if notice.parcel and notice.set_aside:
            yield f"{notice.key} is packed and set aside"
        if was and (was.parcel or was.set_aside) and (was.parcel, was.set_aside) != (notice.parcel, notice.set_aside):
            yield f"{notice.key} went from {was.parcel or was.set_aside} to {notice.parcel or notice.set_aside}"

    def _under_way(self, letter: LetterSeen, seen: Seen) -> Iterator[str]:
        if letter.status not in STATUSES:
            yield f"letter {letter.id} is {letter.status}"
        if letter.id in self.ledger.settled and letter.status != "sent":
            yield f"letter {letter.id} was sent, and is {letter.status} again"
        if letter.status == "sent" and not self._arrived(letter):
            yield f"letter {letter.id} is said to be sent to {letter.address}, where it is not"
        told = letter.party == OPERATOR or any(f"|undeliverable|{letter.id}|" in key for key in seen.notices)
        if letter.status == "dead" and not told:
            yield f"letter {letter.id} to {letter.address} is dead, and nobody hears of it"

    def _arrived(self, letter: LetterSeen) -> bool:
        fresh = self.ledger.office.mails[self.read :]
        return letter.message_id in self.copies or any(mail.message_id == letter.message_id for mail in fresh)

    def _copies(self, before: Seen, seen: Seen) -> Iterator[str]:
        by_id = {letter.message_id: letter for letter in seen.letters.values()}
        parcels = defaultdict(list)
        for notice in seen.notices.values():
            parcels[notice.parcel].append(notice)
        for mail in self.ledger.office.mails[self.read :]:
            letter = by_id.get(mail.message_id)
            if letter is None or letter.address != mail.to:
                yield f"{mail.message_id} to {mail.to} is no letter of ours"
                continue
            if self.copies.setdefault(mail.message_id, mail).raw != mail.raw:
                yield f"two letters are called {mail.message_id}"
            if letter.id in before.letters and before.letters[letter.id].status == "sent":
                yield f"letter {letter.id} was sent again after it was settled"
            if letter.party != OPERATOR:  # whoever runs the service is asked about its clock at any hour
                yield from self._in_hours(mail)
            self._hear(parcels[letter.id], seen)
        self.read = len(self.ledger.office.mails)
        for letter in seen.letters.values():
            if letter.status == "dead":  # the coordinator or the operator hears that it died
                self._hear(parcels[letter.id], seen)

    def _hear(self, notices: list[NoticeSeen], seen: Seen) -> None:
        for notice in notices:
            case = seen.cases.get(notice.ref)
            watchers = recipients("coordinator", case, seen.register, self.ledger.today) if case else []
            if notice.role == "coordinator" or notice.to in {it.party for it in watchers}:
                self.heard.setdefault(notice.ref, self.ledger.today)
                self.heard[notice.ref] = max(self.heard[notice.ref], self.ledger.today)

    # P4

    def _one_each(self, before: Seen, seen: Seen) -> Iterator[str]:
        yield from self._latest_only(before, seen)
        if (
            self.ledger.revived is None
            or self.ledger.office.troubles != self.ledger.revived_in
            or self.ledger.today != self.ledger.revived_on
        ):
            return
        why = {notice.parcel for notice in seen.notices.values() if not notice.rule.startswith("system:")}
        fresh = (it for it in seen.letters.values() if it.id not in self.ledger.revived and it.id in why)
        for address, count in Counter(letter.address for letter in fresh).items():
            if count > 1:
                yield f"{address} gets {count} letters on the day the service is back"

    def _latest_only(self, before: Seen, seen: Seen) -> Iterator[str]:
        """Of several missed steps of a rule only the latest tells, unless the rule file asks for all of them."""
        for ref, of in seen.occurrences.items():
            if self._workflow(seen.cases[ref]).catch_up == "all":
                continue
            known = {id_of(it) for it in before.occurrences.get(ref, ())}
            fresh = (it for it in of if id_of(it) not in known and it.outcome in ("sent", "digest"))
            told = Counter((it.rule, it.key.partition("#")[0], it.decided_at) for it in fresh)
            yield from (f"{ref} {rule} told {count} steps at once" for (rule, *_), count in told.items() if count > 1)

    # P5

    def _in_hours(self, mail: Mail) -> Iterator[str]:
        home = self.ledger.organisation
        local = mail.at.astimezone(ZoneInfo(home.zone))
        open_day = calendar_of(home).workday(local.date()) and local.isoweekday() in home.window.days
        latest = instant(local.date(), home.window.closes, home.zone) + IN_HAND
        if not open_day or local.time() < home.window.opens or mail.at >= latest:
            yield f"P5: {mail.message_id} left for {mail.to} on {local:%a %Y-%m-%d %H:%M}, outside the hours"

    # P6

    def _wall_clock(self, before: Seen, seen: Seen) -> Iterator[str]:
        """A notice ripens at a wall-clock time that exists, within the hours, on the day that its key says."""
        home = self.ledger.organisation
        for notice in seen.notices.values():
            if notice.key in before.notices or notice.via != "digest":
                continue
            local = notice.ripe_at.astimezone(ZoneInfo(home.zone))
            at = instant(local.date(), home.digest_at, home.zone)
            if notice.ripe_at < notice.decided_at:
                yield f"{notice.key} was ripe before it was decided"
            if notice.ripe_at != at and local.time() != home.window.opens:
                yield f"{notice.key} ripens at {local}, not at {home.digest_at}"
        daily = Counter((it.ref, it.to, it.planned) for it in seen.notices.values() if it.rule == "system:daily")
        yield from (f"{key} has {count} daily digests" for key, count in daily.items() if count > 1)

    # P7

    def _clock(self, before: Seen, seen: Seen) -> Iterator[str]:
        """Nothing is decided at an instant that the clock has leapt to."""
        latest = self.ledger.now + timedelta(hours=6, minutes=1)
        for ref, of in seen.occurrences.items():
            for it in of[len(before.occurrences.get(ref, ())) :]:
                if it.planned > self.ledger.day_of(it.decided_at):
                    yield f"{ref} {it.rule} {it.step} of {it.planned} was decided before its day, at {it.decided_at}"
                if it.decided_at > latest:
                    yield f"{ref} {it.rule} {it.step} was decided at {it.decided_at}, when it was {self.ledger.now}"

    # P11

    def _explained(self, before: Seen, seen: Seen) -> Iterator[str]:
        for notice in seen.notices.values():
            if notice.key not in before.notices and not (notice.rule and notice.reason and notice.role):
                yield f"notice {notice.key} does not say why"
        for of in seen.occurrences.values():
            for it in of:
                if not all((it.rule, it.step, it.key, str(it.outcome), it.reason)):
                    yield f"decision {id_of(it)} does not say why"
        for letter in seen.letters.values():
            if letter.last_reply.startswith("it cannot be written"):
                yield f"letter {letter.id} to {letter.address}: {letter.last_reply}"
        reasons = {notice.parcel for notice in seen.notices.values()}
        yield from (f"letter {letter} has no notice" for letter in seen.letters if letter not in reasons)


def record(seen: Seen, case: Case) -> Record:
    return Record.of(seen.occurrences.get(case.ref, ()), seen.holds.get(case.ref, ()))


def id_of(it: Occurrence) -> tuple[str, str, str, str]:
    return it.ref, it.rule, it.step, it.key


def arming(notice: NoticeSeen) -> str:
    """The clock's value and the number of the repeat, as the key holds them."""
    return notice.key.rpartition("|")[0]


def _owed(workflow: Workflow, case: Case, seen: Seen, today: date) -> Iterator[str]:
    """By planned days alone, whatever the keys say: each step whose day has come since the case is as it is."""
    if workflow.states[case.state].final:
        return
    paused = {it.rule: it.until for it in sorted(seen.holds.get(case.ref, ()), key=lambda it: it.until)}
    calendar, decided = case_calendar(case, seen.register, today), seen.occurrences.get(case.ref, ())
    starts = {"due": case.due, "entered": case.entered_on, "activity": case.activity_on}
    for rule in workflow.rules:
        start = starts.get(rule.clock) if applies(rule, case) else None
        for step in rule.steps if start else ():
            assert start
            day = calendar.shift(start, step.at)
            found = any((it.rule, it.step) == (rule.id, step.name) and abs(it.planned - day) <= NEAR for it in decided)
            again = max(day, paused.get(rule.id, day - DAY) + DAY)
            if max(case.entered_on, case.activity_on) <= day and again <= today and not found:
                yield f"{case.ref} {rule.id} {step.name} of {day} is not decided"


def _answered_by_another(case: Case, seen: Seen, today: date) -> Iterator[str]:
    """By the register's days alone: an open case lies with whoever answers for its subject, and for its plan's."""
    for subject, has in ((case.subject, case.owner), (case.coordination, case.coordinator)):
        units = [it.unit for it in seen.register.responsibilities if it.subject == subject and _covers(it, today)]
        if subject and len(units) == 1 and units[0] != has and seen.register.units[units[0]].valid_to is None:
            yield f"{units[0]} answers for {subject} on {today}, but {has or 'nobody'} has {case.ref}"


def _covers(it: Responsibility, day: date) -> bool:
    return (it.valid_from is None or it.valid_from <= day) and (it.valid_to is None or day <= it.valid_to)


def undecided(ledger: Ledger, seen: Seen, today: date) -> Iterator[str]:
    """P1, P8, P11: what a sweep that went well should have decided, judged from nothing but rules and records.

    A case that could not be read sleeps until the next day, whenever its row is mended.
    """
    for case in (it for it in seen.cases.values() if ledger.mended.get(it.ref) != today):
        workflow = ledger.workflows[case.workflow]
        if case.wake_on and case.wake_on <= today:
            yield f"{case.ref} was to be looked at on {case.wake_on}, and was not"
        yield from _owed(workflow, case, seen, today)
        if not workflow.states[case.state].final:
            yield from _answered_by_another(case, seen, today)
        firings, _ = judge(workflow, case, record(seen, case), case_calendar(case, seen.register, today), today)
        yield from (f"{case.ref} {it.rule} {it.planned.step} of {it.planned.day} is not decided" for it in firings)
