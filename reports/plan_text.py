"""A draft as canonical YAML: keys in a fixed order, nothing that says the default, dates as people sort them."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, time
from typing import Any

import yaml

from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.people import Organisation, Person, Unit
from engine.source import Loader
from engine.text import Text

WIDTH = 110
Facts = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    """Quotes whatever our own reader would take for something else than text."""

    yaml_implicit_resolvers = Loader.yaml_implicit_resolvers

    def ignore_aliases(self, _: object) -> bool:
        return True


def write_plan(draft: PlanDraft) -> str:
    """Reading it again gives the same draft."""
    return as_yaml(_plan(draft))


def as_yaml(facts: Any) -> str:
    """Values as plan files have them."""
    text: str = yaml.dump(facts, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    return text


def unit_facts(it: Unit) -> Facts:
    return _said(_plain(it))


def person_facts(it: Person) -> Facts:
    return _said(_plain(it))


def _plan(draft: PlanDraft) -> Facts:
    head = {"plan": draft.ref, "title": draft.title, "decided_on": draft.decided_on}
    own = {"ref", "title", "decided_on", "organisation", "units", "recommendations", "cases"}
    return head | _said(
        _plain(draft, own)
        | {
            "organisation": _organisation(draft.organisation) if draft.organisation else None,
            "units": [unit_facts(it) for it in draft.units],
            "recommendations": [_said(_plain(it, {"evaluation"})) for it in draft.recommendations],
            "actions": [_case(it) for it in draft.cases],
        }
    )


def _plain(thing: Any, without: set[str] = frozenset()) -> Facts:  # type: ignore[assignment]
    """The fields of a noun as YAML values, in their own order."""
    return {it.name: _value(getattr(thing, it.name)) for it in fields(thing) if it.name not in without}


def _value(value: Any) -> Any:
    match value:
        case Text():
            same = value.nb == value.nn == value.en
            return value.nb if same else {"nb": value.nb, "nn": value.nn, "en": value.en}
        case DueRule():
            return {"after": value.anchor, "by": str(value.offset), "roll": value.roll}
        case PastDeadline():
            return {"value": value.value or "unknown"} | _said(_plain(value, {"value"}))
        case time():
            return value.isoformat("minutes")
        case date() | str() | bool() | int() | None:
            return value
        case frozenset():
            return sorted(value)
        case Mapping():
            return dict(value)
        case tuple():
            return [_value(it) for it in value]
        case _:
            return _said(_plain(value))


def _said(facts: Facts) -> Facts:
    """Only what says something: an empty value is the default wherever it may stand."""
    return {key: value for key, value in facts.items() if value not in ("", None, [], {})}


def _organisation(it: Organisation) -> Facts:
    plain = _plain(it, {"window"})
    window = {"send_days": sorted(it.window.days), "send_from": it.window.opens, "send_to": it.window.closes}
    return _said(plain | {key: _value(value) for key, value in window.items() if key != "send_days"}) | {
        "send_days": window["send_days"]
    }


def _case(it: CaseDraft) -> Facts:
    plain = _said(_plain(it))
    return {key: value for key, value in plain.items() if (key, value) != ("workflow", "action")}
