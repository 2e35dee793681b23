"""One errand on one case, all or nothing: a move, a comment, a new deadline, a change of owner."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from engine.case import Case, DeadlineVersion, Errand, Event
from engine.errors import Incomplete, NotFound
from engine.machine import step
from engine.ports import Store
from engine.report_day import follow
from engine.sitting import Sitting, sitting
from engine.undo import memory
from engine.workflow import Move, Role, Telling, Workflows

COMMENTING: tuple[Role, ...] = ("responsible", "head", "coordinator", "executive")  # of those who are signed in
MOVING_DEADLINES: tuple[Role, ...] = ("coordinator", "executive")
HANDING_OVER: tuple[Role, ...] = ("responsible", "head", "coordinator", "executive")
ALIVE: frozenset[Role] = frozenset({"responsible", "head"})  # whose word is a sign of life
HANDED_OVER = (Telling(to=("responsible",), letter="handed_over"),)


def act(store: Store, workflows: Workflows, errand: Errand, *, now: datetime) -> Event:
    """Make the move asked for. Raises NotFound, Stale, NoSuchMove, NotYours or Incomplete; then nothing changed."""
    with sitting(store, workflows, errand, now=now) as desk:
        return make(desk)[0]


def make(desk: Sitting) -> tuple[Event, Case]:
    """Make the move in a transaction that has begun. The event remembers the case as it was, so it can be undone.

    Not when it brought a deadline: those stay on record, and are moved.
    """
    dest = step(desk.workflow, desk.case.state, desk.errand.move)
    move = desk.workflow.moves[desk.errand.move]
    desk.allow(move.by)
    given = {"owner": bool(desk.errand.owner or desk.case.owner), "due": bool(desk.errand.due or desk.case.due)}
    complete(move.name, move.needs, given, desk.errand)
    known_unit(desk)
    due = _asked_for(move, desk.errand, desk.case)
    before = _dated(desk.case, due) if due else memory(desk.case)
    event = desk.log(dest, _handed(desk) | before | attached(desk))
    kept = desk.keep(_moved(desk, move, event, due), event, move.tell)
    if due:
        desk.tx.add_deadline(_deadline(desk, kept))
        follow(desk.tx, kept)
    return event, kept


def comment(store: Store, workflows: Workflows, errand: Errand, *, now: datetime) -> Event:
    """Keep what anybody said, for the coordinator's digest: no move, but a sign of life from those who are asked."""
    with sitting(store, workflows, errand, now=now) as desk:
        return remark(desk)[0]


def remark(desk: Sitting) -> tuple[Event, Case]:
    """The same in a transaction that has begun."""
    _given("comment", {"a text": bool(desk.errand.text.strip())})
    event = desk.log(facts=attached(desk))
    alive = desk.has_role(ALIVE)
    return event, desk.keep(desk.case.evolve(activity_on=desk.today) if alive else desk.case, event)


def move_deadline(store: Store, workflows: Workflows, errand: Errand, *, now: datetime, document: str = "") -> Event:
    """Give the case another deadline, with a reason; the earlier ones stay on record, and the rules are armed anew."""
    _given("move the deadline", {"a date": bool(errand.due), "a reason": bool(errand.text.strip())})
    with sitting(store, workflows, errand, now=now) as desk:
        desk.allow(MOVING_DEADLINES)
        event = desk.log(facts=_dated(desk.case, errand.due))
        again = desk.case.evolve(due=errand.due, due_version=desk.case.due_version + 1, activity_on=desk.today)
        desk.tx.add_deadline(_deadline(desk, again, document))
        follow(desk.tx, desk.keep(again, event))
        return event


def hand_over(store: Store, workflows: Workflows, errand: Errand, *, now: datetime) -> Event:
    """Let another unit own the case. The new owner is told, and the coordinator's next digest says so."""
    _given("hand over", {"a unit": bool(errand.owner)})
    with sitting(store, workflows, errand, now=now) as desk:
        desk.allow(HANDING_OVER)
        known_unit(desk)
        event = desk.log(facts={"from": desk.case.owner, "to": errand.owner} | _handed(desk))
        desk.keep(_owned(desk.case, errand, desk.today), event, HANDED_OVER)
        return event


def _given(errand: str, facts: dict[str, bool]) -> None:
    if missing := [what for what, given in facts.items() if not given]:
        raise Incomplete(errand, missing)


def complete(wish: str, needs: Iterable[str], given: Mapping[str, bool], errand: Errand) -> None:
    """Incomplete unless everything is there; what is not among `given` is said in the text."""
    said = bool(errand.text.strip())
    _given(wish, {need: given.get(need, said) for need in needs})


def attached(desk: Sitting) -> dict[str, str]:
    """Keep what was attached; the facts by which the history names it, and the archive's number."""
    desk.tx.attach(desk.case.ref, desk.errand.documents, by=desk.errand.by, at=desk.now)
    files = "\n".join(f"{it.id} {it.name}" for it in desk.errand.documents)
    facts = {"documents": files, "file number": desk.errand.file_number}
    return {name: said for name, said in facts.items() if said} | (
        {"file number was": desk.case.facts.get("file number", "")} if desk.errand.file_number else {}
    )


def known_unit(desk: Sitting) -> None:
    """A unit named by hand may be misspelt; nobody would answer for the case."""
    if desk.errand.owner and desk.errand.owner not in desk.register.units:
        raise NotFound("unit", desk.errand.owner)


def _asked_for(move: Move, errand: Errand, case: Case) -> date | None:
    """The date that a move asks for, where the case does not have it yet."""
    return errand.due if "due" in move.needs and errand.due != case.due else None


def _dated(case: Case, due: date | None) -> dict[str, str]:
    return {"from": str(case.due or ""), "to": str(due)}


def _moved(desk: Sitting, move: Move, event: Event, due: date | None) -> Case:
    """The case in its new state. What a responsible unit says in a statement is what the report will quote."""
    case = _owned(desk.case, desk.errand, desk.today)
    case = case.evolve(due=due, due_version=case.due_version + 1) if due else case
    statement = event.text if "statement" in move.needs or "answer" in move.needs else case.statement
    number = desk.errand.file_number
    return case.evolve(
        state=event.dest,
        entered_on=desk.today,
        entered_seq=event.seq,
        activity_on=desk.today,
        statement=statement,
        facts=dict(case.facts) | {"file number": number} if number else case.facts,
    )


def _owned(case: Case, errand: Errand, today: date) -> Case:
    """A unit named by hand takes the case out of the subject that named the owner before."""
    if errand.owner and errand.owner != case.owner:
        case = case.evolve(owner=errand.owner, owner_as_written="", responsible="", subject="", activity_on=today)
    return case.evolve(responsible=errand.responsible) if errand.responsible else case


def _handed(desk: Sitting) -> dict[str, str]:
    """Who answers from now on, and who did: what a history must tell so that the year can be lived through again."""
    before, after = desk.case, _owned(desk.case, desk.errand, desk.today)
    facts = {name: (getattr(before, name), getattr(after, name)) for name in ("owner", "responsible", "subject")}
    changed = {name: those for name, those in facts.items() if those[0] != those[1]}
    return {word: value for name, (was, now) in changed.items() for word, value in ((f"{name} was", was), (name, now))}


def _deadline(desk: Sitting, case: Case, document: str = "") -> DeadlineVersion:
    return DeadlineVersion(
        ref=case.ref,
        version=case.due_version,
        value=case.due,
        reason=desk.errand.text.strip(),
        decided_by=desk.errand.for_whom or desk.errand.by,
        document=document,
        set_at=desk.now,
    )
