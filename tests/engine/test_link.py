"""A token has 128 bits, is known by its digest alone, and is gone from whatever is kept or logged."""

import quopri
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.link import REDACTED, TOKEN, Link, digest_of, redacted, token_of
from tests.engine.cast import NOON

RANDOM = st.binary(min_size=16, max_size=16)


@given(RANDOM, RANDOM)
def test_every_token_is_26_small_letters_and_digits_and_no_two_are_alike(one: bytes, other: bytes) -> None:
    token = token_of(one)
    assert TOKEN.fullmatch(token)
    assert (token == token_of(other)) == (one == other)
    assert (digest_of(token) == digest_of(token_of(other))) == (one == other)


@given(RANDOM)
def test_an_address_that_lost_its_case_on_the_way_is_still_the_same_token(randomness: bytes) -> None:
    token = token_of(randomness)
    assert digest_of(token.upper()) == digest_of(f" {token}\n") == digest_of(token)
    assert token not in digest_of(token)


@given(RANDOM)
def test_what_was_kept_of_a_token_is_the_digest_of_its_small_letters_for_as_long_as_there_are_links(
    randomness: bytes,
) -> None:
    token = token_of(randomness)
    assert digest_of(token) == sha256(token.encode()).hexdigest()


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_token_is_not_made_of_fewer_or_more_bits(length: int) -> None:
    with pytest.raises(ValueError, match=r"^a token is made of 128 random bits$"):
        token_of(bytes(length))


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("revoked", "passed", "good"),
    [(False, 23 * HOUR, True), (False, 24 * HOUR, False), (False, 25 * HOUR, False), (True, 0 * HOUR, False)],
)
def test_a_link_is_good_until_it_expires_and_not_once_it_was_revoked(
    revoked: bool, passed: timedelta, good: bool
) -> None:
    link = Link(
        digest="d", purpose="page", party="unit:HUM", letter="l", cases=(), made_at=NOON, expires_at=NOON + 24 * HOUR,
        revoked_at=NOON if revoked else None,
    )  # fmt: skip
    assert link.good(NOON + passed) == good


@given(RANDOM, st.text(alphabet="abc ", max_size=90))
def test_no_token_survives_in_what_is_kept_of_a_letter_however_its_lines_were_broken(
    randomness: bytes, before: str
) -> None:
    token = token_of(randomness)
    for secret in (f"https://tiltak.example/l/{token}", f"svar+{token}@tiltak.example"):
        for text in (before + secret, quopri.encodestring((before + secret).encode()).decode()):
            kept = redacted(text)
            assert token not in kept.replace("=\n", "")
            assert REDACTED in kept


def test_what_is_no_token_stays() -> None:
    for text in ("GET /l/kort HTTP/1.1", "<t.aaaaaaaaaaaaaaaaaaaaaaaaaa@ud.example>", "a+b@ud.example", "/liste/fire"):
        assert redacted(text) == text
