"""Between a noun and its row: the same names, column for field; dull, and it works."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from engine.people import Organisation, SendWindow, Unit

Noun = TypeVar("Noun")
Values = dict[str, Any]


@cache
def names(kind: Any) -> tuple[str, ...]:
    """The fields of a noun, which are the columns of its row."""
    return tuple(field.name for field in fields(kind))


def noun(kind: type[Noun], row: Mapping[Any, Any]) -> Noun:
    return kind(**{name: row[name] for name in names(cast(Any, kind))})


def values(thing: Any, **more: Any) -> Values:
    return {name: getattr(thing, name) for name in names(cast(Any, type(thing)))} | more


def organisation(row: Mapping[Any, Any]) -> Organisation:
    plain = {name: row[name] for name in names(Organisation) if name not in ("closed_days", "window")}
    days = frozenset(int(day) for day in row["send_days"])
    window = SendWindow(days=days, opens=row["send_from"], closes=row["send_to"])
    return Organisation(**plain, closed_days=_days(row["closed_days"]), window=window)


def organisation_values(it: Organisation) -> Values:
    plain = values(it)
    window: SendWindow = plain.pop("window")
    return plain | {
        "closed_days": _texts(it.closed_days),
        "send_days": frozenset(str(day) for day in window.days),
        "send_from": window.opens,
        "send_to": window.closes,
    }


def unit(row: Mapping[Any, Any]) -> Unit:
    return noun(Unit, dict(row) | {"closed_days": _days(row["closed_days"])})


def unit_values(it: Unit, **more: Any) -> Values:
    return values(it, **more) | {"closed_days": _texts(it.closed_days)}


def _days(texts: frozenset[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def _texts(days: frozenset[date]) -> frozenset[str]:
    return frozenset(day.isoformat() for day in days)
