"""A workflow as a table of moves and as sentences, for whoever has to live with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from engine.text import Text
from engine.workflow import Ack, Offset, Repeat, Role, Rule, Snooze, Step, Via, Workflow
from workflows.words import CLOCKS, LETTERS, NEEDS, ROLES, each, length, listed, often, quoted, word

_BEFORE: Final = Text("før", "før", "before")
_AFTER: Final = Text("etter", "etter", "after")
_ON_THE_DAY: Final = Text("på dagen for", "på dagen for", "on the day of")
_LETTER: Final = Text("brev", "brev", "letter")
_LINE: Final = Text("linje i sammendraget", "linje i samandraget", "line in the digest")
_TO: Final = Text("til", "til", "to")
_LEVEL: Final = Text("nivå", "nivå", "level")
_THEN: Final = Text("deretter", "deretter", "then")
_EVERY_STATE: Final = Text("alle statuser", "alle statusar", "every status")
_TAG: Final = Text("merke", "merke", "tag")
_KIND: Final = Text("slag", "slag", "kind")
_PRIORITY: Final = Text("prioritet", "prioritet", "priority")
_DATED: Final = Text("bare saker med frist", "berre saker med frist", "only cases with a deadline")
_UNDATED: Final = Text("bare saker uten frist", "berre saker utan frist", "only cases without a deadline")
_ACK: Final = Text(
    "kan kvitteres: pause i inntil {length}, {often}{reason}",
    "kan kvitterast: pause i inntil {length}, {often}{reason}",
    "can be acknowledged: a pause of up to {length}, {often}{reason}",
)
_SNOOZE: Final = Text(
    "kan utsettes i inntil {length}, {often}{reason}; melding til {roles}",
    "kan utsetjast i inntil {length}, {often}{reason}; melding til {roles}",
    "can be snoozed for up to {length}, {often}{reason}; word goes to {roles}",
)
_WITH_REASON: Final = Text(", med begrunnelse", ", med grunngiving", ", with a reason")
_MOVES: Final = Text(
    "saken endres av seg selv ({move}); {told}",
    "saka blir endra av seg sjølv ({move}); {told}",
    "the case is changed by itself ({move}); {told}",
)
_INHIBITED: Final = Text(
    "tier så lenge regelen {rule} varsler på nivå {level} eller høyere",
    "teier så lenge regelen {rule} varslar på nivå {level} eller høgare",
    "keeps quiet while the rule {rule} is telling at level {level} or higher",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """One move, every word of it in the reader's language; `words` are those by which a reply asks for it."""

    name: str
    label: str
    source: str
    dest: str
    by: str
    needs: str
    words: str
    tells: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRow:
    """What may be asked for without moving the case; `takes` is what may be given beside what must."""

    name: str
    label: str
    source: str
    by: str
    needs: str
    takes: str
    words: str
    tells: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule: where it applies, and a sentence for each step, for the repeat and for every way to quiet it."""

    id: str
    applies: str
    sentences: tuple[str, ...]


def table(workflow: Workflow, language: str) -> list[MoveRow]:
    return [
        MoveRow(
            name=move.name,
            label=move.label.say(language),
            source=_states(workflow, move.sources, language),
            dest=workflow.states[move.dest].label.say(language),
            by=_roles(move.by, language),
            needs=listed([word(NEEDS, need, language) for need in move.needs], language),
            words=", ".join(move.say.get(language, ())),
            tells="; ".join(_told(it.via, it.letter, it.to, language) for it in move.tell),
        )
        for move in workflow.moves.values()
    ]


def asks(workflow: Workflow, language: str) -> list[AskRow]:
    return [
        AskRow(
            name=ask.name,
            label=ask.label.say(language),
            source=_states(workflow, ask.sources, language),
            by=_roles(ask.by, language),
            needs=listed([word(NEEDS, need, language) for need in ask.needs], language),
            takes=listed([word(NEEDS, it, language) for it in ask.takes], language),
            words=", ".join(ask.say.get(language, ())),
            tells="; ".join(_told(it.via, it.letter, it.to, language) for it in ask.tell),
        )
        for ask in workflow.asks.values()
    ]


def rules(workflow: Workflow, language: str) -> list[RuleRow]:
    return [
        RuleRow(
            id=rule.id,
            applies=_applies(workflow, rule, language),
            sentences=tuple(_sentences(workflow, rule, language)),
        )
        for rule in workflow.rules
    ]


def sentence(workflow: Workflow, rule: Rule, step: Step, language: str) -> str:
    """ "20 working days after the deadline: letter “standing still” to the coordinator (level 3)"."""
    what = _telling(step, language)
    if step.do in workflow.moves:
        move = quoted(workflow.moves[step.do].label.say(language), language)
        what = _MOVES.say(language).format(move=move, told=what)
    return f"{moment(step.at, rule.clock, language)}: {what}"


def _sentences(workflow: Workflow, rule: Rule, language: str) -> Iterator[str]:
    yield from (sentence(workflow, rule, step, language) for step in rule.steps)
    if rule.repeat:
        yield f"{_THEN.say(language)} {each(rule.repeat.every, language)}: {_telling(rule.repeat, language)}"
    if rule.ack:
        yield _ack(rule.ack, language)
    if rule.snooze:
        yield _snooze(rule.snooze, language)
    for other, level in rule.inhibited_by:
        yield _INHIBITED.say(language).format(rule=other, level=level)


def _ack(ack: Ack, language: str) -> str:
    return _ACK.say(language).format(
        length=length(ack.hold, language), often=often(ack.times, language), reason=_reason(ack, language)
    )


def _snooze(snooze: Snooze, language: str) -> str:
    return _SNOOZE.say(language).format(
        length=length(snooze.longest, language),
        often=often(snooze.times, language),
        reason=_reason(snooze, language),
        roles=_roles(snooze.tell, language),
    )


def _reason(pause: Ack | Snooze, language: str) -> str:
    return _WITH_REASON.say(language) if "reason" in pause.needs else ""


def moment(at: Offset, clock: str, language: str) -> str:
    """ "20 working days after the deadline"."""
    of = word(CLOCKS, clock, language)
    if at.count == 0:
        return f"{_ON_THE_DAY.say(language)} {of}"
    return f"{length(at, language)} {(_BEFORE if at.count < 0 else _AFTER).say(language)} {of}"


def _telling(it: Step | Repeat, language: str) -> str:
    level = f" ({_LEVEL.say(language)} {it.level})" if it.level else ""
    return _told(it.via, it.letter, it.tell, language) + level


def _told(via: Via, letter: str, roles: Iterable[Role], language: str) -> str:
    how = (_LINE if via == "digest" else _LETTER).say(language)
    named = quoted(word(LETTERS, letter, language), language)
    return f"{how} {named} {_TO.say(language)} {_roles(roles, language)}"


def _roles(roles: Iterable[Role], language: str) -> str:
    return listed([word(ROLES, role, language) for role in roles], language)


def _states(workflow: Workflow, states: Iterable[str], language: str) -> str:
    return ", ".join(workflow.states[state].label.say(language) for state in states)


def _applies(workflow: Workflow, rule: Rule, language: str) -> str:
    """The states in the order of the file, and what else narrows the rule down."""
    named = [state for state in workflow.states if state in rule.when.state]
    parts = [_states(workflow, named, language) or _EVERY_STATE.say(language)]
    for noun, values in ((_KIND, rule.when.kind), (_TAG, rule.when.tag), (_PRIORITY, rule.when.priority)):
        if values:
            parts.append(f"{noun.say(language)}: {', '.join(sorted(values))}")
    if rule.when.dated is not None:
        parts.append((_DATED if rule.when.dated else _UNDATED).say(language))
    return "; ".join(parts)
