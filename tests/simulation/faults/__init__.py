"""The service broken on purpose, in one place at a time: what the simulation must notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Fault:
    """In the file `path` the words `was`, which stand there once, become `becomes`."""

    what: str
    path: str
    was: str
    becomes: str

    @property
    def stands_once(self) -> bool:
        return (ROOT / self.path).read_text(encoding="utf-8").count(self.was) == 1


FAULTS = (
    Fault(
        "the alarm rings a day late",
        "engine/alarm.py",
        "first = wake_on(workflow, case, record, case_calendar(case, register, today))",
        "first = wake_on(workflow, case, record, case_calendar(case, register, today))\n"
        "    first = first and date.fromordinal(first.toordinal() + 2)",
    ),
    Fault(
        "a change of responsibility wakes nobody",
        "engine/alarm.py",
        "    days = (first, handover_on(case, register, today))",
        "    days = (first,)",
    ),
    Fault(
        "every missed step is told",
        "engine/escalation.py",
        'if not last and self.catch_up == "latest":',
        "if False:",
    ),
    Fault(
        "a step is forgotten once it was decided",
        "engine/escalation.py",
        "            decided.add((it.rule, it.step, it.key))\n            if it.outcome",
        "            if it.outcome",
    ),
    Fault(
        "a pause never ends",
        "engine/escalation.py",
        "yield (max(step.day, held + DAY) if held else step.day), step",
        "yield (max(step.day, held + 400 * DAY) if held else step.day), step",
    ),
    Fault(
        "a digest is ripe at once",
        "engine/window.py",
        "yield next(_openings(moment, organisation))  # a digest keeps the hours as well",
        "yield now",
    ),
    Fault(
        "letters leave at any hour",
        "notifications/outbox.py",
        'return now < until and (letter.kind == "receipt" or self.may_leave(now))',
        "return now < until",
    ),
    Fault(
        "a letter counts as sent before it is sent",
        "notifications/outbox.py",
        "        try:\n            reply = await self.post.send(",
        '        await asyncio.to_thread(self.outbox.settle, letter.id, self.clock.now(), reply="")\n'
        "        try:\n            reply = await self.post.send(",
    ),
    Fault(
        "no lease",
        "store/outbox.py",
        "over = or_(LETTERS.c.lease_until <= now, LETTERS.c.lease_until > now + FARTHEST_TRY)",
        "over = LETTERS.c.lease_until.is_not(None)",
    ),
    Fault(
        "the newest letter leaves first",
        "store/outbox.py",
        "found = connection.execute(select(LETTERS).where(mine).order_by(LETTERS.c.not_before)).mappings()",
        "found = connection.execute(select(LETTERS).where(mine).order_by(LETTERS.c.not_before.desc())).mappings()",
    ),
    Fault(
        "a letter is written anew for each try",
        "store/outbox.py",
        "stored = {row.id: row.raw for row in found if row.raw is not None}",
        'stored = {row.id: row.raw for row in found if row.raw == b""}',
    ),
    Fault(
        "nobody hears of a letter that died",
        "notifications/outbox.py",
        "notices=self.undeliverable(dead), refused=refused)",
        "notices=(), refused=refused)",
    ),
    Fault(
        "a parcel is packed that another node has packed",
        "store/outbox.py",
        "    if done != meant:\n        raise _Faster",
        "    return",
    ),
    Fault(
        "one bad case ends the sweep",
        "engine/sweep.py",
        "    except Exception as error:\n        return _stepped_over(round_, waking, error)",
        "    except ZeroDivisionError as error:\n        return _stepped_over(round_, waking, error)",
    ),
    Fault(
        "a bad case is stepped over in silence",
        "engine/sweep.py",
        "wake_on=round_.today + timedelta(days=1), notices=(complaint,), passed=True)",
        "wake_on=round_.today + timedelta(days=1), passed=True)",
    ),
    Fault(
        "decisions and notices are two transactions",
        "store/transaction.py",
        "    def queue(self, notices: Sequence[Notice]) -> int:\n",
        "    def queue(self, notices: Sequence[Notice]) -> int:\n        self._connection.commit()\n",
    ),
    Fault(
        "an old page changes what somebody else has changed",
        "store/transaction.py",
        "if self._run(hot.SAVE, hot.of(self._org, case.ref, seen=seen) | facts).rowcount != 1:",
        "if self._run(hot.SAVE, hot.of(self._org, case.ref, seen=seen) | facts).rowcount > 1:",
    ),
    Fault(
        "a clock that leaps is believed",
        "tiltak/watch.py",
        "return ahead or shown - known > self.doubt",
        "return False",
    ),
    Fault(
        "a clock that went back is followed",
        "tiltak/watch.py",
        'self.clock.not_before(last_good(memory.heartbeats()).get("sweep"))',
        "pass",
    ),
)


def faded(faults: Sequence[Fault] = FAULTS) -> list[str]:
    """The faults that can no longer be made, because the code has changed."""
    return [fault.what for fault in faults if not fault.stands_once]
