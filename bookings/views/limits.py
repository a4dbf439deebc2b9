"""How often an address may try to book or move, and how often a mailbox may get mail from it."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from eventtypes.services.rate_limits import count_request


def count_try(request: HttpRequest, mailboxes: Iterable[str]) -> None:
    """Count the try, for the address that it comes from and for each mailbox that gets a mail.

    It waits for nobody, so it comes before the locks of what it counts.

    Raises:
        TooOftenError: One of them has been counted too often lately.
    """
    address = get_adapter(request).get_client_ip(request)
    count_request(action="book from", subject=address, rate=settings.BOOKINGS_PER_ADDRESS)
    for mailbox in mailboxes:
        count_request(action="book for", subject=mailbox, rate=settings.BOOKINGS_PER_EMAIL)
