"""Sending a link: a mail from its host to somebody, queued together with the history that tells of it."""

import json
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from eventtypes.clock import database_now
from eventtypes.services.rate_limits import count_request
from privatelinks.invitations import Invitation
from privatelinks.models import LinkEvent, LinkEventKind, LinkState, PrivateLink
from privatelinks.services.history import remember
from privatelinks.services.links import lock_link
from privatelinks.tasks import queue_link_mail


@transaction.atomic
def send_link(*, link: PrivateLink, recipient: str, text: str, request_key: UUID) -> PrivateLink:
    """Queue a mail with the host's text and the link's URL to the recipient, and remember it.

    The same form (its request key) with the same contents sends one mail, however often it comes.

    Raises:
        ValidationError: Nobody could book through the link, or not the recipient; messages by field.
        TooOftenError: The host has sent too many links lately.
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    link, now = lock_link(link), database_now()
    key = _key_of_mail(link, recipient, text, request_key)
    if LinkEvent.objects.filter(request_key=key).exists():
        return link
    _judge(link, recipient, now)
    # Not by the history, which goes with the link: who can sign up here shall not make the site a mill for mail.
    count_request(action="send link", subject=str(link.event_type.host_id), rate=settings.LINKS_SENT_PER_HOST)
    remember(link, LinkEventKind.SENT, now, recipient=recipient, request_key=key)
    queue_link_mail(link, Invitation(str(key), recipient, text))
    return link


def problem_of_sending(link: PrivateLink, now: datetime) -> str:
    """Return why the link is of no use to anybody now; a scheduled one will be."""
    if not link.event_type.private_links_enabled:
        return _("Private links are switched off for this event type. Switch them on before you send one.")
    return {
        LinkState.PAUSED: _("The link is paused. Resume it before you send it."),
        LinkState.USED_UP: _("The link is used up. Allow more uses before you send it."),
        LinkState.EXPIRED: _("The link has expired. Choose a later expiry date before you send it."),
    }.get(link.state(now), "")


def _judge(link: PrivateLink, recipient: str, now: datetime) -> None:
    if problem := problem_of_sending(link, now):
        raise ValidationError(problem)
    if not link.admits(recipient):
        message = _("The link is only for others, so nobody could book with this address. Change “Only for” first.")
        raise ValidationError({"recipient": message})


def _key_of_mail(link: PrivateLink, recipient: str, text: str, request_key: UUID) -> UUID:
    """Name the mail by the form and its contents: who goes back in the browser and types another one sends another."""
    return uuid5(request_key, json.dumps([link.pk, recipient, text]))
