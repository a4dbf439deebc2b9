"""The page of a link that ends or has ended: End now, and what revives it, each by the buttons that are on the page."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from http import HTTPStatus

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from eventtypes.models import EventType, Host
from privatelinks.models import LinkState, PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.privatelinks.forms_of_a_page import fields_of

NOW = datetime.now(UTC)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
USED_UP = {"max_uses": 2, "usage_count": 2}
EXPIRED = {"expires_at": YESTERDAY}

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type(host: Host) -> EventType:
    event_type: EventType = EventTypeFactory.create(host=host, slug="discovery-call")
    return event_type


def link_with(event_type: EventType, **values: object) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, **({"name": "Beta"} | values))
    return link


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


class ButtonReader(HTMLParser):
    """Collects the forms of a page by the words of their buttons, with what they send."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, tuple[str, dict[str, str]]] = {}
        self._form: tuple[str, dict[str, str]] | None = None
        self._is_in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = (values.get("action", ""), {})
        elif tag == "input" and self._form is not None and "name" in values:
            self._form[1][values["name"]] = values.get("value", "")
        self._is_in_button = tag == "button" or (self._is_in_button and tag in {"svg", "use"})

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._is_in_button = False
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._is_in_button and self._form is not None and data.strip():
            self.buttons[data.strip()] = self._form


def buttons_of(client: Client, link: PrivateLink) -> dict[str, tuple[str, dict[str, str]]]:
    reader = ButtonReader()
    reader.feed(client.get(f"/private-links/{link.pk}/").text)
    return reader.buttons


def press(client: Client, button: tuple[str, dict[str, str]]) -> str:
    """Send the form of a button, and return what the next page says of it."""
    address, fields = button
    response = client.post(address, fields)
    assert response.status_code == HTTPStatus.FOUND
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({}, {"Pause", "End now"}),
        ({"expires_at": TOMORROW}, {"Pause", "Extend by a week", "End now"}),
        ({"opens_at": TOMORROW}, {"Pause", "End now"}),
        ({"is_paused": True}, {"Resume", "End now"}),
        (USED_UP, {"Allow one more use", "Remove the limit of uses"}),
        (USED_UP | {"expires_at": TOMORROW}, {"Allow one more use", "Remove the limit of uses", "Extend by a week"}),
        (EXPIRED, {"Extend by a week", "Remove the expiry date"}),
        (
            USED_UP | EXPIRED,
            {"Allow one more use", "Remove the limit of uses", "Extend by a week", "Remove the expiry date"},
        ),
        (EXPIRED | {"is_paused": True}, {"Resume", "Extend by a week", "Remove the expiry date"}),
    ],
)
def test_page_offers_what_fits_the_state(
    host_client: Client, event_type: EventType, values: dict[str, object], offered: set[str]
) -> None:
    always = {"Duplicate", "Make a new URL", "Delete link", "Cancel", "Save link settings", "Log out", "Copy link"}

    buttons = buttons_of(host_client, link_with(event_type, **values))

    assert buttons.keys() - always == offered


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ""),
        (USED_UP, "This link is used up. It works again once it allows more uses."),
        (EXPIRED, "This link has expired. It works again once its expiry date is moved."),
        (
            EXPIRED | {"is_paused": True},
            "This link has expired. It works again once its expiry date is moved. It is paused, too.",
        ),
        (USED_UP | EXPIRED, "This link is used up and has expired. It works again once both limits are raised."),
    ],
)
def test_page_says_why_a_link_is_over(
    host_client: Client, event_type: EventType, values: dict[str, object], words: str
) -> None:
    response = host_client.get(f"/private-links/{link_with(event_type, **values).pk}/")

    assert response.context["acts"].problem == words
    assert words in response.text


