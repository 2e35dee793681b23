"""People answer by mail: whoever has the right is heard, each mail has one answer, and nothing is lost."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.absent import accept
from engine.calendar import day_of
from engine.case import Errand, Event
from engine.inbound import Inbound, Received
from notifications.reading.facts import Reading
from tests.stories.world import Mailed, World, iom
from workflows.checker import check
from workflows.loading import SHIPPED_LETTERS

REG, HEAD, GIL = "regionalavdelingen@ud.example", "rolf.eksempel@ud.example", "gil@ud.example"
PASSED = "mx.ud.example; dmarc=pass header.from=ud.example"


class Post:
    """A mail program: answers a letter, quotes it below, and sends it to where the service reads its mail."""

    def __init__(self, world: World) -> None:
        self.world, self.sent = world, 0

    def letter(self, to: str = REG) -> Mailed:
        """The first letter to somebody, with a reply address; it is about case 3 when it goes to REG."""
        self.world.service.tick()
        return self.world.box.to(to)[0]

    def answer(self, letter: Mailed, text: str, sender: str = REG, **headers: str) -> Inbound:
        """Send it, and see what came of it."""
        return self.take(self.written(letter, text, sender, **headers))

    def written(self, letter: Mailed, text: str, sender: str = REG, **headers: str) -> bytes:
        self.sent += 1
        mail = EmailMessage()
        facts = {"From": sender, "To": str(letter.message["Reply-To"]), "Subject": f"SV: {subject_of(letter)}"}
        facts |= {"Message-ID": f"<{self.sent}@klient.example>", "In-Reply-To": letter.message_id}
        facts |= {"Authentication-Results": PASSED} | {name.replace("_", "-"): it for name, it in headers.items()}
        for name, value in facts.items():
            if value:
                mail[name] = value
        quoted = "".join(f"> {line}\n" for line in letter.text.splitlines())
        mail.set_content(f"{text}\n\nDen 25. aug. 2011 kl. 10:00 skrev Tiltak <tiltak@ud.example>:\n{quoted}")
        return mail.as_bytes()

    def take(self, raw: bytes, **more: Any) -> Inbound:
        self.world.service.kept(Received(source="test", raw=raw, **more))
        self.world.service.tick()
        return self.world.service.store.inbounds()[0]

    def take_all(self, *raws: bytes) -> list[Inbound]:
        """Several that came before any was looked at, and what came of each."""
        for raw in raws:
            self.world.service.kept(Received(source="test", raw=raw))
        self.world.service.tick()
        return list(reversed(self.world.service.store.inbounds()))[-len(raws) :]


def subject_of(letter: Mailed) -> str:
    return " ".join(str(make_header(decode_header(letter.message["Subject"]))).split())


@pytest.fixture
def post(world: World) -> Post:
    return Post(world)


@pytest.fixture
def quick(migrated: Path, tmp_path: Path) -> Iterator[Post]:
    """On SQLite alone, where the database makes no difference."""
    shutil.copy(migrated, tmp_path / "tiltak.db")
    begun = World(iom(), f"sqlite:///{tmp_path / 'tiltak.db'}")
    yield Post(begun)
    begun.end()


def history(post: Post, number: int = 3) -> list[Event]:
    return list(post.world.service.store.history(f"{post.world.draft.ref}-{number}"))


def answers(post: Post, to: str = REG) -> list[Mailed]:
    """What somebody got after the first letter."""
    return post.world.box.to(to)[1:]


def test_a_word_moves_the_case_and_a_receipt_says_so(post: Post) -> None:
    mail = post.answer(post.letter(), "i gang\nVi har begynt på brevene.")
    assert (mail.state, mail.outcome, mail.party) == ("done", "done", "unit:REG")
    assert post.world.case(3).state == "in_progress"
    event = history(post)[-1]
    assert (event.by, event.through, event.text) == ("unit:REG", "mail", "Vi har begynt på brevene.")
    [receipt] = answers(post)
    assert "Vi har begynt på brevene" in receipt.text


def test_who_is_in_progress_and_says_so_again_is_thanked_once_and_moves_nothing(quick: Post) -> None:
    letter = quick.letter()
    quick.answer(letter, "i gang")
    mail = quick.answer(letter, "Vi er i gang.\nTre av fem brev er sendt.")
    case, event = quick.world.case(3), history(quick)[-1]
    assert (mail.outcome, event.move, event.text) == ("done", "under_way", "Tre av fem brev er sendt.")
    assert (case.state, case.entered_seq) == ("in_progress", event.seq - 1)
    first, again = (" ".join(it.text.split()) for it in answers(quick))
    assert "Status er nå «pågår»" in first
    assert "Status er fortsatt «pågår», og fristen står." in again
    assert "avgjør" not in again
    quick.world.live_until(date(2011, 8, 30))
    assert "Tre av fem brev er sendt." in " ".join(answers(quick, GIL)[-1].text.split())


def test_who_says_for_ever_that_they_are_on_it_keeps_nobody_from_hearing(quick: Post) -> None:
    letter, world = quick.letter(), quick.world
    quick.answer(letter, "i gang")
    longest = check(world.workflows.latest("action"), letters=SHIPPED_LETTERS).silence["in_progress"].days
    ref, began = world.case(3).ref, world.clock.now()
    for week in range(18):
        world.live_until(day_of(world.clock.now(), "Europe/Oslo") + timedelta(days=7))
        errand = Errand(ref=ref, move="under_way", by="unit:REG", text=f"Uke {week}.", through="mail")
        world.service.desk.answer(errand)
    told = [it for it in world.service.store.occurrences([ref])[ref] if it.rule == "dwell"]
    days = [day_of(it, "Europe/Oslo") for it in (began, *(it.decided_at for it in told), world.clock.now())]
    assert len(told) > 2
    assert max((later - sooner).days for sooner, later in pairwise(days)) <= longest
    assert world.case(3).state == "in_progress"


def test_what_is_no_command_is_a_comment_that_the_coordinator_reads(quick: Post) -> None:
    mail = quick.answer(quick.letter(), "Hei! Vi ser på det og kommer tilbake.\n\nGjort er gjort.")
    assert (mail.outcome, quick.world.case(3).state) == ("comment", "assigned")
    assert history(quick)[-1].move == "comment"
    assert len(answers(quick)) == 1
    quick.world.live_until(date(2011, 8, 30))
    assert "Vi ser på det" in answers(quick, GIL)[-1].text


def test_more_time_is_asked_for_with_a_date_and_a_reason(quick: Post) -> None:
    letter = quick.letter()
    mail = quick.answer(letter, "mer tid til 1. oktober 2011\nBrevene går først ut i september.")
    assert (mail.outcome, history(quick)[-1].move, history(quick)[-1].facts["wished"]) == (
        "done",
        "more_time",
        "2011-10-01",
    )
    mail = quick.answer(letter, "mer tid\nVi rekker det ikke.")
    assert mail.outcome == "more needed"
    assert (history(quick)[-1].move, history(quick)[-1].text) == ("comment", "mer tid\nVi rekker det ikke.")
    assert "mangler vi en dato" in " ".join(answers(quick)[-1].text.split())


def test_a_head_answers_for_the_unit_and_the_history_names_the_head(quick: Post) -> None:
    quick.answer(quick.letter(), "i gang", sender=f"Rolf Eksempel <{HEAD}>")
    assert history(quick)[-1].by == "person:leder-reg"
    assert len(quick.world.box.to(HEAD)) == 1  # the receipt goes to the one who wrote
    assert answers(quick) == []


def test_a_stranger_moves_nothing_the_owner_is_asked_and_the_coordinator_sees_it(quick: Post) -> None:
    mail = quick.answer(quick.letter(), "gjort", sender="noen@annet.example")
    assert (mail.state, mail.outcome, quick.world.case(3).state) == ("held", "stranger", "assigned")
    [asked] = answers(quick)
    assert "noen@annet.example har svart på et brev som gikk til deg" in " ".join(asked.text.split())
    assert quick.world.box.to("noen@annet.example") == []
    quick.world.live_until(date(2011, 8, 30))
    assert "E-POST SOM VENTER" in answers(quick, GIL)[-1].text


@pytest.mark.parametrize(
    ("result", "outcome", "asks"),
    [
        ("mx.ud.example; dmarc=fail header.from=ud.example", "forged", 0),
        ("mx.ud.example; dmarc=none", "unproven", 1),
        ("mx.ud.example.evil.example; dmarc=pass header.from=ud.example", "unproven", 1),
        ("", "unproven", 1),
    ],
)
def test_a_forged_sender_moves_nothing_and_is_never_answered(quick: Post, result: str, outcome: str, asks: int) -> None:
    mail = quick.answer(quick.letter(), "gjort", Authentication_Results=result)
    assert (mail.state, mail.outcome, quick.world.case(3).state) == ("held", outcome, "assigned")
    assert len(answers(quick)) == asks  # the one who owns the address is asked where it may have been them


def test_the_same_mail_twice_is_done_once_and_the_same_words_again_get_the_same_receipt(quick: Post) -> None:
    letter = quick.letter()
    quick.answer(letter, "i gang")
    quick.sent = 0
    quick.answer(letter, "i gang")  # the very same mail: the server delivered it again
    assert (len(quick.world.service.store.inbounds()), len(answers(quick))) == (1, 1)
    assert quick.answer(letter, "i gang").outcome == "already"
    assert [it.move for it in history(quick)].count("start") == 1
    assert len(answers(quick)) == 2


def test_of_mails_that_come_at_once_a_later_one_sees_what_an_earlier_one_has_done(post: Post) -> None:
    letter = post.letter()
    words = (
        "i gang\nVi har begynt.",
        "Hilsen oss.",
        "gjort\nAlle brev er sendt.",
        "i gang\nVi har begynt.",
        "ikke oss",
    )
    found = post.take_all(*(post.written(letter, text) for text in words))
    assert [it.outcome for it in found] == ["done", "comment", "done", "already", "refused"]
    assert post.world.case(3).state == "reported"
    assert [it.move for it in history(post)][-4:] == ["start", "comment", "report", "comment"]
    assert post.world.service.store.broken_chains() == []
    assert sum("Vi har begynt" in it.text for it in answers(post)) >= 2  # the receipt, and the same once more


def test_one_mail_that_cannot_be_dealt_with_does_not_take_its_neighbours_along(post: Post) -> None:
    letter, others, store = post.letter(), post.letter(GIL), post.world.service.store
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET facts = '{' WHERE number = '3'"))
    found = post.take_all(
        post.written(others, "Hva gjelder det?", GIL),
        post.written(letter, "i gang"),
        post.written(others, "Og hva gjelder det?", GIL),
    )
    assert [(it.state, it.outcome) for it in found] == [
        ("held", "asked"),
        ("leased", ""),
        ("held", "asked"),
    ]
    for _ in range(4):
        post.world.clock.move_to(post.world.clock.now() + timedelta(minutes=11))
        post.world.service.tick()
    assert [it.state for it in reversed(store.inbounds())] == ["held", "quarantined", "held"]


def test_a_letter_about_several_cases_needs_a_number(quick: Post) -> None:
    letter = quick.letter(GIL)
    mail = quick.answer(letter, "Dette ser bra ut.", sender=GIL)
    assert (mail.state, mail.outcome) == ("held", "asked")
    assert "hvilken du mener" in " ".join(answers(quick, GIL)[-1].text.split())


def test_what_somebody_may_not_do_is_refused_with_the_reason_and_the_words_are_kept(quick: Post) -> None:
    letter = quick.letter()
    quick.answer(letter, "gjort\nAlle brevene viser til evalueringen.")
    assert quick.world.case(3).state == "reported"
    mail = quick.answer(letter, "i gang\nVi begynner nå.")
    assert (mail.outcome, history(quick)[-1].move) == ("refused", "comment")
    assert "går ikke slik saken står nå" in " ".join(answers(quick)[-1].text.split())


def test_a_forwarded_letter_does_not_pass_on_the_right(quick: Post) -> None:
    letter = quick.letter()
    mail = quick.answer(letter, "gjort", sender="mrdem@ud.example")
    assert (mail.state, mail.outcome, mail.party) == ("held", "stranger", "unit:MRDEM")
    assert quick.world.case(3).state == "assigned"


def test_somebody_says_by_mail_that_they_are_away_and_who_stands_in(quick: Post) -> None:
    letter = quick.letter()
    mail = quick.answer(letter, "fravær 1.9. til 15.9.\nVikar: Hanne Eksempel", sender=HEAD)
    assert mail.outcome == "absence", mail
    [absence] = quick.world.service.store.register().absences
    assert (absence.person, absence.substitute) == ("leder-reg", "leder-hum")
    assert (absence.first, absence.last) == (date(2011, 9, 1), date(2011, 9, 15))


def test_somebody_who_is_away_may_name_the_substitute_on_the_same_line(quick: Post) -> None:
    quick.answer(quick.letter(), "fravær 1.9. til 15.9., hanne.eksempel@ud.example", sender=HEAD)
    assert quick.world.service.store.register().standing_in("leder-reg", date(2011, 9, 5)) == "leder-hum"


def test_somebody_who_is_not_the_right_one_says_who_is(quick: Post) -> None:
    mail = quick.answer(quick.letter(), "ikke oss: HUM-seksjonen\nDette ligger hos dem.")
    assert (mail.outcome, history(quick)[-1].move, history(quick)[-1].facts["unit"]) == ("done", "not_ours", "HUM")


def test_a_case_is_passed_on_to_a_colleague_by_mail(quick: Post) -> None:
    mail = quick.answer(quick.letter(), "videre til rolf.eksempel@ud.example\nKan du ta denne?")
    assert (mail.outcome, history(quick)[-1].facts["passed to"]) == ("done", "person:leder-reg")
    assert len(answers(quick)) == 1
    assert quick.world.box.to(HEAD)


def test_an_out_of_office_note_is_a_suggestion_in_the_coordinators_digest_and_is_never_answered(quick: Post) -> None:
    letter = quick.letter()
    note = "Jeg er på ferie fra 1. september til 15. september 2011. Kontakt Hanne Eksempel, hanne.eksempel@ud.example."
    mail = quick.answer(
        letter, note, sender=HEAD, Auto_Submitted="auto-replied", Subject="Automatisk svar: Nytt tiltak"
    )
    assert (mail.kind, mail.outcome, mail.party) == ("auto-reply", "absence", "person:leder-reg")
    [found] = quick.world.service.store.suggestions()
    assert (found.first, found.last, found.substitute) == (date(2011, 9, 1), date(2011, 9, 15), "leder-hum")
    assert quick.answer(letter, note, sender=HEAD, Auto_Submitted="auto-replied").outcome == "known absence"
    assert answers(quick) + quick.world.box.to(HEAD) == []
    accept(quick.world.service.store, found.id, by="operator")
    assert quick.world.service.store.register().away("leder-reg", date(2011, 9, 5))


def test_whoever_has_left_is_told_of_at_once(quick: Post) -> None:
    note = "Jeg har sluttet i departementet."
    mail = quick.answer(quick.letter(), note, sender=HEAD, Auto_Submitted="auto-replied", Subject="Automatisk svar")
    assert mail.outcome == "left"
    assert "har sluttet" in subject_of(answers(quick, GIL)[0])


def report(message_id: str, status: str, address: str = REG) -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.ud.example\nTo: tiltak@ud.example\nSubject: Undelivered\nMessage-ID: <{status}@mx>\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.ud.example\n\nFinal-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} refused\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nTo: {address}\n\n--b--\n"
    ).encode()


def test_a_delivery_report_marks_the_address_and_what_the_letter_said_goes_to_the_next_one(post: Post) -> None:
    letter = post.letter()
    mail = post.take(report(letter.message_id, "5.1.1"), envelope_from="")
    assert (mail.kind, mail.outcome) == ("bounce", "hard")
    assert REG in post.world.service.store.refusals()
    post.world.live_until(date(2011, 8, 26))
    assert post.world.box.to(HEAD)  # the head has it
    assert any("kan ikke leveres" in it.text for it in answers(post, GIL))


def test_a_report_about_a_letter_that_was_not_ours_marks_nobody(quick: Post) -> None:
    quick.letter()
    forged = ("<t.bbbbbbbbbbbbbbbbbbbbbbbbbb@ud.example>", "<x@ud.example>", "<t.a@annet.example>")
    for number, message_id in enumerate(forged):
        raw = report(message_id, "5.1.1").replace(b"<5.1.1@mx>", b"<%d@mx>" % number)
        assert quick.take(raw).outcome == "backscatter"
    assert quick.world.service.store.refusals() == {}


def test_a_full_mailbox_is_told_and_the_second_time_in_a_week_marks_the_address(quick: Post) -> None:
    first = quick.letter()
    assert quick.take(report(first.message_id, "5.2.2")).outcome == "soft"
    assert quick.world.service.store.refusals() == {}
    quick.world.live_until(date(2011, 8, 26))
    quick.answer(first, "i gang")
    [receipt] = [it for it in answers(quick) if "i gang" in it.text.lower() or "satt i gang" in it.text.lower()][:1]
    assert quick.take(report(receipt.message_id, "5.2.2").replace(b"<5.2.2@mx>", b"<2@mx>")).outcome == "hard"
    assert REG in quick.world.service.store.refusals()


def test_a_refusal_that_is_our_own_fault_is_told_to_whoever_runs_the_service(quick: Post) -> None:
    letter = quick.letter()
    assert quick.take(report(letter.message_id, "5.7.1")).outcome == "ours"
    assert quick.world.service.store.refusals() == {}
    assert any("SPF, DKIM og DMARC" in " ".join(it.text.split()) for it in quick.world.box.mails)


def test_a_letter_to_whoever_runs_the_service_that_comes_back_makes_it_unready(quick: Post) -> None:
    service = quick.world.service
    quick.take(report(quick.letter().message_id, "5.7.1"))
    operator = service.store.organisation().operator
    [alarm] = quick.world.box.to(operator)
    assert service.store.operator_waits(quick.world.clock.now()) == ""
    raw = report(alarm.message_id, "5.1.1", operator).replace(b"<5.1.1@mx>", b"<2@mx>")
    assert quick.take(raw).outcome == "hard"
    assert service.store.refusals() == {}  # nobody comes after the operator: that one is written to all the same
    assert "5.1.1" in service.store.operator_waits(quick.world.clock.now())


def test_our_own_letter_coming_back_is_a_loop_and_is_not_answered(quick: Post) -> None:
    letter = quick.letter()
    mail = quick.take(letter.raw)
    assert (mail.kind, mail.outcome) == ("loop", "loop")
    assert quick.world.box.mails[-1].to == quick.world.service.store.organisation().operator


def test_mail_that_answers_nothing_lands_in_the_tray_and_is_told_again_every_week(quick: Post) -> None:
    quick.letter()
    mail = quick.take(f"From: {HEAD}\nSubject: Hei\nAuthentication-Results: {PASSED}\n\nLunsj?\n".encode())
    assert (mail.state, mail.outcome) == ("unmatched", "no case")
    quick.world.live_until(date(2011, 8, 30))
    told = [it for it in answers(quick, GIL) if "Den svarer ikke på noe brev fra oss" in " ".join(it.text.split())]
    assert told
    quick.world.live_until(date(2011, 9, 14))
    again = [it for it in quick.world.box.mails if "E-POST SOM VENTER" in it.text and it.day > date(2011, 9, 6)]
    assert again


def test_a_machine_that_answers_every_answer_is_not_answered_for_ever(quick: Post) -> None:
    letter = quick.letter()
    found = [quick.answer(letter, f"mer tid\nTakk for din henvendelse nr. {number}") for number in range(8)]
    assert {it.outcome for it in found} == {"more needed"}
    talk = [quick.answer(letter, f"Takk for din henvendelse nr. {number}") for number in range(3)]
    assert {(it.state, it.outcome) for it in talk} == {("held", "brake")}
    assert sum("ser ut til å gå i ring" in subject_of(it) for it in quick.world.box.mails) == 1


def test_a_flood_that_comes_at_once_is_braked_like_one_that_trickles(quick: Post) -> None:
    letter = quick.letter()
    flood = (*(f"mer tid\nTakk nr. {number}" for number in range(4)), *(f"Takk nr. {number}" for number in range(3)))
    found = quick.take_all(*(quick.written(letter, words) for words in flood))
    assert [it.outcome for it in found] == ["more needed"] * 4 + ["brake"] * 3


class Faulty:
    """Reads everything, except what it was told to choke on."""

    def __init__(self, eyes: Any, choke: bytes) -> None:
        self.eyes, self.choke, self.tries = eyes, choke, 0

    def read(self, raw: bytes, *, received: date) -> Reading:
        if self.choke in raw:
            self.tries += 1
            raise MemoryError("too much")
        found: Reading = self.eyes.read(raw, received=received)
        return found

    def close(self) -> None:
        """There is nothing to close."""


def test_poison_is_tried_three_times_and_shown_and_stops_nothing_behind_it(quick: Post) -> None:
    letter, service = quick.letter(), quick.world.service
    eyes = Faulty(service._readers, b"gift")
    service._readers = eyes
    service.kept(Received(source="test", raw=b"From: x@x.example\nSubject: gift\n\ngift\n"))
    assert quick.answer(letter, "i gang").outcome == "done"
    for _ in range(4):
        quick.world.clock.move_to(quick.world.clock.now() + timedelta(minutes=11))
        service.tick()
    poison = service.store.inbounds()[-1]
    assert (poison.state, eyes.tries, poison.error) == ("quarantined", 3, "MemoryError: too much")
    assert any("kan ikke leses" in it.text or "lot seg ikke lese" in it.text for it in quick.world.box.mails)


def test_a_mail_that_was_cut_or_that_repeats_an_id_is_looked_at_by_a_person(quick: Post) -> None:
    letter = quick.letter()
    mail = quick.take(b"From: x@x.example\nSubject: stor\n\nx\n", size=99_000_000)
    assert (mail.state, mail.outcome, mail.sender) == ("quarantined", "too large", "x@x.example")
    quick.answer(letter, "i gang")
    quick.sent = 0
    assert quick.answer(letter, "gjort\nAlt er gjort.").outcome == "twin"
    assert quick.world.case(3).state == "in_progress"
