"""Why this mail, why no mail, and what comes next: in words, for any case on any day."""

from datetime import date, time

import pytest

from engine.case import Errand
from notifications.post import SendError
from tests.stories.world import World
from workflows.explain import Explanation, Facts, explain


def explained(
    world: World, number: int, language: str = "en", on: date | None = None, until: date | None = None
) -> Explanation:
    facts = Facts.of(world.service.store, f"IOM-2011-{number}", world.today)
    return explain(facts, world.service.workflows, language=language, on=on, until=until)


def test_every_mail_of_a_case_is_explained(world: World) -> None:
    world.live_until(date(2011, 12, 1))
    found = explained(world, 3)
    assert found.standing == (
        "IOM-2011-3 is “assigned” since 2011-08-25; Regional department is responsible; it has no deadline"
    )
    assert found.decided[0] == (
        "2011-08-25: “digest” in the digest to GIL section: the case was changed (open); "
        "sent on 2011-08-25 to gil@ud.example"
    )
    assert (
        "2011-10-24: “standing still” to Regional department: rule quiet, 60 days after the last sign of life; "
        "sent on 2011-10-24 to regionalavdelingen@ud.example"
    ) in found.decided
    assert len(found.decided) == len(world.service.store.notices("IOM-2011-3"))
    assert found.rules[0] == "due waits: the clock it counts from does not run"
    assert "quiet counts from 2011-08-25" in found.rules
    assert found.coming[0].startswith("2011-12-23: “standing still” in the digest to ")


def test_a_day_on_which_nothing_was_told_is_explained_as_well(world: World) -> None:
    world.live_until(date(2011, 12, 1))
    nothing = explained(world, 3, on=date(2011, 10, 25))
    said, before, after = nothing.decided
    assert said == "nothing was decided on 2011-10-25: no rule had a step on that day"
    assert before.startswith("before that: 2011-10-24: “standing still” to Rolf Eksempel: rule quiet, 60 days after")
    assert after.startswith("after that: 2011-11-23: “standing still” in the digest to HUM section")
    between = explained(world, 3, on=date(2011, 10, 25), until=date(2011, 11, 22)).decided
    assert between[0] == "nothing was decided from 2011-10-25 to 2011-11-22: no rule had a step on those days"
    assert explained(world, 3, on=date(2011, 11, 30)).decided[2].startswith("after that: 2011-12-23: ")
    assert len(explained(world, 3, on=date(2011, 10, 24)).decided) == 3


def test_steps_that_downtime_passed_over_are_explained_in_one_line(world: World) -> None:
    world.service.tick()
    world.away_until(date(2012, 1, 10))
    world.service.sweep()
    assert explained(world, 4).decided[1:3] == (
        "2012-01-10: rule unowned, 4 steps from 2011-09-08 to 2011-12-01: "
        "nobody told, for a later step of the same rule came at the same time",
        "2012-01-10: “standing still” in the digest to HUM section: rule unowned, repeated (planned for 2011-12-30; "
        "the service was away from 2011-08-25 to 2012-01-10); on its way to hum@ud.example",
    )


def test_a_pause_says_by_whom_and_why(world: World) -> None:
    world.live_until(date(2012, 9, 3))
    errand = Errand(ref="IOM-2011-8", move="hold", by="unit:HUM", text="Tallene kommer", through="mail")
    world.service.desk.pause(errand, rule="due", kind="ack", until=date(2012, 9, 10))
    assert explained(world, 8).rules[0] == "due is paused until 2012-09-10, by HUM section: “Tallene kommer”"
    world.live_until(date(2012, 9, 12))
    assert "2012-09-03: due was paused until 2012-09-10, by HUM section: “Tallene kommer”" in (
        explained(world, 8, on=date(2012, 9, 4), until=date(2012, 9, 10)).decided
    )


def test_a_word_that_waits_and_one_that_was_overtaken_say_so(world: World) -> None:
    world.live_until(date(2011, 10, 23), time(20, 0))
    world.away_until(date(2011, 10, 24), time(1, 0))
    world.service.sweep()
    assert all(line.endswith("held until 2011-10-24") for line in explained(world, 3, on=date(2011, 10, 24)).decided)
    world.act(3, "report", "unit:REG", "Gjort i alle brev")
    world.live_until(date(2011, 10, 25))
    told = [line for line in explained(world, 3, on=date(2011, 10, 24)).decided if "rule quiet" in line]
    assert told
    assert all(line.endswith("not sent, for somebody acted on the case first") for line in told)


def test_a_letter_that_died_and_whoever_got_it_instead_are_named(world: World) -> None:
    world.live_until(date(2011, 10, 23))
    world.away_until(date(2011, 10, 24), time(9, 0))
    world.service.sweep()
    refused = SendError("550 5.1.1 no such user", nobody=True)
    world.box.failures = [refused, refused]
    world.service.tick()
    world.live_until(date(2011, 10, 25))
    found = explained(world, 3)
    decided = " ".join(found.decided)
    assert "could not be delivered to regionalavdelingen@ud.example: 550 5.1.1 no such user" in decided
    assert " instead of Regional department: rule quiet" in decided or " instead of Regionalavdelingen: rule" in decided
    assert any("goes to" in line and "cannot be reached" in line for line in found.redirected)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_sentence_is_said_in_the_language_that_was_asked_for(world: World, language: str) -> None:
    world.away_until(date(2012, 9, 20))
    world.service.tick()
    found = explained(world, 8, language)
    everything = " ".join((found.standing, *found.decided, *found.rules, *found.coming))
    foreign = {"nb": ("sidan", " is ", "ikkje"), "nn": ("siden", " is ", "ikke "), "en": (" er ", "ikke", "ikkje")}
    assert not [word for word in foreign[language] if word in everything]
    assert "{" not in everything
