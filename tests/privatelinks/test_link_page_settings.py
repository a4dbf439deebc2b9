"""For somebody, and its own offer: what a host sets on the page of a link, and what is refused beside which field."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host
from privatelinks.models import LinkEvent, PrivateLink
from privatelinks.services.links import change_link, duplicate_link
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.privatelinks.forms_of_a_page import fields_of

NOTHING_NARROWED: dict[str, Any] = {
    "invitee_name": "",
    "invitee_email": "",
    "allowed_invitees": [],
    "offer_starts_on": None,
    "offer_ends_on": None,
    "offer_duration_minutes": None,
    "offer_notice_minutes": None,
}
TYPED = {
    "invitee_name": "  Iris\tInvitee ",
    "invitee_email": "iris@example.com",
    "allowed_invitees": "iris@example.com, Example.org",
    "offer_starts_on": "2999-08-03",
    "offer_ends_on": "2999-08-07",
    "offer_duration_minutes": "60",
    "offer_notice_minutes_amount": "2",
    "offer_notice_minutes_unit": "60",
}
STORED = {
    "invitee_name": "Iris Invitee",
    "invitee_email": "iris@example.com",
    "allowed_invitees": ["iris@example.com", "@example.org"],
    "offer_starts_on": date(2999, 8, 3),
    "offer_ends_on": date(2999, 8, 7),
    "offer_duration_minutes": 60,
    "offer_notice_minutes": 120,
}
OUT_OF_ORDER = "The last date may not be before the first."
HAS_PASSED = "This day has passed already. Choose a later one, or leave it blank."
NONE_LEFT = "The event type has times, but none that the link’s own offer leaves."

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(host: Host) -> PrivateLink:
    """A link to an event type of 30 minutes, or 15, or 60."""
    event_type = EventTypeFactory.create(host=host, duration_options=[15, 60], minimum_notice_minutes=120)
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, name="Beta")
    return link


def url_of(link: PrivateLink) -> str:
    return f"/private-links/{link.pk}/"


def shown(client: Client, link: PrivateLink) -> dict[str, str]:
    """Return the fields of the page as they are sent untouched."""
    page = client.get(url_of(link))
    field = page.context["form"]["allowed_invitees"]
    return fields_of(page.text, having="max_uses") | {"allowed_invitees": field.value()}


def save(client: Client, link: PrivateLink, **typed: str) -> Any:
    return client.post(url_of(link), shown(client, link) | typed)


def stored(link: PrivateLink) -> dict[str, Any]:
    return dict(PrivateLink.objects.filter(pk=link.pk).values(*NOTHING_NARROWED).get())


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    return dict(response.context["form"].errors)


# --- Saving ----------------------------------------------------------------------------------------------------------


def test_settings_are_saved_and_shown_again(host_client: Client, link: PrivateLink) -> None:
    save(host_client, link, **TYPED)

    again = shown(host_client, link)
    assert stored(link) == STORED
    assert {name: again[name] for name in TYPED} == TYPED | {
        "invitee_name": "Iris Invitee",
        "allowed_invitees": "iris@example.com, @example.org",
    }


def test_settings_are_cleared_by_blank_fields(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(**STORED)

    save(host_client, link, **dict.fromkeys(TYPED, ""))

    assert stored(link) == NOTHING_NARROWED


@pytest.mark.parametrize("settings", [NOTHING_NARROWED, STORED, STORED | {"offer_notice_minutes": 0}])
def test_untouched_page_changes_nothing(host_client: Client, link: PrivateLink, settings: dict[str, Any]) -> None:
    PrivateLink.objects.update(**settings)

    response = save(host_client, link)

    assert response.status_code == HTTPStatus.FOUND
    assert stored(link) == settings
    assert LinkEvent.objects.count() == 0


def test_page_left_open_takes_nothing_back(host_client: Client, link: PrivateLink) -> None:
    fields = shown(host_client, link)
    PrivateLink.objects.update(**STORED)

    host_client.post(url_of(link), fields | {"name": "Renamed", "invitee_name": "Ian"})

    assert stored(link) == STORED | {"invitee_name": "Ian"}


def test_history_has_what_each_setting_was_and_is(host_client: Client, link: PrivateLink) -> None:
    save(host_client, link, **TYPED)

    assert LinkEvent.objects.get().changes == {
        "invitee_name": ["", "Iris Invitee"],
        "invitee_email": ["", "iris@example.com"],
        "allowed_invitees": [[], ["iris@example.com", "@example.org"]],
        "offer_starts_on": [None, "2999-08-03"],
        "offer_ends_on": [None, "2999-08-07"],
        "offer_duration_minutes": [None, 60],
        "offer_notice_minutes": [None, 120],
    }


def test_advanced_tab_has_none_of_it_and_keeps_it(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(**STORED | {"offer_ends_on": date(2000, 1, 1), "offer_starts_on": None})
    kept = stored(link)
    tab = f"/event-types/{link.event_type.pk}/advanced/"
    fields = fields_of(host_client.get(tab).text, having="links-0-name")

    response = host_client.post(tab, fields | {"links-0-name": "Renamed", "links-0-invitee_name": "Forged"})

    assert [name for name in fields if "links-" in name and ("invitee" in name or "offer" in name)] == []
    assert response.status_code == HTTPStatus.FOUND
    assert stored(link) == kept


# --- For somebody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("iris@example.com", ["iris@example.com"]),
        ("example.org", ["@example.org"]),
        (
            "  IRIS@Example.com ,;\r\n\t@Example.ORG,, *@example.net ",
            ["iris@example.com", "@example.org", "@example.net"],
        ),
        ("iris@example.com Iris@example.com @example.org example.org", ["iris@example.com", "@example.org"]),
        ("MÜLLER.example, @xn--mller-kva.example", ["@müller.example"]),
        (" , ", []),
    ],
)
def test_only_for_is_read_in_whatever_way_it_is_typed(
    host_client: Client, link: PrivateLink, typed: str, entries: list[str]
) -> None:
    save(host_client, link, allowed_invitees=typed)

    assert stored(link)["allowed_invitees"] == entries


def test_only_for_holds_twenty(host_client: Client, link: PrivateLink) -> None:
    entries = [f"iris{number}@example.com" for number in range(21)]

    accepted = save(host_client, link, allowed_invitees=" ".join(entries[:20]))
    refused = save(host_client, link, allowed_invitees=" ".join(entries))

    assert accepted.status_code == HTTPStatus.FOUND
    assert errors_of(refused) == {"allowed_invitees": ["At most 20 addresses and domains are possible."]}
    assert stored(link)["allowed_invitees"] == entries[:20]


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("iris@example.com, nonsense", "nonsense"),
        ("@com", "com"),
        ("iris@", "iris@"),
        ("iris@example", "iris@example"),
        ("@", ""),
        ("<iris@example.com>", "<iris@example.com>"),
        ("iris@@example.com", "iris@@example.com"),
        ('"a@b"@example.com', '"a@b"@example.com'),
        ("iris@exa\x00mple.com", "iris@exa\x00mple.com"),
        (f"{'i' * 250}@example.com", "i" * 60),
        (f"iris@{'e' * 70}.com", f"iris@{'e' * 55}"),
    ],
)
def test_what_is_neither_an_address_nor_a_domain_is_named(
    host_client: Client, link: PrivateLink, typed: str, quoted: str
) -> None:
    response = save(host_client, link, allowed_invitees=typed)

    message = f"“{quoted}” is neither an e-mail address nor a domain such as @example.com."
    assert errors_of(response) == {"allowed_invitees": [message]}
    assert response.context["form"]["allowed_invitees"].value() == typed
    assert stored(link) == NOTHING_NARROWED


def test_endless_list_is_refused_unread(host_client: Client, link: PrivateLink) -> None:
    response = save(host_client, link, allowed_invitees="x" * 1_000_000)

    assert errors_of(response) == {"allowed_invitees": ["At most 20 addresses and domains are possible."]}


@pytest.mark.parametrize("email", ["nonsense", "iris@example", "iris@example.com,ian@example.com"])
def test_invitees_address_has_to_be_one(host_client: Client, link: PrivateLink, email: str) -> None:
    response = save(host_client, link, invitee_email=email)

    assert errors_of(response) == {"invitee_email": ["Enter an e-mail address such as name@example.com."]}


def test_invitee_without_a_restriction_is_fine(host_client: Client, link: PrivateLink) -> None:
    save(host_client, link, invitee_email="iris@example.com")

    assert stored(link) == NOTHING_NARROWED | {"invitee_email": "iris@example.com"}


@pytest.mark.parametrize("typed", ["@example.com", "IRIS@example.com"])
def test_invitee_whom_the_restriction_admits_is_fine(host_client: Client, link: PrivateLink, typed: str) -> None:
    response = save(host_client, link, invitee_email="iris@example.com", allowed_invitees=typed)

    assert response.status_code == HTTPStatus.FOUND


BESIDE_THE_INVITEE = {
    "invitee_email": ["“Only for” excludes this address. Add it there, too, or leave one of them blank."]
}
BESIDE_ONLY_FOR = {
    "allowed_invitees": [
        "This excludes iris@example.com, the invitee whom the link is for. Add the address, or leave this blank."
    ]
}


@pytest.mark.parametrize(
    ("before", "typed", "errors"),
    [
        ({}, {"invitee_email": "iris@example.com", "allowed_invitees": "@example.org"}, BESIDE_THE_INVITEE),
        ({"allowed_invitees": ["@example.org"]}, {"invitee_email": "iris@example.com"}, BESIDE_THE_INVITEE),
        ({"invitee_email": "iris@example.com"}, {"allowed_invitees": "@example.org"}, BESIDE_ONLY_FOR),
    ],
)
def test_restriction_that_excludes_the_invitee_is_a_mistake(
    host_client: Client, link: PrivateLink, before: dict[str, Any], typed: dict[str, str], errors: dict[str, list[str]]
) -> None:
    PrivateLink.objects.update(**before)

    response = save(host_client, link, **typed)

    assert errors_of(response) == errors
    assert stored(link) == NOTHING_NARROWED | before


@pytest.mark.parametrize("entry", ["Iris@example.com", "example.org", "iris@example.com ian@example.com", ""])
def test_service_asks_for_entries_as_the_database_holds_them(link: PrivateLink, entry: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        change_link(link=link, changes={"allowed_invitees": [entry]})

    assert list(refusal.value.message_dict) == ["allowed_invitees"]


# --- Its own offer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"offer_starts_on": "2999-08-08", "offer_ends_on": "2999-08-07"}, "offer_ends_on", OUT_OF_ORDER),
        ({"offer_ends_on": "2020-08-19"}, "offer_ends_on", HAS_PASSED),
        ({"offer_ends_on": "0001-01-01"}, "offer_ends_on", "Choose a date from the year 2000 on."),
        ({"offer_starts_on": "1999-12-31"}, "offer_starts_on", "Choose a date from the year 2000 on."),
        ({"offer_starts_on": "9999-12-31"}, "offer_starts_on", "Choose a date before the year 3000."),
        ({"offer_ends_on": "3000-01-01"}, "offer_ends_on", "Choose a date before the year 3000."),
        ({"offer_starts_on": "soon"}, "offer_starts_on", "Enter a valid date."),
        ({"offer_duration_minutes": "45"}, "offer_duration_minutes", "Choose one of the options."),
        ({"offer_duration_minutes": "x"}, "offer_duration_minutes", "Choose one of the options."),
        (
            {"offer_notice_minutes_amount": "367", "offer_notice_minutes_unit": "1440"},
            "offer_notice_minutes",
            "The minimum notice must be at most 366 days.",
        ),
        ({"offer_notice_minutes_amount": "-1"}, "offer_notice_minutes", "Enter 0 or more."),
        ({"offer_notice_minutes_amount": "x"}, "offer_notice_minutes", "Enter a whole number."),
        ({"offer_notice_minutes_amount": "9" * 5000}, "offer_notice_minutes", "Enter a whole number."),
        (
            {"offer_notice_minutes_amount": "1", "offer_notice_minutes_unit": "7"},
            "offer_notice_minutes",
            "Choose one of the options.",
        ),
    ],
)
def test_what_cannot_be_offered_is_refused_beside_its_field(
    host_client: Client, link: PrivateLink, typed: dict[str, str], field: str, message: str
) -> None:
    assert errors_of(save(host_client, link, **typed)) == {field: [message]}
    assert stored(link) == NOTHING_NARROWED


def test_last_date_passes_where_the_schedule_is(link: PrivateLink, database_clock: DatabaseClock) -> None:
    database_clock.set(datetime(2026, 8, 20, 21, 59, tzinfo=UTC))
    change_link(link=link, changes={"offer_ends_on": date(2026, 8, 20)})
    PrivateLink.objects.update(offer_ends_on=None)

    # Now it is the 21st in Berlin.
    database_clock.set(datetime(2026, 8, 20, 22, 0, tzinfo=UTC))
    with pytest.raises(ValidationError) as refusal:
        change_link(link=link, changes={"offer_ends_on": date(2026, 8, 20)})

    assert refusal.value.message_dict == {"offer_ends_on": [HAS_PASSED]}


def test_last_date_that_has_passed_does_not_block_saving(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(offer_ends_on=date(2020, 1, 1))

    save(host_client, link, name="Renamed")

    assert PrivateLink.objects.values_list("name", "offer_ends_on").get() == ("Renamed", date(2020, 1, 1))


def test_first_date_may_have_passed(host_client: Client, link: PrivateLink) -> None:
    save(host_client, link, offer_starts_on="2020-01-01")

    assert stored(link)["offer_starts_on"] == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("before", "typed", "field"),
    [
        ({"offer_starts_on": date(2999, 8, 8)}, {"offer_ends_on": "2999-08-07"}, "offer_ends_on"),
        ({"offer_ends_on": date(2999, 8, 7)}, {"offer_starts_on": "2999-08-08"}, "offer_starts_on"),
    ],
)
def test_dates_out_of_order_are_told_beside_the_one_that_was_typed(
    host_client: Client, link: PrivateLink, before: dict[str, date], typed: dict[str, str], field: str
) -> None:
    PrivateLink.objects.update(**before)

    response = save(host_client, link, **typed)

    assert errors_of(response) == {field: [OUT_OF_ORDER]}


def test_durations_to_choose_from_are_those_of_the_event_type(host_client: Client, link: PrivateLink) -> None:
    form = host_client.get(url_of(link)).context["form"]

    assert form.fields["offer_duration_minutes"].choices == [
        ("", "As the event type: 15, 30 or 60 minutes"),
        (15, "Only 15 minutes"),
        (30, "Only 30 minutes"),
        (60, "Only 1 hour"),
    ]
    assert form.fields["offer_notice_minutes"].help_text == "Blank: as the event type, 2 hours’ notice."


def test_duration_that_is_gone_stays_until_another_one_is_chosen(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(offer_duration_minutes=45)

    form = host_client.get(url_of(link)).context["form"]
    saved = save(host_client, link, name="Renamed")

    assert (45, "Only 45 minutes (not offered any more)") in form.fields["offer_duration_minutes"].choices
    assert saved.status_code == HTTPStatus.FOUND
    assert stored(link)["offer_duration_minutes"] == 45


def test_duration_that_the_event_type_lost_meanwhile_is_refused(link: PrivateLink) -> None:
    EventType.objects.update(duration_options=[])

    with pytest.raises(ValidationError) as refusal:
        change_link(link=link, changes={"offer_duration_minutes": 60})

    assert refusal.value.message_dict == {"offer_duration_minutes": ["Choose one of the durations of the event type."]}


# --- Why nothing is on offer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own_offer", "reason", "field"),
    [
        (
            {"offer_duration_minutes": 45},
            "The event type does not offer 45 minutes any more.",
            "offer_duration_minutes",
        ),
        ({"offer_ends_on": date(2020, 1, 1)}, "The last date of the link’s own offer has passed.", "offer_ends_on"),
        ({"offer_starts_on": date(2999, 1, 1)}, NONE_LEFT, "offer_starts_on"),
        ({"offer_notice_minutes": 366 * 24 * 60}, NONE_LEFT, "offer_starts_on"),
    ],
)
def test_page_says_why_the_links_own_offer_is_empty(
    host_client: Client, link: PrivateLink, own_offer: dict[str, Any], reason: str, field: str
) -> None:
    PrivateLink.objects.update(**own_offer)

    page = host_client.get(url_of(link)).text

    assert f'{reason} <a class="inline-action" href="#id_{field}">Change the link’s own offer</a>' in page
    assert f'id="id_{field}"' in page


def test_page_says_what_is_the_matter_with_the_event_type_itself(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(offer_duration_minutes=60)
    link.event_type.schedule.rules.all().delete()

    assert "The schedule has no hours in the next 24 months." in host_client.get(url_of(link)).text


@pytest.mark.parametrize(
    "own_offer", [{}, {"offer_duration_minutes": 60}, {"offer_starts_on": date(2020, 1, 1), "offer_notice_minutes": 0}]
)
def test_page_warns_of_nothing_if_the_link_offers_something(
    host_client: Client, link: PrivateLink, own_offer: dict[str, Any]
) -> None:
    PrivateLink.objects.update(**own_offer)

    assert "Invitees see no times." not in host_client.get(url_of(link)).text


def test_own_offer_costs_the_page_two_queries(
    host_client: Client, link: PrivateLink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PrivateLink.objects.update(**STORED | {"offer_starts_on": None})

    # The session, the host, the link with its event type, the hours and the overrides, how many bookings, and its
    # uses and its history.
    with django_assert_num_queries(8):
        host_client.get(url_of(link))


# --- The copy --------------------------------------------------------------------------------------------------------


def test_copy_has_the_same_limits_and_is_for_nobody_yet(link: PrivateLink) -> None:
    PrivateLink.objects.update(**STORED)

    copy = duplicate_link(link=link)

    assert stored(copy) == STORED | {"invitee_name": "", "invitee_email": ""}
