"""Why this mail, why no mail, and what comes next: in words, for any case on any day."""

from datetime import date

import pytest

from engine.case import Errand
from tests.stories.world import World
from workflows.explain import Explanation, Facts, explain


def explained(world: World, number: int, language: str = "en", on: date | None = None) -> Explanation:
    store, ref = world.service.store, f"IOM-2011-{number}"
    facts = Facts(
        case=store.case(ref),
        notices=store.notices(ref),
        occurrences=store.occurrences([ref]).get(ref, ()),
        holds=store.holds([ref]).get(ref, ()),
        register=store.register(),
        today=world.today,
    )
    return explain(facts, world.service.workflows, language=language, on=on)


def test_every_mail_of_a_case_is_explained(world: World) -> None:
    world.live_until(date(2011, 12, 1))
    found = explained(world, 3)
    assert found.standing == (
        "IOM-2011-3 is “assigned” since 2011-08-25; Regional department is responsible; it has no deadline"
    )
    assert found.decided[0] == "2011-08-25: “digest” in the digest to GIL section: the case was changed (open)"
    assert (
        "2011-10-24: “standing still” to Regional department: rule quiet, 60 days after the last sign of life"
        in found.decided
    )
    assert len(found.decided) == len(world.service.store.notices("IOM-2011-3"))
    assert found.rules[0] == "due waits: the clock it counts from does not run"
    assert "quiet counts from 2011-08-25" in found.rules
    assert found.coming[0].startswith("2011-12-23: “standing still” in the digest to ")


def test_a_day_on_which_nothing_was_told_is_explained_as_well(world: World) -> None:
    world.live_until(date(2011, 12, 1))
    nothing = explained(world, 3, on=date(2011, 10, 25))
    assert nothing.decided == ("nothing was decided on 2011-10-25: no rule had a step on that day",)
    assert len(explained(world, 3, on=date(2011, 10, 24)).decided) == 3


def test_steps_that_downtime_passed_over_are_explained_in_one_line(world: World) -> None:
    world.away_until(date(2012, 1, 10))
    world.service.tick()
    assert explained(world, 4).decided[1:3] == (
        "2012-01-10: rule unowned, 4 steps from 2011-09-08 to 2011-12-01: "
        "nobody told, for a later step of the same rule came at the same time",
        "2012-01-10: “standing still” in the digest to HUM section: rule unowned, repeated (planned for 2011-12-30)",
    )


def test_a_pause_says_by_whom_and_why(world: World) -> None:
    world.live_until(date(2012, 9, 3))
    errand = Errand(ref="IOM-2011-8", move="hold", by="unit:HUM", text="Tallene kommer", through="mail")
    world.service.desk.pause(errand, rule="due", kind="ack", until=date(2012, 9, 10))
    assert explained(world, 8).rules[0] == "due is paused until 2012-09-10, by HUM section: “Tallene kommer”"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_sentence_is_said_in_the_language_that_was_asked_for(world: World, language: str) -> None:
    world.away_until(date(2012, 9, 20))
    world.service.tick()
    found = explained(world, 8, language)
    everything = " ".join((found.standing, *found.decided, *found.rules, *found.coming))
    foreign = {"nb": ("sidan", " is ", "ikkje"), "nn": ("siden", " is ", "ikke "), "en": (" er ", "ikke", "ikkje")}
    assert not [word for word in foreign[language] if word in everything]
    assert "{" not in everything
