"""How a case stands on a day: its stage, its place on the ladder, its owner and its deadline, in words."""

from dataclasses import dataclass
from datetime import date

from engine.calendar import day_of
from engine.case import Case, DeadlineVersion, Hold, Occurrence
from engine.escalation import Record, anchor, applies, arming_of
from engine.foresight import Foreseen, Outlook
from engine.people import Register
from engine.roles import name_of
from engine.sign_in import Visitor
from engine.stage import ANSWERED, stage
from engine.telling import case_calendar
from engine.workflow import Role, Workflow, Workflows
from web.language import Tongue
from web.views import Coming, Tag
from web.words import letter_words, party_text, quoted, role_words, step_words


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a page needs to speak of cases: the reader's tongue, the register, the workflows, and today.

    Without a visitor everything is shown, as in the demo.
    """

    tongue: Tongue
    register: Register
    workflows: Workflows
    today: date
    visitor: Visitor | None = None

    @property
    def plans(self) -> frozenset[str] | None:
        """Those that are shown; None means every plan."""
        return self.visitor.plans if self.visitor else None

    def shows(self, plan: str) -> bool:
        return self.plans is None or plan in self.plans

    def workflow(self, case: Case) -> Workflow:
        return self.workflows[case.workflow]

    def name(self, party: str) -> str:
        return self.tongue.text(name_of(party, self.register))


@dataclass(frozen=True, slots=True)
class Standing:
    """A case with what was decided about it and the deadlines it has had."""

    case: Case
    occurrences: tuple[Occurrence, ...]
    holds: tuple[Hold, ...]
    deadlines: tuple[DeadlineVersion, ...]

    @property
    def record(self) -> Record:
        return Record.of(self.occurrences, self.holds)


def state_tag(scene: Scene, case: Case) -> Tag:
    workflow = scene.workflow(case)
    words = scene.tongue.text(workflow.states[case.state].label)
    match stage(workflow, case.state):
        case 0:
            return Tag(words, "neutral", "proposed")
        case 1:
            return Tag(words, "neutral", "clock")
        case 2:
            return Tag(words, "info", "arrow")
        case 3:
            return Tag(words, "brand1", "page")
        case 4:
            return Tag(words, "success", "check")
        case _:
            return Tag(words, "neutral", "ended")


def ladder_tag(scene: Scene, standing: Standing) -> Tag | None:
    """How far the reminders have climbed, or the hole that keeps them from anybody."""
    case, tongue = standing.case, scene.tongue
    if ended(scene, case):
        return None
    if not case.owner:
        return Tag(tongue.say("Nobody responsible"), "warning", "nobody")
    level = told_level(scene, standing)
    if level >= 2:
        return Tag(tongue.say("Escalated, level %(n)s", n=level), "danger", "warning")
    if level == 1:
        return Tag(tongue.say("Overdue, level %(n)s", n=level), "warning", "clock")
    if case.due and case.due < scene.today and stage(scene.workflow(case), case.state) != ANSWERED:
        return Tag(tongue.say("Overdue"), "warning", "clock")
    return None


def ended(scene: Scene, case: Case) -> bool:
    return scene.workflow(case).states[case.state].final


def told_level(scene: Scene, standing: Standing) -> int:
    """The highest step that the rules have told about the case as it now is."""
    record = standing.record
    return max((record.told.get(arming, 0) for arming in armings(scene, standing, record)), default=0)


def armings(scene: Scene, standing: Standing, record: Record) -> list[tuple[str, str]]:
    case = standing.case
    armed = [(rule, anchor(rule, case, record)) for rule in scene.workflow(case).rules if applies(rule, case)]
    return [(rule.id, found[0]) for rule, found in armed if found]


def told_now(scene: Scene, standing: Standing) -> list[tuple[Occurrence, tuple[Role, ...]]]:
    """What the rules have told about the case as it now is, and which roles each telling meant; oldest first."""
    running = set(armings(scene, standing, standing.record))
    return [
        (it, roles_of_step(scene.workflow(standing.case), it.rule, it.step))
        for it in sorted(standing.occurrences, key=lambda it: it.decided_at)
        if it.outcome in ("sent", "digest") and (it.rule, arming_of(it.key)) in running
    ]


def roles_of_step(workflow: Workflow, rule_id: str, step: str) -> tuple[Role, ...]:
    for rule in workflow.rules:
        if rule.id == rule_id:
            if step == "repeat":
                return rule.repeat.tell if rule.repeat else ()
            return next((it.tell for it in rule.steps if it.name == step), ())
    return ()


def owner_words(scene: Scene, case: Case) -> tuple[str, str]:
    """Who owns the case, and who holds it; an owner that cannot get mail is shown in the plan's own words."""
    if case.owner:
        held_by = scene.name(f"person:{case.responsible}") if case.responsible else ""
        with_whom = [scene.name(f"unit:{code}") for code in case.contributors]
        beside = scene.tongue.say("with %(others)s", others=scene.tongue.listed(with_whom)) if with_whom else ""
        return scene.name(f"unit:{case.owner}"), "; ".join(filter(None, (held_by, beside)))
    if case.owner_as_written:
        return quoted(scene.tongue, case.owner_as_written), scene.tongue.say("not a recipient")
    return "–", scene.tongue.say("nobody is named")


def due_words(scene: Scene, case: Case) -> tuple[str, str]:
    """The deadline, and how it stands today in working days of the owner's calendar."""
    tongue, value = scene.tongue, scene.tongue.day(case.due) if case.due else "–"
    if ended(scene, case):
        label = tongue.text(scene.workflow(case).states[case.state].label).lower()
        return value, f"{label} {tongue.day(case.entered_on)}"
    if not case.due:
        return value, tongue.say("no deadline")
    if stage(scene.workflow(case), case.state) == ANSWERED:
        return value, tongue.say("answered %(day)s", day=tongue.day(case.entered_on))
    return value, distance(scene, case, case.due)


def distance(scene: Scene, case: Case, day: date) -> str:
    left = case_calendar(case, scene.register, scene.today).workdays_between(scene.today, day)
    if day == scene.today:
        return scene.tongue.say("today")
    if day > scene.today:
        return scene.tongue.count("%(n)s working day left", "%(n)s working days left", left)
    return scene.tongue.count("%(n)s working day over", "%(n)s working days over", -left)


def coming(scene: Scene, standing: Standing, *, until: date) -> list[Coming]:
    """What the rules will tell from today until a day if nobody does anything, in order of day."""
    case = standing.case
    outlook = Outlook(scene.workflows, scene.register, {case.ref: standing.record})
    ahead = outlook.case(case, today=scene.today, until=until)
    return sorted((_coming(scene, seen) for seen in ahead if seen.told), key=lambda it: it.day)


def _coming(scene: Scene, seen: Foreseen) -> Coming:
    tongue, case, step = scene.tongue, seen.case, seen.firing.planned
    return Coming(
        day=seen.day,
        on=tongue.day(seen.day),
        ref=case.ref,
        number=case.number,
        letter=letter_words(tongue, step.letter),
        why=step_words(tongue, scene.workflow(case).rule(seen.firing.rule), step.step),
        to=tongue.listed([party_text(tongue, who.name, who.instead_of) for _, who in seen.told]),
        via_digest=step.via == "digest",
        level=step.level,
    )


def addressees(tongue: Tongue, roles: tuple[Role, ...]) -> str:
    return tongue.listed([role_words(tongue, role) for role in roles])


def decided_on(scene: Scene, occurrence: Occurrence) -> date:
    return day_of(occurrence.decided_at, scene.register.organisation.zone)
