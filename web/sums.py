"""The arithmetic of a deadline as a person would write it: anchor + length = day → the working day it moves to."""

from datetime import date

from engine.case import DeadlineVersion
from engine.draft import DueRule
from web.language import Tongue
from web.words import length_words


def arithmetic(tongue: Tongue, deadline: DeadlineVersion) -> str:
    """ "25.08.2011 + 1 year = Saturday 25.08.2012 → Monday 27.08.2012, next working day"; "" for a date set by hand."""
    if not deadline.rule or not deadline.value:
        return ""
    return summed(tongue, DueRule.parse(deadline.rule), deadline.computed or deadline.value, deadline.value)


def summed(tongue: Tongue, rule: DueRule, computed: date, due: date) -> str:
    total = f"{tongue.day(rule.anchor)} + {length_words(tongue, rule.offset)} = {_named(tongue, computed)}"
    if computed == due:
        return total
    return f"{total} → {_named(tongue, due)}, {_rolled(tongue, rule)}"


def _named(tongue: Tongue, day: date) -> str:
    return f"{tongue.weekday(day)} {tongue.day(day)}"


def _rolled(tongue: Tongue, rule: DueRule) -> str:
    return tongue.say("the working day before") if rule.roll == "previous" else tongue.say("next working day")
