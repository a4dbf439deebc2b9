"""What a host does with event types: create, change, reorder, duplicate."""

from dataclasses import replace
from datetime import date

import pytest

from eventtypes.models import BookingWindowKind, EventType, Host, Schedule, Visibility
from eventtypes.services.event_types import (
    Direction,
    Limits,
    Setup,
    SlugTakenError,
    change_limits,
    change_schedule,
    change_setup,
    create_event_type,
    duplicate,
    move,
    set_visibility,
)
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory

SETUP = Setup(
    title="Intro call",
    slug="intro",
    description="Hello",
    duration_minutes=45,
    duration_options=[15, 60],
    location="Phone",
    reminder_minutes=[1440, 60],
)
LIMITS = Limits(
    minimum_notice_minutes=60,
    booking_window_kind=BookingWindowKind.DATES,
    booking_window_days=10,
    booking_window_starts_on=date(2026, 12, 1),
    booking_window_ends_on=date(2026, 12, 24),
    buffer_before_minutes=5,
    buffer_after_minutes=10,
    slot_interval_minutes=15,
    max_bookings_per_day=3,
    max_bookings_per_week=9,
    max_bookings_per_month=27,
    max_minutes_per_day=240,
)


def titles(host: Host) -> list[str]:
    """Return the titles of the host's event types in their order."""
    return list(EventType.objects.owned_by(host).values_list("title", flat=True))


class TestCreate:
    def test_create_event_type_stores_the_setup(self, host: Host) -> None:
        created = create_event_type(host=host, setup=SETUP)

        stored = EventType.objects.get(pk=created.pk)
        assert (stored.title, stored.slug, stored.description) == ("Intro call", "intro", "Hello")
        assert (stored.durations, stored.location) == ([45, 15, 60], "Phone")
        assert stored.host == host

    def test_create_event_type_takes_the_default_schedule(self, host: Host) -> None:
        ScheduleFactory(host=host, name="A")
        default = ScheduleFactory(host=host, name="B", is_default=True)

        assert create_event_type(host=host, setup=SETUP).schedule == default

    def test_create_event_type_makes_a_schedule_for_a_host_without_one(self, host: Host) -> None:
        created = create_event_type(host=host, setup=SETUP)

        assert created.schedule == Schedule.objects.get(host=host)
        assert created.schedule.time_zone == host.time_zone

    def test_create_event_type_puts_it_last(self, host: Host) -> None:
        EventTypeFactory(host=host, title="First", position=7)

        create_event_type(host=host, setup=SETUP)

        assert titles(host) == ["First", "Intro call"]

    def test_create_event_type_makes_a_blank_slug_from_the_title(self, host: Host) -> None:
        EventTypeFactory(host=host, slug="intro-call")

        assert create_event_type(host=host, setup=replace(SETUP, slug="")).slug == "intro-call-2"

    def test_create_event_type_refuses_a_slug_that_is_taken(self, host: Host) -> None:
        EventTypeFactory(host=host, slug="intro")

        with pytest.raises(SlugTakenError):
            create_event_type(host=host, setup=SETUP)

    def test_create_event_type_takes_a_slug_that_another_host_has(self, host: Host) -> None:
        EventTypeFactory(slug="intro")

        assert create_event_type(host=host, setup=SETUP).slug == "intro"


