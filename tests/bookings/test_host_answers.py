"""A host's answers to requests: the list of those that wait, accepting, and declining with a reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingStatus, Party
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_unanswered_bookings
from bookings.services.rescheduling import reschedule_by_invitee
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queries import count_queries
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.bookings.requests_to_book import requested_through, stored
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, EventTypeFactory
from tests.privatelinks.forms_of_a_page import fields_of

DAY = timedelta(days=1)
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def requested(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A booking that waits for the host; the link is used up by it."""
    return requested_through(link, database_clock)


def page_of(client: Client, booking: Booking, path: str = "") -> str:
    return " ".join(client.get(f"/bookings/{booking.uid}/{path}").text.split())


def said_after(client: Client, booking: Booking, path: str, **fields: str) -> str:
    """Send the form and return the page that it leads to."""
    response = client.post(f"/bookings/{booking.uid}/{path}", fields, follow=True)
    assert response.redirect_chain == [(f"/bookings/{booking.uid}/", 302)]
    return " ".join(response.text.split())


# --- What waits ----------------------------------------------------------------------------------------------------


def test_pending_bookings_have_a_list_of_their_own(host_client: Client, requested: Booking) -> None:
    BookingFactory(event_type=requested.event_type, starts_at=START + DAY, invitee_name="Confirmed")

    response = host_client.get("/bookings/pending/")

    assert [meeting.booking for day in response.context["days"] for meeting in day.meetings] == [requested]
    assert [(tab.label, tab.count) for tab in response.context["tabs"]] == [
        ("Upcoming", None),
        ("Pending", 1),
        ("Past", None),
        ("Cancelled", None),
    ]


def test_list_offers_both_answers(host_client: Client, requested: Booking) -> None:
    page = host_client.get("/bookings/pending/").text

    assert f'<form method="post" action="/bookings/{requested.uid}/accept/">' in page
    assert f'href="/bookings/{requested.uid}/decline/"' in page


def test_list_without_requests_says_so(host_client: Client, event_type: EventType) -> None:
    page = host_client.get("/bookings/pending/").text

    assert "Nothing waits for you" in page
    assert 'class="tab-count"' not in page


def test_other_hosts_requests_are_not_counted(host_client: Client) -> None:
    BookingFactory(event_type=EventTypeFactory(), status=BookingStatus.PENDING)

    response = host_client.get("/bookings/pending/")

    assert response.context["days"] == []
    assert response.context["tabs"][1].count is None


def test_page_of_a_request_offers_both_answers_and_says_what_happens_without(
    host_client: Client, requested: Booking
) -> None:
    page = page_of(host_client, requested)

    assert "Iris Invitee waits for your answer" in page
    assert "If it comes without an answer, the booking is declined." in page
    assert f'<form method="post" action="/bookings/{requested.uid}/accept/">' in page
    assert f'<form class="dialog-body" method="post" action="/bookings/{requested.uid}/decline/" novalidate>' in page
    assert "“For Grace” gets its use back." in page
    assert "Cancel booking" not in page


def test_page_of_a_moved_request_says_when_it_was_before(host_client: Client, requested: Booking) -> None:
    confirm_booking(booking=requested)
    reschedule_by_invitee(booking=requested, starts_at=START + DAY)

    page = page_of(host_client, requested)

    assert "It is about a new time. The former one was Thursday 3 December 2026, 10:00 – 10:30." in page
    assert 'by Iris Invitee <br><span class="muted">before: Thursday 3 December 2026, 10:00 – 10:30</span>' in page


def test_request_whose_time_has_come_can_only_be_declined(
    host_client: Client, requested: Booking, database_clock: DatabaseClock
) -> None:
    database_clock.set(START)

    page = page_of(host_client, requested)

    assert "The time has come, so it can only be declined." in page
    assert "/accept/" not in page
    assert "/decline/" in page


def test_page_takes_as_many_queries_for_a_request_that_was_moved_often(host_client: Client, requested: Booking) -> None:
    for number in range(1, 4):
        reschedule_by_invitee(booking=requested, starts_at=START + number * DAY / 48)

    with CaptureQueriesContext(connection) as queries:
        host_client.get(f"/bookings/{requested.uid}/")

    # Session, host, booking, moves, clock, history, mails that could not be delivered.
    assert count_queries(queries) == 7


# --- Accepting -----------------------------------------------------------------------------------------------------


