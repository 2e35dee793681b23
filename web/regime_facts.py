"""What the rules of an authority ask of a plan, and whether it was done in time, as lines beside the plan."""

from collections.abc import Iterator

from engine.case import Case
from engine.regime import REGIME, Owed, owed
from engine.telling import case_calendar
from engine.workflow import Regime
from web.standing import Scene
from web.sums import summed
from web.views import Fact


def regime_facts(scene: Scene, plan: Case) -> Iterator[Fact]:
    """Nothing for a plan without a regime; its bare name where the rules it began under are no longer there."""
    key = plan.facts.get(REGIME, "")
    if not key:
        return
    regime, tongue = scene.workflows.regimes.get(key), scene.tongue
    if regime is None:
        yield Fact(tongue.say("Rules followed"), key, tongue.say("These rules are not loaded any more."))
        return
    yield Fact(tongue.say("Rules followed"), tongue.text(regime.label))
    if not regime.terms:
        yield Fact(tongue.say("Deadlines by these rules"), tongue.say("none"))
    for it in owed(regime, plan, case_calendar(plan, scene.register, scene.today)):
        if it.term.duty == "plan":
            yield Fact(tongue.say("Plan due by these rules"), tongue.day(it.due), _in_time(scene, it))
    yield from _copy(scene, regime, plan)


def _in_time(scene: Scene, it: Owed) -> str:
    tongue, late = scene.tongue, it.late
    total = summed(tongue, it.rule, it.computed, it.due)
    if late is None:
        return total
    in_time = tongue.say("It came in time.")  # not within an f-string, where no translator finds it
    behind = tongue.count("It came %(n)s day late.", "It came %(n)s days late.", late)
    return f"{total}. {in_time if late <= 0 else behind}"


def _copy(scene: Scene, regime: Regime, plan: Case) -> Iterator[Fact]:
    """A copy that the rules ask for, and who gets one; a plan that names nobody leaves a hole."""
    term = regime.term("report")
    if term is None or term.copy_to is None:
        return
    wanted = scene.tongue.text(term.copy_to)
    if plan.copies:
        named = scene.tongue.listed([scene.name(it) for it in plan.copies])
        yield Fact(scene.tongue.say("Copy of the report to"), named)
    else:
        said = scene.tongue.say("The rules ask for a copy to: %(who)s", who=wanted)
        yield Fact(scene.tongue.say("Copy of the report to"), scene.tongue.say("nobody yet"), said)
