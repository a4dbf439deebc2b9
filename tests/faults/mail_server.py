"""A real mail server on loopback that tests let refuse, hang, or keep its answers back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as mime_policy
from typing import Any

from aiosmtpd.controller import Controller

from tests.live_site import free_port


@dataclass(slots=True)
class Mailbox:
    """What the server was given: `accepted` mails, and `refused` ones, at the answer that it gives now.

    While it hangs it answers nothing. If that is over before the sender has gone, it answers as it would have at first.
    """

    answer: str = "250 OK"
    hangs: bool = False
    accepted: list[EmailMessage] = field(default_factory=list)
    refused: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer after the whole mail has come, when a sender cannot know whether it will be delivered."""
        mail = message_from_bytes(envelope.content, policy=mime_policy)
        answer = self.answer
        (self.accepted if answer.startswith("250") else self.refused).append(mail)
        while self.hangs:  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(0.01)
        return answer


@contextmanager
def mail_server(port: int | None = None) -> Iterator[tuple[str, Mailbox]]:
    """Run the server; yield the EMAIL_URL that leads to it, and its mailbox."""
    port = port or free_port()
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", mailbox
    finally:
        controller.stop()
