"""The pages on which several links are created: the form, what it refuses, and the links that came of it."""

import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.privatelinks.forms_of_a_page import fields_of

KEY = uuid.UUID(int=1)
TOGETHER = f"/private-links/together/{KEY}/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type(host: Host) -> EventType:
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type


def url_of(event_type: EventType) -> str:
    return f"/event-types/{event_type.pk}/advanced/several/"


def form_of(client: Client, event_type: EventType) -> dict[str, str]:
    """Return what the page's form sends if nobody touches it."""
    return fields_of(client.get(url_of(event_type)).text, having="count")


def send(client: Client, event_type: EventType, /, **typed: str) -> Any:
    """Send the form with what was typed, always as the same request."""
    return client.post(url_of(event_type), form_of(client, event_type) | {"request_key": str(KEY)} | typed)


def names() -> list[str]:
    return list(PrivateLink.objects.order_by("pk").values_list("name", flat=True))


class TestForm:
    def test_form_begins_with_an_example_and_the_limits_of_a_new_link(
        self, host_client: Client, event_type: EventType
    ) -> None:
        fields = form_of(host_client, event_type)

        shown = {name: fields[name] for name in ("count", "name", "max_uses", "expires_on", "opens_on")}
        assert shown == {"count": "10", "name": "Link {n}", "max_uses": "1", "expires_on": "", "opens_on": ""}
        assert uuid.UUID(fields["request_key"]).version == 4

    def test_cancel_leads_back_to_the_tab(self, host_client: Client, event_type: EventType) -> None:
        page = host_client.get(url_of(event_type)).text

        assert f'href="/event-types/{event_type.pk}/advanced/">Cancel</a>' in page

    def test_each_form_is_a_request_of_its_own(self, host_client: Client, event_type: EventType) -> None:
        keys = {form_of(host_client, event_type)["request_key"] for _ in range(2)}

        assert len(keys) == 2

    def test_links_are_made_as_typed(self, host_client: Client, event_type: EventType) -> None:
        response = send(
            host_client, event_type, count="3", name="Beta {n}", max_uses="", expires_on="2999-08-31", returns_uses="on"
        )

        links = PrivateLink.objects.order_by("pk")
        assert response.headers["Location"] == TOGETHER
        assert [(link.name, link.max_uses, link.returns_uses, link.is_paused) for link in links] == [
            ("Beta 1", None, True, False),
            ("Beta 2", None, True, False),
            ("Beta 3", None, True, False),
        ]
        assert {f"{link.expires_at:%Y-%m-%d %H:%M}" for link in links} == {"2999-08-31 22:00"}
        assert [str(message) for message in get_messages(response.wsgi_request)] == ["3 links are created."]

    def test_same_form_sent_twice_makes_the_links_once_and_leads_to_the_same_page(
        self, host_client: Client, event_type: EventType
    ) -> None:
        answers = [send(host_client, event_type, count="2") for _ in range(2)]

        assert [answer.headers["Location"] for answer in answers] == [TOGETHER, TOGETHER]
        assert names() == ["Link 1", "Link 2"]

    def test_form_that_was_changed_after_it_was_sent_asks_again(
        self, host_client: Client, event_type: EventType
    ) -> None:
        send(host_client, event_type, count="2")

        asking = send(host_client, event_type, count="3")
        made_before = names()
        response = host_client.post(url_of(event_type), fields_of(asking.text, having="count"))

        assert asking.status_code == HTTPStatus.CONFLICT
        assert "With this form you have created links before" in asking.text
        assert f'href="{TOGETHER}"' in asking.text
        assert made_before == ["Link 1", "Link 2"]
        assert response.status_code == HTTPStatus.FOUND
        assert response.headers["Location"] != TOGETHER
        assert names() == ["Link 1", "Link 2", "Link 1", "Link 2", "Link 3"]

    @pytest.mark.parametrize(
        ("typed", "errors"),
        [
            ({"count": ""}, {"count": ["Create from 1 to 1,000 links at once."]}),
            ({"count": "0"}, {"count": ["Create from 1 to 1,000 links at once."]}),
            ({"count": "-1"}, {"count": ["Create from 1 to 1,000 links at once."]}),
            ({"count": "1001"}, {"count": ["Create from 1 to 1,000 links at once."]}),
            ({"count": "1_0"}, {"count": ["Create from 1 to 1,000 links at once."]}),
            ({"count": "9" * 5_000}, {"count": ["Create from 1 to 1,000 links at once."]}),
            ({"name": "a\0b"}, {"name": ["Null characters are not allowed."]}),
            ({"name": "W" * 101}, {"name": ["Use at most 100 characters; this has 101."]}),
            (
                {"name": "W" * 99},
                {"name": [f"“{'W' * 99} 10” is longer than 100 characters. Choose a shorter name."]},
            ),
            ({"max_uses": "0"}, {"max_uses": ["Allow at least one use, or leave it blank for no limit."]}),
            (
                {"expires_on": "2020-01-01"},
                {"expires_on": ["This has passed already. Choose a later date, or leave it blank for no limit."]},
            ),
            ({"expires_time": "12:00"}, {"expires_on": ["Choose the date, too."]}),
            (
                {"opens_on": "2999-01-02", "expires_on": "2999-01-01"},
                {"opens_on": ["The link must open before it expires."]},
            ),
            (
                {"expires_on": "2999-01-01", "zone": "Asia/Tokyo"},
                {
                    "expires_on": [
                        "The schedule's time zone is Europe/Berlin now. Please check the date, and save again."
                    ]
                },
            ),
        ],
    )
    def test_refusal_stands_beside_its_field_and_nothing_is_made(
        self, host_client: Client, event_type: EventType, typed: dict[str, str], errors: dict[str, list[str]]
    ) -> None:
        response = send(host_client, event_type, **{"returns_uses": "on"} | typed)

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert dict(response.context["form"].errors) == errors
        assert fields_of(response.text, having="count")["returns_uses"] == "on"
        assert names() == []

    @pytest.mark.parametrize("key", ["", "x", "\0", "1" * 5_000])
    def test_form_without_its_key_can_be_sent_again(self, host_client: Client, event_type: EventType, key: str) -> None:
        refused = send(host_client, event_type, request_key=key, count="2")
        made_before = names()

        host_client.post(url_of(event_type), fields_of(refused.text, having="count"))

        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Something was missing from the form. Please send it again." in refused.text
        assert made_before == []
        assert names() == ["Link 1", "Link 2"]

    def test_fields_that_the_form_does_not_have_are_ignored(self, host_client: Client, event_type: EventType) -> None:
        other = EventTypeFactory.create()

        send(
            host_client,
            event_type,
            count="1",
            usage_count="5",
            hash="2" * 22,
            event_type=str(other.pk),
            batch=str(uuid.UUID(int=2)),
            switches_on="on",
        )

        link = PrivateLink.objects.get()
        assert (link.usage_count, link.event_type, link.batch) == (0, event_type, KEY)
        assert link.hash != "2" * 22

    def test_name_is_text_and_nothing_else(self, host_client: Client, event_type: EventType) -> None:
        response = send(host_client, event_type, count="2", name="<script>{n}</script> {0.__class__} %(x)s")

        page = host_client.get(response.headers["Location"]).text
        assert names()[0] == "<script>1</script> {0.__class__} %(x)s"
        assert "<script>1" not in page

    def test_event_type_of_another_host_is_not_found(self, host_client: Client) -> None:
        foreign = EventTypeFactory.create()

        answers = [host_client.get(url_of(foreign)), host_client.post(url_of(foreign), {"count": "1"})]

        assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 2
        assert names() == []

    def test_visitor_is_led_to_the_log_in(self, client: Client, event_type: EventType) -> None:
        response = client.post(url_of(event_type), {"count": "1"})

        assert response.headers["Location"] == f"/accounts/login/?next={url_of(event_type)}"
        assert names() == []

    @pytest.mark.parametrize("count", ["1", "1000"])
    def test_any_number_of_links_needs_the_same_queries(
        self, host_client: Client, event_type: EventType, count: str, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        fields = form_of(host_client, event_type) | {"count": count}

        # The session, the host, the event type; a savepoint and its release around the six of the service.
        with django_assert_num_queries(11):
            host_client.post(url_of(event_type), fields)

        assert PrivateLink.objects.count() == int(count)


class TestSwitchedOff:
    @pytest.fixture
    def event_type(self, event_type: EventType) -> EventType:
        EventType.objects.update(private_links_enabled=False)
        return event_type

    def test_page_says_so_and_offers_to_switch_on(self, host_client: Client, event_type: EventType) -> None:
        page = host_client.get(url_of(event_type)).text

        assert "Private links are switched off for this event type" in page
        assert "You can switch them off again in the Advanced tab." in page
        assert fields_of(page, having="count")["switches_on"] == "on"

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (1, "One other link of the event type comes back with it."),
            (2, "2 other links of the event type come back with it."),
        ],
    )
    def test_what_else_would_come_back_is_said_and_waits_for_the_host_to_tick_it(
        self, host_client: Client, event_type: EventType, number: int, words: str
    ) -> None:
        PrivateLinkFactory.create_batch(number, event_type=event_type)

        page = host_client.get(url_of(event_type)).text

        assert words in page
        assert "switches_on" not in fields_of(page, having="count")

    def test_switch_goes_on_with_the_links(self, host_client: Client, event_type: EventType) -> None:
        response = send(host_client, event_type, count="2")

        event_type.refresh_from_db()
        assert event_type.private_links_enabled is True
        assert names() == ["Link 1", "Link 2"]
        assert "switched off" not in host_client.get(response.headers["Location"]).text

    def test_switch_stays_off_where_it_is_not_ticked(self, host_client: Client, event_type: EventType) -> None:
        fields = form_of(host_client, event_type) | {"count": "2", "request_key": str(KEY)}
        del fields["switches_on"]

        host_client.post(url_of(event_type), fields)

        event_type.refresh_from_db()
        page = host_client.get(TOGETHER).text
        assert event_type.private_links_enabled is False
        assert names() == ["Link 1", "Link 2"]
        assert "nobody can book through these links yet" in page
        assert f'href="/event-types/{event_type.pk}/advanced/">Switch them on in the Advanced tab</a>' in page

    def test_page_of_an_event_type_that_is_on_does_not_ask(self, host: Host, host_client: Client) -> None:
        event_type = EventTypeFactory.create(host=host)

        page = host_client.get(url_of(event_type)).text

        assert "switched off" not in page
        assert "switches_on" not in page


