"""The only place where the parts meet: settings in, a running service out."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from threading import Lock

from engine.brief import briefs
from engine.calendar import day_of
from engine.desk import Desk
from engine.health import Ailment
from engine.inbound import Came, Enclosed, Inbound, Received
from engine.people import Organisation
from engine.ports import Clock
from engine.roles import OPERATOR
from engine.rulebook import Rulebook
from engine.sweep import BATCH, Swept
from engine.window import is_open
from engine.workflow import Workflows
from notifications.doubt import pack_doubt
from notifications.incoming.enclosed import enclosed
from notifications.incoming.sorting import Sorted
from notifications.links import Linking
from notifications.message import Stamp
from notifications.outbox import Delivered, Delivery
from notifications.packing import pack_ripe
from notifications.post import Post
from notifications.sign_in import SignInPost
from notifications.smtp import Smtp
from notifications.undeliverable import undeliverable
from notifications.writing import Writing
from store.database import open_database
from store.migrate import migrate
from store.sql import SqlStore, open_store
from tiltak.clock import SteadyClock, SystemClock
from tiltak.intake import SORT_SECONDS, Intake
from tiltak.limits import limits_of
from tiltak.mailbox import mail_source, sorting_of
from tiltak.options import Options
from tiltak.reading import Reads, begin_readers
from tiltak.scheduler import Round
from tiltak.settings import Mail, Settings, answerable
from tiltak.watch import Watch, pinging
from workflows.loading import load as load_files

log = logging.getLogger("tiltak.wiring")
MOST_BATCHES = 16
PATIENCE = timedelta(minutes=5)  # with those who hold a case that is due; then letters leave without it
ARITHMETIC = f"tiltak {version('tiltak')}, holidays {version('holidays')}"
OpenPost = AbstractAsyncContextManager[Post]


class Service:
    """Everything that runs: a desk for errands, a store, and the rounds that the ticker makes."""

    def __init__(
        self,
        settings: Settings,
        store: SqlStore,
        workflows: Workflows,
        clock: Clock,
        post: OpenPost,
        readers: Reads | None = None,
    ) -> None:
        self.settings, self.store, self.clock, self.post = settings, store, clock, post
        self.express = post  # for what somebody waits for in front of a screen
        self.desk = Desk(store, store, workflows, clock)
        self.limits = limits_of(settings.mail.digest_choices, workflows)
        store.registers.permit(self.limits.permits)
        store.rulebook = Rulebook.of(workflows, ARITHMETIC)
        self.keeps_links = False  # in the demo letters are read, and their links followed, long after they were sent
        self._taken_up = False
        self._swept_at: datetime | None = None
        self._readers = readers  # begun when there is a mail to read
        self._sorting_mail, self._beginning_to_read = Lock(), Lock()
        self._posting = asyncio.Lock()  # a worker's two slots share one connection to the mail server
        self._left_since: datetime | None = None  # from when on others have been dealing with something that is due
        self._stopping = threading.Event()
        self.ailments: Callable[[], Sequence[Ailment]] = tuple  # what the watch finds, when there is one

    @property
    def workflows(self) -> Workflows:
        return self.desk.workflows

    def last_sweep(self) -> datetime | None:
        return self._swept_at

    def doubts(self) -> Sequence[Ailment]:
        """A clock that nobody watches is believed."""
        return ()

    def stop(self) -> None:
        """The process is about to end: the letter in hand is the last one."""
        self._stopping.set()

    def take_up(self) -> None:
        """Once in the life of a process that decides: its rules hold from now on, and no alarm set by others does."""
        if not self._taken_up:
            for name in self.store.take_up():
                log.info("%s is new or has changed: the cases that rest on it are looked at again", name)
            self._taken_up = True

    def sweep(self) -> Swept:
        """Decide what is due, and pack what may leave."""
        self.take_up()
        swept = self.desk.sweep()
        now = self.clock.now()
        self._left_since = (self._left_since or now) if swept.left else None
        # others still decide, and the last of them packs: nobody gets two letters where one would do
        if self._left_since is None or now - self._left_since >= PATIENCE:
            pack_ripe(self.store, self.store, now=now, host=self.settings.mail.message_id_host)
        self._swept_at = now
        return swept

    def kept(self, received: Received) -> Came:
        """A mail is safe when this returns."""
        return self.store.keep(received, self.clock.now())

    def sort(self) -> Sorted:
        """Deal with the mail that was kept, and pack the answers: whoever has written waits."""
        self.take_up()
        with self._sorting_mail:
            sorting = sorting_of(self.settings, self.store, self.workflows, self.clock, self._reads())
            found = sorting.round()
        if found.done or found.waits:
            pack_ripe(self.store, self.store, now=self.clock.now(), host=self.settings.mail.message_id_host)
        return found

    def enclosed(self, mail: Inbound) -> Enclosed:
        """What came along with a mail that was kept, as far as it can be read."""
        if not mail.legible:
            return Enclosed()
        day = day_of(mail.received_at, self.store.organisation().zone)
        return enclosed(self._reads().read(mail.raw or b"", received=day))

    def _reads(self) -> Reads:
        with self._beginning_to_read:
            self._readers = self._readers or begin_readers(self.settings, self.workflows)
            return self._readers

    def close(self) -> None:
        """Let go of the database and of the processes that read mail."""
        if self._readers:
            self._readers.close()
        self.store.close()

    def batches(self) -> int:
        """How many nodes could sweep side by side just now, each with a batch of its own; 16 at most."""
        due = self.store.due_count(self.desk.today(), limit=MOST_BATCHES * BATCH)
        return -(-due // BATCH)

    async def sweep_round(self) -> None:
        """As the ticker calls it: off the event loop, since the store is synchronous."""
        await asyncio.to_thread(self.sweep)

    async def deliver(self, party: str = "") -> Delivered:
        """Send every letter that may leave, over one connection; or only those to a party, whatever the hour."""
        organisation = await asyncio.to_thread(self.store.organisation)
        async with self._posting, self.post as post:
            delivery = self._delivery(post, organisation)
            return await (replace(delivery, may_leave=bool) if party else delivery).round(party)

    async def ask(self, doubt: Ailment) -> None:
        """Write to the operator, and to nobody else, that the clock is doubted."""
        store, host = self.store, self.settings.mail.message_id_host
        await asyncio.to_thread(pack_doubt, store, store, store, doubt, host=host)
        await self.deliver(OPERATOR)

    def tick(self) -> tuple[Swept, Delivered]:
        """One round now: deal with what came, decide, pack, deliver."""
        self.sort()
        swept = self.sweep()
        return swept, asyncio.run(self.deliver())

    async def let_in(self) -> int:
        """Write to whoever has asked for a link, over a connection of its own; at any hour."""
        address, store = self.settings.service.address, self.store
        posted = SignInPost(store.entrance, store, self.clock, self._stamp(), address)
        async with self.express as post:
            return await posted.round(post)

    def _stamp(self) -> Stamp:
        mail = self.settings.mail
        return Stamp(
            sender=mail.sender,
            sender_name=mail.sender_name,
            host=mail.message_id_host,
            instance=self.store.org,
            returns=mail.return_path,
        )

    def _delivery(self, post: Post, organisation: Organisation) -> Delivery:
        mail, schedule, service = self.settings.mail, self.settings.schedule, self.settings.service
        return Delivery(
            outbox=self.store,
            post=post,
            writing=Writing(
                outbox=self.store,
                briefs=partial(
                    briefs,
                    self.store,
                    self.workflows,
                    base_url=service.base_url,
                    reply_to=mail.reply_to,
                    ailments=lambda: self.ailments(),
                    tray=self.store,
                ),
                clock=self.clock,
                stamp=self._stamp(),
                linking=Linking(
                    base_url=service.base_url,
                    lasts=timedelta(days=mail.link_days),
                    reply_to=self.settings.reads_replies_at,
                    choices=bool(mail.digest_choices),
                ),
            ),
            undeliverable=partial(undeliverable, self.store),
            may_leave=partial(is_open, organisation=organisation),
            clock=self.clock,
            keep_links=self.keeps_links,
            lease=timedelta(seconds=schedule.lease_seconds),
            batch=schedule.batch,
            stopping=self._stopping.is_set,
        )


def load_workflows(settings: Settings, *, proven: bool = True) -> Workflows:
    """The shipped rule files and the organisation's own. Raises Faulty when one of them cannot be used."""
    return load_files(settings.service.workflows_dir, proven=proven)


