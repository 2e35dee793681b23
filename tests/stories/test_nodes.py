"""Several services on one PostgreSQL: they share the work, and nobody is told twice or in two letters."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from threading import Barrier, Thread

import pytest

from tests.postgres_server import PostgresServer
from tests.stories.world import World, iom
from tiltak.wiring import Service

pytestmark = pytest.mark.postgres
LATE = date(2012, 1, 31)  # seven weeks in which nobody looked


@pytest.fixture
def world(postgres: PostgresServer) -> Iterator[World]:
    begun = World(iom(), postgres.fresh())
    begun.live_until(date(2011, 12, 15))
    begun.away_until(LATE, time(7, 30))  # the digests' minute: what is decided now leaves now
    yield begun
    begun.end()


def letters(world: World) -> Counter[str]:
    return Counter(it.party for it in world.service.store.letters() if it.packed_at == world.clock.now())


def test_while_another_node_still_decides_nothing_is_packed_so_that_each_gets_one_letter(world: World) -> None:
    other = world.start()
    with world.service.store.begin() as tx:
        (held,) = tx.claim(LATE, limit=1)
        assert other.sweep().left
        assert letters(world) == {}
    assert not isinstance(held, str)
    assert not world.service.sweep().left
    assert max(letters(world).values()) == 1
    assert [it for it in world.service.store.notices(held.case.ref) if it.planned > date(2011, 12, 15)]


def test_a_case_that_somebody_holds_for_long_keeps_no_letter_back(world: World) -> None:
    with world.service.store.begin() as tx:
        tx.claim(LATE, limit=1)
        other = world.start()
        for minutes in (0, 4):
            world.clock.forward(minutes=minutes)
            other.sweep()
            assert letters(world) == {}
        world.clock.forward(minutes=1)
        other.sweep()
        assert max(letters(world).values()) == 1


def test_nodes_that_pack_at_the_same_time_pack_each_notice_once(world: World) -> None:
    other, together = world.start(), Barrier(2)
    world.service.desk.sweep()

    def node(service: Service) -> None:
        together.wait(30)
        service.sweep()

    nodes = [Thread(target=node, args=(service,)) for service in (world.service, other)]
    for each in nodes:
        each.start()
    for each in nodes:
        each.join(30)
    assert max(letters(world).values()) == 1
    assert other.store.next_ripe() is None
