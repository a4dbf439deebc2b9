"""A host with one of everything, with texts of the test's own, and the addresses of all of it."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import extract_views_from_urlpatterns, simplify_regex
from django.urls import get_resolver

from bookings.models import Booking, CalendarFeed
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.factories import (
    BookingFactory,
    EventTypeFactory,
    HostFactory,
    PrivateLinkFactory,
    QuestionFactory,
    ScheduleFactory,
)

BATCH = uuid.UUID("3f0a6a52-7d0c-4a58-9e54-0f4f1a0b7c11")
FEED_HASH = "7kQp2RsTuVwXyZ9aBcDeFg"
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Everything:
    """One of each object that a page can show."""

    host: Host
    event_type: EventType
    link: PrivateLink
    booking: Booking

    def values_of(self, route: str) -> dict[str, str]:
        """Return what stands for the placeholders of the route in the address of a page that is there."""
        return {
            "pk": str(self._numbered(route)),
            "object_id": str(self._numbered(route)),
            "id": str(self._numbered(route)),
            "link_hash": self.link.hash,
            "slug": self.event_type.slug,
            "username": self.host.username,
            "uid": str(self.booking.uid),
            "feed_hash": FEED_HASH,
            "which": "upcoming",
            "batch": str(BATCH),
        }

    def _numbered(self, route: str) -> int:
        """Return the number of the object that the route is about."""
        by_word = {
            "private-?links?": self.link.pk,
            "^/availability|schedule": self.event_type.schedule_id,
            "booking": self.booking.pk,
            "host": self.host.pk,
        }
        return next((pk for word, pk in by_word.items() if re.search(word, route)), self.event_type.pk)


def make_everything(text: str = "Ada & Co", **more: Any) -> Everything:
    """Store a host with staff rights, a schedule, an event type that asks, a link, and a booking through it."""
    host = HostFactory.create(username="ada", name=text, welcome=text, is_staff=True, is_superuser=True)
    CalendarFeed.objects.create(host=host, hash=FEED_HASH)
    schedule = ScheduleFactory.create(host=host, name=text)
    ScheduleFactory.create(host=host, name="Another")
    event_type = EventTypeFactory.create(
        host=host, schedule=schedule, title=text, slug="intro", description=text, location=text, **more
    )
    QuestionFactory.create(event_type=event_type, label=text, help_text=text, position=0)
    QuestionFactory.create(event_type=event_type, label="Which?", kind="choice", choices=[text, "b"], position=1)
    link = PrivateLinkFactory.create(
        event_type=event_type, name=text, max_uses=5, usage_count=1, invitee_name=text, batch=BATCH
    )
    booking = BookingFactory.create(
        event_type=event_type,
        private_link=link,
        private_link_name=text,
        holds_use=True,
        location=text,
        invitee_name=text,
        notes=text,
        reason=text,
        answers=[{"question": text, "kind": "line", "answer": text}],
    )
    return Everything(host, event_type, link, booking)


def routes() -> Iterator[str]:
    """Yield every route of the site, such as `/private-links/<pk>/`."""
    for _view, pattern, _namespace, _name in extract_views_from_urlpatterns(get_resolver().url_patterns):
        yield PLACEHOLDER.sub(r"<\1>", simplify_regex(str(pattern)))


def address(route: str, values: dict[str, str]) -> str:
    """Return the route with its placeholders filled."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], "1"), route)
