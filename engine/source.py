"""A YAML text as plain values that remember the line each of them stands on. Parses text only; opens no file."""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from engine.errors import Fault, Faulty

Path = tuple[str | int, ...]
MOST_BYTES = 2_000_000
DATE = "tag:yaml.org,2002:timestamp"


class Loader(yaml.SafeLoader):
    """YAML as people mean it: NO is Norway, 16:00 is text; only true, false, whole numbers and dates are more."""

    yaml_implicit_resolvers = {}  # noqa: RUF012


Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))


def _day(_: Loader, node: yaml.ScalarNode) -> date | str:
    """A day that the calendar does not have stays text, for whoever knows what ought to stand there to refuse."""
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        return str(node.value)


Loader.add_constructor(DATE, _day)
Loader.add_implicit_resolver(DATE, re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), list("0123456789"))


@dataclass(frozen=True, slots=True)
class Source:
    """`value` is dicts, lists and scalars; `lines` maps a path such as ("rules", 0, "clock") to its line, from 1."""

    name: str
    value: Any
    lines: Mapping[Path, int]

    def line(self, path: Iterable[str | int]) -> int:
        """The line of a path, or of the nearest thing around it."""
        steps = tuple(path)
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)

    def fault(self, path: Iterable[str | int], what: str, remedy: str = "") -> Fault:
        return Fault(self.name, self.line(path), what, remedy)


def read(text: str, name: str) -> Source:
    """Parse one YAML document. Raises Faulty on bad YAML, doubled keys, aliases, more than 2 MB."""
    if len(text) > MOST_BYTES:
        raise Faulty([Fault(name, 0, f"the file is larger than {MOST_BYTES:,} characters", "split it")])
    try:
        node = _compose(text)
        lines: dict[Path, int] = {}
        faults = list(_walk(node, (), lines, name)) if node else []
        if faults:
            raise Faulty(faults)
        return Source(name, yaml.load(text, Loader=Loader), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"this is not YAML: {error.problem or error}"
        raise Faulty([Fault(name, line, what, "look at indents, colons and quotes near here")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Faulty([Fault(name, 0, f"this is not YAML: {error}")]) from error
    except RecursionError as error:
        raise Faulty([Fault(name, 0, "the file is nested too deeply")]) from error


def _compose(text: str) -> yaml.Node | None:
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not used here", problem_mark=mark)
    node: yaml.Node | None = yaml.compose(text, Loader=Loader)
    return node


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int], name: str) -> Iterable[Fault]:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), lines, name)
    if isinstance(node, yaml.MappingNode):
        yield from _walk_mapping(node, path, lines, name)


def _walk_mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int], name: str) -> Iterable[Fault]:
    seen: set[Hashable] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield Fault(name, line, "a list or a block cannot be a key", "write a word before the colon")
            continue
        if key.value in seen:
            yield Fault(name, line, f"{key.value!r} stands twice", "keep one")
        seen.add(key.value)
        lines[(*path, str(key.value))] = line
        yield from _walk(value, (*path, str(key.value)), lines, name)
