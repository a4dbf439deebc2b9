"""The mails about bookings as jobs: queued in the booking's own transaction, sent by the worker."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict
from procrastinate.worker import Worker

from bookings.emails import MailKind, booking_mail
from bookings.guest_emails import guest_mail
from bookings.models import Booking, MailFailure, MailName, Party, Recipient
from eventtypes.clock import database_now
from eventtypes.mail_refusals import why_not_sent
from eventtypes.tasks import MAIL_QUEUE, MailRetry


def queue_mails(booking: Booking, kind: MailKind) -> None:
    """Queue a mail of the kind to each side, and to each guest one that says what becomes of the invitation.

    They are sent if, and only if, the transaction commits.
    """
    for party in Party:
        send_booking_mail.defer(
            booking_id=booking.pk, kind=kind.value, party=party.value, ics_sequence=booking.ics_sequence
        )
    for place in [place for place, guest in enumerate(booking.guests) if guest]:
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


def queue_mail_again(failure: MailFailure) -> None:
    """Queue the mail that could not be delivered, under the Message-ID that it had."""
    mail: JSONDict = {
        "booking_id": failure.booking_id,
        "kind": failure.kind,
        "ics_sequence": failure.ics_sequence,
    }
    if failure.recipient == Recipient.GUEST:
        send_guest_mail.batch_defer(mail | {"place": failure.guest_place})
    else:
        send_booking_mail.batch_defer(mail | {"party": failure.recipient, "minutes_before": failure.minutes_before})


def tell_of_failure(send: Callable[[], object], context: JobContext, worker: Worker) -> None:
    """Do the job of a mail, and keep for the host whether it has failed for good.

    That it has is known before the job is given up, so a worker that is killed in between does the job again.
    """
    mail = _mail_of_job(context.job.task_kwargs)
    try:
        send()
    except Exception as error:
        if context.task.get_retry_exception(exception=error, job=context.job) is None:
            _keep(mail, why_not_sent(error))
        raise
    MailFailure.objects.of(mail).delete()


def _keep(mail: MailName, reason: str) -> None:
    """Keep that the mail has failed, if the booking still knows whom it was for: the server's answer may name them.

    Under the booking's lock, so that whoever is erasing the booking meanwhile has either erased this too, or is done.
    """
    with transaction.atomic():
        locked = Booking.objects.select_for_update(no_key=True).not_erased()
        booking = locked.filter(pk=mail.booking_id).first()
        if booking is not None and (mail.guest_place is None or any(booking.guests[mail.guest_place :][:1])):
            MailFailure.objects.note(mail, reason=reason, now=database_now())


def _mail_of_job(arguments: Mapping[str, Any]) -> MailName:
    """Return which mail the arguments of one of the tasks below stand for."""
    return MailName(
        booking_id=arguments["booking_id"],
        kind=arguments["kind"],
        recipient=Recipient(arguments.get("party", Recipient.GUEST)),
        ics_sequence=arguments["ics_sequence"],
        guest_place=arguments.get("place"),
        minutes_before=arguments.get("minutes_before"),
    )


@app.task(name="bookings.send_booking_mail", queue=MAIL_QUEUE, retry=MailRetry(), task_middleware=[tell_of_failure])
def send_booking_mail(
    *, booking_id: int, kind: str, party: str, ics_sequence: int, minutes_before: int | None = None
) -> None:
    """Send one mail about a booking to one side; sent again, it has the same Message-ID.

    A reminder that comes too late, because the meeting has begun, was moved or is cancelled, is not sent. Nor is
    anything about a booking that is erased: nobody is left to whom it says something.
    """
    booking = Booking.objects.select_related("host", "private_link__event_type").get(pk=booking_id)
    if booking.is_erased:
        return
    if minutes_before is not None and not booking.takes_place_as_announced(ics_sequence, database_now()):
        return
    booking_mail(booking, MailKind(kind), Party(party), ics_sequence, minutes_before).send()


@app.task(name="bookings.send_guest_mail", queue=MAIL_QUEUE, retry=MailRetry(), task_middleware=[tell_of_failure])
def send_guest_mail(*, booking_id: int, kind: str, place: int, ics_sequence: int) -> None:
    """Send one mail to the guest at that place of the booking's, if it changes anything in a guest's calendar.

    Sent again, it has the same Message-ID. The job does not hold the address: whoever erases it from the booking has
    erased it.
    """
    booking = Booking.objects.select_related("host").get(pk=booking_id)
    for guest in filter(None, booking.guests[place : place + 1]):
        mail = guest_mail(booking, MailKind(kind), guest, ics_sequence)
        if mail is not None:
            mail.send()
