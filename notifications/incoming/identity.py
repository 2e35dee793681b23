"""Who wrote a mail, and by whose right: the owner of the reply address, From and DMARC have to agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from engine.people import Register
from engine.roles import acts_for
from notifications.reading.facts import Envelope, Verdict

Policy = Literal["internal", "all", "off"]
Doubt = Literal["", "froms", "forged", "unproven", "stranger", "sender"]
FAILED: Final = ("fail", "permerror", "reject", "quarantine")


@dataclass(frozen=True, slots=True)
class Writer:
    """The party that wrote, and the one it stands for where that is another. A `doubt` is why nothing is done yet."""

    party: str = ""
    for_whom: str = ""
    doubt: Doubt = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a mail must have passed. `domains` are our own: mail that claims to come from them has to prove it."""

    policy: Policy
    domains: frozenset[str]

    def doubt(self, envelope: Envelope) -> Doubt:
        if envelope.author is None:
            return "froms"
        if self.policy == "off":
            return ""
        domain = envelope.author.address.rpartition("@")[2]
        result = dmarc(envelope.verdicts, domain)
        if result in FAILED:
            return "forged"
        needed = self.policy == "all" or domain in self.domains
        return "unproven" if needed and result != "pass" else ""


def dmarc(verdicts: Iterable[Verdict], domain: str) -> str:
    """What our own server says of DMARC; "" when it says nothing, or speaks of another domain than the one in From."""
    for verdict in verdicts:
        if verdict.trusted and (result := verdict.results.get("dmarc")):
            of = verdict.domains.get("dmarc", "")
            return result if of in ("", domain) or result in FAILED else ""
    return ""


def domains_of(register: Register, sender: str) -> frozenset[str]:
    """The domains that are our own: of the sender of our letters, and of every unit's mailbox."""
    addresses = (sender, register.organisation.operator, *(it.mailbox for it in register.units.values()))
    return frozenset(it.rpartition("@")[2].casefold() for it in addresses if "@" in it)


def writer(envelope: Envelope, owner: str, gate: Gate, register: Register, on: date) -> Writer:
    """Who wrote a mail to the reply address of `owner` ("" when it went to none)."""
    if doubt := gate.doubt(envelope):
        return Writer(doubt=doubt)
    assert envelope.author
    parties = _parties(envelope.author.address, register)
    found = next((it for it in (_by_right(party, owner, register, on) for party in parties) if it), None)
    if found is None:
        return Writer(parties[0] if parties else "", doubt="stranger")
    return _sent_by(found, envelope, register, on)


def _parties(address: str, register: Register) -> list[str]:
    """Everybody who writes from an address: persons first, since a person may use a unit's mailbox as their own."""
    persons = [f"person:{key}" for key in register.writers(address)]
    units = [f"unit:{it.code}" for it in register.units.values() if it.mailbox.casefold() == address.casefold()]
    return persons + units


def _by_right(party: str, owner: str, register: Register, on: date) -> Writer | None:
    """The owner; one of the owner unit, or its head; whoever stands in for one of these, or is their delegate."""
    if not owner or party == owner:
        return Writer(party)
    kind, _, key = party.partition(":")
    if kind != "person":
        return None
    if unit := register.units.get(owner.removeprefix("unit:")) if owner.startswith("unit:") else None:
        persons = (register.persons.get(it) for it in acts_for(party, register, on))
        inside = any(it and (it.unit == unit.code or it.key == unit.head) for it in persons)
        return Writer(party) if inside else None
    return Writer(party, owner) if key in _instead(owner, register, on) else None


def _instead(owner: str, register: Register, on: date) -> set[str]:
    key = owner.removeprefix("person:")
    person = register.persons.get(key)
    return ({register.standing_in(key, on), *(person.delegates if person else ())}) - {"", key}


def _sent_by(found: Writer, envelope: Envelope, register: Register, on: date) -> Writer:
    """A Sender beside From is somebody who pressed the button: another address of the same one, or a delegate."""
    sender = envelope.sender
    if sender is None or envelope.author is None or sender.address == envelope.author.address:
        return found
    keys = register.writers(sender.address)
    if found.party in {f"person:{it}" for it in keys}:
        return found
    instead = _instead(found.party, register, on)
    for key in keys:
        if key in instead:
            return Writer(f"person:{key}", found.for_whom or found.party)
    return Writer(found.party, doubt="sender")
