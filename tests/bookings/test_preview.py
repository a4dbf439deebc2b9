"""What invitees see next week, shown to the host: the same times as in the picker."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.views.preview import PreviewDay
from eventtypes.models import BookingWindowKind, EventType, Schedule
from tests.bookings.queries import count_queries
from tests.factories import BookingFactory, EventTypeFactory

pytestmark = pytest.mark.usefixtures("clock")

NOTHING = "Invitees see no times."


def preview(client: Client, event_type: EventType, query: str = "") -> Any:
    return client.get(f"/event-types/{event_type.pk}/preview/{query}")


def days_of(client: Client, event_type: EventType, query: str = "") -> dict[date, list[str]]:
    """Return the times of each day that is shown."""
    days: list[PreviewDay] = preview(client, event_type, query).context["days"]
    return {day.date: day.times + day.more_times for day in days}


def keep_busy(event_type: EventType, first: date, last: date) -> None:
    """Let a meeting last from the first through the last day."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC)
    BookingFactory(event_type=event_type, starts_at=start, ends_at=end)


def test_preview_leads_visitors_to_the_log_in(client: Client, event_type: EventType) -> None:
    path = f"/event-types/{event_type.pk}/preview/"

    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_preview_of_another_host_is_not_found(host_client: Client) -> None:
    assert preview(host_client, EventTypeFactory()).status_code == 404


def test_preview_takes_no_post(host_client: Client, event_type: EventType) -> None:
    assert host_client.post(f"/event-types/{event_type.pk}/preview/").status_code == 405


def test_preview_is_never_kept_by_a_browser(host_client: Client, event_type: EventType) -> None:
    assert "no-store" in preview(host_client, event_type)["Cache-Control"]


def test_preview_shows_seven_days_from_today(host_client: Client, event_type: EventType) -> None:
    days = days_of(host_client, event_type)

    assert list(days) == [date(2026, 12, day) for day in range(1, 8)]
    assert days[date(2026, 12, 1)][:2] == ["09:30", "10:00"]
    assert (days[date(2026, 12, 2)][0], days[date(2026, 12, 2)][-1]) == ("09:00", "16:30")
    assert (days[date(2026, 12, 5)], days[date(2026, 12, 6)]) == ([], [])


def test_preview_is_in_the_schedules_zone(host_client: Client, event_type: EventType) -> None:
    Schedule.objects.update(time_zone="Pacific/Auckland")

    page = preview(host_client, event_type)

    assert "Times are in Pacific/Auckland." in page.text
    assert days_of(host_client, event_type)[date(2026, 12, 2)][0] == "09:00"


def test_preview_leaves_out_what_is_booked(host_client: Client, event_type: EventType) -> None:
    start = datetime(2026, 12, 2, 8, tzinfo=UTC)
    BookingFactory(event_type=event_type, starts_at=start, ends_at=start + timedelta(hours=1))

    assert days_of(host_client, event_type)[date(2026, 12, 2)][0] == "10:00"


def test_preview_shows_a_few_times_of_a_day_and_folds_out_the_others(
    host_client: Client, event_type: EventType
) -> None:
    page = preview(host_client, event_type)

    day = page.context["days"][1]
    assert (day.times, len(day.more_times)) == (["09:00", "09:30", "10:00", "10:30"], 12)
    assert "12 more<" in page.text


def test_preview_is_of_the_default_duration_or_the_one_asked_for(host_client: Client, event_type: EventType) -> None:
    EventType.objects.update(duration_options=[240])

    by_default, asked = days_of(host_client, event_type), days_of(host_client, event_type, "?duration=240")

    assert by_default[date(2026, 12, 2)][1] == "09:30"
    assert asked[date(2026, 12, 2)] == ["09:00", "13:00"]
    assert days_of(host_client, event_type, "?duration=45") == by_default


def test_preview_without_times_next_week_shows_the_first_ones_after_it(
    host_client: Client, event_type: EventType
) -> None:
    keep_busy(event_type, date(2026, 12, 1), date(2026, 12, 9))

    page = preview(host_client, event_type)

    assert "There are no times in the next seven days. These are the first ones after that." in page.text
    assert [day.date for day in page.context["days"]] == [date(2026, 12, day) for day in range(10, 17)]


def test_preview_says_that_everything_is_booked(host_client: Client, event_type: EventType) -> None:
    keep_busy(event_type, date(2026, 12, 1), date(2027, 3, 31))

    page = preview(host_client, event_type).text

    assert NOTHING in page
    assert "Everything up to the end of the booking window is booked, or as much as the limits allow." in page


def test_preview_says_why_nothing_can_be_booked(host_client: Client, event_type: EventType) -> None:
    EventType.objects.update(
        booking_window_kind=BookingWindowKind.DATES,
        booking_window_starts_on=date(2026, 11, 1),
        booking_window_ends_on=date(2026, 11, 30),
    )

    page = preview(host_client, event_type).text

    assert NOTHING in page
    assert "The last date of the booking window has passed." in page


def test_preview_says_for_which_duration_the_hours_are_too_short(host_client: Client, event_type: EventType) -> None:
    EventType.objects.update(duration_options=[540])

    page = preview(host_client, event_type, "?duration=540").text

    assert "No hours of the schedule are long enough for 9 hours." in page


@pytest.mark.parametrize("number", [1, 3])
def test_preview_takes_eight_queries(host_client: Client, event_type: EventType, number: int) -> None:
    BookingFactory.create_batch(number, event_type=event_type)

    with CaptureQueriesContext(connection) as captured:
        preview(host_client, event_type)

    # Session, user, event type, clock; windows, overrides; the first time and then the week's.
    assert count_queries(captured) == 8


@pytest.mark.parametrize("tab", ["availability", "limits"])
def test_tabs_lead_to_the_preview(host_client: Client, event_type: EventType, tab: str) -> None:
    page = host_client.get(f"/event-types/{event_type.pk}/{tab}/").text

    assert f'href="/event-types/{event_type.pk}/preview/"' in page
