"""The files about a host and about an invitee: what they have, and the commands that write them."""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from bookings.exports import host_export, invitee_export
from bookings.models import Booking
from bookings.services.calendar_feed import switch_feed_on
from bookings.traces import find_traces
from eventtypes.models import DateOverride, EventType, Host
from privatelinks.models import PrivateLink
from privatelinks.services.links import change_link
from tests.bookings.booking_forms import NOW, START
from tests.factories import BookingFactory, PrivateLinkFactory, QuestionFactory

IRIS = "iris@example.com"


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "https://book.example.com"


def of_host(host: Host) -> dict[str, Any]:
    exported: dict[str, Any] = json.loads("".join(host_export(host, NOW)))
    return exported


def of_invitee(email: str, host: Host | None = None) -> dict[str, Any]:
    exported: dict[str, Any] = json.loads("".join(invitee_export(find_traces(email, host), NOW)))
    return exported


def test_host_gets_what_is_the_hosts(host: Host, event_type: EventType, link: PrivateLink, clock: None) -> None:
    DateOverride.objects.create(schedule=event_type.schedule, date=NOW.date())
    QuestionFactory(event_type=event_type, label="Why?")
    feed = switch_feed_on(host=host)
    change_link(link=link, changes={"max_uses": 3, "expires_at": datetime(2027, 1, 1, tzinfo=UTC)})
    booking = BookingFactory(event_type=event_type, starts_at=START)
    booking.events.create(happened_at=NOW, kind="booked", by="invitee", details={"reason": "Why not"})
    BookingFactory(invitee_name="Somebody else's")

    exported = of_host(host)

    (schedule,), (exported_type,) = exported["schedules"], exported["event_types"]
    (exported_link,), (exported_booking,) = exported["private_links"], exported["bookings"]
    assert (exported["made_at"], exported["site"]) == ("2026-12-01T08:00:00+00:00", "https://book.example.com")
    assert (exported["host"]["username"], exported["host"]["time_zone"]) == ("ada", "Europe/Berlin")
    assert len(schedule["rules"]) == 5
    assert schedule["rules"][0] == {"weekday": 0, "start_time": "09:00:00", "end_time": "17:00:00"}
    assert schedule["overrides"] == [{"date": "2026-12-01", "start_time": None, "end_time": None}]
    assert exported_type["questions"][0]["label"] == "Why?"
    assert exported_link["url"] == f"https://book.example.com/d/{link.hash}/discovery-call"
    assert exported_link["events"][0]["changes"]["max_uses"] == [1, 3]
    assert (exported_booking["invitee_name"], exported_booking["starts_at"]) == (
        "Iris Invitee",
        "2026-12-03T09:00:00+00:00",
    )
    assert exported_booking["events"][0]["details"] == {"reason": "Why not"}
    assert exported["calendar_feeds"][0]["url"] == f"https://book.example.com/calendar/{feed.hash}.ics"


def test_new_host_gets_empty_lists(host: Host) -> None:
    exported = of_host(host)

    assert [exported[name] for name in ("schedules", "event_types", "private_links", "bookings")] == [[], [], [], []]


def test_no_password_leaves(host: Host) -> None:
    assert host.password not in "".join(host_export(host, NOW))


