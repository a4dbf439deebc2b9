"""What all mails have in common: a name that stays theirs however often they are made."""

from email.utils import parseaddr
from uuid import UUID, uuid5

from django.conf import settings


def stable_message_id(owner: UUID, name: str) -> str:
    """Name the owner's mail for ever, so that a mail program knows one that comes twice; the owner stays secret.

    It is short: some servers stumble over a Message-ID that is folded.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid5(owner, name).hex}@{domain}>"
