"""Wake every case whose day has come: claim, decide, queue and set the next alarm, a batch to a transaction."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.act import HANDED_OVER
from engine.alarm import answering, next_alarm, passed_on, succeeded
from engine.calendar import day_of
from engine.case import Case, Errand, Occurrence
from engine.daily import queue_daily
from engine.errors import Unreadable
from engine.escalation import Record, judge
from engine.inspection import inspect
from engine.notice import Notice
from engine.overview import leaves_at
from engine.people import Register, Unit
from engine.ports import Reader, Store, Tx, Waking
from engine.replan import newer_rules
from engine.roles import OPERATOR
from engine.sitting import seat
from engine.telling import case_calendar, notices_of_firing, occurrence_of
from engine.unaided import move_on
from engine.workflow import Workflows

log = logging.getLogger("tiltak.sweep")
BATCH = 500


@dataclass(slots=True)
class Swept:
    """What one sweep did: cases woken, decisions made, notices queued, and the refs it had to step over.

    `left` is true when something is due that other nodes are just dealing with.
    """

    woken: int = 0
    decided: int = 0
    queued: int = 0
    passed: list[str] = field(default_factory=list)
    left: bool = False

    def add(self, other: "Swept") -> None:
        self.woken += other.woken
        self.decided += other.decided
        self.queued += other.queued
        self.passed += other.passed


@dataclass(frozen=True, slots=True)
class Round:
    """What every case in one sweep shares: one register, one now."""

    store: Store
    workflows: Workflows
    register: Register
    now: datetime
    today: date
    activated: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be written about one case: its next alarm, and what was decided, unless it was passed over."""

    ref: str
    wake_on: date | None
    occurrences: tuple[Occurrence, ...] = ()
    notices: tuple[Notice, ...] = ()
    passed: bool = False
    moves: bool = False  # a rule moves the case: that takes more than one look


def sweep(store: Store, reader: Reader, workflows: Workflows, *, now: datetime, limit: int = BATCH) -> Swept:
    """Claim cases whose alarm has come, oldest first, until there are none that no other node holds."""
    swept, organisation = Swept(), reader.organisation()
    today = day_of(now, organisation.zone)
    swept.queued += inspect(store, reader, organisation, now=now)
    round_: Round | None = None  # with nothing due, nobody is looked up
    while _due(reader, today):
        round_ = round_ or Round(store, workflows, reader.register(), now, today, reader.activated())
        if not _sweep_batch(round_, swept, limit):
            swept.left = _due(reader, today)
            break
    swept.queued += queue_daily(store, reader, workflows, now=now)
    return swept


def _due(reader: Reader, today: date) -> bool:
    first = reader.next_wake()
    return first is not None and first <= today


def _sweep_batch(round_: Round, swept: Swept, limit: int) -> bool:
    """Claim, judge and write in one transaction; when that fails, each in its own. False when all is held by others."""
    batch: Sequence[Waking | str] = ()
    try:
        with round_.store.begin() as tx:
            batch = tx.claim(round_.today, limit=limit)
            done = _deal_with(round_, tx, batch)
    except Exception as error:
        if not batch:
            raise  # the database itself is in trouble
        if len(batch) == 1:
            _step_over(round_, batch[0], error, swept)
            return True
        return sum(_sweep_batch(round_, swept, 1) for _ in batch) > 0
    swept.add(done)
    return bool(batch)


def _deal_with(round_: Round, tx: Tx, batch: Sequence[Waking | str]) -> Swept:
    """Each claimed case by itself where it changes hands or moves; all that only tells at once."""
    done, verdicts = Swept(), list[Verdict]()
    for waking in batch:
        if not isinstance(waking, str) and _has_new_rules(round_, waking.case):
            _replan(round_, tx, waking.case)
            done.woken += 1
            continue
        if not isinstance(waking, str) and _changes_hands(round_, waking.case):
            _hand_over(round_, tx, waking.case)
            done.woken += 1
            continue
        verdict = _judged_safely(round_, waking)
        if verdict.moves and not isinstance(waking, str):
            moved = move_on(tx, round_.workflows, waking.case, now=round_.now)
            done.add(Swept(1, moved.decided, moved.queued))
        else:
            verdicts.append(verdict)
    done.add(_keep(tx, verdicts))
    return done


def _judged_safely(round_: Round, waking: Waking | str) -> Verdict:
    """One bad case sleeps a day and is reported; the others go on."""
    try:
        if isinstance(waking, str):
            raise Unreadable("its row in the database cannot be read")
        return judged(round_, waking)
    except Exception as error:
        return _stepped_over(round_, waking, error)


