"""What the site has told its invitees, and what its database holds: the two compared."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking
from bookings.services.link_counts import find_miscounts

# Booked; or the database is away.
HONEST = {302, 503}


@dataclass(slots=True)
class Told:
    """One invitee's form, and every answer to it: the statuses, and the addresses of the bookings it was told."""

    request_key: str
    email: str
    statuses: list[int] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kept:
    """A booking of the database."""

    request_key: str
    email: str
    address: str
    mails: int


def kept_bookings() -> list[Kept]:
    """Return the bookings of the database, with how many mails have ever been queued for each."""
    jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_booking_mail").values_list("args", flat=True)
    mails = Counter(args["booking_id"] for args in jobs)
    return [
        Kept(str(booking.request_key), booking.invitee_email, booking.get_absolute_url(), mails[booking.pk])
        for booking in Booking.objects.all()
    ]


def broken_promises(told: Sequence[Told]) -> list[str]:
    """Return, in words, what the site has told and the database does not hold, or holds and should not."""
    kept = kept_bookings()
    return [*_lost(told, kept), *_doubled(told, kept), *_unmailed(kept), *_dishonest(told), *_miscounted()]


def _lost(told: Sequence[Told], kept: Sequence[Kept]) -> Iterator[str]:
    address_of = {booking.request_key: booking.address for booking in kept}
    for invitee in told:
        for address in set(invitee.addresses):
            if address_of.get(invitee.request_key) != address:
                yield f"{invitee.email} was told of {address}, which is not there"


def _doubled(told: Sequence[Told], kept: Sequence[Kept]) -> Iterator[str]:
    forms = {(invitee.request_key, invitee.email) for invitee in told}
    for email, number in Counter(booking.email for booking in kept).items():
        if number > 1:
            yield f"{email} has {number} bookings"
    for booking in kept:
        if (booking.request_key, booking.email) not in forms:
            yield f"nobody has asked for {booking.address}"


def _unmailed(kept: Sequence[Kept]) -> Iterator[str]:
    for booking in kept:
        if booking.mails != 2:
            yield f"{booking.mails} mails for {booking.address}"


def _dishonest(told: Sequence[Told]) -> Iterator[str]:
    for invitee in told:
        for status in sorted(set(invitee.statuses) - HONEST):
            yield f"{invitee.email} was answered {status}"


def _miscounted() -> Iterator[str]:
    for miscount in find_miscounts():
        yield f"{miscount.name} counts {miscount.usage_count} for {miscount.bookings} bookings"
