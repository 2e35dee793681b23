"""Wake every case whose day has come: decide, queue and set the next alarm, a batch to a transaction."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.act import HANDED_OVER
from engine.alarm import answering, next_alarm
from engine.calendar import day_of
from engine.case import Alarm, Case, Errand, Event, Occurrence
from engine.daily import queue_daily
from engine.errors import Stale, Unreadable
from engine.escalation import Record, judge
from engine.notice import Notice
from engine.people import Register
from engine.ports import Reader, Store, Waking
from engine.roles import OPERATOR
from engine.sitting import sitting
from engine.telling import case_calendar, notices_of_firing, occurrence_of
from engine.unaided import move_on
from engine.window import ripe_at
from engine.workflow import Workflows

log = logging.getLogger("tiltak.sweep")
BATCH = 500


@dataclass(slots=True)
class Swept:
    """What one sweep did: cases woken, decisions made, notices queued, and the refs it had to step over."""

    woken: int = 0
    decided: int = 0
    queued: int = 0
    passed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Round:
    """What every case in one sweep shares: one register, one now."""

    store: Store
    workflows: Workflows
    register: Register
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be written about one case."""

    alarm: Alarm
    occurrences: tuple[Occurrence, ...]
    notices: tuple[Notice, ...]
    moves: bool = False  # a rule moves the case: that takes a transaction of its own


def sweep(store: Store, reader: Reader, workflows: Workflows, *, now: datetime, limit: int = BATCH) -> Swept:
    """Ask the index for cases whose alarm has come, oldest first, until there are none."""
    swept, organisation = Swept(), reader.organisation()
    today = day_of(now, organisation.zone)
    seen: set[tuple[str, int]] = set()
    round_: Round | None = None  # with nothing due, nobody is looked up
    while batch := [it for it in store.awake(today, limit=limit) if _visit(it) not in seen]:
        round_ = round_ or Round(store, workflows, reader.register(), now, today)
        seen.update(map(_visit, batch))
        verdicts = [verdict for waking in batch if (verdict := _judge_safely(round_, waking, swept))]
        _keep_safely(round_, verdicts, swept)
    if organisation.send_empty_digest:
        swept.queued += queue_daily(store, reader, workflows, now=now)
    return swept


def _visit(waking: Waking | str) -> tuple[str, int]:
    """A case is looked at again in the same sweep only when somebody has changed it meanwhile."""
    return (waking, 0) if isinstance(waking, str) else (waking.case.ref, waking.case.version)


def _judge_safely(round_: Round, waking: Waking | str, swept: Swept) -> Verdict | None:
    """One bad case sleeps a day and is reported; the others go on."""
    try:
        if isinstance(waking, str):
            raise ValueError("its row in the database cannot be read")
        if answering(waking.case, round_.register, round_.today) != (waking.case.owner, waking.case.coordinator):
            _hand_over(round_, waking.case)
        elif (verdict := judged(round_, waking)).moves:
            _move_on(round_, waking.case, swept)
        else:
            return verdict
        swept.woken += 1
    except Stale:
        log.info("%s was changed while it was looked at; it has its own alarm now", _visit(waking)[0])
    except Exception as error:
        _step_over(round_, waking, error, swept)
    return None


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
        alarm=Alarm(case.ref, next_alarm(wake_on, case, round_.register, round_.today), case.version, case.wake_on),
        occurrences=tuple(occurrence_of(firing, case, round_.now) for firing in firings),
        notices=tuple(it for firing in telling for it in notices_of_firing(firing, case, round_.register, round_.now)),
        moves=any(firing.moves for firing in firings),
    )


def _keep_safely(round_: Round, verdicts: Sequence[Verdict], swept: Swept) -> None:
    """All in one transaction; when one of them cannot be written, each in its own."""
    try:
        _keep(round_, verdicts, swept)
    except Exception as error:
        if len(verdicts) == 1:
            _step_over(round_, verdicts[0].alarm.ref, error, swept)
            return
        for verdict in verdicts:
            _keep_safely(round_, [verdict], swept)


def _keep(round_: Round, verdicts: Sequence[Verdict], swept: Swept) -> None:
    """Write only what is about cases that are still as they were seen: the others have an alarm of their own now."""
    if not verdicts:
        return
    with round_.store.begin() as tx:
        moved = tx.wake([it.alarm for it in verdicts])
        kept = [it for it in verdicts if it.alarm.ref in moved]
        decided = tx.decide([occurrence for it in kept for occurrence in it.occurrences])
        queued = tx.queue([notice for it in kept for notice in it.notices])
    swept.woken += len(kept)
    swept.decided += decided
    swept.queued += queued


def _move_on(round_: Round, case: Case, swept: Swept) -> None:
    done = move_on(round_.store, round_.workflows, case, now=round_.now)
    swept.decided += done.decided
    swept.queued += done.queued


def _hand_over(round_: Round, case: Case) -> Event:
    """The day has come on which another unit answers for the subject: owner and coordinator follow, and are told."""
    owner, coordinator = answering(case, round_.register, round_.today)
    errand = Errand(ref=case.ref, move="hand over", by="rule:responsibility", seen=case.version, through="rule")
    with sitting(round_.store, round_.workflows, errand, now=round_.now) as desk:
        facts = {"from": case.owner, "to": owner, "coordinator from": case.coordinator, "coordinator to": coordinator}
        event = desk.log(facts=facts)
        after = case.evolve(owner=owner, coordinator=coordinator)
        after = after.evolve(responsible="", activity_on=desk.today) if owner != case.owner else after
        desk.keep(after, event, HANDED_OVER if owner != case.owner else ())
        return event


def _step_over(round_: Round, waking: Waking | str, error: Exception, swept: Swept) -> None:
    """The case sleeps until tomorrow, and somebody hears that it could not be looked at."""
    ref, coordinator = (waking, "") if isinstance(waking, str) else (waking.case.ref, waking.case.coordinator)
    log.error("stepped over %s", ref, exc_info=error)
    swept.passed.append(ref)
    round_.store.sleep(ref, round_.today + timedelta(days=1))
    with round_.store.begin() as tx:
        tx.queue([_complaint(round_, ref, f"unit:{coordinator}" if coordinator else OPERATOR, error)])


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
        ripe_at=ripe_at("digest", round_.now, round_.register.organisation),
    )
