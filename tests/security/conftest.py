"""What the rules of security are tried on: host Ada's objects, and who asks for them."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, CalendarFeed, MailFailure, MailName, Recipient
from bookings.services.booking import Invitee, book
from eventtypes.models import EventType, Host, Visibility
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory
from tests.security.addresses import every_address

# What somebody asks for who knows no secret: it is shaped like Ada's, and nobody's.
UNKNOWN = {"hash": "2" * 22, "feed": "3" * 22, "uid": str(uuid.UUID(int=1))}
PERSONS = ("visitor", "invitee", "ada", "grace", "staff")


@dataclass(frozen=True, slots=True)
class Scene:
    """Ada's private event type with a link that has uses left, a booking through it, and a public event type."""

    host: Host
    event_type: EventType
    link: PrivateLink
    booking: Booking
    feed: CalendarFeed
    names: dict[str, Any]
    clients: dict[str, Client]

    def address(self, route: str, *, knows_secrets: bool = True) -> str:
        """Return where the route has Ada's object; for who does not know the secret, where it might be."""
        return every_address()[route].format(**self.names | ({} if knows_secrets else UNKNOWN))


@pytest.fixture
def scene(database_clock: DatabaseClock, new_client: Callable[[], Client]) -> Iterator[Scene]:
    """Both clocks stand still at NOW."""
    database_clock.set(NOW)
    with time_machine.travel(NOW, tick=False):
        yield build_scene(new_client)


@pytest.fixture
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Keep the thousands of refusals out of the log."""
    with caplog.at_level("CRITICAL"), caplog.at_level("CRITICAL", logger="django"):
        yield


@pytest.fixture
def new_client() -> Callable[[], Client]:
    """Return what makes a client; an error of the server is an answer to it, as it is to a browser."""
    return lambda: Client(raise_request_exception=False)


def build_scene(new_client: Callable[[], Client]) -> Scene:
    """Return Ada's objects with clients of everybody; Grace and the staff are hosts who have none."""
    ada = HostFactory.create(username="ada", name="Ada Host", email="ada@example.com")
    event_type = EventTypeFactory.create(
        host=ada, title="Discovery call", slug="discovery-call", visibility=Visibility.PRIVATE
    )
    EventTypeFactory.create(host=ada, schedule=event_type.schedule, title="Lunch", slug="lunch")
    link = PrivateLinkFactory.create(event_type=event_type, name="Autumn letter", max_uses=9, batch=uuid.uuid4())
    iris = Invitee("Iris Invitee", "iris@example.com", event_type.schedule.time_zone)
    loaded = PrivateLink.objects.with_event_type().get(pk=link.pk)
    booking = book(
        event_type=loaded.event_type, starts_at=START, invitee=iris, private_link=loaded, request_key=uuid.uuid4()
    )
    not_delivered = MailName(booking.pk, "confirmed", Recipient.INVITEE, ics_sequence=booking.ics_sequence)
    MailFailure.objects.note(not_delivered, reason="550 No such user", now=NOW)
    feed = CalendarFeed.objects.create(host=ada)
    persons = {"ada": ada, "grace": HostFactory.create(username="grace")}
    persons["staff"] = HostFactory.create(username="root", is_staff=True, is_superuser=True)
    names = {
        "host": ada.pk,
        "event_type": event_type.pk,
        "schedule": event_type.schedule.pk,
        "link": link.pk,
        "hash": link.hash,
        "batch": link.batch,
        "booking": booking.pk,
        "uid": booking.uid,
        "failure": booking.mail_failures.get().pk,
        "feed": feed.hash,
        "feed_pk": feed.pk,
        "content_type": ContentType.objects.get_for_model(EventType).pk,
        "email_address": EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True).pk,
        "authenticator": Authenticator.objects.create(
            user=ada, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "0", "used_mask": 0}
        ).pk,
        "job": ProcrastinateJob.objects.order_by("pk").latest("pk").pk,
    }
    clients = {name: new_client() for name in PERSONS}
    for name, person in persons.items():
        clients[name].force_login(person)
    return Scene(ada, event_type, link, booking, feed, names, clients)