def judged(round_: Round, waking: Waking) -> Verdict:
    """Everything that is due on one case, decided now, and its next alarm."""
    case, workflow = waking.case, round_.workflows[waking.case.workflow]
    if case.state not in workflow.states:
        raise Unreadable(f"workflow {workflow.key} has no state {case.state!r}")
    record = Record.of(waking.decided, waking.holds)
    calendar = case_calendar(case, round_.register, round_.today)
    firings, wake_on = judge(workflow, case, record, calendar, round_.today)
    telling = (firing for firing in firings if firing.tells)
    return Verdict(
        ref=case.ref,
        wake_on=next_alarm(wake_on, case, round_.register, round_.today),
        occurrences=tuple(occurrence_of(firing, case, round_.now) for firing in firings),
        notices=tuple(it for firing in telling for it in notices_of_firing(firing, case, round_.register, round_.now)),
        moves=any(firing.moves for firing in firings),
    )


def _keep(tx: Tx, verdicts: Sequence[Verdict]) -> Swept:
    tx.wake({it.ref: it.wake_on for it in verdicts})
    passed = [it.ref for it in verdicts if it.passed]
    return Swept(
        woken=len(verdicts) - len(passed),
        decided=tx.decide([occurrence for it in verdicts for occurrence in it.occurrences]),
        queued=tx.queue([notice for it in verdicts for notice in it.notices]),
        passed=passed,
    )


def _has_new_rules(round_: Round, case: Case) -> bool:
    """Changed in their place, or newer ones that were activated. What no rules can read is somebody else's errand."""
    newer = newer_rules(case, round_.workflows)
    if newer and newer.key in round_.activated:
        return True
    workflow = round_.workflows.by_key.get(case.workflow)
    return workflow is not None and case.state in workflow.states and case.rules not in ("", workflow.fingerprint)


def _replan(round_: Round, tx: Tx, case: Case) -> None:
    """The case is planned anew, and looked at again with what is due by its new rules."""
    errand = Errand(ref=case.ref, move="rules", by="system", seen=case.version, through="rule")
    seat(tx, round_.workflows, errand, now=round_.now).rest()


def _changes_hands(round_: Round, case: Case) -> bool:
    return answering(case, round_.register, round_.today) != (case.owner, case.coordinator)


def _hand_over(round_: Round, tx: Tx, case: Case) -> None:
    """The day has come on which another unit answers for the subject, or succeeds: owner and coordinator follow."""
    errand = Errand(ref=case.ref, move="hand over", by="rule:responsibility", seen=case.version, through="rule")
    desk = seat(tx, round_.workflows, errand, now=round_.now)
    after = passed_on(desk.case, round_.register, round_.today)
    event = desk.log(facts=_handed(case, after, succeeded(case, round_.register, round_.today)))
    desk.keep(after, event, HANDED_OVER if after.owner != case.owner else ())


def _handed(before: Case, after: Case, ended: Unit | None) -> dict[str, str]:
    facts = {"from": before.owner, "to": after.owner}
    facts |= {"coordinator from": before.coordinator, "coordinator to": after.coordinator}
    if before.responsible != after.responsible:
        facts |= {"responsible was": before.responsible, "responsible": after.responsible}
    return facts | ({"ended": str(ended.valid_to or "")} if ended else {})


def _step_over(round_: Round, waking: Waking | str, error: Exception, swept: Swept) -> None:
    """What was decided about the case cannot be written: that it sleeps, and why, can."""
    with round_.store.begin() as tx:
        done = _keep(tx, [_stepped_over(round_, waking, error)])
    swept.add(done)


def _stepped_over(round_: Round, waking: Waking | str, error: Exception) -> Verdict:
    """The case sleeps until tomorrow, and somebody hears that it could not be looked at."""
    ref, coordinator = (waking, "") if isinstance(waking, str) else (waking.case.ref, waking.case.coordinator)
    log.error("stepped over %s", ref, exc_info=error)
    complaint = _complaint(round_, ref, f"unit:{coordinator}" if coordinator else OPERATOR, error)
    return Verdict(ref=ref, wake_on=round_.today + timedelta(days=1), notices=(complaint,), passed=True)


def _complaint(round_: Round, ref: str, party: str, error: Exception) -> Notice:
    return Notice(
        key=f"{ref}|unreadable|{round_.today}|{party}",
        ref=ref,
        to=party,
        role="coordinator",
        letter="unreadable",
        via="digest",
        rule="system:sweep",
        reason=str(error) or type(error).__name__,
        planned=round_.today,
        decided_at=round_.now,
        ripe_at=leaves_at("digest", "coordinator", party, round_.register, round_.now),
    )
