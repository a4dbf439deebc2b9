"""Choosing another time for a booking, by its invitee and by its host: the picker, and the question."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Party
from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import OTHER_START
from tests.bookings.queries import count_queries
from tests.bookings.queued_mails import queued_mails
from tests.bookings.requests_to_book import stored
from tests.bookings.reschedule_sides import FRIDAY, FRIDAY_AT_TEN, Side, booked, question, side
from tests.factories import BookingFactory

__all__ = ["booked", "side"]


# --- The picker ----------------------------------------------------------------------------------------------------


def test_picker_shows_the_former_time_and_other_ones(side: Side, booked: Booking) -> None:
    response = side.client.get(f"{side.page}?date={FRIDAY}")

    page = " ".join(response.text.split())
    assert "So far: Thursday 3 December 2026, 10:00 – 10:30" in page
    assert FRIDAY_AT_TEN in [time.start for time in response.context["picker"].times]
    assert f'<a class="back-link" href="{side.url}">' in page


def test_picker_offers_what_overlaps_the_former_time(side: Side, booked: Booking) -> None:
    EventType.objects.update(slot_interval_minutes=15)

    times = side.client.get(f"{side.page}?date=2026-12-03").context["picker"].times

    assert [time.start for time in times][3:6] == [
        "2026-12-03T08:45:00Z",
        "2026-12-03T09:00:00Z",
        "2026-12-03T09:15:00Z",
    ]


def test_picker_does_not_offer_the_times_of_other_meetings(side: Side, booked: Booking) -> None:
    BookingFactory(event_type=booked.event_type, starts_at=OTHER_START)

    times = side.client.get(f"{side.page}?date={FRIDAY}").context["picker"].times

    assert FRIDAY_AT_TEN not in [time.start for time in times]


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        pytest.param({"duration_options": [60]}, [], id="its own is offered"),
        pytest.param({"duration_minutes": 60, "duration_options": [30]}, [], id="its own is offered, too"),
        pytest.param(
            {"duration_minutes": 60, "duration_options": [45]}, ["45 min", "1 h"], id="its own is offered no more"
        ),
    ],
)
def test_picker_offers_durations_only_if_the_bookings_own_is_gone(
    side: Side, booked: Booking, changes: dict[str, object], offered: list[str]
) -> None:
    EventType.objects.update(**changes)

    picker = side.client.get(side.page).context["picker"]

    assert [choice.label for choice in picker.durations] == offered


@pytest.mark.parametrize("start", ["", f"?start={FRIDAY_AT_TEN}"])
def test_pages_show_no_hash_and_lead_to_nothing_else_of_the_host(
    side: Side, booked: Booking, link: PrivateLink, start: str
) -> None:
    page = side.client.get(f"{side.page}{start}").text

    assert link.hash not in page
    assert link.name not in page
    assert 'href="/ada/' not in page


@pytest.mark.parametrize(
    "changes", [{"visibility": Visibility.PRIVATE}, {"private_links_enabled": False}, {"slug": "other"}]
)
def test_times_are_there_whoever_could_book_them_now(side: Side, booked: Booking, changes: dict[str, object]) -> None:
    EventType.objects.update(**changes)

    assert side.client.get(side.page).status_code == 200
    assert side.client.post(side.page, question(side))["Location"] == side.url
    assert stored(booked).starts_at == OTHER_START


def test_invitee_reads_times_where_the_booking_says(booked: Booking) -> None:
    Booking.objects.update(invitee_time_zone="America/New_York")

    page = " ".join(Client().get(f"/booking/{booked.uid}/reschedule/").text.split())

    assert "So far: Thursday 3 December 2026, 04:00 – 04:30" in page


def test_nonsense_in_the_query_counts_as_missing(side: Side) -> None:
    response = side.client.get(f"{side.page}?month=9999-99&date=x&tz=Mars&start=soon&duration=-1&clock=13")

    assert response.status_code == 200
    assert response.context["picker"].times != []


# --- The question --------------------------------------------------------------------------------------------------


def test_question_says_what_happens(side: Side, booked: Booking) -> None:
    page = " ".join(side.client.get(f"{side.page}?start={FRIDAY_AT_TEN}").text.split())

    words = {
        Party.INVITEE: "Ada Host gets a mail. The former time is free again.",
        Party.HOST: "Iris Invitee gets a mail, and need not agree.",
    }
    assert words[side.party] in page
    assert "Friday 4 December 2026" in page


def test_invitee_reads_that_the_host_has_to_confirm_again(booked: Booking) -> None:
    EventType.objects.update(requires_confirmation=True)

    page = Client().get(f"/booking/{booked.uid}/reschedule/?start={FRIDAY_AT_TEN}").text

    assert "Ada Host has to confirm the new time first. The former one is free again at once." in page


def test_time_that_is_gone_leads_back_to_the_picker(side: Side, booked: Booking) -> None:
    BookingFactory(event_type=booked.event_type, starts_at=OTHER_START)

    response = side.client.get(f"{side.page}?start={FRIDAY_AT_TEN}")

    assert response.context["is_gone"] is True
    assert response.context["picker"].times != []


# --- Looking, secrets, queries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("start", ["", f"?start={FRIDAY_AT_TEN}"])
def test_looking_changes_nothing(side: Side, booked: Booking, method: str, start: str) -> None:
    before = Booking.objects.values().get()

    getattr(side.client, method)(f"{side.page}{start}")

    assert (Booking.objects.values().get(), queued_mails()) == (before, [])


def test_invitees_page_keeps_its_address_secret(booked: Booking, client: Client) -> None:
    nobodys = "/booking/00000000-0000-4000-8000-000000000000/reschedule/"

    answers = [client.get(address) for address in (f"/booking/{booked.uid}/reschedule/", nobodys)]

    assert [answer.status_code for answer in answers] == [200, 404]
    for answer in answers:
        assert [answer.headers[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")] == [
            "strict-origin",
            "noindex, nofollow",
            "private, no-store",
        ]


def test_picker_takes_four_queries_for_one_meeting_and_for_three(booked: Booking, client: Client) -> None:
    address = f"/booking/{booked.uid}/reschedule/"
    with CaptureQueriesContext(connection) as with_one:
        client.get(address)
    for number in (2, 3):
        BookingFactory(event_type=booked.event_type, starts_at=OTHER_START + timedelta(hours=number))

    with CaptureQueriesContext(connection) as with_three:
        client.get(address)

    # Booking with the clock, two of the hours, slots.
    assert (count_queries(with_one), count_queries(with_three)) == (4, 4)


def test_texts_are_text(booked: Booking, side: Side) -> None:
    script = "<script>alert(1)</script>"
    Booking.objects.update(title=f"{script}t", invitee_name=f"{script}i")

    pages = [side.client.get(f"{side.page}{start}").text for start in ("", f"?start={FRIDAY_AT_TEN}")]

    assert [script in page for page in pages] == [False, False]
