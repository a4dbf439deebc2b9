"""The mails about bookings that are to arrive, and those that have: who gets them, and under which name."""

from collections.abc import Iterable

from bookings.emails import MailKind, booking_mail
from bookings.models import Booking, Party
from tests.faults.mail_server import Mailbox

type Names = list[tuple[str, str]]


def delivered(mailbox: Mailbox) -> Names:
    """Return recipient and Message-ID of each mail that the server has accepted."""
    return sorted((mail["To"], mail["Message-ID"]) for mail in mailbox.accepted)


def expected(bookings: Iterable[Booking]) -> Names:
    """Return recipient and Message-ID of each mail about bookings that were confirmed at once."""
    mails = [booking_mail(each, MailKind.CONFIRMED, party, 0).message() for each in bookings for party in Party]
    return sorted((mail["To"], mail["Message-ID"]) for mail in mails)
