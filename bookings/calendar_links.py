"""Links that open a booking in Google Calendar, Outlook or Yahoo Calendar, ready to be saved there."""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.models import Booking
from eventtypes.plain_text import one_line

GOOGLE = "https://calendar.google.com/calendar/render"
YAHOO = "https://calendar.yahoo.com/"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


def google_url(booking: Booking) -> str:
    """Return the address that opens the meeting in Google Calendar."""
    times = [_basic_instant(instant) for instant in (booking.starts_at, booking.ends_at)]
    fields = {
        "action": "TEMPLATE",
        "text": _summary(booking),
        "dates": "/".join(times),
        "location": one_line(booking.where_for_invitee),
        "details": _details(booking),
    }
    return _url(GOOGLE, fields)


def outlook_url(booking: Booking) -> str:
    """Return the address that opens the meeting in Outlook."""
    fields = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": _summary(booking),
        "startdt": _instant(booking.starts_at),
        "enddt": _instant(booking.ends_at),
        "location": one_line(booking.where_for_invitee),
        "body": _details(booking),
    }
    return _url(OUTLOOK, fields)


def yahoo_url(booking: Booking) -> str:
    """Return the address that opens the meeting in Yahoo Calendar."""
    fields = {
        # The version of what follows: there has been no other for many years.
        "v": "60",
        "title": _summary(booking),
        "st": _basic_instant(booking.starts_at),
        "et": _basic_instant(booking.ends_at),
        "in_loc": one_line(booking.where_for_invitee),
        "desc": _details(booking),
    }
    return _url(YAHOO, fields)


def _summary(booking: Booking) -> str:
    title, host = one_line(booking.title), one_line(booking.host.display_name)
    return _("%(title)s with %(host)s") % {"title": title, "host": host}


def _details(booking: Booking) -> str:
    url = f"{settings.SITE_URL}{booking.get_absolute_url()}"
    return _("See or change your booking: %(url)s") % {"url": url}


def _basic_instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _url(address: str, fields: dict[str, str]) -> str:
    """Return the address with the fields that are filled; a space is %20, which all of them read as one."""
    return f"{address}?{urlencode({name: value for name, value in fields.items() if value}, quote_via=quote)}"
