"""What only the coordinator can move on: why it waits, and what happens if nothing is done."""

from collections.abc import Iterable, Sequence

from engine.escalation import applies
from engine.stage import ANSWERED, FRESH, stage
from engine.telling import case_calendar
from web.standing import Scene, Standing, addressees, decided_on, distance, ended, told_now
from web.views import Coming, Decision
from web.words import quoted


def decisions(scene: Scene, standings: Iterable[Standing], ahead: Sequence[Coming]) -> tuple[Decision, ...]:
    """Escalated cases first, then those without an owner, then those that wait for a check."""
    found = [decision for it in standings if (decision := _decision(scene, it, ahead))]
    return tuple(sorted(found, key=lambda it: ("danger", "warning", "brand1").index(it.colour)))


def plan_decision(scene: Scene, plan: Standing, ahead: Sequence[Coming]) -> tuple[Decision, ...]:
    """The plan itself waits where the rules chase its coordinator for leaving it in its state."""
    case, workflow, tongue = plan.case, scene.workflow(plan.case), scene.tongue
    chased = any(
        rule.clock == "entered" and any(step.level and "coordinator" in step.tell for step in rule.steps)
        for rule in workflow.rules
        if applies(rule, case)
    )
    if ended(scene, case) or not chased:
        return ()
    label = tongue.text(workflow.states[case.state].label)
    onward = [tongue.text(move.label) for move in workflow.moves_from(case.state)]
    since = tongue.day_and_month(case.entered_on)
    decision = Decision(
        ref=case.ref,
        title=tongue.say("The plan: %(state)s", state=label.lower()),
        why=tongue.say("Since %(day)s. What can be done: %(moves)s.", day=since, moves="; ".join(onward).lower()),
        otherwise=_otherwise(scene, next((mail for mail in ahead if mail.ref == case.ref), None)),
        todo=tongue.say("Read and decide"),
        colour="warning",
        icon="page",
    )
    return (decision,)


def _decision(scene: Scene, standing: Standing, ahead: Sequence[Coming]) -> Decision | None:
    case = standing.case
    if ended(scene, case):
        return None
    where = stage(scene.workflow(case), case.state)
    otherwise = _otherwise(scene, next((mail for mail in ahead if mail.ref == case.ref), None))
    if where == ANSWERED:
        return _to_check(scene, standing, otherwise)
    if not case.owner or where == FRESH:
        return _to_assign(scene, standing, otherwise)
    return _to_unblock(scene, standing, otherwise)


def _otherwise(scene: Scene, mail: Coming | None) -> str:
    if mail is None:
        return scene.tongue.say("If nothing is done, nobody will be told within a year.")
    facts = {"day": scene.tongue.long_day(mail.day), "who": mail.to}
    if mail.via_digest:
        return scene.tongue.say("If nothing is done, it comes in the digest to %(who)s on %(day)s.", **facts)
    return scene.tongue.say("If nothing is done, %(who)s is told on %(day)s.", **facts)


def _titled(scene: Scene, standing: Standing, what: str) -> str:
    return scene.tongue.say("Action %(number)s: %(what)s", number=standing.case.number, what=what)


def _to_check(scene: Scene, standing: Standing, otherwise: str) -> Decision:
    case, tongue = standing.case, scene.tongue
    facts = {"who": _holder(scene, standing), "day": tongue.day_and_month(case.entered_on)}
    said = tongue.say("%(who)s answered on %(day)s", **facts)
    why = f"{said}: {quoted(tongue, case.statement)}" if case.statement else f"{said}."
    return Decision(
        ref=case.ref,
        title=_titled(scene, standing, tongue.say("answered, ready to be checked")),
        why=why,
        otherwise=otherwise,
        todo=tongue.say("Read and decide"),
        colour="brand1",
        icon="check-box",
    )


def _to_assign(scene: Scene, standing: Standing, otherwise: str) -> Decision:
    case, tongue = standing.case, scene.tongue
    return Decision(
        ref=case.ref,
        title=_titled(scene, standing, _what_is_missing(scene, standing)),
        why=" ".join(filter(None, (_nobody_asked(scene, standing), _suggestion(scene, standing)))),
        otherwise=otherwise,
        todo=tongue.say("Assign"),
        colour="warning",
        icon="nobody",
    )


def _what_is_missing(scene: Scene, standing: Standing) -> str:
    case, tongue = standing.case, scene.tongue
    if case.owner:
        return tongue.say("not assigned yet")
    if case.owner_as_written:
        return tongue.say("%(who)s is not a recipient", who=quoted(tongue, case.owner_as_written))
    return tongue.say("nobody is responsible")


def _nobody_asked(scene: Scene, standing: Standing) -> str:
    case = standing.case
    days = case_calendar(case, scene.register, scene.today).workdays_between(case.opened_on, scene.today)
    if days < 1:
        return scene.tongue.say("Nobody has been asked yet.")
    return scene.tongue.count(
        "Nobody has been asked for %(n)s working day.", "Nobody has been asked for %(n)s working days.", days
    )


def _suggestion(scene: Scene, standing: Standing) -> str:
    case, tongue = standing.case, scene.tongue
    unit = case.owner or scene.register.answering(case.subject, scene.today)
    return tongue.say("Suggestion: %(unit)s.", unit=scene.name(f"unit:{unit}")) if unit else ""


def _to_unblock(scene: Scene, standing: Standing, otherwise: str) -> Decision | None:
    """A case becomes the coordinator's business when the rules have climbed to the coordinator."""
    case, tongue = standing.case, scene.tongue
    tellings = [(it, roles) for it, roles in told_now(scene, standing) if it.level]
    if not any("coordinator" in roles for _, roles in tellings):
        return None
    asked = tongue.count(
        "%(who)s has not answered %(n)s reminder.",
        "%(who)s has not answered %(n)s reminders.",
        len(tellings),
        who=_holder(scene, standing),
    )
    last, roles = tellings[-1]
    told = tongue.say(
        "Last told: %(roles)s, on %(day)s.",
        roles=addressees(tongue, roles),
        day=tongue.day_and_month(decided_on(scene, last)),
    )
    return Decision(
        ref=case.ref,
        title=_titled(scene, standing, _how_quiet(scene, standing)),
        why=f"{asked} {told}",
        otherwise=otherwise,
        todo=tongue.say("Read and decide"),
        colour="danger",
        icon="warning",
    )


def _how_quiet(scene: Scene, standing: Standing) -> str:
    case, tongue = standing.case, scene.tongue
    if case.due and case.due < scene.today:
        return tongue.say("no answer, %(days)s", days=distance(scene, case, case.due))
    return tongue.say("no sign of life since %(day)s", day=tongue.day_and_month(case.activity_on))


def _holder(scene: Scene, standing: Standing) -> str:
    case = standing.case
    return scene.name(f"person:{case.responsible}" if case.responsible else f"unit:{case.owner}")
