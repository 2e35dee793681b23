"""The pages that only look: plans, cases and letters. None of these routes changes anything."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from engine.errors import NotFound, Unreadable
from web.case_view import case_page, shown_case
from web.desktop import Desktop
from web.documents import download
from web.door import SignInNeeded
from web.mail_view import letter_html, letter_page, outbox_page
from web.plan_view import plan_list, plan_page
from web.report import report_routes
from web.shield import LETTER_POLICY, WITH_WAY_OUT
from workflows.explain import Facts, explain

Language = Literal["nb", "nn", "en"]
View = Literal["html", "text", "headers", "source"]


def page_routes(desktop: Desktop) -> APIRouter:
    router, reader = APIRouter(default_response_class=HTMLResponse), desktop.reader

    @router.get("/")
    def home(request: Request) -> Response:
        try:
            scene = desktop.scene(request)
        except SignInNeeded:
            return desktop.front(request)
        plans = [it for it in reader.plans() if scene.shows(it.ref)]
        if len(plans) == 1:
            return RedirectResponse(f"/plan/{quote(plans[0].ref)}", 303)
        return desktop.page(request, scene, "plans.html", here="overview", plans=plan_list(scene, plans))

    router.include_router(report_routes(desktop))  # before the plan, whose address begins all the same

    @router.get("/plan/{ref:path}", name="plan")
    def plan(request: Request, ref: str) -> Response:
        scene = desktop.scene(request)
        return desktop.page(request, scene, "plan.html", here="overview", plan=plan_page(scene, reader, ref))

    @router.get("/case/{ref:path}", name="case")
    def case(request: Request, ref: str, kept: Annotated[int, Query(ge=0, le=2**31)] = 0) -> Response:
        scene = desktop.scene(request)
        shown = case_page(scene, reader, ref, now=desktop.clock.now(), kept=kept)
        return desktop.page(request, scene, "case.html", here="", case=shown)

    @router.get("/document/{document}", name="document")
    def document(request: Request, document: str, ref: Annotated[str, Query(max_length=200)]) -> Response:
        return download(reader.document(shown_case(desktop.scene(request), reader, ref).ref, document))

    router.include_router(_outbox(desktop))
    router.include_router(_explaining(desktop))
    return router


def _outbox(desktop: Desktop) -> APIRouter:
    router, reader = APIRouter(default_response_class=HTMLResponse), desktop.reader

    @router.get("/outbox", name="outbox")
    def outbox(request: Request, before: Annotated[str, Query(max_length=64)] = "") -> Response:
        scene = desktop.scene(request)
        shown = outbox_page(scene, reader, before=before)
        return desktop.page(request, scene, "outbox.html", here="outbox", outbox=shown)

    @router.get("/outbox/{letter_id}", name="letter")
    def letter(request: Request, letter_id: str, view: View = "html") -> Response:
        scene = desktop.scene(request)
        shown = letter_page(scene, reader, letter_id)
        return desktop.page(request, scene, "letter.html", here="outbox", letter=shown, view=view)

    @router.get("/outbox/{letter_id}/html", name="letter_html")
    def html(request: Request, letter_id: str) -> Response:
        followed = desktop.demo is not None  # elsewhere no letter keeps a link that is worth following
        policy = LETTER_POLICY + WITH_WAY_OUT if followed else LETTER_POLICY
        shown = letter_html(desktop.scene(request), reader, letter_id, followed=followed)
        return HTMLResponse(shown, headers={"Content-Security-Policy": policy})

    return router


def _explaining(desktop: Desktop) -> APIRouter:
    router, reader = APIRouter(), desktop.reader

    @router.get("/api/explain/{ref:path}", name="explain", response_model=None)
    def why(
        request: Request, ref: str, on: date | None = None, until: date | None = None, lang: Language = "en"
    ) -> JSONResponse:
        """Why somebody was told about a case, why nobody was, and what comes next; for programs."""
        scene = desktop.scene(request)
        try:
            shown_case(scene, reader, ref)
            facts = Facts.of(reader, ref, scene.today)
            found = explain(facts, desktop.workflows, language=lang, on=on, until=until)
        except (NotFound, Unreadable) as error:
            return JSONResponse({"error": str(error)}, 404 if isinstance(error, NotFound) else 500)
        return JSONResponse({"ref": ref, **asdict(found)})

    return router
