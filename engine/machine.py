"""One step of a state machine, and its picture. The only file that knows `transitions`."""

from collections.abc import Iterator
from functools import lru_cache

from transitions import Machine, MachineError

from engine.errors import NoSuchMove, Unreadable
from engine.workflow import Workflow

_Moves = tuple[tuple[str, tuple[str, ...], str], ...]


class _Token:
    """Stands in a state for the length of one step. No state or move can be called `_state`."""

    __slots__ = ("_state",)

    def __init__(self, state: str) -> None:
        self._state = state

    @property
    def state(self) -> str:
        return self._state


def step(workflow: Workflow, state: str, move: str) -> str:
    """The state to which a move leads. Raises NoSuchMove, with the moves that are open, or Unreadable."""
    if state not in workflow.states:
        raise Unreadable(f"workflow {workflow.key} has no state {state!r}")
    if move not in workflow.moves:
        raise NoSuchMove(move, state, _open_moves(workflow, state))
    token = _Token(state)
    try:
        _machine(tuple(workflow.states), _moves(workflow)).events[move].trigger(token)
    except MachineError as error:
        raise NoSuchMove(move, state, _open_moves(workflow, state)) from error
    return token.state


def mermaid(workflow: Workflow, language: str) -> str:
    """A Mermaid state diagram with the labels of a language; the library's own draws bare names."""
    return "".join(f"{line}\n" for line in ("stateDiagram-v2", *_lines(workflow, language)))


def _lines(workflow: Workflow, language: str) -> Iterator[str]:
    """States go by s_NAME, for "end" and the like are words of Mermaid's own."""
    yield "    direction LR"
    for state in workflow.states.values():
        yield f'    state "{_escaped(state.label.say(language))}" as s_{state.name}'
    yield f"    [*] --> s_{workflow.initial}"
    for move in workflow.moves.values():
        for source in move.sources:
            yield f"    s_{source} --> s_{move.dest}: {_escaped(move.label.say(language))}"
    for state in workflow.states.values():
        if state.final:
            yield f"    s_{state.name} --> [*]"


def _escaped(label: str) -> str:
    """What Mermaid would read as its own becomes the number of the character."""
    return "".join(f"#{ord(sign)};" if sign in '"#;:<>{}[]\n\\' else sign for sign in label)


def _open_moves(workflow: Workflow, state: str) -> list[str]:
    return [move.name for move in workflow.moves_from(state)]


def _moves(workflow: Workflow) -> _Moves:
    return tuple((move.name, move.sources, move.dest) for move in workflow.moves.values())


@lru_cache(maxsize=64)
def _machine(states: tuple[str, ...], moves: _Moves) -> Machine:
    """Without a model of its own: every step brings a token. Built once per table of moves, for building is dear."""
    transitions = [{"trigger": name, "source": list(sources), "dest": dest} for name, sources, dest in moves]
    return Machine(
        model=None,
        states=list(states),
        initial=states[0],
        transitions=transitions,
        auto_transitions=False,
        model_attribute="_state",
    )
