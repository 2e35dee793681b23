"""A YAML text as plain values that remember the line each of them stands on. Parses text only; opens no file."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.errors import Fault, Faulty

Path = tuple[str | int, ...]
MOST_BYTES = 2_000_000


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
        return Source(name, yaml.safe_load(text), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"this is not YAML: {error.problem or error}"
        raise Faulty([Fault(name, line, what, "look at indents, colons and quotes near here")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Faulty([Fault(name, 0, f"this is not YAML: {error}")]) from error
    except RecursionError as error:
        raise Faulty([Fault(name, 0, "the file is nested too deeply")]) from error


def _compose(text: str) -> yaml.Node | None:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not used here", problem_mark=event.start_mark)
    return yaml.compose(text, Loader=yaml.SafeLoader)


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
        if key.value in seen:
            yield Fault(name, line, f"{key.value!r} stands twice", "keep one")
        seen.add(key.value)
        lines[(*path, str(key.value))] = line
        yield from _walk(value, (*path, str(key.value)), lines, name)
