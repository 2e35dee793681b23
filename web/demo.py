"""The demo's own buttons: push the clock forward, and make a move as whoever may make it."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse

from engine.case import Errand
from engine.errors import NoSuchMove
from web.case_forms import acting
from web.desktop import Desktop
from web.door import local
from web.ports import Demo


def demo_routes(desktop: Desktop, demo: Demo) -> APIRouter:
    router = APIRouter()
    steps: dict[str, Callable[[], None]] = {
        "workday": demo.forward_workday,
        "week": demo.forward_week,
        "event": demo.forward_event,
    }

    def forward(step: str) -> Callable[[str], RedirectResponse]:
        def push(back: Annotated[str, Form()] = "/") -> RedirectResponse:
            steps[step]()
            return RedirectResponse(local(back), 303)

        return push

    for step in steps:
        router.add_api_route(f"/demo/{step}", forward(step), methods=["POST"], name=f"demo_{step}", response_model=None)

    @router.post("/case/{ref:path}", name="move", response_model=None)
    def move(
        ref: str,
        move: Annotated[str, Form()],
        seen: Annotated[int, Form()],
        text: Annotated[str, Form(max_length=20_000)] = "",
        owner: Annotated[str, Form()] = "",
        due: Annotated[date | None, Form()] = None,
    ) -> RedirectResponse:
        errand = Errand(
            ref=ref, move=move, by=_actor(desktop, ref, move), seen=seen, through="web", text=text, owner=owner, due=due
        )
        desktop.desk.act(errand)
        return RedirectResponse(f"/case/{quote(ref)}", 303)

    return router


def _actor(desktop: Desktop, ref: str, move: str) -> str:
    case = desktop.reader.case(ref)
    workflow = desktop.workflows[case.workflow]
    if move not in workflow.moves:
        raise NoSuchMove(move, case.state, [it.name for it in workflow.moves_from(case.state)])
    return acting(case, workflow.moves[move], desktop.reader.register())
