"""Which mails a host gets beside those about bookings: one box, that staff can tick too."""

import re

import pytest
from django.test import Client

from eventtypes.models import Host
from tests.factories import HostFactory

ADDRESS = "/settings/notifications/"


def wants(host: Host) -> bool:
    return Host.objects.get(pk=host.pk).wants_expiry_digest


def is_ticked(client: Client) -> bool:
    """Whether the page shows the box with its tick."""
    [box] = re.findall(r'<input type="checkbox" name="wants_expiry_digest"[^>]*>', client.get(ADDRESS).text)
    return "checked" in box


def test_host_is_told_of_links_that_expire_until_the_box_is_cleared(host_client: Client, host: Host) -> None:
    ticked_at_first = is_ticked(host_client)

    response = host_client.post(ADDRESS, {})

    assert (ticked_at_first, wants(host)) == (True, False)
    assert (response.status_code, response.headers["Location"]) == (302, ADDRESS)
    assert "Saved." in host_client.get(ADDRESS).text
    assert not is_ticked(host_client)


def test_box_can_be_ticked_again(host_client: Client, host: Host) -> None:
    Host.objects.update(wants_expiry_digest=False)

    host_client.post(ADDRESS, {"wants_expiry_digest": "on"})

    assert wants(host)


def test_saving_changes_nothing_else_and_nobody_else(host_client: Client, host: Host) -> None:
    other = HostFactory.create()
    before = Host.objects.values().get(pk=host.pk)
    extra = {"email": "evil@example.com", "is_staff": "on", "username": "eve", "expiry_digest_sent_on": "2026-12-01"}

    host_client.post(ADDRESS, extra)

    assert Host.objects.values().get(pk=host.pk) == before | {"wants_expiry_digest": False}
    assert wants(other)


def test_looking_changes_nothing(host_client: Client, host: Host) -> None:
    for method in ("get", "head"):
        assert getattr(host_client, method)(f"{ADDRESS}?wants_expiry_digest=").status_code == 200

    assert wants(host)


def test_visitor_is_led_to_the_log_in(client: Client, db: None) -> None:
    response = client.post(ADDRESS, {})

    assert (response.status_code, response.headers["Location"]) == (302, f"/accounts/login/?next={ADDRESS}")


@pytest.mark.parametrize(
    ("email", "words"), [("ada@example.com", "Mails go to ada@example.com."), ("", "no mail can come")]
)
def test_page_says_where_mails_go(host_client: Client, email: str, words: str) -> None:
    Host.objects.update(email=email)

    assert words in host_client.get(ADDRESS).text


def test_every_page_of_the_settings_leads_there(host_client: Client) -> None:
    pages = ["/settings/profile/", ADDRESS, "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/"]

    missing = [page for page in pages if f'href="{ADDRESS}"' not in host_client.get(page).text]

    assert missing == []


@pytest.mark.parametrize(("typed", "expected"), [({}, False), ({"wants_expiry_digest": "on"}, True)])
def test_staff_can_switch_it_for_a_host(client: Client, host: Host, typed: dict[str, str], expected: bool) -> None:
    client.force_login(HostFactory(is_staff=True, is_superuser=True))
    path = f"/admin/eventtypes/host/{host.pk}/change/"
    Host.objects.filter(pk=host.pk).update(wants_expiry_digest=not expected)
    fields = {"username": "ada", "name": "Ada Host", "email": "ada@example.com", "time_zone": "Europe/Berlin"}

    response = client.post(path, fields | {"welcome": "", "is_active": "on"} | typed)

    assert (response.status_code, wants(host)) == (302, expected)
