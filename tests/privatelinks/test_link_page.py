"""The page of one private link: what it shows, its settings, and what it does at once."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bookings.models import Booking
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from privatelinks.services.links import pause_link, resume_link
from privatelinks.services.uses import spend_use
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory
from tests.privatelinks.forms_of_a_page import fields_of

REVIVALS = ["extend", "one-more-use", "remove-expiry", "remove-limit-of-uses"]
ACTIONS = ["pause", "resume", "end", *REVIVALS, "duplicate", "new-url", "delete"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type(host: Host) -> EventType:
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type


@pytest.fixture
def link(event_type: EventType) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, name="Beta", max_uses=5)
    return link


def book(link: PrivateLink, **values: object) -> Booking:
    booking: Booking = BookingFactory.create(
        event_type=link.event_type, private_link=link, private_link_name=link.name, **({"holds_use": True} | values)
    )
    return booking


def url_of(link: PrivateLink, action: str = "") -> str:
    return f"/private-links/{link.pk}/" + (f"{action}/" if action else "")


def offered_in(page: str, link: PrivateLink) -> set[str]:
    return {action for action in ACTIONS if url_of(link, action) in page}


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


class TestShowing:
    def test_page_tells_state_limits_and_url(self, host_client: Client, link: PrivateLink) -> None:
        spend_use(link, timezone.now())

        page = host_client.get(url_of(link)).text

        assert "4 of 5 uses left" in page
        assert f'value="{settings.SITE_URL}/d/{link.hash}/discovery-call"' in page
        assert f'href="/event-types/{link.event_type.pk}/advanced/"' in page
        assert "Nobody has booked through this link yet." in page

    def test_page_lists_who_booked_through_the_link(self, host_client: Client, link: PrivateLink) -> None:
        booked = book(link, invitee_name="Grace Invitee", starts_at=datetime(2030, 1, 7, 9, tzinfo=UTC))
        given_back = book(
            link,
            invitee_name="Ian Invitee",
            holds_use=False,
            status="cancelled",
            cancelled_at=datetime(2026, 1, 1, tzinfo=UTC),
            starts_at=datetime(2030, 1, 6, 9, tzinfo=UTC),
        )
        BookingFactory.create(event_type=link.event_type, invitee_name="Not through it")

        response = host_client.get(url_of(link))

        assert list(response.context["page_obj"]) == [booked, given_back]
        assert f'href="/bookings/{booked.uid}/"' in response.text
        assert "Mon 7 Jan 2030, 10:00 (Europe/Berlin)" in response.text
        assert response.text.count("use given back") == 1
        assert "its use stays spent" not in response.text
        assert "Not through it" not in response.text

    def test_cancelled_booking_that_keeps_its_use_says_so(self, host_client: Client, link: PrivateLink) -> None:
        book(link, status="cancelled", cancelled_at=datetime(2026, 1, 1, tzinfo=UTC))

        page = host_client.get(url_of(link)).text

        assert "its use stays spent" in page
        assert "use given back" not in page

    @pytest.mark.parametrize("which", ["upcoming", "past", "cancelled"])
    def test_page_leads_to_the_bookings_that_came_through_it(
        self, host_client: Client, link: PrivateLink, which: str
    ) -> None:
        of_which: dict[str, dict[str, object]] = {
            "upcoming": {},
            "past": {"starts_at": datetime(2020, 1, 6, 9, tzinfo=UTC)},
            "cancelled": {"status": "cancelled", "cancelled_at": datetime(2026, 1, 1, tzinfo=UTC)},
        }
        wanted = book(link, **of_which[which])
        BookingFactory.create(event_type=link.event_type)
        address = f"/bookings/{which}/?private_link={link.pk}"

        page = host_client.get(url_of(link)).text

        assert f'href="{address}"' in page
        assert list(host_client.get(address).context["page_obj"]) == [wanted]

    def test_page_says_if_private_links_are_switched_off(self, host: Host, host_client: Client) -> None:
        link = PrivateLinkFactory.create(event_type__host=host, event_type__private_links_enabled=False)

        assert "Private links are switched off for this event type" in host_client.get(url_of(link)).text

    @pytest.mark.parametrize("number", [1, 3])
    def test_page_needs_the_same_queries_for_any_number_of_bookings_and_events(
        self,
        host_client: Client,
        link: PrivateLink,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(number):
            book(link, created_at=timezone.now() - timedelta(days=number))
            pause_link(link=link)
            resume_link(link=link)

        # The session, the host, the link with its event type, how many bookings, these, the uses and the events.
        with django_assert_num_queries(7):
            host_client.get(url_of(link))

    def test_bookings_are_paged(self, host_client: Client, link: PrivateLink) -> None:
        for _ in range(26):
            book(link)

        pages = [host_client.get(f"{url_of(link)}?page={number}").context["page_obj"] for number in (1, 2)]

        assert [len(page) for page in pages] == [25, 1]

    @pytest.mark.parametrize("action", ["", *ACTIONS])
    def test_link_of_another_host_is_not_found(self, host_client: Client, action: str) -> None:
        foreign = PrivateLinkFactory.create()
        before = list(PrivateLink.objects.values())

        answers = [host_client.get(url_of(foreign, action)), host_client.post(url_of(foreign, action))]

        possible = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
        assert {answer.status_code for answer in answers} <= possible
        assert answers[1].status_code == HTTPStatus.NOT_FOUND
        assert list(PrivateLink.objects.values()) == before

    @pytest.mark.parametrize("action", ["", *ACTIONS])
    def test_visitor_is_led_to_the_log_in(self, client: Client, link: PrivateLink, action: str) -> None:
        response = client.post(url_of(link, action))

        assert response.headers["Location"] == f"/accounts/login/?next={url_of(link, action)}"

    def test_page_is_never_kept_by_a_browser(self, host_client: Client, link: PrivateLink) -> None:
        assert "no-store" in host_client.get(url_of(link)).headers["Cache-Control"]


class TestSettings:
    def test_settings_are_saved_at_once(self, host_client: Client, link: PrivateLink) -> None:
        fields = fields_of(host_client.get(url_of(link)).text, having="max_uses")

        response = host_client.post(
            url_of(link), fields | {"max_uses": "", "expires_on": "2999-08-31", "is_paused": "on"}
        )

        fresh = stored(link)
        assert response.headers["Location"] == url_of(link)
        assert (fresh.name, fresh.max_uses, fresh.is_paused) == ("Beta", None, True)
        assert fresh.expires_at == datetime(2999, 8, 31, 22, tzinfo=UTC)

    def test_what_was_stored_meanwhile_is_not_taken_back(self, host_client: Client, link: PrivateLink) -> None:
        fields = fields_of(host_client.get(url_of(link)).text, having="max_uses")
        spend_use(link, timezone.now())
        PrivateLink.objects.filter(pk=link.pk).update(max_uses=9)

        host_client.post(url_of(link), fields | {"name": "Renamed"})

        fresh = stored(link)
        assert (fresh.name, fresh.max_uses, fresh.usage_count) == ("Renamed", 9, 1)

    def test_refusal_stands_beside_its_field(self, host_client: Client, link: PrivateLink) -> None:
        PrivateLink.objects.filter(pk=link.pk).update(usage_count=3)
        fields = fields_of(host_client.get(url_of(link)).text, having="max_uses")

        response = host_client.post(url_of(link), fields | {"max_uses": "2", "name": "Typed"})

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert dict(response.context["form"].errors) == {
            "max_uses": ["The link has been used 3 times already. Allow at least as many."]
        }
        assert fields_of(response.text, having="max_uses")["name"] == "Typed"
        assert stored(link).name == "Beta"

    @pytest.mark.parametrize(
        "forged", [{"usage_count": "0"}, {"hash": "2" * 22}, {"event_type": "1"}, {"id": "1"}, {"opens_at": "x"}]
    )
    def test_fields_that_the_form_does_not_have_are_ignored(
        self, host_client: Client, link: PrivateLink, forged: dict[str, str]
    ) -> None:
        spend_use(link, timezone.now())
        fields = fields_of(host_client.get(url_of(link)).text, having="max_uses")
        before = list(PrivateLink.objects.values())

        host_client.post(url_of(link), fields | forged)

        assert list(PrivateLink.objects.values()) == before


class TestActing:
    def test_pause_and_resume(self, host_client: Client, link: PrivateLink) -> None:
        paused = host_client.post(url_of(link, "pause"))
        was_paused = stored(link).is_paused
        resumed = host_client.post(url_of(link, "resume"))

        assert was_paused is True
        assert stored(link).is_paused is False
        assert [paused.headers["Location"], resumed.headers["Location"]] == [url_of(link)] * 2
        assert [str(message) for message in get_messages(resumed.wsgi_request)][-1] == "“Beta” is resumed."

    def test_page_offers_what_can_be_done(self, host_client: Client, link: PrivateLink) -> None:
        active = host_client.get(url_of(link)).text
        PrivateLink.objects.filter(pk=link.pk).update(is_paused=True)
        paused = host_client.get(url_of(link)).text

        assert offered_in(active, link) == {"pause", "end", "duplicate", "new-url", "delete"}
        assert offered_in(paused, link) == {"resume", "end", "duplicate", "new-url", "delete"}

    def test_duplicate_opens_the_copy(self, host_client: Client, link: PrivateLink) -> None:
        response = host_client.post(url_of(link, "duplicate"))

        copy = PrivateLink.objects.latest("pk")
        assert response.headers["Location"] == url_of(copy)
        assert (copy.name, copy.max_uses, copy.usage_count) == ("Beta (copy)", 5, 0)
        assert copy.hash != link.hash

    def test_new_url_is_asked_for_first(self, host_client: Client, link: PrivateLink) -> None:
        response = host_client.get(url_of(link, "new-url"))

        assert "Make a new URL?" in response.text
        assert "The old URL is dead for good" in response.text
        assert stored(link).hash == link.hash

    def test_duplicate_pressed_twice_makes_one_copy(self, host_client: Client, link: PrivateLink) -> None:
        fields = fields_of(host_client.get(url_of(link)).text, having="request_key")

        answers = [host_client.post(url_of(link, "duplicate"), fields) for _ in range(2)]
        again = host_client.post(
            url_of(link, "duplicate"), fields_of(host_client.get(url_of(link)).text, having="request_key")
        )

        assert PrivateLink.objects.count() == 3
        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert again.headers["Location"] != answers[0].headers["Location"]

    def test_new_url_confirmed_twice_is_one_new_url(self, host_client: Client, link: PrivateLink) -> None:
        fields = fields_of(host_client.get(url_of(link, "new-url")).text, having="shown")

        host_client.post(url_of(link, "new-url"), fields)
        after_the_first = stored(link).hash
        host_client.post(url_of(link, "new-url"), fields)

        assert stored(link).hash == after_the_first != link.hash
        assert link.events.count() == 1

    def test_old_url_is_dead_for_good_also_if_the_link_is_duplicated_revived_or_deleted(
        self, host_client: Client, link: PrivateLink
    ) -> None:
        old = [link.hash]
        host_client.post(url_of(link, "new-url"))
        host_client.post(url_of(link, "duplicate"))
        copy = PrivateLink.objects.latest("pk")
        old.append(copy.hash)
        host_client.post(url_of(copy, "new-url"))
        host_client.post(url_of(link, "end"))
        host_client.post(url_of(link, "remove-expiry"))
        old.append(stored(copy).hash)
        host_client.post(url_of(copy, "delete"))

        answers = [Client().get(f"/d/{each}/discovery-call").status_code for each in old]

        assert len(set(old)) == 3
        assert answers == [HTTPStatus.NOT_FOUND] * 3
        assert Client().get(stored(link).get_absolute_url()).status_code == HTTPStatus.OK

    def test_new_url_replaces_the_old_one(self, client: Client, host_client: Client, link: PrivateLink) -> None:
        response = host_client.post(url_of(link, "new-url"))

        fresh = stored(link)
        assert response.headers["Location"] == url_of(link)
        assert fresh.hash != link.hash
        assert Client().get(f"/d/{link.hash}/discovery-call").status_code == HTTPStatus.NOT_FOUND
        assert Client().get(f"/d/{fresh.hash}/discovery-call").status_code == HTTPStatus.OK

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (0, "No booking came through it."),
            (1, "One booking came through it; it stays, and remembers the name of the link."),
            (2, "2 bookings came through it; they stay, and remember the name of the link."),
        ],
    )
    def test_delete_asks_first_and_names_the_bookings(
        self, host_client: Client, link: PrivateLink, number: int, words: str
    ) -> None:
        for _ in range(number):
            book(link)

        asking, page = host_client.get(url_of(link, "delete")), host_client.get(url_of(link))

        assert "Delete “Beta”?" in asking.text
        assert words in asking.text
        assert words in page.text
        assert stored(link).hash == link.hash

    def test_delete_keeps_the_bookings(self, host_client: Client, link: PrivateLink) -> None:
        booking = book(link)

        response = host_client.post(url_of(link, "delete"))

        booking.refresh_from_db()
        assert response.headers["Location"] == "/private-links/"
        assert PrivateLink.objects.count() == 0
        assert (booking.private_link, booking.private_link_name, booking.holds_use) == (None, "Beta", False)
        assert host_client.get(url_of(link)).status_code == HTTPStatus.NOT_FOUND

    @pytest.mark.parametrize("action", ["pause", "resume", "duplicate", *REVIVALS])
    def test_opening_an_address_changes_nothing(self, host_client: Client, link: PrivateLink, action: str) -> None:
        before = list(PrivateLink.objects.values())

        response = host_client.get(url_of(link, action))

        assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert list(PrivateLink.objects.values()) == before
