"""Each combination of limits, clock and flags: page, booking, lists and admin all say the same of it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from bookings.models import Booking
from eventtypes.models import EventType, Host
from privatelinks.models import LinkState, PrivateLink
from tests.bookings.booking_forms import booking_fields
from tests.bookings.random_hosts import undone
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, HostFactory
from tests.privatelinks.link_limits import ALL_LIMITS, NOW, expected_state, made
from tests.scale import FRACTION, sampled

# The Monday after NOW, 10:00 in Berlin.
START = datetime(2026, 8, 24, 8, tzinfo=UTC)
FIELDS = booking_fields(start="2026-08-24T08:00:00Z")


@pytest.fixture(autouse=True)
def _now(database_clock: DatabaseClock) -> Iterator[None]:
    """Stop both clocks: the database's decides about bookings, Python's about lists."""
    database_clock.set(NOW)
    with time_machine.travel(NOW, tick=False):
        yield


def statuses(client: Client, link: PrivateLink) -> tuple[int, int]:
    """Return what GET and POST answer, and take back what the POST has booked."""
    shown = client.get(link.get_absolute_url()).status_code
    with undone():
        booked = client.post(link.get_absolute_url(), FIELDS).status_code
        assert Booking.objects.filter(private_link=link, starts_at=START).count() == (booked == 302)
    return shown, booked


def test_page_and_booking_answer_as_the_state_says(client: Client) -> None:
    tried = ALL_LIMITS[:: 1 if FRACTION == 1 else 5]
    links = made(EventTypeFactory.create(), tried)

    answers = [statuses(client, link) for link in links]

    is_live = [expected_state(limits) == LinkState.ACTIVE for limits in tried]
    assert 0 < sum(is_live) < len(tried)
    assert answers == [(200, 302) if each else (404, 404) for each in is_live]


@pytest.mark.parametrize(("is_on", "is_active"), [(True, False), (False, True), (False, False)])
def test_no_link_answers_that_is_switched_off_or_whose_host_is_inactive(
    client: Client, is_on: bool, is_active: bool
) -> None:
    event_type = EventTypeFactory.create(private_links_enabled=is_on, host__is_active=is_active)
    active = [limits for limits in ALL_LIMITS if expected_state(limits) == LinkState.ACTIVE]
    links = made(event_type, [*active[:: 1 if FRACTION == 1 else 9], *sampled(ALL_LIMITS)])

    answers = {statuses(client, link) for link in links}

    assert answers == {(404, 404)}


def test_list_says_the_state_of_each_link(client: Client, host: Host) -> None:
    client.force_login(host)
    links = made(EventTypeFactory.create(host=host), ALL_LIMITS)

    said: dict[int, LinkState] = {}
    for number in range(1, len(links) // 50 + 2):
        page = client.get(f"/private-links/?page={number}")
        said |= {listed.link.pk: listed.line.state for listed in page.context["links"]}

    assert said == {link.pk: expected_state(limits) for link, limits in zip(links, ALL_LIMITS, strict=True)}


@pytest.mark.parametrize("state", LinkState)
def test_list_and_admin_find_the_links_of_a_state_and_no_other(client: Client, host: Host, state: LinkState) -> None:
    links = made(EventTypeFactory.create(host=host), ALL_LIMITS)
    expected = {link.pk for link, limits in zip(links, ALL_LIMITS, strict=True) if expected_state(limits) == state}

    client.force_login(host)
    listed = client.get(f"/private-links/?state={state.value}").context["page_obj"].paginator.object_list
    client.force_login(HostFactory.create(is_staff=True, is_superuser=True))
    administered = client.get(f"/admin/privatelinks/privatelink/?state={state.value}").context["cl"].queryset

    assert {link.pk for link in listed} == expected
    assert {link.pk for link in administered} == expected


def test_admin_says_the_state_of_each_link(client: Client, event_type: EventType) -> None:
    client.force_login(HostFactory.create(is_staff=True, is_superuser=True))
    links = made(event_type, ALL_LIMITS)

    said: dict[int, str] = {}
    for number in range(1, len(links) // 100 + 2):
        page = client.get(f"/admin/privatelinks/privatelink/?p={number}")
        words = re.findall(r'class="field-state">([^<]*)<', page.text)
        said |= dict(zip([link.pk for link in page.context["cl"].result_list], words, strict=True))

    assert said == {link.pk: str(expected_state(limits).label) for link, limits in zip(links, ALL_LIMITS, strict=True)}