class TestEndNow:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"max_uses": None}, "any more. Bookings made"),
            ({"max_uses": 3, "usage_count": 2}, "any more. The use that is left stays unused. Bookings made"),
            ({"max_uses": 3}, "any more. The 3 uses that are left stay unused. Bookings made"),
            ({"max_uses": None, "opens_at": TOMORROW}, "any more. Its opening date is removed. Bookings made"),
        ],
    )
    def test_end_is_asked_for_with_its_consequences(
        self, host_client: Client, event_type: EventType, values: dict[str, object], words: str
    ) -> None:
        link = link_with(event_type, **values)

        asking = host_client.get(f"/private-links/{link.pk}/end/").text
        page = host_client.get(f"/private-links/{link.pk}/").text

        assert "End “Beta” now?" in asking
        assert words in asking
        assert words in page
        assert stored(link).expires_at is None

    def test_link_is_over_at_once(self, host_client: Client, event_type: EventType) -> None:
        link = link_with(event_type, opens_at=YESTERDAY, expires_at=TOMORROW)

        words = press(host_client, buttons_of(host_client, link)["End now"])

        fresh = stored(link)
        assert words == "“Beta” has ended."
        assert (fresh.state(datetime.now(UTC)), fresh.opens_at) == (LinkState.EXPIRED, None)
        assert Client().get(link.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND

    def test_end_confirmed_twice_ends_once(self, host_client: Client, event_type: EventType) -> None:
        link = link_with(event_type)
        button = buttons_of(host_client, link)["End now"]

        press(host_client, button)
        ended_at = stored(link).expires_at
        press(host_client, button)

        assert stored(link).expires_at == ended_at
        assert link.events.count() == 1

    def test_ended_link_can_be_renamed(self, host_client: Client, event_type: EventType) -> None:
        link = link_with(event_type)
        press(host_client, buttons_of(host_client, link)["End now"])
        ended_at = stored(link).expires_at
        fields = fields_of(host_client.get(f"/private-links/{link.pk}/").text, having="max_uses")

        response = host_client.post(f"/private-links/{link.pk}/", fields | {"name": "Renamed"})

        assert response.status_code == HTTPStatus.FOUND
        assert (stored(link).name, stored(link).expires_at) == ("Renamed", ended_at)


class TestReviving:
    def test_expired_link_is_extended_by_a_week_however_often_it_is_pressed(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = link_with(event_type, **EXPIRED)
        button = buttons_of(host_client, link)["Extend by a week"]

        words = press(host_client, button)
        extended_to = stored(link).expires_at
        again = press(host_client, button)

        assert extended_to is not None
        assert timedelta(days=6, hours=22) < extended_to - NOW < timedelta(days=8, hours=2)
        assert stored(link).expires_at == extended_to
        assert words == again
        assert words.startswith("“Beta” runs until the end of ")
        assert words.endswith(" (Europe/Berlin).")
        assert Client().get(link.get_absolute_url()).status_code == HTTPStatus.OK

    def test_link_is_extended_week_by_week_from_the_page_as_it_is_then(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = link_with(event_type, expires_at=datetime(2999, 8, 31, 22, tzinfo=UTC))

        words = [press(host_client, buttons_of(host_client, link)["Extend by a week"]) for _ in range(2)]

        assert words == [
            "“Beta” runs until the end of 7 Sep 2999 (Europe/Berlin).",
            "“Beta” runs until the end of 14 Sep 2999 (Europe/Berlin).",
        ]

    def test_used_up_link_allows_one_more_use_however_often_it_is_pressed(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = link_with(event_type, **USED_UP)
        button = buttons_of(host_client, link)["Allow one more use"]

        words = [press(host_client, button) for _ in range(2)]

        assert words == ["“Beta” allows more: 1 of 3 uses left."] * 2
        assert stored(link).max_uses == 3

    @pytest.mark.parametrize(
        ("values", "button", "words"),
        [
            (EXPIRED, "Remove the expiry date", "“Beta” has no expiry date any more."),
            (USED_UP, "Remove the limit of uses", "“Beta” has no limit of uses any more."),
            (
                USED_UP | EXPIRED,
                "Remove the limit of uses",
                "“Beta” has no limit of uses any more. It has expired, though: extend it, too.",
            ),
            (
                USED_UP | EXPIRED,
                "Remove the expiry date",
                "“Beta” has no expiry date any more. It is used up, though: allow more uses, too.",
            ),
            (
                EXPIRED | {"is_paused": True},
                "Remove the expiry date",
                "“Beta” has no expiry date any more. It is still paused, though.",
            ),
        ],
    )
    def test_limit_is_removed_and_what_still_stops_the_link_is_said(
        self, host_client: Client, event_type: EventType, values: dict[str, object], button: str, words: str
    ) -> None:
        link = link_with(event_type, **values)

        said = press(host_client, buttons_of(host_client, link)[button])

        assert said == words
        limit = stored(link).expires_at if "expiry" in button else stored(link).max_uses
        assert limit is None

    @pytest.mark.parametrize("shown", ["", "soon", "0001-01-01T00:00:00+14:00", "9" * 5000, "\x00"])
    @pytest.mark.parametrize("action", ["extend", "one-more-use"])
    def test_nonsense_about_what_was_shown_changes_nothing(
        self, host_client: Client, event_type: EventType, action: str, shown: str
    ) -> None:
        link = link_with(event_type, **(USED_UP | EXPIRED))

        response = host_client.post(f"/private-links/{link.pk}/{action}/", {"shown": shown})

        assert response.status_code == HTTPStatus.FOUND
        assert (stored(link).max_uses, stored(link).expires_at, link.events.count()) == (2, YESTERDAY, 0)

    def test_page_left_open_is_told_that_the_limits_have_changed(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = link_with(event_type, expires_at=TOMORROW)
        button = buttons_of(host_client, link)["Extend by a week"]
        PrivateLink.objects.filter(pk=link.pk).update(expires_at=YESTERDAY)

        words = press(host_client, button)

        assert words == "The limits of the link have been changed meanwhile. Please look at them, and choose again."
        assert stored(link).expires_at == YESTERDAY


class TestLimitsInTheForm:
    """Number of uses and expiry date, together and one by one, as typed on the link's page."""

    @pytest.mark.parametrize(
        ("stored_as", "typed", "expected"),
        [
            pytest.param({}, {"max_uses": "3", "expires_on": "2999-08-31"}, (3, "2999-08-31"), id="both set"),
            pytest.param({"max_uses": 3, "usage_count": 2}, {"max_uses": "9"}, (9, None), id="raised"),
            pytest.param({"max_uses": 3, "usage_count": 2}, {"max_uses": "2"}, (2, None), id="lowered to the uses"),
            pytest.param(USED_UP, {"max_uses": ""}, (None, None), id="uses cleared"),
            pytest.param(EXPIRED, {"expires_on": "", "expires_time": ""}, (1, None), id="expiry cleared"),
            pytest.param(
                USED_UP | EXPIRED,
                {"max_uses": "", "expires_on": "", "expires_time": ""},
                (None, None),
                id="both cleared",
            ),
            pytest.param(
                USED_UP | EXPIRED,
                {"max_uses": "3", "expires_on": "2999-08-31", "expires_time": ""},
                (3, "2999-08-31"),
                id="both raised",
            ),
        ],
    )
    def test_limits_are_stored_as_typed(
        self,
        host_client: Client,
        event_type: EventType,
        stored_as: dict[str, object],
        typed: dict[str, str],
        expected: tuple[int | None, str | None],
    ) -> None:
        link = link_with(event_type, **stored_as)
        fields = fields_of(host_client.get(f"/private-links/{link.pk}/").text, having="max_uses")

        response = host_client.post(f"/private-links/{link.pk}/", fields | typed)

        fresh = stored(link)
        end = None if expected[1] is None else datetime(2999, 8, 31, 22, tzinfo=UTC)
        assert response.status_code == HTTPStatus.FOUND
        assert (fresh.max_uses, fresh.expires_at, fresh.usage_count) == (expected[0], end, link.usage_count)

    @pytest.mark.parametrize(
        ("typed", "errors"),
        [
            (
                {"max_uses": "1"},
                {"max_uses": ["The link has been used 2 times already. Allow at least as many."]},
            ),
            (
                {"max_uses": "1000001"},
                {"max_uses": ["Allow at most a million uses, or leave it blank for no limit."]},
            ),
            (
                {"max_uses": "1", "expires_on": "2020-01-01"},
                {
                    "max_uses": ["The link has been used 2 times already. Allow at least as many."],
                    "expires_on": ["This has passed already. Choose a later date, or leave it blank for no limit."],
                },
            ),
        ],
    )
    def test_limit_that_breaks_a_rule_is_refused_beside_its_field(
        self, host_client: Client, event_type: EventType, typed: dict[str, str], errors: dict[str, list[str]]
    ) -> None:
        link = link_with(event_type, max_uses=5, usage_count=2)
        fields = fields_of(host_client.get(f"/private-links/{link.pk}/").text, having="max_uses")

        response = host_client.post(f"/private-links/{link.pk}/", fields | typed)

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert dict(response.context["form"].errors) == errors
        assert (stored(link).max_uses, stored(link).expires_at) == (5, None)

    def test_limit_higher_than_can_be_typed_does_not_block_saving_something_else(
        self, host_client: Client, event_type: EventType
    ) -> None:
        link = link_with(event_type, max_uses=2_000_000)
        fields = fields_of(host_client.get(f"/private-links/{link.pk}/").text, having="max_uses")

        host_client.post(f"/private-links/{link.pk}/", fields | {"name": "Renamed"})

        assert (stored(link).name, stored(link).max_uses) == ("Renamed", 2_000_000)
