"""Mail that came in and waits for somebody to look at it: the list, one mail as text, and what to make of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine.access import operates, plan_roles
from engine.errors import NotFound
from engine.inbound import Enclosed, Inbound
from engine.inbox import Inbox
from engine.link import redacted
from engine.tidying import attach, drop
from web.desktop import Desktop
from web.standing import Scene
from web.views import Choice, InboundPage, InboundRow
from web.words import inbound_words, size_words

WATCHERS: Final = frozenset({"coordinator", "operator"})
MOST_CASES: Final = 300  # to choose from, where a mail is put on a case
Unwrap = Callable[[Inbound], Enclosed]
Answer = Callable[[str, str, str], int]  # a letter's id, what its receiver writes, and from which address


def nothing_enclosed(_: Inbound) -> Enclosed:
    return Enclosed()


def inbound_routes(desktop: Desktop, inbox: Inbox, enclosed: Unwrap = nothing_enclosed) -> APIRouter:
    router, tray = APIRouter(default_response_class=HTMLResponse), _Tray(desktop, inbox)

    @router.get("/inbound", name="inbound")
    def waiting(request: Request, everything: bool = False) -> Response:
        scene = desktop.scene(request)
        found = tray.shown(scene, inbox.inbounds() if everything else inbox.tray())
        rows = tuple(_row(scene, it) for it in found)
        return desktop.page(request, scene, "inbound.html", here="inbound", mails=rows, everything=everything)

    @router.get("/inbound/{number}", name="inbound_mail")
    def mail(request: Request, number: int) -> Response:
        scene = desktop.scene(request)
        found = tray.mail(scene, number)
        shown = tray.page(scene, found, enclosed(found) if found.waits else Enclosed())
        return desktop.page(request, scene, "inbound-mail.html", here="inbound", mail=shown)

    @router.get("/inbound/{number}/source", name="inbound_source")
    def source(request: Request, number: int) -> Response:
        """As it came, to be saved and never shown: what strangers send is opened by nobody's browser."""
        scene = desktop.scene(request)
        found = tray.mail(scene, number)
        if found.raw is None or not tray.may_save(scene):
            raise NotFound("source of mail", str(number))
        headers = {"Content-Disposition": f'attachment; filename="{number}.eml"', "X-Content-Type-Options": "nosniff"}
        return Response(found.raw, media_type="application/octet-stream", headers=headers)

    @router.post("/inbound/{number}/attach", name="inbound_attach")
    def to_case(request: Request, number: int, ref: Annotated[str, Form(max_length=200)]) -> Response:
        scene = desktop.scene(request)
        mail, case = tray.mail(scene, number), desktop.reader.case(ref)
        if case.plan not in tray.plans(scene):
            raise NotFound("case", ref)
        by = scene.visitor.party if scene.visitor else f"unit:{case.coordinator}"
        documents = enclosed(mail).documents
        attach(inbox, scene.workflows, mail.id, ref, by=by, now=desktop.clock.now(), documents=documents)
        return RedirectResponse(f"/inbound/{number}", 303)

    @router.post("/inbound/{number}/drop", name="inbound_drop")
    def aside(request: Request, number: int) -> Response:
        scene = desktop.scene(request)
        by = scene.visitor.party if scene.visitor else "coordinator"
        drop(inbox, tray.mail(scene, number).id, by=by, now=desktop.clock.now())
        return RedirectResponse("/inbound", 303)

    return router


@dataclass(frozen=True, slots=True)
class _Tray:
    """What of the mail a visitor may see: whoever coordinates a plan, or runs the service, and nobody else."""

    desktop: Desktop
    inbox: Inbox

    def plans(self, scene: Scene) -> frozenset[str]:
        return frozenset(it.ref for it in self.desktop.reader.plans() if self._watches(scene, it.ref))

    def _watches(self, scene: Scene, plan: str) -> bool:
        if scene.visitor is None:
            return True
        cases = self.desktop.reader.cases(plan) if scene.shows(plan) else ()
        return not WATCHERS.isdisjoint(plan_roles(scene.visitor.party, cases, scene.register, scene.today))

    def shown(self, scene: Scene, mails: Iterable[Inbound]) -> list[Inbound]:
        """Those about these plans, and those of which nobody knows what they are about."""
        found, plans = list(mails), self.plans(scene)
        if not plans and scene.visitor and not operates(scene.visitor.party, scene.register):
            return []
        cases = self.desktop.reader.cases_by_ref(sorted({it.ref for it in found if it.ref}))
        return [it for it in found if it.ref not in cases or cases[it.ref].plan in plans]

    def mail(self, scene: Scene, number: int) -> Inbound:
        for it in self.shown(scene, [self.inbox.inbound(number)]):
            return it
        raise NotFound("mail", str(number))

    def may_save(self, scene: Scene) -> bool:
        """A reply quotes the letter it answers, and so the secrets of whoever got that: no colleague is handed them."""
        return scene.visitor is None or operates(scene.visitor.party, scene.register)

    def page(self, scene: Scene, it: Inbound, came: Enclosed) -> InboundPage:
        plans = sorted(self.plans(scene)) if it.waits else ()
        cases = [case for plan in plans for case in self.desktop.reader.cases(plan)][:MOST_CASES]
        return InboundPage(
            row=_row(scene, it),
            ref=it.ref,
            why=it.error,
            text=redacted(it.text) if scene.visitor else it.text,
            size=it.size,
            files=tuple(f"{file.name} ({size_words(scene.tongue, file.size)})" for file in came.documents),
            refused=came.refused,
            has_source=it.raw is not None and self.may_save(scene),
            cases=tuple(Choice(case.ref, f"{case.number or case.ref} {case.title}") for case in cases),
        )


def reply_routes(answer: Answer) -> APIRouter:
    """The demo's own: answer a letter as whoever got it."""
    router = APIRouter()

    @router.post("/demo/reply", name="demo_reply", response_model=None)
    def reply(
        letter: Annotated[str, Form(max_length=64)],
        text: Annotated[str, Form(max_length=20_000)],
        sender: Annotated[str, Form(max_length=200)] = "",
    ) -> RedirectResponse:
        return RedirectResponse(f"/inbound/{answer(letter, text, sender)}", 303)

    return router


def _row(scene: Scene, it: Inbound) -> InboundRow:
    return InboundRow(
        number=it.id,
        when=scene.tongue.moment(it.received_at, scene.register.organisation.zone),
        sender=it.sender or scene.tongue.say("unknown"),
        subject=it.subject or scene.tongue.say("(no subject)"),
        became=inbound_words(scene.tongue, it.outcome),
        waits=it.waits,
    )
