"""The page behind a link: what is asked, what one may answer and where it leads, or what has happened instead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from engine.answering import choices
from engine.calendar import day_of
from engine.case import Case, Document, Event
from engine.foresight import Outlook
from engine.link import Link
from engine.ports import Reader
from engine.roles import recipients, roles_of, unit_on
from engine.stage import waits_for_coordinator
from engine.undo import UNDO, UNDOABLE_FOR, undoable
from engine.workflow import Ask, Move
from web.language import Tongue
from web.standing import Scene, distance, ended
from web.views import Choice
from web.words import move_words, quoted

Phase = Literal["form", "done", "late", "over"]
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the answers; `leads_to` says what it does."""

    name: str
    words: str
    leads_to: str
    wants_date: bool = False
    wants_unit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The last thing that happened to the case; `undo` is its number while its reader may take it back."""

    what: str
    who: str
    when: str
    text: str
    mine: bool
    taken_back: bool = False
    undo: int = 0
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody has filled in, to be shown again when something is missing."""

    choice: str = ""
    text: str = ""
    due: str = ""
    unit: str = ""
    file_number: str = ""
    colleague: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    phase: Phase
    title: str
    about: str
    question: str
    body: str
    state: str
    due: str
    due_note: str
    asked_by: str
    mailbox: str
    head: str
    whom: str
    letter_of: str
    expires: str
    known: int
    options: tuple[Option, ...] = ()
    units: tuple[Choice, ...] = ()
    colleagues: tuple[Choice, ...] = ()
    documents: tuple[Document, ...] = ()
    happened: Happened | None = None
    again: bool = False  # whether another answer may be given
    fresh: bool = False  # whether a new link would be of use
    earliest: str = ""  # the first day that may be wished for
    typed: Typed = field(default_factory=Typed)


def link_page(scene: Scene, reader: Reader, link: Link, *, now: datetime, again: bool, typed: Typed) -> LinkPage:
    """Seven queries, however long the history is."""
    shown = link.cases[0]
    case, history = reader.case(shown.ref), reader.history(shown.ref)
    options = tuple(_options(scene, reader, case, link))
    last = _last(scene, case, history, link, now)
    phase = _phase(link, case, last, options=bool(options), again=again, now=now)
    form = phase == "form"
    return LinkPage(
        phase=phase,
        **_facts(scene, reader, case, link),
        known=history[-1].seq,
        options=options if form else (),
        units=_units(scene) if form else (),
        colleagues=_colleagues(scene, case, link) if form else (),
        documents=tuple(reader.documents(case.ref)) if phase != "over" else (),
        happened=last if not form or last.mine else None,
        again=phase == "done" and bool(options) and case.entered_seq <= shown.known,
        fresh=phase in ("late", "over") and bool(options),
        earliest=str(scene.today + timedelta(days=1)),
        typed=typed,
    )


def _phase(link: Link, case: Case, last: Happened, *, options: bool, again: bool, now: datetime) -> Phase:
    if not link.good(now):
        return "over"
    if case.entered_seq > link.cases[0].known or not options:
        return "done" if last.undo else "late"
    return "done" if last.mine and last.undo and not again else "form"


def _facts(scene: Scene, reader: Reader, case: Case, link: Link) -> dict[str, str]:
    tongue, zone = scene.tongue, scene.register.organisation.zone
    plan = reader.case(case.plan) if case.plan != case.ref else case
    kind = tongue.text(scene.workflow(case).label)
    about = tongue.say("%(kind)s %(number)s in", kind=kind, number=case.number) if case.number else f"{kind}:"
    coordinator = unit_on(case.coordinator, scene.register, scene.today)
    head = coordinator.head if coordinator else ""
    return {
        "title": case.title,
        "about": f"{about} {quoted(tongue, plan.title)}",
        "question": case.question,
        "body": case.body,
        "state": tongue.text(scene.workflow(case).states[case.state].label),
        "due": tongue.long_day(case.due) if case.due else tongue.say("No deadline is set"),
        "due_note": distance(scene, case, case.due) if case.due and not ended(scene, case) else "",
        "asked_by": tongue.text(coordinator.name) if coordinator else scene.name(f"unit:{case.coordinator}"),
        "mailbox": coordinator.mailbox if coordinator else "",
        "head": scene.name(f"person:{head}") if head in scene.register.persons else "",
        "whom": scene.name(link.party),
        "letter_of": tongue.day_and_month(day_of(link.made_at, zone)),
        "expires": tongue.long_day(day_of(link.expires_at, zone)),
    }


def whom_to_ask(reader: Reader, link: Link, tongue: Tongue, revoked_at: datetime) -> dict[str, str]:
    """For whoever holds a link that was taken back: when that was, and who coordinates the case."""
    register = reader.register()
    day = day_of(revoked_at, register.organisation.zone)
    coordinator = unit_on(reader.case(link.cases[0].ref).coordinator, register, day)
    return {
        "day": tongue.long_day(day),
        "asked_by": tongue.text(coordinator.name) if coordinator else tongue.text(register.organisation.name),
        "mailbox": coordinator.mailbox if coordinator else "",
    }


