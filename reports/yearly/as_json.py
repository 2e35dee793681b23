"""The report as JSON for other programs. The shape is documented in docs/report.md and changes only with its number."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from reports.yearly.facts import Action, YearReport

FORMAT: Final = "tiltak-report/1"


def as_json(report: YearReport) -> str:
    """Facts in no language, names in all three; keys in a fixed order."""
    return json.dumps(_facts(report), ensure_ascii=False, indent=2, default=_plain) + "\n"


def _facts(report: YearReport) -> dict[str, Any]:
    facts = asdict(report)
    rest = {key: facts.pop(key) for key in ("actions", "asked", "advice", "changes", "digest")}
    return (
        {"format": FORMAT, "draft": True}
        | facts
        | {
            "summary": _summary(report),
            "actions": [_action(it, report.on) for it in report.actions],
            "asked": rest["asked"],
            "recommendations": [
                {**it.pop("recommendation"), "actions": it["actions"], "own": it["own"]} for it in rest["advice"]
            ],
            "changes": rest["changes"],
            "digest": rest["digest"],
        }
    )


def _summary(report: YearReport) -> dict[str, object]:
    return {
        "actions": len(report.actions),
        "done": [it.ref for it in report.done],
        "planned": [it.ref for it in report.planned],
        "ended": [it.ref for it in report.ended],
        "dated": sum(it.due is not None for it in report.actions),
        "sole_owner": sum(it.sole_owner for it in report.actions),
        "silent": [it.ref for it in report.silent],
        "moved": [it.ref for it in report.moved],
        "without_own_action": [it.recommendation.number for it in report.advice if not it.own],
        "unanswered": [it.recommendation.number for it in report.advice if not it.recommendation.response],
    }


def _action(action: Action, on: date) -> dict[str, Any]:
    late = {"last_agreed": action.late(action.due, on), "original": action.late(action.original, on)}
    return asdict(action) | {"original": action.original, "days_late": late}


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a report")
