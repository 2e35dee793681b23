"""The page on which a reader says when the overview comes: how it comes now, what may be chosen, and what it was."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.limits import Limits, opening
from engine.people import Register
from engine.rhythm import EVERY, Choice, Rhythm
from engine.roles import name_of
from web.language import Tongue
from web.words import rhythm_words, weekday_words

STANDARD = "standard"  # as the organisation says


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that may be chosen."""

    name: str
    words: str
    leads_to: str
    timed: bool = False
    weekly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmPage:
    """`earlier` is what it can be set back to ("" = nothing); `refused` says that the promise forbids once a week."""

    whom: str
    organisation: str
    now: str
    chosen: str
    earlier: str
    offers: tuple[Offer, ...]
    weekdays: tuple[tuple[int, str], ...]
    weekday: int
    at: str
    opens: str
    closes: str
    refused: bool


def rhythm_page(tongue: Tongue, party: str, register: Register, limits: Limits, choices: list[Choice]) -> RhythmPage:
    organisation, now = register.organisation, register.rhythms.get(party)
    shown = now or Rhythm(every="eventful", at=opening(organisation))
    weekdays = limits.weekdays(party, register)
    can, earlier = earlier_of(party, register, limits, choices)
    return RhythmPage(
        whom=tongue.text(name_of(party, register)),
        organisation=tongue.text(organisation.name),
        now=rhythm_words(tongue, now, organisation),
        chosen=tongue.moment(choices[0].chosen_at, organisation.zone) if choices else "",
        earlier=rhythm_words(tongue, earlier, organisation) if can else "",
        offers=tuple(_offers(tongue, party, register, limits)),
        weekdays=tuple((day, weekday_words(tongue, day)) for day in weekdays),
        weekday=shown.weekday,
        at=f"{shown.at:%H:%M}",
        opens=f"{organisation.window.opens:%H:%M}",
        closes=f"{organisation.window.closes:%H:%M}",
        refused="weekly" in limits.offered and not weekdays,
    )


def earlier_of(party: str, register: Register, limits: Limits, choices: list[Choice]) -> tuple[bool, Rhythm | None]:
    """Whether there is something to set back to, and what; None is as the organisation says."""
    earlier = Rhythm.parse(choices[1].rhythm) if choices[1:] else None
    can = bool(choices) and (earlier is None or limits.permits(party, earlier, register))
    return can and earlier != register.rhythms.get(party), earlier


def _offers(tongue: Tongue, party: str, register: Register, limits: Limits) -> Iterator[Offer]:
    words = {
        "workday": (tongue.say("Every working day"), tongue.say("Also when there is nothing new.")),
        "eventful": (tongue.say("When there is something to say"), tongue.say("On working days, one a day at most.")),
        "weekly": (
            tongue.say("Once a week"),
            tongue.say("On the next working day when that day is a holiday. What is urgent still comes at once."),
        ),
    }
    at = opening(register.organisation)
    for every in EVERY:
        weekly = every == "weekly"
        fits = (
            limits.weekdays(party, register) if weekly else limits.permits(party, Rhythm(every=every, at=at), register)
        )
        if fits:
            title, leads_to = words[every]
            yield Offer(name=every, words=title, leads_to=leads_to, timed=True, weekly=weekly)
    if limits.offered:
        usual = rhythm_words(tongue, None, register.organisation)
        yield Offer(
            name=STANDARD,
            words=tongue.say("Nothing of my own"),
            leads_to=tongue.say("It then comes %(how)s.", how=usual),
        )
