"""The booking page: its states by plain addresses, and what is answered to the form."""

import uuid
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from eventtypes.models import EventType
from tests.bookings.booking_forms import NOW, START, booking_fields
from tests.bookings.queries import count_queries
from tests.factories import BookingFactory, EventTypeFactory

pytestmark = pytest.mark.usefixtures("clock", "event_type")

ADDRESS = "/ada/discovery-call/"
START_ADDRESS = f"{ADDRESS}?tz=Europe/Berlin&start=2026-12-03T09:00:00Z"


def take(event_type: EventType) -> Booking:
    """Let somebody else have the slot."""
    return BookingFactory(event_type=event_type, starts_at=START, ends_at=START + timedelta(minutes=30))


def post(client: Client, **changes: str) -> Any:
    return client.post(ADDRESS, booking_fields(**changes))


# --- Choosing a time -------------------------------------------------------------------------------------------------


def test_page_shows_month_and_times_in_the_hosts_zone_first(client: Client) -> None:
    page = client.get(ADDRESS).text

    assert '<h2 class="month-title" id="month" tabindex="-1">December 2026</h2>' in page
    assert '<h2 class="times-title" id="times-title">Tuesday 1 December</h2>' in page
    assert '<option value="Europe/Berlin" selected>Europe/Berlin</option>' in page
    assert 'href="?month=2026-12&amp;date=2026-12-01&amp;tz=Europe/Berlin&amp;start=2026-12-01T08:30:00Z"' in page


@pytest.mark.parametrize(
    "query",
    [
        "?month=9999-12",
        "?month=0000-00&date=9999-12-31",
        "?date=0001-01-01&tz=Pacific/Kiritimati",
        "?start=0001-01-01T00:00:00Z&tz=Etc/GMT%2B12",
        "?start=9999-12-31T24:00:00Z&tz=Pacific/Kiritimati",
        "?start=2999-12-31T23:59:59Z&tz=Pacific/Kiritimati",
        "?start=1900-01-01T00:00:00Z&tz=Etc/GMT%2B12",
        "?tz=Factory&clock=x&month=%00&date=%FF&start=%0A",
        "?month=2026-12&month=x&tz[]=1",
        f"?tz={'x' * 5000}",
    ],
)
def test_nonsense_in_the_query_shows_the_page_all_the_same(client: Client, query: str) -> None:
    answer = client.get(f"{ADDRESS}{query}")

    assert answer.status_code == 200
    assert 'class="month"' in answer.text


def test_past_times_are_not_shown(client: Client) -> None:
    page = client.get(f"{ADDRESS}?date=2026-12-01").text

    assert ">09:00</a>" not in page
    assert ">09:30</a>" in page


def test_clock_is_first_the_usual_one_of_the_browser(client: Client) -> None:
    page = client.get(f"{ADDRESS}?date=2026-12-03", headers={"Accept-Language": "en-US,en;q=0.9"})

    assert ">9:00 AM</a>" in page.text
    assert page.headers["Vary"] == "Accept-Language"


def test_clock_is_the_one_asked_for(client: Client) -> None:
    page = client.get(f"{ADDRESS}?date=2026-12-03&clock=24", headers={"Accept-Language": "en-US"}).text

    assert ">09:00</a>" in page


def test_time_zone_is_selected_in_its_place_in_the_list(client: Client) -> None:
    page = client.get(f"{ADDRESS}?tz=America/New_York").text

    assert page.count('<option value="America/New_York"') == 1
    assert page.count(" selected>") == 1
    assert '<option value="America/New_York" selected>America/New York</option>' in page


def test_time_zone_that_is_not_in_the_list_stands_before_it(client: Client) -> None:
    page = client.get(f"{ADDRESS}?tz=Etc/GMT-5").text

    assert page.count(" selected>") == 1
    assert '<option value="Etc/GMT-5" selected>Etc/GMT-5</option>' in page


def test_slot_that_is_gone_is_said_and_others_are_shown(client: Client, event_type: EventType) -> None:
    take(event_type)

    page = client.get(START_ADDRESS).text

    assert "That time is no longer available. If you have just booked it, your confirmation is in your mail;" in page
    assert "Thursday 3 December</h2>" in page
    assert ">10:30</a>" in page
    assert ">10:00</a>" not in page


