"""A file that has been read becomes the engine's frozen nouns."""

from collections.abc import Iterable

from engine.text import LANGUAGES, Text
from engine.workflow import Ack, Guard, Move, Repeat, Rule, Snooze, State, Step, Telling, When, Workflow
from workflows.language import (
    AckEntry,
    LabelEntry,
    MoveEntry,
    RepeatEntry,
    RuleEntry,
    SayEntry,
    SnoozeEntry,
    StepEntry,
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
        rules=tuple(_rule(it) for it in entry.rules),
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
        needs=tuple(entry.needs),
        say=_say(entry.say) if entry.say else {},
        tell=tuple(Telling(to=tuple(it.to), letter=it.letter, via=it.via) for it in entry.tell),
    )


def _say(entry: SayEntry) -> dict[str, tuple[str, ...]]:
    return {language: tuple(getattr(entry, language)) for language in LANGUAGES}


def _rule(entry: RuleEntry) -> Rule:
    steps = tuple(_steps(entry.steps))
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


def _steps(entries: Iterable[StepEntry]) -> Iterable[Step]:
    for number, it in enumerate(entries, 1):
        yield Step(name=str(number), at=it.at, tell=tuple(it.tell), letter=it.letter, via=it.via, level=it.level)


def _repeat(entry: RepeatEntry, last: Step) -> Repeat:
    return Repeat(
        every=entry.every,
        tell=tuple(entry.tell),
        letter=entry.letter or last.letter,
        via=entry.via,
        level=entry.level,
    )


def _ack(entry: AckEntry) -> Ack:
    return Ack(hold=entry.hold, times=entry.times)


def _snooze(entry: SnoozeEntry) -> Snooze:
    return Snooze(longest=entry.longest, times=entry.times, needs=tuple(entry.needs), tell=tuple(entry.tell))
