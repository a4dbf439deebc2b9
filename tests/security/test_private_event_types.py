"""A private event type and everybody without its link, at every address of the site, in every way: no slot, no booking.

What each public address answers in particular is in tests/bookings/test_private_event_types.py.
"""

import copy
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from bookings.models import Booking
from bookings.services.booking import Invitee, book
from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START, booking_fields
from tests.bookings.ended_links import expire, pause, use_up
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.scale import sampled
from tests.security.addresses import every_address
from tests.security.conftest import UNKNOWN, Scene

# Nobody but this event type is open at night: from 3 to 5 in Berlin.
NIGHTS = [(weekday, time(3), time(5)) for weekday in range(7)]
NIGHT_START = "2026-12-03T02:00:00Z"
SHOWN = ("T02:", "T03:", "03:00", "03:30", "Night call")
PERSONS = ("visitor", "invitee", "grace")

# Beside the address of each route: where somebody might try. The names in braces are those of the fixture `night`.
TRIED = [
    "/ada/night-call/",
    "/ada/evening-call/",
    "/ada/{event_type}/",
    "/ada/lunch/",
    "/ada/lunch/?event_type={event_type}&slug=night-call",
    "/ada/lunch/?link={dead}",
    "/grace/night-call/",
    "/ada/?event_type={event_type}&private=1",
    "/d/{event_type}/night-call",
    "/d/{link}/night-call",
    "/d/night-call/night-call",
    "/d/{of_another_type}/night-call",
    "/d/{of_another_type}/discovery-call?event_type={event_type}",
    "/d/{dead}/night-call",
    "/d/{paused}/night-call",
    "/d/{used_up}/evening-call",
    "/d/{unknown}/night-call",
    # A booking of another event type is no way to this one.
    "/booking/{uid}/reschedule/?event_type={event_type}&slug=night-call",
    "/booking/{event_type}/",
    "/booking/{unknown_uid}/reschedule/",
]


@dataclass(frozen=True, slots=True)
class Night:
    """Ada's private night call with its live link, which nobody here knows, and what is known of it."""

    event_type: EventType
    link: PrivateLink
    addresses: list[str]
    fields: dict[str, str]


@pytest.fixture
def night(scene: Scene) -> Night:
    """A booking of lunch is the invitee's; the persons know every number, and the hashes of links that are over."""
    schedule = ScheduleFactory.create(host=scene.host, name="Nights", rules=NIGHTS)
    event_type = EventTypeFactory.create(
        host=scene.host,
        schedule=schedule,
        title="Night call",
        slug="night-call",
        former_slugs=["evening-call"],
        visibility=Visibility.PRIVATE,
    )
    link, *over = PrivateLinkFactory.create_batch(4, event_type=event_type)
    for end, each in zip([expire, pause, use_up], over, strict=True):
        end(each)
    dead, paused, used_up = over
    names = scene.names | {
        "event_type": event_type.pk,
        "link": link.pk,
        "hash": UNKNOWN["hash"],
        "unknown": UNKNOWN["hash"],
        "unknown_uid": UNKNOWN["uid"],
        "of_another_type": scene.link.hash,
        "dead": dead.hash,
        "paused": paused.hash,
        "used_up": used_up.hash,
        "uid": book_lunch(scene).uid,
    }
    addresses = [template.format(**names) for template in [*TRIED, *every_address().values()]]
    by_number = {name: str(event_type.pk) for name in ("event_type", "event_type_id", "pk", "id", "event_type-id")}
    by_name = {"slug": "night-call", "link_hash": dead.hash, "hash": dead.hash}
    of_link = {"link": str(link.pk), "private_link": str(link.pk), "private_link_id": str(link.pk)}
    return Night(event_type, link, addresses, by_number | by_name | of_link)


def book_lunch(scene: Scene) -> Booking:
    iris = Invitee("Iris Invitee", "iris@example.com", scene.event_type.schedule.time_zone)
    lunch = EventType.objects.select_related("host", "schedule").get(slug="lunch")
    return book(event_type=lunch, starts_at=START.replace(hour=12), invitee=iris, request_key=uuid.uuid4())


# --- Ways of asking ------------------------------------------------------------------------------------------------

type Ask = Callable[[Client, str, Night], Any]

HTMX = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "picker"}
PICKER = {"month": "2026-12", "date": "2026-12-03", "tz": "Europe/Berlin"}


def fields_of(night: Night) -> dict[str, str]:
    """Return the form that books the night call where that is possible, and everything else that might."""
    return booking_fields(start=NIGHT_START, sequence="0", duration="30") | night.fields


WAYS: dict[str, Ask] = {
    "page": lambda client, address, _night: client.get(address, PICKER),
    "page's part": lambda client, address, _night: client.get(address, PICKER, headers=HTMX),
    "slot": lambda client, address, night: client.get(address, PICKER | {"start": NIGHT_START} | night.fields),
    "head": lambda client, address, _night: client.head(address, PICKER),
    "form": lambda client, address, night: client.post(address, fields_of(night)),
    "form's part": lambda client, address, night: client.post(address, fields_of(night), headers=HTMX),
    "json": lambda client, address, night: client.post(address, json.dumps(fields_of(night)), "application/json"),
    "put": lambda client, address, night: client.put(address, json.dumps(fields_of(night)), "application/json"),
    "form in the address": lambda client, address, night: client.post(address, query_params=fields_of(night)),
}


def ask(client: Client, address: str, way: str, night: Night) -> tuple[int, list[str]]:
    """Return how many bookings of the night call this has made, and what it shows of it; then undo it."""
    cookies = copy.copy(client.cookies)
    with transaction.atomic():
        answer = WAYS[way](client, address, night)
        content = b"".join(answer) if answer.streaming else answer.content
        booked = Booking.objects.filter(event_type=night.event_type).count()
        transaction.set_rollback(True)
    client.cookies = cookies
    return booked, [word for word in SHOWN if word in content.decode(errors="replace")]


@pytest.mark.rule("S2")
def test_nobody_books_a_private_event_type_without_its_link(
    scene: Scene, night: Night, figure: Callable[[str], None]
) -> None:
    attempts = sampled(list(product(PERSONS, night.addresses, WAYS)))

    found = {
        (person, address, way): ask(scene.clients[person], address, way, night) for person, address, way in attempts
    }

    figure(f"{len(found):,} attempts ({len(night.addresses)} addresses × {len(WAYS)} ways × {len(PERSONS)} persons):")
    figure(f"{sum(booked for booked, _shown in found.values())} bookings, 0 slots shown")
    assert {attempt: result for attempt, result in found.items() if result != (0, [])} == {}


@pytest.mark.rule("S2")
def test_with_its_link_everybody_sees_its_slots_and_books_it(scene: Scene, night: Night) -> None:
    """The control: all that was missing is the link."""
    address = night.link.get_absolute_url()

    for person in PERSONS:
        _none, shown = ask(scene.clients[person], address, "page", night)
        booked, _shown = ask(scene.clients[person], address, "form", night)

        assert {"T02:", "Night call"} <= set(shown)
        assert booked == 1
