"""Private links as a CSV file: what a host finds in a spreadsheet, of which links, and that nothing in it is run."""

import uuid
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.csv_files import content_of, rows_of
from tests.factories import EventTypeFactory, PrivateLinkFactory

KEY = uuid.UUID(int=1)
NOW = datetime.now(UTC)
TOGETHER = f"/private-links/together/{KEY}/links.csv"

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type(host: Host) -> EventType:
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type


def names(client: Client, **asked: Any) -> list[str]:
    """Return the names in the file, for a query."""
    return [row["Name"] for row in rows_of(client.get("/private-links/links.csv", asked))]


def test_row_has_url_limits_and_state_on_the_clock_of_the_schedule(host_client: Client, event_type: EventType) -> None:
    link = PrivateLinkFactory.create(
        event_type=event_type,
        name="Beta",
        max_uses=5,
        usage_count=2,
        opens_at=datetime(2026, 1, 1, 8, tzinfo=UTC),
        expires_at=datetime(2999, 8, 31, 22, tzinfo=UTC),
        returns_uses=True,
        invitee_name="Iris Invitee",
        invitee_email="iris@example.com",
        allowed_invitees=["iris@example.com", "@example.org"],
        offer_starts_on=date(2026, 9, 1),
        offer_ends_on=date(2026, 9, 30),
        offer_duration_minutes=45,
        offer_notice_minutes=0,
    )
    PrivateLink.objects.update(created_at=datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC))

    (row,) = rows_of(host_client.get("/private-links/links.csv"))

    assert row == {
        "Name": "Beta",
        "URL": f"{settings.SITE_URL}/d/{link.hash}/discovery-call",
        "Event type": "Discovery call",
        "State": "Active",
        "Works now": "Yes",
        "Allowed uses": "5",
        "Uses": "2",
        "Uses left": "3",
        "Opens": "2026-01-01T09:00:00+01:00",
        "Opens, in words": "from 1 Jan 2026, 09:00 (Europe/Berlin)",
        "Expires": "2999-09-01T00:00:00+02:00",
        "Expires, in words": "until the end of 31 Aug 2999 (Europe/Berlin)",
        "Gives uses back": "Yes",
        "For": "Iris Invitee",
        "E-mail address": "iris@example.com",
        "Only for": "iris@example.com, @example.org",
        "Offers from": "2026-09-01",
        "Offers through": "2026-09-30",
        "Offered duration, minutes": "45",
        "Own notice, minutes": "0",
        "Created": "2026-03-29T01:59:59+01:00",
    }


def test_what_is_not_limited_is_blank(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="", max_uses=None)

    (row,) = rows_of(host_client.get("/private-links/links.csv"))

    blank = {heading for heading, cell in row.items() if not cell}
    of_limits = {"Allowed uses", "Uses left", "Opens", "Opens, in words", "Expires", "Expires, in words"}
    of_offer = {"Offers from", "Offers through", "Offered duration, minutes", "Own notice, minutes"}
    assert blank == {"Name", "For", "E-mail address", "Only for"} | of_limits | of_offer


def test_state_and_whether_it_works_are_the_lists(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, is_paused=True)
    PrivateLinkFactory.create(event_type=event_type, usage_count=1)
    PrivateLinkFactory.create(event_type=event_type, expires_at=NOW - timedelta(days=1))
    PrivateLinkFactory.create(event_type=event_type, opens_at=NOW + timedelta(days=1))
    off = EventTypeFactory.create(host=event_type.host, private_links_enabled=False)
    PrivateLinkFactory.create(event_type=off)

    rows = rows_of(host_client.get("/private-links/links.csv"))

    assert {(row["State"], row["Works now"]) for row in rows} == {
        ("Active", "No"),
        ("Paused", "No"),
        ("Used up", "No"),
        ("Expired", "No"),
        ("Scheduled", "No"),
    }


def test_file_has_the_links_of_the_list_in_its_order(host: Host, host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="ended", usage_count=1)
    PrivateLinkFactory.create(event_type__host=host, name="active")
    PrivateLinkFactory.create(name="of another host")

    assert names(host_client) == ["active", "ended"]


