"""A short name for facts: the same for the same facts, in whatever order they were gathered."""

from datetime import date

import pytest

from engine.fingerprint import fingerprint
from tests.engine.cast import d


def test_the_same_facts_have_the_same_sixteen_signs() -> None:
    one, two = fingerprint([{"a": 1, "b": frozenset({"x", "y"})}]), fingerprint([{"b": frozenset({"y", "x"}), "a": 1}])
    assert one == two
    assert len(one) == 16


def test_other_facts_have_others() -> None:
    assert len({fingerprint(it) for it in ([1], [2], ["1"], [d(1)], [d(2)], [frozenset({"x"})])}) == 6


def test_what_has_no_fingerprint_is_refused_by_its_kind() -> None:
    with pytest.raises(TypeError, match=r"^date has no fingerprint$"):
        fingerprint([date(2011, 8, 29)])
