"""Two-factor: switched on with a picture that the page draws itself, asked for at log-in, switched off."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from eventtypes.models import Host
from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"
LOGIN = {"login": "ada", "password": PASSWORD}


def code_for(secret: str) -> str:
    """Return what an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture
def logged_in(client: Client, host: Host) -> Client:
    """A client that has just typed the password again; the address is confirmed."""
    EmailAddress.objects.create(user=host, email="ada@example.com", primary=True, verified=True)
    client.force_login(host)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def protected(host: Host) -> Host:
    """A host with an authenticator app and recovery codes."""
    TOTP.activate(host, SECRET)
    RecoveryCodes.activate(host)
    return host


def test_activation_page_draws_the_picture_itself(logged_in: Client) -> None:
    page = logged_in.get("/accounts/2fa/totp/activate/").content.decode()

    assert re.search(r'<div class="qr-code"[^>]*><svg [^>]*viewBox="0 0 \d+ \d+"[^>]*><path d="M', page)
    assert "data:" not in page
    assert "<?xml" not in page
    assert "style=" not in page


def test_activation_needs_the_right_code(logged_in: Client, host: Host) -> None:
    secret = logged_in.get("/accounts/2fa/totp/activate/").context["form"].secret

    refused = logged_in.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    response = logged_in.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})

    assert refused.context["form"].errors == {"code": ["The code is wrong."]}
    assert response.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert Authenticator.objects.filter(user=host).count() == 2


def test_activation_is_told_by_mail(
    logged_in: Client,
    queued_mails: Callable[[], list[EmailMessage]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    secret = logged_in.get("/accounts/2fa/totp/activate/").context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        logged_in.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})

    assert [mail.subject for mail in queued_mails()] == ["Two-factor was switched on"]


def test_login_asks_for_the_code(client: Client, protected: Host) -> None:
    first = client.post("/accounts/login/", LOGIN)
    was_logged_in = "_auth_user_id" in client.session
    second = client.post("/accounts/2fa/authenticate/", {"code": code_for(SECRET)})

    assert first.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not was_logged_in
    assert second.headers["Location"] == "/event-types/"
    assert "_auth_user_id" in client.session


def test_login_refuses_a_wrong_code(client: Client, protected: Host) -> None:
    client.post("/accounts/login/", LOGIN)

    response = client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert response.context["form"].errors == {"code": ["The code is wrong."]}
    assert "_auth_user_id" not in client.session


def test_recovery_code_logs_in_once(client: Client, protected: Host) -> None:
    wrapped = Authenticator.objects.get(user=protected, type=Authenticator.Type.RECOVERY_CODES).wrap()
    code = wrapped.get_unused_codes()[0]
    client.post("/accounts/login/", LOGIN)
    first = client.post("/accounts/2fa/authenticate/", {"code": code})

    other = Client()
    other.post("/accounts/login/", LOGIN)
    second = other.post("/accounts/2fa/authenticate/", {"code": code})

    assert first.status_code == 302
    assert second.context["form"].errors == {"code": ["The code is wrong."]}


def test_deactivation_asks_first_then_leaves_nothing(logged_in: Client, protected: Host) -> None:
    page = logged_in.get("/accounts/2fa/totp/deactivate/")
    logged_in.post("/accounts/2fa/totp/deactivate/")

    assert "Switch off two-factor?" in page.content.decode()
    assert not Authenticator.objects.filter(user=protected).exists()


def test_delicate_pages_ask_for_the_password_again(host_client: Client) -> None:
    path = "/accounts/2fa/totp/activate/"

    asked = host_client.get(path, follow=True)
    refused = host_client.post("/accounts/reauthenticate/", {"password": "wrong", "next": path})
    allowed = host_client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})

    assert "Is it you?" in asked.content.decode()
    assert f'<input type="hidden" name="next" value="{path}">' in asked.content.decode()
    assert refused.context["form"].errors == {"password": ["The password is wrong."]}
    assert allowed.headers["Location"] == path


def test_activation_waits_for_a_confirmed_address(host_client: Client, host: Host) -> None:
    EmailAddress.objects.create(user=host, email="ada@example.com", primary=True)

    response = host_client.get("/accounts/2fa/totp/activate/", follow=True)

    assert response.redirect_chain == [("/accounts/2fa/", 302)]
    assert "Confirm your e-mail addresses first, all of them." in response.content.decode()


def test_staff_log_in_to_the_admin_with_their_second_factor(client: Client, protected: Host) -> None:
    Host.objects.update(is_staff=True, is_superuser=True)

    wanted = client.get("/admin/", follow=True)
    first = client.post("/accounts/login/", LOGIN | {"next": "/admin/"})
    still_locked = client.get("/admin/")
    second = client.post("/accounts/2fa/authenticate/", {"code": code_for(SECRET)})

    assert wanted.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
    assert first.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert still_locked.status_code == 302
    assert second.headers["Location"] == "/admin/"
