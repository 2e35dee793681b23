"""How the engine's values lie in a column: instants in UTC, words in three languages, lists and facts as JSON text."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from engine.text import Text as Words


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC in the store. A naive one is refused at the door."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive instant cannot be stored: {value}")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


@lru_cache(maxsize=4096)  # most lists are empty or alike
def _names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


class Names(TypeDecorator[Any]):
    """A tuple of strings, in order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _: Dialect) -> str:
        return json.dumps(list(value or ()), ensure_ascii=False)

    def process_result_value(self, value: str | None, _: Dialect) -> tuple[str, ...]:
        return _names(value or "[]")


class NameSet(TypeDecorator[Any]):
    """A set of strings; sorted, so that equal sets are equal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, _: Dialect) -> str:
        return json.dumps(sorted(value or ()), ensure_ascii=False)

    def process_result_value(self, value: str | None, _: Dialect) -> frozenset[str]:
        return frozenset(_names(value or "[]"))


class Facts(TypeDecorator[Any]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, _: Dialect) -> str:
        return json.dumps(dict(value or {}), ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, _: Dialect) -> dict[str, str]:
        return json.loads(value) if value and value != "{}" else {}


class Tongues(TypeDecorator[Any]):
    """One wording in three languages."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Words | None, _: Dialect) -> str:
        words = value or Words.same("")
        return json.dumps({"nb": words.nb, "nn": words.nn, "en": words.en}, ensure_ascii=False)

    def process_result_value(self, value: str | None, _: Dialect) -> Words:
        return Words.of(json.loads(value or "{}"))
