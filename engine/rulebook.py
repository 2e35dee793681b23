"""What all alarms rest on: the rules of every workflow, the arithmetic of days, and which version was activated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.fingerprint import fingerprint
from engine.workflow import Workflows


@dataclass(frozen=True, slots=True)
class Rulebook:
    """`rules` holds each workflow's fingerprint, `ends` its final states, both by key; `arithmetic` is what counts."""

    rules: Mapping[str, str]
    ends: Mapping[str, frozenset[str]]
    arithmetic: str

    @classmethod
    def of(cls, workflows: Workflows, arithmetic: str) -> "Rulebook":
        return cls(
            {key: workflow.fingerprint for key, workflow in workflows.by_key.items()},
            {
                key: frozenset(state.name for state in workflow.states.values() if state.final)
                for key, workflow in workflows.by_key.items()
            },
            arithmetic,
        )

    @property
    def whole(self) -> str:
        """One fingerprint for all of it: two processes with the same one set the same alarms."""
        return fingerprint([dict(self.rules), self.arithmetic])


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Who decided, and why, that open cases go on under a version of their workflow (a key such as "action/2")."""

    workflow: str
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many open cases of one workflow version are in one state."""

    workflow: str
    kind: str
    state: str
    cases: int
