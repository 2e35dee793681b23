"""A question to whoever runs the service, when its clock is doubted: the one letter that leaves all the same."""

from engine.calendar import day_of
from engine.health import Ailment
from engine.notice import Notice, Packing, Parcel
from engine.ports import Outbox, Reader, Store
from engine.roles import OPERATOR, recipient
from notifications.packing import parcel_id


def pack_doubt(store: Store, outbox: Outbox, reader: Reader, doubt: Ailment, *, host: str) -> None:
    """One parcel for each leap of the clock, however often this is asked."""
    register, at = reader.register(), doubt.at
    to = recipient(OPERATOR, register, day_of(at, register.organisation.zone)) if at else None
    if at is None or to is None:
        return
    zone = register.organisation.zone
    notice = Notice(
        key=f"operator|clock|{(doubt.swept or at):%Y-%m-%dT%H:%M}",
        ref="",
        to=OPERATOR,
        role="operator",
        letter="clock",
        via="now",
        rule="system:clock",
        reason=str(doubt),
        planned=day_of(doubt.swept or at, zone),
        decided_at=at,
        ripe_at=at,
    )
    with store.begin() as tx:
        tx.queue([notice])
    parcel = Parcel(id=parcel_id([notice.key]), to=to, kind="letter", notices=(notice,), packed_at=at)
    outbox.pack([Packing(parcel=parcel, message_id=f"<t.{parcel.id}@{host}>")])