@pytest.mark.parametrize("number", [1, 3])
def test_host_export_asks_no_more_for_more(
    host: Host, event_type: EventType, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(number):
        PrivateLinkFactory(event_type=event_type)
        BookingFactory(event_type=event_type, private_link=None)

    with django_assert_num_queries(18):
        of_host(host)


def test_invitee_gets_what_is_the_invitees(event_type: EventType, host: Host) -> None:
    BookingFactory(event_type=event_type, starts_at=START, notes="I am Iris.")
    BookingFactory(event_type=event_type, invitee_email="bo@example.com", notes="I am Bo.")

    exported = of_invitee("IRIS@example.com", host)

    assert [each["notes"] for each in exported["bookings"]] == ["I am Iris."]
    assert (exported["email"], exported["names"]) == ("IRIS@example.com", ["Iris Invitee"])


def test_guest_gets_nothing_of_who_booked(event_type: EventType, host: Host) -> None:
    guests = ["Iris@example.com", "bo@example.com"]
    BookingFactory(event_type=event_type, starts_at=START, invitee_email="grace@example.com", guests=guests)

    assert of_invitee(IRIS, host)["guest_of"] == [
        {
            "host": "Ada Host",
            "title": "Discovery call",
            "starts_at": "2026-12-03T09:00:00+00:00",
            "ends_at": "2026-12-03T09:30:00+00:00",
            "status": "confirmed",
            "guests": ["Iris@example.com"],
            "mail_failures": [],
        }
    ]


def test_link_tells_of_nobody_else(link: PrivateLink, host: Host, clock: None) -> None:
    change_link(link=link, changes={"name": "Iris & Bo", "invitee_name": "Iris", "invitee_email": IRIS})
    change_link(link=link, changes={"allowed_invitees": ["bo@example.com", IRIS], "max_uses": 5})
    change_link(link=link, changes={"invitee_name": "Bo", "invitee_email": "bo@example.com"})

    (found,) = of_invitee(IRIS, host)["named_in_private_links"]

    assert found["settings"] == {"name": "Iris & Bo", "allowed_invitees": [IRIS]}
    assert [event["changes"] for event in found["events"]] == [
        {"is": {"name": "Iris & Bo", "invitee_name": "Iris", "invitee_email": IRIS}},
        {"is": {"allowed_invitees": [IRIS]}},
        {"was": {"invitee_name": "Iris", "invitee_email": IRIS}},
    ]


def test_host_sees_nothing_of_other_hosts(event_type: EventType, host: Host) -> None:
    BookingFactory(event_type=event_type)
    BookingFactory(notes="Elsewhere")

    assert len(of_invitee(IRIS, host)["bookings"]) == 1
    assert len(of_invitee(IRIS)["bookings"]) == 2


# --- Commands ------------------------------------------------------------------------------------------------------


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_command_writes_the_file_about_a_host(host: Host) -> None:
    assert json.loads(run("export_host", "ada"))["host"]["name"] == "Ada Host"


def test_command_writes_the_file_about_an_invitee(event_type: EventType) -> None:
    BookingFactory(event_type=event_type)
    BookingFactory()

    assert len(json.loads(run("export_invitee", IRIS))["bookings"]) == 2
    assert len(json.loads(run("export_invitee", IRIS, "--host", "ada"))["bookings"]) == 1


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["export_host", "nobody"], "There is no host with the username nobody."),
        (["export_invitee", IRIS, "--host", "nobody"], "There is no host with the username nobody."),
        (["export_invitee", IRIS], "Nothing is kept of this address."),
        (["erase_invitee", "iris"], "iris is no e-mail address."),
        (["erase_invitee", IRIS, "--host", "nobody"], "There is no host with the username nobody."),
    ],
)
def test_commands_say_what_they_do_not_find(db: None, words: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem) as refused:
        run(*words)

    assert refused.value.returncode == 1


def test_command_erases_everywhere_or_at_one_host(event_type: EventType) -> None:
    for booking in (BookingFactory(event_type=event_type), BookingFactory()):
        Booking.objects.filter(pk=booking.pk).update(
            starts_at=START.replace(year=2020), ends_at=START.replace(year=2021)
        )

    at_one = run("erase_invitee", IRIS, "--host", "ada", "--yes")
    everywhere = run("erase_invitee", IRIS, "--yes")
    again = run("erase_invitee", IRIS)

    nothing = "bookings 0, bookings of others as a guest 0, private links 0, mails with links 0"
    one = nothing.replace("bookings 0", "bookings 1", 1)
    assert at_one == f"Found: {one}.\nErased: {one}.\n"
    assert everywhere == f"Found: {one}.\nErased: {one}.\n"
    assert again == f"Found: {nothing}.\nErased: {nothing}.\n"


def test_command_erases_nobody_unasked(event_type: EventType) -> None:
    BookingFactory(event_type=event_type)

    with pytest.raises(CommandError, match="say --yes to erase"):
        run("erase_invitee", IRIS)

    assert Booking.objects.not_erased().count() == 1


def test_command_names_the_bookings_ahead(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=datetime(2999, 12, 3, 9, tzinfo=UTC))
    errors = StringIO()

    with pytest.raises(CommandError, match="Cancel or decline them first"):
        call_command("erase_invitee", IRIS, "--yes", stdout=StringIO(), stderr=errors)

    assert errors.getvalue() == "ada: Discovery call, 2999-12-03 09:00 UTC (confirmed)\n"
