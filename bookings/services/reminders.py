"""Reminders: a mail to both sides so many minutes before a meeting, as its event type says; each goes out once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from bookings.models import BookingEvent, BookingEventKind
from bookings.tasks import queue_reminders
from eventtypes.clock import database_now
from eventtypes.models.event_type import MAX_REMINDER_MINUTES

# One statement finds what is due and takes it: whoever takes the same at the same moment gets nothing. A reminder is
# due as long as the meeting is ahead, so one that was missed is made up for. It is none of a meeting that was booked,
# confirmed or moved after the reminder's time: a mail has just said so. Of several that are due at once, the one that
# is nearest to the meeting goes out, and stands for all of them.
TAKE_DUE = """
    WITH due AS (
        SELECT booking.id AS booking_id, booking.ics_sequence, booking.starts_at, minutes
        FROM bookings_booking AS booking
        JOIN eventtypes_eventtype AS event_type ON event_type.id = booking.event_type_id
        CROSS JOIN LATERAL unnest(event_type.reminder_minutes) AS minutes
        CROSS JOIN LATERAL (SELECT booking.starts_at - minutes * interval '1 minute' AS instant) AS reminder
        WHERE booking.status = 'confirmed'
            AND booking.starts_at > %(now)s
            AND booking.starts_at <= %(now)s + %(farthest)s * interval '1 minute'
            AND reminder.instant <= %(now)s
            AND booking.created_at <= reminder.instant
            AND NOT EXISTS (
                SELECT FROM bookings_bookingevent AS event
                WHERE event.booking_id = booking.id AND event.kind IN ('booked', 'confirmed', 'rescheduled')
                    AND event.happened_at > reminder.instant
            )
            AND NOT EXISTS (
                SELECT FROM bookings_reminder AS former
                WHERE former.booking_id = booking.id AND former.meeting_starts_at = booking.starts_at
                    AND former.minutes_before = minutes
            )
    ), taken AS (
        INSERT INTO bookings_reminder (booking_id, meeting_starts_at, minutes_before, queued_at)
        SELECT booking_id, starts_at, minutes, %(now)s FROM due ORDER BY booking_id, minutes
        ON CONFLICT DO NOTHING
        RETURNING booking_id, minutes_before
    )
    SELECT due.booking_id, due.ics_sequence, min(taken.minutes_before)
    FROM taken JOIN due ON due.booking_id = taken.booking_id
    GROUP BY due.booking_id, due.ics_sequence
    ORDER BY due.booking_id
"""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder to be sent now, of a booking as it is now."""

    booking_id: int
    ics_sequence: int
    minutes_before: int


@transaction.atomic
def queue_due_reminders() -> int:
    """Queue the mails of all reminders that are due, and return of how many meetings (four queries, or two)."""
    now = database_now()
    due = _take_due(now)
    if due:
        queue_reminders([(each.booking_id, each.ics_sequence, each.minutes_before) for each in due])
        BookingEvent.objects.bulk_create(_event(each, now) for each in due)
    return len(due)


def _take_due(now: datetime) -> list[DueReminder]:
    """Take the reminders that are due, and return one for each meeting (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_DUE, {"now": now, "farthest": MAX_REMINDER_MINUTES})
        return [DueReminder(*row) for row in cursor.fetchall()]


def _event(due: DueReminder, now: datetime) -> BookingEvent:
    details = {"minutes_before": due.minutes_before}
    return BookingEvent(booking_id=due.booking_id, happened_at=now, kind=BookingEventKind.REMINDED, details=details)
