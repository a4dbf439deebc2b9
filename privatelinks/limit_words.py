"""The limits of a private link in words, each by itself: from when and until when, on which dates, at what notice."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privatelinks.expiry import Expiry
from privatelinks.opening import Opening

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR


def expiry_words(expires_at: datetime, zone: ZoneInfo) -> str:
    """Return until when a link can be booked: "until the end of 31 Aug 2026 (Europe/Berlin)"."""
    expiry = Expiry.of(expires_at, zone)
    words = {"day": date_format(expiry.day, "DATE_FORMAT"), "zone": zone.key}
    if expiry.wall_time is None:
        return _("until the end of %(day)s (%(zone)s)") % words
    return _("until %(day)s, %(time)s (%(zone)s)") % (words | {"time": time_format(expiry.wall_time, "H:i")})


def opening_words(opens_at: datetime, zone: ZoneInfo) -> str:
    """Return from when a link can be booked: "from 1 Sep 2026 (Europe/Berlin)"."""
    opening = Opening.of(opens_at, zone)
    words = {"day": date_format(opening.day, "DATE_FORMAT"), "zone": zone.key}
    if opening.wall_time is None:
        return _("from %(day)s (%(zone)s)") % words
    return _("from %(day)s, %(time)s (%(zone)s)") % (words | {"time": time_format(opening.wall_time, "H:i")})


def dates_words(first: date | None, last: date | None) -> str:
    """Return on which dates meetings are on offer: "only 3 to 7 Aug 2026"; one of them at least is given."""
    if first is None:
        return _("only meetings up to %(last)s") % {"last": _day(last)}
    if last is None:
        return _("only meetings from %(first)s on") % {"first": _day(first)}
    if first == last:
        return _("only %(day)s") % {"day": _day(first)}
    words = {"first": date_format(first, _what_differs(first, last)), "last": _day(last)}
    return _("only %(first)s to %(last)s") % words


def notice_words(minutes: int) -> str:
    """Return a minimum notice: "2 hours’ notice"."""
    if minutes == 0:
        return _("no minimum notice")
    if minutes % MINUTES_PER_DAY == 0:
        number = minutes // MINUTES_PER_DAY
        return ngettext("%(number)d day’s notice", "%(number)d days’ notice", number) % {"number": number}
    if minutes % MINUTES_PER_HOUR == 0:
        number = minutes // MINUTES_PER_HOUR
        return ngettext("%(number)d hour’s notice", "%(number)d hours’ notice", number) % {"number": number}
    return ngettext("%(number)d minute’s notice", "%(number)d minutes’ notice", minutes) % {"number": minutes}


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT")


def _what_differs(first: date, last: date) -> str:
    """Return the format for the first of two days of which the last is printed whole."""
    if first.year != last.year:
        return "j M Y"
    return "j M" if first.month != last.month else "j"
