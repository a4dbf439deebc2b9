"""What the history would say of bookings made before there was one, from what they say themselves."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def remember_the_past(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    BookingEvent = apps.get_model("bookings", "BookingEvent")
    bookings = apps.get_model("bookings", "Booking").objects.filter(events__isnull=True)
    for booking in bookings.order_by("pk").prefetch_related("moves").iterator(chunk_size=1000):
        BookingEvent.objects.bulk_create(BookingEvent(booking=booking, **event) for event in _events(booking))


def _events(booking: Any) -> Iterator[dict[str, Any]]:
    was_requested = booking.confirmed_at != booking.created_at
    yield {"happened_at": booking.created_at, "kind": "requested" if was_requested else "booked", "by": "invitee"}
    moves = list(booking.moves.all())
    for move in moves:
        former = {
            "former_starts_at": move.former_starts_at.isoformat(),
            "former_ends_at": move.former_ends_at.isoformat(),
        }
        yield {"happened_at": move.at, "kind": "rescheduled", "by": move.by, "details": former}
    # A host who moves a booking that waits confirms it with that.
    if booking.confirmed_at and booking.confirmed_at not in (booking.created_at, *(move.at for move in moves)):
        yield {"happened_at": booking.confirmed_at, "kind": "confirmed", "by": "host"}
    reason = {"reason": booking.reason} if booking.reason else {}
    if booking.declined_at:
        declined_by = booking.declined_by
        yield {"happened_at": booking.declined_at, "kind": "declined", "by": declined_by, "details": reason}
    if booking.cancelled_at:
        cancelled_by = booking.cancelled_by
        yield {"happened_at": booking.cancelled_at, "kind": "cancelled", "by": cancelled_by, "details": reason}


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0008_history_and_no_show'),
    ]

    operations = [
        migrations.RunPython(remember_the_past, migrations.RunPython.noop),
    ]
