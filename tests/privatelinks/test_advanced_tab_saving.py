"""What the Advanced tab stores: the limits of links, the settings of bookings, and each new link once."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from eventtypes.models import EventType, Host, Visibility
from privatelinks.models import LinkState, PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.privatelinks.advanced_tab import NOW, TOMORROW, YESTERDAY, opened, save, stored, url_of
from tests.privatelinks.forms_of_a_page import fields_of

pytestmark = pytest.mark.django_db


def settings_of_bookings(event_type: EventType) -> tuple[bool, bool, bool, int]:
    return (
        event_type.requires_confirmation,
        event_type.invitees_may_reschedule,
        event_type.invitees_may_cancel,
        event_type.change_notice_hours,
    )


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