def test_slot_is_found_whatever_month_the_address_names(client: Client) -> None:
    page = client.get(f"{ADDRESS}?month=2027-01&start=2026-12-03T09:00:00Z").text

    assert "Your details" in page


# --- The form --------------------------------------------------------------------------------------------------------


def test_form_says_what_is_about_to_be_booked(client: Client) -> None:
    page = client.get(f"{ADDRESS}?tz=America/New_York&start=2026-12-03T09:00:00Z&clock=24").text

    assert "Thursday 3 December 2026<br>04:00 – 04:30" in page
    assert "America/New York" in page
    assert '<input type="hidden" name="start" value="2026-12-03T09:00:00Z">' in page
    assert '<input type="hidden" name="tz" value="America/New_York">' in page
    assert 'href="?date=2026-12-03&amp;tz=America/New_York&amp;clock=24"' in page


def test_each_form_is_a_request_of_its_own(client: Client) -> None:
    assert request_key_in(client.get(START_ADDRESS).text) != request_key_in(client.get(START_ADDRESS).text)


def request_key_in(page: str) -> str:
    return page.partition('name="request_key" value="')[2].partition('"')[0]


# --- Booking ---------------------------------------------------------------------------------------------------------


def test_booking_leads_to_its_page(client: Client) -> None:
    answer = post(client)

    booking = Booking.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/booking/{booking.uid}/")
    assert (booking.invitee_name, booking.invitee_email, booking.notes) == (
        "Grace Invitee",
        "grace@example.com",
        "See you there.",
    )
    assert str(booking.invitee_time_zone) == "Europe/Berlin"


def test_same_form_again_leads_to_the_same_booking(client: Client) -> None:
    fields = booking_fields()

    answers = [client.post(ADDRESS, fields).headers["Location"] for _ in range(3)]

    assert len(set(answers)) == 1
    assert Booking.objects.count() == 1


def test_same_form_with_other_contents_is_a_conflict_with_a_fresh_key(client: Client) -> None:
    key = str(uuid.uuid4())
    post(client, request_key=key)

    answer = post(client, request_key=key, start="2026-12-03T10:00:00Z")

    booking = Booking.objects.get()
    assert answer.status_code == 409
    assert "You have already booked Discovery call on Thursday 3 December 2026, 10:00 – 10:30" in answer.text
    assert f'href="/booking/{booking.uid}/"' in answer.text
    assert request_key_in(answer.text) != key
    assert '<input type="hidden" name="start" value="2026-12-03T10:00:00Z">' in answer.text


def test_slot_that_is_gone_is_a_conflict_with_other_times(client: Client, event_type: EventType) -> None:
    take(event_type)

    answer = post(client, name="Grace <b>", notes="One\nTwo")

    assert answer.status_code == 409
    assert "That time is no longer available. Please choose another one." in answer.text
    assert 'value="Grace &lt;b&gt;"' in answer.text
    assert "One\nTwo</textarea>" in answer.text
    assert '<input type="radio" name="start" value="2026-12-03T09:30:00Z" required> 10:30' in answer.text
    assert answer.text.count('type="radio"') == 12
    assert 'value="2026-12-03T09:00:00Z"' not in answer.text


def test_form_of_a_slot_that_was_gone_books_another_one(client: Client, event_type: EventType) -> None:
    take(event_type)
    refused = post(client)

    answer = post(client, start="2026-12-03T09:30:00Z", request_key=request_key_in(refused.text))

    assert answer.status_code == 302
    assert Booking.objects.filter(starts_at=START + timedelta(minutes=30)).count() == 1


def test_other_times_are_of_the_next_day_that_has_any(client: Client, event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START.replace(hour=0), ends_at=START.replace(hour=23))

    answer = post(client)

    assert "Times on Friday 4 December" in answer.text


def test_no_other_time_is_said(client: Client, event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=NOW, ends_at=NOW + timedelta(days=70))

    answer = post(client)

    assert answer.status_code == 409
    assert "That time is no longer available, and at present there is no other one." in answer.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Please enter your name."),
        ({"name": "a\r\nb"}, "Please leave out line breaks and other control characters."),
        ({"email": "grace"}, "Please enter a valid e-mail address, such as name@example.com."),
        ({"notes": "\x00"}, "Null characters are not allowed."),
        ({"notes": "n" * 1_000_000}, "Use at most 2000 characters; this has 1000000."),
        ({"start": "soon"}, "Please choose a time."),
        ({"tz": "Mars/Olympus"}, "Please choose a time zone."),
        ({"request_key": ""}, "Something was missing from the form. Please send it again."),
        ({"request_key": "1"}, "Something was wrong with the form. Please send it again."),
    ],
)
def test_bad_input_is_told(client: Client, changes: dict[str, str], message: str) -> None:
    answer = post(client, **changes)

    assert answer.status_code == 422
    assert message in answer.text
    assert Booking.objects.count() == 0


