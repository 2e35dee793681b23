"""Every setting: one TOML file, `TILTAK_SECTION__KEY` (or `…_FILE`) from the environment, unknown keys refused."""

import difflib
import tomllib
from collections.abc import Mapping
from datetime import date, time
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from engine.calendar import known_country
from engine.errors import SettingsError
from engine.people import ADDRESS, Organisation, Pulse, SendWindow
from engine.rhythm import EVERY, Every
from engine.text import LANGUAGES, Text

PREFIX = "TILTAK_"
NOT_SETTINGS = frozenset({"TILTAK_CONFIG", "TILTAK_REQUIRE_TOOLS"})
Weekday = Annotated[int, Field(ge=1, le=7)]
Language = Literal["nb", "nn", "en"]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Service(Section):
    """`database` is an SQLAlchemy URL; `base_url` is where pages are reached ("" = reminders carry no links)."""

    database: str = "sqlite:///var/tiltak.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: str = ""
    workflows_dir: Path | None = None

    @property
    def address(self) -> str:
        """Where the pages are reached: as the setting says, else where this process answers."""
        return self.base_url or f"http://{self.host}:{self.port}"


class Org(Section):
    key: str = Field(default="main", pattern=r"^[a-z0-9-]+$")
    name: str | Mapping[str, str] = "Tiltak"
    country: str = "NO"
    zone: str = "Europe/Oslo"
    language: Language = "nb"
    closed_days: tuple[date, ...] = ()
    send_days: tuple[Weekday, ...] = (1, 2, 3, 4, 5)
    send_from: time = time(7, 30)
    send_to: time = time(16, 0)
    digest_at: time = time(7, 30)
    send_empty_digest: bool = False
    operator: str = Field(default="", pattern=rf"^({ADDRESS.pattern})?$")
    operator_digest: Pulse = "daily"


class Mail(Section):
    """`security` is how the connection to the relay is protected; "none" only on a machine you trust."""

    sender: str = "tiltak@localhost"
    sender_name: str = "Tiltak"
    reply_to: str = ""
    return_path: str = Field(default="", pattern=rf"^({ADDRESS.pattern})?$")
    link_days: int = Field(default=90, ge=1, le=730)
    digest_choices: tuple[Every, ...] = EVERY
    message_id_host: str = "localhost"
    host: str = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = Field(default="", repr=False)
    timeout_seconds: float = Field(default=60, gt=0)


class Inbound(Section):
    """How mail comes in. `host` and `port` are the mailbox's server, or where to listen behind a mail server.

    Any kind may be used beside `tiltak mail receive`, which needs none of this.
    """

    kind: Literal["none", "imap", "smtp", "maildir"] = "none"
    host: str = ""
    port: int = Field(default=0, ge=0, le=65535)
    security: Literal["starttls", "tls", "none"] = "tls"
    username: str = ""
    password: str = Field(default="", repr=False)
    token_command: str = ""
    mailbox: str = "INBOX"
    processed: str = ""
    folder: Path | None = None
    idle_seconds: float = Field(default=60, gt=0, le=1500)  # RFC 2177: servers hang up after half an hour
    timeout_seconds: float = Field(default=60, gt=0)
    trusted_authserv_id: str = ""
    require_dmarc: Literal["internal", "all", "off"] = "internal"
    check_dmarc: bool = False
    limit_mib: int = Field(default=20, ge=1, le=200)
    keep_days: int = Field(default=730, ge=1)

    @property
    def proves(self) -> bool:
        """Whether somebody says who wrote: our own mail server, or we ourselves."""
        return bool(self.trusted_authserv_id) or self.check_dmarc

    @property
    def limit(self) -> int:
        return self.limit_mib * 1024 * 1024

    @property
    def server(self) -> tuple[str, int]:
        """Where to ask, or to listen, when no port is named."""
        if self.kind == "smtp":
            return self.host or "127.0.0.1", self.port or 2525
        return self.host, self.port or (993 if self.security == "tls" else 143)


class Schedule(Section):
    """How often the service looks. A miss costs nothing: what is due stays due until it was decided."""

    sweep_seconds: int = Field(default=60, ge=1)
    deliver_seconds: int = Field(default=15, ge=1)
    lease_seconds: int = Field(default=600, ge=60, le=4 * 3600)  # the outbox takes one of 6 hours for a leapt clock's
    batch: int = Field(default=100, ge=1, le=1000)


class Runner(Section):
    """Who says "look now": each process's own ticker, or procrastinate's workers on the same PostgreSQL."""

    kind: Literal["embedded", "procrastinate"] = "embedded"


class Watch(Section):
    """Who watches the watcher: an address that is asked for after every good sweep, and how large a leap is doubted."""

    ping_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    doubt_days: int = Field(default=30, ge=1, le=3650)


