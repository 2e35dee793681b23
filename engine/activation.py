"""Moving the open cases to the newest version of their rules: decided once, by somebody, for a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Refused
from engine.ports import Reader, Store
from engine.rulebook import Activation, Standing
from engine.workflow import Workflow, Workflows

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Behind:
    """So many open cases under an older version of a workflow than the newest one."""

    was: str
    becomes: str
    cases: int


def behind(reader: Reader, workflows: Workflows, names: Collection[str] = ()) -> list[Behind]:
    """Where open cases are under older rules. Refused when the newest ones do not know a state that cases are in."""
    older = [it for it in reader.standing() if _is_behind(it, workflows, names)]
    if lost := [it for it in older if not _fits(it, workflows.latest(it.kind))]:
        raise Refused("\n".join(_sentence(it, workflows.latest(it.kind), reader) for it in lost))
    found: dict[tuple[str, str], int] = {}
    for it in older:
        change = (it.workflow, workflows.latest(it.kind).key)
        found[change] = found.get(change, 0) + it.cases
    return [Behind(was, becomes, cases) for (was, becomes), cases in sorted(found.items())]


def activate(
    store: Store,
    reader: Reader,
    workflows: Workflows,
    *,
    names: Collection[str] = (),
    by: str,
    reason: str,
    now: datetime,
) -> list[Behind]:
    """All of them or none. The next sweep, and whoever does something with a case before it, plans the case anew."""
    changes = behind(reader, workflows, names)
    older: dict[str, list[str]] = {}
    for change in changes:
        older.setdefault(change.becomes, []).append(change.was)
    with store.begin() as tx:
        for key, those in older.items():
            tx.activate(Activation(workflow=key, by=by, reason=reason, at=now), those)
    return changes


def _is_behind(it: Standing, workflows: Workflows, names: Collection[str]) -> bool:
    """Whether there is a newer version for these cases, and it is asked for."""
    newest = workflows.newest(it.kind)
    return newest is not None and newest.key != it.workflow and (not names or it.kind in names)


def _fits(it: Standing, workflow: Workflow) -> bool:
    return it.state in workflow.states and not workflow.states[it.state].final


def _sentence(it: Standing, workflow: Workflow, reader: Reader) -> str:
    refs = reader.refs(it.workflow, it.state, limit=MOST_NAMED)
    more = f" and {it.cases - len(refs)} more" if it.cases > len(refs) else ""
    knows = "is an end" if it.state in workflow.states else "does not exist"
    return (
        f"{', '.join(refs)}{more}: the state {it.state!r} {knows} in {workflow.key}; "
        f"move them on first, or give {workflow.key} that state as an open one"
    )
