"""What a digest says of mail that waits for somebody to look at it, and of absences that mail tells of."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from engine.briefing import Away, Mail
from engine.calendar import day_of
from engine.case import Case
from engine.inbound import Inbound
from engine.people import Register
from engine.suggested import Suggestion

WAITS: Final = "system:tray"  # the rule of a notice by which the digest comes in which the waiting mails are lines
MOST_LISTED: Final = 20


class Tray(Protocol):
    def tray(self, *, limit: int = MOST_LISTED) -> Sequence[Inbound]: ...

    def suggestions(self) -> Sequence[Suggestion]: ...


def mails(those: Iterable[Inbound], plans: Mapping[str, Collection[Case]], register: Register) -> Iterator[Mail]:
    """Those about the plans of a digest, and those of which nobody knows what they are about."""
    refs = {case.ref for cases in plans.values() for case in cases}
    for it in those:
        if not it.ref or it.ref in refs:
            yield Mail(
                number=it.id,
                sender=it.sender,
                subject=it.subject,
                outcome=it.outcome,
                day=day_of(it.received_at, register.organisation.zone),
            )


def suggested(those: Iterable[Suggestion], register: Register) -> Iterator[Away]:
    for it in those:
        person, substitute = register.persons.get(it.person), register.persons.get(it.substitute)
        yield Away(
            number=it.id,
            name=person.name if person else it.person,
            first=it.first,
            last=it.last,
            substitute=substitute.name if substitute else it.named,
            left=it.left,
        )
