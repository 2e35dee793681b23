"""The web application over a service, and its door."""

from importlib.metadata import version

from fastapi import FastAPI

from tiltak.door import door_of
from tiltak.watch import Watch
from tiltak.wiring import Service
from web.app import create_app
from web.door import Door
from web.inbound import Answer
from web.ports import Demo


def door(service: Service) -> Door | None:
    return door_of(service.settings, service.store.entrance, service.clock)


def pages(
    service: Service, demo: Demo | None = None, watch: Watch | None = None, answer: Answer | None = None
) -> FastAPI:
    """The web application over a service."""
    return create_app(
        desk=service.desk,
        reader=service.store,
        workflows=service.workflows,
        clock=service.clock,
        demo=demo,
        door=None if demo else door(service),
        version=version("tiltak"),
        pulse=watch or service,
        health=watch,
        inbox=service.store,
        enclosed=service.enclosed,
        answer=answer,
        limits=service.limits,
    )
