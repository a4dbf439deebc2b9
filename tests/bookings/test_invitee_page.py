"""The invitee's page of a booking: its states in words, the calendar, and which changes it offers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingStatus, Party
from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START, booking_fields
from tests.bookings.invitees_booking import booking, cancel, page_of, through_link
from tests.bookings.queries import count_queries
from tests.clock import DatabaseClock
from tests.factories import BookingFactory

__all__ = ["booking", "through_link"]

pytestmark = pytest.mark.usefixtures("clock")

NOBODYS = "/booking/00000000-0000-4000-8000-000000000000/"


def test_booking_ahead_is_shown_in_the_invitees_zone(client: Client, booking: Booking) -> None:
    page = page_of(client, booking)

    assert "<h1>You are booked</h1>" in page
    assert "Thursday 3 December 2026<br>04:00 – 04:30<br>" in page
    assert '<option value="America/New_York" selected>America/New York</option>' in page
    assert "Discovery call" in page
    assert "Ada Host" in page
    assert '<a href="https://video.example.com/ada" rel="nofollow">' in page
    assert "See you &lt;b&gt;there&lt;/b&gt;." in page
    assert "A confirmation goes to iris@example.com." in page


@pytest.mark.parametrize(
    ("query", "when", "zone"),
    [
        ("", "Thursday 3 December 2026<br>04:00 – 04:30<br>", "America/New_York"),
        ("?tz=Asia/Tokyo", "Thursday 3 December 2026<br>18:00 – 18:30<br>", "Asia/Tokyo"),
        ("?tz=Pacific/Kiritimati", "Thursday 3 December 2026<br>23:00 – 23:30<br>", "Pacific/Kiritimati"),
        ("?tz=Asia/Calcutta", "Thursday 3 December 2026<br>14:30 – 15:00<br>", "Asia/Kolkata"),
        ("?tz=Nowhere", "Thursday 3 December 2026<br>04:00 – 04:30<br>", "America/New_York"),
        ("?tz=Factory", "Thursday 3 December 2026<br>04:00 – 04:30<br>", "America/New_York"),
        ("?tz=%00", "Thursday 3 December 2026<br>04:00 – 04:30<br>", "America/New_York"),
    ],
)
def test_times_can_be_read_in_another_zone(client: Client, booking: Booking, query: str, when: str, zone: str) -> None:
    page = page_of(client, booking, query)

    assert when in page
    assert page.count(" selected>") == 1
    assert f'<option value="{zone}" selected>' in page


def test_zone_that_was_looked_at_is_kept_nowhere(client: Client, booking: Booking) -> None:
    answer = client.get(f"/booking/{booking.uid}/?tz=Asia/Tokyo")

    assert answer.cookies == {}
    assert "04:00 – 04:30" in page_of(client, booking)


def test_booking_ahead_can_be_put_into_calendars_and_cancelled(client: Client, booking: Booking) -> None:
    page = page_of(client, booking)

    assert f'href="/booking/{booking.uid}/event.ics"' in page
    assert 'href="https://calendar.google.com/calendar/render?' in page
    assert 'href="https://outlook.live.com/calendar/0/deeplink/compose?' in page
    assert 'href="https://calendar.yahoo.com/?' in page
    assert f'href="/booking/{booking.uid}/cancel/"' in page


@pytest.mark.parametrize(
    ("after_start", "words"),
    [
        (timedelta(0), "<h1>This meeting has begun</h1>"),
        (timedelta(minutes=29), "It can no longer be changed here."),
        (timedelta(minutes=30), "<h1>This meeting is over</h1>"),
    ],
)
def test_booking_that_has_begun_says_so(
    client: Client, booking: Booking, database_clock: DatabaseClock, after_start: timedelta, words: str
) -> None:
    database_clock.set(START + after_start)

    page = page_of(client, booking)

    assert words in page
    assert "/cancel/" not in page


@pytest.mark.parametrize(
    ("party", "words"), [(Party.INVITEE, "You have cancelled it."), (Party.HOST, "Ada Host has cancelled it.")]
)
def test_cancelled_booking_says_who_did_it(client: Client, booking: Booking, party: Party, words: str) -> None:
    Booking.objects.update(status=BookingStatus.CANCELLED, cancelled_at=NOW, cancelled_by=party)

    page = page_of(client, booking)

    assert "<h1>This meeting is cancelled</h1>" in page
    assert words in page
    assert "event.ics" not in page


@pytest.mark.parametrize(("visibility", "is_offered"), [("public", True), ("unlisted", True), ("private", False)])
def test_book_again_leads_to_open_event_types_only(
    client: Client, through_link: Booking, visibility: str, is_offered: bool
) -> None:
    EventType.objects.update(visibility=Visibility(visibility))
    cancel(client, through_link)

    page = page_of(client, through_link)

    assert ('href="/ada/discovery-call/"' in page) == is_offered


@pytest.mark.parametrize("path", ["", "cancel/", "reschedule/", "event.ics"])
def test_pages_do_not_show_the_hash(client: Client, through_link: Booking, path: str) -> None:
    link = PrivateLink.objects.get()

    page = page_of(client, through_link, path)

    assert link.hash not in page
    assert link.name not in page


def test_calendar_file_is_handed_out(client: Client, booking: Booking) -> None:
    answer = client.get(f"/booking/{booking.uid}/event.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="event.ics"'
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("path", ["", "cancel/", "reschedule/", "event.ics"])
def test_unknown_booking_is_the_404_page(client: Client, path: str) -> None:
    answer = client.get(f"{NOBODYS}{path}")

    assert answer.status_code == 404
    assert "<h1>Page not found</h1>" in answer.text


@pytest.mark.parametrize("path", ["", "cancel/", "reschedule/", "event.ics"])
def test_pages_keep_the_address_secret(client: Client, booking: Booking, path: str) -> None:
    for address in (f"/booking/{booking.uid}/{path}", f"{NOBODYS}{path}"):
        headers = client.get(address).headers

        assert [headers[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")] == [
            "strict-origin",
            "noindex, nofollow",
            "private, no-store",
        ]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(client: Client, booking: Booking, method: str) -> None:
    before = Booking.objects.values().get()

    for path in ("", "cancel/", "reschedule/", "event.ics"):
        getattr(client, method)(f"/booking/{booking.uid}/{path}")

    assert Booking.objects.values().get() == before


@pytest.mark.parametrize("path", ["", "cancel/", "event.ics"])
def test_page_takes_one_query(client: Client, through_link: Booking, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/booking/{through_link.uid}/{path}")

    assert count_queries(queries) == 1


def test_texts_are_text(client: Client, event_type: EventType) -> None:
    script = "<script>alert(1)</script>"
    booking = BookingFactory(
        event_type=event_type,
        title=f"{script}t",
        location=f"{script}l",
        notes=f"{script}n",
        invitee_name=f"{script}i",
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
    )

    assert script not in page_of(client, booking)
    assert script not in page_of(client, booking, "cancel/")


# --- Waiting for the host, and changes that invitees may not make --------------------------------------------------


def test_request_says_that_it_waits_and_offers_no_calendar(client: Client, booking: Booking) -> None:
    Booking.objects.update(status=BookingStatus.PENDING, confirmed_at=None)

    page = page_of(client, booking)

    assert "<h1>Waiting for confirmation</h1>" in page
    assert "The time is kept for you until Ada Host answers. The answer goes to iris@example.com." in page
    assert "event.ics" not in page
    assert f'href="/booking/{booking.uid}/cancel/"' in page
    assert f'href="/booking/{booking.uid}/reschedule/"' in page


def test_declined_request_says_why(client: Client, booking: Booking) -> None:
    Booking.objects.update(
        status=BookingStatus.DECLINED,
        confirmed_at=None,
        declined_at=NOW,
        declined_by=Party.HOST,
        reason="Away.\n<b>Sorry</b>",
    )

    page = page_of(client, booking)

    assert "<h1>This meeting is declined</h1>" in page
    assert "Away.\n&lt;b&gt;Sorry&lt;/b&gt;" in page
    assert 'href="/ada/discovery-call/"' in page
    assert "event.ics" not in page
    assert "/cancel/" not in page
    assert "/reschedule/" not in page


@pytest.mark.parametrize(
    "changes", [{"status": "declined", "declined_at": START}, {"status": "pending"}], ids=["declined", "not yet"]
)
def test_request_that_nobody_answered_says_so(
    client: Client, booking: Booking, database_clock: DatabaseClock, changes: dict[str, object]
) -> None:
    Booking.objects.update(confirmed_at=None, **changes)
    database_clock.set(START)

    page = page_of(client, booking)

    assert "<h1>This meeting does not take place</h1>" in page
    assert "Ada Host has not confirmed it in time." in page
    assert "/cancel/" not in page


def test_form_says_that_the_host_has_to_confirm(client: Client, event_type: EventType) -> None:
    EventType.objects.update(requires_confirmation=True)

    page = client.get("/ada/discovery-call/?start=2026-12-03T09:00:00Z").text

    assert "Ada Host has to confirm the booking. Until then the time is kept for you." in page


def test_booking_what_needs_confirmation_leads_to_a_page_that_waits(client: Client, link: PrivateLink) -> None:
    EventType.objects.update(requires_confirmation=True)

    page = client.post(link.get_absolute_url(), booking_fields(), follow=True).text

    assert "<h1>Waiting for confirmation</h1>" in page
    assert PrivateLink.objects.get().usage_count == 1


@pytest.mark.parametrize(
    ("changes", "words", "paths"),
    [
        ({"invitees_may_cancel": False}, ["It cannot be cancelled here. Please ask Ada Host."], ["reschedule/"]),
        ({"invitees_may_reschedule": False}, ["It cannot be rescheduled here. Please ask Ada Host."], ["cancel/"]),
        (
            {"change_notice_hours": 49},
            [
                "It could be rescheduled here until 49 hours before. Please ask Ada Host.",
                "It could be cancelled here until 49 hours before. Please ask Ada Host.",
            ],
            [],
        ),
        ({"change_notice_hours": 48}, [], ["reschedule/", "cancel/"]),
    ],
)
def test_page_offers_what_the_event_type_allows_and_says_what_it_does_not(
    client: Client, booking: Booking, changes: dict[str, object], words: list[str], paths: list[str]
) -> None:
    EventType.objects.update(**changes)

    response = client.get(f"/booking/{booking.uid}/")

    offered = [path for path in ("reschedule/", "cancel/") if f'href="/booking/{booking.uid}/{path}"' in response.text]
    assert (response.context["why_not"], offered) == (words, paths)
    assert [word for word in words if word not in response.text] == []
