"""What the Advanced tab shows, and that all that it can show can be sent."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host, Visibility
from privatelinks.forms.advanced_tab import MAX_NEW_ROWS, MAX_STORED_ROWS
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.privatelinks.advanced_tab import NOW, TOMORROW, YESTERDAY, opened, save, url_of

EVERYTHING = {
    "max_uses": 5,
    "opens_at": datetime(2999, 8, 1, 7, 30, tzinfo=UTC),
    "expires_at": datetime(2999, 8, 31, 7, 30, tzinfo=UTC),
    "is_paused": True,
    "returns_uses": True,
}

pytestmark = pytest.mark.django_db


class TestShowing:
    def test_tab_of_another_host_is_not_found(self, host_client: Client) -> None:
        foreign = EventTypeFactory.create()

        assert host_client.get(url_of(foreign)).status_code == HTTPStatus.NOT_FOUND
        assert host_client.post(url_of(foreign)).status_code == HTTPStatus.NOT_FOUND

    def test_visitor_is_led_to_the_log_in(self, client: Client, event_type: EventType) -> None:
        response = client.get(url_of(event_type))

        assert response.headers["Location"] == f"/accounts/login/?next={url_of(event_type)}"

    def test_tab_is_never_kept_by_a_browser(self, host_client: Client, event_type: EventType) -> None:
        assert "no-store" in host_client.get(url_of(event_type)).headers["Cache-Control"]

    def test_row_tells_name_state_what_is_left_and_url(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(
            event_type=event_type,
            name="Beta",
            max_uses=5,
            usage_count=3,
            expires_at=datetime(2999, 8, 31, 22, tzinfo=UTC),
        )

        page = host_client.get(url_of(event_type)).text

        assert "2 of 5 uses left" in page
        assert "until the end of 31 Aug 2999 (Europe/Berlin)" in page
        assert f'value="{settings.SITE_URL}/d/{link.hash}/discovery-call"' in page
        assert 'aria-label="URL of Beta"' in page

    def test_row_tells_from_when_it_is_open_and_that_uses_come_back(
        self, host_client: Client, event_type: EventType
    ) -> None:
        opens_at = datetime(2999, 8, 30, 22, tzinfo=UTC)
        PrivateLinkFactory.create(event_type=event_type, opens_at=opens_at, returns_uses=True, is_paused=True)

        [row] = host_client.get(url_of(event_type)).context["rows"]

        assert [fact.text for fact in row.line.facts] == [
            "1 of 1 use left",
            "uses come back on cancellation",
            "from 31 Aug 2999 (Europe/Berlin)",
            "paused",
        ]

    @pytest.mark.parametrize(
        ("opens_at", "day", "time"),
        [
            (datetime(2999, 8, 30, 22, tzinfo=UTC), "2999-08-31", ""),
            (datetime(2999, 8, 31, 12, tzinfo=UTC), "2999-08-31", "14:00"),
            (None, "", ""),
        ],
    )
    def test_opening_date_is_in_the_fields_as_it_was_typed(
        self, host_client: Client, event_type: EventType, opens_at: datetime | None, day: str, time: str
    ) -> None:
        PrivateLinkFactory.create(event_type=event_type, opens_at=opens_at)

        fields = opened(host_client, event_type)

        assert (fields["links-0-opens_on"], fields["links-0-opens_time"]) == (day, time)

    def test_names_are_text(self, host_client: Client, event_type: EventType) -> None:
        PrivateLinkFactory.create(event_type=event_type, name="<script>alert(1)</script>")

        page = host_client.get(url_of(event_type)).text

        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_active_links_come_first_and_ended_ones_last(self, host_client: Client, event_type: EventType) -> None:
        PrivateLinkFactory.create(event_type=event_type, name="ended", usage_count=1)
        PrivateLinkFactory.create(event_type=event_type, name="paused", is_paused=True)
        PrivateLinkFactory.create(event_type=event_type, name="later", expires_at=NOW + timedelta(days=9))
        PrivateLinkFactory.create(event_type=event_type, name="sooner", expires_at=NOW + timedelta(days=8))

        rows = host_client.get(url_of(event_type)).context["rows"]

        assert [row.line.name for row in rows] == ["sooner", "later", "paused", "ended"]

    def test_zone_of_the_schedule_is_printed_at_the_expiry_date(self, host: Host, host_client: Client) -> None:
        schedule = ScheduleFactory.create(host=host, time_zone="Asia/Kolkata")
        event_type = EventTypeFactory.create(host=host, schedule=schedule)
        PrivateLinkFactory.create(event_type=event_type)

        page = host_client.get(url_of(event_type)).text

        assert "In the time zone Asia/Kolkata." in page
        assert "People can book until then; the meeting itself may be later." in page

    @pytest.mark.parametrize(
        ("reach", "links", "is_marked"),
        [
            ({"visibility": Visibility.PRIVATE}, [], True),
            ({"visibility": Visibility.PRIVATE}, [{}], False),
            ({"visibility": Visibility.PRIVATE, "private_links_enabled": False}, [{}], True),
            ({"visibility": Visibility.PRIVATE}, [{"usage_count": 1}], True),
            ({"visibility": Visibility.PRIVATE}, [{"expires_at": YESTERDAY}], True),
            ({"visibility": Visibility.PRIVATE}, [{"is_paused": True}], True),
            ({"visibility": Visibility.PRIVATE}, [{"opens_at": TOMORROW}], True),
            ({"visibility": Visibility.PRIVATE}, [{"is_paused": True}, {}], False),
            ({"visibility": Visibility.PUBLIC}, [], False),
            ({"visibility": Visibility.UNLISTED}, [], False),
        ],
    )
    def test_private_event_type_without_a_live_link_is_marked(
        self, host_client: Client, event_type: EventType, reach: Any, links: list[Any], is_marked: bool
    ) -> None:
        EventType.objects.filter(pk=event_type.pk).update(**reach)
        for values in links:
            PrivateLinkFactory.create(event_type=event_type, **values)

        page = host_client.get(url_of(event_type)).text

        assert ("Nobody can book this" in page) is is_marked

    @pytest.mark.parametrize("link_count", [1, 3])
    def test_tab_needs_the_same_queries_for_any_number_of_links(
        self,
        host_client: Client,
        event_type: EventType,
        link_count: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        PrivateLinkFactory.create_batch(link_count, event_type=event_type)

        # The session, the host, the event type, its links, and how many more there are.
        with django_assert_num_queries(5):
            host_client.get(url_of(event_type))

    def test_tab_edits_fifty_links_and_leads_to_the_others(self, host_client: Client, event_type: EventType) -> None:
        PrivateLinkFactory.create_batch(52, event_type=event_type)

        response = host_client.get(url_of(event_type))

        assert len(response.context["rows"]) == MAX_STORED_ROWS == 50
        assert f'href="/private-links/?event_type={event_type.pk}"' in response.text
        assert "2 more private links of this event type" in response.text

    def test_fullest_form_has_fewer_fields_than_a_request_may_have(
        self, host_client: Client, event_type: EventType
    ) -> None:
        expires_at = NOW + timedelta(days=1, seconds=1)
        PrivateLinkFactory.create_batch(MAX_STORED_ROWS, event_type=event_type, expires_at=expires_at, is_paused=True)
        fields = opened(host_client, event_type)
        per_row = sum(name.removeprefix("initial-").startswith("links-0-") for name in fields) + len(["DELETE"])

        most = len(fields) + MAX_STORED_ROWS + MAX_NEW_ROWS * per_row

        assert most < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    def test_tab_with_every_row_filled_in_can_be_sent(self, host_client: Client, event_type: EventType) -> None:
        PrivateLinkFactory.create_batch(MAX_STORED_ROWS, event_type=event_type, **EVERYTHING)
        fields = opened(host_client, event_type)
        row = {name: value for name, value in fields.items() if name.removeprefix("initial-").startswith("links-0-")}
        for number in range(MAX_STORED_ROWS, MAX_STORED_ROWS + MAX_NEW_ROWS):
            fields |= {name.replace("links-0-", f"links-{number}-"): value for name, value in row.items()}
            fields |= {f"links-{number}-id": "", f"links-{number}-name": "new"}
        fields["links-TOTAL_FORMS"] = str(MAX_STORED_ROWS + MAX_NEW_ROWS)

        response = save(host_client, event_type, fields)

        assert response.status_code == HTTPStatus.FOUND
        values = event_type.private_links.values_list("max_uses", "opens_at", "expires_at", "is_paused", "returns_uses")
        assert list(values) == [tuple(EVERYTHING.values())] * 60
        assert event_type.private_links.filter(name="new").count() == 10
