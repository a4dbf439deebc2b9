"""The mail with which a host sends a private link to somebody, made ready to send: text and HTML."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from eventtypes.durations import durations_in_words
from eventtypes.emails import Mail, stable_message_id
from eventtypes.plain_text import isolated, one_line, plain_lines
from privatelinks.models import PrivateLink
from privatelinks.presentation import expiry_words, link_url, opening_words


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a host sends with a link, and to whom; `key` is a UUID that names the mail."""

    key: str
    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkLetter:
    """The mail with a link, as the templates lay it out."""

    subject: str
    heading: str
    text: str
    facts: list[tuple[str | Promise, str]]
    conditions: list[str]
    url: str
    url_label: str | Promise


def link_mail(link: PrivateLink, invitation: Invitation, now: datetime) -> Mail:
    """Return the mail with the link's URL as it is now. Made again, it has the same Message-ID.

    Its event type, host and schedule are loaded.
    """
    letter, host = _letter(link, invitation.text, now), link.event_type.host
    mail = Mail(
        subject=letter.subject,
        body=render_to_string("privatelinks/mail/link.txt", {"letter": letter}),
        to=[invitation.recipient],
        reply_to=[host.email] if host.email else [],
        headers={"Message-ID": stable_message_id(UUID(invitation.key), "link"), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("privatelinks/mail/link.html", {"letter": letter}), "text/html")
    return mail


def conditions(link: PrivateLink, now: datetime) -> list[str]:
    """Return what an invitee has to know of the link to be able to book, a sentence each.

    Of a limit that has been reached since the host sent the link, nothing is said: it may be raised again.
    """
    sentences = [_when_to_book(link, now), _how_often(link), _which_dates(link.offer_starts_on, link.offer_ends_on)]
    if link.allowed_invitees:
        sentences.append(_("Please book with the e-mail address that this mail was sent to."))
    return list(filter(None, sentences))


def _letter(link: PrivateLink, text: str, now: datetime) -> LinkLetter:
    event_type = link.event_type
    title, host = one_line(event_type.title), one_line(event_type.host.display_name)
    durations = durations_in_words(link.narrowing.durations(event_type.durations))
    return LinkLetter(
        subject=_("%(host)s invites you: %(title)s") % {"host": isolated(host), "title": isolated(title)},
        heading=title,
        text=plain_lines(text),
        facts=[(gettext_lazy("What"), title), (gettext_lazy("Duration"), durations), (gettext_lazy("Host"), host)],
        conditions=conditions(link, now),
        url=link_url(link),
        url_label=gettext_lazy("Choose a time"),
    )


def _when_to_book(link: PrivateLink, now: datetime) -> str:
    zone = link.event_type.schedule.time_zone
    opens = "" if link.opens_at is None or link.opens_at <= now else opening_words(link.opens_at, zone)
    expires = "" if link.expires_at is None or link.has_expired(now) else expiry_words(link.expires_at, zone)
    limits = " ".join(filter(None, [opens, expires]))
    return _("You can book %(limits)s.") % {"limits": limits} if limits else ""


def _how_often(link: PrivateLink) -> str:
    if not link.uses_left:
        return ""
    words = ngettext("The link is good for one booking.", "The link is good for %(count)d bookings.", link.uses_left)
    return words % {"count": link.uses_left}


def _which_dates(first: date | None, last: date | None) -> str:
    words = {"first": first and date_format(first, "DATE_FORMAT"), "last": last and date_format(last, "DATE_FORMAT")}
    if first is None and last is None:
        return ""
    if first is None:
        return _("The link offers times up to %(last)s.") % words
    if last is None:
        return _("The link offers times from %(first)s on.") % words
    return _("The link offers times from %(first)s to %(last)s.") % words
