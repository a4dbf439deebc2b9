"""How often one address may book, and be booked for; and that twenty people behind one address are no trouble."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from bookings.models import Booking
from eventtypes.models import EventType, RequestCount
from eventtypes.rates import Rate
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import booking_fields

TWO = Rate(2, timedelta(minutes=10))
STARTS = [
    f"2026-12-0{day}T{hour:02}:{minute:02}:00Z" for day in (2, 3, 4) for hour in range(8, 16) for minute in (0, 30)
]

pytestmark = pytest.mark.usefixtures("clock")

type Book = Callable[..., int]


@pytest.fixture
def book(client: Client, event_type: EventType) -> Book:
    """Send the form for another slot each time, and return the status."""
    starts = iter(STARTS)

    def send(email: str = "grace@example.com", path: str = "/ada/discovery-call/", **headers: str) -> int:
        fields = booking_fields(start=next(starts), email=email)
        return client.post(path, fields, headers=headers).status_code

    return send


@pytest.mark.rule("S14")
def test_one_address_may_book_so_often(settings: Settings, book: Book) -> None:
    settings.BOOKINGS_PER_ADDRESS = TWO

    answers = [book(f"{number}@example.com") for number in range(4)]

    assert answers == [302, 302, 429, 429]
    assert Booking.objects.count() == 2


@pytest.mark.rule("S14")
def test_for_one_email_address_may_be_booked_so_often(settings: Settings, book: Book) -> None:
    settings.BOOKINGS_PER_EMAIL = TWO

    answers = [book("Grace@example.com"), book("grace@EXAMPLE.com"), book(), book("other@example.com")]

    assert answers == [302, 302, 429, 302]


@pytest.mark.rule("S14")
def test_private_links_and_public_pages_count_together(settings: Settings, book: Book, link: PrivateLink) -> None:
    settings.BOOKINGS_PER_ADDRESS = TWO
    PrivateLink.objects.update(max_uses=None)

    answers = [book(), book(path=link.get_absolute_url()), book(path=link.get_absolute_url()), book()]

    assert answers == [302, 302, 429, 429]


@pytest.mark.rule("S14")
def test_who_is_limited_is_told_until_when_in_words_and_in_a_header(
    settings: Settings, client: Client, book: Book
) -> None:
    settings.BOOKINGS_PER_ADDRESS = Rate(1, timedelta(minutes=10))
    book()

    response = client.post("/ada/discovery-call/", booking_fields(start=STARTS[5]))

    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "Please wait 10 minutes" in response.text


@pytest.mark.rule("S14")
def test_spoofed_headers_open_no_way_around(settings: Settings, book: Book) -> None:
    settings.BOOKINGS_PER_ADDRESS, settings.TRUSTED_PROXIES = TWO, 0
    spoofed = [{"x-forwarded-for": f"203.0.113.{number}"} for number in range(4)]

    assert [book(f"{number}@example.com", **headers) for number, headers in enumerate(spoofed)] == [302, 302, 429, 429]


@pytest.mark.rule("S14")
def test_spoofed_hops_in_front_of_the_proxys_open_no_way_around(settings: Settings, book: Book) -> None:
    settings.BOOKINGS_PER_ADDRESS, settings.TRUSTED_PROXIES = TWO, 1
    spoofed = [{"x-forwarded-for": f"203.0.113.{number}, 198.51.100.9"} for number in range(3)]

    answers = [book(f"{number}@example.com", **headers) for number, headers in enumerate(spoofed)]

    assert answers == [302, 302, 429]
    assert book("4@example.com", **{"x-forwarded-for": "203.0.113.0, 198.51.100.10"}) == 302


@pytest.mark.rule("S14")
def test_mailbox_counts_once_however_it_is_spelt(settings: Settings, book: Book) -> None:
    settings.BOOKINGS_PER_EMAIL = TWO

    answers = [book("grace+1@bücher.example"), book(" Grace@XN--BCHER-KVA.example"), book('"grace"@bücher.example')]

    assert answers == [302, 302, 429]


@pytest.mark.rule("S14")
def test_guests_are_counted_as_they_get_mail_too(settings: Settings, event_type: EventType, client: Client) -> None:
    settings.BOOKINGS_PER_EMAIL = TWO
    EventType.objects.update(allows_guests=True)

    answers = []
    for number in range(3):
        fields = booking_fields(start=STARTS[number], email=f"{number}@example.com", guests=f"g+{number}@example.com")
        answers.append(client.post("/ada/discovery-call/", fields).status_code)

    assert answers == [302, 302, 429]


@pytest.mark.rule("S14")
def test_twenty_honest_invitees_behind_one_address_are_not_limited(
    settings: Settings, book: Book, figure: Callable[[str], None]
) -> None:
    """With the limits that a site has by itself; each of them mistypes the form once."""
    settings.BOOKINGS_PER_ADDRESS, settings.BOOKINGS_PER_EMAIL = Rate.parse("60/10m"), Rate.parse("20/1h")

    mistyped = [book(f"{number}") for number in range(20)]
    answers = [book(f"{number}@example.com") for number in range(20)]

    figure(f"20 invitees behind one address: {answers.count(302)} booked, {answers.count(429)} were told to wait.")
    assert (set(mistyped), set(answers)) == ({422}, {302})


@pytest.mark.rule("S14")
def test_limits_of_a_site_that_sets_none() -> None:
    code = "from config import settings as s; print(s.BOOKINGS_PER_ADDRESS, s.BOOKINGS_PER_EMAIL, s.SIGN_UPS_PER_EMAIL)"
    without = {name: text for name, text in os.environ.items() if "_PER_" not in name}

    said = subprocess.run([sys.executable, "-c", code], env=without, capture_output=True, text=True, check=True).stdout

    limits = [Rate.parse("60/10m"), Rate.parse("20/1h"), Rate.parse("5/1h")]
    assert said.strip() == " ".join(str(limit) for limit in limits)


@pytest.mark.rule("S14")
def test_looking_and_dead_links_are_neither_limited_nor_counted(
    settings: Settings, client: Client, link: PrivateLink
) -> None:
    settings.BOOKINGS_PER_ADDRESS = Rate(1, timedelta(minutes=10))
    dead = "/d/111111111111111111111A/discovery-call"

    answers = {client.get(link.get_absolute_url()).status_code for _ in range(5)}
    dead_answers = {client.get(dead).status_code for _ in range(5)}
    dead_answers |= {client.post(dead, booking_fields()).status_code for _ in range(5)}

    assert (answers, dead_answers) == ({200}, {404})
    assert not RequestCount.objects.exists()


@pytest.mark.rule("S14")
def test_moving_a_booking_counts_like_booking(settings: Settings, client: Client, book: Book) -> None:
    settings.BOOKINGS_PER_EMAIL = Rate(3, timedelta(minutes=10))
    book()
    booking = Booking.objects.get()

    answers = []
    for sequence, start in enumerate(STARTS[5:8]):
        fields = {"start": start, "duration": "30", "sequence": str(sequence), "tz": "Europe/Berlin"}
        answers.append(client.post(f"/booking/{booking.uid}/reschedule/", fields).status_code)

    booking.refresh_from_db()
    assert (answers, booking.ics_sequence) == ([302, 302, 429], 2)
