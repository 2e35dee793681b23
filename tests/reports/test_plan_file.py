"""A plan file is read whole or refused whole, with every fault, where it stands and what to do about it."""

import re
import string
from contextlib import suppress
from copy import deepcopy
from datetime import date
from functools import reduce
from operator import getitem
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.draft import PlanDraft
from engine.errors import Faulty
from engine.source import read
from reports.plan_file import read_plan, write_plan
from tests.reports.drafts import drafts
from tests.stories.world import EXAMPLES, WORKFLOWS

GOOD = """\
plan: P-1
title: Oppfølging
decided_on: 2011-08-25
coordinator: A
organisation: {key: ud, name: Departementet}
units:
  - {code: A, name: Seksjon A, mailbox: a@ud.example, head: kari}
  - {code: B, name: Seksjon B, mailbox: b@ud.example, parent: A}
persons:
  - {key: kari, name: Kari Eksempel, address: kari@ud.example, unit: A}
responsibilities:
  - {subject: IOM, unit: A, valid_to: 2011-08-31}
evaluation: {key: e, title: Evalueringen}
recommendations:
  - {number: R1, text: Gjør det}
actions:
  - {number: 1, title: Gjør det, owner: A, due: 2012-08-27, recommendations: [R1]}
  - {number: 2, title: Meld fra, owner: B, due: {after: 2011-08-25, by: 1y}, parent: 1}
"""
# what is changed in the good file, the line of the fault, and what the complaint says
FAULTS = {
    "an unknown key": ("coordinator: A", "coordinator: A\ncolour: red", 5, "there is no key 'colour'"),
    "a key that is nearly right": ("title: Oppfølging", "titel: Oppfølging", 2, "did you mean 'title'?"),
    "a regime that is none": ("coordinator: A", "coordinator: A\nregime: norad", 5, "there is no regime 'norad'"),
    "a regime without its first day": ("coordinator: A", "coordinator: A\nregime: norad-2006", 5, "add received_on:"),
    "a day of receipt too late": ("coordinator: A", "coordinator: A\nreceived_on: 2011-09-01", 5, "after decided_on"),
    "a missing unit": ("owner: A", "owner: X", 17, "there is no unit 'X' (add it under units:)"),
    "a missing person": ("head: kari", "head: ola", 7, "there is no person 'ola'"),
    "a missing coordinator": ("coordinator: A", "coordinator: X", 4, "there is no unit 'X'"),
    "an impossible date": ("2012-08-27", "2012-02-30", 17, "there is no day 2012-02-30 (correct the date)"),
    "a date in words": ("2012-08-27", "summer", 17, "is no date (write it as 2012-08-27)"),
    "a date of another century": ("decided_on: 2011", "decided_on: 0211", 3, "is a day before 1900; check the year"),
    "two actions of one number": ("number: 2", "number: 1", 18, "there are two of action '1' (give each its own)"),
    "two units of one code": ("code: B", "code: A", 8, "there are two of unit 'A'"),
    "a parent that is its own": ("parent: 1", "parent: 2", 18, "circle"),
    "a parent that is not there": ("parent: 1", "parent: 9", 18, "there is no action '9'"),
    "an unknown workflow": ("owner: B", "workflow: dance", 18, "there is no workflow 'dance'"),
    "an unknown state": ("owner: B", "state: flying", 18, "workflow action has no state 'flying'"),
    "an unknown recommendation": (
        "recommendations: [R1]",
        "recommendations: [R7]",
        17,
        "there is no recommendation 'R7'",
    ),
    "an address that is none": ("a@ud.example", "a at ud", 7, "is no mail address"),
    "a country without a calendar": ("name: Departementet", "name: D, country: XX", 5, "is no country with a calendar"),
    "a time zone that is none": ("name: Departementet", "name: D, zone: Oslo", 5, "there is no time zone 'Oslo'"),
    "a weekday that is none": ("name: Departementet", "name: D, send_days: [8]", 5, "send_days 1 is no weekday"),
    "a weekday in words": ("name: Departementet", "name: D, send_days: [monday]", 5, "write 1 for Monday"),
    "no weekday at all": ("name: Departementet", "name: D, send_days: []", 5, "send_days may not be empty"),
    "a window that never opens": ("name: Departementet", "name: D, send_to: 07:00", 5, "later than send_from"),
    "a time as a number": ("name: Departementet", "name: D, send_from: 930", 5, "is no time of day"),
    "a time of another zone": ("name: Departementet", "name: D, send_from: 07:30Z", 5, "is no time of day"),
    "a language that is none": ("name: Departementet", "name: D, language: 2011-08-25", 5, "cannot be '2011-08-25'"),
    "a name in one language of three": ("name: Departementet", "name: {nb: D, nn: D}", 5, "'en' is missing"),
    "an empty name": ("name: Kari Eksempel", 'name: ""', 10, "persons 1 name may not be empty"),
    "a date as a number": ("decided_on: 2011-08-25", "decided_on: 0", 3, "is no date (write it as 2012-08-27)"),
    "a date with a time": ("decided_on: 2011-08-25", "decided_on: 2011-08-25T10:00", 3, "is no date"),
    "a date nobody lives to see": ("2012-08-27", "9999-12-31", 17, "is a day after 2200; check the year"),
    "a length nobody lives to see": ("by: 1y", "by: 9000y", 18, "at most 999"),
    "a length that is empty": ("by: 1y", 'by: ""', 18, "actions 2 due by may not be empty"),
    "a length of nothing": ("by: 1y", "by: 0d", 18, "write the date itself"),
    "a rule without its anchor": ("after: 2011-08-25, ", "", 18, "'after' is missing"),
    "a key that is no text": ("coordinator: A", "coordinator: A\n2024: x", 5, "the key '2024' is no word"),
    "a yes that is none": ("unit: A}\nresp", "unit: A, active: maybe}\nresp", 10, "must be true or false"),
    "a party without its kind": ("coordinator: A", "coordinator: A\nexecutive: A", 5, "must be written unit:CODE"),
    "copies to nobody": ("coordinator: A", "coordinator: A\ncopies: [person:x]", 5, "there is no person 'x'"),
    "two units for one subject": (
        "responsibilities:",
        "responsibilities:\n  - {subject: IOM, unit: B}",
        13,
        "both answer for 'IOM'",
    ),
    "a subject of nobody": ("owner: B", "subject: kaffe", 18, "nobody answers for 'kaffe'"),
    "a plan of nobody": ("coordinator: A\n", "", 1, "nobody coordinates this plan"),
    "recommendations of nobody": (
        "evaluation: {key: e, title: Evalueringen}\n",
        "",
        13,
        "no evaluation they come from",
    ),
    "a unit below itself": (
        "mailbox: a@ud.example",
        "mailbox: a@ud.example, parent: B",
        7,
        "'A' → 'B' → 'A' is a circle",
    ),
    "a time that is none": ("name: Departementet", "name: D, digest_at: noon", 5, "is no time of day"),
    "a length that is none": ("by: 1y", "by: a year", 18, "is no length of time; write 6w"),
    "a list where text is due": ("title: Meld fra", "title: [Meld, fra]", 18, "must be text"),
    "text where a list is due": ("recommendations: [R1]", "recommendations: R1", 17, "must be a list"),
    "a block where text is due": ("title: Oppfølging", "title: {a: b}", 2, "must be text"),
    "an empty title": ("title: Meld fra", 'title: ""', 18, "may not be empty"),
    "a doubled key": ("coordinator: A", "coordinator: A\ntitle: Igjen", 5, "'title' stands twice"),
    "an end before the beginning": ("valid_to", "valid_from: 2012-01-01, valid_to", 12, "2011-08-31"),
    "an alias": ("title: Oppfølging", "title: *x", 2, "aliases (*name) are not used here"),
    "a stray bracket": ("name: Departementet}", "name: D", 6, "this is not YAML"),
    "a ref with blanks": ("plan: P-1", "plan: P 1", 1, "may hold only the letters A to Z, digits and hyphens"),
}
JARGON = re.compile(
    r"pydantic|[Ii]nput should|valid|NoneType|None\b|Traceback|\b(dict|tuple|str|int|bool|class|type|object|field)\b"
    r"|Error\b|exception|datetime|literal|pars(e|ing)|_type|unicode|<|\\x|docs/",
)