def test_what_was_typed_stays(client: Client) -> None:
    key = str(uuid.uuid4())

    answer = post(client, name='"><script>', email="x@", notes="</textarea>\u202e\nהערה", request_key=key)

    assert 'value="&quot;&gt;&lt;script&gt;"' in answer.text
    assert 'value="x@"' in answer.text
    assert "&lt;/textarea&gt;\u202e\nהערה</textarea>" in answer.text
    assert '<input type="hidden" name="start" value="2026-12-03T09:00:00Z">' in answer.text
    assert request_key_in(answer.text) == key


def test_form_without_a_time_offers_some(client: Client) -> None:
    answer = post(client, start="")

    assert "Times on Tuesday 1 December" in answer.text
    assert "no longer available" not in answer.text


def test_form_without_a_request_key_gets_one(client: Client) -> None:
    answer = post(client, request_key="")

    assert uuid.UUID(request_key_in(answer.text)).version == 4


def test_form_that_comes_back_stays_where_it_is(client: Client) -> None:
    """Going to the browser's time zone would lose what was typed."""
    assert "guess-time-zone.js" in client.get(START_ADDRESS).text
    assert "guess-time-zone.js" not in post(client, name="").text


@pytest.mark.parametrize("field", ["usage_count", "host", "status", "event_type", "private_link", "holds_use"])
def test_other_fields_are_ignored(client: Client, field: str) -> None:
    post(client, **{field: "1"})

    booking = Booking.objects.get()
    assert (booking.status, booking.private_link, booking.holds_use) == ("confirmed", None, False)
    assert booking.event_type is not None
    assert booking.event_type.slug == "discovery-call"


def test_post_without_a_token_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post(ADDRESS, booking_fields())

    assert answer.status_code == 403
    assert Booking.objects.count() == 0


# --- What holds for all of it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [ADDRESS, START_ADDRESS])
def test_texts_are_text(client: Client, event_type: EventType, address: str) -> None:
    script = "<script>alert(1)</script>"
    for field in ("title", "description", "location"):
        setattr(event_type, field, f"{script}{field}")
    event_type.save()
    event_type.host.name = f"{script}host"
    event_type.host.save()

    page = client.get(address).text

    assert script not in page
    assert [page.count(f"{escape(script)}{field}") for field in ("title", "description", "location")] == [2, 1, 1]


@pytest.mark.parametrize("query", ["", "?month=2026-12", "?start=2026-12-03T09:00:00Z", "?start=2026-12-06T09:00:00Z"])
def test_page_takes_as_many_queries_for_any_number_of_bookings(
    client: Client, event_type: EventType, query: str
) -> None:
    with CaptureQueriesContext(connection) as with_none:
        client.get(f"{ADDRESS}{query}")
    for day in range(20):
        starts_at = START + timedelta(days=day, hours=4)
        BookingFactory(event_type=event_type, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))
    EventTypeFactory.create_batch(3, host=event_type.host)

    with CaptureQueriesContext(connection) as with_many:
        client.get(f"{ADDRESS}{query}")

    # With the form, also the questions.
    expected = 5 if query == "?start=2026-12-03T09:00:00Z" else 4
    assert (count_queries(with_none), count_queries(with_many)) == (expected, expected)


def test_times_offered_are_the_times_accepted(client: Client) -> None:
    """Every start of a day, from one minute before the first time to one after the last, by the page and by booking."""
    page = client.get(f"{ADDRESS}?date=2026-12-03&tz=Europe/Berlin").text
    first = START - timedelta(hours=1)
    candidates = [first + timedelta(minutes=minute) for minute in (-30, -1, 0, 1, 15, 30, 449, 450, 451, 480)]

    for start in candidates:
        value = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        is_offered = f"start={value}" in page

        assert (post(client, start=value).status_code == 302) == is_offered
