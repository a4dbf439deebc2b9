"""Rows of the Advanced tab that change before they are saved: added ones, and the preview of a line."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from eventtypes.models import EventType
from privatelinks.forms.advanced_tab import MAX_ROWS
from tests.factories import PrivateLinkFactory
from tests.privatelinks.advanced_tab import opened, stored, url_of
from tests.privatelinks.forms_of_a_page import fields_of

pytestmark = pytest.mark.django_db


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

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"is_paused": "on"}, ["Paused", "paused", "Not saved yet"]),
            ({"opens_on": "2999-08-31"}, ["Scheduled", "from 31 Aug 2999 (Europe/Berlin)"]),
            (
                {"opens_on": "2999-08-31", "opens_time": "14:00"},
                ["Scheduled", "from 31 Aug 2999, 14:00 (Europe/Berlin)"],
            ),
            ({"opens_on": "2020-01-01"}, ["Active", "Not saved yet"]),
            ({"returns_uses": "on"}, ["uses come back on cancellation", "Not saved yet"]),
            (
                {"opens_on": "2999-08-31", "expires_on": "2999-08-01"},
                ["Opens on: The link must open before it expires.", "Active"],
            ),
            ({"opens_on": "9999-12-31"}, ["Opens on: Choose a date before the year 3000.", "Active"]),
        ],
    )
    def test_preview_words_every_setting(
        self, host_client: Client, event_type: EventType, typed: dict[str, str], words: list[str]
    ) -> None:
        link = PrivateLinkFactory.create(event_type=event_type)

        page = self.preview(host_client, event_type, id=str(link.pk), max_uses="1", **typed).text

        assert [word for word in words if word not in page] == []
        assert (stored(link).opens_at, stored(link).is_paused, stored(link).returns_uses) == (None, False, False)

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