def complaints(text: str) -> list[str]:
    with pytest.raises(Faulty) as refused:
        read_plan(text, "plan.yaml", workflows=WORKFLOWS)
    return [str(fault) for fault in refused.value.faults]


def assert_plain(found: list[str]) -> None:
    """The keys and words of the file itself may be quoted; everything else is for people."""
    own = re.compile(r"'[^']*'|\bvalid_(from|to)\b")
    assert not [it for it in found if JARGON.search(own.sub("", it))], found
    assert not [it for it in found if not it.startswith("plan.yaml") or "\n" in it], found


def test_the_good_file_is_good() -> None:
    plan = read_plan(GOOD, "plan.yaml", workflows=WORKFLOWS)
    assert [(it.number, it.owner, it.parent) for it in plan.cases] == [("1", "A", ""), ("2", "B", "1")]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_with_its_line_and_the_remedy(name: str) -> None:
    was, becomes, line, says = FAULTS[name]
    assert was in GOOD
    found = complaints(GOOD.replace(was, becomes, 1))
    assert any(it.startswith(f"plan.yaml:{line}: ") and says in it for it in found), found
    assert_plain(found)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = GOOD
    chosen = [
        "an unknown key",
        "a missing unit",
        "a date of another century",
        "an unknown state",
        "a length that is none",  # on the same line
        "an end before the beginning",
    ]
    for name in chosen:
        text = text.replace(*FAULTS[name][:2], 1)
    found = "\n".join(complaints(text))
    assert all(FAULTS[name][3] in found for name in chosen), found


