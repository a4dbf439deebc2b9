"""The Advanced tab over HTTP: what it shows, what it stores, and what it does with forms that are old or made up."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host, Visibility
from privatelinks.forms.advanced_tab import MAX_NEW_ROWS, MAX_ROWS, MAX_STORED_ROWS
from privatelinks.models import PrivateLink
from privatelinks.services.uses import spend_use
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.privatelinks.forms_of_a_page import fields_of

NOW = datetime.now(UTC)
TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)
PASSED = "This has passed already. Choose a later date, or leave it blank for no limit."
GONE = "This link has been deleted meanwhile, so your changes to it cannot be saved. Delete the row to go on."

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type(host: Host) -> EventType:
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type


def url_of(event_type: EventType) -> str:
    return f"/event-types/{event_type.pk}/advanced/"


def opened(client: Client, event_type: EventType) -> dict[str, str]:
    """Open the tab and return the fields of its form as they are sent untouched."""
    return fields_of(client.get(url_of(event_type)).text, having="visibility")


def save(client: Client, event_type: EventType, fields: dict[str, str], **typed: str) -> Any:
    """Save the tab with what was typed; `links_0_name` stands for the field links-0-name."""
    named = {name.replace("links_0_", "links-0-").replace("links_1_", "links-1-"): text for name, text in typed.items()}
    return client.post(url_of(event_type), fields | named)


def errors_of(response: Any) -> list[dict[str, list[str]]]:
    return [dict(form.errors) for form in response.context["form"].links.forms]


def settings_of_bookings(event_type: EventType) -> tuple[bool, bool, bool, int]:
    return (
        event_type.requires_confirmation,
        event_type.invitees_may_reschedule,
        event_type.invitees_may_cancel,
        event_type.change_notice_hours,
    )


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


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
            "links_0_is_paused": "on",
        }

        response = save(host_client, event_type, opened(host_client, event_type), **typed)

        fresh = stored(link)
        assert (fresh.name, fresh.max_uses, fresh.is_paused) == ("Beta", 5, True)
        assert fresh.expires_at == datetime(2999, 8, 31, 22, tzinfo=UTC)
        assert [str(message) for message in get_messages(response.wsgi_request)] == ["Saved."]

    def test_date_with_a_time_is_that_time_in_the_schedules_zone(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)
        typed = {"links_0_expires_on": "2999-08-31", "links_0_expires_time": "14:00"}

        save(host_client, event_type, opened(host_client, event_type), **typed)

        assert stored(link).expires_at == datetime(2999, 8, 31, 12, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("field", "attribute"), [("links_0_max_uses", "max_uses"), ("links_0_expires_on", "expires_at")]
    )
    def test_blank_clears_a_limit(self, host_client: Client, event_type: EventType, field: str, attribute: str) -> None:
        end = datetime(2999, 8, 31, 22, tzinfo=UTC)
        link = PrivateLinkFactory.create(event_type=event_type, max_uses=5, expires_at=end)

        save(host_client, event_type, opened(host_client, event_type), **{field: ""})

        cleared = {"max_uses": 5, "expires_at": end} | {attribute: None}
        assert {"max_uses": stored(link).max_uses, "expires_at": stored(link).expires_at} == cleared

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


class TestRefusing:
    @pytest.mark.parametrize(
        ("typed", "errors"),
        [
            ({"max_uses": "0"}, {"max_uses": ["Allow at least one use, or leave it blank for no limit."]}),
            ({"max_uses": "-1"}, {"max_uses": ["Allow at least one use, or leave it blank for no limit."]}),
            ({"max_uses": "2"}, {"max_uses": ["The link has been used 3 times already. Allow at least as many."]}),
            ({"max_uses": "1000001"}, {"max_uses": ["Allow at most a million uses, or leave it blank for no limit."]}),
            ({"max_uses": "9" * 5000}, {"max_uses": ["Enter a whole number."]}),
            ({"max_uses": "2.0"}, {"max_uses": ["Enter a whole number."]}),
            ({"max_uses": "five"}, {"max_uses": ["Enter a whole number."]}),
            ({"expires_on": "2020-01-01"}, {"expires_on": [PASSED]}),
            ({"expires_on": "0001-01-01"}, {"expires_on": [PASSED]}),
            ({"expires_on": "9999-12-31"}, {"expires_on": ["Choose a date before the year 3000."]}),
            ({"expires_on": "2999-12-31"}, {}),
            ({"expires_on": "soon"}, {"expires_on": ["Enter a valid date."]}),
            ({"expires_on": "", "expires_time": "14:00"}, {"expires_on": ["Choose the date, too."]}),
            (
                {"expires_on": "2999-08-31", "expires_time": "25:00"},
                {"expires_time": ["Enter a valid time."]},
            ),
            ({"name": "x" * 101}, {"name": ["Use at most 100 characters; this has 101."]}),
            ({"name": "a\x00b"}, {"name": ["Null characters are not allowed."]}),
        ],
    )
    def test_refusal_stands_beside_its_field_and_stores_nothing(
        self, host_client: Client, event_type: EventType, typed: dict[str, str], errors: dict[str, list[str]]
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, name="Old", max_uses=5, usage_count=3)
        values = {f"links_0_{field}": text for field, text in typed.items()}

        response = save(host_client, event_type, opened(host_client, event_type) | {"visibility": "private"}, **values)

        event_type.refresh_from_db()
        if not errors:
            assert response.status_code == HTTPStatus.FOUND
            return
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert errors_of(response) == [errors]
        assert (stored(link).name, stored(link).max_uses, stored(link).expires_at) == ("Old", 5, None)
        assert event_type.visibility == Visibility.PUBLIC

    def test_all_rows_are_judged_at_once_and_nothing_typed_is_lost(
        self, host_client: Client, event_type: EventType
    ) -> None:
        PrivateLinkFactory.create(event_type=event_type, max_uses=5, usage_count=3, expires_at=TOMORROW)
        PrivateLinkFactory.create(event_type=event_type)
        typed = {"links_0_max_uses": "1", "links_0_name": "Typed", "links_1_expires_on": "2020-01-01"}

        response = save(host_client, event_type, opened(host_client, event_type), **typed)

        used = "The link has been used 3 times already. Allow at least as many."
        assert errors_of(response) == [{"max_uses": [used]}, {"expires_on": [PASSED]}]
        sent_again = fields_of(response.text, having="visibility")
        assert sent_again["links-0-max_uses"] == "1"
        assert sent_again["links-0-name"] == "Typed"
        assert sent_again["links-1-expires_on"] == "2020-01-01"
        assert sent_again["initial-links-0-max_uses"] == "5"

    def test_row_with_a_refusal_is_folded_out(self, host_client: Client, event_type: EventType) -> None:
        PrivateLinkFactory.create(event_type=event_type)

        response = save(host_client, event_type, opened(host_client, event_type), links_0_max_uses="0")

        assert '<details class="dialog-fold" open>' in response.text
        assert 'aria-invalid="true"' in response.text
        assert "data-unsaved" in response.text
        assert "Nothing has been saved. Please check what is marked below." in response.text

    def test_unchanged_old_date_does_not_stand_in_the_way(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, expires_at=YESTERDAY)

        save(host_client, event_type, opened(host_client, event_type), links_0_name="Renamed")

        assert (stored(link).name, stored(link).expires_at) == ("Renamed", YESTERDAY)

    @pytest.mark.parametrize("visibility", ["", "secret", "\x00"])
    def test_visibility_that_does_not_exist_is_refused(
        self, host_client: Client, event_type: EventType, visibility: str
    ) -> None:
        response = save(host_client, event_type, opened(host_client, event_type), visibility=visibility)

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_form_without_its_count_of_rows_is_refused(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)

        response = host_client.post(url_of(event_type), {"visibility": "private"})

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Something of the page was lost on the way. Please open it again." in response.text
        assert stored(link).hash == link.hash

    @pytest.mark.parametrize("total", ["61", "1000000", "many"])
    def test_counts_of_rows_that_cannot_be_are_refused(
        self, host_client: Client, event_type: EventType, total: str
    ) -> None:
        fields = opened(host_client, event_type) | {"links-TOTAL_FORMS": total}

        response = save(host_client, event_type, fields)

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert event_type.private_links.count() == 0

    def test_row_that_was_counted_but_not_sent_makes_no_link(self, host_client: Client, event_type: EventType) -> None:
        fields = opened(host_client, event_type) | {"links-TOTAL_FORMS": "3"}

        response = save(host_client, event_type, fields)

        assert response.status_code == HTTPStatus.FOUND
        assert event_type.private_links.count() == 0


class TestTwoAtOnce:
    def test_use_spent_while_the_form_was_open_is_not_taken_back(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, max_uses=5)
        fields = opened(host_client, event_type)
        spend_use(link, timezone.now())

        save(host_client, event_type, fields, links_0_name="Renamed")

        assert (stored(link).name, stored(link).usage_count) == ("Renamed", 1)

    def test_limit_below_the_uses_spent_while_the_form_was_open_is_refused(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, max_uses=5)
        fields = opened(host_client, event_type)
        PrivateLink.objects.filter(pk=link.pk).update(usage_count=2)

        response = save(host_client, event_type, fields, links_0_max_uses="1")

        assert errors_of(response) == [
            {"max_uses": ["The link has been used 2 times already. Allow at least as many."]}
        ]

    def test_what_another_window_saved_is_not_taken_back(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)
        old, new = opened(host_client, event_type), opened(host_client, event_type)

        save(host_client, event_type, new, links_0_max_uses="9", visibility="unlisted")
        save(host_client, event_type, old, links_0_name="Renamed")

        event_type.refresh_from_db()
        assert (stored(link).name, stored(link).max_uses) == ("Renamed", 9)
        assert event_type.visibility == Visibility.UNLISTED

    def test_change_of_a_link_deleted_meanwhile_is_told_and_nothing_is_stored(
        self, host_client: Client, event_type: EventType
    ) -> None:
        gone = PrivateLinkFactory.create(event_type=event_type, expires_at=TOMORROW)
        kept = PrivateLinkFactory.create(event_type=event_type, name="Kept")
        fields = opened(host_client, event_type)
        PrivateLink.objects.filter(pk=gone.pk).delete()

        response = save(host_client, event_type, fields, links_0_name="Typed", links_1_name="Renamed")

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert errors_of(response) == [{"__all__": [GONE]}, {}]
        assert [row.line.name for row in response.context["rows"]] == ["Typed", "Renamed"]
        assert [row.is_unfolded for row in response.context["rows"]] == [False, False]
        assert stored(kept).name == "Kept"
        again = save(host_client, event_type, fields_of(response.text, having="visibility"), links_0_DELETE="on")
        assert again.status_code == HTTPStatus.FOUND
        assert list(event_type.private_links.values_list("name", flat=True)) == ["Renamed"]

    def test_untouched_row_of_a_link_deleted_meanwhile_does_no_harm(
        self, host_client: Client, event_type: EventType
    ) -> None:
        gone = PrivateLinkFactory.create(event_type=event_type, expires_at=TOMORROW)
        kept = PrivateLinkFactory.create(event_type=event_type)
        fields = opened(host_client, event_type)
        PrivateLink.objects.filter(pk=gone.pk).delete()

        save(host_client, event_type, fields, links_1_name="Renamed")

        assert list(event_type.private_links.values_list("pk", "name")) == [(kept.pk, "Renamed")]


class TestMadeUpForms:
    @pytest.mark.parametrize(
        "forged",
        [
            {"links-0-usage_count": "0"},
            {"links-0-hash": "2" * 22},
            {"links-0-event_type": "1"},
            {"links-0-invitee_email": "forged@example.com"},
            {"host": "1", "slug": "taken", "title": "Forged", "usage_count": "0"},
        ],
    )
    def test_fields_that_the_form_does_not_have_are_ignored(
        self, host_client: Client, event_type: EventType, forged: dict[str, str]
    ) -> None:
        PrivateLinkFactory.create(event_type=event_type, max_uses=5, usage_count=3)
        before = list(PrivateLink.objects.values()), list(EventType.objects.values())

        response = save(host_client, event_type, opened(host_client, event_type) | forged)

        assert response.status_code == HTTPStatus.FOUND
        assert (list(PrivateLink.objects.values()), list(EventType.objects.values())) == before

    @pytest.mark.parametrize("is_of_the_same_host", [True, False])
    def test_links_of_other_event_types_are_out_of_reach(
        self, host: Host, host_client: Client, event_type: EventType, is_of_the_same_host: bool
    ) -> None:
        PrivateLinkFactory.create(event_type=event_type)
        other = EventTypeFactory.create(host=host) if is_of_the_same_host else EventTypeFactory.create()
        foreign = PrivateLinkFactory.create(event_type=other, name="Foreign")
        fields = opened(host_client, event_type) | {"links-0-id": str(foreign.pk)}

        changing = save(host_client, event_type, fields, links_0_name="Mine")
        save(host_client, event_type, fields, links_0_DELETE="on")

        assert changing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Foreign" not in changing.text
        assert foreign.hash not in changing.text
        assert stored(foreign).name == "Foreign"

    @pytest.mark.parametrize("pk", ["abc", "-1", "0", "9" * 30, "9" * 5000, "\x00", "１", "1 2"])
    def test_ids_that_are_none_are_refused(self, host_client: Client, event_type: EventType, pk: str) -> None:
        PrivateLinkFactory.create(event_type=event_type)

        response = save(host_client, event_type, opened(host_client, event_type), links_0_id=pk, links_0_name="X")

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


class TestAddingARow:
    def test_adding_without_javascript_stores_nothing_and_loses_nothing(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, name="Old")
        fields = opened(host_client, event_type) | {"links-0-name": "Typed", "visibility": "private", "add_link": ""}

        response = host_client.post(url_of(event_type), fields)

        shown = fields_of(response.text, having="visibility")
        assert response.status_code == HTTPStatus.OK
        assert (shown["links-0-name"], shown["initial-links-0-name"]) == ("Typed", "Old")
        assert shown["visibility"] == "private"
        assert (shown["links-1-id"], shown["links-1-max_uses"], shown["links-1-expires_on"]) == ("", "1", "")
        assert event_type.private_links.count() == 1
        assert stored(link).name == "Old"

    def test_added_row_has_no_url_to_copy_or_open(self, host_client: Client, event_type: EventType) -> None:
        fields = opened(host_client, event_type)

        page = host_client.post(url_of(event_type), fields | {"add_link": ""}).text

        assert "The URL is made when you save." in page
        assert "Copy link" not in page
        assert "/d/" not in page

    def test_no_more_rows_than_a_request_can_carry(self, host_client: Client, event_type: EventType) -> None:
        fields = opened(host_client, event_type) | {"add_link": ""}

        last = host_client.post(url_of(event_type), fields | {"links-TOTAL_FORMS": str(MAX_ROWS - 1)})
        one_too_many = host_client.post(url_of(event_type), fields | {"links-TOTAL_FORMS": str(MAX_ROWS)})

        assert [len(page.context["rows"]) for page in (last, one_too_many)] == [MAX_ROWS] * 2
        assert 'name="add_link"' not in last.text
        assert "Save first, then you can add more links." in last.text


class TestPreview:
    def preview(self, client: Client, event_type: EventType, **sent: str) -> Any:
        fields = {f"links-0-{name}": value for name, value in sent.items()}
        return client.post(f"/event-types/{event_type.pk}/advanced/preview/", {"row": "links-0"} | fields)

    def test_preview_words_what_was_typed_and_stores_nothing(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, name="Old", max_uses=5, usage_count=3)

        page = self.preview(host_client, event_type, id=str(link.pk), name="New", max_uses="9").text

        assert "New" in page
        assert "6 of 9 uses left" in page
        assert "Not saved yet" in page
        assert (stored(link).name, stored(link).max_uses) == ("Old", 5)

    def test_preview_tells_what_the_rules_refuse(self, host_client: Client, event_type: EventType) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, max_uses=5, usage_count=3)

        page = self.preview(host_client, event_type, id=str(link.pk), max_uses="1").text

        assert "Number of allowed uses: The link has been used 3 times already. Allow at least as many." in page
        assert "2 of 5 uses left" in page

    def test_preview_of_a_new_row(self, host_client: Client, event_type: EventType) -> None:
        page = self.preview(host_client, event_type, id="", name="New", max_uses="2").text

        assert "2 of 2 uses left" in page
        assert event_type.private_links.count() == 0

    def test_preview_knows_no_link_of_others(self, host_client: Client, event_type: EventType) -> None:
        foreign = PrivateLinkFactory.create(name="Foreign")

        page = self.preview(host_client, event_type, id=str(foreign.pk)).text

        assert "Foreign" not in page
        assert self.preview(host_client, foreign.event_type, id=str(foreign.pk)).status_code == HTTPStatus.NOT_FOUND

    def test_preview_is_asked_for_by_post(self, host_client: Client, event_type: EventType) -> None:
        response = host_client.get(f"/event-types/{event_type.pk}/advanced/preview/")

        assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


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
