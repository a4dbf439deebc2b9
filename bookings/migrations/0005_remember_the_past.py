"""What the history would say of bookings made before there was one, from what they say themselves."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def remember_the_past(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Booking = apps.get_model("bookings", "Booking")
    BookingEvent = apps.get_model("bookings", "BookingEvent")
    events = []
    for pk, created_at, cancelled_at, cancelled_by in (
        Booking.objects.filter(events__isnull=True)
        .order_by("pk")
        .values_list("pk", "created_at", "cancelled_at", "cancelled_by")
    ):
        events.append(BookingEvent(booking_id=pk, happened_at=created_at, kind="booked", by="invitee"))
        if cancelled_at is not None:
            events.append(BookingEvent(booking_id=pk, happened_at=cancelled_at, kind="cancelled", by=cancelled_by))
    BookingEvent.objects.bulk_create(events, batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0004_history_and_no_show'),
    ]

    operations = [
        migrations.RunPython(remember_the_past, migrations.RunPython.noop),
    ]
