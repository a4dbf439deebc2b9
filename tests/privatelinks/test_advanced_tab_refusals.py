"""What the Advanced tab refuses, with each message beside its field, and forms that are made up."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.test import Client

from eventtypes.models import EventType, Host, Schedule, Visibility
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.privatelinks.advanced_tab import TOMORROW, YESTERDAY, errors_of, opened, save, stored, url_of
from tests.privatelinks.forms_of_a_page import fields_of

PASSED = "This has passed already. Choose a later date, or leave it blank for no limit."
LATE = "The link must open before it expires."

pytestmark = pytest.mark.django_db


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
            ({"opens_on": "1999-12-31"}, {"opens_on": ["Choose a date from the year 2000 on."]}),
            ({"opens_on": "2000-01-01"}, {}),
            ({"opens_on": "9999-12-31"}, {"opens_on": ["Choose a date before the year 3000."]}),
            ({"opens_on": "soon"}, {"opens_on": ["Enter a valid date."]}),
            ({"opens_on": "", "opens_time": "14:00"}, {"opens_on": ["Choose the date, too."]}),
            ({"opens_on": "2999-08-31", "opens_time": "25:00"}, {"opens_time": ["Enter a valid time."]}),
            ({"opens_on": "2999-08-31", "expires_on": "2999-08-30"}, {"opens_on": [LATE]}),
            (
                {"opens_on": "2999-08-31", "opens_time": "14:00", "expires_on": "2999-08-31", "expires_time": "14:00"},
                {"opens_on": [LATE]},
            ),
            ({"opens_on": "2999-08-31", "expires_on": "2999-08-31"}, {}),
            ({"opens_on": "2999-08-31", "expires_on": "2020-01-01"}, {"expires_on": [PASSED]}),
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

    @pytest.mark.parametrize(
        ("typed", "field"),
        [({"links_0_opens_on": "2999-09-15"}, "opens_on"), ({"links_0_expires_on": "2999-07-15"}, "expires_on")],
    )
    def test_date_that_was_changed_bears_the_message_of_their_order(
        self, host_client: Client, event_type: EventType, typed: dict[str, str], field: str
    ) -> None:
        opens_at, expires_at = datetime(2999, 8, 1, tzinfo=UTC), datetime(2999, 8, 31, tzinfo=UTC)
        PrivateLinkFactory.create(event_type=event_type, opens_at=opens_at, expires_at=expires_at)

        response = save(host_client, event_type, opened(host_client, event_type), **typed)

        assert errors_of(response) == [{field: [LATE]}]

    @pytest.mark.parametrize("field", ["opens_on", "expires_on"])
    def test_date_typed_for_another_zone_is_to_be_checked(
        self, host_client: Client, event_type: EventType, field: str
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)
        fields = opened(host_client, event_type)
        Schedule.objects.update(time_zone="Asia/Kolkata")

        response = save(host_client, event_type, fields, **{f"links_0_{field}": "2999-08-31"})
        again = save(host_client, event_type, fields_of(response.text, having="visibility"))

        message = "The schedule's time zone is Asia/Kolkata now. Please check the date, and save again."
        assert errors_of(response) == [{field: [message]}]
        assert again.status_code == HTTPStatus.FOUND
        assert getattr(stored(link), field.replace("_on", "_at")).hour == 18

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
