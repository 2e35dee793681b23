"""Where a state lies on the way from proposed to closed, whatever a workflow calls it."""

from engine.workflow import Workflow

FRESH, GIVEN, WORKING, ANSWERED, DONE, ENDED = range(6)


def stage(workflow: Workflow, state: str) -> int:
    """FRESH waits for an owner, ANSWERED for a check; DONE is the end one hopes for, ENDED any other."""
    if workflow.states[state].final:
        return DONE if state == way(workflow)[-1] else ENDED
    if waits_for_coordinator(workflow, state):
        return FRESH if state == workflow.initial else ANSWERED
    return GIVEN if state in way(workflow)[:2] else WORKING


def way(workflow: Workflow) -> tuple[str, ...]:
    """The straight way through a workflow: its open states in file order, then the first end."""
    still_open = [state.name for state in workflow.states.values() if not state.final]
    ends = [state.name for state in workflow.states.values() if state.final]
    return (*still_open, *ends[:1])


def waits_for_coordinator(workflow: Workflow, state: str) -> bool:
    """Nobody but the coordinator can move the case on from here."""
    moves = workflow.moves_from(state)
    return bool(moves) and not any("responsible" in move.by or "head" in move.by for move in moves)
