"""What an invitee sends: the fields of the booking form, and the present of the tests about it."""

import uuid
from datetime import UTC, datetime, timedelta

# A Tuesday morning, 09:00 in Berlin.
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
# Thursday, 10:00 in Berlin.
START = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
# Friday, 10:00 in Berlin.
OTHER_START = START + timedelta(days=1)


def booking_fields(**changes: str) -> dict[str, str]:
    """Return the fields of a form that is in order, but for the changes."""
    fields = {
        "start": "2026-12-03T09:00:00Z",
        "tz": "Europe/Berlin",
        "name": "Grace Invitee",
        "email": "grace@example.com",
        "notes": "See you there.",
        "request_key": str(uuid.uuid4()),
    }
    return fields | changes
