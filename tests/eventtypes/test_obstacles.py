"""The warning that nothing of an event type can be booked, on its tabs, with the reason and where to change it."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from eventtypes.models import BookingWindowKind, DateOverride, EventType, Host
from tests.factories import EventTypeFactory, ScheduleFactory

# A Tuesday.
NOW = "2026-12-01T08:00:00Z"
TABS = ["setup", "availability", "limits"]
DAYS = timedelta(days=1) // timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def dates(first: date, last: date) -> dict[str, Any]:
    return {
        "booking_window_kind": BookingWindowKind.DATES,
        "booking_window_starts_on": first,
        "booking_window_ends_on": last,
    }


def warning(client: Client, host: Host, event_type: EventType, tab: str = "limits") -> Any:
    client.force_login(host)
    return client.get(f"/event-types/{event_type.pk}/{tab}/").context["obstacle"]


@pytest.mark.parametrize("tab", TABS)
def test_tab_has_no_warning_while_something_can_be_booked(client: Client, host: Host, tab: str) -> None:
    assert warning(client, host, EventTypeFactory(host=host), tab) is None


@pytest.mark.parametrize("tab", TABS)
def test_tab_warns_with_reason_and_remedy(client: Client, host: Host, tab: str) -> None:
    event_type = EventTypeFactory(host=host, schedule=ScheduleFactory(host=host, rules=[]))
    client.force_login(host)

    page = client.get(f"/event-types/{event_type.pk}/{tab}/").text

    assert "<strong>Invitees see no times.</strong> The schedule has no hours in the next 24 months." in page
    assert f'<a class="inline-action" href="/availability/{event_type.schedule_id}/">Edit schedule</a>' in page
    assert "What invitees see next week" not in page


@pytest.mark.parametrize(
    ("settings", "reason", "field"),
    [
        (
            {"max_minutes_per_day": 29},
            "The total time per day is shorter than the meeting.",
            "id_max_minutes_per_day_0",
        ),
        (
            dates(date(2026, 11, 1), date(2026, 11, 30)),
            "The last date of the booking window has passed.",
            "id_booking_window_ends_on",
        ),
        (
            dates(date(2029, 1, 1), date(2029, 1, 31)),
            "The booking window begins more than 24 months from now.",
            "id_booking_window_starts_on",
        ),
        (
            {"booking_window_days": 2, "minimum_notice_minutes": 3 * DAYS},
            "The minimum notice is longer than what is left of the booking window.",
            "id_minimum_notice_minutes_0",
        ),
    ],
)
def test_warning_of_a_limit_leads_to_its_field(
    client: Client, host: Host, settings: dict[str, Any], reason: str, field: str
) -> None:
    event_type = EventTypeFactory(host=host, **settings)

    found = warning(client, host, event_type)

    assert (found.reason, found.remedy) == (reason, "Change the limit")
    assert found.url == f"/event-types/{event_type.pk}/limits/#{field}"
    assert f'id="{field}"' in client.get(f"/event-types/{event_type.pk}/limits/").text


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"duration_minutes": 540}, "No hours of the schedule are long enough for 9 hours."),
        (
            {"duration_minutes": 540, "duration_options": [500]},
            "No hours of the schedule are long enough for 500 or 540 minutes.",
        ),
        (
            {"booking_window_days": 1, "minimum_notice_minutes": DAYS},
            "The schedule has no hours between the minimum notice and the end of the booking window.",
        ),
    ],
)
def test_warning_of_hours_leads_to_the_schedule(
    client: Client, host: Host, settings: dict[str, Any], reason: str
) -> None:
    event_type = EventTypeFactory(host=host, **settings)
    DateOverride.objects.create(schedule=event_type.schedule, date=date(2026, 12, 2))

    found = warning(client, host, event_type)

    assert (found.reason, found.remedy) == (reason, "Edit schedule")
    assert found.url == f"/availability/{event_type.schedule_id}/"


def test_tab_has_no_warning_if_one_of_the_durations_can_be_booked(client: Client, host: Host) -> None:
    event_type = EventTypeFactory(host=host, duration_minutes=540, duration_options=[30])

    assert warning(client, host, event_type) is None
