"""A received mail on the terminal: what it is and says, as the service would understand it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.errors import NotFound, TiltakError
from notifications.reading.facts import Argument, Attachment, Away, Bounce, Mailbox, Reading
from notifications.reading.reader import written_on
from tiltak.clock import SystemClock
from tiltak.output import json_line, say
from tiltak.reading import begin_readers
from tiltak.settings import Settings
from workflows.loading import load


def parse_mail(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Mails as they came, one in each file.", dir_okay=False)],
    received: Annotated[
        datetime | None, typer.Option(help="The day it came; else its own date.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """Say what a mail is and says, as the service would understand it. Nothing is done about it."""
    settings: Settings = context.obj.settings()
    with begin_readers(settings, load(settings.service.workflows_dir, proven=False)) as readers:
        for file in files:
            raw = _bytes(file)
            reading = readers.read(raw, received=received.date() if received else _day(raw))
            if as_json:
                json_line(({"file": str(file)} if files[1:] else {}) | _facts(reading))
            else:
                _show(file, reading)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("mail file", str(file)) from error
    except OSError as error:
        raise TiltakError(f"{file} cannot be read: {error.strerror}") from error


def _day(raw: bytes) -> date:
    return written_on(raw) or SystemClock().now().date()


def _facts(reading: Reading) -> dict[str, Any]:
    envelope = reading.envelope
    return {
        "class": reading.klass,
        "reply": reading.reply,
        "command": reading.command,
        "argument": _argument(reading.argument),
        "absence": _away(reading.absence),
        "bounce": _bounce(reading.bounce),
        "flags": sorted(reading.flags),
        "number": reading.number,
        "statement": reading.statement,
        "elided": reading.elided,
        "why": reading.why,
        "from": [each.address for each in envelope.senders],
        "to": [each.address for each in envelope.recipients],
        "subject": envelope.subject,
        "message_id": envelope.message_id,
        "attachments": [_attachment(each) for each in reading.attachments],
    }


def _argument(said: Argument | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {"written": said.written, "date": said.day, "until": said.until, "person": said.person or None}


def _away(said: Away | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "from": said.begins,
        "until": said.ends,
        "substitute": said.substitute and _named(said.substitute),
        "left": said.left,
    }


def _named(mailbox: Mailbox) -> str:
    return mailbox.address or mailbox.name


def _bounce(said: Bounce | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "address": said.address or None,
        "action": said.action,
        "status": said.status or None,
        "permanent": said.permanent,
        "message_id": said.message_id or None,
    }


def _attachment(file: Attachment) -> dict[str, Any]:
    return {
        "name": file.name,
        "type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "refused": file.refused or None,
    }


def _show(file: Path, reading: Reading) -> None:
    say(f"{file}: {reading.klass} ({reading.why})")
    for label, value in _lines(reading):
        say(f"  {label:<12}{value}")
    for label, text in (("wrote", reading.reply), ("left out", reading.elided)):
        if text:
            say(f"  {label}:\n" + "\n".join(f"    | {line}" for line in text.split("\n")))
    say("")


def _lines(reading: Reading) -> Iterator[tuple[str, str]]:
    envelope, said, away = reading.envelope, reading.argument, reading.absence
    yield "from", ", ".join(f"{each.name} <{each.address}>".strip() for each in envelope.senders) or "nobody"
    yield "subject", envelope.subject or "none"
    if reading.command:
        words = (reading.command, reading.number and f"case {reading.number}", said and said.written)
        yield "command", ", ".join(str(each) for each in words if each)
    if said and said.day:
        yield "date", f"{said.day}" + (f" to {said.until}" if said.until else "")
    if away:
        stands_in = _named(away.substitute) if away.substitute else "nobody named"
        yield "away", f"{away.begins or '?'} to {away.ends or '?'}, {stands_in}" + (", has left" if away.left else "")
    for bounce in reading.bounces:
        lasting = "for good" if bounce.permanent else "for now"
        yield "undelivered", f"{bounce.address or '?'}: {bounce.action} {bounce.status} ({lasting})"
    for attachment in reading.attachments:
        refused = f", refused: {attachment.refused}" if attachment.refused else ""
        yield "file", f"{attachment.name} ({attachment.content_type}, {attachment.size} bytes{refused})"
    if reading.flags:
        yield "flags", ", ".join(sorted(reading.flags))
