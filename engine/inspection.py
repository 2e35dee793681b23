"""Once a day, and whenever the register has changed: who cannot be reached, and whether the service was away.

It looks at an index for each name that cases mention, and at the cases of those whom no letter can reach; no others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.alive import alive
from engine.calendar import day_of
from engine.case import Case
from engine.notice import Notice
from engine.overview import leaves_at
from engine.people import Organisation, Register
from engine.ports import Reader, Store, Tx
from engine.trouble import AGAIN_QUIETLY, Outage, Trouble, Why, headless, troubled, troubles, unreached

UNHEARD = "system:unheard"
KEPT_DAYS = 90  # how long a trouble that is mended is remembered
REMEMBERED = timedelta(days=180)  # how long a link that is over still says what happened, and gets one a fresh one


def inspect(store: Store, reader: Reader, organisation: Organisation, *, now: datetime) -> int:
    """How many notices came of it. One query when there is nothing to look at."""
    today = day_of(now, organisation.zone)
    inspection = reader.inspection()
    if not inspection.stale(today):
        return 0
    register, missed = reader.register(), _missed(reader, organisation, today)
    found = list(troubles(_needed(reader, register, today), register, today))
    with store.begin() as tx:
        before = tx.inspect(inspection.enrolled, today)
        if before is None:  # another node was faster
            return 0
        tx.forget_links(now - REMEMBERED)
        if missed and before.day and (today - before.day).days > 1:
            tx.add_outage(Outage(before.day, today))
        return tx.queue([*_settle(tx, found, register, now), *alive(organisation, now)])


def _missed(reader: Reader, organisation: Organisation, today: date) -> bool:
    """Whether something should have happened on an earlier day; then nobody was there to do it."""
    wake, ripe = reader.next_wake(), reader.next_ripe()
    return bool(wake and wake < today) or bool(ripe and day_of(ripe, organisation.zone) < today)


def _needed(reader: Reader, register: Register, today: date) -> Iterator[tuple[str, Why, Sequence[Case]]]:
    """Everybody who cannot be reached and whom open cases need, with those cases."""
    why = {**headless(register, today), **troubled(register, today)}
    strangers = reader.named() - {
        *(f"unit:{it}" for it in register.units),
        *(f"person:{it}" for it in register.persons),
    }
    for party in sorted(strangers):
        if said := unreached(party, register, today):
            why[party] = said
    for party, said in why.items():
        headed = [it.code for it in register.units.values() if f"person:{it.head}" == party]
        if cases := reader.needing(party, headed):
            yield party, said, cases


def _settle(tx: Tx, found: Sequence[Trouble], register: Register, now: datetime) -> Iterator[Notice]:
    """New troubles are told, old ones again when it is time, and those that are over once more."""
    today = day_of(now, register.organisation.zone)
    before = {(it.party, it.to): it for it in tx.troubles()}
    for trouble in found:
        known = before.pop((trouble.party, trouble.to), None)
        same = known is not None and known.mended_on is None and known.cause == trouble.cause
        if known and same and not known.due_again(today):
            tx.keep_trouble(replace(trouble, since=known.since, told_on=known.told_on))
            continue
        tx.keep_trouble(replace(trouble, since=known.since) if known and same else trouble)
        yield notice(trouble, "again" if same else "found", register, now)
    for over in before.values():
        if over.mended_on is None:
            tx.keep_trouble(replace(over, mended_on=today))
            yield notice(over, "mended", register, now)
        elif (today - over.mended_on).days > KEPT_DAYS:
            tx.forget_trouble(over)


def notice(trouble: Trouble, step: str, register: Register, now: datetime) -> Notice:
    """By which the digest comes in which the trouble is a line; a quiet one waits for a digest that comes anyway."""
    today = day_of(now, register.organisation.zone)
    return Notice(
        key=f"unheard|{trouble.party}|{trouble.cause}|{step}|{today}|{trouble.to}",
        ref=trouble.cases[0],
        to=trouble.to,
        role="coordinator",
        letter="digest",
        via="digest",
        rule=UNHEARD,
        step=step,
        reason=f"{trouble.party}: {trouble.cause}" + (f" ({trouble.detail})" if trouble.detail else ""),
        planned=today,
        decided_at=now,
        ripe_at=leaves_at("digest", "coordinator", trouble.to, register, now + AGAIN_QUIETLY if trouble.quiet else now),
        instead_of=trouble.party,
    )
