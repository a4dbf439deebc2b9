"""The location on the booking page, and wherever the booking is; and the number of an invitee who is called."""

from typing import Any

import pytest
from django.test import Client
from icalendar import Event

from bookings.asking import Asked, Details
from bookings.calendar_files import Method, booking_calendar, booking_ics, to_ics
from bookings.calendar_links import google_url, outlook_url
from bookings.emails import MailKind, booking_mail
from bookings.guest_emails import guest_mail
from bookings.models import Booking, Party
from bookings.services.booking import AskedOtherwiseError
from bookings.services.confirming import confirm_booking
from eventtypes.models import EventType, Host
from eventtypes.services.locking import lock_host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START, booking_fields
from tests.bookings.calendars import read_calendar
from tests.bookings.iris_books import book_openly, uses
from tests.factories import BookingFactory, HostFactory
from tests.meanwhile import meanwhile

ADDRESS = "/ada/discovery-call/"
FORM = f"{ADDRESS}?start=2026-12-03T09:00:00Z"
SECRET = "https://video.example.com/secret-room"
PHONE = "+44 20 7946 0000"
CALLED = f"Ada Host calls Grace Invitee: {PHONE}"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def called(event_type: EventType) -> EventType:
    """An event type whose host calls."""
    change(event_type, location_kind="host_calls")
    return event_type


@pytest.fixture
def booking(link: PrivateLink) -> Booking:
    """A booking of a call, with a guest."""
    booking = BookingFactory(
        event_type=link.event_type,
        starts_at=START,
        location_kind="host_calls",
        invitee_name="Grace Invitee",
        invitee_phone=PHONE,
        guests=["bo@example.com"],
    )
    return Booking.objects.select_related("host").get(pk=booking.pk)


def change(event_type: EventType, **values: Any) -> None:
    EventType.objects.filter(pk=event_type.pk).update(**values)
    event_type.refresh_from_db()


def event_of(booking: Booking, reader: Party | None) -> Event:
    return read_calendar(to_ics(booking_calendar(booking, Method.REQUEST, reader, 0))).events[0]


# --- Before booking -------------------------------------------------------------------------------------------------


def test_location_that_is_shown_after_booking_is_on_no_page_before_it(
    client: Client, link: PrivateLink, event_type: EventType
) -> None:
    change(event_type, location_kind="link", location=SECRET, location_is_shown_after_booking=True)
    start = "?start=2026-12-03T09:00:00Z"
    pages = ["/ada/", *(f"{address}{query}" for address in (ADDRESS, link.get_absolute_url()) for query in ("", start))]

    texts = [client.get(page).text for page in pages]
    texts.append(client.post(ADDRESS, booking_fields(email="x")).text)

    assert [text.count("secret-room") for text in texts] == [0] * 6
    assert ["Online" in text for text in texts] == [True] * 6


@pytest.mark.parametrize(
    ("kind", "location", "words"),
    [
        ("in_person", "1 High Street", "1 High Street"),
        ("invitee_calls", PHONE, f"By phone: you call {PHONE}"),
        ("host_calls", "", "By phone: you are called"),
        ("link", SECRET, SECRET),
        ("text", "<i>Anywhere</i>", "&lt;i&gt;Anywhere&lt;/i&gt;"),
    ],
)
def test_other_location_is_on_every_page(
    client: Client, event_type: EventType, kind: str, location: str, words: str
) -> None:
    change(event_type, location_kind=kind, location=location)

    assert [words in client.get(page).text for page in ("/ada/", ADDRESS, FORM)] == [True, True, True]


# --- Booking --------------------------------------------------------------------------------------------------------


def test_location_is_stored_as_it_was(client: Client, event_type: EventType) -> None:
    change(event_type, location_kind="link", location=SECRET, location_is_shown_after_booking=True)

    page = client.get(client.post(ADDRESS, booking_fields()).headers["Location"])
    change(event_type, location_kind="in_person", location="Elsewhere")

    booking = Booking.objects.get()
    assert (booking.location_kind, booking.location, booking.where) == ("link", SECRET, SECRET)
    assert f'href="{SECRET}"' in page.text


def test_number_is_asked_where_the_host_calls(client: Client, event_type: EventType) -> None:
    before = client.get(FORM).text
    change(event_type, location_kind="host_calls")
    after = client.get(FORM).text

    assert ('name="phone"' in before, 'name="phone"' in after) == (False, True)
    assert 'type="tel"' in after


def test_number_is_stored(client: Client, called: EventType) -> None:
    response = client.post(ADDRESS, booking_fields(phone=f" {PHONE} "))

    booking = Booking.objects.get()
    assert (response.status_code, booking.invitee_phone, booking.where) == (302, PHONE, CALLED)


@pytest.mark.parametrize(
    ("phone", "message"),
    [
        ("", "Please enter your phone number."),
        ("later", "Please enter a phone number, such as +44 20 7946 0000."),
        ("1234", "Please enter a phone number, such as +44 20 7946 0000."),
    ],
)
def test_number_that_is_missing_or_none_is_refused_beside_the_field(
    client: Client, called: EventType, phone: str, message: str
) -> None:
    response = client.post(ADDRESS, booking_fields(phone=phone))

    assert (response.status_code, response.context["page"].form.errors) == (422, {"phone": [message]})
    assert Booking.objects.count() == 0


