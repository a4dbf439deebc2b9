"""Signing up: the account, its schedule in the browser's zone, the mail, and everything that is refused."""

from collections.abc import Callable
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from eventtypes.models import AvailabilityRule, Host, Schedule
from eventtypes.rates import Rate
from tests.factories import HostFactory

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "Grace Hopper",
    "email": "Grace@Example.com",
    "username": "Grace",
    "password1": "a nanosecond of wire",
    "time_zone": "America/New_York",
}

Mails = Callable[[], list[EmailMessage]]


def test_signup_makes_a_host_and_leads_to_the_first_event_type(client: Client) -> None:
    response = client.post("/accounts/signup/", FIELDS)

    host = Host.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, "/event-types/new/")
    assert (host.username, host.email, host.name) == ("grace", "grace@example.com", "Grace Hopper")
    assert host.time_zone == ZoneInfo("America/New_York")
    assert client.session["_auth_user_id"] == str(host.pk)


def test_signup_gives_the_host_office_hours_in_the_browsers_zone(client: Client) -> None:
    client.post("/accounts/signup/", FIELDS)

    schedule = Schedule.objects.get()
    rules = AvailabilityRule.objects.filter(schedule=schedule).values_list("weekday", "start_time", "end_time")
    assert (schedule.host, schedule.is_default) == (Host.objects.get(), True)
    assert schedule.time_zone == ZoneInfo("America/New_York")
    assert list(rules) == [(weekday, time(9), time(17)) for weekday in range(5)]


@pytest.mark.parametrize("zone", ["", "Factory", "posixrules", "localtime", "Europe/Atlantis", "../etc/passwd"])
def test_signup_falls_back_to_utc_for_a_zone_that_is_none(client: Client, zone: str) -> None:
    client.post("/accounts/signup/", FIELDS | {"time_zone": zone})

    assert Host.objects.get().time_zone == ZoneInfo("UTC")


def test_signup_queues_one_mail_whose_link_confirms_the_address(client: Client, queued_mails: Mails) -> None:
    client.post("/accounts/signup/", FIELDS)

    (mail,) = queued_mails()
    (link,) = [line for line in str(mail.body).splitlines() if "/accounts/confirm-email/" in line]
    page = client.get(link)
    client.post(link)
    assert mail.to == ["grace@example.com"]
    assert mail.subject == "Welcome to Sidedoor: confirm your e-mail address"
    assert page.status_code == 200
    assert EmailAddress.objects.get().verified


def test_signup_that_fails_leaves_neither_host_nor_mail(
    client: Client, monkeypatch: pytest.MonkeyPatch, queued_mails: Mails
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("allauth.account.adapter.DefaultAccountAdapter.post_login", broken)

    with pytest.raises(RuntimeError):
        client.post("/accounts/signup/", FIELDS)

    assert not Host.objects.exists()
    assert queued_mails() == []


@pytest.mark.parametrize(
    ("username", "message"),
    [
        ("admin", "This username is reserved. Please choose another one."),
        ("Event-Types", "This username is reserved. Please choose another one."),
        ("-grace", "Use small letters, digits and hyphens, with a letter or digit at both ends."),
        ("grace hopper", "Use small letters, digits and hyphens, with a letter or digit at both ends."),
        ("ada", "This username is taken."),
        ("ADA", "This username is taken."),
    ],
)
def test_signup_refuses_a_username_that_cannot_be_an_address(client: Client, username: str, message: str) -> None:
    HostFactory(username="ada")

    response = client.post("/accounts/signup/", FIELDS | {"username": username})

    assert response.context["form"].errors == {"username": [message]}
    assert not Host.objects.filter(email="grace@example.com").exists()


def test_signup_keeps_what_was_typed_beside_an_error(client: Client) -> None:
    response = client.post("/accounts/signup/", FIELDS | {"username": "admin"})

    form = response.context["form"]
    assert {name: form[name].value() for name in ("name", "email", "username", "time_zone")} == {
        "name": "Grace Hopper",
        "email": "Grace@Example.com",
        "username": "admin",
        "time_zone": "America/New_York",
    }


@pytest.mark.parametrize("stored", ["grace@example.com", "GRACE@example.COM"])
def test_signup_refuses_an_email_that_differs_only_in_case(client: Client, stored: str) -> None:
    HostFactory(username="ada", email=stored)

    response = client.post("/accounts/signup/", FIELDS | {"email": "gRACE@eXample.com"})

    assert response.context["form"].errors == {"email": ["Another account has this e-mail address."]}
    assert Host.objects.count() == 1


@pytest.mark.parametrize("password", ["12345678901", "password", "short", "grace@example.com"])
def test_signup_refuses_a_weak_password(client: Client, password: str) -> None:
    response = client.post("/accounts/signup/", FIELDS | {"password1": password})

    assert list(response.context["form"].errors) == ["password1"]


def test_signup_closed_says_so_and_makes_nobody(client: Client, settings: Settings) -> None:
    settings.SIGNUP_OPEN = False

    page = client.get("/accounts/signup/")
    client.post("/accounts/signup/", FIELDS)

    assert "Sign-up is closed" in page.content.decode()
    assert not Host.objects.exists()


def test_login_page_offers_signup_only_while_it_is_open(client: Client, settings: Settings) -> None:
    open_page = client.get("/accounts/login/").content.decode()
    settings.SIGNUP_OPEN = False
    closed_page = client.get("/accounts/login/").content.decode()

    assert 'href="/accounts/signup/"' in open_page
    assert 'href="/accounts/signup/"' not in closed_page


@pytest.mark.rule("S14")
def test_one_mailbox_is_signed_up_so_often(client: Client, settings: Settings, queued_mails: Mails) -> None:
    settings.SIGN_UPS_PER_EMAIL = Rate(2, timedelta(hours=1))
    addresses = ["grace@example.com", "grace+1@example.com", "Grace+2@example.com", "other@example.com"]

    answers = []
    for number, address in enumerate(addresses):
        client.logout()
        answers.append(client.post("/accounts/signup/", FIELDS | {"email": address, "username": f"grace{number}"}))

    assert [answer.status_code for answer in answers] == [302, 302, 429, 302]
    assert (answers[2].headers["Retry-After"], "Please wait 60 minutes" in answers[2].text) == ("3600", True)
    assert Host.objects.count() == len(queued_mails()) == 3
