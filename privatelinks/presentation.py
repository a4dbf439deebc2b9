"""Private links in words: what is left of one, until when it can be booked, and the line that a list shows of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privatelinks.expiry import Expiry
from privatelinks.models import LinkState, PrivateLink
from privatelinks.opening import Opening

ENDED = (LinkState.USED_UP, LinkState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to know about a link, with the name of its icon."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link as a list shows it. `url` is blank before the link is saved: it has none."""

    name: str
    state: LinkState
    facts: tuple[Fact, ...]
    url: str

    @property
    def is_ended(self) -> bool:
        """Whether the link is over for good, unless its limits are raised."""
        return self.state in ENDED


def link_line(link: PrivateLink, now: datetime) -> LinkLine:
    """Return the line of a link whose event type, host and schedule are loaded."""
    return LinkLine(str(link), link.state(now), tuple(_facts(link, now)), link_url(link) if link.is_saved else "")


def link_url(link: PrivateLink) -> str:
    """Return the whole secret address, to be copied."""
    return f"{settings.SITE_URL}{link.get_absolute_url()}"


def uses_words(link: PrivateLink) -> str:
    """Return how many uses are left: "2 of 5 uses left", "No limit, used 3 times"."""
    if link.max_uses is not None:
        words = ngettext("%(left)s of %(allowed)s use left", "%(left)s of %(allowed)s uses left", link.max_uses)
        return words % {"left": grouped(link.max_uses - link.usage_count), "allowed": grouped(link.max_uses)}
    if link.usage_count == 0:
        return _("No limit of uses")
    words = ngettext("No limit of uses, used once", "No limit of uses, used %(count)s times", link.usage_count)
    return words % {"count": grouped(link.usage_count)}


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


def grouped(number: int) -> str:
    """Return the number with its thousands set apart: "1,000,000"."""
    return number_format(number, force_grouping=True)


def _facts(link: PrivateLink, now: datetime) -> list[Fact]:
    """Return what is left of the link, and what else of its settings keeps it from being booked."""
    zone = link.event_type.schedule.time_zone
    facts = [Fact("user", uses_words(link))]
    if link.returns_uses:
        facts.append(Fact("undo", _("uses come back on cancellation")))
    if link.opens_at is not None and link.opens_at > now:
        facts.append(Fact("calendar", opening_words(link.opens_at, zone)))
    if link.expires_at is not None:
        facts.append(Fact("clock", expiry_words(link.expires_at, zone)))
    if link.is_paused:
        facts.append(Fact("pause", _("paused")))
    return facts
