"""What all mails have in common: a subject that arrives as it was written, and a name that stays theirs."""

from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy, default
from email.utils import parseaddr
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives


class Subject(UniqueUnstructuredHeader):
    """A subject that is encoded as a whole (RFC 2047): Python encodes words of it, and loses spaces between them."""

    name: str

    def fold(self, *, policy: "Policy[Any]") -> str:
        """Return the lines of the header."""
        encoded = Header(str(self), header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {encoded}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("subject", Subject)  # type: ignore[arg-type]  # The registry mixes it with BaseHeader.


class Mail(EmailMultiAlternatives):
    """A mail of the site."""

    def message(self, *, policy: "Policy[Any] | None" = None) -> EmailMessage:
        """Return the mail as it is sent."""
        wire = policy if isinstance(policy, EmailPolicy) else default
        return super().message(policy=wire.clone(header_factory=HEADERS))


def stable_message_id(owner: UUID, name: str) -> str:
    """Name the owner's mail for ever, so that a mail program knows one that comes twice; the owner stays secret.

    It is short: some servers stumble over a Message-ID that is folded.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid5(owner, name).hex}@{domain}>"
