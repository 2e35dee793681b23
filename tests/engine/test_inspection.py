"""When it is said that somebody cannot be reached."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.inspection import notice
from engine.trouble import Trouble
from tests.engine.cast import REGISTER

OSLO = ZoneInfo("Europe/Oslo")


def test_what_can_wait_for_weeks_waits_for_a_digest_also_when_the_clocks_change_meanwhile() -> None:
    day = date(2012, 3, 5)
    trouble = Trouble(party="unit:HUM", to="unit:GIL", cause="no head", cases=("P-1",), count=1, since=day, told_on=day)
    early = datetime(2012, 3, 5, 6, 0, tzinfo=OSLO)
    at = notice(trouble, "found", REGISTER, early).ripe_at
    assert at.astimezone(OSLO) == datetime(2012, 4, 30, 7, 30, tzinfo=OSLO)
