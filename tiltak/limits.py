"""Whether people may have their overviews as they chose: counted by the same proof as the rules themselves."""

from dataclasses import replace
from functools import lru_cache

from engine.limits import Limits
from engine.overview import reads_by
from engine.people import Register
from engine.rhythm import Every, Rhythm
from engine.workflow import Workflows
from workflows.horizon import Horizon

ALWAYS = 0  # on every day on which letters leave


def limits_of(offered: tuple[Every, ...], workflows: Workflows) -> Limits:
    """What the settings offer, as far as every workflow in use keeps its guard."""

    @lru_cache(maxsize=64)  # a second each, and the same for everybody who reads by the same calendar
    def kept(*seen: Horizon) -> bool:
        from workflows.calendars import broken

        return not any(broken(workflows.by_key.values(), seen))

    def promise(party: str, own: Rhythm, register: Register) -> bool:
        reader, week = reads_by(party, register), own.weekday if own.every == "weekly" else ALWAYS
        if reader is None and week == ALWAYS:
            return True  # it comes when letters leave anyway, which the service has proved already
        from workflows.calendars import horizons  # the prover is loaded where somebody asks for a proof

        seen = horizons(register.organisation, register.units.values())
        return kept(*(replace(it, office=replace(it.office, reader=reader, week=week)) for it in seen))

    return Limits(offered, promise)
