"""The mails about bookings as jobs: queued in the booking's own transaction, sent by the worker."""

from collections.abc import Iterable

from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from bookings.emails import MailKind, booking_mail
from bookings.guest_emails import guest_mail
from bookings.models import Booking, BookingStatus, Party
from eventtypes.clock import database_now
from eventtypes.tasks import MAIL_QUEUE, MailRetry


def queue_mails(booking: Booking, kind: MailKind) -> None:
    """Queue a mail of the kind to each side, and to each guest one that says what becomes of the invitation.

    They are sent if, and only if, the transaction commits.
    """
    for party in Party:
        send_booking_mail.defer(
            booking_id=booking.pk, kind=kind.value, party=party.value, ics_sequence=booking.ics_sequence
        )
    for place in range(len(booking.guests)):
        send_guest_mail.defer(booking_id=booking.pk, kind=kind.value, place=place, ics_sequence=booking.ics_sequence)


def queue_reminders(reminders: Iterable[tuple[int, int, int]]) -> None:
    """Queue a reminder to each side of each booking (one query).

    Of each booking: its id, its ICS sequence, and how many minutes before the start the reminder is due.
    """
    jobs: list[JSONDict] = [
        {
            "booking_id": booking_id,
            "kind": MailKind.REMINDER.value,
            "party": party.value,
            "ics_sequence": ics_sequence,
            "minutes_before": minutes_before,
        }
        for booking_id, ics_sequence, minutes_before in reminders
        for party in Party
    ]
    send_booking_mail.batch_defer(*jobs)


@app.task(name="bookings.send_booking_mail", queue=MAIL_QUEUE, retry=MailRetry())
def send_booking_mail(
    *, booking_id: int, kind: str, party: str, ics_sequence: int, minutes_before: int | None = None
) -> None:
    """Send one mail about a booking to one side; sent again, it has the same Message-ID.

    A reminder that comes too late, because the meeting has begun, was moved or is cancelled, is not sent.
    """
    booking = Booking.objects.select_related("host", "private_link__event_type").get(pk=booking_id)
    if minutes_before is not None and not _takes_place_as_announced(booking, ics_sequence):
        return
    booking_mail(booking, MailKind(kind), Party(party), ics_sequence, minutes_before).send()


def _takes_place_as_announced(booking: Booking, ics_sequence: int) -> bool:
    """Whether the booking is confirmed, still ahead, and has not changed since it had the ICS sequence."""
    is_as_it_was = booking.status == BookingStatus.CONFIRMED and booking.ics_sequence == ics_sequence
    return is_as_it_was and booking.starts_at > database_now()


@app.task(name="bookings.send_guest_mail", queue=MAIL_QUEUE, retry=MailRetry())
def send_guest_mail(*, booking_id: int, kind: str, place: int, ics_sequence: int) -> None:
    """Send one mail to the guest at that place of the booking's, if it changes anything in a guest's calendar.

    Sent again, it has the same Message-ID. The job does not hold the address: whoever erases it from the booking has
    erased it.
    """
    booking = Booking.objects.select_related("host").get(pk=booking_id)
    for guest in booking.guests[place : place + 1]:
        mail = guest_mail(booking, MailKind(kind), guest, ics_sequence)
        if mail is not None:
            mail.send()
