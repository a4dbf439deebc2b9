"""The mails about private links as jobs: queued in the transaction that decides on them, sent by the worker."""

from dataclasses import asdict

from procrastinate.contrib.django import app

from eventtypes.clock import database_now
from eventtypes.sealing import seal, unseal
from eventtypes.tasks import MAIL_QUEUE, MailRetry
from privatelinks.emails import Invitation, link_mail
from privatelinks.models import PrivateLink


def queue_link_mail(link: PrivateLink, invitation: Invitation) -> None:
    """Queue the mail with the link; it is sent if, and only if, the transaction commits.

    It is sealed, as jobs are written to the worker's log; the URL is not even in it.
    """
    send_link_mail.defer(link_id=link.pk, sealed=seal(asdict(invitation)))


@app.task(name="privatelinks.send_link_mail", queue=MAIL_QUEUE, retry=MailRetry())
def send_link_mail(*, link_id: int, sealed: str) -> None:
    """Send a link, with the URL that it has by now, or nothing if it has been deleted.

    Sent again, the mail has the same Message-ID.
    """
    link = PrivateLink.objects.with_event_type().filter(pk=link_id).first()
    if link is not None:
        link_mail(link, Invitation(**unseal(sealed)), database_now()).send()
