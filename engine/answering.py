"""The one door for answers, whether they come through a link or in a reply: act, ask or remark, receipted and once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.act import make, remark
from engine.answered import Answered
from engine.ask import put
from engine.case import Case, Errand, Event
from engine.errors import NeedsSignIn, NoSuchMove, NotYours
from engine.ports import Store, Tx
from engine.receipt import receipt
from engine.sitting import Sitting, seat
from engine.workflow import Ask, Move, Role, Workflow, Workflows

COMMENT: Final = "comment"


def choices(workflow: Workflow, state: str, roles: Collection[Role]) -> Iterator[Move | Ask]:
    """What somebody with these roles may answer without signing in: the moves and asks that have words for it."""
    open_now: list[Move | Ask] = [*workflow.moves_from(state), *workflow.asks_from(state)]
    for it in open_now:
        if it.say and not set(roles).isdisjoint(it.by):
            yield it


def answer(store: Store, workflows: Workflows, errand: Errand, *, now: datetime) -> Answered:
    """Do what an answer asks for: a move, an ask or a comment. All or nothing, and only once.

    Raises NotFound, Incomplete, Past, NotYours, NoSuchMove or NeedsSignIn (closing and rejecting).

    An answer that came late changes nothing: others have moved
    the case, or taken it over, since its writer knew of it. In a reply one's own moves count as known.
    """
    try:
        with store.begin() as tx:
            return _answer(tx, workflows, errand, now)
    except _Late as late:
        return late.answered


class _Late(Exception):
    """The answer came late; rolls back whatever was begun."""

    def __init__(self, instead: Event, case: Case) -> None:
        self.answered = Answered("late", instead, case)


def _answer(tx: Tx, workflows: Workflows, errand: Errand, now: datetime) -> Answered:
    case = tx.case(errand.ref)
    since = tx.since(case.ref, errand.known) if errand.known is not None else ()
    if again := _same(errand, since, workflows[case.workflow]):
        return Answered("already", again, case)
    if instead := _overtaking(errand, case, since):
        raise _Late(instead, case)
    desk = seat(tx, workflows, replace(errand, seen=None), now=now)
    try:
        event, kept = _do(desk)
    except (NotYours, NoSuchMove) as error:
        if since:
            raise _Late(since[-1], case) from error
        raise
    tx.tell([receipt(event, kept, desk.register, now)])
    return Answered("done", event, kept)


def _same(errand: Errand, since: Sequence[Event], workflow: Workflow) -> Event | None:
    """The same answer, when it has been given already and was not taken back."""
    undone = {it.facts.get("of") for it in since if it.move == "undo"}
    names = _meant(errand.move, workflow)
    return next((it for it in since if it.move in names and _says(it, errand) and str(it.seq) not in undone), None)


def _meant(name: str, workflow: Workflow) -> set[str]:
    """What the words for a move or an ask stand for in any state: "we are on it" begins, and later goes on."""
    all_of_them: dict[str, Move | Ask] = {**workflow.moves, **workflow.asks}
    words = _words(all_of_them[name]) if name in all_of_them else set()
    return {name, *(it.name for it in all_of_them.values() if words & _words(it))}


def _words(it: Move | Ask) -> set[str]:
    return {word for words in it.say.values() for word in words}


def _says(event: Event, errand: Errand) -> bool:
    return (
        (event.by, event.text) == (errand.by, errand.text.replace("\0", "").strip())
        and event.facts.get("wished", "") == str(errand.due or "")
        and event.facts.get("unit", "") == errand.owner
    )


def _overtaking(errand: Errand, case: Case, since: Sequence[Event]) -> Event | None:
    """What has moved the case on since the writer knew of it; None when it stands where it stood."""
    if errand.known is None or case.entered_seq <= errand.known:
        return None
    moves = [it for it in since if it.source != it.dest]
    own = errand.through == "mail" and all(it.by == errand.by for it in moves)
    return None if own or not moves else moves[-1]


def _do(desk: Sitting) -> tuple[Event, Case]:
    name = desk.errand.move
    if name == COMMENT:
        return remark(desk)
    if ask := desk.workflow.asks.get(name):
        return put(desk, ask)
    if name in desk.workflow.moves and not desk.workflow.moves[name].say:
        raise NeedsSignIn(name)
    return make(desk)
