"""The mails about private links, made ready to send: text and HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eventtypes.emails import Mail, stable_message_id
from eventtypes.models import Host
from eventtypes.plain_text import one_line
from privatelinks.models import PrivateLink
from privatelinks.presentation import expiry_words, opening_words, uses_words

# So many links stand in the mail itself; of more, it says how many.
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class ListedLink:
    """One link as a mail to its host lists it; `url` is the host's own page of the link."""

    name: str
    event_type: str
    limits: list[str]
    url: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The mail about links that expire soon, as the templates lay it out."""

    subject: str
    opening: str
    links: list[ListedLink]
    more: str
    list_url: str
    settings_url: str


def expiry_digest_mail(host: Host, links: Sequence[PrivateLink], day: date, now: datetime) -> Mail:
    """Return the host's mail of the day about the links. Made again, it has the same Message-ID.

    Event types and schedules of the links are loaded.
    """
    digest = _digest(links, now)
    mail = Mail(
        subject=digest.subject,
        body=render_to_string("privatelinks/mail/expiry_digest.txt", {"digest": digest}),
        to=[host.email],
        headers={"Message-ID": _message_id(host, day), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("privatelinks/mail/expiry_digest.html", {"digest": digest}), "text/html")
    return mail


def _digest(links: Sequence[PrivateLink], now: datetime) -> Digest:
    number = len(links)
    subject = ngettext("%(count)d private link expires soon", "%(count)d private links expire soon", number)
    return Digest(
        subject=subject % {"count": number},
        opening=ngettext(
            "This private link expires within three days and is not used up:",
            "These private links expire within three days and are not used up:",
            number,
        ),
        links=[_listed(link, now) for link in links[:MOST_LISTED]],
        more=_("And %(count)d more.") % {"count": number - MOST_LISTED} if number > MOST_LISTED else "",
        list_url=_own_url("private_links"),
        settings_url=_own_url("settings_notifications"),
    )


def _listed(link: PrivateLink, now: datetime) -> ListedLink:
    zone = link.event_type.schedule.time_zone
    limits = [uses_words(link)]
    if link.opens_at is not None and link.opens_at > now:
        limits.append(opening_words(link.opens_at, zone))
    if link.expires_at is not None:
        limits.append(expiry_words(link.expires_at, zone))
    return ListedLink(
        name=one_line(str(link)),
        event_type=one_line(link.event_type.title),
        limits=limits,
        url=_own_url("private_link", link.pk),
    )


def _own_url(name: str, *args: int) -> str:
    """Return the whole address of one of the host's own pages."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _message_id(host: Host, day: date) -> str:
    return stable_message_id(uuid5(NAMESPACE_URL, settings.SITE_URL), f"expiry digest {host.pk} {day}")
