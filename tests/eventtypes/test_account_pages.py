"""Every page of django-allauth's that can be reached: ours to look at, and nothing inline."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from eventtypes.models import Host
from tests.factories import PASSWORD

VISITOR = [
    "login/",
    "signup/",
    "inactive/",
    "confirm-email/",
    "confirm-email/some-key/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "password/reset/key/1-some-key/",
]
HOST = [
    "logout/",
    "email/",
    "password/change/",
    "reauthenticate/",
    "2fa/",
    "2fa/reauthenticate/",
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
]
# Tested by themselves: the set-up of two-factor, which is over for the host below; the first password; a text file.
ELSEWHERE = ["2fa/totp/activate/", "password/set/", "2fa/recovery-codes/download/", "2fa/authenticate/"]
# Leads to the log-in unless a code has been sent, and none ever is.
UNUSED = ["login/code/confirm/"]


def assert_looks_like_ours(page: str) -> None:
    assert 'class="brand"' in page
    assert re.search(r"<h1>\s*\S", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon[a-z]+=|javascript:|data:", page)
    assert "placeholder" not in page


@pytest.mark.parametrize("path", VISITOR)
def test_page_for_visitors_is_ours(client: Client, db: None, path: str) -> None:
    response = client.get(f"/accounts/{path}")

    assert response.status_code == 200
    assert_looks_like_ours(response.content.decode())


@pytest.mark.parametrize("path", HOST)
def test_page_for_hosts_is_ours(host_client: Client, host: Host, path: str) -> None:
    EmailAddress.objects.create(user=host, email="ada@example.com", primary=True, verified=True)
    TOTP.activate(host, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(host)
    host_client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    response = host_client.get(f"/accounts/{path}")

    assert response.status_code == 200
    assert_looks_like_ours(response.content.decode())


@pytest.mark.parametrize("path", HOST)
def test_page_for_hosts_sends_visitors_to_the_login(client: Client, db: None, path: str) -> None:
    response = client.get(f"/accounts/{path}")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_account_without_a_password_sets_one(host_client: Client, host: Host) -> None:
    host.set_unusable_password()
    host.save()
    host_client.force_login(host)

    response = host_client.get("/accounts/password/change/", follow=True)

    assert response.redirect_chain == [("/accounts/password/set/", 302)]
    assert_looks_like_ours(response.content.decode())


def test_recovery_codes_can_be_downloaded(host_client: Client, host: Host) -> None:
    TOTP.activate(host, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(host).get_unused_codes()
    host_client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    response = host_client.get("/accounts/2fa/recovery-codes/download/")

    assert response.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert response.content.decode().split() == codes


def test_no_address_of_accounts_is_forgotten_here() -> None:
    (accounts,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "accounts/"]
    assert isinstance(accounts, URLResolver)

    assert len(_patterns(accounts)) == len(VISITOR + HOST + ELSEWHERE + UNUSED)


def _patterns(entry: URLResolver | URLPattern) -> list[URLPattern]:
    if isinstance(entry, URLPattern):
        return [entry]
    return [pattern for nested in entry.url_patterns for pattern in _patterns(nested)]
