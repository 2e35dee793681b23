"""Days as people write them, understood from the day the mail came; what could be two days is none."""

from datetime import date

import pytest

from notifications.reading import dates, periods

TUESDAY = date(2026, 6, 9)
SAID = {
    "29.06": date(2026, 6, 29),
    "29.6.": date(2026, 6, 29),
    "29. 6.": date(2026, 6, 29),
    "29/6": date(2026, 6, 29),
    "29/6-2026": date(2026, 6, 29),
    "29.06.2026": date(2026, 6, 29),
    "29.06.26": date(2026, 6, 29),
    "2026-06-29": date(2026, 6, 29),
    "29. juni": date(2026, 6, 29),
    "29 juni 2026": date(2026, 6, 29),
    "den 29. juni": date(2026, 6, 29),
    "mandag 29. juni": date(2026, 6, 29),
    "måndag den 29. juni": date(2026, 6, 29),
    "29. jun.": date(2026, 6, 29),
    "1. februar": date(2027, 2, 1),
    "29 June": date(2026, 6, 29),
    "29th of June": date(2026, 6, 29),
    "June 29, 2026": date(2026, 6, 29),
    "Monday June 29th": date(2026, 6, 29),
    "fredag": date(2026, 6, 12),
    "på fredag": date(2026, 6, 12),
    "tirsdag": date(2026, 6, 16),
    "laurdag": date(2026, 6, 13),
    "neste fredag": date(2026, 6, 19),
    "next Friday": date(2026, 6, 19),
    "i morgen": date(2026, 6, 10),
    "i overmorgon": date(2026, 6, 11),
    "om to uker": date(2026, 6, 23),
    "om to veker": date(2026, 6, 23),
    "om 14 dagar": date(2026, 6, 23),
    "om ein månad": date(2026, 7, 9),
    "om tre måneder": date(2026, 9, 9),
    "in two weeks": date(2026, 6, 23),
    "to uker til": date(2026, 6, 23),
    "ut juni": date(2026, 6, 30),
    "utgangen av august": date(2026, 8, 31),
    "the end of December": date(2026, 12, 31),
}
NO_DAY = (
    "31.06",  # June has thirty days
    "29.13",
    "8. juni",  # yesterday: this year's is gone, and next year's was hardly meant
    "8. juni 2026",
    "29.02.2027",
    "29. juni eller 30. juni",
    "slutten av juni",
    "uke 27",
    "etter ferien",
    "snart",
    "",
    "29",
    "0. juni",
    "om 0 dager",
)


@pytest.mark.parametrize("written", SAID)
def test_a_day_is_understood(written: str) -> None:
    assert dates.day(written, TUESDAY) == SAID[written]


@pytest.mark.parametrize("written", NO_DAY)
def test_what_names_no_single_coming_day_is_not_guessed(written: str) -> None:
    assert dates.day(written, TUESDAY) is None


def test_figures_with_a_slash_in_english_may_be_two_days() -> None:
    assert dates.day("6/7", TUESDAY, english=True) is None
    assert dates.day("6/7", TUESDAY) == date(2026, 7, 6)
    assert dates.day("29/6", TUESDAY, english=True) == date(2026, 6, 29)
    assert dates.day("7/7", TUESDAY, english=True) == date(2026, 7, 7)


def test_a_month_from_the_last_of_january_ends_in_february() -> None:
    assert dates.day("om en måned", date(2027, 1, 31)) == date(2027, 2, 28)


STRETCHES = {
    "fra 3. til 15. juli": (date(2026, 7, 3), date(2026, 7, 15)),
    "3.-15. juli": (date(2026, 7, 3), date(2026, 7, 15)),
    "3.–15.7": (date(2026, 7, 3), date(2026, 7, 15)),
    "fra og med 29. juni til og med 19. juli": (date(2026, 6, 29), date(2026, 7, 19)),
    "frå 29.06 til 19.07": (date(2026, 6, 29), date(2026, 7, 19)),
    "29.6 - 19.7.2026": (date(2026, 6, 29), date(2026, 7, 19)),
    "til 19. juli": (None, date(2026, 7, 19)),
    "t.o.m. fredag": (None, date(2026, 6, 12)),
    "from 3 July to 15 July": (date(2026, 7, 3), date(2026, 7, 15)),
    "July 3 - 15": (date(2026, 7, 3), date(2026, 7, 15)),
    "until 15 July": (None, date(2026, 7, 15)),
    "uke 28-30": (date(2026, 7, 6), date(2026, 7, 26)),
    "veke 29": (date(2026, 7, 13), date(2026, 7, 19)),
    "tilbake 20. juli": (None, date(2026, 7, 19)),
    "23. desember til 4. januar": (date(2026, 12, 23), date(2027, 1, 4)),
    "fra 1. juni til 15. juni": (date(2026, 6, 1), date(2026, 6, 15)),
}


@pytest.mark.parametrize("written", STRETCHES)
def test_a_stretch_of_days_is_understood(written: str) -> None:
    assert periods.period(written, TUESDAY) == STRETCHES[written]


@pytest.mark.parametrize("written", ["i ferien", "15. juli til 3. juli 2026", "fra 3. til 45. juli", "veldig lenge"])
def test_what_is_no_stretch_is_none(written: str) -> None:
    assert periods.period(written, TUESDAY) is None
