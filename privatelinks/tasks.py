"""The mails about private links as jobs: queued in the transaction that decides on them, sent by the worker."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date

from procrastinate.contrib.django import app

from eventtypes.clock import database_now
from eventtypes.models import Host
from eventtypes.sealing import seal, unseal
from eventtypes.tasks import MAIL_QUEUE, MailRetry
from privatelinks.emails import expiry_digest_mail
from privatelinks.invitations import Invitation, link_mail
from privatelinks.models import PrivateLink


def queue_expiry_digest(host: Host, link_ids: Collection[int], day: date) -> None:
    """Queue the mail that tells of the links; it is sent if, and only if, the transaction commits."""
    send_expiry_digest.defer(host_id=host.pk, link_ids=list(link_ids), day=day.isoformat())


@app.task(name="privatelinks.send_expiry_digest", queue=MAIL_QUEUE, retry=MailRetry())
def send_expiry_digest(*, host_id: int, link_ids: list[int], day: str) -> None:
    """Send one host the mail of the day about links that expire; sent again, it has the same Message-ID.

    It says what is true when it is sent: links that are over, paused or deleted meanwhile are left out, those with
    another expiry date wait for the mail about that one, and if nothing is left, no mail is sent.
    """
    host = Host.objects.filter(pk=host_id).first()
    if host is None:
        return
    now = database_now()
    told = PrivateLink.objects.owned_by(host).filter(pk__in=link_ids).expiring_soon(now).told()
    links = list(told.with_event_type().order_by("expires_at", "pk"))
    if links and host.gets_expiry_digest:
        expiry_digest_mail(host, links, date.fromisoformat(day), now).send()


def queue_link_mail(link: PrivateLink, invitation: Invitation) -> None:
    """Queue the mail with the link; it is sent if, and only if, the transaction commits.

    It is sealed, as jobs are written to the worker's log; the URL is not even in it.
    """
    send_link_mail.defer(link_id=link.pk, sealed=seal(asdict(invitation)))


@app.task(name="privatelinks.send_link_mail", queue=MAIL_QUEUE, retry=MailRetry())
def send_link_mail(*, link_id: int, sealed: str) -> None:
    """Send a link, with the URL that it has by now, or nothing if it, or the recipient, has been deleted.

    Sent again, the mail has the same Message-ID.
    """
    link = PrivateLink.objects.with_event_type().filter(pk=link_id).first()
    invitation = Invitation(**unseal(sealed))
    if link is not None and invitation.recipient:
        link_mail(link, invitation, database_now()).send()
