"""A faulty file with something harmless in each faulty place: the rest of it can then be looked at as well."""

from collections.abc import MutableMapping, MutableSequence
from copy import deepcopy
from datetime import date
from functools import reduce
from operator import getitem
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.source import Source
from reports.sentences import place

Shape = TypeVar("Shape", bound=BaseModel)
ROUNDS = 4  # a stand-in of the wrong kind is found out in the next round
GONE = object()


def mend(error: ValidationError, source: Source, shape: type[Shape]) -> Shape | None:
    """None when nothing harmless fits."""
    rest = deepcopy(source.value)
    for _ in range(ROUNDS):
        for it in error.errors():
            if not _replace(rest, place(it["loc"], source), _stand_in(it["type"])):
                return None
        try:
            return shape.model_validate(rest)
        except ValidationError as again:
            error = again
    return None


def _stand_in(kind: str) -> Any:
    if kind in ("missing", "string_type", "string_too_short"):
        return "X"
    return date(2000, 1, 1) if kind.startswith("date") else GONE


def _replace(rest: Any, path: tuple[str | int, ...], value: Any) -> bool:
    """False for an item of a list: without it the others would change their places."""
    *way, last = path or (0,)
    try:
        around = reduce(getitem, way, rest)
    except (KeyError, IndexError, TypeError):
        return True  # went with what was around it
    if isinstance(around, MutableMapping):
        around.pop(last, None)
        if value is not GONE:
            around[last] = value
    return not isinstance(around, MutableSequence)
