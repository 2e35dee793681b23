"""Why somebody was told about a case, why nobody was, and what comes next if nobody acts; in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from engine.calendar import day_of
from engine.case import Case, Hold, Occurrence
from engine.escalation import Record, anchor, applies
from engine.foresight import Foreseen, Outlook
from engine.notice import Fate, Notice
from engine.people import Register
from engine.ports import Reader
from engine.replan import COME_PAST
from engine.roles import name_of, recipients
from engine.text import Text
from engine.trouble import Outage
from engine.workflow import ROLES, Rule, Workflow, Workflows
from workflows.describe import moment
from workflows.words import LETTERS, listed, quoted, word
from workflows.words import ROLES as ROLE_WORDS

AHEAD: Final = timedelta(days=366)
MOST_COMING: Final = 3
MANY: Final = 4  # steps that were passed over for one reason are told together
_IS: Final = Text("{ref} er {state} siden {day}", "{ref} er {state} sidan {day}", "{ref} is {state} since {day}")
_OWNED: Final = Text("ansvarlig er {who}", "ansvarleg er {who}", "{who} is responsible")
_NOBODY: Final = Text("ingen er ansvarlig", "ingen er ansvarleg", "nobody is responsible")
_DUE: Final = Text("fristen er {day}", "fristen er {day}", "the deadline is {day}")
_UNDATED: Final = Text("den har ingen frist", "ho har ingen frist", "it has no deadline")
_TOLD: Final = Text("{letter} til {who}: {why}", "{letter} til {who}: {why}", "{letter} to {who}: {why}")
_IN_DIGEST: Final = Text("{letter} i sammendraget", "{letter} i samandraget", "{letter} in the digest")
_BY_MOVE: Final = Text("saken ble endret ({move})", "saka vart endra ({move})", "the case was changed ({move})")
_BY_RULE: Final = Text("regelen {rule}, {moment}", "regelen {rule}, {moment}", "rule {rule}, {moment}")
_REPEATED: Final = Text("gjentatt", "gjenteke", "repeated")
_LATE: Final = Text("planlagt {day}", "planlagd {day}", "planned for {day}")
_MANY_STEPS: Final = Text(
    "regelen {rule}, {count} trinn fra {first} til {last}",
    "regelen {rule}, {count} trinn frå {first} til {last}",
    "rule {rule}, {count} steps from {first} to {last}",
)
_SUPERSEDED: Final = Text(
    "ikke varslet, for et senere trinn av samme regel kom samtidig",
    "ikkje varsla, for eit seinare trinn av same regel kom samstundes",
    "nobody told, for a later step of the same rule came at the same time",
)
_COME_PAST: Final = Text(
    "ikke varslet, for så langt var reglene kommet da de ble endret",
    "ikkje varsla, for så langt var reglane komne då dei vart endra",
    "nobody told, for the rules had come this far when they were changed",
)
_INHIBITED: Final = Text(
    "ikke varslet, for en annen regel varsler alt ({reason})",
    "ikkje varsla, for ein annan regel varslar alt ({reason})",
    "nobody told, for another rule is telling already ({reason})",
)
_QUIET: Final = Text(
    "{rule} gjelder ikke: den ser bare på andre saker enn denne slik den står",
    "{rule} gjeld ikkje: han ser berre på andre saker enn denne slik ho står",
    "{rule} does not apply: it looks only at cases other than this one as it stands",
)
_NO_CLOCK: Final = Text(
    "{rule} venter: klokka den teller fra, går ikke",
    "{rule} ventar: klokka han tel frå, går ikkje",
    "{rule} waits: the clock it counts from does not run",
)
_PAUSED: Final = Text(
    "{rule} er satt på pause til og med {day}, av {who}{reason}",
    "{rule} er sett på pause til og med {day}, av {who}{reason}",
    "{rule} is paused until {day}, by {who}{reason}",
)
_RUNS: Final = Text("{rule} teller fra {day}", "{rule} tel frå {day}", "{rule} counts from {day}")
_COMING: Final = Text("{day}: {letter} til {who}", "{day}: {letter} til {who}", "{day}: {letter} to {who}")
_NOTHING: Final = Text(
    "ingenting mer varsles av seg selv det neste året",
    "ingenting meir blir varsla av seg sjølv det neste året",
    "nothing more is told by itself within a year",
)
_NOTHING_THEN: Final = Text(
    "ingenting ble avgjort {day}: ingen regel hadde noe trinn den dagen",
    "ingenting vart avgjort {day}: ingen regel hadde noko trinn den dagen",
    "nothing was decided on {day}: no rule had a step on that day",
)
_NOTHING_BETWEEN: Final = Text(
    "ingenting ble avgjort fra {day} til {until}: ingen regel hadde noe trinn de dagene",
    "ingenting vart avgjort frå {day} til {until}: ingen regel hadde noko trinn dei dagane",
    "nothing was decided from {day} to {until}: no rule had a step on those days",
)
_BEFORE: Final = Text("før det: {line}", "før det: {line}", "before that: {line}")
_AFTER: Final = Text("etter det: {line}", "etter det: {line}", "after that: {line}")
_WAS_PAUSED: Final = Text(
    "{day}: {rule} ble satt på pause til og med {until}, av {who}{reason}",
    "{day}: {rule} vart sett på pause til og med {until}, av {who}{reason}",
    "{day}: {rule} was paused until {until}, by {who}{reason}",
)
_MOVED: Final = Text(
    "regelen gjorde et steg av seg selv, for ingen annen gjorde det",
    "regelen gjorde eit steg av seg sjølv, for ingen annan gjorde det",
    "the rule made a move by itself, because nobody else did",
)
_TO_NOBODY: Final = Text(
    "ingen varslet, for ingen har rollen",
    "ingen varsla, for ingen har rolla",
    "nobody told, for nobody has the role",
)
_AWAY: Final = Text(
    "tjenesten var borte fra {began} til {ended}",
    "tenesta var borte frå {began} til {ended}",
    "the service was away from {began} to {ended}",
)
_INSTEAD: Final = Text("{who} i stedet for {other}", "{who} i staden for {other}", "{who} instead of {other}")
_SENT: Final = Text("sendt {day} til {address}", "sendt {day} til {address}", "sent on {day} to {address}")
_HELD: Final = Text("venter til {day}", "ventar til {day}", "held until {day}")
_OVERTAKEN: Final = Text(
    "ikke sendt, for noen gjorde noe med saken først",
    "ikkje sendt, for nokon gjorde noko med saka først",
    "not sent, for somebody acted on the case first",
)
_DEAD: Final = Text(
    "kunne ikke leveres til {address}: {said}",
    "kunne ikkje leverast til {address}: {said}",
    "could not be delivered to {address}: {said}",
)
_ON_ITS_WAY: Final = Text("på vei til {address}", "på veg til {address}", "on its way to {address}")
_REDIRECTED: Final = Text(
    "det som er ment for {role}, går til {who}, for {other} kan ikke nås",
    "det som er meint for {role}, går til {who}, for {other} kan ikkje nåast",
    "what is meant for {role} goes to {who}, because {other} cannot be reached",
)
_SYSTEM: Final = {
    "sweep": Text("saken kunne ikke leses", "saka kunne ikkje lesast", "the case could not be read"),
    "delivery": Text("et brev kom ikke fram", "eit brev kom ikkje fram", "a letter did not arrive"),
    "unheard": Text("noen kan ikke nås", "nokon kan ikkje nåast", "somebody cannot be reached"),
    "daily": Text("sammendrag hver virkedag", "samandrag kvar yrkedag", "a digest on every working day"),
}

_UNTOLD: Final = {"superseded": _SUPERSEDED, "inhibited": _INHIBITED, "moved": _MOVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Sentences in one language: where the case stands, what was told or not and why, each rule now, what comes.

    `redirected` says who gets what is meant for somebody whom no letter reaches.
    """

    standing: str
    decided: tuple[str, ...]
    rules: tuple[str, ...]
    coming: tuple[str, ...]
    redirected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All there is to know about one case."""

    case: Case
    notices: Sequence[Notice]
    occurrences: Sequence[Occurrence]
    holds: Sequence[Hold]
    register: Register
    today: date
    fates: Mapping[str, Fate] = field(default_factory=dict)
    outages: Sequence[Outage] = ()

    @classmethod
    def of(cls, reader: Reader, ref: str, today: date) -> "Facts":
        """NotFound when there is no such case."""
        case = reader.case(ref)
        return cls(
            case=case,
            notices=reader.notices(ref),
            occurrences=reader.occurrences([ref]).get(ref, ()),
            holds=reader.holds([ref]).get(ref, ()),
            register=reader.register(),
            today=today,
            fates=reader.fates(ref),
            outages=reader.outages(case.opened_on),
        )


def explain(
    facts: Facts, workflows: Workflows, *, language: str, on: date | None = None, until: date | None = None
) -> Explanation:
    """Everything that was decided, or only what was decided or planned on a day, or from it to another (included)."""
    workflow = workflows[facts.case.workflow]
    lines = sorted([*_told(facts, workflow, language), *_untold(facts, workflow, language), *_pauses(facts, language)])
    coming = list(_coming(facts, workflows, language))
    return Explanation(
        standing=_standing(facts, workflow, language),
        decided=tuple(_between(lines, coming, on, until or on, language)),
        rules=tuple(_rule(rule, facts, language) for rule in workflow.rules),
        coming=tuple(coming) or (_NOTHING.say(language),),
        redirected=tuple(_redirected(facts, language)),
    )


def _between(
    lines: Sequence["Line"], coming: Sequence[str], on: date | None, until: date | None, language: str
) -> Iterator[str]:
    """The lines of those days; when there are none, that no rule had a step, and what came before and after."""
    if on is None or until is None:
        yield from (line for _, _, line in lines)
        return
    found = [line for day, planned, line in lines if on <= day <= until or on <= planned <= until]
    yield from found
    if not found:
        nothing = _NOTHING_THEN if on == until else _NOTHING_BETWEEN
        yield nothing.say(language).format(day=on, until=until)
        before = [line for day, _, line in lines if day < on][-1:]
        after = [*(line for day, _, line in lines if day > until), *coming][:1]
        yield from (_BEFORE.say(language).format(line=line) for line in before)
        yield from (_AFTER.say(language).format(line=line) for line in after)


def _pauses(facts: Facts, language: str) -> Iterator["Line"]:
    """Each pause on every day that it lasts, said once: a day within it is explained by it."""
    for it in facts.holds:
        day = day_of(it.at, facts.register.organisation.zone)
        reason = f": {quoted(it.reason, language)}" if it.reason else ""
        said = _WAS_PAUSED.say(language).format(
            day=day, rule=it.rule, until=it.until, who=_name(it.by, facts, language), reason=reason
        )
        yield day, it.until, said


def _redirected(facts: Facts, language: str) -> Iterator[str]:
    for role in ROLES:
        for it in recipients(role, facts.case, facts.register, facts.today):
            if it.instead_of:
                meant, other = word(ROLE_WORDS, role, language), _role(it.instead_of, language)
                yield _REDIRECTED.say(language).format(role=meant, who=it.name.say(language), other=other)


def _role(name: str, language: str) -> str:
    """The one first meant: a name, or a role that nobody has."""
    return word(ROLE_WORDS, name, language) if name in ROLES else name


def _standing(facts: Facts, workflow: Workflow, language: str) -> str:
    case = facts.case
    state = quoted(workflow.states[case.state].label.say(language).lower(), language)
    who = _name(f"unit:{case.owner}", facts, language)
    owned = _OWNED.say(language).format(who=who) if case.owner else _NOBODY.say(language)
    due = _DUE.say(language).format(day=case.due) if case.due else _UNDATED.say(language)
    return "; ".join([_IS.say(language).format(ref=case.ref, state=state, day=case.entered_on), owned, due])


Line = tuple[date, date, str]


def _told(facts: Facts, workflow: Workflow, language: str) -> Iterator[Line]:
    for it in facts.notices:
        day = day_of(it.decided_at, facts.register.organisation.zone)
        letter = quoted(word(LETTERS, it.letter, language), language)
        letter = _IN_DIGEST.say(language).format(letter=letter) if it.via == "digest" else letter
        why = _why(it.rule, it.step, workflow, language) + _lateness(day, it.planned, facts, language)
        who = _name(it.to, facts, language)
        if it.instead_of and not it.rule.startswith("system:"):
            who = _INSTEAD.say(language).format(who=who, other=_role(it.instead_of, language))
        said = _TOLD.say(language).format(letter=letter, who=who, why=why)
        yield day, it.planned, f"{day}: {said}{_fate(facts.fates.get(it.key), facts, language)}"


def _fate(fate: Fate | None, facts: Facts, language: str) -> str:
    if fate is None:
        return ""
    said = {"sent": _SENT, "held": _HELD, "overtaken": _OVERTAKEN, "dead": _DEAD, "on its way": _ON_ITS_WAY}
    day = day_of(fate.at, facts.register.organisation.zone) if fate.at else ""
    return f"; {said[fate.status].say(language).format(day=day, address=fate.address, said=fate.said)}"


def _untold(facts: Facts, workflow: Workflow, language: str) -> Iterator[Line]:
    alike: dict[tuple[date, str, str, str], list[Occurrence]] = {}
    for it in facts.occurrences:
        if it.outcome in _UNTOLD or not _tells(it, facts):
            day = day_of(it.decided_at, facts.register.organisation.zone)
            alike.setdefault((day, it.rule, it.outcome, it.reason), []).append(it)
    for (day, rule, outcome, reason), those in alike.items():
        why = _silence(outcome, reason).say(language).format(reason=reason)
        if len(those) < MANY:
            lines = [(it.planned, _why(rule, it.step, workflow, language)) for it in those]
            for planned, what in lines:
                yield day, planned, f"{day}: {what}{_lateness(day, planned, facts, language)}: {why}"
        else:
            first, last = min(it.planned for it in those), max(it.planned for it in those)
            what = _MANY_STEPS.say(language).format(rule=rule, count=len(those), first=first, last=last)
            yield day, first, f"{day}: {what}: {why}"


def _silence(outcome: str, reason: str) -> Text:
    if reason == COME_PAST:
        return _COME_PAST
    return _UNTOLD.get(outcome, _TO_NOBODY)


def _tells(it: Occurrence, facts: Facts) -> bool:
    about = f"{it.ref}|{it.rule}|{it.step}|{it.key}|"
    return any(notice.key.startswith(about) for notice in facts.notices)


def _why(rule_id: str, step: str, workflow: Workflow, language: str) -> str:
    kind, _, name = rule_id.partition(":")
    if kind == "system" and name in _SYSTEM:
        return _SYSTEM[name].say(language)
    if kind in ("move", "system"):
        return _BY_MOVE.say(language).format(move=name)
    rule = next((it for it in workflow.rules if it.id == rule_id), None)
    at = next((it.at for it in rule.steps if it.name == step), None) if rule else None
    when = moment(at, rule.clock, language) if rule and at else _REPEATED.say(language)
    return _BY_RULE.say(language).format(rule=rule_id, moment=when)


def _lateness(day: date, planned: date, facts: Facts, language: str) -> str:
    if day == planned:
        return ""
    late = _LATE.say(language).format(day=planned)
    away = next((it for it in facts.outages if it.ended == day and it.missed(planned)), None)
    said = _AWAY.say(language).format(began=away.began, ended=away.ended) if away else ""
    return f" ({'; '.join(filter(None, (late, said)))})"


def _rule(rule: Rule, facts: Facts, language: str) -> str:
    record = Record.of(facts.occurrences, facts.holds)
    if not applies(rule, facts.case):
        return _QUIET.say(language).format(rule=rule.id)
    armed = anchor(rule, facts.case, record)
    if armed is None:
        return _NO_CLOCK.say(language).format(rule=rule.id)
    key, start = armed
    pauses = [it for it in facts.holds if (it.rule, it.key) == (rule.id, key) and it.until >= facts.today]
    if pauses:
        last = max(pauses, key=lambda it: it.until)
        reason = f": {quoted(last.reason, language)}" if last.reason else ""
        who = _name(last.by, facts, language)
        return _PAUSED.say(language).format(rule=rule.id, day=last.until, who=who, reason=reason)
    return _RUNS.say(language).format(rule=rule.id, day=start)


def _coming(facts: Facts, workflows: Workflows, language: str) -> Iterator[str]:
    case = facts.case
    outlook = Outlook.of(workflows, facts.register, {case.ref: facts.occurrences}, {case.ref: facts.holds})
    seen = outlook.case(case, today=facts.today + timedelta(days=1), until=facts.today + AHEAD)
    for it in [found for found in seen if found.told][:MOST_COMING]:
        yield _line(it, language)


def _line(it: Foreseen, language: str) -> str:
    letter = quoted(word(LETTERS, it.firing.planned.letter, language), language)
    letter = _IN_DIGEST.say(language).format(letter=letter) if it.firing.planned.via == "digest" else letter
    who = listed([recipient.name.say(language) for _, recipient in it.told], language)
    return _COMING.say(language).format(day=it.day, letter=letter, who=who)


def _name(party: str, facts: Facts, language: str) -> str:
    return name_of(party, facts.register).say(language)
