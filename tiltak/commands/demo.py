"""The demo: the plan of 2011 lives through its year, on a clock that you push, with every letter readable."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from sys import prefix
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.progress import Progress

from engine.calendar import day_of, instant
from engine.draft import PlanDraft
from engine.errors import NotFound
from engine.notice import Letter
from tiltak.commands.plans import read_file
from tiltak.demo import Demo, open_demo
from tiltak.output import console, json_line, say, table
from tiltak.pages import pages
from tiltak.serving import serve
from tiltak.sink import Sink
from workflows.loading import load

EXAMPLES = (Path(__file__).parents[2] / "examples", Path(prefix) / "share" / "tiltak" / "examples")
PORTS = range(8000, 8100)
YEAR = timedelta(days=400)


def demo(
    file: Annotated[Path | None, typer.Argument(help="A plan file; else the plan of 2011.", dir_okay=False)] = None,
    once: Annotated[bool, typer.Option("--once", help="Run the whole year, print it, and stop.")] = False,
    until: Annotated[str, typer.Option(help="With --once: the last day, YYYY-MM-DD.")] = "",
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; else the first free one from 8000.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: one JSON object per line.")] = False,
) -> None:
    """Let a plan live through its year on this machine. No mail leaves it."""
    workflows = load()
    draft = read_file(file or example("iom-2011.yaml"), workflows)
    last = _last_day(until, draft)
    with Sink() as sink, TemporaryDirectory(prefix="tiltak-demo-") as folder:
        port = 0 if once else port or free_port()
        where = "" if once else f"http://127.0.0.1:{port}"
        opened = open_demo(draft, workflows, smtp_port=sink.port, folder=Path(folder), base_url=where)
        try:
            if once:
                run_once(opened, draft, last, as_json=as_json)
            else:
                _show(opened, port)
        finally:
            opened.service.close()


def example(name: str) -> Path:
    """A shipped plan file, in a checkout or where an installation puts it."""
    found = next((folder / name for folder in EXAMPLES if (folder / name).is_file()), None)
    if found is None:
        raise NotFound("example", name)
    return found


def _show(opened: Demo, port: int) -> None:
    line = f"The demo answers on http://127.0.0.1:{port}\nIts clock stands at {opened.today()}. Ctrl-C ends it."
    serve(
        pages(opened.service, opened, answer=opened.answer),
        host="127.0.0.1",
        port=port,
        rounds={},
        ready=lambda: say(line),
    )


def free_port() -> int:
    """The first port of 127.0.0.1 from 8000 on that nobody listens on."""
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise NotFound("free port", f"{PORTS[0]} to {PORTS[-1]}")


def _last_day(text: str, draft: PlanDraft) -> date:
    if not text:
        return draft.decided_on + YEAR
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2012-08-27") from error


@dataclass(frozen=True, slots=True)
class Line:
    """One letter of the year as the table shows it."""

    day: date
    to: str
    subject: str
    why: str


def run_once(opened: Demo, draft: PlanDraft, last: date, *, as_json: bool) -> None:
    """The year from the day the plan was decided, then every letter that went out in it."""
    days = (last - draft.decided_on).days
    with Progress(console=console(), transient=True, disable=as_json) as progress:
        task = progress.add_task(f"{draft.ref} {draft.decided_on} to {last}", total=days)
        for at in opened.steps(instant(last, time(23, 0), opened.zone)):
            progress.update(task, completed=(day_of(at, opened.zone) - draft.decided_on).days)
    lines = _lines(opened)
    if as_json:
        for line in lines:
            json_line({"date": line.day, "to": line.to, "subject": line.subject, "why": line.why})
        return
    table(draft.title, ("day", "to", "subject", "why"), [(it.day, it.to, it.subject, it.why) for it in lines])
    say(f"\n{len(lines)} mails in {days} days; {opened.service.store.letters_count() - len(lines)} could not be sent.")


def _lines(opened: Demo) -> Sequence[Line]:
    store = opened.service.store
    letters: list[Letter] = []
    while page := store.letters(before=letters[-1].id if letters else ""):
        letters += page
    sent = [letter for letter in reversed(letters) if letter.sent_at]
    return [_line(opened, letter) for letter in sent]


def _line(opened: Demo, letter: Letter) -> Line:
    rules = dict.fromkeys(f"{it.ref} {it.rule}" for it in opened.service.store.parcel(letter.id).notices)
    assert letter.sent_at
    return Line(day_of(letter.sent_at, opened.zone), letter.address, letter.subject, ", ".join(rules))
