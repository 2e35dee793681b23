"""The stage of a life: true time, one to three nodes, a process for the pages, and whoever acts meanwhile."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from engine.calendar import instant
from engine.draft import PlanDraft
from tests.simulation.crashing import Killed
from tests.simulation.dice import Dice
from tests.simulation.drafts import a_draft, some_workflows
from tests.simulation.node import DOUBT, House, Node
from tests.simulation.post_office import Mail, PostOffice
from tests.simulation.promises import Broken, Ledger
from tests.simulation.seen import Inspector, Seen
from tests.simulation.users import Users
from tiltak.clock import ManualClock

NAMES = ("north", "south", "east")
PAGES = "pages"
LEAP = timedelta(hours=6)
LEASE = timedelta(minutes=11)


class Stage:
    """`meanwhile` is what makes nodes cross: called whenever one is about to write, and in the midst of sending."""

    def __init__(self, seed: int, database: str, say: Callable[[str], None]) -> None:
        self.dice, self.say, self.database = Dice(seed), say, database
        self.draft: PlanDraft = a_draft(self.dice)
        home = self.draft.organisation
        assert home
        self.clock = ManualClock(instant(self.draft.decided_on, time(10, 0), home.zone))
        self.began = self.clock.now()
        self.office, self.users = PostOffice(self.dice), Users(self.dice)
        self.ledger = Ledger(some_workflows(self.dice), self.office, home, self.clock)
        batch = self.dice.one((1, 3, 100))
        self.house = House(
            database, home, self.office, self.clock.now, self.uptime, batch, self.meanwhile, self.handed_in
        )
        self.running: list[str] = []
        self.round_began: dict[str, datetime] = {}
        self.crossings, self.quiet = 0, True
        self.fault: Exception | None = None
        self.pages = self.start(PAGES)
        self.nodes = {name: self.start(name) for name in NAMES[: self.dice.number(1, 3)]}
        self.inspector = Inspector(database, home.key)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def uptime(self) -> float:
        return (self.now - self.began).total_seconds()

    def at(self, day: date, at: time) -> datetime:
        return instant(day, at, self.house.organisation.zone)

    def start(self, name: str) -> Node:
        return Node(name, self.house, self.ledger.workflows)

    def restart(self, name: str) -> Node:
        """A new process in place of the old one; its machine's clock is right again."""
        self.nodes[name].die()
        self.nodes[name] = self.start(name)
        return self.nodes[name]

    def up(self) -> list[Node]:
        """Every node; a dead one has been started again by whoever looks after services."""
        return [self.restart(name) if self.nodes[name].dead else self.nodes[name] for name in sorted(self.nodes)]

    def look(self) -> Seen:
        return self.inspector.look(self.ledger.spoiled)

    def end(self) -> None:
        for node in (*self.nodes.values(), self.pages):
            node.die()
        self.inspector.store.close()

    def round(self, node: Node, loop: str) -> str:
        self.running.append(node.name)
        self.round_began[node.name] = self.now
        try:
            how = node.round(loop)
        finally:
            self.running.pop()
        self._believed(node, how)
        return how

    def _believed(self, node: Node, how: str) -> None:
        """P7: a node stops when its clock leaps far ahead, and only then."""
        wrong = node.wrist.wrong
        if how == "well" and wrong > LEAP:
            raise Broken(f"P7 clock: {node.name} goes on with a clock that is {wrong} ahead")
        if how == "doubts the clock" and not wrong and not self._long_away():
            raise Broken(f"P7 clock: {node.name} doubts a clock that is right")

    def _long_away(self) -> bool:
        beats = self.pages.service.store.heartbeats()
        swept = [it.good_at for it in beats if it.loop in ("sweep", "clock") and it.good_at]
        return not swept or self.now - max(swept) > DOUBT

    def act(self) -> str:
        """Somebody does something on the pages; the process may die under it."""
        self.ledger.revived = None
        self.running.append(PAGES)
        try:
            return self.users.act(self.pages.service.desk, self.look().cases)
        except Killed as death:
            self.pages.die()
            self.pages = self.start(PAGES)
            return f"the pages were killed {death}"
        finally:
            self.running.pop()

    def meanwhile(self, name: str) -> None:
        """Now and then somebody else acts while a node is between two of its transactions."""
        self.ledger.settled |= self.inspector.sent()
        if self.quiet or len(self.running) != 1 or not self.dice.chance(0.1):
            return
        self.crossings += 1
        try:
            self.say(f"      meanwhile, as {name} goes on: {self._cross()}")
        except Exception as fault:  # the program must not be able to swallow it
            self.fault = self.fault or fault

    def handed_in(self, mail: Mail) -> None:
        """P2: while leases hold, by clocks that are right, no node sends what another one has sent and settled."""
        in_time = self.round_began[mail.node] == self.now and not any(it.wrist.wrong for it in self.nodes.values())
        if in_time and mail.message_id.removeprefix("<t.").partition("@")[0] in self.inspector.sent():
            self.fault = self.fault or Broken(f"P2 at most once: {mail.node} sends {mail.message_id}, which was sent")

    def _cross(self) -> str:
        others = [node for key, node in sorted(self.nodes.items()) if key not in self.running and not node.dead]
        if PAGES not in self.running and (not others or self.dice.chance(0.4)):
            return self.act()
        if not others:
            return "nothing"
        node, late = self.dice.one(others), self.dice.chance(0.3)
        if late:
            self.clock.forward(seconds=LEASE.total_seconds())
        loop = "deliver" if late else self.dice.one(("sweep", "deliver"))
        return f"{'11 minutes pass, ' if late else ''}{node.name} {loop}: {self.round(node, loop)}"
