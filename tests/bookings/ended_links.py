"""Every way in which a private link can be over: each ends a link and returns the address that it has then."""

from collections.abc import Callable
from datetime import timedelta

from bookings.models import Booking
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW
from tests.factories import EventTypeFactory


def use_up(link: PrivateLink) -> str:
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=1, max_uses=1)
    return link.get_absolute_url()


def expire(link: PrivateLink) -> str:
    PrivateLink.objects.filter(pk=link.pk).update(expires_at=NOW)
    return link.get_absolute_url()


def pause(link: PrivateLink) -> str:
    PrivateLink.objects.filter(pk=link.pk).update(is_paused=True)
    return link.get_absolute_url()


def schedule(link: PrivateLink) -> str:
    PrivateLink.objects.filter(pk=link.pk).update(opens_at=NOW + timedelta(seconds=1))
    return link.get_absolute_url()


def delete(link: PrivateLink) -> str:
    Booking.objects.filter(private_link=link).update(holds_use=False)
    link.delete()
    return f"/d/{link.hash}/{link.event_type.slug}"


def switch_off(link: PrivateLink) -> str:
    EventType.objects.filter(pk=link.event_type_id).update(private_links_enabled=False)
    return link.get_absolute_url()


def deactivate(link: PrivateLink) -> str:
    link.event_type.host.is_active = False
    link.event_type.host.save()
    return link.get_absolute_url()


def use_slug_of_another(link: PrivateLink) -> str:
    other = EventTypeFactory(host=link.event_type.host)
    return f"/d/{link.hash}/{other.slug}"


ENDS: dict[str, Callable[[PrivateLink], str]] = {
    "used up": use_up,
    "expired": expire,
    "paused": pause,
    "scheduled": schedule,
    "deleted": delete,
    "switched off": switch_off,
    "host inactive": deactivate,
    "slug of another event type": use_slug_of_another,
}
