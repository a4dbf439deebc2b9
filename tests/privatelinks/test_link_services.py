"""What is done with single links and whole event types: change, pause, new URL, duplicate, delete."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from bookings.models import Booking
from eventtypes.models import EventType
from privatelinks.hashes import is_well_formed
from privatelinks.models import PrivateLink
from privatelinks.services.event_types import delete_event_type
from privatelinks.services.links import (
    change_link,
    delete_links,
    duplicate_link,
    pause_link,
    replace_hash,
    resume_link,
)
from privatelinks.services.uses import spend_use
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory

NOW = datetime.now(UTC)
YESTERDAY = NOW - timedelta(days=1)

pytestmark = pytest.mark.django_db


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


def booked_through(link: PrivateLink) -> Booking:
    booking: Booking = BookingFactory.create(
        event_type=link.event_type, private_link=link, private_link_name=link.name, holds_use=True
    )
    return booking


def test_change_writes_what_is_named_and_nothing_else() -> None:
    link = PrivateLinkFactory.create(max_uses=5)
    spend_use(link, timezone.now())
    PrivateLink.objects.filter(pk=link.pk).update(is_paused=True)

    change_link(link=link, changes={"name": "Renamed", "max_uses": 8})

    fresh = stored(link)
    assert (fresh.name, fresh.max_uses, fresh.usage_count, fresh.is_paused) == ("Renamed", 8, 1, True)


def test_change_that_breaks_a_rule_stores_nothing() -> None:
    link = PrivateLinkFactory.create(max_uses=5, usage_count=2)

    with pytest.raises(ValidationError) as refusal:
        change_link(link=link, changes={"name": "Renamed", "max_uses": 1})

    assert refusal.value.message_dict == {
        "max_uses": ["The link has been used 2 times already. Allow at least as many."]
    }
    assert stored(link).name == link.name


def test_use_spent_once_is_told_in_the_singular() -> None:
    link = PrivateLinkFactory.create(max_uses=5, usage_count=1)
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=1)

    change_link(link=link, changes={"max_uses": 1})

    assert stored(link).max_uses == 1


def test_pausing_and_resuming_change_only_that() -> None:
    link = PrivateLinkFactory.create(max_uses=5)

    pause_link(link=link)
    paused = stored(link).is_paused
    spend_use(link, timezone.now())
    resume_link(link=link)

    assert paused is True
    assert (stored(link).is_paused, stored(link).usage_count) == (False, 1)


def test_new_url_is_another_hash_and_changes_nothing_else() -> None:
    link = PrivateLinkFactory.create(max_uses=5)
    spend_use(link, timezone.now())

    replace_hash(link=link)

    fresh = stored(link)
    assert is_well_formed(fresh.hash)
    assert fresh.hash != link.hash
    assert (fresh.usage_count, fresh.max_uses, fresh.name) == (1, 5, link.name)


def test_duplicate_has_the_same_limits_and_a_url_and_counter_of_its_own() -> None:
    link = PrivateLinkFactory.create(
        name="Beta", max_uses=5, usage_count=2, expires_at=NOW + timedelta(days=2), opens_at=NOW, returns_uses=True
    )

    copy = duplicate_link(link=link)

    assert copy.pk != link.pk
    assert copy.hash != link.hash
    assert (copy.name, copy.usage_count, copy.event_type) == ("Beta (copy)", 0, link.event_type)
    limits = ("max_uses", "expires_at", "opens_at", "is_paused", "returns_uses")
    assert [getattr(copy, field) for field in limits] == [getattr(link, field) for field in limits]


def test_duplicate_of_an_expired_link_is_as_expired() -> None:
    copy = duplicate_link(link=PrivateLinkFactory.create(expires_at=YESTERDAY))

    assert copy.expires_at == YESTERDAY


@pytest.mark.parametrize(("name", "expected"), [("", ""), ("x" * 100, "x" * 93 + " (copy)")])
def test_duplicate_has_a_name_that_fits(name: str, expected: str) -> None:
    assert duplicate_link(link=PrivateLinkFactory.create(name=name)).name == expected


def test_deleting_links_leaves_their_bookings_with_the_name() -> None:
    first, second, other = PrivateLinkFactory.create(), PrivateLinkFactory.create(), PrivateLinkFactory.create()
    booking, other_booking = booked_through(first), booked_through(other)

    delete_links(links=[first, second])

    assert list(PrivateLink.objects.all()) == [other]
    booking.refresh_from_db()
    other_booking.refresh_from_db()
    assert (booking.private_link, booking.private_link_name, booking.holds_use) == (None, first.name, False)
    assert (other_booking.private_link, other_booking.holds_use) == (other, True)


def test_deleting_a_link_twice_is_no_matter() -> None:
    link = PrivateLinkFactory.create()

    delete_links(links=[link])
    delete_links(links=[link])

    assert PrivateLink.objects.count() == 0


@pytest.mark.parametrize("act", [pause_link, resume_link, replace_hash, duplicate_link])
def test_link_that_is_gone_cannot_be_acted_on(act: Callable[..., PrivateLink]) -> None:
    link = PrivateLinkFactory.create()
    PrivateLink.objects.filter(pk=link.pk).delete()

    with pytest.raises(PrivateLink.DoesNotExist):
        act(link=link)


def test_deleting_an_event_type_deletes_its_links_and_keeps_its_bookings() -> None:
    link, other = PrivateLinkFactory.create(), PrivateLinkFactory.create()
    event_type = link.event_type
    booking, direct_booking = booked_through(link), BookingFactory.create(event_type=event_type)

    delete_event_type(event_type=event_type)

    assert list(EventType.objects.all()) == [other.event_type]
    assert list(PrivateLink.objects.all()) == [other]
    booking.refresh_from_db()
    direct_booking.refresh_from_db()
    assert (booking.event_type, booking.private_link, booking.holds_use) == (None, None, False)
    assert (booking.title, booking.private_link_name, booking.status) == (event_type.title, link.name, "confirmed")
    assert (direct_booking.event_type, direct_booking.title) == (None, event_type.title)


def test_deleting_an_event_type_twice_is_no_matter() -> None:
    event_type = EventTypeFactory.create()

    delete_event_type(event_type=event_type)
    delete_event_type(event_type=event_type)

    assert EventType.objects.count() == 0
