"""From what is known about a plan to what its report says: who has done what, who has not, and what is missing."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Final

from engine.act import ALIVE
from engine.calendar import day_of
from engine.case import Case, DeadlineVersion, Event
from engine.coverage import covering, has_own
from engine.deeds import deadline
from engine.people import Register
from engine.ports import Reader
from engine.roles import name_of, roles_of
from engine.stage import ANSWERED, DONE, ENDED, stage
from engine.text import Text
from engine.workflow import Workflow, Workflows
from reports.yearly.facts import Action, Advice, Asked, Change, Standing, Term, YearReport
from reports.yearly.material import STATED, Kept, Material, gather

ASKING: Final = frozenset({"request", "receipt"})  # kinds of case that are answers, not actions of the plan
STANDINGS: Final[dict[int, Standing]] = {DONE: "done", ANSWERED: "answered", ENDED: "ended"}


def year_report(reader: Reader, workflows: Workflows, plan: str, *, on: date, today: date) -> YearReport:
    """The report on a plan as it stood at the end of a day. NotFound for no plan, Refused for a day without one."""
    return reckon(gather(reader, workflows, plan, on=on, today=today))


def reckon(material: Material) -> YearReport:
    plan, register = material.plan.case, material.register
    actions = [it for it in material.cases if it.case.kind not in ASKING]
    report = next((it.case for it in actions if it.case.kind == "report" and it.case.due), plan)
    return YearReport(
        ref=plan.ref,
        title=plan.title,
        body=plan.body,
        language=register.organisation.language,
        organisation=register.organisation.name,
        on=material.on,
        decided_on=plan.opened_on,
        state_label=material.plan.workflow.states[plan.state].label,
        due=plan.due or report.due,
        terms=_terms(material.plan, register),
        executive=_name(plan.executive, register),
        coordinator=_unit(plan.coordinator, register),
        copies=tuple(name_of(it, register) for it in plan.copies),
        file_number=plan.facts.get("file number", ""),
        evaluation=material.evaluation,
        actions=tuple(_action(it, material) for it in actions),
        asked=tuple(_asked(it, material) for it in material.cases if it.case.kind in ASKING),
        advice=tuple(_advice(material, [it.case for it in actions])),
        changes=tuple(_changes(material)),
        digest=digest(material.everything),
    )


def digest(everything: Iterable[Kept]) -> str:
    """SHA-256 over a line "ref seq digest" for the last event of every case, by ref; each chains to all before it."""
    ends = sorted((it.case.ref, it.history[-1]) for it in everything)
    return sha256("".join(f"{ref} {event.seq} {event.digest}\n" for ref, event in ends).encode()).hexdigest()


def _name(party: str, register: Register) -> Text | None:
    return name_of(party, register) if party else None


def _unit(code: str, register: Register) -> Text | None:
    return name_of(f"unit:{code}", register) if code else None


def _action(kept: Kept, material: Material) -> Action:
    case, register = kept.case, material.register
    reminded = _reminded(kept, material)
    return Action(
        ref=case.ref,
        number=case.number,
        kind=case.kind,
        title=case.title,
        question=case.question,
        body=case.body,
        state=case.state,
        state_label=kept.workflow.states[case.state].label,
        standing=STANDINGS.get(stage(kept.workflow, case.state), "planned"),
        owner=case.owner,
        owner_name=_unit(case.owner, register),
        owner_as_written=case.owner_as_written,
        responsible=name_of(f"person:{case.responsible}", register).nb if case.responsible else "",
        contributors=tuple(name_of(f"unit:{it}", register) for it in case.contributors),
        terms=_terms(kept, register),
        due=case.due,
        settled_on=_settled_on(kept, material),
        statement=case.statement or _reason(kept),
        recommendations=case.recommendations,
        reminders=len(reminded),
        reminded_on=max(reminded, default=None),
        asked_on=_asked_on(kept, material),
        heard_on=max((material.day(it) for it in kept.standing_events if _speaks(it, kept, material)), default=None),
        documents=tuple(_documents(kept)),
        file_number=case.facts.get("file number", ""),
    )


def _terms(kept: Kept, register: Register) -> tuple[Term, ...]:
    return tuple(_term(it, register) for it in sorted(kept.deadlines, key=lambda it: it.version))


def _term(it: DeadlineVersion, register: Register) -> Term:
    return Term(
        value=it.value,
        reason=it.reason,
        decided_by=_name(it.decided_by, register) if ":" in it.decided_by else _said(it.decided_by),
        set_on=day_of(it.set_at, register.organisation.zone),
    )


def _said(words: str) -> Text | None:
    return Text.same(words) if words else None


def _settled_on(kept: Kept, material: Material) -> date | None:
    """The day of the last word that it is done, even when it was checked later; of any other end its own day."""
    where = stage(kept.workflow, kept.case.state)
    if where not in STANDINGS:
        return None
    if where != ENDED:
        stating = (it for it in reversed(kept.standing_events) if _states(it, kept.workflow))
        if event := next(stating, None):
            return material.day(event)
    return kept.case.entered_on


def _states(event: Event, workflow: Workflow) -> bool:
    move = workflow.moves.get(event.move)
    return move is not None and not STATED.isdisjoint(move.needs)


def _reason(kept: Kept) -> str:
    """Why it came to another end than the one hoped for."""
    if stage(kept.workflow, kept.case.state) != ENDED:
        return ""
    return next((it.text for it in reversed(kept.standing_events) if it.dest == kept.case.state and it.text), "")


def _reminded(kept: Kept, material: Material) -> list[date]:
    """The days on which the rules told those who have the case, or the one who leads them."""
    rules = {rule.id: rule for rule in kept.workflow.rules}
    found = []
    for it in kept.told:
        rule = rules.get(it.rule)
        steps = {step.name: step.tell for step in rule.steps} if rule else {}
        tell = rule.repeat.tell if rule and rule.repeat and it.step == "repeat" else steps.get(it.step, ())
        if it.outcome in ("sent", "digest") and not ALIVE.isdisjoint(tell) and kept.case.owner:
            found.append(day_of(it.decided_at, material.register.organisation.zone))
    return found


def _asked_on(kept: Kept, material: Material) -> date:
    """The day on which whoever has it now got it."""
    given = (it for it in reversed(kept.standing_events) if _owners(it, material.register))
    return material.day(next(given, kept.history[0]))


def _speaks(event: Event, kept: Kept, material: Material) -> bool:
    """Whether an event is a word of those who have the case; what a rule did is none."""
    if event.through in ("rule", "import") or event.move in ("rules", "deadline", "move the deadline", "revoke"):
        return False
    party, day = event.for_whom or event.by, material.day(event)
    return not ALIVE.isdisjoint(roles_of(party, kept.case, material.register, day))


def _documents(kept: Kept) -> Iterable[str]:
    for event in kept.standing_events:
        for line in event.facts.get("documents", "").splitlines():
            yield line.partition(" ")[2]


def _asked(kept: Kept, material: Material) -> Asked:
    case, reminded = kept.case, _reminded(kept, material)
    where = stage(kept.workflow, case.state)
    return Asked(
        ref=case.ref,
        number=case.number,
        title=case.question or case.title,
        who=_unit(case.owner, material.register) or _said(case.owner_as_written),
        asked_on=_asked_on(kept, material),
        due=case.due,
        answered=where in (ANSWERED, DONE),
        reminders=len(reminded),
        reminded_on=max(reminded, default=None),
    )


def _advice(material: Material, actions: Sequence[Case]) -> Iterable[Advice]:
    for it in material.recommendations:
        yield Advice(
            recommendation=it,
            actions=tuple(case.number for case in covering(it, actions)),
            own=has_own(it, actions, among=len(material.recommendations)),
        )


def _changes(material: Material) -> Iterable[Change]:
    found = [_change(event, kept, material) for kept in material.everything for event in kept.history]
    return sorted(found, key=lambda it: (it.at, it.number.rjust(6), it.seq))


def _change(event: Event, kept: Kept, material: Material) -> Change:
    register, workflow = material.register, kept.workflow
    named = workflow.moves.get(event.move) or workflow.asks.get(event.move)
    return Change(
        ref=event.ref,
        number=kept.case.number if kept is not material.plan else "",
        seq=event.seq,
        at=event.at,
        on=material.day(event),
        who=None if event.through == "rule" else name_of(event.by, register),
        instead_of=_name(event.for_whom, register),
        move=event.move,
        label=named.label if named else None,
        text=event.text,
        due=_dues(event),
        owner=_owners(event, register),
        coordinator=_units(event.facts.get("coordinator from", ""), event.facts.get("coordinator to", ""), register),
    )


def _owners(event: Event, register: Register) -> tuple[Text | None, Text] | None:
    facts = event.facts
    if event.move == "hand over":
        return _units(facts.get("from", ""), facts.get("to", ""), register)
    return _units(facts.get("owner was", ""), facts.get("owner", ""), register)


def _units(before: str, after: str, register: Register) -> tuple[Text | None, Text] | None:
    return (_unit(before, register), name_of(f"unit:{after}", register)) if after and before != after else None


def _dues(event: Event) -> tuple[date | None, date] | None:
    after = deadline(event)
    return (_day(event.facts.get("from", "")), after) if after else None


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
