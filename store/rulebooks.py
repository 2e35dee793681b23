"""Which rules the alarms of an organisation rest on, and waking the cases whose alarm rested on others."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Engine, and_, case, func, or_, select, update

from engine.alarm import Disturbed
from engine.rulebook import Rulebook, Standing
from store import rows
from store.database import WRITING
from store.statements import ACTIVATIONS, CASES, RULEBOOKS, Statements

WHOLE: Final = "whole"  # no workflow is called so: their keys name a version
ARITHMETIC: Final = "arithmetic"
BATCH: Final = 500
# the sweep looks at every case whose alarm has come, and the day a case entered its state always has
AWAKE: Final = {"wake_on": CASES.c.entered_on}
ASLEEP: Final = and_(CASES.c.wake_on.is_not(None), CASES.c.wake_on > CASES.c.entered_on)


class SqlRulebooks:
    """A mixin of the store. A store without a rulebook asks nobody by which rules it works."""

    engine: Engine
    org: str
    statements: Statements
    rulebook: Rulebook | None = None

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            yield connection

    def take_up(self) -> tuple[str, ...]:
        """Work by the rulebook from now on; whoever holds another one decides nothing more. Returns what has changed.

        Every case whose alarm rested on something else is woken, in batches, for the next sweep to look at. Should this
        end half way, the next one who takes up does it again.
        """
        if self.rulebook is None:
            return ()
        changed = self._declare(self.rulebook)
        for name in changed:
            self._wake(_resting_on(name, self.rulebook), self.rulebook.rules.get(name, ""))
            with self._writing() as connection:
                mine = (RULEBOOKS.c.org == self.org, RULEBOOKS.c.name == name)
                connection.execute(update(RULEBOOKS).where(*mine).values(settled=True))
        return changed

    def other_rules(self) -> bool:
        """Whether another process has taken up other rules than this one's."""
        with self.engine.connect() as connection:
            return others_hold(connection, self.org, self.rulebook)

    def standing(self) -> Sequence[Standing]:
        names = (CASES.c.workflow, CASES.c.kind, CASES.c.state)
        mine = select(*names, func.count().label("cases")).where(CASES.c.org == self.org, CASES.c.wake_on.is_not(None))
        with self.engine.connect() as connection:
            found = connection.execute(mine.group_by(*names).order_by(*names)).mappings()
            return [rows.noun(Standing, row) for row in found]

    def refs(self, workflow: str, state: str, *, limit: int) -> Sequence[str]:
        mine = (CASES.c.org == self.org, CASES.c.workflow == workflow, CASES.c.state == state)
        some = select(CASES.c.ref).where(*mine, CASES.c.wake_on.is_not(None)).order_by(CASES.c.ref).limit(limit)
        with self.engine.connect() as connection:
            return connection.scalars(some).all()

    def activated(self) -> Collection[str]:
        with self.engine.connect() as connection:
            return frozenset(connection.scalars(select(ACTIVATIONS.c.workflow).where(ACTIVATIONS.c.org == self.org)))

    def _declare(self, rulebook: Rulebook) -> tuple[str, ...]:
        """Write down what holds from now on; returns what is not settled yet."""
        holds = {**rulebook.rules, ARITHMETIC: rulebook.arithmetic, WHOLE: rulebook.whole}
        mine = select(RULEBOOKS).where(RULEBOOKS.c.org == self.org)
        with self._writing() as connection:
            stored = {row.name: (row.fingerprint, row.settled) for row in connection.execute(mine)}
            holds = {**dict.fromkeys(stored, ""), **holds}  # a file that is gone is a change as well
            unsettled = [it for it, print_ in holds.items() if it != WHOLE and stored.get(it) != (print_, True)]
            for name, print_ in holds.items():
                row = {"org": self.org, "name": name, "fingerprint": print_, "settled": name not in unsettled}
                if stored.get(name) != (print_, row["settled"]):
                    connection.execute(self.statements.upsert["rulebooks"], row)
        return tuple(unsettled)

    def _wake(self, those: Any, rules: str) -> None:
        """Locked in the order of their refs, as the sweep does, so that the two never wait for each other in a ring."""
        known = case((CASES.c.rules == "", rules), else_=CASES.c.rules)
        last = ""
        while True:
            some = select(CASES.c.ref).where(CASES.c.org == self.org, CASES.c.ref > last, those)
            with self._writing() as connection:
                refs = connection.scalars(some.order_by(CASES.c.ref).limit(BATCH).with_for_update()).all()
                batch = update(CASES).where(CASES.c.org == self.org, CASES.c.ref.in_(refs))
                if refs:
                    connection.execute(batch.values(AWAKE | {"rules": known}))
            if len(refs) < BATCH:
                return
            last = refs[-1]


def others_hold(connection: Connection, org: str, rulebook: Rulebook | None, *, lock: bool = False) -> bool:
    """With `lock`, nobody takes up others until the transaction has ended."""
    if rulebook is None:
        return False
    query = select(RULEBOOKS.c.fingerprint).where(RULEBOOKS.c.org == org, RULEBOOKS.c.name == WHOLE)
    found = connection.scalar(query.with_for_update(read=True) if lock else query)
    return found not in (None, rulebook.whole)


def wake_disturbed(connection: Connection, org: str, disturbed: Disturbed) -> None:
    """Wake the cases whose alarm counted by days off, successors or responsibilities that have changed."""
    theirs = or_(
        CASES.c.owner.in_(disturbed.owners),
        CASES.c.coordinator.in_(disturbed.owners),
        CASES.c.subject.in_(disturbed.subjects),
        CASES.c.coordination.in_(disturbed.subjects),
    )
    mine = update(CASES).where(CASES.c.org == org, ASLEEP)
    connection.execute((mine if disturbed.everyone else mine.where(theirs)).values(AWAKE))


def wake_versions(connection: Connection, org: str, versions: Sequence[str]) -> None:
    those = (CASES.c.org == org, CASES.c.workflow.in_(versions), ASLEEP)
    connection.execute(update(CASES).where(*those).values(AWAKE))


def recount_reports(connection: Connection, org: str, plan: str, day: date | None) -> None:
    """Wake the cases of a plan that counted by another day of its report; what sleeps for good goes on sleeping."""
    those = (CASES.c.org == org, CASES.c.plan == plan, CASES.c.report_due.is_distinct_from(day))
    again = case((ASLEEP, CASES.c.entered_on), else_=CASES.c.wake_on)
    connection.execute(update(CASES).where(*those).values(report_due=day, wake_on=again))


def _resting_on(name: str, rulebook: Rulebook) -> Any:
    """The cases whose alarm rests on a workflow, or on the arithmetic, other than the rulebook's."""
    if name == ARITHMETIC:
        return ASLEEP
    if name not in rulebook.rules:
        return and_(CASES.c.workflow == name, ASLEEP)
    still_open = CASES.c.state.not_in(rulebook.ends[name])  # an end may have become a state that is open again
    return and_(CASES.c.workflow == name, CASES.c.rules != rulebook.rules[name], still_open)
