"""The profile: name, username, time zone, welcome text."""

from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from eventtypes.models import Host
from tests.factories import HostFactory

FIELDS = {"name": "Ada Lovelace", "username": "Lovelace", "time_zone": "Asia/Tokyo", "welcome": "Hello!\r\nCome in."}


def test_profile_is_stored(host_client: Client, host: Host) -> None:
    response = host_client.post("/settings/profile/", FIELDS)

    host.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (302, "/settings/profile/")
    assert (host.name, host.username, host.welcome) == ("Ada Lovelace", "lovelace", "Hello!\nCome in.")
    assert host.time_zone == ZoneInfo("Asia/Tokyo")


def test_profile_form_changes_nothing_else(host_client: Client, host: Host) -> None:
    extra = {"email": "evil@example.com", "is_staff": "on", "is_superuser": "on", "password": "x", "id": "999"}

    host_client.post("/settings/profile/", FIELDS | extra)

    stored = Host.objects.get()
    assert (stored.pk, stored.email, stored.is_staff, stored.is_superuser) == (host.pk, "ada@example.com", False, False)
    assert stored.password == host.password


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("username", "", "This field is required."),
        ("username", "Bookings", "This username is reserved. Please choose another one."),
        (
            "username",
            "ada lovelace",
            "Use small letters, digits and hyphens, with a letter or digit at both ends.",
        ),
        ("username", "GRACE", "This username is taken."),
        ("username", "x" * 41, "Use at most 40 characters; this has 41."),
        ("name", "x" * 101, "Use at most 100 characters; this has 101."),
        ("welcome", "x" * 1001, "Use at most 1000 characters; this has 1001."),
        ("time_zone", "Mars/Base", "There is no such time zone."),
    ],
)
def test_profile_refuses_a_mistake_beside_its_field(
    host_client: Client, host: Host, field: str, value: str, message: str
) -> None:
    HostFactory(username="grace")

    response = host_client.post("/settings/profile/", FIELDS | {field: value})

    host.refresh_from_db()
    assert response.status_code == 422
    assert response.context["form"].errors[field][0] == message
    assert (host.username, host.name) == ("ada", "Ada Host")


def test_profile_may_keep_the_username(host_client: Client) -> None:
    response = host_client.post("/settings/profile/", FIELDS | {"username": "ada"})

    assert response.status_code == 302


def test_profile_refused_keeps_the_stored_name_in_the_side_bar(host_client: Client) -> None:
    page = host_client.post("/settings/profile/", FIELDS | {"username": ""}).content.decode()

    assert '<p class="dashboard-host">Ada Host</p>' in page
    assert 'value="Ada Lovelace"' in page


def test_profile_warns_that_addresses_change(host_client: Client) -> None:
    assert "addresses that you have given out stop working" in host_client.get("/settings/profile/").content.decode()