def prepare(settings: Settings) -> None:
    """Bring the database's tables up to this version: our own, and those of procrastinate where it runs the jobs."""
    migrate(settings.service.database)
    if settings.queued:
        from tiltak import jobs  # only those who ask for it wait for its import

        engine = open_database(settings.service.database)
        try:
            jobs.prepare(engine)
        finally:
            engine.dispose()


def build(
    settings: Settings,
    clock: Clock,
    *,
    workflows: Workflows | None = None,
    organisation: Organisation | None = None,
    post: OpenPost | None = None,
    readers: Reads | None = None,
) -> Service:
    """Migrate the database, open the store, put the parts together. Nothing runs yet."""
    prepare(settings)
    store = open_store(settings.service.database, organisation=organisation or settings.as_organisation())
    if settings.queued:
        from tiltak.jobs import announcing

        store.announce = announcing(store.org)
    service = Service(
        settings, store, workflows or load_workflows(settings), clock, post or smtp(settings.mail), readers
    )
    service.express = post or smtp(settings.mail)
    return service


def smtp(mail: Mail) -> Smtp:
    return Smtp(
        mail.host,
        mail.port,
        security=mail.security,
        username=mail.username,
        password=mail.password,
        timeout=mail.timeout_seconds,
    )


def open_service(options: Options, *, proven: bool = True) -> Service:
    """The service as the settings file and the environment describe it, on the real clock.

    Whoever decides nothing may leave it unproven that the rules can never go silent: the proof takes its time.
    """
    settings = options.settings()
    return build(settings, SystemClock(), workflows=load_workflows(settings, proven=proven))


