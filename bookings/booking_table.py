"""Bookings as a table for spreadsheets: a row for each, with its times where the host is and in UTC."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.answers import answers_as_text
from bookings.models import Booking
from bookings.reading_time import zone_name
from eventtypes.spreadsheets import Cell


def booking_table(bookings: Iterable[Booking], zone: ZoneInfo) -> Iterator[Sequence[Cell]]:
    """Yield the headings, and a row for each of the bookings, whose hosts are loaded.

    Times in the zone are such as spreadsheets reckon with, "2026-10-25 02:30"; those in UTC say which of two it is
    where a clock is put back.
    """
    yield _headings(zone_name(zone))
    for booking in bookings:
        yield _row(booking, zone)


def _headings(zone: str) -> list[str]:
    return [
        _("Title"),
        _("Status"),
        _("Starts (%(zone)s)") % {"zone": zone},
        _("Ends (%(zone)s)") % {"zone": zone},
        _("Starts (UTC)"),
        _("Ends (UTC)"),
        _("Invitee"),
        _("E-mail address"),
        _("Invitee's time zone"),
        _("Phone number"),
        _("Location"),
        _("Guests"),
        _("Answers"),
        _("Notes"),
        _("Private link"),
        _("Booked (UTC)"),
        _("Declined (UTC)"),
        _("Cancelled (UTC)"),
        _("Cancelled by"),
        _("Reason"),
        _("No-show"),
    ]


def _row(booking: Booking, zone: ZoneInfo) -> list[Cell]:
    return [
        booking.title,
        str(booking.get_status_display()),
        _on_the_clock(booking.starts_at, zone),
        _on_the_clock(booking.ends_at, zone),
        _in_utc(booking.starts_at),
        _in_utc(booking.ends_at),
        booking.invitee_label,
        booking.invitee_email,
        zone_name(booking.invitee_time_zone),
        booking.invitee_phone,
        booking.where,
        ", ".join(booking.present_guests),
        answers_as_text(booking.answers_given),
        booking.notes,
        booking.private_link_name,
        _in_utc(booking.created_at),
        _in_utc(booking.declined_at),
        _in_utc(booking.cancelled_at),
        str(booking.get_cancelled_by_display()),
        booking.reason,
        _("Yes") if booking.is_no_show else "",
    ]


def _on_the_clock(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def _in_utc(instant: datetime | None) -> str:
    """Return "2026-10-25T00:30:00Z" (ISO 8601); blank for none."""
    return "" if instant is None else f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
