"""What somebody who signs in carries: made from chance, kept as a digest, and a code that is read aloud."""

import pytest

from engine.link import TOKEN, digest_of
from engine.secret import code_of, fits, fresh


def test_a_secret_is_a_token_and_never_the_same_twice() -> None:
    made = {fresh() for _ in range(50)}
    assert len(made) == 50
    assert all(TOKEN.fullmatch(it) for it in made)


def test_a_secret_fits_its_digest_and_nothing_else() -> None:
    secret = fresh()
    assert fits(secret, digest_of(secret))
    assert not fits(fresh(), digest_of(secret))
    assert not fits(secret, "")


def test_no_secret_fits_nothing_not_even_the_digest_of_nothing() -> None:
    assert not fits("", digest_of(""))
    assert not fits("", "")


@pytest.mark.parametrize(("secret", "code"), [("a" * 26, "549213"), ("226", "009091")])
def test_a_code_is_six_figures_and_the_same_on_every_node_before_and_after_an_upgrade(secret: str, code: str) -> None:
    assert code_of(secret) == code
