"""Choosing another time for a booking, by its invitee and by its host: the picker, the question, what comes of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingStatus, Party
from bookings.services.cancelling import cancel_by_host
from bookings.services.confirming import decline_booking
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from privatelinks.services.event_types import delete_event_type
from tests.bookings.booking_forms import START
from tests.bookings.queries import count_queries
from tests.bookings.queued_mails import queued_mails
from tests.bookings.requests_to_book import booked_through, requested_through
from tests.clock import DatabaseClock
from tests.factories import BookingFactory
from tests.privatelinks.forms_of_a_page import fields_of

OTHER_START = START + timedelta(days=1)
FRIDAY, FRIDAY_AT_TEN = "2026-12-04", "2026-12-04T09:00:00Z"
THURSDAY_AT_TEN = "2026-12-03T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Side:
    """A browser of one of the two sides, and its own address of the booking."""

    party: Party
    client: Client
    url: str

    @property
    def page(self) -> str:
        return f"{self.url}reschedule/"


@pytest.fixture
def booked(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A confirmed booking for Thursday at ten in Berlin; the link is used up by it."""
    return booked_through(link, database_clock)


@pytest.fixture(params=[Party.INVITEE, Party.HOST])
def side(request: pytest.FixtureRequest, booked: Booking) -> Side:
    """Each side in turn."""
    if request.param == Party.INVITEE:
        return Side(Party.INVITEE, Client(), f"/booking/{booked.uid}/")
    client = Client()
    client.force_login(booked.host)
    return Side(Party.HOST, client, f"/bookings/{booked.uid}/")


