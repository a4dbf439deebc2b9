"""What a host does with event types: create, change, reorder and duplicate them.

Each is one transaction that holds the host's row, like every booking: a booking is decided either before the change
or after it. All of them raise EventType.DoesNotExist if the event type has been deleted meanwhile.
"""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from eventtypes.locations import LocationKind
from eventtypes.models import BookingWindowKind, EventType, Host, Schedule, Visibility
from eventtypes.models.event_type import MAX_SLUG_LENGTH, MAX_TITLE_LENGTH
from eventtypes.services.locking import lock_host
from eventtypes.services.questions import copy_questions
from eventtypes.services.schedules import ensure_default_schedule
from eventtypes.slugs import first_free, slug_from


class SlugTakenError(Exception):
    """Another event type of the host has the slug."""


class Direction(StrEnum):
    """Where an event type is moved in the host's order."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an event type is."""

    title: str
    slug: str
    description: str
    duration_minutes: int
    duration_options: list[int]
    location: str
    # Minutes before the start.
    reminder_minutes: list[int]
    location_kind: LocationKind = LocationKind.TEXT
    location_is_shown_after_booking: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """When and how often an event type can be booked; None is no limit, or for the slot interval the duration."""

    minimum_notice_minutes: int
    booking_window_kind: BookingWindowKind
    booking_window_days: int
    booking_window_starts_on: date | None
    booking_window_ends_on: date | None
    buffer_before_minutes: int
    buffer_after_minutes: int
    slot_interval_minutes: int | None
    max_bookings_per_day: int | None
    max_bookings_per_week: int | None
    max_bookings_per_month: int | None
    max_minutes_per_day: int | None


@transaction.atomic
def create_event_type(*, host: Host, setup: Setup) -> EventType:
    """Create an event type with the host's default schedule, last in the host's order.

    A blank slug is made from the title.

    Raises:
        SlugTakenError: Another event type of the host has the slug.
    """
    lock_host(host.pk)
    taken = _slugs_of(host.pk)
    if setup.slug in taken:
        raise SlugTakenError
    slug = setup.slug or first_free(slug_from(setup.title, MAX_SLUG_LENGTH), taken, MAX_SLUG_LENGTH)
    last = EventType.objects.owned_by(host).last()
    return EventType.objects.create(
        host=host,
        schedule=ensure_default_schedule(host=host),
        position=0 if last is None else last.position + 1,
        **asdict(setup) | {"slug": slug},
    )


@transaction.atomic
def change_setup(*, event_type: EventType, setup: Setup) -> EventType:
    """Change what the event type is; its former slug goes on redirecting.

    Raises:
        SlugTakenError: Another event type of the host has the slug.
    """
    event_type = _lock(event_type)
    if setup.slug != event_type.slug and setup.slug in _slugs_of(event_type.host_id):
        raise SlugTakenError
    event_type.take_slug(setup.slug)
    return _write(event_type, asdict(setup), "former_slugs")


@transaction.atomic
def change_limits(*, event_type: EventType, limits: Limits) -> EventType:
    """Change when and how often the event type can be booked."""
    return _write(_lock(event_type), asdict(limits))


@transaction.atomic
def change_schedule(*, event_type: EventType, schedule: Schedule) -> EventType:
    """Give the event type the hours of another schedule of its host.

    Raises:
        Schedule.DoesNotExist: The host has no such schedule, or no longer.
    """
    event_type = _lock(event_type)
    own = Schedule.objects.filter(host=event_type.host_id).get(pk=schedule.pk)
    return _write(event_type, {"schedule": own})


@transaction.atomic
def set_visibility(*, event_type: EventType, visibility: Visibility) -> EventType:
    """Change who can reach the event type."""
    return _write(_lock(event_type), {"visibility": visibility})


@transaction.atomic
def move(*, event_type: EventType, direction: Direction) -> None:
    """Swap the event type with its neighbour in the host's order; the first and the last stay where they are."""
    ordered = _in_order(_lock(event_type))
    place = ordered.index(event_type)
    neighbour = place - 1 if direction == Direction.UP else place + 1
    if 0 <= neighbour < len(ordered):
        ordered[place], ordered[neighbour] = ordered[neighbour], ordered[place]
    _number(ordered)


@transaction.atomic
def duplicate(*, event_type: EventType) -> EventType:
    """Copy the event type with its settings and questions to a place right behind it.

    Its private links are not copied, so the copy has them switched off; neither are its former slugs.
    """
    copy = _lock(event_type)
    questions = list(copy.questions.all())
    ordered = _in_order(copy)
    taken = {each.slug for each in ordered}
    copy.pk = None
    copy.title = _title_of_copy(copy.title)
    copy.slug = first_free(slug_from(copy.title, MAX_SLUG_LENGTH), taken, MAX_SLUG_LENGTH)
    copy.former_slugs = []
    copy.private_links_enabled = False
    copy.save(force_insert=True)
    copy_questions(questions, copy)
    ordered.insert(ordered.index(event_type) + 1, copy)
    _number(ordered)
    return copy


def _lock(event_type: EventType) -> EventType:
    """Hold the host's row until the end of the transaction, and read the event type again."""
    lock_host(event_type.host_id)
    return EventType.objects.get(pk=event_type.pk)


def _write(event_type: EventType, values: dict[str, Any], *also: str) -> EventType:
    for name, value in values.items():
        setattr(event_type, name, value)
    event_type.save(update_fields=[*values, *also])
    return event_type


def _slugs_of(host_id: int) -> set[str]:
    return set(EventType.objects.filter(host=host_id).values_list("slug", flat=True))


def _in_order(event_type: EventType) -> list[EventType]:
    """Return all event types of its host."""
    return list(EventType.objects.filter(host=event_type.host_id).order_by("position", "pk"))


def _number(ordered: list[EventType]) -> None:
    """Store the order."""
    for position, event_type in enumerate(ordered):
        event_type.position = position
    EventType.objects.bulk_update(ordered, ["position"])


def _title_of_copy(title: str) -> str:
    """Return "… (copy)", with as much of the title as there is room for."""
    suffix = gettext(" (copy)")
    return title[: MAX_TITLE_LENGTH - len(suffix)].rstrip() + suffix
