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
NO_LETTER = re.compile("[\x00\ud800-\udfff]")  # no database keeps them
DATE = "tag:yaml.org,2002:timestamp"


class Loader(yaml.SafeLoader):
    """YAML as people mean it: NO is Norway, 16:00 is text; only true, false, whole numbers and dates are more."""

    yaml_implicit_resolvers = {}  # noqa: RUF012

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not used here", problem_mark=mark)
        if getattr(event, "tag", None):  # !!binary, !!set and the like make things that no reader expects
            raise yaml.MarkedYAMLError(problem="tags (!name) are not used here", problem_mark=mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))


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


# what the parser finds odd, as somebody who never heard of parsers would say it, and what to do
ODD = {
    r"aliases|tags": ("{0}", "write the text itself, in quotes when it begins with * or !"),
    r"found character '\\t'": ("a tab stands where only blanks may stand", "replace it with blanks"),
    r"found character '(.)' that": ("a text cannot begin with {1}", "put it in quotes"),
    r"mapping values are not allowed": ("a colon stands where none can stand", "put the text in quotes, or indent it"),
    r"expected <block end>": ("this line is not in line with the ones above it", "indent it as they are"),
    r"expected ',' or '(.)'": (
        "a comma or a closing {1} is missing",
        "look at brackets, commas, colons and quotes near here",
    ),
    r"could not find expected ':'": ("a colon is missing", "write the key, a colon, a blank and the value"),
    r"found unexpected end of stream": ("a quotation mark is opened and never closed", "close it"),
    r"but found another document": ("a second document begins here", "remove the line ---"),
}


def read(text: str, name: str) -> Source:
    """Parse one YAML document. Raises Faulty on bad YAML, doubled keys, aliases, tags, more than 2 MB."""
    if len(text) > MOST_BYTES:
        raise Faulty([Fault(name, 0, f"the file is larger than {MOST_BYTES:,} characters", "split it")])
    try:
        loader = Loader(text)
        node: Any = loader.get_single_node()
        lines: dict[Path, int] = {}
        faults = list(_walk(node, (), lines, name)) if node else []
        if faults:
            raise Faulty(faults)
        return Source(name, loader.construct_document(node) if node else None, lines)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Faulty([Fault(name, line, "a character that cannot be printed stands here", "remove it")]) from error
    except yaml.MarkedYAMLError as error:
        raise Faulty([_odd(error, name)]) from error
    except (ValueError, OverflowError) as error:  # an escape such as "\U99999999", a directive with absurd numbers
        raise Faulty([Fault(name, 0, "a character is written that does not exist", "look for \\U and %")]) from error
    except RecursionError as error:
        raise Faulty([Fault(name, 0, "the file is nested too deeply", "take out some levels")]) from error


def _odd(error: yaml.MarkedYAMLError, name: str) -> Fault:
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    problem = " ".join(filter(None, (error.context, error.problem)))
    for pattern, (what, remedy) in ODD.items():
        if found := re.search(pattern, problem):
            return Fault(name, line, f"this is not YAML: {what.format(problem, *found.groups())}", remedy)
    return Fault(name, line, "this is not YAML", "look at indents, colons and quotes near here")


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int], name: str) -> Iterable[Fault]:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode) and NO_LETTER.search(node.value):
        yield Fault(name, lines[path], "a character stands here that is no letter and no sign", "remove it")
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
        yield from _walk(key, (*path, str(key.value)), lines, name)
        yield from _walk(value, (*path, str(key.value)), lines, name)
