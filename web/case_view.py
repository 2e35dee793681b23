"""One case: where it stands, who holds it, by when, what comes next, and what one may do about it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from engine.calendar import add_months, day_of
from engine.case import Case, DeadlineVersion, Event
from engine.errors import NotFound
from engine.ports import Reader
from engine.roles import recipients, unit_on
from engine.stage import way
from engine.undo import undoable
from engine.workflow import Workflow
from web.case_forms import forms, in_whose_name
from web.feed import feed
from web.plan_view import gather
from web.standing import Scene, coming, due_words, ladder_tag, owner_words, state_tag
from web.sums import arithmetic
from web.views import Attached, CasePage, Choice, Deadline, EarlierDeadline, Fact, Stage
from web.words import move_words, party_text, quoted, size_words


def shown_case(scene: Scene, reader: Reader, ref: str) -> Case:
    """NotFound for a case that is not there, and in the same words for one that is not shown."""
    case = reader.case(ref)
    if not scene.shows(case.plan):
        raise NotFound("case", ref)
    return case


def case_page(scene: Scene, reader: Reader, ref: str, *, now: datetime, kept: int = 0) -> CasePage:
    """Ten queries, however long the history is."""
    case = shown_case(scene, reader, ref)
    standing = next(iter(gather(reader, [case])))
    plan, history = (reader.case(case.plan) if case.plan != ref else case), reader.history(ref)
    workflow, extra = scene.workflow(case), ladder_tag(scene, standing)
    return CasePage(
        ref=ref,
        number=case.number,
        version=case.version,
        plan_ref=plan.ref,
        plan_title=plan.title,
        title=case.title,
        question=case.question,
        body=case.body,
        kind=scene.tongue.text(workflow.label),
        tags=(state_tag(scene, case), extra) if extra else (state_tag(scene, case),),
        stages=_stages(scene, workflow, case, history),
        people=tuple(_people(scene, case)),
        deadline=_deadline(scene, case, standing.deadlines),
        coming=tuple(coming(scene, standing, until=add_months(scene.today, 12))[:3]),
        feed=feed(scene, reader, standing, history),
        documents=tuple(Attached(it.id, it.name, size_words(scene.tongue, it.size)) for it in reader.documents(ref)),
        moves=tuple(forms(scene, reader, standing, now)),
        kept=_receipt(scene, workflow, history, kept),
        undo=kept if _undoable(scene, history, kept, now) else 0,
        owners=_owners(scene),
    )


def _stages(scene: Scene, workflow: Workflow, case: Case, history: Sequence[Event]) -> tuple[Stage, ...]:
    """The straight way with the day each state was last entered; another end stands in for the usual one."""
    entered = {event.dest: _day(scene, event) for event in history if event.dest}
    entered[case.state] = scene.tongue.day(case.entered_on)
    states = way(workflow) if case.state in way(workflow) else (*way(workflow)[:-1], case.state)
    now = states.index(case.state)
    return tuple(
        Stage(
            scene.tongue.text(workflow.states[name].label),
            entered.get(name, "") if place <= now else "",
            "now" if place == now else "done" if place < now and name in entered else "ahead",
        )
        for place, name in enumerate(states)
    )


def _day(scene: Scene, event: Event) -> str:
    return scene.tongue.day(day_of(event.at, scene.register.organisation.zone))


def _people(scene: Scene, case: Case) -> Iterable[Fact]:
    tongue = scene.tongue
    owner, note = owner_words(scene, case)
    yield Fact(tongue.say("Responsible"), owner, note)
    if case.owner_as_written and case.owner:
        yield Fact(tongue.say("As written in the plan"), quoted(tongue, case.owner_as_written))
    if case.owner:
        holder = recipients("responsible", case, scene.register, scene.today)[0]
        yield Fact(tongue.say("Letters go to"), party_text(tongue, holder.name, holder.instead_of), holder.address)
    if case.coordinator:
        coordinator = unit_on(case.coordinator, scene.register, scene.today)
        name = tongue.text(coordinator.name) if coordinator else scene.name(f"unit:{case.coordinator}")
        yield Fact(tongue.say("Coordinator"), name)


def _deadline(scene: Scene, case: Case, versions: Sequence[DeadlineVersion]) -> Deadline:
    value, note = due_words(scene, case)
    last = versions[-1] if versions else None
    earlier = tuple(
        EarlierDeadline(
            scene.tongue.day(before.value) if before.value else scene.tongue.say("unknown date"),
            _why_moved(scene, after.reason or before.reason, after.decided_by),
        )
        for before, after in pairwise(versions)
    )
    return Deadline(value=value, note=note, arithmetic=arithmetic(scene.tongue, last) if last else "", earlier=earlier)


def _why_moved(scene: Scene, reason: str, decided_by: str) -> str:
    who = scene.name(decided_by) if decided_by else ""
    return ", ".join(filter(None, (reason, who))) or scene.tongue.say("no reason is given")


def _receipt(scene: Scene, workflow: Workflow, history: Sequence[Event], seq: int) -> str:
    """What the visitor has just done, as the history has it; "" for what somebody else did."""
    mine = scene.visitor.party if scene.visitor else ""
    event = next((it for it in reversed(history) if it.seq == seq and it.by == mine), None)
    if event is None:
        return ""
    did = move_words(scene.tongue, workflow, event.move)
    when = scene.tongue.moment(event.at, scene.register.organisation.zone)
    who = in_whose_name(scene, mine, event.for_whom)
    return scene.tongue.say("%(did)s: kept on %(when)s, by %(who)s.", did=did, when=when, who=who)


def _undoable(scene: Scene, history: Sequence[Event], seq: int, now: datetime) -> bool:
    last = history[-1] if history else None
    return bool(scene.visitor and last and last.seq == seq and undoable(last, scene.visitor.party, last=True, now=now))


def _owners(scene: Scene) -> tuple[Choice, ...]:
    valid = [unit for unit in scene.register.units.values() if unit.valid(scene.today)]
    choices = (Choice(unit.code, scene.tongue.text(unit.name)) for unit in valid)
    return tuple(sorted(choices, key=lambda it: it.words))
