"""The machine agrees with the table of moves, for every state and every move."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NoSuchMove, Unreadable
from engine.machine import mermaid, step
from engine.text import Text
from engine.workflow import Guard, Move, Offset, State, Workflow

NAMES = st.sampled_from(["a", "b", "c", "state", "trigger", "model", "initial", "end"])


def flow(states: list[str], moves: dict[str, tuple[tuple[str, ...], str]], label: str = "word") -> Workflow:
    text = Text.same(label)
    return Workflow(
        name="w",
        version=1,
        label=text,
        initial=states[0],
        states={name: State(name=name, label=text, final=name == "end") for name in states},
        moves={
            name: Move(name=name, sources=sources, dest=dest, by=("coordinator",), label=text)
            for name, (sources, dest) in moves.items()
        },
        rules=(),
        guard=Guard(watcher="coordinator", max_silence=Offset(1, "d")),
    )


@st.composite
def flows(draw: st.DrawFn) -> Workflow:
    states = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    some = st.sampled_from(states)
    ways = st.tuples(st.lists(some, max_size=3, unique=True).map(tuple), some)
    return flow(states, draw(st.dictionaries(NAMES, ways, max_size=5)))


@given(flows())
def test_every_move_from_every_state_does_what_the_table_says(workflow: Workflow) -> None:
    for state in workflow.states:
        for move in [*workflow.moves, "unheard_of"]:
            it = workflow.moves.get(move)
            if it and state in it.sources:
                assert step(workflow, state, move) == it.dest
            else:
                with pytest.raises(NoSuchMove) as refused:
                    step(workflow, state, move)
                assert refused.value.open_moves == tuple(it.name for it in workflow.moves_from(state))


TASK = flow(["given", "end"], {"finish": (("given",), "end"), "again": (("end",), "given")})


def test_a_refusal_says_what_is_possible_instead() -> None:
    with pytest.raises(NoSuchMove, match="cannot again from given; from here one can finish"):
        step(TASK, "given", "again")


def test_a_state_the_workflow_does_not_have_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="no state 'lost'"):
        step(TASK, "lost", "finish")


def test_two_workflows_with_the_same_names_do_not_share_a_machine() -> None:
    other = flow(["given", "end"], {"finish": (("given",), "given")})
    assert (step(TASK, "given", "finish"), step(other, "given", "finish")) == ("end", "given")


def test_the_picture_shows_every_state_and_every_move() -> None:
    assert mermaid(TASK, "nn").splitlines() == [
        "stateDiagram-v2",
        "    direction LR",
        '    state "word" as s_given',
        '    state "word" as s_end',
        "    [*] --> s_given",
        "    s_given --> s_end: word",
        "    s_end --> s_given: word",
        "    s_end --> [*]",
    ]


def test_a_label_cannot_break_the_picture() -> None:
    nasty = 'a "b"; c: <d> #e\n--> f'
    drawn = mermaid(flow(["given", "end"], {"finish": (("given",), "end")}, nasty), "en")
    assert len(drawn.splitlines()) == 7
    label = re.fullmatch(r'    state "([^"]*)" as s_given', drawn.splitlines()[2])
    assert label
    back = re.sub(r"#(\d+);", lambda it: chr(int(it[1])), label[1])
    assert back == nasty
