"""A short checksum of facts: the same in every process, whatever the order in which sets are kept."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any


def fingerprint(facts: object) -> str:
    """Of plain values, lists, sets and frozen nouns."""
    said = json.dumps(facts, default=_plain, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _plain(value: Any) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    raise TypeError(f"{type(value).__name__} has no fingerprint")
