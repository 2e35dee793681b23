"""What happened to a case, newest first: events, mails, and mails that were not sent, each with who, how and why."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from engine.calendar import day_of
from engine.case import Event, Occurrence
from engine.link import REVOKE
from engine.notice import Notice
from engine.ports import Reader
from engine.replan import COME_PAST
from web.standing import Scene, Standing, addressees, roles_of_step
from web.views import FeedLine
from web.words import letter_words, move_words, outcome_words, through_words, why_words

MOST_LETTERS = 5_000  # about one case, in as many years as there are working days in twenty


def feed(scene: Scene, reader: Reader, standing: Standing, history: Sequence[Event]) -> tuple[FeedLine, ...]:
    ref = standing.case.ref
    letters = [letter.id for letter in reader.letters(ref=ref, limit=MOST_LETTERS)]
    if scene.plans is not None:  # a letter that also speaks of another plan is told of, and not opened
        shown = {letter.id for letter in reader.letters(ref=ref, limit=MOST_LETTERS, plans=scene.plans)}
    else:
        shown = set(letters)
    carried = {notice.key: id for id, notices in reader.notices_in(letters).items() for notice in notices}
    lines = [
        *_events(scene, standing, history),
        *_once(_mails(scene, standing, reader.notices(ref), carried, shown)),
        *_silences(scene, standing),
    ]
    return tuple(_folded(sorted(lines, key=lambda line: line.sort, reverse=True)))


def _once(mails: Iterable[FeedLine]) -> Iterable[FeedLine]:
    """Two rules that said the same to the same people at the same moment are one line with both reasons."""
    alike: dict[tuple[object, ...], list[FeedLine]] = {}
    for mail in mails:
        alike.setdefault((mail.sort, mail.what, mail.who, mail.letter_id, mail.text), []).append(mail)
    return (replace(same[0], how="; ".join(dict.fromkeys(it.how for it in same))) for same in alike.values())


def _folded(lines: Iterable[FeedLine]) -> Iterable[FeedLine]:
    """Between two events, three or more of the same mail to the same people become one line, the others inside."""
    for is_event, run in groupby(lines, key=lambda line: line.kind == "event"):
        block = list(run)
        yield from block if is_event else _folded_mails(block)


def _folded_mails(lines: Iterable[FeedLine]) -> Iterable[FeedLine]:
    alike: dict[tuple[str, ...], list[FeedLine]] = {}
    for line in lines:
        alike.setdefault((line.kind, line.what, line.who), []).append(line)
    few = [line for same in alike.values() if len(same) < 3 for line in same]
    many = [replace(same[0], earlier=tuple(same[1:])) for same in alike.values() if len(same) >= 3]
    return sorted([*few, *many], key=lambda line: line.sort, reverse=True)


def _events(scene: Scene, standing: Standing, history: Sequence[Event]) -> Iterable[FeedLine]:
    workflow = scene.workflow(standing.case)
    for event in history:
        who = _who(scene, event.by)
        if event.for_whom and event.for_whom != event.by:
            who = scene.tongue.say("%(who)s for %(other)s", who=who, other=scene.name(event.for_whom))
        yield FeedLine(
            sort=(event.at.isoformat(), event.seq),
            kind="event",
            when=_when(scene, event.at),
            what=_whose(scene, event, _what(scene, event, move_words(scene.tongue, workflow, event.move))),
            who=who,
            how=through_words(scene.tongue, event.through),
            text=event.text,
        )


def _what(scene: Scene, event: Event, move: str) -> str:
    """The move, and the state it led to when that is another one."""
    if not event.dest or event.dest == event.source:
        return move
    states = scene.workflows.by_key
    labels = [flow.states[event.dest].label for flow in states.values() if event.dest in flow.states]
    return f"{move} → {scene.tongue.text(labels[0])}" if labels else move


def _whose(scene: Scene, event: Event, what: str) -> str:
    """Links are taken back from somebody."""
    return f"{what}: {scene.name(event.facts['holder'])}" if event.move == REVOKE else what


def _who(scene: Scene, by: str) -> str:
    return "Tiltak" if by == "system" or by.startswith("rule:") else scene.name(by)


def _when(scene: Scene, at: datetime) -> str:
    return scene.tongue.moment(at, scene.register.organisation.zone)


def _mails(
    scene: Scene, standing: Standing, notices: Sequence[Notice], carried: dict[str, str], shown: Collection[str]
) -> Iterable[FeedLine]:
    tongue, workflow = scene.tongue, scene.workflow(standing.case)
    for notice in notices:
        what = tongue.say("In the digest: %(letter)s", letter=letter_words(tongue, notice.letter))
        if notice.via == "now":
            what = tongue.say("E-mail: %(letter)s", letter=letter_words(tongue, notice.letter))
        if notice.letter == "digest":
            what = tongue.say("In the digest")
        waiting = "" if notice.key in carried else tongue.say("waits to be sent")
        yield FeedLine(
            sort=(notice.decided_at.isoformat(), 1_000_000),
            kind="mail",
            when=_when(scene, notice.decided_at),
            what=what,
            who=tongue.say("to %(who)s", who=scene.name(notice.to)),
            how=why_words(tongue, workflow, notice.rule, notice.step),
            text=waiting,
            letter_id=carried[notice.key] if carried.get(notice.key) in shown else "",
        )


def _silences(scene: Scene, standing: Standing) -> Iterable[FeedLine]:
    for it in standing.occurrences:
        if it.outcome not in ("sent", "digest", "moved") and it.reason != COME_PAST:  # the change of rules is a line
            yield _silence(scene, standing, it)


def _silence(scene: Scene, standing: Standing, occurrence: Occurrence) -> FeedLine:
    tongue, workflow = scene.tongue, scene.workflow(standing.case)
    meant = addressees(tongue, roles_of_step(workflow, occurrence.rule, occurrence.step))
    planned = tongue.say("planned for %(day)s", day=tongue.day(occurrence.planned))
    late = day_of(occurrence.decided_at, scene.register.organisation.zone) != occurrence.planned
    return FeedLine(
        sort=(occurrence.decided_at.isoformat(), 2_000_000),
        kind="silence",
        when=_when(scene, occurrence.decided_at),
        what=outcome_words(tongue, occurrence.outcome),
        who=tongue.say("to %(who)s", who=meant) if meant else "",
        how=why_words(tongue, workflow, occurrence.rule, occurrence.step),
        text=planned if late else "",
    )