def test_number_that_was_not_asked_is_not_stored(client: Client, event_type: EventType) -> None:
    client.post(ADDRESS, booking_fields(phone=PHONE))

    assert Booking.objects.get().invitee_phone == ""


def test_number_that_is_no_longer_asked_is_given_back(client: Client, called: EventType) -> None:
    token = client.get(FORM).context["page"].form.asked.token
    change(called, location_kind="text")

    response = client.post(ADDRESS, booking_fields(phone=PHONE, asked_token=token))

    assert (response.status_code, response.context["page"].form.answers_without_place) == (409, [PHONE])


def test_form_sent_again_leads_to_its_booking_also_if_the_host_calls_now(client: Client, event_type: EventType) -> None:
    fields = booking_fields()
    first = client.post(ADDRESS, fields)
    change(event_type, location_kind="host_calls")

    second = client.post(ADDRESS, fields)

    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])


@pytest.mark.django_db(transaction=True)
def test_host_who_decides_to_call_while_somebody_books_gets_the_number(client: Client, link: PrivateLink) -> None:
    def decide_to_call() -> None:
        lock_host(link.event_type.host_id)
        change(link.event_type, location_kind="host_calls")

    with meanwhile(decide_to_call):
        response = client.post(link.get_absolute_url(), booking_fields())

    assert response.status_code == 422
    assert response.context["page"].form.errors == {"phone": ["Please enter your phone number."]}
    assert (Booking.objects.count(), uses(link)) == (0, 0)


def test_service_wants_to_know_that_a_number_was_asked(called: EventType) -> None:
    with pytest.raises(AskedOtherwiseError):
        book_openly(called)

    assert book_openly(called, details=Details(Asked(asks_phone=True), phone=PHONE)).invitee_phone == PHONE


# --- Where the booking is -------------------------------------------------------------------------------------------


def test_pages_of_the_booking_say_who_calls_whom(client: Client, host: Host, booking: Booking) -> None:
    client.force_login(host)

    pages = [client.get(path).text for path in (f"/booking/{booking.uid}/", f"/bookings/{booking.uid}/")]

    assert [CALLED in page for page in pages] == [True, True]


def test_staff_see_the_number(client: Client, booking: Booking) -> None:
    client.force_login(HostFactory(is_staff=True, is_superuser=True))

    assert PHONE in client.get(f"/admin/bookings/booking/{booking.pk}/change/").text


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("party", Party)
def test_mails_say_who_calls_whom(booking: Booking, kind: MailKind, party: Party) -> None:
    assert f"Where: {CALLED}\n" in booking_mail(booking, kind, party, 0).body


@pytest.mark.parametrize("party", Party)
def test_calendars_say_who_calls_whom(booking: Booking, party: Party) -> None:
    assert event_of(booking, party)["LOCATION"] == CALLED


def test_downloaded_file_and_links_say_who_calls_whom(booking: Booking) -> None:
    assert read_calendar(booking_ics(booking)).events[0]["LOCATION"] == CALLED
    assert "location=Ada%20Host%20calls%20Grace%20Invitee" in google_url(booking).replace("+", "%20")
    assert "location=Ada%20Host%20calls%20Grace%20Invitee" in outlook_url(booking).replace("+", "%20")


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("is_confirmed", [True, False])
def test_location_that_is_shown_after_booking_is_shown_to_the_invitee_once_the_host_has_confirmed(
    client: Client, event_type: EventType, *, is_kept: bool, is_confirmed: bool
) -> None:
    change(
        event_type,
        location_kind="link",
        location=SECRET,
        location_is_shown_after_booking=is_kept,
        requires_confirmation=True,
    )
    page = client.post(ADDRESS, booking_fields()).headers["Location"]
    booking = Booking.objects.select_related("host").get()
    kind = MailKind.REQUESTED
    if is_confirmed:
        booking, kind = confirm_booking(booking=booking), MailKind.CONFIRMED
    at = booking.ics_sequence

    of_invitee = [
        client.get(page).text,
        booking_mail(booking, kind, Party.INVITEE, at).body,
        booking_ics(booking).decode(),
        google_url(booking),
        outlook_url(booking),
    ]
    of_host = booking_mail(booking, kind, Party.HOST, at).body

    assert ["secret-room" in text for text in of_invitee] == [is_confirmed or not is_kept] * 5
    assert SECRET in of_host


def test_number_that_the_host_calls_is_never_kept_from_the_invitee(client: Client, called: EventType) -> None:
    change(called, location_is_shown_after_booking=True, requires_confirmation=True)

    page = client.get(client.post(ADDRESS, booking_fields(phone=PHONE)).headers["Location"])

    assert CALLED in page.text


def test_guests_do_not_learn_the_number(booking: Booking) -> None:
    mail = guest_mail(booking, MailKind.CONFIRMED, "bo@example.com", 0)
    assert mail is not None

    assert "Where: Ada Host calls Grace Invitee\n" in mail.body
    assert event_of(booking, None)["LOCATION"] == "Ada Host calls Grace Invitee"
    assert PHONE not in mail.message().as_string()
