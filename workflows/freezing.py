"""A file that has been read becomes the engine's frozen nouns."""

from collections.abc import Iterable, Mapping
from typing import cast

from engine.text import LANGUAGES, Text
from engine.workflow import Ack, Ask, Guard, Move, Repeat, Role, Rule, Snooze, State, Step, Telling, When, Workflow
from workflows.language import (
    AckEntry,
    AskEntry,
    LabelEntry,
    MoveEntry,
    RepeatEntry,
    RuleEntry,
    SayEntry,
    SnoozeEntry,
    StepEntry,
    TellingEntry,
    WhenEntry,
    WorkflowEntry,
)


def freeze(entry: WorkflowEntry) -> Workflow:
    return Workflow(
        name=entry.workflow,
        version=entry.version,
        label=_text(entry.label),
        initial=entry.initial,
        states={name: State(name=name, label=_text(it.label), final=it.final) for name, it in entry.states.items()},
        moves={name: _move(name, it) for name, it in entry.moves.items()},
        asks={name: _ask(name, it) for name, it in entry.asks.items()},
        rules=tuple(_rule(it, entry.moves) for it in entry.rules),
        guard=Guard(watcher=entry.guard.watcher, max_silence=entry.guard.max_silence),
        catch_up=entry.catch_up,
    )


def _text(label: LabelEntry) -> Text:
    return Text(nb=label.nb, nn=label.nn, en=label.en)


def _move(name: str, entry: MoveEntry) -> Move:
    return Move(
        name=name,
        sources=tuple(entry.sources),
        dest=entry.to,
        by=tuple(entry.by),
        label=_text(entry.label),
        choice=_text(entry.choice) if entry.choice else None,
        needs=tuple(entry.needs),
        say=_say(entry.say) if entry.say else {},
        tell=_tellings(entry.tell),
    )


def _ask(name: str, entry: AskEntry) -> Ask:
    return Ask(
        name=name,
        sources=tuple(entry.sources),
        by=tuple(entry.by),
        label=_text(entry.label),
        needs=tuple(entry.needs),
        takes=tuple(entry.takes),
        say=_say(entry.say) if entry.say else {},
        tell=_tellings(entry.tell),
    )


def _tellings(entries: Iterable[TellingEntry]) -> tuple[Telling, ...]:
    return tuple(Telling(to=tuple(it.to), letter=it.letter, via=it.via) for it in entries)


def _say(entry: SayEntry) -> dict[str, tuple[str, ...]]:
    return {language: tuple(getattr(entry, language)) for language in LANGUAGES}


def _rule(entry: RuleEntry, moves: Mapping[str, MoveEntry]) -> Rule:
    steps = tuple(_step(number, it, moves) for number, it in enumerate(entry.steps, 1))
    return Rule(
        id=entry.id,
        when=_when(entry.when),
        clock=entry.clock,
        steps=steps,
        repeat=_repeat(entry.repeat, steps[-1]) if entry.repeat else None,
        ack=_ack(entry.ack) if entry.ack else None,
        snooze=_snooze(entry.snooze) if entry.snooze else None,
        inhibited_by=tuple(entry.inhibited_by),
    )


def _when(entry: WhenEntry) -> When:
    return When(
        state=frozenset(entry.state),
        kind=frozenset(entry.kind),
        tag=frozenset(entry.tag),
        priority=frozenset(entry.priority),
        dated=entry.dated,
    )


def _step(number: int, entry: StepEntry, moves: Mapping[str, MoveEntry]) -> Step:
    if entry.do:
        return _moving(number, entry, entry.do, moves)
    tell, letter, via = tuple(entry.tell or ()), entry.letter or "", entry.via or "now"
    return Step(name=str(number), at=entry.at, tell=tell, letter=letter, via=via, level=entry.level)


def _moving(number: int, entry: StepEntry, move: str, moves: Mapping[str, MoveEntry]) -> Step:
    """A step that makes a move tells what the move tells, and the coordinator, whose digest lists every move."""
    tellings = moves[move].tell if move in moves else []
    first = tellings[0] if tellings else TellingEntry(to=["coordinator"], letter="digest", via="digest")
    tell = dict.fromkeys([*(role for it in tellings for role in it.to), "coordinator"])
    return Step(
        name=str(number),
        at=entry.at,
        tell=cast("tuple[Role, ...]", tuple(tell)),
        letter=first.letter,
        via=first.via,
        level=entry.level,
        do=move,
    )


def _repeat(entry: RepeatEntry, last: Step) -> Repeat:
    return Repeat(
        every=entry.every,
        tell=tuple(entry.tell),
        letter=entry.letter or last.letter,
        via=entry.via,
        level=entry.level,
    )


def _ack(entry: AckEntry) -> Ack:
    return Ack(hold=entry.hold, times=entry.times, needs=tuple(entry.needs))


def _snooze(entry: SnoozeEntry) -> Snooze:
    return Snooze(longest=entry.longest, times=entry.times, needs=tuple(entry.needs), tell=tuple(entry.tell))