def test_file_is_narrowed_as_the_list_is(host: Host, host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta 1", is_paused=True)
    PrivateLinkFactory.create(event_type=event_type, name="Beta 2")
    PrivateLinkFactory.create(event_type__host=host, name="Other", is_paused=True)

    found = [
        names(host_client, q="beta"),
        names(host_client, state="paused"),
        names(host_client, event_type=event_type.pk),
        names(host_client, q="beta", state="paused", event_type=event_type.pk),
        names(host_client, q="nothing"),
    ]

    assert [sorted(each) for each in found] == [
        ["Beta 1", "Beta 2"],
        ["Beta 1", "Other"],
        ["Beta 1", "Beta 2"],
        ["Beta 1"],
        [],
    ]


def test_event_type_of_another_host_counts_as_not_asked(host_client: Client, event_type: EventType) -> None:
    foreign = PrivateLinkFactory.create(name="of another host")
    PrivateLinkFactory.create(event_type=event_type, name="own")

    assert names(host_client, event_type=foreign.event_type.pk) == ["own"]


@pytest.mark.parametrize("query", ["?q=%00", "?state=nonsense", "?event_type=x", "?event_type=99999999999999999999"])
def test_nonsense_counts_as_missing(host_client: Client, event_type: EventType, query: str) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")

    assert [row["Name"] for row in rows_of(host_client.get(f"/private-links/links.csv{query}"))] == ["Beta"]


def test_links_that_were_created_together_have_a_file_of_their_own(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Another")
    for number in (1, 2):
        PrivateLinkFactory.create(event_type=event_type, name=f"Beta {number}", batch=KEY)

    response = host_client.get(TOGETHER)

    assert [row["Name"] for row in rows_of(response)] == ["Beta 1", "Beta 2"]
    assert response.headers["Content-Disposition"].startswith('attachment; filename="private-links-discovery-call-')


def test_text_is_never_run(host: Host, host_client: Client) -> None:
    typed = {"name": '=HYPERLINK("x";"y")', "invitee_name": "@SUM(1)", "allowed_invitees": ["@example.com"]}
    PrivateLinkFactory.create(event_type__host=host, event_type__title="-2+3", **typed)

    (row,) = rows_of(host_client.get("/private-links/links.csv"))

    cells = [row[heading] for heading in ("Name", "Event type", "For", "Only for")]
    assert cells == ['\'=HYPERLINK("x";"y")', "'-2+3", "'@SUM(1)", "'@example.com"]


def test_list_leads_to_the_file_of_what_it_shows(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create_batch(51, event_type=event_type, name="Beta")

    page = host_client.get("/private-links/?q=beta&page=2").text
    nothing_found = host_client.get("/private-links/?q=nothing").text

    assert 'href="/private-links/links.csv?q=beta"' in page
    assert "links.csv" not in nothing_found


def test_file_has_a_name_and_is_kept_by_nobody_on_the_way(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type)
    today = datetime.now(event_type.host.time_zone).date()

    of_all = host_client.get("/private-links/links.csv")
    of_one = host_client.get(f"/private-links/links.csv?event_type={event_type.pk}")

    assert of_all.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert of_all.headers["Cache-Control"] == "private, no-store"
    assert of_all.headers["Content-Disposition"] == f'attachment; filename="private-links-{today}.csv"'
    assert of_one.headers["Content-Disposition"] == f'attachment; filename="private-links-discovery-call-{today}.csv"'


@pytest.mark.parametrize("number", [1, 2_500])
def test_file_needs_the_same_queries_for_any_number_of_links(
    host_client: Client, event_type: EventType, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PrivateLink.objects.bulk_create(PrivateLink(event_type=event_type, batch=KEY) for _ in range(number))
    host_client.get("/private-links/")

    # The session, the host, the host's event types, and the links with them, their hosts and schedules.
    with django_assert_num_queries(4):
        of_all = content_of(host_client.get("/private-links/links.csv"))
    # The session, the host, the first of those that were created together, which says of what, and all of them.
    with django_assert_num_queries(4):
        together = content_of(host_client.get(TOGETHER))

    assert [content.count(b"\r\n") for content in (of_all, together)] == [number + 1] * 2


@pytest.mark.parametrize("address", ["/private-links/links.csv", TOGETHER])
def test_visitor_is_led_to_the_log_in(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("address", ["/private-links/links.csv", TOGETHER])
def test_file_is_only_read(host_client: Client, address: str) -> None:
    assert host_client.post(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
