"""The vocabularies of engine and workflow files in the words of a page."""

from datetime import date, timedelta
from typing import Final

from engine.alive import ALIVE
from engine.daily import DAILY
from engine.inspection import UNHEARD
from engine.people import Organisation
from engine.rhythm import Rhythm
from engine.text import Text
from engine.workflow import Clock, Offset, Role, Rule, Workflow
from web.language import Tongue

MONDAY: Final = date(2024, 1, 1)


def letter_words(tongue: Tongue, letter: str) -> str:
    return {
        "assigned": tongue.say("New task"),
        "due_soon": tongue.say("Reminder before the deadline"),
        "overdue": tongue.say("Reminder, deadline passed"),
        "stalled": tongue.say("Standing still"),
        "returned": tongue.say("Sent back"),
        "closed": tongue.say("Closed"),
        "handed_over": tongue.say("Handed over"),
        "asked": tongue.say("A wish to decide on"),
        "receipt": tongue.say("Receipt for an answer"),
        "passed_on": tongue.say("Passed on by a colleague"),
        "fresh_link": tongue.say("A fresh link"),
        "digest": tongue.say("Digest"),
        "undeliverable": tongue.say("Could not be delivered"),
        "unreadable": tongue.say("Could not be read"),
        "operator": tongue.say("Word that the service is alive"),
        "clock": tongue.say("Question about the clock"),
        "sign_in": tongue.say("Link to sign in"),
        "alarm": tongue.say("Word about mail"),
        "left": tongue.say("Word that somebody has left"),
        "unclear": tongue.say("Answer to a mail"),
        "confirm": tongue.say("Question about an answer"),
        "rhythm": tongue.say("Receipt for when the digest comes"),
    }.get(letter, letter)


def kind_words(tongue: Tongue, kind: str) -> str:
    return {
        "letter": tongue.say("Single letter"),
        "bundle": tongue.say("Several in one letter"),
        "digest": tongue.say("Digest"),
        "operator": tongue.say("To those who run the service"),
        "receipt": tongue.say("Answer at once"),
    }.get(kind, kind)


def status_words(tongue: Tongue, status: str) -> str:
    return {
        "queued": tongue.say("Waiting"),
        "leased": tongue.say("Being sent"),
        "sent": tongue.say("Sent"),
        "unknown": tongue.say("Perhaps arrived"),
        "dead": tongue.say("Not delivered"),
    }.get(status, status)


def role_words(tongue: Tongue, role: str) -> str:
    return {
        "responsible": tongue.say("the one responsible"),
        "head": tongue.say("the head of the unit"),
        "coordinator": tongue.say("the coordinator"),
        "executive": tongue.say("the executive"),
        "copies": tongue.say("copy recipients"),
        "operator": tongue.say("those who run the service"),
    }.get(role, role)


def roles_words(tongue: Tongue, roles: tuple[Role, ...]) -> str:
    return tongue.listed([role_words(tongue, role) for role in roles])


def through_words(tongue: Tongue, through: str) -> str:
    return {
        "mail": tongue.say("by e-mail"),
        "link": tongue.say("through a link in an e-mail"),
        "web": tongue.say("on the web page"),
        "rule": tongue.say("by rule"),
        "import": tongue.say("when the plan was read in"),
        "command": tongue.say("from the command line"),
    }.get(through, through)


def move_words(tongue: Tongue, workflow: Workflow, move: str) -> str:
    if found := workflow.moves.get(move) or workflow.asks.get(move):
        return tongue.text(found.label)
    return {
        "open": tongue.say("Opened"),
        "deadline": tongue.say("New deadline"),
        "move the deadline": tongue.say("New deadline"),
        "hand over": tongue.say("Handed over"),
        "hold": tongue.say("Paused"),
        "comment": tongue.say("Comment"),
        "rules": tongue.say("New rules"),
        "undo": tongue.say("Taken back"),
        "pass on": tongue.say("Passed on to a colleague"),
        "revoke": tongue.say("Links taken back"),
    }.get(move, move)


def outcome_words(tongue: Tongue, outcome: str) -> str:
    """Why a step that was due told nobody at once."""
    return {
        "held": tongue.say("Not sent: the reminders are paused"),
        "inhibited": tongue.say("Not sent: another reminder about the same is already running"),
        "superseded": tongue.say("Not sent: a later step was due as well, and that one was sent"),
    }.get(outcome, outcome)


def mark_words(tongue: Tongue, kind: str) -> str:
    return {
        "digest": tongue.say("Line in a digest"),
        "reminder": tongue.say("Reminder"),
        "raised": tongue.say("Level 2"),
        "top": tongue.say("Level 3 or higher"),
    }[kind]


def response_words(tongue: Tongue, response: str) -> str:
    return {
        "accepted": tongue.say("Accepted"),
        "partly": tongue.say("Partly accepted"),
        "rejected": tongue.say("Rejected"),
        "": tongue.say("Not answered"),
    }.get(response, response)


def length_words(tongue: Tongue, offset: Offset) -> str:
    n = abs(offset.count)
    return {
        "d": tongue.count("%(n)s day", "%(n)s days", n),
        "w": tongue.count("%(n)s week", "%(n)s weeks", n),
        "m": tongue.count("%(n)s month", "%(n)s months", n),
        "y": tongue.count("%(n)s year", "%(n)s years", n),
        "wd": tongue.count("%(n)s working day", "%(n)s working days", n),
    }[offset.unit]


