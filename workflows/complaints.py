"""What is wrong in the shape of a workflow file, in plain sentences with the line and what to do."""

import types
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError

from engine.errors import Fault
from engine.source import Path, Source
from workflows.language import Entry, WorkflowEntry

_SHAPES = {
    "string_type": ("a text", "put it in quotes"),
    "int_type": ("a whole number", "write digits only, without quotes"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "list_type": ("a list", "put it in square brackets, such as [coordinator]"),
    "model_type": ("a block of keys", "write one key: value per line below it, indented"),
    "dict_type": ("a block of named entries", "write one name: per line below it, indented"),
}
_NOUNS = {
    "by": "role",
    "tell": "role",
    "to": "role",
    "watcher": "role",
    "clock": "clock",
    "needs": "need",
    "via": "way of telling",
    "catch_up": "way of catching up",
}
_NAME = "small letters a to z, digits and _, beginning with a letter"


def complaints(error: ValidationError, source: Source, shape: type[Entry] = WorkflowEntry) -> list[Fault]:
    return [_complaint(dict(it), source, shape) for it in error.errors(include_url=False)]


def nearest(word: str, known: Collection[str], otherwise: str = "") -> str:
    """A remedy that names the word somebody may have meant."""
    close = get_close_matches(word, list(known), n=1)
    return f"did you mean {close[0]}?" if close else otherwise or f"known are {', '.join(known)}"


def _complaint(error: Mapping[str, Any], source: Source, shape: type[Entry]) -> Fault:
    path: Path = tuple(error["loc"])
    of_key = path[-1:] == ("[key]",)
    if of_key:
        path = (*path[:-2], _as_written(error["input"]))
    what, remedy = _sentence(error["type"], path, error, shape, of_key=of_key)
    return source.fault(path, what, remedy)


def _sentence(kind: str, path: Path, error: Mapping[str, Any], shape: type[Entry], *, of_key: bool) -> tuple[str, str]:
    written, where = _shown(error["input"]), _where(path)
    if kind == "sentence":
        return f"in {where}, {error['ctx']['what']}", error["ctx"]["remedy"]
    if kind == "missing":
        return _missing(path)
    if kind == "extra_forbidden":
        known = keys_at(path[:-1], shape)
        return f"there is no key {path[-1]} in {_where(path[:-1])}", nearest(str(path[-1]), known)
    if kind == "invalid_key" or (of_key and kind == "string_type"):
        remedy = "put it in quotes, or choose another word"
        return f"in {_where(path[:-1])}, the key {written} is no word", remedy
    if kind == "literal_error":
        return _unknown(path, error)
    if kind in _SHAPES:
        form, remedy = _SHAPES[kind]
        return f"{where} must be {form}, not {written}", remedy
    return _measure(kind, where, written, error)


def _measure(kind: str, where: str, written: str, error: Mapping[str, Any]) -> tuple[str, str]:
    if kind == "greater_than_equal":
        return f"{where} is {written}", f"it must be at least {error['ctx']['ge']}"
    if kind == "less_than_equal":
        return f"{where} is {written}", f"it must be at most {error['ctx']['le']}"
    if kind == "too_long":
        context = error["ctx"]
        return f"{where} has {context['actual_length']} entries", f"it may have at most {context['max_length']}"
    if kind == "string_pattern_mismatch" and error["ctx"]["pattern"] != r"\S":
        return f"{written} in {where} is no name", f"a name is made of {_NAME}"
    if kind in ("too_short", "string_too_short", "string_pattern_mismatch"):
        return f"{where} is empty", "fill it in, or leave the key out where it is optional"
    return f"{where} cannot be {written}", "see docs/rules.md"


def _missing(path: Path) -> tuple[str, str]:
    key, where = path[-1], _where(path[:-1])
    if key in ("nb", "nn", "en"):
        return f"{where} says nothing in {key}", "every label is given in nb, nn and en"
    return f"{where} has no {key}", f"add {key}:"


def _unknown(path: Path, error: Mapping[str, Any]) -> tuple[str, str]:
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    known = [word.strip("' ") for word in error["ctx"]["expected"].replace(" or ", ",").split(",")]
    what = f"in {_where(path)}, there is no {_NOUNS.get(key, 'word')} {_shown(error['input'])}"
    listed = f"known are {', '.join(known)}"
    return what, nearest(str(error["input"]), known, listed)


def keys_at(path: Path, shape: type[Entry] = WorkflowEntry) -> list[str]:
    """The keys that may stand in the block a path leads to."""
    kind: Any = shape
    for step in path:
        kind = _inside(kind, step)
    return list(_fields(kind)) if _is_entry(kind) else []


def _inside(kind: Any, step: str | int) -> Any:
    if _is_entry(kind):
        return _bare(_fields(kind).get(str(step)))
    arguments = get_args(kind)
    return _bare(arguments[-1]) if arguments else None


def _fields(kind: type[Entry]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in kind.model_fields.items()}


def _is_entry(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Entry)


def _bare(kind: Any) -> Any:
    """The type without its notes and without the None of an optional key."""
    while get_origin(kind) in (Annotated, Union, types.UnionType):
        kind = get_args(kind)[0]
    return kind


def _where(path: Path) -> str:
    """`rules 2, steps 1` for people who count from one."""
    words = [str(step) if isinstance(step, str) else f"number {step + 1}" for step in path]
    return " › ".join(words) or "the file"


def _as_written(key: object) -> str:
    """A key as the file has it: YAML turns true, false and null into something else."""
    return str(key).lower() if isinstance(key, bool) else "null" if key is None else str(key)


def _shown(value: object) -> str:
    shown = "nothing" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"
