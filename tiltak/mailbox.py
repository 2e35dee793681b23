"""Who we are in mail, by the settings: the addresses that are ours, and whose word on a sender is believed."""

from notifications.reading.facts import Own
from tiltak.settings import Settings


def ourselves(settings: Settings) -> Own:
    """By which the reader knows our own mail when it comes back."""
    mail, trusted = settings.mail, settings.inbound.trusted_authserv_id
    return Own(
        instance=settings.organisation.key,
        host=mail.message_id_host,
        addresses=frozenset(each.lower() for each in (mail.sender, mail.reply_to) if each),
        trusted_authserv_ids=frozenset({trusted} if trusted else ()),
    )
