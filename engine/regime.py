"""The rules of an authority for following up: by when a plan and its report are due, and who must have a copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.calendar import Calendar
from engine.case import Case
from engine.draft import DueRule
from engine.workflow import Regime, Term

REGIME: Final = "regime"  # the facts of a plan: by which rules it is followed up, and since when
RECEIVED: Final = "received on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A duty with the day it is due and its arithmetic; `late` counts days after it, once it was done."""

    term: Term
    rule: DueRule
    computed: date
    due: date
    done: date | None = None

    @property
    def late(self) -> int | None:
        """Days after the day it was due; negative when it came before, None while it is not done."""
        return (self.done - self.due).days if self.done else None


def anchored(term: Term, *, received: date | None, decided: date | None) -> DueRule | None:
    """The deadline by rule; None while the day that it counts from is not known."""
    start = received if term.after == "received" else decided
    return DueRule(anchor=start, offset=term.by, roll=term.roll) if start else None


def owed(regime: Regime, plan: Case, calendar: Calendar) -> Iterator[Owed]:
    """What the rules ask of a plan, as far as the days are known that they count from."""
    for term in regime.terms:
        rule = anchored(term, received=received_on(plan.facts), decided=plan.opened_on)
        if rule:
            computed, due = calendar.compute(rule)
            done = plan.opened_on if term.duty == "plan" else None
            yield Owed(term=term, rule=rule, computed=computed, due=due, done=done)


def received_on(facts: Mapping[str, str]) -> date | None:
    return date.fromisoformat(facts[RECEIVED]) if facts.get(RECEIVED) else None


def pinned(regime: str, received: date | None) -> dict[str, str]:
    """The facts by which a plan keeps its regime."""
    facts = {REGIME: regime, RECEIVED: str(received or "")}
    return {name: said for name, said in facts.items() if said}
