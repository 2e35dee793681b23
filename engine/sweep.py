"""Wake every case whose day has come: decide, queue, and set the next alarm, one transaction for each."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.act import HANDED_OVER
from engine.alarm import alarm, answering
from engine.calendar import day_of
from engine.case import Case, Errand, Event, Occurrence
from engine.errors import Stale
from engine.escalation import Firing, Record, due
from engine.notice import Notice
from engine.people import Register
from engine.ports import Reader, Store, Tx, Waking
from engine.roles import OPERATOR
from engine.sitting import sitting
from engine.telling import case_calendar, notices_of_firing
from engine.window import ripe_at
from engine.workflow import Workflows

log = logging.getLogger("tiltak.sweep")
BATCH = 200


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

    @property
    def today(self) -> date:
        return day_of(self.now, self.register.organisation.zone)


def sweep(store: Store, reader: Reader, workflows: Workflows, *, now: datetime, limit: int = BATCH) -> Swept:
    """Ask the index for cases whose alarm has come, oldest first, until there are none."""
    swept = Swept()
    round_ = Round(store, workflows, reader.register(), now)
    seen: set[tuple[str, int]] = set()
    while batch := [it for it in store.awake(round_.today, limit=limit) if _visit(it) not in seen]:
        for waking in batch:
            seen.add(_visit(waking))
            _wake_safely(round_, waking, swept)
    return swept


def _visit(waking: Waking | str) -> tuple[str, int]:
    """A case is looked at again in the same sweep only when somebody has changed it meanwhile."""
    return (waking, 0) if isinstance(waking, str) else (waking.case.ref, waking.case.version)


def _wake_safely(round_: Round, waking: Waking | str, swept: Swept) -> None:
    """One bad case sleeps a day and is reported; the others go on."""
    ref = _visit(waking)[0]
    try:
        if isinstance(waking, str):
            raise ValueError("its row in the database cannot be read")
        wake(round_, waking, swept)
    except Stale:
        log.info("%s was changed while it was looked at; it has its own alarm now", ref)
    except Exception as error:
        log.exception("stepped over %s", ref)
        swept.passed.append(ref)
        _report(round_, ref, "" if isinstance(waking, str) else waking.case.coordinator, error)


def wake(round_: Round, waking: Waking, swept: Swept) -> None:
    """Decide everything that is due on one case. Raises Stale when somebody changed it meanwhile."""
    case, workflow = waking.case, round_.workflows[waking.case.workflow]
    if answering(case, round_.register, round_.today) != (case.owner, case.coordinator):
        _hand_over(round_, case)
        swept.woken += 1
        return
    record = Record.of(waking.decided, waking.holds)
    firings = due(workflow, case, record, case_calendar(case, round_.register, round_.today), round_.today)
    after = record.after(firings)
    with round_.store.begin() as tx:
        for firing in firings:
            _decide(round_, tx, case, firing, swept)
        if not tx.wake(case.ref, alarm(workflow, case, after, round_.register, round_.today), seen=case.version):
            raise Stale(case.ref, case.version)
    swept.woken += 1


def _decide(round_: Round, tx: Tx, case: Case, firing: Firing, swept: Swept) -> None:
    if not tx.decide(_occurrence(firing, case, round_.now)):
        return
    swept.decided += 1
    if firing.tells:
        for notice in notices_of_firing(firing, case, round_.register, round_.now):
            swept.queued += tx.queue(notice)


def _occurrence(firing: Firing, case: Case, now: datetime) -> Occurrence:
    step = firing.planned
    return Occurrence(
        ref=case.ref,
        rule=firing.rule,
        step=step.step,
        key=step.key,
        planned=step.day,
        decided_at=now,
        outcome=firing.outcome,
        reason=firing.reason,
        level=step.level,
    )


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


def _report(round_: Round, ref: str, coordinator: str, error: Exception) -> None:
    """The case sleeps until tomorrow, and somebody hears that it could not be looked at."""
    party = f"unit:{coordinator}" if coordinator else OPERATOR
    round_.store.sleep(ref, round_.today + timedelta(days=1))
    notice = Notice(
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
    with round_.store.begin() as tx:
        tx.queue(notice)
