"""Guests: whom an invitee may add, on the form and by the service, and what becomes of their addresses."""

import pytest
from django.test import Client

from bookings.asking import Details
from bookings.forms.booking import BookingForm
from bookings.models import Booking
from bookings.services.booking import AskedOtherwiseError
from eventtypes.models import EventType
from tests.bookings.booking_forms import booking_fields
from tests.bookings.bringing_guests import WITH_GUESTS, open_type
from tests.bookings.iris_books import book_openly

__all__ = ["open_type"]

ADDRESS = "/ada/discovery-call/"
FORM = f"{ADDRESS}?start=2026-12-03T09:00:00Z"
TOO_MANY = "At most 10 guests are possible."
TEN = [f"guest-{number}@example.com" for number in range(10)]

pytestmark = pytest.mark.usefixtures("clock")


def form_with(guests: str, **changes: str) -> BookingForm:
    return BookingForm(booking_fields(guests=guests, **changes), asked=WITH_GUESTS)


# --- The form -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "guests"),
    [
        ("", []),
        (" , ;\r\n ", []),
        ("bo@example.com", ["bo@example.com"]),
        (
            "bo@example.com, cy@example.com;di@example.com\r\ned@example.com",
            [*(f"{n}@example.com" for n in ("bo", "cy", "di", "ed"))],
        ),
        ("bo@example.com bo@example.com", ["bo@example.com"]),
        ("Grace@Example.com, bo@example.com", ["bo@example.com"]),
        (", ".join(TEN), TEN),
        (", ".join([*TEN, "grace@example.com"]), TEN),
    ],
)
def test_guests_are_taken_each_once_without_the_invitee(typed: str, guests: list[str]) -> None:
    form = form_with(typed)

    assert form.is_valid(), form.errors
    assert list(form.details.guests) == guests


def test_guest_in_another_spelling_is_the_same() -> None:
    form = form_with("Bo@example.com, cy@example.com, bo@Example.com")

    assert form.is_valid()
    assert [guest.casefold() for guest in form.details.guests] == ["bo@example.com", "cy@example.com"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("bo", "“bo” is not a valid e-mail address."),
        ("bo@example.com, cy@", "“cy@” is not a valid e-mail address."),
        ("Bo <bo@example.com>", "“Bo” is not a valid e-mail address."),
        ("bo\x00@example.com", "“bo @example.com” is not a valid e-mail address."),
        ('"\x01bo"@example.com', '“" bo"@example.com” is not a valid e-mail address.'),
        ("b" * 100_000, f"“{'b' * 60}” is not a valid e-mail address."),
        (
            f"bo@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example.com",
            f"“bo@{'b' * 57}” is not a valid e-mail address.",
        ),
        (", ".join([*TEN, "one-more@example.com"]), TOO_MANY),
        (", ".join(f"{number}@example.com" for number in range(10_000)), TOO_MANY),
    ],
    ids=[
        "no address",
        "one of two",
        "with a name",
        "NUL",
        "bell",
        "long",
        "longer than the database takes",
        "11",
        "10,000",
    ],
)
def test_guests_that_cannot_be_invited_are_refused_beside_the_field(typed: str, message: str) -> None:
    assert form_with(typed).errors == {"guests": [message]}


def test_guests_are_judged_when_the_invitees_own_address_is_wrong() -> None:
    assert set(form_with("bo", email="x").errors) == {"email", "guests"}


def test_form_asks_for_guests_only_where_they_are_allowed(client: Client, event_type: EventType) -> None:
    before = client.get(FORM).text
    EventType.objects.update(allows_guests=True)
    after = client.get(FORM).text

    assert ('name="guests"' in before, 'name="guests"' in after) == (False, True)


def test_guests_are_stored(client: Client, open_type: EventType) -> None:
    client.post(ADDRESS, booking_fields(guests="bo@example.com, grace@example.com, cy@example.com"))

    assert Booking.objects.get().guests == ["bo@example.com", "cy@example.com"]


def test_guests_that_are_not_allowed_count_for_nothing(client: Client, event_type: EventType) -> None:
    response = client.post(ADDRESS, booking_fields(guests="bo@example.com"))

    assert (response.status_code, Booking.objects.get().guests) == (302, [])


def test_wrong_guest_is_refused_with_the_form_as_typed(client: Client, open_type: EventType) -> None:
    response = client.post(ADDRESS, booking_fields(guests="<script>x</script>"))

    assert response.status_code == 422
    assert response.context["page"].form["guests"].value() == "<script>x</script>"
    assert "<script>x" not in response.text


def test_guests_that_are_no_longer_allowed_are_said_and_not_invited(client: Client, open_type: EventType) -> None:
    token = client.get(FORM).context["page"].form.asked.token
    EventType.objects.update(allows_guests=False)

    response = client.post(ADDRESS, booking_fields(guests="bo@example.com", asked_token=token))

    assert response.status_code == 409
    assert response.context["page"].form.answers_without_place == ["bo@example.com"]
    assert Booking.objects.count() == 0


# --- The service ----------------------------------------------------------------------------------------------------


def test_service_leaves_out_both_sides_and_names_each_guest_once(open_type: EventType) -> None:
    guests = ("ADA@example.com", "bo@example.com", "Iris@Example.com", "BO@example.com", "cy@example.com")

    booking = book_openly(open_type, details=Details(WITH_GUESTS, guests=guests))

    assert [guest.casefold() for guest in booking.guests] == ["bo@example.com", "cy@example.com"]


def test_service_refuses_guests_where_none_are_allowed(event_type: EventType) -> None:
    with pytest.raises(AskedOtherwiseError):
        book_openly(event_type, details=Details(WITH_GUESTS, guests=("bo@example.com",)))
