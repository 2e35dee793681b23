"""One case: where it stands, who holds it, by when, what comes next, and what one may do about it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from engine.access import Act, open_acts, open_asks, open_moves
from engine.calendar import add_months, day_of
from engine.case import Case, DeadlineVersion, Event
from engine.errors import NotFound
from engine.people import Register
from engine.ports import Reader
from engine.roles import acting_for, recipients, unit_on
from engine.undo import undoable
from engine.workflow import Ask, Move, Workflow
from web.feed import feed
from web.plan_view import gather
from web.standing import (
    Scene,
    addressees,
    coming,
    due_words,
    ladder_tag,
    owner_words,
    state_tag,
    way,
)
from web.sums import arithmetic
from web.views import Attached, CasePage, Choice, Deadline, EarlierDeadline, Fact, MoveForm, Stage
from web.words import move_words, party_text, quoted, size_words

WRITTEN = frozenset({"statement", "reason", "evidence", "answer"})


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
        moves=tuple(forms(scene, workflow, case)),
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


def forms(scene: Scene, workflow: Workflow, case: Case) -> Iterable[MoveForm]:
    """In the demo every move, as whoever may make it; else what the visitor may do, by their own right or for A."""
    if scene.visitor is None:
        for move in workflow.moves_from(case.state):
            yield _form(scene, workflow, case, move, _actor_words(scene, case, move))
        return
    who, where = scene.visitor.party, (case, workflow, scene.register, scene.today)
    as_whom = _in_whose_name(scene, who, acting_for(who, case, scene.register, scene.today))
    for move in open_moves(who, *where):
        yield _form(scene, workflow, case, move, as_whom)
    for ask in open_asks(who, *where):
        yield _ask_form(scene, ask, as_whom)
    for act in open_acts(who, *where):
        yield _act_form(scene, act, as_whom)


def _form(scene: Scene, workflow: Workflow, case: Case, move: Move, as_whom: str) -> MoveForm:
    return MoveForm(
        act="move",
        move=move.name,
        words=scene.tongue.text(move.label),
        as_whom=as_whom,
        needs_owner="owner" in move.needs and not case.owner,
        needs_due="due" in move.needs and not case.due,
        needs_text=not WRITTEN.isdisjoint(move.needs),
        asks=_question(scene, move),
        leads_to=scene.tongue.text(workflow.states[move.dest].label),
    )


def _ask_form(scene: Scene, ask: Ask, as_whom: str) -> MoveForm:
    return MoveForm(
        act="ask",
        move=ask.name,
        words=scene.tongue.text(ask.label),
        as_whom=as_whom,
        needs_owner="owner" in ask.needs,
        needs_due="due" in ask.needs,
        needs_text=not WRITTEN.isdisjoint(ask.needs),
        asks=scene.tongue.say("Why?") if ask.to_decide else scene.tongue.say("What do you want to say?"),
        leads_to="",
    )


def _question(scene: Scene, move: Move) -> str:
    """Whoever closes or sends back gives a reason; whoever reports tells what was done."""
    if "reason" in move.needs:
        return scene.tongue.say("Why?")
    return scene.tongue.say("What is done, by whom and when? Or why not?")


def _act_form(scene: Scene, act: Act, as_whom: str) -> MoveForm:
    tongue = scene.tongue
    words, asks = {
        "comment": (tongue.say("Write a comment"), tongue.say("What do you want to say?")),
        "deadline": (tongue.say("Give more time: move the deadline"), tongue.say("Why?")),
        "hand over": (tongue.say("Hand over to another unit"), ""),
    }[act]
    return MoveForm(
        act=act,
        move="",
        words=words,
        as_whom=as_whom,
        needs_owner=act == "hand over",
        needs_due=act == "deadline",
        needs_text=act != "hand over",
        asks=asks,
        leads_to="",
    )


def _in_whose_name(scene: Scene, who: str, whom: str) -> str:
    if not whom:
        return scene.name(who)
    return scene.tongue.say("%(who)s for %(other)s", who=scene.name(who), other=scene.name(whom))


def _receipt(scene: Scene, workflow: Workflow, history: Sequence[Event], seq: int) -> str:
    """What the visitor has just done, as the history has it; "" for what somebody else did."""
    mine = scene.visitor.party if scene.visitor else ""
    event = next((it for it in reversed(history) if it.seq == seq and it.by == mine), None)
    if event is None:
        return ""
    did = move_words(scene.tongue, workflow, event.move)
    when = scene.tongue.moment(event.at, scene.register.organisation.zone)
    who = _in_whose_name(scene, mine, event.for_whom)
    return scene.tongue.say("%(did)s: kept on %(when)s, by %(who)s.", did=did, when=when, who=who)


def _undoable(scene: Scene, history: Sequence[Event], seq: int, now: datetime) -> bool:
    last = history[-1] if history else None
    return bool(scene.visitor and last and last.seq == seq and undoable(last, scene.visitor.party, last=True, now=now))


def _actor_words(scene: Scene, case: Case, move: Move) -> str:
    return f"{scene.name(acting(case, move, scene.register))} ({addressees(scene.tongue, move.by[:1])})"


def acting(case: Case, move: Move, register: Register) -> str:
    """The party that a visitor of the demo acts as: the first role that may make the move."""
    role = move.by[0]
    if role == "responsible":
        return f"person:{case.responsible}" if case.responsible else f"unit:{case.owner}"
    if role == "head" and (unit := register.units.get(case.owner)) and unit.head:
        return f"person:{unit.head}"
    return case.executive if role == "executive" else f"unit:{case.coordinator}"


def _owners(scene: Scene) -> tuple[Choice, ...]:
    valid = [unit for unit in scene.register.units.values() if unit.valid(scene.today)]
    choices = (Choice(unit.code, scene.tongue.text(unit.name)) for unit in valid)
    return tuple(sorted(choices, key=lambda it: it.words))
