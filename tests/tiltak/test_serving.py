"""A service that is told to end: what runs long hears of it, and is waited for."""

import asyncio

from tiltak.serving import _serve, _Server


class Brief(_Server):
    """A web server that is told to end as soon as the round has begun."""

    def __init__(self, began: asyncio.Event) -> None:
        self.began = began

    async def serve(self, sockets: object = None) -> None:
        assert sockets is None
        await self.began.wait()


def test_a_long_round_is_asked_to_end_and_waited_for() -> None:
    done: list[str] = []

    async def life() -> None:
        began, told = asyncio.Event(), asyncio.Event()

        async def long_round() -> None:
            began.set()
            await told.wait()
            done.append("the letter in hand")

        await asyncio.wait_for(_serve(Brief(began), {"deliver": (3600, long_round)}, told.set, None, {}), 60)

    asyncio.run(life())
    assert done == ["the letter in hand"]
