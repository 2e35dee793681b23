"""What can befall the service in one step. Each says in a few words what it did."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import text

from engine.people import Register
from engine.window import is_open
from tests.simulation.node import Node
from tests.simulation.post_office import AWAY, FINE, ROUGH
from tests.simulation.promises import Broken, undecided
from tests.simulation.stage import Stage
from tiltak.watch import accept

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SKEWS = (
    timedelta(hours=-3),
    timedelta(minutes=-10),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(days=3),
    timedelta(days=400),
    timedelta(days=-9),
)
SPOILT = {
    "tags": "{broken",
    "workflow": "action/99",
    "state": "nowhere",
}
SWEPT_AT, END_OF_DAY = time(0, 30), time(18, 30)


def one_round(stage: Stage) -> str:
    node = stage.dice.one(stage.up())
    return f"{node.name} sweeps: {sweep(stage, node)}, delivers: {deliver(stage, node)}"


def one_sweep(stage: Stage) -> str:
    node = stage.dice.one(stage.up())
    return f"{node.name}: {sweep(stage, node)}"


def one_delivery(stage: Stage) -> str:
    node = stage.dice.one(stage.up())
    return f"{node.name}: {deliver(stage, node)}"


def sweep(stage: Stage, node: Node, *, inspect: bool = True) -> str:
    """A sweep that went well, with nobody acting meanwhile, leaves nothing undone and reports what it stepped over."""
    crossings, cases = stage.crossings, [ref for ref in stage.ledger.spoiled if _awake(stage, ref)]
    how = stage.round(node, "sweep")
    if inspect and how == "well" and stage.crossings == crossings and not node.wrist.wrong:
        seen = stage.look()
        faults = list(undecided(stage.ledger, seen, stage.ledger.today))
        told = {key.rpartition("|")[0] for key in seen.notices}
        faults += [
            f"nobody hears that {ref} could not be read"
            for ref in cases
            if f"{ref}|unreadable|{stage.ledger.today}" not in told
        ]
        if faults:
            raise Broken("\n".join(f"P8 others go on, P11: {fault}" for fault in faults))
    return how


def deliver(stage: Stage, node: Node) -> str:
    """Letters that waited leave oldest first (P9)."""
    crossings, sent = stage.crossings, len(stage.office.mails)
    how = stage.round(node, "deliver")
    mails = stage.office.mails[sent:]
    if len(mails) > 1 and stage.crossings == crossings:
        waited = {it.message_id: it.not_before for it in stage.look().letters.values() if it.status == "sent"}
        left = [waited[mail.message_id] for mail in mails if mail.message_id in waited]
        if left != sorted(left):
            raise Broken(f"P9 oldest first: letters left in the order {left}")
    return how


def wait(stage: Stage) -> str:
    minutes = stage.dice.one((1, 5, 12, 40, 130, 300, 700))
    stage.clock.forward(minutes=minutes)
    return f"{minutes} minutes"


def day(stage: Stage) -> str:
    """The next day, with rounds of every node when letters begin to leave and before they stop."""
    window, tomorrow = stage.house.organisation.window, stage.ledger.today + DAY
    troubles, fine = stage.office.troubles, True
    for moment in (stage.at(tomorrow, window.opens) + MINUTE, stage.at(tomorrow, window.closes) - MINUTE):
        stage.clock.move_to(moment)
        fine = all_rounds(stage) and fine
    if fine and _post_is_taken(stage, troubles):
        stage.ledger.alive.add(tomorrow)
    return f"every node, {'well' if fine else 'not well'}"


def _post_is_taken(stage: Stage, troubles: int) -> bool:
    """A mail server that is away is away on the days between two tries as well."""
    return stage.office.mood is not AWAY and troubles == stage.office.troubles


def live(stage: Stage) -> str:
    """Some weeks in which every minute has its round: nothing happens but at alarms and when letters ripen."""
    until = stage.ledger.today + timedelta(days=stage.dice.number(3, 40))
    live_until(stage, until)
    return f"until {until}"


def live_until(stage: Stage, until: date) -> None:
    end = stage.at(until, END_OF_DAY)
    while stage.now < end:
        first, troubles, soonest = stage.ledger.today, stage.office.troubles, _something(stage)
        stage.clock.move_to(min(end, next(it for it in _moments(stage) if it > stage.now and it >= soonest)))
        fine = _both(stage, stage.dice.one(stage.up()))
        if fine and _post_is_taken(stage, troubles):
            days = (stage.ledger.today - first).days
            stage.ledger.alive |= {first + timedelta(days=n) for n in range(1, days + 1)}


def _moments(stage: Stage) -> Iterator[datetime]:
    """When somebody would notice that a round was missing: after midnight, and as letters begin and cease to leave."""
    window, today = stage.house.organisation.window, stage.ledger.today
    for day in (today + timedelta(days=n) for n in count()):
        yield stage.at(day, SWEPT_AT)
        yield stage.at(day, window.opens) + MINUTE
        yield stage.at(day, window.closes) - MINUTE


def _something(stage: Stage) -> datetime:
    """The next instant at which a round has anything to do."""
    store, tries = stage.pages.service.store, stage.inspector.tries()
    wake, ripe = store.next_wake(), store.next_ripe()
    alarms = [stage.at(wake, SWEPT_AT)] if wake else []
    return min([*alarms, *tries, *([ripe] if ripe else [])], default=stage.now + 400 * DAY)


def all_rounds(stage: Stage) -> bool:
    """Whether a node with a right clock did all its work."""
    hows = [_both(stage, node) for node in stage.up()]
    return any(hows)


def _both(stage: Stage, node: Node) -> bool:
    hows = [sweep(stage, node, inspect=False)]
    if not node.dead and is_open(stage.now, stage.house.organisation):  # at night there is nothing to deliver
        hows.append(deliver(stage, node))
    return set(hows) == {"well"} and not node.wrist.wrong


def act(stage: Stage) -> str:
    """What somebody does; an errand from an old page changes nothing (P10)."""
    before, stale, crossings = stage.look(), stage.users.stale, stage.crossings
    said = stage.act()
    if stage.users.stale > stale and stage.crossings == crossings and stage.look() != before:
        raise Broken(f"P10 old errands: {said}, and yet something changed")
    return said


def fuse(stage: Stage) -> str:
    """A node, or the process for the pages, will die at one of its next commits; then it does its work."""
    commits, after = stage.dice.number(1, 9), stage.dice.chance(0.5)
    if stage.dice.chance(0.2):
        stage.pages.fuse.light(1, after=after)
        return f"pages: {act(stage)}"
    node = stage.dice.one(stage.up())
    node.fuse.light(commits, after=after)
    hows = [sweep(stage, node), "" if node.dead else deliver(stage, node)]
    return f"{node.name} is to die {'after' if after else 'before'} commit {commits}: {', '.join(filter(None, hows))}"


def weather(stage: Stage) -> str:
    stage.office.mood = stage.dice.one((FINE, FINE, ROUGH, ROUGH, AWAY))
    return ", ".join(stage.office.mood)


def absence(stage: Stage) -> str:
    """Nobody runs for hours, days or months."""
    for node in stage.nodes.values():
        node.die()
    away = timedelta(hours=stage.dice.one((5, 30, 100, 300, 700, 2000)))
    letters = frozenset(stage.look().letters)
    stage.clock.move_to(stage.now + away)
    for name in stage.nodes:
        stage.restart(name)
    accept(stage.inspector.store, stage.now, "operator")
    if away > DAY:
        stage.ledger.revive(letters)
    return f"down for {away}"


def restart(stage: Stage) -> str:
    name = stage.dice.one(sorted(stage.nodes))
    stage.restart(name)
    return name


def clock(stage: Stage) -> str:
    node = stage.dice.one(stage.up())
    node.wrist.wrong = timedelta() if node.wrist.wrong else stage.dice.one(SKEWS)
    return f"{node.name} is wrong by {node.wrist.wrong}"


def spoil(stage: Stage) -> str:
    """A row that cannot be read, a workflow or a state that is gone; or one of those is mended."""
    stage.ledger.revived = None
    if stage.ledger.spoiled and stage.dice.chance(0.6):
        return mend(stage, stage.dice.one(sorted(stage.ledger.spoiled)))
    ref, column = stage.dice.one(sorted(stage.look().cases) or [""]), stage.dice.one(sorted(SPOILT))
    if not ref:
        return "nothing is left to spoil"
    query = text(f"SELECT {column} FROM cases WHERE ref = :ref")
    with stage.inspector.store.engine.begin() as connection:
        was = connection.scalar(query, {"ref": ref})
    stage.ledger.spoiled[ref] = (column, str(was))
    _write(stage, ref, column, SPOILT[column])
    return f"{column} of {ref}"


def mend(stage: Stage, ref: str) -> str:
    column, was = stage.ledger.spoiled.pop(ref)
    _write(stage, ref, column, was)
    stage.ledger.mended[ref] = stage.ledger.today
    return f"{ref} is mended"


def _write(stage: Stage, ref: str, column: str, value: str) -> None:
    with stage.inspector.store.engine.begin() as connection:
        connection.execute(text(f"UPDATE cases SET {column} = :value WHERE ref = :ref"), {"value": value, "ref": ref})


def _awake(stage: Stage, ref: str) -> bool:
    query = text("SELECT count(*) FROM cases WHERE ref = :ref AND wake_on <= :today")
    with stage.inspector.store.engine.connect() as connection:
        return bool(connection.scalar(query, {"ref": ref, "today": stage.ledger.today}))


def register(stage: Stage) -> str:
    """Somebody leaves for good, a unit ends, an address no longer exists."""
    stage.ledger.revived = None
    what = stage.dice.one(sorted(CHANGES))
    with stage.inspector.store.begin() as tx:
        known = tx.register()
        changed, said = CHANGES[what](stage, known)
        tx.enrol(changed)
    return f"{what}: {said}"


def _leaves(stage: Stage, known: Register) -> tuple[Register, str]:
    key = stage.dice.one(sorted(known.persons))
    return replace(known, persons={**known.persons, key: replace(known.persons[key], active=False)}), key


def _ends(stage: Stage, known: Register) -> tuple[Register, str]:
    code, last = stage.dice.one(sorted(known.units)), stage.ledger.today + timedelta(days=stage.dice.number(-1, 20))
    return replace(known, units={**known.units, code: replace(known.units[code], valid_to=last)}), f"{code} on {last}"


def _bounces(stage: Stage, known: Register) -> tuple[Register, str]:
    address = stage.dice.one(sorted(unit.mailbox for unit in known.units.values() if unit.mailbox))
    stage.office.gone.add(address)
    return known, address


CHANGES: dict[str, Callable[[Stage, Register], tuple[Register, str]]] = {
    "leaves for good": _leaves,
    "ends": _ends,
    "no longer exists": _bounces,
}
STEPS: dict[Callable[[Stage], str], int] = {
    one_round: 20,
    one_sweep: 5,
    one_delivery: 5,
    wait: 12,
    day: 22,
    live: 8,
    act: 22,
    fuse: 10,
    weather: 6,
    absence: 3,
    restart: 3,
    clock: 4,
    spoil: 4,
    register: 3,
}
