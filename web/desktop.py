"""What every page stands on: the engine's doors, the reader's language, and the frame around the page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from engine.calendar import day_of
from engine.ports import Clock, Reader
from engine.workflow import Workflows
from web.door import Door
from web.language import Tongue
from web.look import reading, render
from web.ports import Demo, DeskLike, Pulse
from web.standing import Scene


@dataclass(frozen=True, slots=True)
class DemoBar:
    today: str
    next_event: str  # "" when nothing will happen
    letters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a page. `here` names the entry of the navigation that the page belongs to."""

    here: str = ""
    pages: bool = False
    demo: DemoBar | None = None
    swept: str = ""
    doubt: str = ""  # why the clock is not believed just now
    version: str = ""
    data_language: str = ""
    visitor: str = ""  # the name of whoever is signed in
    sign_in: bool = False  # whether one can


@dataclass(frozen=True, slots=True)
class Desktop:
    desk: DeskLike
    reader: Reader
    workflows: Workflows
    clock: Clock
    demo: Demo | None
    version: str
    pulse: Pulse
    door: Door | None = None

    def scene(self, request: Request) -> Scene:
        """SignInNeeded when nobody is signed in where one has to be."""
        register = self.reader.register()
        today = day_of(self.clock.now(), register.organisation.zone)
        visitor = self.door.visitor(request, register, today) if self.door else None
        return Scene(reading(request, register.organisation.language).tongue, register, self.workflows, today, visitor)

    def page(self, request: Request, scene: Scene, template: str, *, here: str, **values: Any) -> HTMLResponse:
        organisation, swept = scene.register.organisation, self.pulse.last_sweep()
        frame = Frame(
            here=here,
            pages=True,
            demo=self._bar(scene.tongue, scene.today),
            swept=scene.tongue.moment(swept, organisation.zone) if swept else "",
            doubt=self._doubt(scene.tongue, organisation.zone),
            version=self.version,
            data_language=organisation.language,
            visitor=scene.name(scene.visitor.party) if scene.visitor else "",
        )
        return render(request, template, tongue=scene.tongue, frame=frame, **values)

    def _bar(self, tongue: Tongue, today: date) -> DemoBar | None:
        if self.demo is None:
            return None
        event = self.demo.next_event()
        following = tongue.day_and_month(event) if event else ""
        return DemoBar(tongue.long_day(today), following, self.reader.letters_count())

    def leapt(self) -> bool:
        """Whether the clock is so far ahead that nothing is decided or sent."""
        return any(it.what == "ahead" for it in self.pulse.doubts())

    def _doubt(self, tongue: Tongue, zone: str) -> str:
        doubt = next(iter(self.pulse.doubts()), None)
        if doubt is None or not (doubt.at and doubt.swept):
            return ""
        facts = {"now": tongue.moment(doubt.at, zone), "swept": tongue.moment(doubt.swept, zone)}
        if doubt.what == "back":
            return tongue.say(
                "The clock shows %(now)s, but the deadlines were looked at later than that, %(swept)s. Until it has "
                "caught up, the service counts by that moment.",
                **facts,
            )
        return tongue.say(
            "The clock shows %(now)s, but the deadlines were last looked at %(swept)s. Until whoever runs the service "
            "has corrected the clock, or said that it is right, nothing is decided, sent or changed.",
            **facts,
        )

    def front(self, request: Request) -> HTMLResponse:
        """All that a stranger sees of a service that works by mail."""
        frame = Frame(version=self.version, sign_in=self.door is not None)
        return render(request, "front.html", tongue=reading(request).tongue, frame=frame)

    def apology(self, request: Request, status: int, kind: str = "") -> HTMLResponse:
        """What happened and where to go, by kind or else by status. Asks the store nothing: that may be what broke."""
        ref = request.path_params.get("ref", "") if request.method == "POST" else ""
        frame = Frame(version=self.version)
        tongue = reading(request).tongue
        return render(
            request, "error.html", status=status, tongue=tongue, frame=frame, kind=kind or str(status), ref=ref
        )
