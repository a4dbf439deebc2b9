"""Deleting an event type: what is asked, what goes and what stays."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.test import Client

from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory

NOW = datetime.now(UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type(host: Host) -> EventType:
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call")
    return event_type


def url_of(event_type: EventType) -> str:
    return f"/event-types/{event_type.pk}/delete/"


def test_question_names_the_links_that_stop_and_the_bookings_that_stay(
    host_client: Client, event_type: EventType
) -> None:
    PrivateLinkFactory.create_batch(2, event_type=event_type)
    PrivateLinkFactory.create(event_type=event_type, usage_count=1)
    BookingFactory.create(event_type=event_type)
    BookingFactory.create(event_type=event_type, starts_at=NOW - timedelta(days=2))

    page = host_client.get(url_of(event_type)).text

    assert "Delete “Discovery call”?" in page
    assert "2 private links stop working for good." in page
    assert "One upcoming booking stays as it is: cancel it by itself if it should not take place." in page
    assert EventType.objects.filter(pk=event_type.pk).exists()


def test_question_counts_bookings_that_wait_too(host_client: Client, event_type: EventType) -> None:
    BookingFactory.create(event_type=event_type)
    BookingFactory.create(event_type=event_type, status="pending")
    BookingFactory.create(event_type=event_type, status="declined", declined_at=NOW)

    page = host_client.get(url_of(event_type)).text

    assert "2 upcoming bookings stay as they are" in page


def test_question_about_an_event_type_that_nobody_uses_is_short(host_client: Client, event_type: EventType) -> None:
    page = host_client.get(url_of(event_type)).text

    assert "Nobody can book it any more. Its past bookings stay." in page


def test_deleting_takes_the_links_along_and_keeps_the_bookings(host_client: Client, event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type)
    booking = BookingFactory.create(
        event_type=event_type, private_link=link, private_link_name=link.name, holds_use=True
    )

    response = host_client.post(url_of(event_type))

    booking.refresh_from_db()
    assert response.headers["Location"] == "/event-types/"
    assert (EventType.objects.count(), PrivateLink.objects.count()) == (0, 0)
    assert (booking.event_type, booking.private_link, booking.title) == (None, None, "Discovery call")
    assert host_client.get(url_of(event_type)).status_code == HTTPStatus.NOT_FOUND


def test_event_type_of_another_host_is_not_found(host_client: Client) -> None:
    foreign = EventTypeFactory.create()

    answers = [host_client.get(url_of(foreign)), host_client.post(url_of(foreign))]

    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 2
    assert EventType.objects.filter(pk=foreign.pk).exists()