class Settings(Section):
    service: Service = Service()
    organisation: Org = Org()
    mail: Mail = Mail()
    inbound: Inbound = Inbound()
    schedule: Schedule = Schedule()
    runner: Runner = Runner()
    watch: Watch = Watch()

    @property
    def reads_replies_at(self) -> str:
        """The mailbox in which replies are read by this service; "" where people read them."""
        read = self.inbound.kind != "none" or self.inbound.proves
        return self.mail.reply_to if read else ""

    @property
    def queued(self) -> bool:
        """Whether jobs say when to look, and not the ticker of each process."""
        return self.runner.kind == "procrastinate"

    def as_organisation(self) -> Organisation:
        org = self.organisation
        return Organisation(
            key=org.key,
            name=Text.same(org.name) if isinstance(org.name, str) else Text.of(org.name),
            country=org.country,
            zone=org.zone,
            language=org.language,
            closed_days=frozenset(org.closed_days),
            window=SendWindow(days=frozenset(org.send_days), opens=org.send_from, closes=org.send_to),
            digest_at=org.digest_at,
            send_empty_digest=org.send_empty_digest,
            operator=org.operator,
            operator_digest=org.operator_digest,
        )


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file (if any) and let the environment win. Raises SettingsError naming every key that is wrong."""
    values = _from_file(path) if path else {}
    for name, value in environ.items():
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            _put(values, name, value)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(fault, path) for fault in error.errors())) from error
    _sensible(settings)
    return settings


def answerable(settings: Settings) -> None:
    """SettingsError when nobody stands behind the coordinator: then the promise that somebody always hears is empty."""
    if not settings.organisation.operator:
        raise SettingsError(
            "organisation.operator is not set: write there the address of whoever runs the service, "
            "who hears when nobody else can be reached (or TILTAK_ORGANISATION__OPERATOR in the environment)"
        )


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"there is no settings file {path}; copy tiltak.example.toml to begin with") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}") from error


def _put(values: dict[str, Any], name: str, value: str) -> None:
    """TILTAK_MAIL__PASSWORD=x and TILTAK_MAIL__PASSWORD_FILE=/run/secrets/x both set mail.password."""
    section, _, key = name.removeprefix(PREFIX).lower().partition("__")
    known = Settings.model_fields.get(section)
    if known is None or not key:
        raise SettingsError(f"{name} is no setting; they are called TILTAK_SECTION__KEY, as TILTAK_MAIL__HOST")
    fields = _fields(known)
    if key not in fields and key.endswith("_file"):
        key, value = key.removesuffix("_file"), _secret(name, value)
    many = str(fields[key].annotation).startswith("tuple") if key in fields else False
    values.setdefault(section, {})[key] = [it.strip() for it in value.split(",") if it.strip()] if many else value


def _secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise SettingsError(f"{name} names a file that cannot be read: {path} ({error.strerror})") from error


def _sentence(fault: Any, path: Path | None) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{path or 'environment'}: there is no setting {where}{_meant(where)}"
    return f"{path or 'environment'}: {where} cannot be {fault['input']!r}: {fault['msg'].lower()}"


def _meant(where: str) -> str:
    names = [f"{name}.{key}" for name, field in Settings.model_fields.items() for key in _fields(field)]
    near = difflib.get_close_matches(where, names, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _sensible(settings: Settings) -> None:
    org = settings.organisation
    if not known_country(org.country):
        raise SettingsError(f"organisation.country {org.country!r} has no calendar; use an ISO 3166 code such as NO")
    if org.send_from >= org.send_to:
        raise SettingsError(
            f"organisation.send_from {org.send_from} must come before organisation.send_to {org.send_to}"
        )
    if isinstance(org.name, Mapping) and set(org.name) != set(LANGUAGES):
        raise SettingsError("organisation.name must be one name, or one in each of nb, nn and en")
    _zone(org.zone)
    _can_receive(settings.inbound)
    if settings.queued:
        _can_queue(settings.service.database)


def _can_receive(inbound: Inbound) -> None:
    if inbound.kind != "none" and inbound.require_dmarc != "off" and not inbound.proves:
        raise SettingsError(
            "inbound.trusted_authserv_id is not set, so nobody could prove who wrote: write there the name that your "
            'mail server puts first into Authentication-Results ("(none)" where it writes none), or set '
            "inbound.check_dmarc to true, or inbound.require_dmarc to off"
        )
    if inbound.kind == "maildir" and inbound.folder is None:
        raise SettingsError("inbound.folder is not set: the Maildir into which your mail server delivers")
    if inbound.kind != "imap":
        return
    if missing := [name for name in ("host", "username") if not getattr(inbound, name)]:
        raise SettingsError(f"inbound.{missing[0]} is not set: where, and as whom, the mailbox is read over IMAP")
    if bool(inbound.password) == bool(inbound.token_command):
        raise SettingsError(
            "inbound needs a password (TILTAK_INBOUND__PASSWORD_FILE) or a token_command that prints an access token, "
            "and not both"
        )
    if inbound.processed == inbound.mailbox:
        raise SettingsError(
            f"inbound.processed is {inbound.mailbox!r}, where mail is read: name another folder, or none"
        )


def _can_queue(database: str) -> None:
    if not database.startswith("postgresql"):
        raise SettingsError(
            "runner.kind procrastinate needs PostgreSQL: set service.database to postgresql+psycopg://user@host/name, "
            "or runner.kind to embedded"
        )
    if find_spec("procrastinate") is None:
        raise SettingsError(
            "runner.kind procrastinate needs the package procrastinate: install it with the others of "
            "requirements.lock, or set runner.kind to embedded"
        )


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(f"organisation.zone {name!r} is no time zone; use a name such as Europe/Oslo") from error


def _fields(section: FieldInfo) -> dict[str, FieldInfo]:
    kind = section.annotation
    assert isinstance(kind, type)
    assert issubclass(kind, Section)
    return dict(kind.model_fields)
