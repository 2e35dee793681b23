"""Writing letters: what several speak of is read at once, each is rendered once, and all are stored together."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.briefing import Briefing
from engine.notice import Finished, Letter, Parcel
from engine.ports import Clock, Outbox
from notifications.entries import entries
from notifications.letters import write
from notifications.links import Linking
from notifications.message import Envelope, Stamp, assemble

log = logging.getLogger("tiltak.writing")
Brief = Callable[[Parcel], Briefing]


@dataclass(frozen=True, slots=True)
class Writing:
    """`briefs` reads what some parcels speak of, and then says what each letter may say."""

    outbox: Outbox
    briefs: Callable[[Sequence[Parcel]], Brief]
    clock: Clock
    stamp: Stamp
    linking: Linking = field(default_factory=Linking)

    def write(self, letters: Sequence[Letter]) -> Mapping[str, bytes | Exception]:
        """The bytes of each letter by its id, or why it cannot be written.

        One that was written before stays as it is; another sender's bytes win if it was faster.
        """
        done: dict[str, bytes | Exception] = {it.id: it.raw for it in letters if it.raw}
        blank = [it for it in letters if not it.raw]
        try:
            return done | self._finish(blank) if blank else done
        except Exception as error:
            if len(blank) == 1:
                log.exception("letter %s cannot be written", blank[0].id)
                return done | {blank[0].id: error}
        for it in blank:  # whose fault it is shows when each is written alone
            done |= self.write([it])
        return done

    def _finish(self, letters: Sequence[Letter]) -> dict[str, bytes | Exception]:
        parcels = self.outbox.parcels([it.id for it in letters])
        brief = self.briefs(list(parcels.values()))
        return dict(self.outbox.write([self._render(it, parcels[it.id], brief) for it in letters]))

    def _render(self, letter: Letter, parcel: Parcel, brief: Brief) -> Finished:
        briefing, links = self.linking.furnish(brief(parcel), self.clock.now())
        written = write(briefing)
        envelope = Envelope(
            to=letter.address,
            to_name=parcel.to.name.say(briefing.language),
            reply_to=briefing.reply_to,
            message_id=letter.message_id,
            date=self.clock.now(),
            language=briefing.language,
            thread=thread(parcel),
            unsubscribe=briefing.rhythm_url if parcel.kind == "digest" else "",
        )
        enclosed = entries(
            briefing,
            host=self.stamp.host,
            sender=self.stamp.sender,
            sender_name=self.stamp.sender_name,
            at=envelope.date,
        )
        raw = assemble(written, self.stamp, envelope, enclosed)
        return Finished(id=letter.id, raw=raw, subject=written.subject, links=tuple(links))


def thread(parcel: Parcel) -> str:
    """A letter about one case belongs to that case's thread. What speaks of several stands alone: the next overview
    takes its place, and an anchor for each case would tie all their threads into one."""
    refs = {notice.ref for notice in parcel.notices}
    return refs.pop() if len(refs) == 1 and parcel.kind in ("letter", "receipt") else ""
