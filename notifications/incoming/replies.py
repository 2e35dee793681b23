"""What a person writes: matched with the cases of a letter, believed or held, done, and answered once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from engine import act
from engine.absent import note
from engine.answered import Answered
from engine.answering import COMMENT, answer
from engine.calendar import day_of
from engine.case import Case, Errand
from engine.errors import Incomplete, NoSuchMove, NotFound, NotYours, Refused
from engine.inbound import ANSWERED, Inbound
from engine.inbox import Inbox, InboxTx
from engine.inside import Inside
from engine.link import Link, Shown
from engine.pass_on import pass_on
from engine.people import Absence, Register
from engine.roles import name_of
from engine.text import LANGUAGES
from engine.workflow import Workflows
from notifications.incoming.answers import Answers
from notifications.incoming.enclosed import enclosed
from notifications.incoming.identity import Gate, Writer, domains_of, writer
from notifications.incoming.matching import Links, matched, meant, shown_in
from notifications.incoming.telling import alarm
from notifications.reading.commands import ABSENCE
from notifications.reading.facts import Own, Reading

A_WHILE, A_DAY = timedelta(minutes=10), timedelta(days=1)
MOST_LETTERS, MOST_ANSWERS, MOST_COMMENTS = 5, 3, 20  # to one address in a while, to one person in a day
PASSED_ON: Final = "pass_on"  # how the reader calls a wish to give the case to a colleague
NOT_OURS: Final = "not_ours"  # the ask behind which somebody may name the unit that has it
SUBSTITUTE: Final = re.compile(r"(?:vikar|stedfortreder|stadfortredar|substitute)\b[\s:]*([^\n]+)", re.IGNORECASE)
CONFIRMED: Final = ("stranger", "sender", "unproven")  # doubts of which the owner of the reply address is told


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail being dealt with: what it is, what it says, and the transaction it all happens in."""

    tx: InboxTx
    kept: Inbound
    reading: Reading
    register: Register
    now: datetime

    def became(self, outcome: str, who: Writer, ref: str = "") -> Inbound:
        return replace(self.kept, outcome=outcome, party=who.party, ref=ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replying:
    inbox: Inbox
    links: Links
    workflows: Workflows
    own: Own
    gate: Gate
    sender: str

    def matched(self, mails: Sequence[tuple[Inbound, Reading]]) -> Mapping[int, Link]:
        return matched(mails, self.links, self.own)

    def deal(
        self, tx: InboxTx, kept: Inbound, reading: Reading, link: Link | None, register: Register, now: datetime
    ) -> Inbound:
        if link is None:
            return replace(kept, state="unmatched", outcome="no case", error="it answers no letter of ours")
        only = link.cases[0].ref if len(link.cases) == 1 else ""
        mail = Mail(tx, replace(kept, letter=link.letter, ref=only), reading, register, now)
        gate = replace(self.gate, domains=domains_of(register, self.sender))
        who = writer(reading.envelope, link.party, gate, register, day_of(now, register.organisation.zone))
        if who.doubt:
            return self._hold(mail, link, who, who.doubt)
        if not link.good(now):
            return self._hold(mail, link, who, "expired")
        return self._do(mail, link, replace(who, for_whom=who.for_whom or link.for_whom))

    def _hold(self, mail: Mail, link: Link, who: Writer, why: str) -> Inbound:
        """Kept for the coordinator; the one who owns the reply address is asked where that can be."""
        shown = meant(link, mail.reading)
        if why in CONFIRMED and not self._too_many(link.party, mail):
            author = mail.reading.envelope.author
            Answers(mail.tx, mail.register, mail.now).confirm(
                link.party, shown.ref, author.address if author else "", mail.kept
            )
        return replace(mail.became(why, who, shown.ref), state="held")

    def _do(self, mail: Mail, link: Link, who: Writer) -> Inbound:
        reading = mail.reading
        if reading.command == ABSENCE:
            return self._away(mail, who, link.cases[0].ref)
        shown = shown_in(link, reading)
        if self._braked(mail, who):
            return replace(mail.became("brake", who, shown.ref if shown else ""), state="held")
        if shown is None:
            which = ", ".join(it.number or it.ref for it in link.cases)
            return self._unclear(mail, who, link.cases[0].ref, "which", which, "asked", state="held")
        if locked := sorted(reading.flags & {"encrypted", "opaque"}):
            return self._unclear(mail, who, shown.ref, locked[0], "", "refused", state="held")
        if not (reading.reply or reading.attachments):
            return self._unclear(mail, who, shown.ref, "empty", "", "asked")
        return self._answered(mail, who, shown)

    def _answered(self, mail: Mail, who: Writer, shown: Shown) -> Inbound:
        errand = self._errand(mail, who, shown)
        try:
            found = self._done(mail, errand)
        except Incomplete as error:
            self._keep_words(mail, errand)
            return self._unclear(mail, who, shown.ref, "missing", ",".join(error.missing), "more needed")
        except (Refused, NotFound) as error:
            self._keep_words(mail, errand)
            return self._unclear(mail, who, shown.ref, _refusal(error), "", "refused")
        return self._told(mail, who, errand, found)

    def _done(self, mail: Mail, errand: Errand) -> Answered:
        argument, inside = mail.reading.argument, Inside(mail.tx)
        if mail.reading.command == PASSED_ON and argument:
            said = replace(errand, text=mail.reading.statement)
            return pass_on(inside, self.workflows, said, to=argument.person, now=mail.now)
        return answer(inside, self.workflows, errand, now=mail.now)

    def _told(self, mail: Mail, who: Writer, errand: Errand, found: Answered) -> Inbound:
        """A receipt was queued with the deed; who asks again, or too late, hears what happened instead."""
        if found.outcome == "done":
            return mail.became("comment" if found.event.move == COMMENT else "done", who, errand.ref)
        answers = Answers(mail.tx, mail.register, mail.now)
        if found.outcome == "late":
            self._keep_words(mail, errand)
            if found.event.by == who.party:  # what came between was their own doing
                return self._unclear(mail, who, errand.ref, "no_move", "", "refused")
            by = name_of(found.event.for_whom or found.event.by, mail.register)
            answers.unclear(who.party, errand.ref, "late", by.say(mail.register.organisation.language), mail.kept)
        else:
            answers.again(found.event, found.case, mail.kept)
        return mail.became(found.outcome, who, errand.ref)

    def _errand(self, mail: Mail, who: Writer, shown: Shown) -> Errand:
        reading = mail.reading
        move = self._move(reading, mail.tx.case(shown.ref)) if reading.commands else COMMENT
        argument = reading.argument
        return Errand(
            ref=shown.ref,
            move=move,
            by=who.party,
            for_whom=who.for_whom,
            known=shown.known if move != COMMENT else None,
            text=reading.statement if move != COMMENT else reading.reply,
            due=argument.day if argument else None,
            owner=_unit(argument.written, mail.register) if argument and move == NOT_OURS else "",
            through="mail",
            documents=enclosed(reading).documents,
        )

    def _move(self, reading: Reading, case: Case) -> str:
        """Of the moves that the words may stand for, the one that is open; a comment when they stand for none here."""
        workflow = self.workflows[case.workflow]
        known = [it for it in reading.commands if it in workflow.moves or it in workflow.asks]
        here = {
            *(it.name for it in workflow.moves_from(case.state)),
            *(it.name for it in workflow.asks_from(case.state)),
        }
        return next((it for it in known if it in here), known[0] if known else COMMENT)

    def _keep_words(self, mail: Mail, errand: Errand) -> None:
        """What was said stays on record, though what was asked for could not be done."""
        words = replace(errand, move=COMMENT, known=None, text=mail.reading.reply, owner="", due=None)
        if words.text.strip():
            act.comment(Inside(mail.tx), self.workflows, words, now=mail.now)

    def _away(self, mail: Mail, who: Writer, ref: str) -> Inbound:
        """A person says that they are away, and may name who stands in."""
        party, argument = who.for_whom or who.party, mail.reading.argument
        person = party.removeprefix("person:") if party.startswith("person:") else ""
        found = SUBSTITUTE.match(mail.reading.statement)
        named = (argument.person if argument else "") or (found[1].strip(" .") if found else "")
        keys = _persons(named, mail.register)
        if not person or argument is None or argument.day is None or (named and not keys):
            return self._unclear(mail, who, ref, "absence", named, "more needed")
        absence = Absence(person=person, first=argument.day, last=argument.until, substitute=keys[0] if keys else "")
        try:
            with mail.tx.savepoint():
                note(mail.tx, absence)
        except (Refused, NotFound):
            return self._unclear(mail, who, ref, "absence", named, "more needed")
        Answers(mail.tx, mail.register, mail.now).unclear(who.party, ref, "away", _period(absence), mail.kept)
        return mail.became("absence", who, ref)

    def _unclear(
        self, mail: Mail, who: Writer, ref: str, code: str, detail: str, outcome: str, *, state: str = "leased"
    ) -> Inbound:
        Answers(mail.tx, mail.register, mail.now).unclear(who.party, ref, code, detail, mail.kept)
        return replace(mail.became(outcome, who, ref), state=state)  # type: ignore[arg-type]

    def _braked(self, mail: Mail, who: Writer) -> bool:
        """Whether so much goes to and fro that it may be two machines; a command is done all the same."""
        if mail.reading.command:
            return False
        day = mail.now - A_DAY
        answered = mail.tx.outcomes(who.party, ANSWERED, day) >= MOST_ANSWERS
        talks = mail.tx.outcomes(who.party, ("comment",), day) >= MOST_COMMENTS
        return self._too_many(who.party, mail) or self._alarmed(answered or talks, who.party, mail)

    def _too_many(self, party: str, mail: Mail) -> bool:
        return self._alarmed(self.inbox.written_to(party, mail.now - A_WHILE) > MOST_LETTERS, party, mail)

    def _alarmed(self, is_so: bool, party: str, mail: Mail) -> bool:
        if is_so:
            mail.tx.tell([alarm("brake", party, f"{party}: {mail.kept.sender}", mail.register, mail.now)])
        return is_so


def _refusal(error: Exception) -> str:
    match error:
        case NotYours():
            return "not_yours"
        case NoSuchMove():
            return "no_move"
        case _:
            return "refused"


def _unit(name: str, register: Register) -> str:
    """The code of the unit that somebody names by code, name or mailbox; "" where there is none such."""
    wanted = name.strip(" .").casefold()
    for unit in register.units.values():
        names = (unit.code, unit.mailbox, *(unit.name.say(it) for it in LANGUAGES))
        if wanted in {it.casefold() for it in names}:
            return unit.code
    return ""


def _persons(name: str, register: Register) -> list[str]:
    """The keys of those who are called so, or write from this address."""
    wanted = name.strip().casefold()
    here = (it for it in register.persons.values() if it.active and wanted)
    return [it.key for it in here if wanted in (it.key.casefold(), it.name.casefold(), *it.writes_from)]


def _period(absence: Absence) -> str:
    return f"{absence.first}–{absence.last or ''}"
