"""What a signed-in visitor does to a case: one form, one errand, and the page again with a receipt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse

from engine.access import SNOOZING, open_acts, open_asks
from engine.act import COMMENTING
from engine.case import Case, Errand, Event
from engine.errors import NoSuchMove, NotYours, Stale
from engine.revoke import revocable
from web.case_view import shown_case
from web.desktop import Desktop
from web.standing import Scene

Wish = Literal["move", "ask", "comment", "deadline", "hand over", "undo", "pause", "revoke"]


def act_routes(desktop: Desktop) -> APIRouter:
    router, desk = APIRouter(), desktop.desk
    doors: dict[Wish, Callable[[Errand], Event]] = {
        "move": desk.act,
        "ask": lambda errand: desk.answer(errand).event,
        "comment": desk.comment,
        "deadline": desk.move_deadline,
        "hand over": desk.hand_over,
    }

    @router.post("/case/{ref:path}", name="act", response_model=None)
    def act(
        request: Request,
        ref: str,
        seen: Annotated[int, Form()],
        act: Annotated[Wish, Form()] = "move",
        move: Annotated[str, Form(max_length=200)] = "",
        text: Annotated[str, Form(max_length=20_000)] = "",
        owner: Annotated[str, Form(max_length=200)] = "",
        due: Annotated[date | None, Form()] = None,
        of: Annotated[int, Form(ge=0, le=2**31)] = 0,
        which: Annotated[str, Form(max_length=200)] = "",
    ) -> RedirectResponse:
        """By whose right is the engine's to say: the visitor's own, or that of somebody who is away."""
        scene = desktop.scene(request)
        assert scene.visitor
        case, who = shown_case(scene, desktop.reader, ref), scene.visitor.party
        if seen != case.version:
            raise Stale(ref, seen)  # the engine looks at it again, but at none for an ask
        _allowed(scene, case, act, move)
        said = move if act in ("move", "ask") else "hold" if act == "pause" else act
        errand = Errand(ref=ref, move=said, by=who, seen=seen, through="web", text=text, owner=owner, due=due)
        match act:
            case "undo":
                event = desk.undo(errand, of=of).event
            case "pause":
                event = desk.pause(replace(errand, due=None), rule=move, kind="snooze", until=due or scene.today)
            case "revoke":
                good = revocable(desktop.reader.links_to(ref), ref, desktop.clock.now())
                event = desk.revoke(errand, [it for it in good if it.party == which])
            case _:
                event = doors[act](errand)
        return RedirectResponse(f"/case/{quote(ref)}?kept={event.seq}", 303)

    return router


def _allowed(scene: Scene, case: Case, act: Wish, move: str) -> None:
    """What the engine takes from anybody, since mail brings it too, is taken here from those who are offered it."""
    assert scene.visitor
    who, where = scene.visitor.party, (case, scene.workflow(case), scene.register, scene.today)
    if act == "comment" and act not in open_acts(who, *where):
        raise NotYours(who, act, COMMENTING)
    if act == "pause" and act not in open_acts(who, *where):
        raise NotYours(who, act, SNOOZING)
    if act == "ask" and move not in [it.name for it in open_asks(who, *where)]:
        raise NoSuchMove(move, case.state)