def stored(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def question(side: Side, start: str = FRIDAY_AT_TEN) -> dict[str, str]:
    """Choose the time and return the fields of the form that asks."""
    return fields_of(side.client.get(f"{side.page}?start={start}").text, having="sequence")


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


# --- What comes of it ----------------------------------------------------------------------------------------------


def test_answer_moves_the_booking_and_leads_to_it(side: Side, booked: Booking, link: PrivateLink) -> None:
    answer = side.client.post(side.page, question(side))

    link.refresh_from_db()
    booking = stored(booked)
    assert (answer.status_code, answer["Location"]) == (302, side.url)
    assert (booking.starts_at, booking.uid, booking.ics_sequence, link.usage_count) == (OTHER_START, booked.uid, 1, 1)
    assert (booking.status, booking.moves.get().by) == (BookingStatus.CONFIRMED, side.party)
    assert queued_mails(booked) == [("rescheduled", "host"), ("rescheduled", "invitee")]


def test_host_is_told_and_sees_it_in_the_history(booked: Booking, host_client: Client) -> None:
    side = Side(Party.HOST, host_client, f"/bookings/{booked.uid}/")

    response = host_client.post(side.page, question(side), follow=True)

    page = " ".join(response.text.split())
    assert "The booking is rescheduled. Iris Invitee gets a mail." in page
    assert "before: Thursday 3 December 2026, 10:00 – 10:30" in page


def test_host_who_chooses_the_time_that_is_asked_for_accepts_it(
    link: PrivateLink, database_clock: DatabaseClock, host_client: Client
) -> None:
    requested = requested_through(link, database_clock)
    side = Side(Party.HOST, host_client, f"/bookings/{requested.uid}/")
    fields = question(side, THURSDAY_AT_TEN)

    first, again = [host_client.post(side.page, fields, follow=True).text for _click in range(2)]

    assert "The booking is accepted. Iris Invitee gets a mail." in first
    assert "The booking has that time already." in again
    booking = stored(requested)
    assert (booking.status, booking.starts_at, booking.ics_sequence) == (BookingStatus.CONFIRMED, START, 1)
    assert queued_mails(requested) == [("confirmed", "host"), ("confirmed", "invitee")]
    assert not booking.moves.exists()


def test_host_who_has_not_seen_the_last_move_does_not_accept_it(
    link: PrivateLink, database_clock: DatabaseClock, host_client: Client
) -> None:
    requested = requested_through(link, database_clock)
    side = Side(Party.HOST, host_client, f"/bookings/{requested.uid}/")
    fields = question(side)
    reschedule_by_invitee(booking=requested, starts_at=OTHER_START)

    response = host_client.post(side.page, fields)

    assert response.status_code == 409
    assert stored(requested).status == BookingStatus.PENDING


def test_host_who_chooses_the_time_that_it_has_is_told_so(booked: Booking, host_client: Client) -> None:
    side = Side(Party.HOST, host_client, f"/bookings/{booked.uid}/")

    page = host_client.post(side.page, question(side, THURSDAY_AT_TEN), follow=True).text

    assert "The booking has that time already." in page
    assert "The booking is rescheduled." not in page
    assert queued_mails(booked) == []


def test_invitee_who_moves_what_hosts_confirm_sees_that_it_waits(booked: Booking) -> None:
    EventType.objects.update(requires_confirmation=True)
    client = Client()
    side = Side(Party.INVITEE, client, f"/booking/{booked.uid}/")

    page = client.post(side.page, question(side), follow=True).text

    assert "<h1>Waiting for confirmation</h1>" in page
    assert stored(booked).status == BookingStatus.PENDING


def test_same_form_moves_the_booking_once_however_often_it_is_sent(
    side: Side, booked: Booking, link: PrivateLink
) -> None:
    fields = question(side)

    answers = {side.client.post(side.page, fields)["Location"] for _time in range(5)}

    link.refresh_from_db()
    assert answers == {side.url}
    assert (Booking.objects.count(), stored(booked).ics_sequence, link.usage_count) == (1, 1, 1)
    assert len(queued_mails(booked)) == 2


def test_form_of_before_another_change_asks_again(side: Side, booked: Booking) -> None:
    fields = question(side)
    reschedule_by_host(booking=booked, starts_at=START + timedelta(hours=2))

    answer = side.client.post(side.page, fields)

    assert answer.status_code == 409
    assert "The booking has been changed since you chose a time." in answer.text
    assert fields_of(answer.text, having="sequence")["sequence"] == "1"
    assert stored(booked).starts_at == START + timedelta(hours=2)
    again = side.client.post(side.page, fields_of(answer.text, having="sequence"))
    assert (again["Location"], stored(booked).starts_at) == (side.url, OTHER_START)


def test_time_that_was_taken_meanwhile_is_answered_with_other_ones(side: Side, booked: Booking) -> None:
    fields = question(side)
    BookingFactory(event_type=booked.event_type, starts_at=OTHER_START)

    answer = side.client.post(side.page, fields)

    assert answer.status_code == 409
    others = answer.context["page"].others
    assert others.is_gone
    assert FRIDAY_AT_TEN not in [time.start for time in others.times]
    again = side.client.post(side.page, fields | {"start": others.times[0].start})
    assert again["Location"] == side.url


@pytest.mark.parametrize(
    "changes",
    [{"start": ""}, {"start": "soon"}, {"sequence": "x"}, {"sequence": "-1"}, {"duration": "0"}, {"duration": "\x00"}],
)
def test_form_that_makes_no_sense_is_refused(side: Side, booked: Booking, changes: dict[str, str]) -> None:
    answer = side.client.post(side.page, question(side) | changes)

    assert answer.status_code == 422
    assert list(answer.context["page"].form.errors) == list(changes)
    assert stored(booked).ics_sequence == 0


@pytest.mark.parametrize("changes", [{"duration": "1440"}, {"start": "2026-12-06T09:00:00Z"}])
def test_form_that_was_made_up_is_refused(side: Side, booked: Booking, changes: dict[str, str]) -> None:
    answer = side.client.post(side.page, question(side) | changes)

    assert (answer.status_code, stored(booked).ics_sequence) == (409, 0)


@pytest.mark.parametrize("end", ["cancelled", "begun", "deleted"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_booking_that_cannot_be_moved_leads_back(
    side: Side, booked: Booking, database_clock: DatabaseClock, end: str, method: str
) -> None:
    fields = question(side)
    if end == "cancelled":
        cancel_by_host(booking=booked, gives_use_back=False)
    elif end == "begun":
        database_clock.set(START)
    else:
        delete_event_type(event_type=EventType.objects.get())

    answer = getattr(side.client, method)(side.page, fields)

    assert (answer.status_code, answer["Location"]) == (302, side.url)
    assert stored(booked).starts_at == START


def test_host_is_told_why_it_cannot_be_moved(booked: Booking, host_client: Client) -> None:
    side = Side(Party.HOST, host_client, f"/bookings/{booked.uid}/")
    fields = question(side)
    cancel_by_host(booking=booked, gives_use_back=False)

    assert "The booking is cancelled." in host_client.post(side.page, fields, follow=True).text


def test_declined_request_cannot_be_moved(link: PrivateLink, database_clock: DatabaseClock, client: Client) -> None:
    requested = requested_through(link, database_clock)
    decline_booking(booking=requested)

    answer = client.post(f"/booking/{requested.uid}/reschedule/", {"start": FRIDAY_AT_TEN, "sequence": "1"})

    assert (answer["Location"], stored(requested).status) == (f"/booking/{requested.uid}/", BookingStatus.DECLINED)


@pytest.mark.parametrize("changes", [{"invitees_may_reschedule": False}, {"change_notice_hours": 49}])
def test_invitee_may_be_kept_from_it_but_not_the_host(side: Side, booked: Booking, changes: dict[str, object]) -> None:
    fields = question(side)
    EventType.objects.update(**changes)

    answers = [side.client.get(side.page).status_code, side.client.post(side.page, fields).status_code]

    is_invitee = side.party == Party.INVITEE
    assert answers == [302 if is_invitee else 200, 302]
    assert stored(booked).starts_at == (START if is_invitee else OTHER_START)


# --- Looking, secrets, queries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("start", ["", f"?start={FRIDAY_AT_TEN}"])
def test_looking_changes_nothing(side: Side, booked: Booking, method: str, start: str) -> None:
    before = Booking.objects.values().get()

    getattr(side.client, method)(f"{side.page}{start}")

    assert (Booking.objects.values().get(), queued_mails()) == (before, [])


def test_moving_needs_a_token(booked: Booking) -> None:
    fields = {"start": FRIDAY_AT_TEN, "sequence": "0"}

    answer = Client(enforce_csrf_checks=True).post(f"/booking/{booked.uid}/reschedule/", fields)

    assert (answer.status_code, stored(booked).ics_sequence) == (403, 0)


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
