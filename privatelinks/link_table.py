"""Private links as a table for spreadsheets: a row for each, with its URL, its limits and what has become of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from eventtypes.spreadsheets import Cell
from privatelinks.models import PrivateLink
from privatelinks.presentation import expiry_words, link_url, opening_words


def link_table(links: Iterable[PrivateLink], now: datetime) -> Iterator[Sequence[Cell]]:
    """Yield the headings, and a row for each of the links, whose event types, hosts and schedules are loaded.

    Instants are on the clock of the link's schedule, with their offset from UTC (ISO 8601); what a host has set is
    there in words, too: the instant at which a day ends is the next day already.
    """
    yield _headings()
    for link in links:
        yield _row(link, now)


def _headings() -> list[str]:
    return [
        _("Name"),
        _("URL"),
        _("Event type"),
        _("State"),
        _("Works now"),
        _("Allowed uses"),
        _("Uses"),
        _("Uses left"),
        _("Opens"),
        _("Opens, in words"),
        _("Expires"),
        _("Expires, in words"),
        _("Gives uses back"),
        _("For"),
        _("E-mail address"),
        _("Only for"),
        _("Offers from"),
        _("Offers through"),
        _("Offered duration, minutes"),
        _("Own notice, minutes"),
        _("Created"),
    ]


def _row(link: PrivateLink, now: datetime) -> list[Cell]:
    zone = link.event_type.schedule.time_zone
    return [
        link.name,
        link_url(link),
        link.event_type.title,
        str(link.state(now).label),
        _yes_or_no(link.is_live(now)),
        link.max_uses,
        link.usage_count,
        link.uses_left,
        _instant(link.opens_at, zone),
        opening_words(link.opens_at, zone) if link.opens_at else "",
        _instant(link.expires_at, zone),
        expiry_words(link.expires_at, zone) if link.expires_at else "",
        _yes_or_no(link.returns_uses),
        link.invitee_name,
        link.invitee_email,
        ", ".join(link.allowed_invitees),
        _day(link.offer_starts_on),
        _day(link.offer_ends_on),
        link.offer_duration_minutes,
        link.offer_notice_minutes,
        _instant(link.created_at, zone),
    ]


def _instant(instant: datetime | None, zone: ZoneInfo) -> str:
    """Return "2026-09-01T00:00:00+02:00"."""
    return "" if instant is None else instant.astimezone(zone).isoformat(timespec="seconds")


def _day(day: date | None) -> str:
    """Return "2026-09-01"."""
    return "" if day is None else day.isoformat()


def _yes_or_no(answer: bool) -> str:  # noqa: FBT001 - it is the answer
    return _("Yes") if answer else _("No")
