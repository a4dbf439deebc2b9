"""What a host sets on the page of a link, and for whom it is: saved, remembered, and refused beside which field."""

from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from privatelinks.models import LinkEvent, PrivateLink
from privatelinks.services.links import change_link, duplicate_link
from tests.privatelinks.forms_of_a_page import fields_of
from tests.privatelinks.link_settings import NOTHING_NARROWED, STORED, errors_of, link, save, shown, stored, url_of

__all__ = ["link"]

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

pytestmark = pytest.mark.django_db


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


# --- The copy --------------------------------------------------------------------------------------------------------


def test_copy_has_the_same_limits_and_is_for_nobody_yet(link: PrivateLink) -> None:
    PrivateLink.objects.update(**STORED)

    copy = duplicate_link(link=link)

    assert stored(copy) == STORED | {"invitee_name": "", "invitee_email": ""}