def watched_service(options: Options, *, node: str = "", loops: Collection[str] | None = None) -> tuple[Service, Watch]:
    """The service as it runs for years: on a clock that never goes back, the loops that run in this process watched.

    `loops` are those of them that this process runs; all of them when left out.
    """
    settings, clock = options.settings(), SteadyClock(SystemClock())
    answerable(settings)
    service = build(settings, clock)
    service.take_up()
    watch = Watch(
        service.store,
        clock,
        node=node or node_of(settings),
        every=every(settings),
        mine=loops,
        doubt=timedelta(days=settings.watch.doubt_days),
        ping=pinging(settings.watch.ping_url),
        ask=service.ask,
    )
    service.ailments = watch.ailments
    if loops is None or loops:
        watch.rise()
    return service, watch


def every(settings: Settings) -> dict[str, timedelta]:
    """How often each loop of the service comes round."""
    schedule, inbound = settings.schedule, settings.inbound
    seconds = {"sweep": schedule.sweep_seconds, "deliver": schedule.deliver_seconds, "replies": SORT_SECONDS}
    if inbound.kind != "none":
        return {name: timedelta(seconds=it) for name, it in (seconds | {"mailbox": inbound.idle_seconds}).items()}
    return {name: timedelta(seconds=it) for name, it in seconds.items()}


def intake(service: Service, watch: Watch) -> Intake:
    """What waits for mail by itself, with its heartbeat."""
    source = mail_source(service.settings.inbound, service.store, service.clock.now)
    return Intake(source, service.kept, service.sort, watch.watched)


def rounds(service: Service, watch: Watch) -> dict[str, Round]:
    """What a node does again and again, whoever tells it to, each with its heartbeat."""
    return {
        "sweep": watch.watched("sweep", service.sweep_round),
        "deliver": watch.watched("deliver", service.deliver),
    }


def node_of(settings: Settings) -> str:
    """What this process is called among those that share a database."""
    return f"{socket.gethostname()}:{settings.service.port}"
