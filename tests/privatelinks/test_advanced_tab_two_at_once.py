"""The Advanced tab in two windows, or open while somebody books: nothing is taken back."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from privatelinks.services.uses import spend_use
from tests.factories import PrivateLinkFactory
from tests.privatelinks.advanced_tab import TOMORROW, errors_of, opened, save, stored
from tests.privatelinks.forms_of_a_page import fields_of

GONE = "This link has been deleted meanwhile, so your changes to it cannot be saved. Delete the row to go on."

pytestmark = pytest.mark.django_db


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

    def test_opening_date_and_uses_that_come_back_stay_as_another_window_saved_them(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type, returns_uses=True)
        old, new = opened(host_client, event_type), opened(host_client, event_type)
        del new["links-0-returns_uses"]

        save(host_client, event_type, new, links_0_opens_on="2999-08-01")
        save(host_client, event_type, old, links_0_expires_on="2999-08-31")

        fresh = stored(link)
        assert (fresh.opens_at, fresh.returns_uses) == (datetime(2999, 7, 31, 22, tzinfo=UTC), False)
        assert fresh.expires_at == datetime(2999, 8, 31, 22, tzinfo=UTC)

    def test_expiry_date_before_the_opening_date_that_another_window_saved_is_refused(
        self, host_client: Client, event_type: EventType
    ) -> None:
        PrivateLinkFactory.create(event_type=event_type)
        old, new = opened(host_client, event_type), opened(host_client, event_type)

        save(host_client, event_type, new, links_0_opens_on="2999-08-31")
        response = save(host_client, event_type, old, links_0_expires_on="2999-08-01")

        assert errors_of(response) == [{"expires_on": ["The link must open before it expires."]}]

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
