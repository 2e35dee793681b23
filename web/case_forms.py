"""What may be done about a case on its page: a form for each move, ask and other act."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from engine.access import open_acts, open_asks, open_moves
from engine.calendar import day_of
from engine.case import Case
from engine.link import Link
from engine.pause import snoozable
from engine.people import Register
from engine.ports import Reader
from engine.revoke import revocable
from engine.roles import acting_for
from engine.telling import case_calendar
from engine.workflow import Ask, Move, Workflow
from web.standing import Scene, Standing, addressees
from web.views import Choice, MoveForm
from web.words import quoted

WRITTEN = frozenset({"statement", "reason", "evidence", "answer"})


def forms(scene: Scene, reader: Reader, standing: Standing, now: datetime) -> Iterable[MoveForm]:
    """In the demo every move, as whoever may make it; else what the visitor may do, by their own right or for A."""
    case, workflow = standing.case, scene.workflow(standing.case)
    if scene.visitor is None:
        for move in workflow.moves_from(case.state):
            yield _form(scene, workflow, case, move, _actor_words(scene, case, move))
        return
    who, where = scene.visitor.party, (case, workflow, scene.register, scene.today)
    as_whom = in_whose_name(scene, who, acting_for(who, case, scene.register, scene.today))
    for move in open_moves(who, *where):
        yield _form(scene, workflow, case, move, as_whom)
    for ask in open_asks(who, *where):
        yield _ask_form(scene, ask, as_whom)
    for act in open_acts(who, *where):
        if act == "pause":
            yield from _pauses(scene, standing, as_whom)
        elif act == "revoke":
            yield from _revocations(scene, revocable(reader.links_to(case.ref), case.ref, now), as_whom)
        else:
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
        asks=scene.tongue.say("Why?") if ask.to_decide else scene.tongue.say("What has been done since? (optional)"),
        leads_to="",
    )


def _question(scene: Scene, move: Move) -> str:
    """Whoever closes or sends back gives a reason; whoever reports tells what was done."""
    if "reason" in move.needs:
        return scene.tongue.say("Why?")
    return scene.tongue.say("What is done, by whom and when? Or why not?")


def _act_form(scene: Scene, act: Literal["comment", "deadline", "hand over"], as_whom: str) -> MoveForm:
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


def _pauses(scene: Scene, standing: Standing, as_whom: str) -> Iterable[MoveForm]:
    """One for each rule that may be snoozed, with the days that it allows."""
    tongue, case = scene.tongue, standing.case
    calendar = case_calendar(case, scene.register, scene.today)
    for rule, latest in snoozable(scene.workflow(case), case, standing.record, standing.holds, calendar, scene.today):
        yield MoveForm(
            act="pause",
            move=rule.id,
            words=tongue.say("Put the rule %(rule)s on pause", rule=quoted(tongue, rule.id)),
            as_whom=as_whom,
            needs_owner=False,
            needs_due=True,
            needs_text=True,
            asks=tongue.say("Why, and who has decided it?"),
            leads_to="",
            due_asks=tongue.say("Until and with which day? %(day)s at the latest.", day=tongue.long_day(latest)),
            earliest=scene.today.isoformat(),
            latest=latest.isoformat(),
        )


def _revocations(scene: Scene, links: Sequence[Link], as_whom: str) -> Iterable[MoveForm]:
    """One for all of them: whose links shall open nothing any more?"""
    if not links:
        return
    tongue, zone = scene.tongue, scene.register.organisation.zone
    newest = {it.party: it for it in reversed(links)}
    yield MoveForm(
        act="revoke",
        move="",
        words=tongue.say("Take back links in letters"),
        as_whom=as_whom,
        needs_owner=False,
        needs_due=False,
        needs_text=False,
        asks="",
        leads_to="",
        which_asks=tongue.say("Whose links shall open nothing any more?"),
        which=tuple(
            Choice(
                party,
                tongue.say(
                    "%(who)s: the newest of %(day)s, good until %(until)s",
                    who=scene.name(party),
                    day=tongue.day(day_of(it.made_at, zone)),
                    until=tongue.day(day_of(it.expires_at, zone)),
                ),
            )
            for party, it in newest.items()
        ),
    )


def in_whose_name(scene: Scene, who: str, whom: str) -> str:
    if not whom:
        return scene.name(who)
    return scene.tongue.say("%(who)s for %(other)s", who=scene.name(who), other=scene.name(whom))


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
