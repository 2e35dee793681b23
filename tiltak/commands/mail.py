"""`tiltak mail`: letters out, and mail in."""

from typing import Final

import typer

from tiltak.roster import Entry, roster

COMMANDS: Final[dict[str, Entry]] = {
    "preview": ("letters:preview", "Print a letter with sample facts."),
    "receive": (
        "receiving:receive",
        "Keep one mail from standard input, for a mail server's pipe; exit 75 when that cannot be done just now.",
    ),
    "parse": (
        "parse:parse_mail",
        "Say what a mail is and says, as the service would understand it. Nothing is done about it.",
    ),
    "list": ("inbox:show_list", "Show the mail that waits for somebody to look at it."),
    "show": ("inbox:show", "Show one mail: what is known of it, and what it says."),
    "attach": (
        "inbox:attach_mail",
        "Put what a mail says and what came along on a case, as a comment; it moves nothing.",
    ),
    "drop": ("inbox:drop_mail", "Say that a mail is of no interest."),
}

app = typer.Typer(help="Letters out, and mail in.", cls=roster(COMMANDS), no_args_is_help=True)


@app.callback()
def mail() -> None:
    """Letters out, and mail in."""