def _options(scene: Scene, reader: Reader, case: Case, link: Link) -> Iterator[Option]:
    party = link.for_whom or link.party
    roles = roles_of(party, case, scene.register, scene.today)
    outlook = Outlook.of(scene.workflows, scene.register, reader.occurrences([case.ref]), reader.holds([case.ref]))
    for it in choices(scene.workflow(case), case.state, roles):
        yield Option(
            name=it.name,
            words=scene.tongue.text(it.spoken),
            leads_to=_moved(scene, outlook, case, it) if isinstance(it, Move) else _asked(scene, outlook, case, it),
            wants_date="due" in it.needs,
            wants_unit=isinstance(it, Ask) and "owner" in (*it.needs, *it.takes),
        )


def _moved(scene: Scene, outlook: Outlook, case: Case, move: Move) -> str:
    """The state a move leads to, and who acts next: by reading it, or by hearing of it when nothing happens."""
    tongue, workflow = scene.tongue, scene.workflow(case)
    status = tongue.say(
        "The status becomes %(state)s.", state=quoted(tongue, tongue.text(workflow.states[move.dest].label))
    )
    if workflow.states[move.dest].final:
        return tongue.say("%(status)s Then nothing more is expected of you.", status=status)
    if waits_for_coordinator(workflow, move.dest):
        return tongue.say("%(status)s %(who)s reads your answer.", status=status, who=_coordinator(scene, case))
    after = case.evolve(state=move.dest, entered_on=scene.today, entered_seq=10**9, activity_on=scene.today)
    return _and_then(scene, outlook, after, status)


def _and_then(scene: Scene, outlook: Outlook, after: Case, status: str) -> str:
    """What becomes of a case, and when its rules next have something to say."""
    coming = outlook.next(after, today=scene.today + timedelta(days=1), until=scene.today + AHEAD)
    if coming is None:
        return status
    day = scene.tongue.long_day(coming.day)
    return scene.tongue.say("%(status)s The next reminder comes %(day)s.", status=status, day=day)


def _asked(scene: Scene, outlook: Outlook, case: Case, ask: Ask) -> str:
    who = _coordinator(scene, case)
    if not ask.to_decide:
        stands = scene.tongue.say("Status and deadline stay as they are, and %(who)s sees your answer.", who=who)
        return _and_then(scene, outlook, case.evolve(activity_on=scene.today), stands)
    if "due" in ask.needs:
        return scene.tongue.say("Suggest a date and write why. The deadline stands until %(who)s has decided.", who=who)
    if "owner" in ask.takes:
        return scene.tongue.say("Write why, and whose it is if you know. %(who)s finds out.", who=who)
    return scene.tongue.say("%(who)s hears of it at once and decides.", who=who)


def _coordinator(scene: Scene, case: Case) -> str:
    unit = unit_on(case.coordinator, scene.register, scene.today)
    return scene.tongue.text(unit.name) if unit else scene.name(f"unit:{case.coordinator}")


def _last(scene: Scene, case: Case, history: Sequence[Event], link: Link, now: datetime) -> Happened:
    """What a reader has to know of: their own last word, else what last moved the case."""
    event = history[-1]
    can = undoable(event, link.party, last=True, now=now)
    if not can and event.by != link.party:
        event = next((it for it in reversed(history) if it.source != it.dest or it.move == "hand over"), history[0])
    tongue, zone = scene.tongue, scene.register.organisation.zone
    workflow = scene.workflow(case)
    spoken = workflow.moves.get(event.move) or workflow.asks.get(event.move)
    return Happened(
        what=tongue.text(spoken.spoken) if spoken else move_words(tongue, workflow, event.move),
        who="Tiltak" if event.through == "rule" or event.by == "system" else scene.name(event.for_whom or event.by),
        when=_moment(scene, event.at, zone),
        text=event.text,
        mine=event.by == link.party,
        taken_back=event.move == UNDO,
        undo=event.seq if can else 0,
        until=_moment(scene, event.at + UNDOABLE_FOR, zone) if can else "",
    )


def _moment(scene: Scene, at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return scene.tongue.say("%(day)s at %(time)s", day=scene.tongue.long_day(local.date()), time=f"{local:%H:%M}")


def _units(scene: Scene) -> tuple[Choice, ...]:
    valid = (unit for unit in scene.register.units.values() if unit.valid(scene.today))
    return _sorted(Choice(unit.code, scene.tongue.text(unit.name)) for unit in valid)


def _colleagues(scene: Scene, case: Case, link: Link) -> tuple[Choice, ...]:
    """Those of the unit that is asked, without the reader: whom else, one knows by address."""
    unit = unit_on(case.owner, scene.register, scene.today)
    own = {it.party for it in recipients("responsible", case, scene.register, scene.today)} & {link.party}
    persons = (
        it
        for it in scene.register.persons.values()
        if unit and it.active and it.unit == unit.code and f"person:{it.key}" not in {link.party, *own}
    )
    return _sorted(Choice(it.address, it.name) for it in persons if scene.register.reaches(it.address))


def _sorted(found: Iterable[Choice]) -> tuple[Choice, ...]:
    return tuple(sorted(found, key=lambda it: it.words))
