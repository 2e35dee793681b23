"""What a signed-in visitor does to a case: one form, one errand, and the page again with a receipt."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse

from engine.access import open_acts
from engine.act import COMMENTING
from engine.case import Errand, Event
from engine.errors import NotYours
from web.case_view import shown_case
from web.desktop import Desktop

Wish = Literal["move", "comment", "deadline", "hand over"]


def act_routes(desktop: Desktop) -> APIRouter:
    router, desk = APIRouter(), desktop.desk
    doors: dict[Wish, Callable[[Errand], Event]] = {
        "move": desk.act,
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
    ) -> RedirectResponse:
        """By whose right is the engine's to say: the visitor's own, or that of somebody who is away."""
        scene = desktop.scene(request)
        assert scene.visitor
        case, who = shown_case(scene, desktop.reader, ref), scene.visitor.party
        workflow = scene.workflow(case)
        if act == "comment" and act not in open_acts(who, case, workflow, scene.register, scene.today):
            raise NotYours(who, act, COMMENTING)
        said = move if act == "move" else act
        errand = Errand(ref=ref, move=said, by=who, seen=seen, through="web", text=text, owner=owner, due=due)
        event = doors[act](errand)
        return RedirectResponse(f"/case/{quote(ref)}?kept={event.seq}", 303)

    return router
