"""The form that reschedules a booking, sent by its invitee or its host: what comes of it, and when it is refused."""

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Booking, BookingStatus, Party
from bookings.services.cancelling import cancel_by_host
from bookings.services.confirming import decline_booking
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from privatelinks.services.event_types import delete_event_type
from tests.bookings.booking_forms import OTHER_START, START
from tests.bookings.queued_mails import queued_mails
from tests.bookings.requests_to_book import requested_through, stored
from tests.bookings.reschedule_sides import FRIDAY_AT_TEN, Side, booked, question, side
from tests.clock import DatabaseClock
from tests.factories import BookingFactory
from tests.privatelinks.forms_of_a_page import fields_of

__all__ = ["booked", "side"]

THURSDAY_AT_TEN = "2026-12-03T09:00:00Z"


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


def test_moving_needs_a_token(booked: Booking) -> None:
    fields = {"start": FRIDAY_AT_TEN, "sequence": "0"}

    answer = Client(enforce_csrf_checks=True).post(f"/booking/{booked.uid}/reschedule/", fields)

    assert (answer.status_code, stored(booked).ics_sequence) == (403, 0)
