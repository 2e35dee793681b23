"""Between a noun and its row: the same names, column for field; dull, and it works."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from sqlalchemy import Table

from engine.case import Case
from engine.notice import Notice
from engine.people import Organisation, SendWindow, Unit

Noun = TypeVar("Noun")
Values = dict[str, Any]


@cache
def names(kind: Any) -> tuple[str, ...]:
    """The fields of a noun, which are the columns of its row."""
    return kind._fields if issubclass(kind, tuple) else tuple(field.name for field in fields(kind))


@cache
def _getter(kind: Any) -> Callable[[Any], Any]:
    return attrgetter(*names(kind))


def noun(kind: type[Noun], row: Mapping[Any, Any]) -> Noun:
    return kind(**{name: row[name] for name in names(cast(Any, kind))})


def columns(kind: Any, table: Table) -> list[Any]:
    """The columns a noun is made of, in the order of its fields."""
    return [table.c[name] for name in names(kind)]


def nouns(kind: type[Noun], found: Iterable[Any]) -> Iterator[Noun]:
    """From rows of exactly those columns: the quick way for many."""
    fields_ = names(cast(Any, kind))
    return (kind(**dict(zip(fields_, row, strict=True))) for row in found)


def values(thing: Any, **more: Any) -> Values:
    kind = cast(Any, type(thing))
    return dict(zip(names(kind), _getter(kind)(thing), strict=True)) | more


def case_values(it: Case, *, org: str, position: int) -> Values:
    """A new case has no history yet."""
    return values(it, org=org, position=position, last_seq=0, last_digest="")


def notice_values(it: Notice, *, org: str) -> Values:
    """A new notice is in no parcel, and not set aside."""
    return values(it, org=org, parcel=None, set_aside="")


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
