"""The words a workflow file may use, as strict models: which keys there are and what may stand behind them."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from engine.workflow import Clock, Offset, Role, Via

_INHIBITOR = re.compile(r"([a-z][a-z0-9_]*)\s*>=\s*(\d{1,2})")
LONGEST_DAYS = 3660
_DAYS = {"d": 1, "wd": 2, "w": 7, "m": 31, "y": 366}


def _refused(what: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("sentence", "{what}", {"what": what, "remedy": remedy})


def _offset(written: object) -> Offset:
    """`-30d`, `2w`, `10wd`: a whole number and a unit, without a space between them."""
    try:
        offset = Offset.parse(written if isinstance(written, str) else "")
    except ValueError as error:
        remedy = "a whole number and d, w, m, y or wd (working days) without a space between, such as 10wd or -30d"
        raise _refused(f"{written!r} is no length of time", remedy) from error
    if abs(offset.count) * _DAYS[offset.unit] > LONGEST_DAYS:
        raise _refused(f"{written} is longer than ten years", "nobody waits that long")
    return offset


def _length(written: object) -> Offset:
    offset = _offset(written)
    if offset.count < 1:
        raise _refused(f"{written} is no length of time that lies ahead", "write at least 1d")
    return offset


def _inhibitor(written: object) -> tuple[str, int]:
    """`due >= 1`: the id of another rule, and the level from which it silences this one."""
    match = _INHIBITOR.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        remedy = "write the id of another rule and a level, such as due >= 1"
        raise _refused(f"{written!r} names no rule and level", remedy)
    return match[1], int(match[2])


Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Ahead = Annotated[Offset, BeforeValidator(_length)]
AnyOffset = Annotated[Offset, BeforeValidator(_offset)]
Inhibitor = Annotated[tuple[str, int], BeforeValidator(_inhibitor)]
Need = Literal["owner", "due", "statement", "reason", "evidence", "answer"]
Roles = Annotated[list[Role], Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=99)]
Level = Annotated[int, Field(ge=0, le=9)]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class LabelEntry(Entry):
    nb: Words
    nn: Words
    en: Words


class SayEntry(Entry):
    nb: Annotated[list[Words], Field(min_length=1)]
    nn: Annotated[list[Words], Field(min_length=1)]
    en: Annotated[list[Words], Field(min_length=1)]


class StateEntry(Entry):
    label: LabelEntry
    final: bool = False


class TellingEntry(Entry):
    to: Roles
    letter: Name
    via: Via = "now"


class MoveEntry(Entry):
    label: LabelEntry
    choice: LabelEntry | None = None
    sources: Annotated[list[Name], Field(alias="from", min_length=1)]
    to: Name
    by: Roles
    needs: list[Need] = []
    say: SayEntry | None = None
    tell: list[TellingEntry] = []


class AskEntry(Entry):
    """What a person may ask for without moving the case; whoever it tells decides."""

    label: LabelEntry
    sources: Annotated[list[Name], Field(alias="from", min_length=1)]
    by: Roles
    needs: list[Need] = []
    takes: list[Literal["due", "owner", "reason"]] = []
    say: SayEntry | None = None
    tell: Annotated[list[TellingEntry], Field(min_length=1)]


class WhenEntry(Entry):
    state: list[Name] = []
    kind: list[Words] = []
    tag: list[Words] = []
    priority: list[Words] = []
    dated: bool | None = None


class StepEntry(Entry):
    """Tells somebody by a letter, or makes a move (`do`), which tells by itself."""

    at: AnyOffset
    tell: Roles | None = None
    letter: Name | None = None
    via: Via | None = None
    level: Level = 0
    do: Name | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "StepEntry":
        if self.do and (self.tell or self.letter or self.via):
            raise _refused(
                "the step both tells and moves", "leave out tell:, letter: and via:, for the move itself tells"
            )
        if not self.do and not (self.tell and self.letter):
            raise _refused("the step tells nobody", "name roles in tell: and a letter in letter:, or a move in do:")
        return self


class RepeatEntry(Entry):
    """`letter` is that of the last step where it is left out."""

    every: Ahead
    tell: Roles
    letter: Name | None = None
    via: Via = "digest"
    level: Level = 0


class AckEntry(Entry):
    hold: Ahead
    times: Count
    needs: list[Literal["reason"]] = []


class SnoozeEntry(Entry):
    longest: Annotated[Ahead, Field(alias="max")]
    times: Count
    needs: list[Literal["reason"]] = ["reason"]
    tell: Roles = ["coordinator"]


class RuleEntry(Entry):
    id: Name
    when: WhenEntry = WhenEntry()
    clock: Clock
    steps: Annotated[list[StepEntry], Field(min_length=1, max_length=24)]
    repeat: RepeatEntry | None = None
    ack: AckEntry | None = None
    snooze: SnoozeEntry | None = None
    inhibited_by: list[Inhibitor] = []


class GuardEntry(Entry):
    watcher: Role
    max_silence: Ahead


class WorkflowEntry(Entry):
    """A whole file. `letters` names letters that this workflow brings beyond the shipped ones."""

    workflow: Name
    version: Annotated[int, Field(ge=1)]
    label: LabelEntry
    initial: Name
    states: Annotated[dict[Name, StateEntry], Field(min_length=1, max_length=60)]
    moves: dict[Name, MoveEntry] = {}
    asks: Annotated[dict[Name, AskEntry], Field(max_length=20)] = {}
    rules: Annotated[list[RuleEntry], Field(min_length=1, max_length=60)]
    guard: GuardEntry
    letters: list[Name] = []
    catch_up: Literal["latest", "all"] = "latest"
