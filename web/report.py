"""The report after a year as it would be today, or was on an earlier day: a page, and files to save."""

from datetime import date
from typing import Annotated, get_args

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engine.case import Document
from engine.errors import NotFound
from reports.yearly.as_html import body
from reports.yearly.facts import YearReport
from reports.yearly.formats import TYPES, Format, file_name, report_file
from reports.yearly.reckoning import year_report
from reports.yearly.telling import paper
from web.desktop import Desktop
from web.documents import download
from web.standing import Scene


def report_routes(desktop: Desktop) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/plan/{ref:path}/report", name="report")
    def report(
        request: Request,
        ref: str,
        on: Annotated[date | None, Query()] = None,
        format: Annotated[Format | None, Query()] = None,
    ) -> Response:
        scene = desktop.scene(request)
        found = _found(desktop, scene, ref, on or scene.today)
        if format:
            return download(_file(found, format, scene.tongue.language))
        shown = paper(found, scene.tongue.language)
        values = {"report": found, "paper": shown, "body": body(shown), "formats": get_args(Format)}
        return desktop.page(request, scene, "report.html", here="overview", today=scene.today, **values)

    return router


def _found(desktop: Desktop, scene: Scene, ref: str, on: date) -> YearReport:
    """NotFound for a plan that is not shown to the visitor; Refused for a day on which there is nothing to say."""
    if not scene.shows(ref):
        raise NotFound("plan", ref)
    return year_report(desktop.reader, desktop.workflows, ref, on=on, today=scene.today)


def _file(report: YearReport, format: Format, language: str) -> Document:
    content = report_file(report, format, language)
    name = file_name(report, format, language)
    return Document(id="", name=name, type=TYPES[format], size=len(content), content=content)
