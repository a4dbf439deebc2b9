"""Deleting an event type with its links: it lives here because links are above event types."""

from django.db import transaction

from eventtypes.models import EventType
from eventtypes.services.locking import lock_host
from privatelinks.services.links import delete_locked
from privatelinks.services.locking import lock_links_of


@transaction.atomic
def delete_event_type(*, event_type: EventType) -> None:
    """Delete the event type and its links, whose URLs are dead from now on; its bookings stay. Gone is gone."""
    lock_host(event_type.host_id)
    delete_locked(lock_links_of(event_type.pk))
    EventType.objects.filter(pk=event_type.pk).delete()
