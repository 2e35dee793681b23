"""The door of the pages as the settings describe it."""

import logging

from engine.ports import Clock
from engine.sign_in import Entrance
from tiltak.settings import Settings
from web.door import Door, safe

log = logging.getLogger("tiltak.door")
SIGN_IN_SECONDS = 2  # how often it is looked whether somebody waits for a link


def door_of(settings: Settings, entrance: Entrance, clock: Clock) -> Door | None:
    """None where a session could be read on its way: then nobody can sign in, and the log says why."""
    address = settings.service.address
    if safe(address):
        return Door(entrance, clock, address)
    log.warning("nobody can sign in: service.base_url %s is neither https nor on this machine", address)
    return None