def test_what_stands_where_something_else_is_wrong_is_complained_about_once() -> None:
    found = complaints(GOOD.replace("number: 1, title", "title").replace("number: 2, title", "title"))
    assert [it for it in found if "two of action" in it] == []
    assert [it for it in found if "'number' is missing" in it] == [
        "plan.yaml:17: 'number' is missing (add it)",
        "plan.yaml:18: 'number' is missing (add it)",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "hello", "- a\n- b", "42", "2011-08-25", "# only a remark"])
def test_what_is_no_plan_is_said_to_be_none(text: str) -> None:
    (sentence,) = complaints(text)
    assert sentence == "plan.yaml:1: this is no plan file (it begins with plan: and title:)"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drafts())
def test_what_is_written_reads_as_the_same_plan(draft: PlanDraft) -> None:
    written = write_plan(draft)
    assert read_plan(written, "plan.yaml", workflows=WORKFLOWS) == draft
    assert write_plan(read_plan(written, "plan.yaml", workflows=WORKFLOWS)) == written


CHANGES = st.tuples(
    st.integers(0, 5000), st.integers(0, 12), st.text(string.printable + "æ\x00\ufeff\u2028", max_size=6)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=4))
@example([(2008, 0, "<None\u202e")])
@example([(0, 0, "\x00")])
@example([(0, 0, "{" * 400)])
def test_a_garbled_file_is_read_or_refused_and_nothing_else(changes: list[tuple[int, int, str]]) -> None:
    text = (EXAMPLES / "iom-2011.yaml").read_text(encoding="utf-8")
    for place, length, instead in changes:
        place %= len(text)
        text = text[:place] + instead + text[place + length :]
    assert_plain(_faults(text))


PLAIN: list[Any] = [None, True, 0, -1, 7.5, 10**17, "", " ", "x", "2011-02-30", date(2011, 8, 25)]
BLOCKS: list[Any] = [[], [[]], ["x", 1], {}, {"a": {}}, {1: 2}]
JUNK = st.sampled_from([*PLAIN, *BLOCKS])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_in_place_of_a_value_it_is_read_or_refused_in_plain_words(data: st.DataObject) -> None:
    source = read(GOOD, "plan.yaml")
    plan = source.value
    for path in data.draw(st.lists(st.sampled_from([it for it in source.lines if it]), min_size=1, max_size=3)):
        with suppress(KeyError, IndexError, TypeError):  # the one before took it away
            around = reduce(getitem, path[:-1], plan)
            around[path[-1]]
            around[path[-1]] = deepcopy(data.draw(JUNK))
    assert_plain(_faults(yaml.safe_dump(plan, allow_unicode=True)))


def _faults(text: str) -> list[str]:
    try:
        read_plan(text, "plan.yaml", workflows=WORKFLOWS)
    except Faulty as refused:
        return [str(fault) for fault in refused.faults]
    return []
