"""Private links in words: what is left of one, until when it can be booked, and the line that a list shows of it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eventtypes.durations import duration_in_words
from privatelinks.expiry import Expiry
from privatelinks.models import LinkState, PrivateLink
from privatelinks.opening import Opening

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
# So many of the addresses and domains that a link is only for stand in its line.
NAMED_INVITEES = 2
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


def dates_words(first: date | None, last: date | None) -> str:
    """Return on which dates meetings are on offer: "only 3 to 7 Aug 2026"; on all of them, it says nothing."""
    if first is None:
        return _("only meetings up to %(last)s") % {"last": _day(last)} if last else ""
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
    return [*facts, *_whom_it_is_for(link), *_own_offer(link)]


def _whom_it_is_for(link: PrivateLink) -> list[Fact]:
    facts = []
    if invitee := ", ".join(filter(None, [link.invitee_name, link.invitee_email])):
        facts.append(Fact("mail", _("for %(name)s") % {"name": invitee}))
    if link.allowed_invitees:
        facts.append(Fact("lock", _only_for(link.allowed_invitees)))
    return facts


def _only_for(entries: list[str]) -> str:
    """Return "only for iris@example.com, @example.org", with the number of those that a line has no room for."""
    words = {"entries": ", ".join(entries[:NAMED_INVITEES])}
    further = len(entries) - NAMED_INVITEES
    if further <= 0:
        return _("only for %(entries)s") % words
    return _("only for %(entries)s and %(further)d more") % (words | {"further": further})


def _own_offer(link: PrivateLink) -> list[Fact]:
    """Return what the link narrows of the event type's offer."""
    facts = []
    if link.offer_starts_on is not None or link.offer_ends_on is not None:
        facts.append(Fact("calendar", dates_words(link.offer_starts_on, link.offer_ends_on)))
    if link.offer_duration_minutes is not None:
        facts.append(_only_duration(link, link.offer_duration_minutes))
    if link.offer_notice_minutes is not None:
        facts.append(Fact("clock", notice_words(link.offer_notice_minutes)))
    return facts


def _only_duration(link: PrivateLink, minutes: int) -> Fact:
    words = {"duration": duration_in_words(minutes)}
    if link.has_duration_on_offer:
        return Fact("clock", _("only %(duration)s") % words)
    return Fact("warning", _("only %(duration)s, which the event type does not offer any more") % words)


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _what_differs(first: date, last: date) -> str:
    """Return the format for the first of two days of which the last is printed whole."""
    if first.year != last.year:
        return "j M Y"
    return "j M" if first.month != last.month else "j"
