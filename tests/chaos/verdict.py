"""Lost, extra, wrong: what the mail server has accepted, beside what must have been told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

from engine.case import Case, Event, Ruling
from engine.notice import Letter, Notice
from engine.simulation import Opening
from notifications.packing import parcel_id
from notifications.settling import MOST_UNSETTLED
from store.sql import SqlStore
from tests.chaos.oracle import Oracle, Past, Seen
from tests.chaos.post_office import Accepted

ALL = 1_000_000
SAME = ("state", "owner", "coordinator", "due", "due_version", "entered_on", "entered_seq", "activity_on")


@dataclass
class Verdict:
    """`lost`: news that must have arrived and is in no accepted mail, decisions and errands that are not there.
    `extra`: accepted copies of a mail beyond the first. `wrong`: everything else that must not be."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    extra: int = 0
    unanswered: int = 0  # letters the server took without saying so; each of them costs an extra copy
    mails: int = 0
    news: int = 0
    errands: int = 0

    @property
    def good(self) -> bool:
        return not self.lost and not self.wrong


@dataclass(frozen=True)
class Court:
    store: SqlStore
    oracle: Oracle
    openings: Sequence[Opening]

    def judge(self, accepted: Sequence[Accepted], confirmed: Sequence[int], *, kills: int, sends: int) -> Verdict:
        """`sends` of the kills hit while a letter was under way: then others may have arrived and not been noted."""
        letters = {it.message_id: self.store.letter(it.id) for it in self.store.letters(limit=ALL)}
        copies: dict[str, list[Accepted]] = {}
        for it in accepted:
            copies.setdefault(_message_id(it), []).append(it)
        verdict = Verdict(mails=len(copies), extra=len(accepted) - len(copies))
        verdict.unanswered = sum(it.dropped for it in accepted)
        if verdict.extra > kills + sends * (MOST_UNSETTLED - 1) + verdict.unanswered:
            verdict.wrong.append(f"{verdict.extra} copies are more than the kills and the server's moods explain")
        verdict.wrong += _faulty_mails(copies, letters)
        verdict.wrong += self._faulty_parcels(letters)
        verdict.wrong += self.store.broken_chains()
        self._judge_cases(verdict, self._arrived(copies, letters))
        self._judge_errands(verdict, confirmed)
        return verdict

    def _arrived(self, copies: dict[str, list[Accepted]], letters: dict[str, Letter]) -> frozenset[str]:
        """The keys of all news in accepted mails."""
        ids = [letters[message_id].id for message_id in copies if message_id in letters]
        return frozenset(it.key for notices in self.store.notices_in(ids).values() for it in notices)

    def _faulty_parcels(self, letters: dict[str, Letter]) -> Iterator[str]:
        """What was packed once stays in that letter, and every letter has left."""
        inside = self.store.notices_in([it.id for it in letters.values()])
        for letter in letters.values():
            if parcel_id([it.key for it in inside.get(letter.id, ())]) != letter.id:
                yield f"letter {letter.id} does not hold any more what it was packed with"
            if letter.status != "sent":
                yield f"letter {letter.id} is {letter.status}: {letter.last_reply}"

    def _judge_cases(self, verdict: Verdict, arrived: frozenset[str]) -> None:
        occurrences = self.store.occurrences([it.case.ref for it in self.openings])
        for opening in self.openings:
            ref = opening.case.ref
            seen = Counter(Ruling(it.rule, it.step, it.key, it.outcome, it.level) for it in occurrences.get(ref, ()))
            verdict.wrong += [f"{ref}: decided {count} times: {it}" for it, count in seen.items() if count > 1]
            events, queued = self.store.history(ref)[opening.events :], {it.key: it for it in self.store.notices(ref)}
            decided = frozenset((it.rule, it.step, it.key) for it in seen)
            case, pasts = self.oracle.pasts(opening, events, Seen(decided, frozenset(queued)))
            past = min(pasts, key=lambda it: len(it.rulings ^ seen.keys()) + len(it.keys ^ queued.keys()))
            verdict.lost += [f"{ref}: never decided: {it}" for it in past.rulings - seen.keys()]
            verdict.wrong += [f"{ref}: should not have been decided: {it}" for it in seen.keys() - past.rulings]
            verdict.wrong += _differences(case, self.store.case(ref), self.oracle)
            _judge_news(verdict, past, events, queued, arrived)

    def _judge_errands(self, verdict: Verdict, confirmed: Sequence[int]) -> None:
        said = Counter(
            event.text.split(" to ")[0]
            for opening in self.openings
            for event in self.store.history(opening.case.ref)
            if event.text.startswith("errand ")
        )
        verdict.errands = said.total()
        verdict.lost += [f"errand {it} was confirmed and is gone" for it in confirmed if not said[f"errand {it}"]]
        verdict.wrong += [f"{text} was done {count} times" for text, count in said.items() if count > 1]


def _judge_news(
    verdict: Verdict, past: Past, events: Sequence[Event], queued: Mapping[str, Notice], arrived: frozenset[str]
) -> None:
    verdict.news += len(past.keys)
    for key in sorted(past.keys - arrived):
        if key not in queued:
            verdict.lost.append(f"{key}: never queued")
        elif not _lapsed(queued[key], events):
            verdict.lost.append(f"{key}: in no mail that was accepted")
    verdict.wrong += [f"{key}: told without reason" for key in sorted(queued.keys() - past.keys)]


def _faulty_mails(copies: dict[str, list[Accepted]], letters: dict[str, Letter]) -> Iterator[str]:
    """A copy is the same bytes to the same person under the same Message-ID, and the ones the database has."""
    for message_id, mails in copies.items():
        letter = letters.get(message_id)
        if letter is None:
            yield f"mail {message_id} to {mails[0].recipient} comes from no letter"
        elif {(it.recipient, _plain(it.raw)) for it in mails} != {(letter.address, _plain(letter.raw or b""))}:
            yield f"mail {message_id} is not the letter that was written"


def _plain(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").rstrip(b"\n")


def _message_id(mail: Accepted) -> str:
    return str(BytesHeaderParser().parsebytes(mail.raw)["Message-ID"])


def _lapsed(notice: Notice, events: Sequence[Event]) -> bool:
    """A rule's news about a state the case has left before the mail could leave."""
    by_rule = ":" not in notice.rule
    return by_rule and any(it.source == notice.state != it.dest and it.at >= notice.decided_at for it in events)


def _differences(case: Case, stored: Case, oracle: Oracle) -> Iterator[str]:
    """The case is what its history says, and nothing is left to be done about it."""
    for name in SAME:
        if getattr(case, name) != getattr(stored, name):
            yield f"{stored.ref}: {name} is {getattr(stored, name)}, and its history says {getattr(case, name)}"
    if stored.wake_on and stored.wake_on <= oracle.until:
        yield f"{stored.ref}: still waits to be looked at since {stored.wake_on}"
