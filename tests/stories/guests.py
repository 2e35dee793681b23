"""People in front of the pages: each with a browser of their own, and the mailbox in which the links arrive."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from tests.stories.world import World
from tiltak.pages import pages
from tiltak.wiring import Service

HERE = "http://127.0.0.1:8000"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
NETWORK = "198.51.100.7"
COORDINATOR, HEAD, STRANGER = "geir.eksempel@ud.example", "rolf.eksempel@ud.example", "mari.eksempel@ud.example"


APPS: WeakKeyDictionary[Service, FastAPI] = WeakKeyDictionary()


def _app(service: Service) -> FastAPI:
    """Made once for a world: a browser costs little then."""
    return APPS.setdefault(service, APPS.get(service) or pages(service))


class Guest:
    """A browser: it keeps cookies, follows no redirect by itself, and says that its forms come from these pages."""

    def __init__(self, world: World, app: FastAPI | None = None, network: str = NETWORK, language: str = "en") -> None:
        self.world, self.app = world, app or _app(world.service)
        self.client = TestClient(
            self.app, base_url=HERE, client=(network, 50_000), cookies={"lang": language}, follow_redirects=False
        )

    def get(self, path: str) -> Response:
        return self.client.get(path)

    def post(self, path: str, **form: object) -> Response:
        return self.client.post(path, data=form, headers=SAME_ORIGIN)

    def ask(self, address: str, back: str = "/") -> str:
        """Ask for a link; the code that the page shows."""
        answer = self.post("/sign-in", address=address, back=back)
        assert answer.status_code == 200, answer.text
        shown = re.search(r'class="code">(\d{3}) (\d{3})<', answer.text)
        assert shown
        return shown[1] + shown[2]

    def come_in(self, address: str, back: str = "/") -> "Guest":
        self.ask(address, back)
        assert self.post(mailed(self.world, address)).status_code == 303
        return self


def write_letters(world: World) -> int:
    """In a thread of its own, since whoever drives a browser has a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(world.service.let_in())).result()


def mailed(world: World, address: str) -> str:
    """The path of the newest link in somebody's mailbox, once what waits has been written."""
    write_letters(world)
    found = re.findall(r"http\S+/sign-in/[a-z2-7]{26}", world.box.to(address)[-1].text)
    assert len(found) == 1
    return str(urlsplit(found[0]).path)
