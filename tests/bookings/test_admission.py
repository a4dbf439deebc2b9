"""Who may book: through a private link until it is over, and without one where the event type is open."""

from collections.abc import Callable
from typing import Any

import pytest

from bookings.models import Booking
from bookings.services.booking import EventTypeUnavailableError, LinkUnavailableError
from eventtypes.models import EventType, Host, Visibility
from privatelinks.models import PrivateLink
from privatelinks.services.links import delete_links
from tests.bookings.booking_forms import NOW, START
from tests.bookings.iris_books import (
    HALF_HOUR,
    MOMENT,
    _clock,
    assert_nothing_is_booked,
    book_openly,
    book_through,
    uses,
)
from tests.clock import DatabaseClock
from tests.meanwhile import meanwhile

__all__ = ["_clock"]


# --- Links that are over -------------------------------------------------------------------------------------------


def test_link_admits_until_just_before_it_expires(link: PrivateLink) -> None:
    PrivateLink.objects.update(expires_at=NOW + MOMENT)

    booking = book_through(link)

    assert booking.created_at == NOW


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"expires_at": NOW}, id="expired at exactly now"),
        pytest.param({"expires_at": NOW - HALF_HOUR, "max_uses": 5}, id="expired with uses left"),
        pytest.param({"is_paused": True}, id="paused"),
        pytest.param({"opens_at": NOW + MOMENT}, id="scheduled"),
    ],
)
def test_link_that_is_over_admits_nobody(link: PrivateLink, limits: dict[str, Any]) -> None:
    PrivateLink.objects.update(**limits)

    with pytest.raises(LinkUnavailableError):
        book_through(link)

    assert_nothing_is_booked(link)


def test_link_that_is_used_up_admits_nobody_before_its_expiry_date(link: PrivateLink) -> None:
    PrivateLink.objects.update(expires_at=NOW + HALF_HOUR)
    book_through(link)

    with pytest.raises(LinkUnavailableError):
        book_through(link, START + HALF_HOUR)

    assert uses(link) == 1


def test_link_of_an_event_type_with_private_links_switched_off_admits_nobody(link: PrivateLink) -> None:
    EventType.objects.update(private_links_enabled=False)

    with pytest.raises(LinkUnavailableError):
        book_through(link)

    assert_nothing_is_booked(link)


def test_link_of_an_inactive_host_admits_nobody(link: PrivateLink) -> None:
    link.event_type.host.is_active = False
    link.event_type.host.save()

    with pytest.raises(LinkUnavailableError):
        book_through(link)

    assert_nothing_is_booked(link)


def test_deleted_link_admits_nobody(link: PrivateLink) -> None:
    PrivateLink.objects.filter(pk=link.pk).delete()

    with pytest.raises(LinkUnavailableError):
        book_through(link)

    assert list(Booking.objects.all()) == []


def test_link_of_a_deleted_host_admits_nobody(link: PrivateLink) -> None:
    EventType.objects.filter(pk=link.event_type_id).delete()
    Host.objects.filter(pk=link.event_type.host_id).delete()

    with pytest.raises(LinkUnavailableError):
        book_through(link)

    assert list(Booking.objects.all()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda link: DatabaseClock().set(link.expires_at), id="expires"),
        pytest.param(lambda link: PrivateLink.objects.filter(pk=link.pk).update(is_paused=True), id="paused"),
        pytest.param(lambda link: delete_links(links=[link]), id="deleted"),
        pytest.param(
            lambda link: EventType.objects.filter(pk=link.event_type_id).update(private_links_enabled=False),
            id="switched off",
        ),
    ],
)
def test_link_that_ends_during_the_wait_for_the_lock_admits_nobody(
    link: PrivateLink, end: Callable[[PrivateLink], object]
) -> None:
    link.expires_at = NOW + HALF_HOUR
    link.save()

    def end_it_with_the_host_locked() -> None:
        type(link.event_type.host).objects.select_for_update(no_key=True).get(pk=link.event_type.host_id)
        end(link)

    with meanwhile(end_it_with_the_host_locked), pytest.raises(LinkUnavailableError):
        book_through(link)

    assert list(Booking.objects.all()) == []


# --- Event types without a link ------------------------------------------------------------------------------------


def test_unlisted_event_type_can_be_booked_without_a_link(event_type: EventType) -> None:
    EventType.objects.update(visibility=Visibility.UNLISTED)

    assert book_openly(event_type).event_type == event_type


def test_private_event_type_cannot_be_booked_without_a_link(event_type: EventType) -> None:
    EventType.objects.update(visibility=Visibility.PRIVATE)

    with pytest.raises(EventTypeUnavailableError):
        book_openly(event_type)


def test_private_event_type_can_be_booked_through_its_link(link: PrivateLink) -> None:
    EventType.objects.update(visibility=Visibility.PRIVATE)

    assert book_through(link).private_link == link


def test_event_type_of_an_inactive_host_cannot_be_booked(event_type: EventType) -> None:
    event_type.host.is_active = False
    event_type.host.save()

    with pytest.raises(EventTypeUnavailableError):
        book_openly(event_type)


def test_deleted_event_type_cannot_be_booked(event_type: EventType) -> None:
    EventType.objects.filter(pk=event_type.pk).delete()

    with pytest.raises(EventTypeUnavailableError):
        book_openly(event_type)


def test_event_type_of_a_deleted_host_cannot_be_booked(event_type: EventType) -> None:
    EventType.objects.filter(pk=event_type.pk).delete()
    Host.objects.filter(pk=event_type.host_id).delete()

    with pytest.raises(EventTypeUnavailableError):
        book_openly(event_type)