def test_accepting_confirms_and_says_so(host_client: Client, requested: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(NOW + DAY)

    page = said_after(host_client, requested, "accept/")

    assert "The booking is accepted. Iris Invitee gets a mail." in page
    assert stored(requested).status == BookingStatus.CONFIRMED
    assert queued_mails(requested) == [("confirmed", "host"), ("confirmed", "invitee")]
    assert "<dt>Confirmed</dt> <dd> Wednesday 2 December 2026, 09:00, by you" in page


def test_accepting_twice_says_so(host_client: Client, requested: Booking) -> None:
    said_after(host_client, requested, "accept/")

    assert "The booking was accepted before." in said_after(host_client, requested, "accept/")
    assert stored(requested).ics_sequence == 1


def test_accepting_what_was_withdrawn_is_refused(host_client: Client, requested: Booking) -> None:
    cancel_by_invitee(booking=requested)

    page = said_after(host_client, requested, "accept/")

    assert "The booking is cancelled." in page
    assert stored(requested).status == BookingStatus.CANCELLED


@pytest.mark.parametrize("path", ["", "pending/"])
def test_accepting_what_was_moved_since_the_host_looked_is_refused(
    host_client: Client, requested: Booking, path: str
) -> None:
    page = host_client.get(f"/bookings/{path or f'{requested.uid}/'}").text
    form = page[page.index(f'action="/bookings/{requested.uid}/accept/"') :]
    assert '<input type="hidden" name="sequence" value="0">' in form[: form.index("</form>")]
    reschedule_by_invitee(booking=requested, starts_at=START + DAY)
    empty_queue()

    said = said_after(host_client, requested, "accept/", sequence="0")

    assert "Iris Invitee has asked for another time since. Please look at it again." in said
    assert stored(requested).status == BookingStatus.PENDING
    assert queued_mails(requested) == []
    assert "The booking is accepted." in said_after(host_client, requested, "accept/", sequence="1")


@pytest.mark.parametrize("sequence", ["", "x", "-1"])
def test_accepting_without_saying_what_was_seen_confirms(
    host_client: Client, requested: Booking, sequence: str
) -> None:
    said_after(host_client, requested, "accept/", sequence=sequence)

    assert stored(requested).status == BookingStatus.CONFIRMED


def test_accepting_too_late_is_refused(host_client: Client, requested: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START)

    page = said_after(host_client, requested, "accept/")

    assert "The time of the meeting has come, so it cannot be accepted any more." in page
    assert stored(requested).status == BookingStatus.PENDING


@pytest.mark.parametrize(
    ("path", "status"), [("decline/", BookingStatus.DECLINED), ("cancel/", BookingStatus.CANCELLED)]
)
def test_refusing_what_was_moved_since_the_host_looked_asks_again(
    host_client: Client, requested: Booking, path: str, status: BookingStatus
) -> None:
    address = f"/bookings/{requested.uid}/{path}"
    fields = fields_of(host_client.get(address).text, having="reason") | {"reason": "Not on Thursday."}
    reschedule_by_invitee(booking=requested, starts_at=START + DAY)

    asked = host_client.post(address, fields)
    unchanged = stored(requested).status
    host_client.post(address, fields_of(asked.text, having="reason"))

    assert asked.status_code == 409
    assert "The booking has been moved since you looked at it." in asked.text
    assert "Friday 4 December 2026, 10:00 – 10:30" in asked.text
    assert unchanged == BookingStatus.PENDING
    booking = stored(requested)
    assert (booking.status, booking.reason) == (status, "Not on Thursday.")


@pytest.mark.parametrize("path", ["decline/", "cancel/"])
def test_refusing_what_was_moved_with_a_reason_that_is_refused_tells_both(
    host_client: Client, requested: Booking, path: str
) -> None:
    reschedule_by_invitee(booking=requested, starts_at=START + DAY)

    asked = host_client.post(f"/bookings/{requested.uid}/{path}", {"sequence": 0, "reason": "x" * 501})

    assert asked.status_code == 409
    assert "The booking has been moved since you looked at it." in asked.text
    assert "at most 500 characters" in asked.text


# --- Declining -----------------------------------------------------------------------------------------------------


def test_declining_asks_first(host_client: Client, requested: Booking) -> None:
    page = page_of(host_client, requested, "decline/")

    assert "Decline this booking?" in page
    assert "Iris Invitee gets a mail with your reason, and the time is free again." in page
    assert stored(requested).status == BookingStatus.PENDING


def test_declining_stores_the_reason_and_gives_the_use_back(
    host_client: Client, requested: Booking, link: PrivateLink
) -> None:
    page = said_after(host_client, requested, "decline/", reason=f"Away.\r\n{SCRIPT}")

    link.refresh_from_db()
    booking = stored(requested)
    assert "The booking is declined. Iris Invitee gets a mail." in page
    assert (booking.status, booking.reason, link.usage_count) == (BookingStatus.DECLINED, f"Away.\n{SCRIPT}", 0)
    assert queued_mails(requested) == [("declined", "host"), ("declined", "invitee")]
    assert SCRIPT not in page
    assert "Away." in page


def test_declining_twice_says_so(host_client: Client, requested: Booking) -> None:
    said_after(host_client, requested, "decline/", reason="First")

    assert "The booking was declined before." in said_after(host_client, requested, "decline/", reason="Second")
    assert stored(requested).reason == "First"


def test_declining_what_was_accepted_is_refused(host_client: Client, requested: Booking) -> None:
    confirm_booking(booking=requested)

    page = said_after(host_client, requested, "decline/")

    assert "The booking is confirmed already. Cancel it if it cannot take place." in page
    assert stored(requested).status == BookingStatus.CONFIRMED


@pytest.mark.parametrize("reason", ["x" * 501, "bell \x07"])
def test_reason_that_is_no_text_is_refused_beside_the_field(
    host_client: Client, requested: Booking, reason: str
) -> None:
    for path in ("decline/", "cancel/"):
        response = host_client.post(f"/bookings/{requested.uid}/{path}", {"reason": reason})

        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["reason"]
        assert stored(requested).status == BookingStatus.PENDING


def test_declined_booking_is_among_the_cancelled_ones(host_client: Client, requested: Booking) -> None:
    said_after(host_client, requested, "decline/", reason="Away.")

    page = host_client.get("/bookings/cancelled/").text

    assert f"/bookings/{requested.uid}/" in page
    assert '<span class="badge badge-declined">' in page
    assert "/bookings/cancelled/" in page_of(host_client, requested)


def test_request_that_was_not_answered_says_so(
    host_client: Client, requested: Booking, database_clock: DatabaseClock
) -> None:
    database_clock.set(START)
    decline_unanswered_bookings()

    assert "because it was not answered in time" in page_of(host_client, requested)


# --- Whose it is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["accept/", "decline/", "reschedule/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_hosts_request_is_not_found(host_client: Client, clock: None, path: str, method: str) -> None:
    foreign = BookingFactory(event_type=EventTypeFactory(), starts_at=START, status=BookingStatus.PENDING)

    response = getattr(host_client, method)(f"/bookings/{foreign.uid}/{path}", {"start": "2026-12-04T09:00:00Z"})

    assert response.status_code == 404
    assert stored(foreign).status == BookingStatus.PENDING


@pytest.mark.parametrize("path", ["accept/", "decline/", "reschedule/"])
def test_visitor_is_asked_to_log_in(client: Client, requested: Booking, path: str) -> None:
    address = f"/bookings/{requested.uid}/{path}"

    response = client.post(address)

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")
    assert stored(requested).status == BookingStatus.PENDING


@pytest.mark.parametrize("path", ["", "accept/", "decline/", "reschedule/"])
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(host_client: Client, requested: Booking, path: str, method: str) -> None:
    before = Booking.objects.values().get()

    getattr(host_client, method)(f"/bookings/{requested.uid}/{path}")

    assert Booking.objects.values().get() == before
    assert queued_mails() == []


def test_answers_need_a_token(host: Host, requested: Booking) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(host)

    statuses = [client.post(f"/bookings/{requested.uid}/{path}").status_code for path in ("accept/", "decline/")]

    assert (statuses, stored(requested).status) == ([403, 403], BookingStatus.PENDING)


def test_admin_has_the_request(client: Client, requested: Booking) -> None:
    empty_queue()
    Booking.objects.update(
        status=BookingStatus.DECLINED, declined_at=NOW, declined_by=Party.HOST, holds_use=False, reason="Away."
    )
    staff = Host.objects.create_superuser("staff", "staff@example.com", "secret")
    client.force_login(staff)

    page = client.get(f"/admin/bookings/booking/{requested.pk}/change/").text

    assert "Tuesday 1 December 2026, 09:00 (Europe/Berlin)" in page
    assert "Away." in page
