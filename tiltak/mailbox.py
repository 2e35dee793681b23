"""Mail in, by the settings: the channel it comes by, who we are in it, and how it is dealt with."""

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.calendar import day_of
from engine.inbound import Inbound as Kept
from engine.ports import Clock
from engine.workflow import Workflows
from notifications.channels.source import MailSource, Places
from notifications.incoming.identity import Gate
from notifications.incoming.machines import Machines
from notifications.incoming.proof import proven
from notifications.incoming.replies import Replying
from notifications.incoming.sorting import Sorting
from notifications.reading.facts import Reading
from store.sql import SqlStore
from tiltak.reading import Reads, ourselves
from tiltak.settings import Inbound, Settings


def sorting_of(settings: Settings, store: SqlStore, workflows: Workflows, clock: Clock, readers: Reads) -> Sorting:
    """What deals with mail that was kept."""
    own, zone = ourselves(settings), store.organisation().zone

    def read(mail: Kept) -> Reading:
        raw = mail.raw or b""
        found = readers.read(raw, received=day_of(mail.received_at, zone))
        return proven(found, raw) if settings.inbound.check_dmarc and found.klass == "reply" else found

    return Sorting(
        inbox=store,
        reader=store,
        workflows=workflows,
        clock=clock,
        read=read,
        machines=Machines(store, store, store, own.host, settings.mail.return_path.partition("@")[0]),
        replies=Replying(
            inbox=store,
            links=store,
            workflows=workflows,
            own=own,
            gate=Gate(policy=settings.inbound.require_dmarc, domains=frozenset()),
            sender=settings.mail.sender,
        ),
        keep=timedelta(days=settings.inbound.keep_days),
    )


def mail_source(inbound: Inbound, places: Places, now: Callable[[], datetime]) -> MailSource | None:
    """The channel by which mail comes in; None when only `tiltak mail receive` brings any."""
    match inbound.kind:  # nobody waits for the import of a channel that is not asked for
        case "imap":
            return _imap(inbound, places, now)
        case "smtp":
            from notifications.channels.listener import Listener

            return Listener(*inbound.server, limit=inbound.limit, idle=inbound.idle_seconds)
        case "maildir":
            from notifications.channels.maildir import Maildir

            assert inbound.folder
            return Maildir(inbound.folder, limit=inbound.limit, idle=inbound.idle_seconds)
        case "none":
            return None


def _imap(inbound: Inbound, places: Places, now: Callable[[], datetime]) -> MailSource:
    from notifications.channels.imap import Account, Imap

    host, port = inbound.server
    account = Account(
        host=host,
        port=port,
        security=inbound.security,
        username=inbound.username,
        password=inbound.password,
        token_command=inbound.token_command,
        mailbox=inbound.mailbox,
        processed=inbound.processed,
        timeout=inbound.timeout_seconds,
        idle=inbound.idle_seconds,
        limit=inbound.limit,
    )
    return Imap(account, places, now)
