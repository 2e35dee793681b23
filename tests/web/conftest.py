"""One year of the plan, lived once and looked at by every test that only looks."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web.cast import WORKFLOWS, Year, june_2012
from web.app import create_app

HERE = "http://127.0.0.1"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def app_for(year: Year, *, demo: bool = True) -> FastAPI:
    return create_app(
        desk=year.desk,
        reader=year.shelf,
        workflows=WORKFLOWS,
        clock=year.clock,
        demo=year if demo else None,
        version="0.1.0",
        pulse=year,
    )


def browser(app: FastAPI, language: str = "en") -> TestClient:
    return TestClient(
        app, base_url=HERE, cookies={"lang": language}, follow_redirects=False, raise_server_exceptions=False
    )


@pytest.fixture(scope="session")
def lived() -> Year:
    return june_2012()


@pytest.fixture(scope="session")
def pages(lived: Year) -> FastAPI:
    return app_for(lived)


@pytest.fixture
def client(pages: FastAPI) -> TestClient:
    return browser(pages)


@pytest.fixture
def young() -> Year:
    """A plan on its first day, for a test that changes things."""
    return Year()