def clock_words(tongue: Tongue, clock: Clock) -> str:
    return {
        "due": tongue.say("the deadline"),
        "entered": tongue.say("the day the status was set"),
        "activity": tongue.say("the last sign of life"),
        "hold_end": tongue.say("the end of the pause"),
        "report_due": tongue.say("the deadline of the report"),
    }[clock]


def step_words(tongue: Tongue, rule: Rule, step: str) -> str:
    """When a step of a rule speaks: "10 working days after the deadline"."""
    if step == "repeat" and rule.repeat:
        return tongue.say("repeated every %(length)s", length=length_words(tongue, rule.repeat.every))
    at = next((it.at for it in rule.steps if it.name == step), None)
    if at is None:
        return rule.id
    facts = {"length": length_words(tongue, at), "clock": clock_words(tongue, rule.clock)}
    if at.count == 0:
        return tongue.say("on the day of %(clock)s", **facts)
    return (
        tongue.say("%(length)s before %(clock)s", **facts)
        if at.count < 0
        else tongue.say("%(length)s after %(clock)s", **facts)
    )


def why_words(tongue: Tongue, workflow: Workflow, rule: str, step: str) -> str:
    """Why a notice came: the step of a rule, the move that somebody made, or a fault of the service itself."""
    kind, _, move = rule.partition(":")
    if kind == "move":
        return tongue.say("after “%(move)s”", move=move_words(tongue, workflow, move))
    if rule == DAILY:
        return tongue.say("a digest on every working day")
    if rule == UNHEARD:
        return tongue.say("because somebody cannot be reached")
    if rule == ALIVE:
        return tongue.say("the service is alive")
    if kind == "system":
        return tongue.say("because something failed in the service")
    found = next((it for it in workflow.rules if it.id == rule), None)
    return step_words(tongue, found, step) if found else rule


def quoted(tongue: Tongue, words: str) -> str:
    return tongue.say("“%(said)s”", said=words)


def party_text(tongue: Tongue, name: Text, instead_of: str) -> str:
    if not instead_of:
        return tongue.text(name)
    return tongue.say("%(name)s (instead of %(other)s)", name=tongue.text(name), other=instead_of)


def inbound_words(tongue: Tongue, outcome: str) -> str:
    """What came of a mail, in words."""
    return {
        "": tongue.say("It is not dealt with yet."),
        "done": tongue.say("Done, and receipted."),
        "already": tongue.say("It was done already; the receipt was sent again."),
        "late": tongue.say("It came too late; its writer was told what has happened meanwhile."),
        "comment": tongue.say("Kept as a comment on the case."),
        "more needed": tongue.say("Something is missing; its writer was asked."),
        "refused": tongue.say("It cannot be done; its writer was told why."),
        "asked": tongue.say("Which case it is about is unclear; its writer was asked."),
        "absence": tongue.say("An absence was noted."),
        "known absence": tongue.say("It tells of an absence that is known."),
        "left": tongue.say("It says that somebody has left; the coordinator was told."),
        "automatic": tongue.say("An automatic reply that says nothing new."),
        "hard": tongue.say("A letter came back; its address is marked as a bad one."),
        "soft": tongue.say("A letter came back; the coordinator was told."),
        "ours": tongue.say("A letter was refused because of us; whoever runs the service was told."),
        "noted": tongue.say("A delivery report that asks for nothing."),
        "known": tongue.say("A delivery report about a letter that was given up already."),
        "backscatter": tongue.say("A delivery report about a letter that was not ours."),
        "loop": tongue.say("One of our own letters came back."),
        "no case": tongue.say("It answers no letter of ours."),
        "unknown": tongue.say("It names no sender."),
        "spam": tongue.say("It is marked as spam."),
        "twin": tongue.say("It has the Message-ID of another one, and other contents."),
        "too large": tongue.say("It is too large; its beginning was kept."),
        "poison": tongue.say("It cannot be read."),
        "stranger": tongue.say("Its sender has no right to answer this letter."),
        "sender": tongue.say("It was sent by somebody else than the one it names as its sender."),
        "unproven": tongue.say("It is not proven that it comes from the address it names."),
        "forged": tongue.say("It does not come from the address it names."),
        "froms": tongue.say("It names no sender, or several."),
        "expired": tongue.say("The reply address is not valid any more."),
        "brake": tongue.say("Too many mails go to and fro with its sender."),
        "attached": tongue.say("Put on the case."),
    }.get(outcome, outcome)


def rhythm_words(tongue: Tongue, own: Rhythm | None, organisation: Organisation) -> str:
    """ "every Friday at 08:00", to stand in a sentence; of none the organisation's own."""
    if own is None:
        every_day, at = organisation.send_empty_digest, f"{organisation.digest_at:%H:%M}"
    else:
        every_day, at = own.every == "workday", f"{own.at:%H:%M}"
    if own and own.every == "weekly":
        return tongue.say("every %(day)s at %(at)s", day=weekday_words(tongue, own.weekday), at=at)
    if every_day:
        return tongue.say("every working day at %(at)s", at=at)
    return tongue.say("on working days at %(at)s, when there is something to say", at=at)


def weekday_words(tongue: Tongue, weekday: int) -> str:
    """ "mandag", for an ISO weekday."""
    return tongue.weekday(MONDAY + timedelta(days=weekday - 1))


def size_words(tongue: Tongue, size: int) -> str:
    """ "12 kB"."""
    if size < 1024 * 1024:
        return tongue.say("%(n)s kB", n=max(1, round(size / 1024)))
    return tongue.say("%(n)s MB", n=round(size / 1024 / 1024, 1))