class TestChange:
    def test_change_setup_stores_it(self, host: Host) -> None:
        event_type = EventTypeFactory(host=host)

        change_setup(event_type=event_type, setup=SETUP)

        event_type.refresh_from_db()
        assert (event_type.title, event_type.slug, event_type.description) == ("Intro call", "intro", "Hello")
        assert (event_type.duration_minutes, event_type.location) == (45, "Phone")
        assert event_type.reminder_minutes == [1440, 60]

    def test_change_setup_keeps_the_former_slug(self, host: Host) -> None:
        event_type = EventTypeFactory(host=host, slug="old")

        change_setup(event_type=event_type, setup=SETUP)

        event_type.refresh_from_db()
        assert event_type.former_slugs == ["old"]

    def test_change_setup_takes_a_former_slug_back(self, host: Host) -> None:
        event_type = EventTypeFactory(host=host, slug="new", former_slugs=["intro", "older"])

        change_setup(event_type=event_type, setup=SETUP)

        event_type.refresh_from_db()
        assert (event_type.slug, event_type.former_slugs) == ("intro", ["older", "new"])

    def test_change_setup_may_take_another_event_types_former_slug(self, host: Host) -> None:
        EventTypeFactory(host=host, slug="other", former_slugs=["intro"])
        event_type = EventTypeFactory(host=host)

        assert change_setup(event_type=event_type, setup=SETUP).slug == "intro"

    def test_change_setup_refuses_a_slug_that_is_taken(self, host: Host) -> None:
        EventTypeFactory(host=host, slug="intro")
        event_type = EventTypeFactory(host=host, slug="mine", title="Mine")

        with pytest.raises(SlugTakenError):
            change_setup(event_type=event_type, setup=SETUP)

        event_type.refresh_from_db()
        assert (event_type.slug, event_type.title, event_type.former_slugs) == ("mine", "Mine", [])

    def test_change_setup_leaves_alone_what_was_changed_elsewhere(self, host: Host) -> None:
        stale = EventTypeFactory(host=host, slug="second", visibility=Visibility.PUBLIC)
        EventType.objects.update(visibility=Visibility.PRIVATE, private_links_enabled=False, former_slugs=["first"])

        change_setup(event_type=stale, setup=SETUP)

        stored = EventType.objects.get()
        assert (stored.visibility, stored.private_links_enabled) == (Visibility.PRIVATE, False)
        assert stored.former_slugs == ["first", "second"]

    def test_change_limits_stores_them(self, host: Host) -> None:
        event_type = EventTypeFactory(host=host)

        change_limits(event_type=event_type, limits=LIMITS)

        event_type.refresh_from_db()
        assert Limits(**{name: getattr(event_type, name) for name in Limits.__dataclass_fields__}) == LIMITS

    def test_change_schedule_stores_it(self, host: Host) -> None:
        event_type, schedule = EventTypeFactory(host=host), ScheduleFactory(host=host)

        change_schedule(event_type=event_type, schedule=schedule)

        event_type.refresh_from_db()
        assert event_type.schedule == schedule

    def test_change_schedule_refuses_another_hosts(self, host: Host) -> None:
        event_type = EventTypeFactory(host=host)

        with pytest.raises(Schedule.DoesNotExist):
            change_schedule(event_type=event_type, schedule=ScheduleFactory())

    def test_set_visibility_stores_it(self, host: Host) -> None:
        event_type = EventTypeFactory(host=host)

        set_visibility(event_type=event_type, visibility=Visibility.UNLISTED)

        event_type.refresh_from_db()
        assert event_type.visibility == Visibility.UNLISTED

    def test_change_of_a_deleted_event_type_says_so(self, host: Host) -> None:
        event_type = EventTypeFactory(host=host)
        EventType.objects.all().delete()

        with pytest.raises(EventType.DoesNotExist):
            change_setup(event_type=event_type, setup=SETUP)


class TestOrder:
    @pytest.mark.parametrize(
        ("title", "direction", "order"),
        [
            ("B", Direction.UP, ["B", "A", "C"]),
            ("B", Direction.DOWN, ["A", "C", "B"]),
            ("A", Direction.UP, ["A", "B", "C"]),
            ("C", Direction.DOWN, ["A", "B", "C"]),
        ],
    )
    def test_move_swaps_with_the_neighbour(
        self, host: Host, title: str, direction: Direction, order: list[str]
    ) -> None:
        # All at the same position, as they are before anything was moved.
        event_types = {name: EventTypeFactory(host=host, title=name) for name in "ABC"}

        move(event_type=event_types[title], direction=direction)

        assert titles(host) == order

    def test_move_leaves_other_hosts_alone(self, host: Host) -> None:
        other = EventTypeFactory(position=5)
        first, _second = EventTypeFactory(host=host), EventTypeFactory(host=host)

        move(event_type=first, direction=Direction.DOWN)

        other.refresh_from_db()
        assert other.position == 5


class TestDuplicate:
    def test_duplicate_copies_the_settings(self, host: Host) -> None:
        original = EventTypeFactory(
            host=host,
            visibility=Visibility.PRIVATE,
            former_slugs=["old"],
            location="Phone",
            duration_options=[15],
            reminder_minutes=[60],
            requires_confirmation=True,
            invitees_may_cancel=False,
            change_notice_hours=24,
        )
        change_limits(event_type=original, limits=LIMITS)
        own = {"id", "title", "slug", "former_slugs", "position", "created_at", "private_links_enabled"}

        duplicate(event_type=original)

        first, second = EventType.objects.owned_by(host).values()
        assert {**first, **dict.fromkeys(own)} == {**second, **dict.fromkeys(own)}

    def test_duplicate_has_a_title_and_a_slug_of_its_own(self, host: Host) -> None:
        original = EventTypeFactory(host=host, title="Intro", slug="intro", former_slugs=["old"])

        first, second = duplicate(event_type=original), duplicate(event_type=original)

        assert (first.title, first.slug, first.former_slugs) == ("Intro (copy)", "intro-copy", [])
        assert (second.title, second.slug) == ("Intro (copy)", "intro-copy-2")

    def test_duplicate_shortens_a_long_title(self, host: Host) -> None:
        copy = duplicate(event_type=EventTypeFactory(host=host, title="x" * 100))

        assert copy.title == "x" * 93 + " (copy)"

    def test_duplicate_copies_no_private_link(self, host: Host) -> None:
        original = EventTypeFactory(host=host)
        link = PrivateLinkFactory(event_type=original)

        copy = duplicate(event_type=original)

        assert copy.private_links.count() == 0
        assert not copy.private_links_enabled
        link.refresh_from_db()
        assert link.event_type == original

    def test_duplicate_stands_behind_the_original(self, host: Host) -> None:
        original, _other = EventTypeFactory(host=host, title="A"), EventTypeFactory(host=host, title="B")

        duplicate(event_type=original)

        assert titles(host) == ["A", "A (copy)", "B"]
