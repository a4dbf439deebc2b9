"""Forms sent again: whoever lost the answer to a booking gets to it, also when its address is over by now."""

import uuid
from datetime import datetime

from bookings.models import Booking
from bookings.versions import find_made_with


def find_repeated_booking(
    *, request_key: uuid.UUID | None, slug: str, starts_at: datetime | None, invitee_email: str | None
) -> Booking | None:
    """Return the booking that the same form has made already (one query, whatever is missing or wrong).

    It asks for the slug only, not for the private link: the answer must not tell an ended link from one that never was.

    See also: bookings.services.booking.find_by_request_key, for an address that is not over.
    """
    # A key that nobody has, for a form without one: the query is made all the same.
    key = request_key or uuid.uuid4()
    made = find_made_with(key)
    if made is None or made.booking.event_type is None or invitee_email is None:
        return None
    booking, event_type = made.booking, made.booking.event_type
    is_same = (
        slug in (event_type.slug, *event_type.former_slugs)
        and starts_at == made.starts_at
        and invitee_email.casefold() == booking.invitee_email.casefold()
    )
    return booking if is_same else None