class TestTogether:
    def test_page_shows_the_links_of_the_request_in_the_order_of_their_numbers(
        self, host_client: Client, event_type: EventType
    ) -> None:
        PrivateLinkFactory.create(event_type=event_type, name="Another")
        send(host_client, event_type, count="2", name="Beta {n}")

        response = host_client.get(TOGETHER)

        links = list(PrivateLink.objects.filter(batch=KEY).order_by("pk"))
        assert [listed.line.name for listed in response.context["links"]] == ["Beta 1", "Beta 2"]
        for link in links:
            assert f'data-copy="{settings.SITE_URL}/d/{link.hash}/discovery-call"' in response.text
            assert f'href="/private-links/{link.pk}/"' in response.text
        assert f'href="{TOGETHER}links.csv"' in response.text
        assert "Another" not in response.text

    def test_page_is_paged_by_fifty(self, host_client: Client, event_type: EventType) -> None:
        send(host_client, event_type, count="51")

        first, second = (host_client.get(f"{TOGETHER}?page={number}") for number in (1, 2))

        assert [len(page.context["links"]) for page in (first, second)] == [50, 1]
        assert 'href="?page=2"' in first.text

    @pytest.mark.parametrize("count", ["1", "3"])
    def test_page_needs_the_same_queries_for_any_number_of_links(
        self, host_client: Client, event_type: EventType, count: str, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        send(host_client, event_type, count=count)
        host_client.get(TOGETHER)

        # The session, the host, how many, and the links with their event type.
        with django_assert_num_queries(4):
            host_client.get(TOGETHER)

    @pytest.mark.parametrize("batch", [KEY, uuid.UUID(int=2)])
    def test_links_of_another_host_are_not_found(self, host_client: Client, batch: uuid.UUID) -> None:
        PrivateLinkFactory.create(batch=KEY)

        addresses = [f"/private-links/together/{batch}/", f"/private-links/together/{batch}/links.csv"]
        answers = [host_client.get(address) for address in addresses]

        assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 2

    def test_page_is_never_kept_by_a_browser(self, host_client: Client, event_type: EventType) -> None:
        send(host_client, event_type, count="1")

        assert "no-store" in host_client.get(TOGETHER).headers["Cache-Control"]

    def test_visitor_is_led_to_the_log_in(self, client: Client) -> None:
        assert client.get(TOGETHER).headers["Location"] == f"/accounts/login/?next={TOGETHER}"


class TestWayThere:
    def test_tab_and_list_lead_to_it(self, host_client: Client, event_type: EventType) -> None:
        tab = host_client.get(f"/event-types/{event_type.pk}/advanced/").text
        overview = host_client.get("/private-links/").text

        assert f'href="{url_of(event_type)}"' in tab
        assert 'href="/private-links/new/"' in overview

    def test_only_event_type_needs_no_choice(self, host_client: Client, event_type: EventType) -> None:
        assert host_client.get("/private-links/new/").headers["Location"] == url_of(event_type)

    def test_event_type_is_chosen_among_the_hosts_own(
        self, host: Host, host_client: Client, event_type: EventType
    ) -> None:
        second, foreign = EventTypeFactory.create(host=host, title="Second"), EventTypeFactory.create(title="Foreign")

        page = host_client.get("/private-links/new/").text
        chosen = host_client.get("/private-links/new/", {"event_type": second.pk})
        refused = host_client.get("/private-links/new/", {"event_type": foreign.pk})

        assert [title in page for title in ("Discovery call", "Second", "Foreign")] == [True, True, False]
        assert chosen.headers["Location"] == url_of(second)
        assert refused.status_code == HTTPStatus.OK

    @pytest.mark.parametrize("asked", ["", "x", "\0", "9" * 20, "9" * 5_000])
    def test_nonsense_is_asked_again(self, host: Host, host_client: Client, event_type: EventType, asked: str) -> None:
        EventTypeFactory.create(host=host)

        response = host_client.get("/private-links/new/", {"event_type": asked})

        assert list(response.context["form"].errors) == ["event_type"]

    def test_host_without_an_event_type_is_told_what_to_do_first(self, host_client: Client) -> None:
        page = host_client.get("/private-links/new/").text

        assert "No event type yet" in page
        assert 'href="/event-types/new/"' in page
