"""What the database itself refuses about event types, each rule in SQL and in the form that words it."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from eventtypes.models import BookingWindowKind, EventType
from tests.factories import EventTypeFactory

pytestmark = pytest.mark.django_db

DURATION = "The duration must be from 1 minute to 24 hours."
REMINDERS = "A reminder must be from 1 minute to 28 days before."
OTHER_DURATIONS = "Each duration must be from 1 minute to 24 hours."
INTERVAL = "The slot interval must be from 1 minute to 24 hours."
WINDOW = "The booking window must be from 1 day to two years."
DATES = "Give both dates, the last one not before the first."
LIMIT = "A limit must be at least 1."
TIME_LIMIT = "The total time per day must be from 1 minute to 24 hours."


def dates(first: date | None, last: date | None) -> dict[str, Any]:
    return {
        "booking_window_kind": BookingWindowKind.DATES,
        "booking_window_starts_on": first,
        "booking_window_ends_on": last,
    }


@pytest.mark.parametrize(
    ("values", "constraint", "message"),
    [
        ({"slug": "In tro"}, "slug_well_formed", "Use small letters, digits and hyphens in the URL."),
        ({"change_notice_hours": 8785}, "change_notice_possible", "The notice for changes must be at most 366 days."),
        ({"duration_minutes": 0}, "duration_possible", DURATION),
        ({"duration_minutes": 1441}, "duration_possible", DURATION),
        ({"duration_options": [15, 0]}, "other_durations_possible", OTHER_DURATIONS),
        ({"duration_options": [1441, 15]}, "other_durations_possible", OTHER_DURATIONS),
        ({"duration_options": [*range(1, 12)]}, "other_durations_few", "At most 10 other durations are possible."),
        ({"reminder_minutes": [60, 0]}, "reminders_possible", REMINDERS),
        ({"reminder_minutes": [40321, 60]}, "reminders_possible", REMINDERS),
        ({"reminder_minutes": [1, 2, 3, 4]}, "reminders_few", "At most 3 reminders are possible."),
        ({"minimum_notice_minutes": 527041}, "notice_possible", "The minimum notice must be at most a year."),
        ({"buffer_before_minutes": 1441}, "buffers_possible", "A buffer must be at most 24 hours."),
        ({"buffer_after_minutes": 1441}, "buffers_possible", "A buffer must be at most 24 hours."),
        ({"slot_interval_minutes": 0}, "slot_interval_possible", INTERVAL),
        ({"slot_interval_minutes": 1441}, "slot_interval_possible", INTERVAL),
        ({"booking_window_days": 0}, "booking_window_possible", WINDOW),
        ({"booking_window_days": 732}, "booking_window_possible", WINDOW),
        (dates(None, date(2026, 12, 24)), "booking_window_dates_in_order", DATES),
        (dates(date(2026, 12, 1), None), "booking_window_dates_in_order", DATES),
        (dates(date(2026, 12, 24), date(2026, 12, 23)), "booking_window_dates_in_order", DATES),
        ({"max_bookings_per_day": 0}, "booking_limits_positive", LIMIT),
        ({"max_bookings_per_week": 0}, "booking_limits_positive", LIMIT),
        ({"max_bookings_per_month": 0}, "booking_limits_positive", LIMIT),
        ({"max_minutes_per_day": 0}, "time_limit_possible", TIME_LIMIT),
        ({"max_minutes_per_day": 1441}, "time_limit_possible", TIME_LIMIT),
    ],
)
def test_event_type_constraint_refuses(values: dict[str, Any], constraint: str, message: str) -> None:
    event_type = EventTypeFactory()

    assert refused_by(event_type, values) == f"event_type_{constraint}"
    for name, value in values.items():
        setattr(event_type, name, value)
    with pytest.raises(ValidationError) as refused:
        event_type.validate_constraints()
    assert refused.value.messages == [message]


def test_event_type_slug_unique_per_host() -> None:
    event_type = EventTypeFactory()
    other = EventTypeFactory(host=event_type.host)
    EventTypeFactory(slug=event_type.slug)

    assert refused_by(other, {"slug": event_type.slug}) == "event_type_slug_unique_per_host"
    other.slug = event_type.slug
    with pytest.raises(ValidationError, match="Another event type of yours has this URL"):
        other.validate_constraints()


@pytest.mark.parametrize(
    "values",
    [
        {"duration_options": []},
        {"duration_options": [1, 1440]},
        {"duration_options": [*range(1, 11)]},
        dates(date(2026, 12, 24), date(2026, 12, 24)),
    ],
)
def test_event_type_constraints_admit(values: dict[str, Any]) -> None:
    event_type = EventTypeFactory(**values)

    event_type.validate_constraints()


def refused_by(event_type: EventType, values: dict[str, Any]) -> str:
    """Store the values, and return the name of the constraint that refuses them."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        EventType.objects.filter(pk=event_type.pk).update(**values)
    cause = caught.value.__cause__
    return str(cause.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's error
