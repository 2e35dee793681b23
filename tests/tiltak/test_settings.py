"""Settings: one file, the environment wins, and what is wrong is said in a sentence that names the key."""

import tomllib
from pathlib import Path

import pytest

from engine.errors import SettingsError
from tiltak.settings import Settings, load

MAILBOX = "[inbound]\nrequire_dmarc = 'off'\nkind = 'imap'\nhost = 'h'\nusername = 'u'\n"
EXAMPLE = Path(__file__).parents[2] / "tiltak.example.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "tiltak.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path | None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as refused:
        load(path, environ or {})
    return str(refused.value)


def test_without_a_file_the_defaults_hold() -> None:
    assert load(None, {}) == Settings()


def test_the_example_file_says_the_defaults_and_names_every_setting() -> None:
    assert load(EXAMPLE, {}) == Settings()
    values = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    for section, field in Settings.model_fields.items():
        missing = (
            set(type(getattr(Settings(), section)).model_fields) - set(values[section]) - {"workflows_dir", "folder"}
        )
        assert not missing, f"{section} ({field}) lacks {missing}"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[mail]\nhost = "a.example"\nport = 25\n')
    settings = load(path, {"TILTAK_MAIL__HOST": "b.example", "HOME": "/"})
    assert (settings.mail.host, settings.mail.port) == ("b.example", 25)


def test_a_list_in_the_environment_is_written_with_commas() -> None:
    settings = load(None, {"TILTAK_ORGANISATION__CLOSED_DAYS": "2026-12-24, 2026-12-31"})
    assert [day.isoformat() for day in settings.organisation.closed_days] == ["2026-12-24", "2026-12-31"]


def test_a_secret_can_come_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hemmelig\n", encoding="utf-8")
    settings = load(None, {"TILTAK_MAIL__PASSWORD_FILE": str(tmp_path / "secret")})
    assert settings.mail.password == "hemmelig"
    assert "hemmelig" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[mail]\nhots = 'x'\n", ["mail.hots", "did you mean mail.host?"]),
        ("[mial]\nhost = 'x'\n", ["mial"]),
        ("[mail]\nport = 'many'\n", ["mail.port", "'many'"]),
        ("[mail]\nsecurity = 'maybe'\n", ["mail.security", "starttls"]),
        ("[organisation]\nzone = 'Europe/Olso'\n", ["organisation.zone", "Europe/Olso"]),
        ("[organisation]\ncountry = 'Norway'\n", ["organisation.country", "NO"]),
        ("[organisation]\nsend_from = 17:00:00\n", ["organisation.send_from", "organisation.send_to"]),
        ("[organisation]\nname = {nb = 'Etat'}\n", ["organisation.name", "nn"]),
        ("[schedule]\nlease_seconds = 21_601\n", ["schedule.lease_seconds", "14400"]),
        ("[mail\n", ["is not TOML"]),
        ("[inbound]\nkind = 'pop3'\n", ["inbound.kind", "imap"]),
        ("[inbound]\nkind = 'imap'\n", ["inbound.trusted_authserv_id", "Authentication-Results", "off"]),
        ("[inbound]\nrequire_dmarc = 'off'\nkind = 'imap'\n", ["inbound.host"]),
        (f"{MAILBOX}", ["password", "token_command"]),
        (f"{MAILBOX}password = 'p'\nprocessed = 'INBOX'\n", ["processed"]),
        ("[inbound]\nrequire_dmarc = 'off'\nkind = 'maildir'\n", ["inbound.folder"]),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(tmp_path: Path, text: str, words: list[str]) -> None:
    said = refusal(written(tmp_path, text))
    assert [word for word in words if word not in said] == [], said


def test_a_missing_file_and_a_missing_secret_are_named(tmp_path: Path) -> None:
    assert "tiltak.example.toml" in refusal(tmp_path / "none.toml")
    assert "/nowhere/secret" in refusal(None, {"TILTAK_MAIL__PASSWORD_FILE": "/nowhere/secret"})


def test_a_misspelt_variable_is_refused_and_not_passed_over() -> None:
    assert "TILTAK_MIAL__HOST" in refusal(None, {"TILTAK_MIAL__HOST": "x"})
    assert "mail.hots" in refusal(None, {"TILTAK_MAIL__HOTS": "x"})
