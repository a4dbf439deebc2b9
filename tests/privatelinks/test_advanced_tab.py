"""What the Advanced tab shows, and what it stores."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host, Visibility
from privatelinks.forms.advanced_tab import MAX_NEW_ROWS, MAX_STORED_ROWS
from privatelinks.models import LinkState, PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.privatelinks.advanced_tab import opened, save, stored, url_of
from tests.privatelinks.forms_of_a_page import fields_of

NOW = datetime.now(UTC)
TOMORROW = NOW + timedelta(days=1)
YESTERDAY = NOW - timedelta(days=1)
EVERYTHING = {
    "max_uses": 5,
    "opens_at": datetime(2999, 8, 1, 7, 30, tzinfo=UTC),
    "expires_at": datetime(2999, 8, 31, 7, 30, tzinfo=UTC),
    "is_paused": True,
    "returns_uses": True,
}

pytestmark = pytest.mark.django_db


def settings_of_bookings(event_type: EventType) -> tuple[bool, bool, bool, int]:
    return (
        event_type.requires_confirmation,
        event_type.invitees_may_reschedule,
        event_type.invitees_may_cancel,
        event_type.change_notice_hours,
    )


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


class TestSaving:
    def test_untouched_form_changes_nothing(self, host_client: Client, event_type: EventType) -> None:
        ended = {"expires_at": YESTERDAY, "max_uses": 2, "usage_count": 2, "is_paused": True}
        PrivateLinkFactory.create(event_type=event_type, **ended)
        PrivateLinkFactory.create(event_type=event_type, max_uses=None, opens_at=TOMORROW, returns_uses=True)
        before = list(event_type.private_links.order_by("pk").values())

        response = save(host_client, event_type, opened(host_client, event_type))

        assert response.headers["Location"] == url_of(event_type)
        assert list(event_type.private_links.order_by("pk").values()) == before

    def test_settings_of_a_link_are_stored(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)
        typed = {
            "links_0_name": "Beta",
            "links_0_max_uses": "5",
            "links_0_expires_on": "2999-08-31",
            "links_0_opens_on": "2999-08-01",
            "links_0_returns_uses": "on",
            "links_0_is_paused": "on",
        }

        response = save(host_client, event_type, opened(host_client, event_type), **typed)

        fresh = stored(link)
        assert (fresh.name, fresh.max_uses, fresh.is_paused, fresh.returns_uses) == ("Beta", 5, True, True)
        assert fresh.opens_at == datetime(2999, 7, 31, 22, tzinfo=UTC)
        assert fresh.expires_at == datetime(2999, 8, 31, 22, tzinfo=UTC)
        assert [str(message) for message in get_messages(response.wsgi_request)] == ["Saved."]

    def test_date_with_a_time_is_that_time_in_the_schedules_zone(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)
        typed = {"links_0_expires_on": "2999-08-31", "links_0_expires_time": "14:00"}
        typed |= {"links_0_opens_on": "2999-08-31", "links_0_opens_time": "09:30"}

        save(host_client, event_type, opened(host_client, event_type), **typed)

        assert stored(link).opens_at == datetime(2999, 8, 31, 7, 30, tzinfo=UTC)
        assert stored(link).expires_at == datetime(2999, 8, 31, 12, tzinfo=UTC)

    def test_link_may_open_in_the_past_and_is_open(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)

        save(host_client, event_type, opened(host_client, event_type), links_0_opens_on="2020-01-01")

        assert stored(link).opens_at == datetime(2019, 12, 31, 23, tzinfo=UTC)
        assert stored(link).state(NOW) == LinkState.ACTIVE

    @pytest.mark.parametrize(
        ("fields", "attribute"),
        [
            (["max_uses"], "max_uses"),
            (["expires_on"], "expires_at"),
            (["expires_on", "expires_time"], "expires_at"),
            (["opens_on"], "opens_at"),
            (["opens_on", "opens_time"], "opens_at"),
        ],
    )
    def test_blank_clears_a_limit(
        self, host_client: Client, event_type: EventType, fields: list[str], attribute: str
    ) -> None:
        is_timed = len(fields) == 2
        limits = {
            "max_uses": 5,
            "opens_at": datetime(2999, 8, 1, 9 if is_timed else 22, tzinfo=UTC),
            "expires_at": datetime(2999, 8, 31, 9 if is_timed else 22, tzinfo=UTC),
        }
        link = PrivateLinkFactory.create(event_type=event_type, **limits)

        blank = {f"links_0_{field}": "" for field in fields}
        save(host_client, event_type, opened(host_client, event_type), **blank)

        assert {field: getattr(stored(link), field) for field in limits} == limits | {attribute: None}

    def test_unticked_box_is_stored(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, returns_uses=True, is_paused=True)
        fields = opened(host_client, event_type)
        del fields["links-0-returns_uses"]

        save(host_client, event_type, fields)

        assert (stored(link).returns_uses, stored(link).is_paused) == (False, True)

    def test_new_row_makes_a_link_also_if_nothing_was_typed(self, host_client: Client, event_type: EventType) -> None:
        fields = opened(host_client, event_type)
        page = host_client.post(url_of(event_type), fields | {"add_link": ""}).text

        save(host_client, event_type, fields_of(page, having="visibility"))

        link = event_type.private_links.get()
        assert (link.name, link.max_uses, link.expires_at) == ("", 1, None)

    def test_deleted_row_deletes_its_link(self, host_client: Client, event_type: EventType) -> None:
        gone = PrivateLinkFactory.create(event_type=event_type, expires_at=TOMORROW)
        kept = PrivateLinkFactory.create(event_type=event_type)

        save(host_client, event_type, opened(host_client, event_type), links_0_DELETE="on")

        assert list(event_type.private_links.all()) == [kept]
        assert not PrivateLink.objects.filter(pk=gone.pk).exists()

    def test_deleted_row_may_hold_nonsense(self, host_client: Client, event_type: EventType) -> None:
        PrivateLinkFactory.create(event_type=event_type)
        typed = {"links_0_DELETE": "on", "links_0_max_uses": "many"}

        save(host_client, event_type, opened(host_client, event_type), **typed)

        assert event_type.private_links.count() == 0

    def test_first_switch_on_makes_a_link(self, host: Host, host_client: Client) -> None:
        event_type = EventTypeFactory.create(host=host, private_links_enabled=False)

        save(host_client, event_type, opened(host_client, event_type), private_links_enabled="on")

        assert event_type.private_links.get().max_uses == 1

    def test_switching_off_keeps_the_links(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)
        fields = opened(host_client, event_type)
        del fields["private_links_enabled"]

        save(host_client, event_type, fields)

        event_type.refresh_from_db()
        assert event_type.private_links_enabled is False
        assert stored(link).hash == link.hash

    def test_settings_of_bookings_are_stored(self, host_client: Client, event_type: EventType) -> None:
        fields = opened(host_client, event_type)
        del fields["invitees_may_cancel"], fields["invitees_may_reschedule"]

        save(host_client, event_type, fields, requires_confirmation="on", change_notice_hours="24")

        event_type.refresh_from_db()
        assert settings_of_bookings(event_type) == (True, False, False, 24)
        shown = opened(host_client, event_type)
        assert shown["requires_confirmation"] == "on"
        assert shown["change_notice_hours"] == "24"
        assert "invitees_may_cancel" not in shown

    def test_untouched_settings_of_bookings_are_not_stored(self, host_client: Client, event_type: EventType) -> None:
        fields = opened(host_client, event_type)
        EventType.objects.update(
            requires_confirmation=True, invitees_may_cancel=False, invitees_may_reschedule=False, change_notice_hours=5
        )

        save(host_client, event_type, fields, visibility="unlisted")

        event_type.refresh_from_db()
        assert settings_of_bookings(event_type) == (True, False, False, 5)

    def test_blank_notice_is_none(self, host_client: Client, event_type: EventType) -> None:
        EventType.objects.update(change_notice_hours=5)

        save(host_client, event_type, opened(host_client, event_type), change_notice_hours="")

        event_type.refresh_from_db()
        assert event_type.change_notice_hours == 0

    @pytest.mark.parametrize("typed", ["-1", "8785", "1.5", "soon", "\x00"])
    def test_notice_that_makes_no_sense_is_refused(
        self, host_client: Client, event_type: EventType, typed: str
    ) -> None:
        response = save(
            host_client, event_type, opened(host_client, event_type), change_notice_hours=typed, visibility="private"
        )

        event_type.refresh_from_db()
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert list(response.context["form"].errors) == ["change_notice_hours"]
        assert (event_type.change_notice_hours, event_type.visibility) == (0, Visibility.PUBLIC)

    def test_visibility_is_stored(self, host_client: Client, event_type: EventType) -> None:
        save(host_client, event_type, opened(host_client, event_type), visibility="private")

        event_type.refresh_from_db()
        assert event_type.visibility == Visibility.PRIVATE


@pytest.mark.parametrize("tab", ["setup", "availability", "limits"])
def test_other_tabs_never_touch_links(host_client: Client, event_type: EventType, tab: str) -> None:
    PrivateLinkFactory.create(event_type=event_type, max_uses=5, usage_count=3)
    PrivateLinkFactory.create(event_type=event_type, expires_at=YESTERDAY)
    before = list(event_type.private_links.order_by("pk").values())
    having = {"setup": "title", "availability": "schedule", "limits": "booking_window_kind"}[tab]
    page = host_client.get(f"/event-types/{event_type.pk}/{tab}/").text
    fields = fields_of(page, having=having) if tab != "availability" else {"schedule": str(event_type.schedule_id)}

    response = host_client.post(f"/event-types/{event_type.pk}/{tab}/", fields)

    assert response.status_code == HTTPStatus.FOUND
    assert list(event_type.private_links.order_by("pk").values()) == before


def test_form_that_is_sent_twice_makes_each_new_link_once(host_client: Client, event_type: EventType) -> None:
    fields = opened(host_client, event_type) | {"links-TOTAL_FORMS": "2", "links-0-name": "A", "links-1-name": "A"}

    for _ in range(2):
        save(host_client, event_type, fields)

    assert event_type.private_links.count() == 2


def test_form_that_is_gone_back_to_makes_the_link_that_is_typed_now(host_client: Client, event_type: EventType) -> None:
    fields = opened(host_client, event_type) | {"links-TOTAL_FORMS": "1"}

    for name in ("A", "B"):
        save(host_client, event_type, fields, links_0_name=name)

    assert sorted(link.name for link in event_type.private_links.all()) == ["A", "B"]


def test_form_keeps_its_key_when_a_row_is_added(host_client: Client, event_type: EventType) -> None:
    fields = opened(host_client, event_type)

    again = fields_of(save(host_client, event_type, fields | {"add_link": "1"}).text, having="visibility")

    assert again["links-request_key"] == fields["links-request_key"]
