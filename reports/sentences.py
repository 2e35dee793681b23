"""What pydantic found wrong with a file, said so that somebody who never heard of pydantic can mend it."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from engine.errors import Fault
from engine.source import Source

Path = tuple[str | int, ...]
LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MEANT = {
    "string_type": ("must be text", 'put it in quotes: "…"'),
    "date_type": ("must be a date", "write it as 2012-08-27"),
    "date_from_datetime_parsing": ("is no date", "write it as 2012-08-27"),
    "date_parsing": ("is no date", "write it as 2012-08-27"),
    "date_from_datetime_inexact": ("must be a date without a time", "write it as 2012-08-27"),
    "time_parsing": ("is no time of day", "write it as 07:30"),
    "time_type": ("is no time of day", "write it as 07:30"),
    "bool_type": ("must be true or false", "write true or false"),
    "bool_parsing": ("must be true or false", "write true or false"),
    "int_type": ("must be a whole number", "write it in figures"),
    "int_parsing": ("must be a whole number", "write it in figures"),
    "tuple_type": ("must be a list", "begin each line with a hyphen"),
    "model_type": ("must be a block of keys and values", "write one key on each line, indented"),
    "dict_type": ("must be a block of keys and values", "write one key on each line, indented"),
    "string_too_short": ("may not be empty", "fill it in"),
    "too_short": ("may not be empty", "fill it in, or leave the key out"),
    "weekday": ("is no weekday", "write 1 for Monday, and so on to 7 for Sunday"),
}


def places(error: ValidationError, source: Source) -> set[Path]:
    return {place(it["loc"], source) for it in error.errors()}


def faults(error: ValidationError, source: Source, shape: type[BaseModel]) -> list[Fault]:
    """One fault for each place, whatever number of readings pydantic tried there."""
    found: dict[Path, Fault] = {}
    for it in error.errors():
        path = place(it["loc"], source)
        found.setdefault(path, source.fault(path, *_sentence(it, path, shape)))
    return [fault for path, fault in found.items() if not _explained(path, found)]


def _explained(path: Path, found: Iterable[Path]) -> bool:
    """Whether something is wrong further in: a value of several possible shapes is complained about once."""
    return any(len(other) > len(path) and other[: len(path)] == path for other in found)


def place(location: Iterable[str | int], source: Source) -> Path:
    """The part of pydantic's location that stands in the file; the names of union members do not."""
    path: Path = ()
    for step in location:
        if (*path, step) in source.lines:
            path = (*path, step)
        elif (*path, written := str(step).lower()) in source.lines:  # a key that is no text
            path = (*path, written)
        elif isinstance(step, str) and step.isidentifier() and step.islower() and step not in _MEMBERS:
            return (*path, step)
    return path


_MEMBERS = frozenset({"date", "str", "function"})


def shown(value: Any) -> str:
    """A value as it stands in the file, where that is short."""
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "a block of keys and values"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "nothing"}[value]
    words = "".join(it if it.isprintable() else " " for it in str(value))
    return f"'{words}'" if len(words) < 60 else f"'{words[:58]} …'"


def _sentence(error: Mapping[str, Any], path: Path, shape: type[BaseModel]) -> tuple[str, str]:
    name = str(path[-1]) if path else "the file"
    match error["type"]:
        case "extra_forbidden":
            return f"there is no key {shown(name)} here", _nearest(name, path, shape)
        case "missing":
            return f"{name!r} is missing", "add it"
        case "date_from_datetime_parsing" if LIKE_A_DAY.fullmatch(str(error["input"])):
            return f"{_where(path)}: there is no day {error['input']}", "correct the date"
        case "value_error":
            return f"{_where(path)} {shown(error['input'])} {error['ctx']['error']}", ""
        case "literal_error":
            return f"{_where(path)} cannot be {shown(error['input'])}", f"write {error['ctx']['expected']}"
        case "invalid_key":
            return f"the key {shown(error['input'])} is no word", "put it in quotes, or choose another word"
        case kind:
            what, remedy = MEANT.get(kind, ("cannot stand here", "see docs/plan-files.md"))
            return f"{_where(path)} {what}", remedy


def _where(path: Path) -> str:
    steps = [str(step + 1) if isinstance(step, int) else step for step in path]
    return " ".join(steps) or "the file"


def _nearest(name: str, path: Path, shape: type[BaseModel]) -> str:
    known = list(_at(path[:-1], shape).model_fields)
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"


def _at(path: Path, shape: type[BaseModel]) -> type[BaseModel]:
    """The shape that holds at a path: lists and choices are looked through."""
    for step in path:
        if isinstance(step, str) and step in shape.model_fields:
            shape = _shape_in(shape.model_fields[step].annotation) or shape
    return shape


def _shape_in(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for part in get_args(kind) if (found := _shape_in(part))), None)
