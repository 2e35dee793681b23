"""Links as whoever runs the service types them: who can answer a case by one, and taking that back."""

import json
from pathlib import Path

import pytest

from tests.stories.world import EXAMPLES
from tests.tiltak.test_commands import home, tiltak, trap  # noqa: F401


@pytest.mark.usefixtures("home")
def test_links_to_a_case_are_listed_and_taken_back(home: Path) -> None:  # noqa: F811
    settings = (home / "tiltak.toml").read_text(encoding="utf-8")
    linked = settings.replace("[service]", '[service]\nbase_url = "https://tiltak.example"')
    (home / "tiltak.toml").write_text(linked, encoding="utf-8")
    tiltak("import", str(EXAMPLES / "iom-2011.yaml"))
    tiltak("tick")
    ref = "IOM-2011-3"
    [link] = [
        it for it in map(json.loads, tiltak("link", "list", ref, "--json").splitlines()) if it["who"] != "unit:GIL"
    ]
    assert link["state"] == "good"
    assert link["link"] in tiltak("link", "list", ref)
    assert "there is no good link" in tiltak("link", "revoke", ref, "unit:NONE", code=1)
    assert "nothing can be answered" in tiltak("link", "revoke", ref, link["who"], "--reason", "Sendt videre")
    assert "Sendt videre" in tiltak("history", ref)
    after = [json.loads(it) for it in tiltak("link", "list", ref, "--json").splitlines()]
    assert [it["state"] for it in after if it["who"] == link["who"]] == ["taken back"]
    assert "there is no good link" in tiltak("link", "revoke", ref, link["link"], code=1)
