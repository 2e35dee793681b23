"""Files of regimes: those that come along, an organisation's own, and those that are refused."""

from pathlib import Path

import pytest

from engine.errors import Faulty
from workflows.authorities import RegimeEntry, TermEntry, regimes, understood
from workflows.loading import load

OWN = """
regime: norad-2006
label: {nb: Våre, nn: Våre, en: Ours}
source: a letter
terms:
  - {duty: report, after: decided, by: 6m, roll: previous}
"""


def test_four_sets_of_rules_come_along() -> None:
    terms = {key: [(it.duty, it.after, str(it.by)) for it in regime.terms] for key, regime in regimes().items()}
    aid = [("plan", "received", "6w"), ("report", "decided", "1y")]
    assert terms == {
        "norad-2006": aid,
        "norad-2016": aid,
        "norad-2022": [],
        "audit-three-years": [("report", "decided", "3y")],
    }


def test_a_file_of_ones_own_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "regimes").mkdir()
    (tmp_path / "regimes" / "ours.yaml").write_text(OWN, encoding="utf-8")
    found = load(tmp_path, proven=False).regimes
    assert (found["norad-2006"].label.en, len(found)) == ("Ours", 4)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("by: 6m", "by: soon", "'soon' is no length of time"),
        ("by: 6m", "by: -6m", "-6m is no length of time that lies ahead"),
        ("after: decided", "after: later", "there is no word 'later'"),
        ("duty: report", "duty: plan", "a plan cannot be due so long after its own decision"),
        ("source: a letter", "sourse: a letter", "there is no key sourse"),
        ("nn: Våre, ", "", "label says nothing in nn"),
        ("terms:", "terms:\n  - {duty: report, after: decided, by: 1y}", "there is a term for the report already"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line_and_a_remedy(was: str, becomes: str, said: str) -> None:
    with pytest.raises(Faulty, match=said) as refused:
        understood(OWN.replace(was, becomes), "ours.yaml")
    assert all(it.line > 0 and it.remedy for it in refused.value.faults)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "regimes").mkdir()
    (tmp_path / "regimes" / "ours.yaml").write_bytes(OWN.encode("latin-1"))
    with pytest.raises(Faulty, match=r"ours\.yaml"):
        load(tmp_path, proven=False)


@pytest.mark.parametrize("word", sorted({*RegimeEntry.model_fields, *TermEntry.model_fields}))
def test_every_key_of_a_regime_is_explained(word: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "regimes.md").read_text(encoding="utf-8")
    assert f"| `{word}` |" in page
