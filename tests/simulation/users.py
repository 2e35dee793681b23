"""The people: they act, comment, move deadlines, pause rules, hand over, are away, and click on old links."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from engine.case import Case, Errand
from engine.desk import Desk
from engine.errors import Stale, TiltakError
from engine.people import Absence
from engine.workflow import Move
from tests.simulation.dice import Dice

DEEDS = {"move": 10, "comment": 3, "deadline": 3, "pause": 4, "hand over": 2, "away": 1, "back": 1}


@dataclass
class Users:
    """`remembered` are the versions of cases that somebody looked at some time ago."""

    dice: Dice
    remembered: dict[str, int] = field(default_factory=dict)
    stale: int = 0

    def act(self, desk: Desk, cases: Mapping[str, Case]) -> str:
        """One deed; says what was tried and how it was answered."""
        deed = self.dice.weighted(DEEDS)
        case = cases[self.dice.one(sorted(cases))]
        self.remembered.setdefault(case.ref, case.version)
        try:
            return self._try(deed, desk, case)
        except Stale:
            self.stale += 1
            return f"{deed} on {case.ref}: stale"
        except TiltakError as error:
            return f"{deed} on {case.ref}: refused ({error})"

    def _try(self, deed: str, desk: Desk, case: Case) -> str:
        match deed:
            case "move":
                return self._move(desk, case)
            case "comment":
                done = desk.comment(self._errand(case, "comment"))
            case "deadline":
                due = desk.today() + timedelta(days=self.dice.number(-20, 150))
                errand = self._errand(case, "deadline", by=f"unit:{case.coordinator}")
                done = desk.move_deadline(replace(errand, due=due))
            case "pause":
                return self._pause(desk, case)
            case "hand over":
                unit = self.dice.one(sorted(desk.reader.register().units))
                done = desk.hand_over(replace(self._errand(case, "hand over"), owner=unit))
            case _:
                return self._leave(deed, desk)
        return f"{deed} on {case.ref}: event {done.seq}"

    def _move(self, desk: Desk, case: Case) -> str:
        moves = desk.workflows[case.workflow].moves_from(case.state)
        if not moves:
            return f"nothing can be done with {case.ref}"
        move = self.dice.one(moves)
        errand = self._errand(case, move.name, by=self._somebody(case, move))
        desk.act(replace(errand, owner="NEAR" if "owner" in move.needs else "", due=self._due(desk.today(), move)))
        return f"{move.name} on {case.ref}"

    def _due(self, today: date, move: Move) -> date | None:
        return today + timedelta(days=self.dice.number(5, 90)) if "due" in move.needs else None

    def _somebody(self, case: Case, move: Move) -> str:
        """Mostly one who may; sometimes one who may not."""
        by_role = {
            "coordinator": f"unit:{case.coordinator}",
            "responsible": f"person:{case.responsible}" if case.responsible else f"unit:{case.owner}",
            "executive": case.executive,
        }
        return by_role.get(move.by[0], "unit:MUTE") if self.dice.chance(0.85) else "person:officer"

    def _errand(self, case: Case, move: str, by: str = "") -> Errand:
        """Now and then from an old page or link, which remembers how the case was then."""
        by = by or self.dice.one((f"unit:{case.coordinator}", f"unit:{case.owner}"))
        seen = self.remembered.pop(case.ref) if self.dice.chance(0.3) else None
        return Errand(ref=case.ref, move=move, by=by, text="Because of what was said.", through="web", seen=seen)

    def _pause(self, desk: Desk, case: Case) -> str:
        rule, kind = self.dice.one(desk.workflows[case.workflow].rules), self.dice.one(("ack", "snooze"))
        until = desk.today() + timedelta(days=self.dice.number(0, 40))
        errand = self._errand(case, "hold", by=f"unit:{case.coordinator}")
        desk.pause(errand, rule=rule.id, kind="ack" if kind == "ack" else "snooze", until=until)
        return f"{kind} of {rule.id} on {case.ref} until {until}"

    def _leave(self, deed: str, desk: Desk) -> str:
        person = self.dice.one(sorted(desk.reader.register().persons))
        today = desk.today()
        if deed == "back":
            desk.back(person, today)
            return f"{person} is back"
        last = today + timedelta(days=self.dice.number(0, 60)) if self.dice.chance(0.7) else None
        others = [key for key in sorted(desk.reader.register().persons) if key != person]
        substitute = self.dice.one(others) if self.dice.chance(0.7) else ""
        desk.absent(Absence(person=person, first=today, last=last, substitute=substitute))
        return f"{person} is away until {last}; {substitute or 'nobody'} stands in"
