"""Erasing an invitee, a guest, and whatever names them; and past bookings, once they have been kept long enough."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, BookingStatus
from bookings.models.booking import NOTHING_PERSONAL
from bookings.services.calendar_feed import switch_feed_on
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.erasing import StillBookedError, erase_invitee, erase_invitee_everywhere, erase_past_bookings
from bookings.services.link_counts import find_miscounts
from bookings.services.repeats import find_repeated_booking
from bookings.tasks import send_guest_mail
from bookings.traces import Counts
from eventtypes.mailboxes import mailbox_of
from eventtypes.models import EventType, Host, RequestCount
from eventtypes.rates import Rate
from eventtypes.sealing import unseal
from eventtypes.services.rate_limits import count_request
from eventtypes.tasks import AccountMail, queue_account_mail
from privatelinks.models import PrivateLink
from privatelinks.services.links import change_link, delete_links
from tests.bookings.booking_forms import NOW, START
from tests.bookings.erasing_scene import AFTERWARDS, IRIS, afterwards, invited, met, sent, settings_of
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, EventTypeFactory

__all__ = ["afterwards", "invited", "met", "sent"]


def erased_fields(booking: Booking) -> dict[str, Any]:
    stored: dict[str, Any] = Booking.objects.values(*NOTHING_PERSONAL).get(pk=booking.pk)
    return stored | {"invitee_time_zone": str(stored["invitee_time_zone"])}


# --- Bookings ------------------------------------------------------------------------------------------------------


def test_booking_keeps_its_time_and_its_use(met: Booking, host: Host, link: PrivateLink) -> None:
    erased = erase_invitee(email=IRIS, host=host)

    now = Booking.objects.get(pk=met.pk)
    assert erased == Counts(bookings=1, guest_of=0, links=0, mails=0)
    assert erased_fields(met) == NOTHING_PERSONAL
    assert (now.erased_at, now.starts_at, now.status, now.holds_use) == (AFTERWARDS, START, "confirmed", True)
    assert now.private_link_id == link.pk
    assert find_miscounts() == []


def test_history_keeps_when_but_not_what_was_typed(met: Booking, host: Host) -> None:
    former = {"former_starts_at": "2026-12-01T08:00:00+00:00", "former_ends_at": "2026-12-01T08:30:00+00:00"}
    met.events.create(happened_at=NOW, kind="rescheduled", by="invitee", details=former | {"new": "Iris"})
    met.events.create(happened_at=NOW, kind="reminded", details={"minutes_before": 60})

    erase_invitee(email=IRIS, host=host)

    assert list(met.events.order_by("pk").values_list("details", flat=True)) == [{}, former, {"minutes_before": 60}]


@pytest.mark.parametrize("written", ["IRIS@Example.com", "iris@EXAMPLE.COM"])
def test_capitals_make_no_difference(met: Booking, host: Host, written: str) -> None:
    assert erase_invitee(email=written, host=host).bookings == 1


@pytest.mark.parametrize(
    ("booked", "asked"),
    [("iris@müller.example", "iris@xn--mller-kva.example"), ("iris@xn--mller-kva.example", "Iris@MÜLLER.example")],
)
def test_punycode_makes_no_difference(met: Booking, host: Host, booked: str, asked: str) -> None:
    Booking.objects.filter(pk=met.pk).update(invitee_email=booked)

    assert erase_invitee(email=asked, host=host).bookings == 1


def test_others_and_other_hosts_keep_what_is_theirs(met: Booking, host: Host) -> None:
    other = BookingFactory(event_type=met.event_type, invitee_email="iris@example.com.au", notes="Mine")
    elsewhere = BookingFactory(starts_at=START)
    before = list(Booking.objects.filter(pk__in=[other.pk, elsewhere.pk]).order_by("pk").values())

    erase_invitee(email=IRIS, host=host)

    assert list(Booking.objects.filter(pk__in=[other.pk, elsewhere.pk]).order_by("pk").values()) == before


def test_erasing_again_finds_nothing(met: Booking, host: Host) -> None:
    erase_invitee(email=IRIS, host=host)

    assert erase_invitee(email=IRIS, host=host) == Counts(0, 0, 0, 0)
    assert erase_invitee(email="", host=host) == Counts(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("status", "starts_at"),
    [("confirmed", AFTERWARDS), ("pending", AFTERWARDS), ("pending", START + timedelta(hours=1))],
)
def test_booking_ahead_is_to_be_cancelled_first(met: Booking, host: Host, status: str, starts_at: Any) -> None:
    ahead = BookingFactory(event_type=met.event_type, status=status, starts_at=starts_at)

    with pytest.raises(StillBookedError) as refused:
        erase_invitee(email=IRIS, host=host)

    assert refused.value.bookings == [ahead]
    assert Booking.objects.not_erased().count() == 2


def test_cancelled_booking_can_be_erased_at_once(event_type: EventType, host: Host, clock: None) -> None:
    booking = BookingFactory(event_type=event_type, starts_at=START)
    cancel_by_invitee(booking=booking, reason="Iris is ill")

    erase_invitee(email=IRIS, host=host)

    assert erased_fields(booking) == NOTHING_PERSONAL
    assert [event.details for event in booking.events.all()] == [{}]


def test_form_of_an_erased_booking_finds_nothing(met: Booking, host: Host) -> None:
    form: dict[str, Any] = {"slug": "discovery-call", "starts_at": START, "invitee_email": IRIS}
    assert find_repeated_booking(request_key=met.request_key, **form) == met

    erase_invitee(email=IRIS, host=host)

    assert find_repeated_booking(request_key=met.request_key, **form) is None


def test_no_host_lifts_the_limit_of_an_address(met: Booking, host: Host) -> None:
    count_request(action="book for", subject=mailbox_of(IRIS), rate=Rate(5, timedelta(hours=1)))

    erase_invitee(email=IRIS, host=host)

    assert RequestCount.objects.count() == 1
    erase_invitee_everywhere(email="Iris@example.com")
    assert RequestCount.objects.count() == 0


@pytest.mark.parametrize("page", ["", "event.ics", "cancel/", "reschedule/"])
def test_pages_of_the_invitee_are_gone(client: Client, met: Booking, host: Host, page: str) -> None:
    assert client.get(f"/booking/{met.uid}/{page}").status_code in {200, 302}

    erase_invitee(email=IRIS, host=host)

    assert client.get(f"/booking/{met.uid}/{page}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/bookings/past/",
        "/bookings/{uid}/",
        "/bookings/past/bookings.csv",
        "/private-links/{link}/",
        "/admin/bookings/booking/",
    ],
)
def test_host_reads_that_it_is_erased(host_client: Client, met: Booking, host: Host, address: str) -> None:
    Host.objects.filter(pk=host.pk).update(is_staff=True, is_superuser=True)
    erase_invitee(email=IRIS, host=host)

    page = host_client.get(address.format(uid=met.uid, link=met.private_link_id)).getvalue().decode()

    assert "Erased" in page or "was erased on Friday 4 December 2026" in page
    assert [word in page for word in ("Iris", "bo@example.com")] == [False, False]


def test_feed_says_that_it_is_erased(client: Client, met: Booking, host: Host) -> None:
    feed = switch_feed_on(host=host)
    erase_invitee(email=IRIS, host=host)

    assert "SUMMARY:Discovery call: Ada Host and Erased" in client.get(feed.get_absolute_url()).text


# --- Guests --------------------------------------------------------------------------------------------------------


def test_guest_is_taken_out_and_the_others_keep_their_places(invited: Booking, host: Host) -> None:
    erased = erase_invitee(email=IRIS, host=host)

    invited.refresh_from_db()
    assert erased == Counts(bookings=0, guest_of=1, links=0, mails=0)
    assert (invited.guests, invited.present_guests) == (["", "bo@example.com"], ["bo@example.com"])
    for place in (0, 1):
        send_guest_mail(booking_id=invited.pk, kind="confirmed", place=place, ics_sequence=0)
    assert [each.to for each in mail.outbox] == [["bo@example.com"]]
    assert mail.outbox[0].message().as_string().count("ATTENDEE") == 3


# --- Everywhere ----------------------------------------------------------------------------------------------------


def test_person_is_erased_at_every_host(sent: PrivateLink, database_clock: DatabaseClock) -> None:
    for event_type in (sent.event_type, EventTypeFactory()):
        BookingFactory(event_type=event_type, starts_at=START)
    database_clock.set(AFTERWARDS)
    delete_links(links=[sent])
    queue_account_mail(AccountMail(["Iris@example.com"], "No account", "Dear Iris", "<1@example.com>"))

    erased = erase_invitee_everywhere(email=IRIS)

    assert erased == Counts(bookings=2, mails=1)
    assert Booking.objects.not_erased().count() == 0
    jobs = ProcrastinateJob.objects.filter(args__has_key="sealed")
    assert [job.pk for job in jobs if "ris" in str(unseal(job.args["sealed"]))] == []


def test_booking_ahead_at_one_host_keeps_all(met: Booking) -> None:
    ahead = BookingFactory(starts_at=AFTERWARDS)

    with pytest.raises(StillBookedError) as refused:
        erase_invitee_everywhere(email=IRIS)

    assert refused.value.bookings == [ahead]
    assert Booking.objects.not_erased().count() == 2


# --- Past bookings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_erased"), [(1, False), (2, True)])
def test_booking_is_kept_for_so_many_days_after_its_end(
    event_type: EventType, database_clock: DatabaseClock, days: int, is_erased: bool
) -> None:
    booking = BookingFactory(event_type=event_type, starts_at=START)
    database_clock.set(booking.ends_at + timedelta(days=days))

    erased = erase_past_bookings(kept_days=2)

    assert (erased, Booking.objects.get().is_erased) == (int(is_erased), is_erased)
    assert erase_past_bookings(kept_days=2) == 0


def test_all_hosts_past_bookings_are_erased_in_batches(
    event_type: EventType, database_clock: DatabaseClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.services.erasing.AT_ONCE", 2)
    for days in range(5):
        BookingFactory(
            event_type=event_type, starts_at=START + timedelta(days=days), invitee_email=f"{days}@example.com"
        )
    BookingFactory(event_type=EventTypeFactory(), starts_at=START)
    ahead = BookingFactory(event_type=event_type, starts_at=START + timedelta(days=400))
    database_clock.set(START + timedelta(days=40))

    assert erase_past_bookings(kept_days=30) == 6
    assert list(Booking.objects.not_erased()) == [ahead]


def test_link_of_past_bookings_stays_as_it_is(met: Booking, link: PrivateLink, database_clock: DatabaseClock) -> None:
    change_link(link=link, changes={"invitee_email": IRIS})
    database_clock.set(START + timedelta(days=40))

    erase_past_bookings(kept_days=30)

    assert settings_of(link) == ("For Grace", "", IRIS, [], False)
    assert PrivateLink.objects.get().usage_count == 1
    assert find_miscounts() == []


def test_request_that_nobody_has_answered_is_kept(event_type: EventType, database_clock: DatabaseClock) -> None:
    BookingFactory(event_type=event_type, starts_at=START, status=BookingStatus.PENDING)
    database_clock.set(START + timedelta(days=40))

    assert erase_past_bookings(kept_days=30) == 0
